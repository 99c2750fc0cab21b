"""Pacer: how full a breath is at a frame of the sound, for whatever shows it. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from types import MappingProxyType

from voiceguide.nouns import dataclass
from voiceguide.timeline import Beat, PhaseName, Timeline

FULL_BUT_ONE = 0.75
"""How full the first of two in-breaths is."""
WORDS: Mapping[PhaseName, str] = MappingProxyType(
    {"in": "breathe in", "more": "a little more", "hold": "hold your breath", "out": "breathe out"}
)
SHORT: Mapping[PhaseName, str] = MappingProxyType({"in": "in", "more": "more", "hold": "hold", "out": "out"})
"""What the phases are called, in a line and in big letters."""


@dataclass(frozen=True)
class Breath:
    """A breath under way: its *beat*, how *full* it is, from 0 to 1, and the *left* frames of this phase."""

    beat: Beat
    full: float
    left: int


def breath_at(timeline: Timeline, at: int) -> Breath | None:
    """Return the breath under way at frame *at*, if one paces this step."""
    beats = timeline.beats
    index = bisect_right(beats, at, key=lambda beat: beat.start) - 1
    if index < 0 or at >= beats[index].end:
        return None
    beat = beats[index]
    first = index
    while first and beats[first - 1].step == beat.step and beats[first - 1].round == beat.round:
        first -= 1
    last = index
    while last + 1 < len(beats) and beats[last + 1].step == beat.step and beats[last + 1].round == beat.round:
        last += 1
    now, level = 0.0, 0.0
    for each in range(first, index + 1):
        tops_up = any(later.phase == "more" for later in beats[each + 1 : last + 1])
        now = level
        level = {"in": FULL_BUT_ONE if tops_up else 1.0, "more": 1.0, "out": 0.0}.get(beats[each].phase, now)
    return Breath(beat, now + (level - now) * (at - beat.start) / beat.frames, beat.end - at)
