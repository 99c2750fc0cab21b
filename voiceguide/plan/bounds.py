"""What every written step needs and allows: the numbers that fitting works with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.plan.outline import Material, Outline, Phrase, Turn
from voiceguide.script.model import Range, Step
from voiceguide.script.rounds import Breath, Counts
from voiceguide.source import Span
from voiceguide.units import format_duration, frames_to_ms, ms_to_frames


@dataclass(frozen=True)
class Bounds:
    """Occurrences of a written step that are equally long: shortest, natural and longest, in frames.

    *needs* is the room that each wording takes, the quiet for the hands included. *occurrences* counts sides and
    rounds; *position* is the index of the first turn. *breath* is the pattern that paces it where no hands are at work;
    then *needs* has its first rounds in it, and *rate* turns its milliseconds into frames.
    """

    key: int
    shortest: int
    natural: int
    longest: int
    occurrences: int
    needs: tuple[int, ...]
    turn: Turn
    position: int
    breath: Breath | None = None
    rate: int = 1

    def whole_rounds(self, frames: int) -> tuple[int, int]:
        """Return the lengths on both sides of *frames* that end with a whole round, however much is said in it."""
        if self.breath is None:
            return frames, frames
        first = next((need for need in self.needs if need <= frames), min(self.needs))
        rounds = self._rounds(self.breath)
        speech = first - ms_to_frames(self.breath.length_ms(rounds), self.rate)
        fitting = max(rounds, self.breath.rounds_in((frames - speech) * 1000 // self.rate))
        below, above = (speech + ms_to_frames(self.breath.length_ms(n), self.rate) for n in (fitting, fitting + 1))
        below = max(self.shortest, min(below, self.longest))
        return below, above if self.shortest <= above <= self.longest else below

    @staticmethod
    def _rounds(breath: Breath) -> int:
        return breath.rounds.fewest if breath.rounds else 1


def phrase_frames(phrase: Phrase, material: Material) -> int:
    """Return how long *phrase* sounds, its exact silences included."""
    return sum(
        ms_to_frames(part, material.rate) if isinstance(part, int) else material.lengths[part] for part in phrase.parts
    )


def chime_frames(turn: Turn, material: Material) -> tuple[int, int]:
    """Return how long the chime of *turn* sounds, and after how long words may follow it."""
    if not turn.step.chime:
        return 0, 0
    chime = material.chimes[turn.step.chime]
    strikes = turn.step.strikes or chime.strikes
    every_ms = chime.every_ms if turn.step.every_ms is None else turn.step.every_ms
    before_last = (strikes - 1) * ms_to_frames(every_ms, material.rate)
    return before_last + chime.frames, before_last + chime.tail


def bounds(outline: Outline, material: Material) -> tuple[list[Bounds], list[Diagnostic]]:
    """Return the bounds of every written step of *outline*, and a diagnostic for each whose words do not fit."""
    turns: dict[int, list[Turn]] = {}
    first: dict[int, int] = {}
    for position, turn in enumerate(outline.turns):
        turns.setdefault(turn.key, []).append(turn)
        first.setdefault(turn.key, position)
    made: list[Bounds] = []
    problems: list[Diagnostic] = []
    for key, same in turns.items():
        bound = _bound(key, same, first[key], material)
        made.append(bound)
        if bound.shortest > bound.longest:
            problems.append(_too_long(bound, material))
    return made, problems


def freed_frames(outline: Outline, material: Material) -> int:
    """Return how long the steps of `outline.freed` would have been, in frames, had they been there."""
    if not outline.freed:
        return 0
    found, _ = bounds(replace(outline, turns=tuple(turn for turn, _ in outline.freed)), material)
    natural = {bound.key: bound.natural for bound in found}
    return sum(natural[turn.key] * times for turn, times in outline.freed)


def _bound(key: int, same: list[Turn], position: int, material: Material) -> Bounds:
    step, rate, weight = same[0].step, material.rate, same[0].weight
    speech = [
        max(chime_frames(turn, material)[1] + phrase_frames(turn.wordings[k][1], material) for turn in same)
        for k in range(len(same[0].wordings))
    ] or [0]
    rings = chime_frames(same[0], material)[0]
    paced, least_paced = _paced(step, rate)
    events = max(sum(phrase_frames(event.phrase, material) for event in turn.events) for turn in same)
    quiet = ms_to_frames(step.quiet_ms, rate)
    needs = tuple(max(rings, frames + events + max(quiet, least_paced)) for frames in speech)
    least = min(needs)
    allowed = step.length or step.pause
    if allowed:
        low, natural, high = (ms_to_frames(ms * weight[0] // weight[1], rate) for ms in _values(allowed))
    else:
        low, natural, high = (max(rings, needs[0] - max(quiet, least_paced) + frames) for frames in paced)
    shortest = max(low, least)
    natural = max(natural, shortest)
    if weight != (1, 1):  # a share of the time never takes away what speech and quiet need
        high = max(high, natural)
    breath = step.breathe if step.breathe and not step.hands else None
    return Bounds(key, shortest, natural, high, len(same), needs, same[0], position, breath, rate)


def _values(length: Range) -> tuple[int, int, int]:
    return length.shortest, length.natural, length.longest


def _paced(step: Step, rate: int) -> tuple[tuple[int, int, int], int]:
    """Return how long breathing and counted strokes take at least, naturally and at most, and what must have room."""
    breath, strokes = step.breathe, step.count
    if breath:
        rounds = breath.rounds or Counts(1, 1, 1)
        spans = [ms_to_frames(breath.length_ms(n), rate) for n in (rounds.fewest, rounds.natural, rounds.most)]
        needed = spans[0] if breath.rounds or not step.hands else 0
        return (spans[0], spans[1], spans[2]), needed
    if strokes and strokes.every_ms:
        counts, every = strokes.counts, ms_to_frames(strokes.every_ms, rate)
        return (counts.fewest * every, counts.natural * every, counts.most * every), counts.fewest * every
    quiet = ms_to_frames(step.quiet_ms, rate)
    return (quiet, quiet, quiet), 0


def _too_long(bound: Bounds, material: Material) -> Diagnostic:
    step, rate = bound.turn.step, material.rate
    paced_ms = frames_to_ms(_paced(step, rate)[1], rate)
    quiet_ms = step.quiet_ms if step.quiet_ms >= paced_ms else 0
    rings_ms = frames_to_ms(chime_frames(bound.turn, material)[0], rate)
    needed_ms = frames_to_ms(min(bound.needs), rate)
    ringing = rings_ms == needed_ms
    paced_ms = 0 if quiet_ms or ringing else paced_ms
    quiet_ms = 0 if ringing else quiet_ms
    speech_ms = 0 if ringing else needed_ms - quiet_ms - paced_ms
    paced = "breathing" if step.breathe else "counting"
    times = ((rings_ms * ringing, "chime"), (speech_ms, "speech"), (quiet_ms, "quiet"), (paced_ms, paced))
    parts = " and ".join(f"{ms / 1000:.1f}s of {what}" for ms, what in times if ms)
    allowed = step.length or step.pause
    longest = format_duration(allowed.longest) if allowed else "its own length"
    needed = format_duration(-(-needed_ms // 1000) * 1000)
    ways = [f"let `for:` reach {needed}"]
    ways += ["strike it less often, or choose a shorter chime"] if ringing else []
    if speech_ms:
        ways.append("shorten the text" if "brief" in step.spans else "give a shorter `brief:`")
    if paced_ms:
        ways.append("choose a shorter pattern" if step.breathe else "count fewer strokes")
    if quiet_ms:
        ways.append("lessen `quiet:`")
    code = "chime-too-long" if ringing else "speech-too-long"
    expected = f"at most {longest} in `{step.name}`"
    place: Span = step.spans.get("for", step.span)
    return problem(code, place, *ways, expected=expected, found=parts)
