"""The bed's level over time, in dB relative to the words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from voiceguide.timeline import Timeline
from voiceguide.units import frames_to_ms

SILENT_DB = -60.0
"""The level of what is not heard; a gain of nothing has none."""
STEPS = 8
"""Into so many pieces a slope is cut: a straight line of gain is a bent one in dB."""


@dataclass(frozen=True)
class Curve:
    """A level over time: points (milliseconds, dB), straight between them."""

    points: tuple[tuple[int, float], ...]
    tip: str = ""

    def at(self, ms: float) -> float:
        """Return the level at *ms* in dB; silent outside."""
        import numpy as np

        if not self.points[0][0] <= ms <= self.points[-1][0]:
            return SILENT_DB
        times, levels = zip(*self.points, strict=True)
        return float(np.interp(ms, times, levels))


def bed_curves(timeline: Timeline) -> tuple[Curve, ...]:
    """Return the level of every bed cue, with its gain over time."""
    found = []
    for cue in timeline.cues:
        if cue.track != "bed":
            continue
        bends = [cue.start, *(frame for frame, _ in cue.envelope.points if cue.start < frame < cue.end), cue.end]
        grid = sorted({round(a + (b - a) * step / STEPS) for a, b in pairwise(bends) for step in range(STEPS + 1)})
        levels = [_level_db(cue.envelope.at(frame) * cue.gain) for frame in grid]
        points = [(frames_to_ms(frame, timeline.rate), round(db, 2)) for frame, db in zip(grid, levels, strict=True)]
        kept = [
            point
            for i, point in enumerate(points)
            if not (0 < i < len(points) - 1 and points[i - 1][1] == point[1] == points[i + 1][1])
        ]
        found.append(Curve(tuple(kept), f"bed {cue.text}"))
    return tuple(found)


def bed_range(timeline: Timeline) -> tuple[float, float]:
    """Return the lowest and the highest level to draw in dB, round numbers around what the bed does but for fades."""
    beds = [cue for cue in timeline.cues if cue.track == "bed"]
    levels = [_level_db(gain * cue.gain) for cue in beds for _, gain in cue.envelope.points if gain > 0]
    if not levels:
        return -30.0, 0.0
    return max(SILENT_DB, 5.0 * floor(min(levels) / 5) - 5), 5.0 * ceil(max(levels) / 5)


def _level_db(gain: float) -> float:
    return max(SILENT_DB, 20 * log10(gain)) if gain > 0 else SILENT_DB
