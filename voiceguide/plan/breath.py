"""Paced time: whole rounds of a breath pattern, and counted strokes, laid into a stretch of silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voiceguide.plan.outline import Material, Turn, Utterance
from voiceguide.script.rounds import Breath, Phase, Strokes
from voiceguide.source import Span
from voiceguide.timeline import Cue, TrackName
from voiceguide.units import ms_to_frames


@dataclass(frozen=True)
class Beat:
    """One phase of one round, where it came to lie. *name* is `more` for a second in-breath."""

    phase: Phase
    name: str
    start: int
    frames: int
    round: int

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


def tone_key(phase: Phase, frames: int) -> str:
    """Return the clip key of the tone that glides through *phase*."""
    return f"glide:{phase.kind}:{frames}"


def breath_beats(breath: Breath, start: int, end: int, rate: int, done: int = 0) -> list[Beat]:
    """Return the phases of as many whole rounds of *breath* as fit between *start* and *end*, *done* being over.

    Phases start at multiples of their own lengths from the start of the stretch, so rounding never adds up.
    """
    beats: list[Beat] = []
    at_ms = 0
    most = breath.rounds.most if breath.rounds else None
    while most is None or done < most:
        phases = breath.round(done)
        if start + ms_to_frames(at_ms + sum(phase.ms for phase in phases), rate) > end:
            break
        before = ""
        for phase in phases:
            first = start + ms_to_frames(at_ms, rate)
            at_ms += phase.ms
            frames = start + ms_to_frames(at_ms, rate) - first
            beats.append(Beat(phase, "more" if phase.kind == before else phase.kind, first, frames, done))
            before = phase.kind
        done += 1
    return beats


class Stage:
    """What every spoken or sounding cue of a step needs to know of its surroundings."""

    def __init__(self, turn: Turn, words: Mapping[str, Utterance], material: Material) -> None:
        self.turn, self.words, self.material = turn, words, material

    def breath_cues(self, breath: Breath, beats: list[Beat]) -> Iterator[Cue]:
        """Yield the cues of *beats*."""
        span = breath.spans.get("pattern", self.turn.step.span)
        for beat in beats:
            yield from _CUES[breath.cue(beat.round)](self, beat, span)

    def stroke_cues(self, strokes: Strokes, starts: list[int], end: int) -> Iterator[Cue]:
        """Yield the spoken numbers of strokes that begin at *starts*; the last one is over at *end*."""
        span = strokes.spans.get("strokes", self.turn.step.span)
        for number in strokes.spoken(len(starts)):
            room = (starts[number] if number < len(starts) else end) - starts[number - 1]
            yield from self._word("voice", str(number), starts[number - 1], room, span)

    def tone(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield a tone that glides through *beat*; a hold is silent."""
        if beat.phase.kind != "hold":
            yield self._cue("breath", tone_key(beat.phase, beat.frames), beat.start, beat.frames, "", span)

    def spoken(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield the word for *beat*."""
        yield from self._word("breath", beat.name, beat.start, beat.frames, span)

    def counted(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield the seconds of *beat*, counted."""
        second = self.material.rate
        for count in range(beat.frames // second):
            yield from self._word("breath", str(count + 1), beat.start + count * second, second, span)

    def silent(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield nothing."""
        return iter(())

    def _word(self, track: TrackName, name: str, start: int, room: int, span: Span) -> Iterator[Cue]:
        """Yield the spoken cue *name* if it is over before *room* is."""
        utterance = self.words[name]
        length = self.material.lengths[utterance]
        if length <= room:
            yield self._cue(track, utterance.key, start, length, utterance.text, span)

    def _cue(self, track: TrackName, clip: str, start: int, frames: int, text: str, span: Span) -> Cue:
        return Cue(track, clip, start, frames, self.turn.step.name, self.turn.side, text, span)


_CUES = {"tone": Stage.tone, "words": Stage.spoken, "count": Stage.counted, "none": Stage.silent}


def stroke_starts(strokes: Strokes, start: int, end: int, beats: list[Beat], rate: int) -> tuple[list[int], int]:
    """Return when the strokes between *start* and *end* begin, and when the last one is over.

    Those on the out-breath begin with the out-breaths of *beats*.
    """
    most = strokes.counts.most
    if strokes.every_ms is None:
        outs = [beat for beat in beats if beat.phase.kind == "out"][:most]
        return [beat.start for beat in outs], outs[-1].end if outs else start
    count = min(most, (end - start) * 1000 // (strokes.every_ms * rate))
    starts = [start + ms_to_frames(number * strokes.every_ms, rate) for number in range(count + 1)]
    return starts[:-1], starts[-1]
