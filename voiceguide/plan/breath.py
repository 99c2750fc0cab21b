"""Breath cues: whole rounds of a pattern laid into a stretch of silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceguide.plan.outline import Material, Turn, Utterance
from voiceguide.script.model import Breath, Phase
from voiceguide.timeline import Cue
from voiceguide.units import ms_to_frames


def tone_key(phase: Phase, frames: int) -> str:
    """Return the clip key of the tone that glides through *phase*."""
    return f"glide:{phase.kind}:{frames}"


def breath_cues(
    breath: Breath, start: int, end: int, turn: Turn, words: Mapping[str, Utterance], material: Material
) -> Iterator[Cue]:
    """Yield the cues of as many whole rounds of *breath* as fit between *start* and *end*.

    Phases start at multiples of their own lengths from the start of the stretch, so rounding never adds up.
    """
    cycle_ms = breath.cycle_ms
    rounds = (end - start) // ms_to_frames(cycle_ms, material.rate)
    for number in range(rounds):
        at_ms = number * cycle_ms
        kinds: list[str] = []
        for phase in breath.pattern:
            first = start + ms_to_frames(at_ms, material.rate)
            at_ms += phase.ms
            frames = start + ms_to_frames(at_ms, material.rate) - first
            name = "more" if kinds and kinds[-1] == phase.kind else phase.kind
            kinds.append(phase.kind)
            yield from _CUES[breath.cue](phase, name, first, frames, _Stage(turn, words, material, breath))


class _Stage:
    """What every way of cueing needs to know of its surroundings."""

    def __init__(self, turn: Turn, words: Mapping[str, Utterance], material: Material, breath: Breath) -> None:
        self.turn, self.words, self.material = turn, words, material
        self.span = breath.spans.get("pattern", turn.step.span)

    def cue(self, clip: str, start: int, frames: int, text: str) -> Cue:
        return Cue("breath", clip, start, frames, self.turn.step.name, self.turn.side, text, self.span)

    def word(self, name: str, start: int, room: int) -> Iterator[Cue]:
        """Yield the spoken cue *name* if it is over before *room* is."""
        utterance = self.words[name]
        length = self.material.lengths[utterance]
        if length <= room:
            yield self.cue(utterance.key, start, length, utterance.text)


def _tone(phase: Phase, name: str, start: int, frames: int, stage: _Stage) -> Iterator[Cue]:
    if phase.kind != "hold":
        yield stage.cue(tone_key(phase, frames), start, frames, "")


def _words(phase: Phase, name: str, start: int, frames: int, stage: _Stage) -> Iterator[Cue]:
    yield from stage.word(name, start, frames)


def _count(phase: Phase, name: str, start: int, frames: int, stage: _Stage) -> Iterator[Cue]:
    second = stage.material.rate
    for count in range(frames // second):
        yield from stage.word(str(count + 1), start + count * second, second)


def _none(phase: Phase, name: str, start: int, frames: int, stage: _Stage) -> Iterator[Cue]:
    return iter(())


_CUES = {"tone": _tone, "words": _words, "count": _count, "none": _none}
