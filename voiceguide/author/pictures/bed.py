"""The bed's level over time, in dB relative to the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from voiceguide.timeline import Cue
from voiceguide.units import ms_to_frames

SILENT_DB = -60.0
"""The level of what is not heard; a gain of nothing has none."""
PIECES = 8
"""Into so many a slope is cut: a straight line of gain is a bent one in dB."""


@dataclass(frozen=True)
class Curve:
    """The level of a bed's *cue* over time."""

    cue: Cue
    rate: int

    def at(self, ms: float) -> float:
        """Return the level at *ms* in dB; silent outside."""
        return self._level(ms * self.rate / 1000)

    def points(self, start_ms: int, end_ms: int) -> Iterator[tuple[float, float]]:
        """Yield (milliseconds, dB) wherever the level bends between two times, from where it begins to its end."""
        start, stop = (max(self.cue.start, min(ms_to_frames(ms, self.rate), self.cue.end)) for ms in (start_ms, end_ms))
        for first, end, _, _, slope in self.cue.envelope.segments(start, stop):
            pieces = PIECES if slope else 1
            for frame in (first + (end - first) * piece / pieces for piece in range(pieces + 1)):
                yield frame * 1000 / self.rate, self._level(frame)

    def _level(self, frame: float) -> float:
        if not self.cue.start <= frame <= self.cue.end:
            return SILENT_DB
        return _level_db(self.cue.envelope.at(frame) * self.cue.gain)


def bed_range(curves: tuple[Curve, ...]) -> tuple[float, float]:
    """Return the lowest and the highest level to draw in dB, round numbers around what the bed does but for fades."""
    gains = [gain * curve.cue.gain for curve in curves for _, gain in curve.cue.envelope.points]
    levels = [_level_db(gain) for gain in gains if gain > 0]
    if not levels:
        return -30.0, 0.0
    return max(SILENT_DB, 5.0 * floor(min(levels) / 5) - 5), 5.0 * ceil(max(levels) / 5)


def _level_db(gain: float) -> float:
    return max(SILENT_DB, 20 * log10(gain)) if gain > 0 else SILENT_DB
