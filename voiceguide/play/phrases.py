"""Phrases of a timeline: where instructions begin, which one is the last, and where somebody comes back to."""

from __future__ import annotations

from voiceguide.address import Address
from voiceguide.nouns import dataclass
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames

JUST_MS = 1_500
"""Whoever asks again within so much of a phrase's beginning means the one before."""


@dataclass(frozen=True)
class Spoken:
    """One instruction where it lies: all words of one phrase of one step, from *start* to *end*."""

    step: Address | None
    phrase: str
    start: int
    end: int


def instructions(timeline: Timeline) -> tuple[Spoken, ...]:
    """Return the instructions of *timeline* in order; what paces a breath or counts strokes is none."""
    found: list[Spoken] = []
    for cue in timeline.cues:
        if cue.track != "voice" or cue.paced:
            continue
        last = found[-1] if found else None
        if last and (last.step, last.phrase) == (cue.step, cue.phrase):
            found[-1] = Spoken(cue.step, cue.phrase, last.start, max(last.end, cue.end))
        else:
            found.append(Spoken(cue.step, cue.phrase, cue.start, cue.end))
    return tuple(found)


def phrase_start(timeline: Timeline, at: int) -> int:
    """Return where the instruction under way at frame *at* begins, or *at* where none is."""
    return next((each.start for each in instructions(timeline) if each.start <= at < each.end), at)


def last_instruction(timeline: Timeline, at: int) -> int | None:
    """Return where the last instruction before frame *at* begins, or None before the first.

    One that has only just begun is not meant.
    """
    just = ms_to_frames(JUST_MS, timeline.rate)
    begun = [each.start for each in instructions(timeline) if each.start <= at]
    if len(begun) > 1 and at - begun[-1] < just:
        return begun[-2]
    return begun[-1] if begun else None
