"""What every written step needs and allows: the numbers that fitting works with."""

from __future__ import annotations

from dataclasses import dataclass

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.plan.outline import Material, Outline, Phrase, Turn
from voiceguide.script.model import Range
from voiceguide.source import Span
from voiceguide.units import format_duration, frames_to_ms, ms_to_frames


@dataclass(frozen=True)
class Bounds:
    """A written step and all its occurrences, which are equally long: shortest, natural and longest, in frames.

    *needs* is the room that each wording takes, the quiet for the hands included. *occurrences* counts sides and
    rounds. *cycle* is one round of paced breathing where no hands are at work (0: none); then *needs* has one in it.
    """

    key: int
    shortest: int
    natural: int
    longest: int
    occurrences: int
    needs: tuple[int, ...]
    turn: Turn
    position: int
    cycle: int = 0


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
    for turn in outline.turns:
        turns.setdefault(turn.key, []).append(turn)
    made: list[Bounds] = []
    problems: list[Diagnostic] = []
    for position, (key, same) in enumerate(turns.items()):
        bound = _bound(key, same, position, material)
        made.append(bound)
        if bound.shortest > bound.longest:
            problems.append(_too_long(bound, material))
    return made, problems


def _bound(key: int, same: list[Turn], position: int, material: Material) -> Bounds:
    step, rate = same[0].step, material.rate
    speech = [
        max(chime_frames(turn, material)[1] + phrase_frames(turn.wordings[k][1], material) for turn in same)
        for k in range(len(same[0].wordings))
    ] or [0]
    rings = chime_frames(same[0], material)[0]
    cycle = ms_to_frames(step.breathe.cycle_ms, rate) if step.breathe else 0
    paced = cycle if step.breathe and not step.hands else 0
    events = max(sum(phrase_frames(event.phrase, material) for event in turn.events) for turn in same)
    rest = events + ms_to_frames(step.quiet_ms, rate) + paced
    needs = tuple(max(rings, frames + rest) for frames in speech)
    least = min(needs)
    allowed = step.length or step.pause
    span = _frames(allowed, rate) if allowed else (needs[0], needs[0], needs[0])
    shortest = max(span[0], least)
    natural = max(span[1], shortest)
    return Bounds(key, shortest, natural, span[2], len(same), needs, same[0], position, paced)


def _frames(length: Range, rate: int) -> tuple[int, int, int]:
    return (ms_to_frames(length.shortest, rate), ms_to_frames(length.natural, rate), ms_to_frames(length.longest, rate))


def _too_long(bound: Bounds, material: Material) -> Diagnostic:
    step, rate = bound.turn.step, material.rate
    breath_ms = frames_to_ms(bound.cycle, rate)
    speech_ms = frames_to_ms(min(bound.needs), rate) - step.quiet_ms - breath_ms
    times = ((speech_ms, "speech"), (step.quiet_ms, "quiet"), (breath_ms, "breathing"))
    parts = " and ".join(f"{ms / 1000:.1f}s of {what}" for ms, what in times if ms)
    allowed = step.length or step.pause
    longest = format_duration(allowed.longest) if allowed else "its own length"
    needed = format_duration(-(-(speech_ms + step.quiet_ms + breath_ms) // 1000) * 1000)
    ways = [f"let `for:` reach {needed}"]
    if speech_ms:
        ways.append("shorten the text" if "brief" in step.spans else "give a shorter `brief:`")
    if breath_ms:
        ways.append("choose a shorter pattern")
    if step.quiet_ms:
        ways.append("lessen `quiet:`")
    expected = f"at most {longest} in `{step.name}`"
    place: Span = step.spans.get("for", step.span)
    return problem("speech-too-long", place, expected=expected, found=parts, hint="; or ".join(ways))
