"""Layout: where on a page the bands and lanes of a scene come to lie. Lengths are pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

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
    """One row of a picture: a stretch of the session, and the top of each of its lanes."""

    start_ms: int
    end_ms: int
    top: float
    tops: dict[Lane, float]
    axis: float
    ms_a_pixel: float

    def x(self, ms: float) -> float:
        """Return where *ms* lies, held within the band."""
        return GUTTER + (min(max(ms, self.start_ms), self.end_ms) - self.start_ms) / self.ms_a_pixel


@dataclass(frozen=True)
class Page:
    """The whole picture without its legend: it ends at *bottom*."""

    width: float
    bottom: float
    bands: tuple[Band, ...]


def page(picture: Scene) -> Page:
    """Return where everything lies: as many bands as make a picture that is neither a ribbon nor a column."""
    stretches = bands(picture, max(1, round(sqrt(picture.length_ms / 60_000))))
    longest = max(end - start for start, end in stretches) or 1
    plot = min(WIDEST, max(NARROWEST, longest / 1000 * MOST_A_SECOND))
    made = tuple(_stack(picture, stretches, longest / plot))
    return Page(GUTTER + plot + MARGIN, made[-1].axis + AXIS, made)


def _stack(picture: Scene, stretches: tuple[tuple[int, int], ...], ms_a_pixel: float) -> Iterator[Band]:
    top = float(HEAD)
    for start, end in stretches:
        tops, y = {}, top
        for lane in picture.lanes():
            tops[lane] = y
            y += HEIGHTS[lane] + LANE_GAP
        yield Band(start, end, top, tops, y, ms_a_pixel)
        top = y + AXIS + BAND_GAP
