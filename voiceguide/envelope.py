"""Envelopes: a gain over time, and the one place where it is worked out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from math import prod

from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Envelope:
    """A gain over time: linear between points `(frame, gain)`, flat before the first and after the last."""

    points: tuple[tuple[int, float], ...] = ((0, 1.0),)

    def at(self, frame: float) -> float:
        """Return the gain at *frame*."""
        points = self.points
        index = bisect_right(points, (frame, float("inf")))
        if index in (0, len(points)):
            return points[min(index, len(points) - 1)][1]
        (f0, g0), (f1, g1) = points[index - 1], points[index]
        return g0 + (g1 - g0) * (frame - f0) / (f1 - f0)

    def segments(self, start: int, stop: int) -> Iterator[tuple[int, int, int, float, float]]:
        """Yield stretches of *start* to *stop* as (first, end, origin, gain, slope): straight lines.

        The gain at a frame is `gain + slope * (frame - origin)`. It depends on the frame alone, whatever the stretch
        it is asked in.
        """
        points = self.points
        low = max(0, bisect_right(points, (start, float("inf"))) - 1)
        f0, g0 = points[low] if points[low][0] <= start else (start, points[0][1])
        for f1, g1 in (*points[low if points[low][0] > start else low + 1 :], (stop, points[-1][1])):
            first, end = max(f0, start), min(f1, stop)
            if first < end:
                yield first, end, f0, g0, (g1 - g0) / (f1 - f0) if g1 != g0 else 0.0
            if f1 >= stop:
                return
            f0, g0 = f1, g1

    @property
    def highest(self) -> float:
        """The highest gain."""
        return max(gain for _, gain in self.points)

    def moved(self, frames: int) -> Envelope:
        """Return the same gains *frames* later."""
        return Envelope(tuple((frame + frames, gain) for frame, gain in self.points))


FLAT = Envelope()


def product(long: Envelope, *others: Envelope, start: int, stop: int) -> Envelope:
    """Return *long* times *others*, envelopes of few points, from frame *start* to *stop*."""
    points = {start, stop, *(frame for each in (long, *others) for frame, _ in each.points if start < frame < stop)}
    known = dict(long.points)
    gains = ((frame, known[frame] if frame in known else long.at(frame)) for frame in sorted(points))
    return Envelope(tuple((frame, gain * prod(each.at(frame) for each in others)) for frame, gain in gains))


def joined(old: Envelope, new: Envelope, at: int, ramp: int) -> Envelope:
    """Return *new* from frame *at* on, but reached from where *old* is then, within *ramp* frames: without a step."""
    here = old.at(at)
    later = tuple(point for point in new.points if point[0] > at + ramp)
    return Envelope(((at, here), (at + ramp, new.at(at + ramp)), *later))
