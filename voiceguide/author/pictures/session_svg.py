"""Scene -> SVG: a session that a browser opens, with its words as tips."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple
from xml.etree.ElementTree import Element

from voiceguide.author.pictures.labels import Scale, wrap
from voiceguide.author.pictures.scene import Box, Curve, Lane, Scene, bands
from voiceguide.author.pictures.svg_kit import Font, block, finish, group, legend, polygon, sheet, write
from voiceguide.units import format_clock

TINTED: tuple[Lane, ...] = ("voice", "breath", "chime", "bed")
"""The lanes that show the side beneath their boxes."""


class Lettering(NamedTuple):
    """How the label of a box is set: *margin* from its left, or, if that is its middle, whole or not at all."""

    font: Font
    margin: int
    lines: int = 1


LETTERING: dict[Lane, Lettering] = {
    "chapter": Lettering(Font(12, "reverse", bold=True), 7),
    "side": Lettering(Font(11), 7),
    "step": Lettering(Font(11), 5, lines=2),
    "voice": Lettering(Font(10.5, "pale", "middle"), 2),
}


def session_svg(picture: Scene) -> str:
    """Return *picture* as the text of an SVG file."""
    made, words = layout(picture), summary(picture)
    wide = width(made)
    root = sheet(picture.title, words, words, wide)
    for band in made:
        _grounds(root, picture, band)
    for box in picture.boxes:
        _box(root, box, made)
    for curve in picture.curves:
        _curve(root, curve, picture, made)
    meanings = [(kind, words, 1.0, 0.0) for kind, words in picture.meanings().items()]
    return finish(root, wide, legend(root, meanings, made[-1].axis + AXIS + 24, wide) + FOOT - 12)


def summary(picture: Scene) -> str:
    """Return what *picture* shows in one line, for those who do not see it."""
    shares = {
        "speech": picture.share("speech"),
        "quiet": picture.share("quiet"),
        "breath tones": picture.share("in", "hold", "out"),
    }
    parts = [f"{share} % {word}" for word, share in shares.items() if share]
    return ", ".join([format_clock(picture.length_ms), *parts, *filter(None, [picture.note])])


def _grounds(root: Element, picture: Scene, band: Band) -> None:
    """Draw what lies under the boxes of *band*: the lanes with their names, tinted by side, and the axis."""
    scale = band.scale
    for lane, top in band.tops.items():
        write(root, lane, GUTTER - 10, top + HEIGHTS[lane] / 2 + 4, Font(11.5, "pale", "end"))
        if lane in TINTED:
            block(root, "lane", GUTTER, scale.at(scale.high), top, HEIGHTS[lane])
        if lane == "bed":
            low, high = (_level(db) for db in picture.bed_db)
            write(root, f"{high} dB", scale.at(scale.high) + 4, top + 8, Font(9, "pale"))
            write(root, low, scale.at(scale.high) + 4, top + HEIGHTS[lane], Font(9, "pale"))
    first = next((band.tops[lane] for lane in TINTED if lane in band.tops), band.axis)
    for box in picture.lane("side"):
        if band.holds(box.start_ms, box.end_ms):
            ends = scale.at(box.start_ms), scale.at(box.end_ms)
            block(root, box.kind, *ends, first, band.axis - first - LANE_GAP, opacity=0.28)
    block(root, "pale", GUTTER, scale.at(scale.high), band.axis, 1.5)
    for at in _ticks(band, picture):
        block(root, "grid", scale.at(at) - 0.5, scale.at(at) + 0.5, first, band.axis - first)
        write(root, format_clock(at), scale.at(at), band.axis + 15, Font(11, "pale", "middle"))


def _ticks(band: Band, picture: Scene) -> list[int]:
    """Return the times to name under *band*: round ones, and the end of the session."""
    found, last_ms = band.scale.ticks(80), picture.length_ms
    if band.scale.high == last_ms:
        found = [at for at in found if last_ms - at >= 50 * band.scale.ms_a_unit] + [last_ms]
    return found


def _box(root: Element, box: Box, made: tuple[Band, ...]) -> None:
    """Draw *box*; one that goes on in the next band has a piece there too."""
    parent = group(root, box.tip)
    for band in made:
        if not band.holds(box.start_ms, box.end_ms):
            continue
        left = band.scale.at(box.start_ms)
        right = max(band.scale.at(box.end_ms), left + 1.5)
        if box.heights == (1.0, 1.0) and box.lane != "breath":
            gap = 1.0 if right - left > 4 and box.lane in ("chapter", "side", "step") else 0.0
            block(parent, box.kind, left, right - gap, band.tops[box.lane], HEIGHTS[box.lane], rx=2)
            _label(parent, box, band, left, right)
        else:
            polygon(parent, _slope(box, band, left, right), box.kind, opacity=0.8 if box.kind == "chime" else 1)


def _label(parent: Element, box: Box, band: Band, left: float, right: float) -> None:
    """Write as much of the label as fits; the tip says the rest."""
    font, margin, most = LETTERING.get(box.lane, Lettering(Font(11), 5))
    middle = font.anchor == "middle"
    label = f"… {box.label}" if band.scale.low > box.start_ms and not middle else box.label
    lines = wrap(label, right - left - 2 * margin, font.measure, most, box.keep)
    y = band.tops[box.lane] + HEIGHTS[box.lane] / 2 + 4 - 7 * (len(lines) - 1)
    if not middle or lines == [label]:
        for number, line in enumerate(lines):
            write(parent, line, (left + right) / 2 if middle else left + margin, y + 14 * number, font)


def _slope(box: Box, band: Band, left: float, right: float) -> list[tuple[float, float]]:
    long, rise = box.end_ms - box.start_ms or 1, box.heights[1] - box.heights[0]
    low, high = max(box.start_ms, band.scale.low), min(box.end_ms, band.scale.high)
    floor, tall = band.tops[box.lane] + HEIGHTS[box.lane], HEIGHTS[box.lane]
    y1, y2 = (floor - tall * (box.heights[0] + rise * (ms - box.start_ms) / long) for ms in (low, high))
    return [(left, floor), (left, y1), (right, y2), (right, floor)]


def _curve(root: Element, curve: Curve, picture: Scene, made: tuple[Band, ...]) -> None:
    """Draw a bed's level; where beds cross, both are seen."""
    low, high = picture.bed_db
    parent = group(root, f"bed {curve.cue.text}\ndB against the words, from {_level(low)} to {_level(high)}")
    for band in made:
        tall, floor = HEIGHTS["bed"], band.tops["bed"] + HEIGHTS["bed"]
        points = curve.points(band.scale.low, band.scale.high)
        line = [(band.scale.at(ms), floor - tall * min(1.0, max(0.0, (db - low) / (high - low)))) for ms, db in points]
        if line:
            opacity = 1 if len(picture.curves) == 1 else 0.7
            polygon(parent, [(line[0][0], floor), *line, (line[-1][0], floor)], "bed", opacity=opacity)


def _level(level_db: float) -> str:
    return f"{level_db:.0f}".replace("-", "−")


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
