"""Layout: where on a page the bands and lanes of a scene come to lie. Lengths are pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from voiceguide.author.pictures.labels import Scale
from voiceguide.author.pictures.scene import Lane, Scene, bands

GUTTER, MARGIN = 84, 44
"""Left of a band stand the names of its lanes; right of it a time may stand out."""
HEAD, FOOT = 84, 34
HEIGHTS: dict[Lane, int] = {"chapter": 22, "side": 16, "step": 36, "voice": 34, "breath": 30, "chime": 20, "bed": 44}
LANE_GAP, AXIS, BAND_GAP = 5, 20, 26
WIDEST, NARROWEST, MOST_A_SECOND = 1240, 640, 12.0
"""A band takes 12 pixels a second, but lies within these widths."""


@dataclass(frozen=True)
class Band:
    """One row of a picture: a stretch of the session, the top of each of its lanes, and where its *axis* lies."""

    scale: Scale
    tops: dict[Lane, float]
    axis: float

    def holds(self, start_ms: int, end_ms: int) -> bool:
        """Return whether anything between two times is seen in it."""
        return start_ms < self.scale.high and end_ms > self.scale.low


def layout(picture: Scene) -> tuple[Band, ...]:
    """Return as many bands as make a picture that is neither a ribbon nor a column."""
    stretches = bands(picture, max(1, round(sqrt(picture.length_ms / 60_000))))
    longest = max(end - start for start, end in stretches) or 1
    plot, y, made = min(WIDEST, max(NARROWEST, longest / 1000 * MOST_A_SECOND)), float(HEAD), []
    for start, end in stretches:
        tops = {}
        for lane in picture.lanes():
            tops[lane] = y
            y += HEIGHTS[lane] + LANE_GAP
        made.append(Band(Scale(start, end, max(1, end - start) / longest * plot, GUTTER), tops, y))
        y += AXIS + BAND_GAP
    return tuple(made)


def width(made: tuple[Band, ...]) -> float:
    """Return how wide a page with these bands is."""
    return GUTTER + max(band.scale.room for band in made) + MARGIN
