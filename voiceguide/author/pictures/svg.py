"""Scene or Chart -> SVG: a picture that a browser opens, with its words as tips, for light and dark readers."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple
from xml.etree import ElementTree as Tree
from xml.etree.ElementTree import Element

from voiceguide.author.pictures.labels import Chart, ChartLane, Measure, Scale, pixels, shorten, wrap
from voiceguide.author.pictures.scene import Box, Curve, Lane, Scene, bands
from voiceguide.columns import safe
from voiceguide.nouns import dataclass
from voiceguide.units import format_clock

FONTS = "Roboto, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', 'Noto Sans', Arial, sans-serif"
COLOURS = {
    "page": ("#ffffff", "#161b22"),
    "lane": ("#f5f6f8", "#1e252e"),
    "grid": ("#dde2e8", "#333d49"),
    "chapter": ("#45515f", "#b4c0cc"),
    "left": ("#f6d9dd", "#6b3a45"),
    "right": ("#dbe8c6", "#46592b"),
    "step": ("#e1e5ea", "#3a4450"),
    "speech": ("#2b6cb0", "#63a4e8"),
    "quiet": ("#d3deec", "#35465a"),
    "in": ("#2f9e8f", "#4cc4b3"),
    "hold": ("#a9dad2", "#27675f"),
    "out": ("#63b8ac", "#359284"),
    "chime": ("#d69e2e", "#ecb84d"),
    "bed": ("#b9aee0", "#6f62a6"),
    "fixed": ("#93a0ad", "#66737f"),
}
"""What boxes, bars and grounds are filled with, on a light page and on a dark one."""
INK = {
    "ink": ("#1f2933", "#e6edf3"),
    "pale": ("#55616e", "#a8b8c8"),
    "reverse": ("#ffffff", "#161b22"),
    "goes": ("#1f7a7a", "#4fb3ad"),
    "mark": ("#a84d27", "#e58a5e"),
}
"""What words are written in; they can be read on every ground that they stand on."""
EDGE = 36
"""Where the head and the legend begin, and how far from the right they end, in pixels."""


def sheet(title: str, note: str, words: str, width: float) -> Tree.Element:
    """Return a page headed with *title* and *note*; *words* tell all that it shows to those who do not see it."""
    root = Tree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "title desc"})
    add(root, "title", "", title, id="title")
    add(root, "desc", "", words, id="desc")
    add(root, "style", "", _style())
    add(root, "rect", "page", x=0, y=0)
    for text, y, font in ((title, 38, Font(22, bold=True)), (note, 60, Font(13, "pale"))):
        write(root, shorten(text, width - 2 * EDGE, font.measure), EDGE, y, font)
    return root


def finish(root: Tree.Element, width: float, height: float) -> str:
    """Return the page as the text of a file, now that its size is known."""
    ground = next(element for element in root if element.get("class") == "page")
    for element in (root, ground):
        element.set("width", _number(width))
        element.set("height", _number(height))
    root.set("viewBox", f"0 0 {_number(width)} {_number(height)}")
    return Tree.tostring(root, encoding="unicode") + "\n"


def add(parent: Tree.Element, tag: str, kind: str = "", text: str = "", /, **attributes: object) -> Tree.Element:
    """Add an element of the class *kind*; numbers are rounded to a tenth of a pixel."""
    child = Tree.SubElement(parent, tag, {"class": kind} if kind else {})
    for name, value in attributes.items():
        child.set(name.replace("_", "-"), _number(value) if isinstance(value, int | float) else str(value))
    child.text = safe(text) or None
    return child


def group(parent: Tree.Element, tip: str) -> Tree.Element:
    """Add a group that shows *tip* when the pointer rests on it."""
    made = add(parent, "g")
    add(made, "title", "", tip)
    return made


def block(parent: Tree.Element, kind: str, left: float, right: float, top: float, high: float, **more: object) -> None:
    """Add a rectangle."""
    add(parent, "rect", kind, x=left, y=top, width=right - left, height=high, **more)


def polygon(parent: Tree.Element, corners: Iterable[tuple[float, float]], kind: str, **more: object) -> None:
    """Add a filled shape."""
    add(parent, "polygon", kind, points=" ".join(f"{_number(x)},{_number(y)}" for x, y in corners), **more)


class Font(NamedTuple):
    """How words are set: *anchor* is which of their points is given, `start`, `middle` or `end`."""

    size: float
    ink: str = "ink"
    anchor: str = "start"
    bold: bool = False

    @property
    def measure(self) -> Measure:
        """How wide a text may be in pixels."""
        return pixels(self.size, bold=self.bold)


def write(parent: Tree.Element, text: str, x: float, y: float, font: Font) -> None:
    """Write *text*; where there is none, nothing."""
    more = {"text_anchor": font.anchor} if font.anchor != "start" else {}
    more |= {"font_weight": "bold"} if font.bold else {}
    if text:
        add(parent, "text", font.ink, text, x=x, y=y, font_size=font.size, **more)


def legend(root: Tree.Element, entries: Iterable[tuple[str, str, float, float]], top: float, width: float) -> float:
    """Draw what (kind, words, opacity, narrower) mean, in as many rows as needed; return where it ends."""
    x, y, font = float(EDGE), top, Font(11.5)
    for kind, words, opacity, less in entries:
        wide = 22 + font.measure(words) + 12
        if x > EDGE and x + wide > width:
            x, y = float(EDGE), y + 20
        block(root, kind, x, x + 16, y + less, 12 - 2 * less, rx=2, **({"opacity": opacity} if opacity < 1 else {}))
        write(root, words, x + 22, y + 10, font)
        x += wide
    return y + 12


def _style() -> str:
    def rules(which: int) -> list[str]:
        return [f".{name} {{ fill: {colours[which]}; }}" for name, colours in (COLOURS | INK).items()]

    dark = ["@media (prefers-color-scheme: dark) {", *rules(1), "}"]
    return "\n".join([f"text {{ font-family: {FONTS}; }}", *rules(0), *dark])


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


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


WIDTH, LEFT, RIGHT = 960, 340, 920
"""The width of the picture, and where its plot begins and ends, in pixels."""
TOP, PITCH, BAR = 130, 34, 16
"""Where the first lane begins, how far lanes lie apart, and how high a bar is, in pixels."""
TITLE, SMALL = Font(13), Font(11, "pale")
LOOKS = {"": (1.0, 0), "full": (0.75, 2), "brief": (0.6, 3), "minimal": (0.45, 5), "in-part": (0.4, 0)}
"""For every shade how opaque it is, and how much narrower on either side, in pixels."""


def chart_svg(chart: Chart) -> str:
    """Return *chart* as the text of an SVG file."""
    root = sheet(chart.title, chart.subtitle, chart.words, WIDTH)
    scale, bottom = chart.scale(RIGHT - LEFT, LEFT), TOP + PITCH * len(chart.lanes)
    for top in range(TOP, bottom, 2 * PITCH):
        block(root, "lane", EDGE - 12, WIDTH - EDGE + 12, top, PITCH, rx=5)
    _chart_axis(root, chart, scale, bottom)
    for number, lane in enumerate(chart.lanes):
        _chart_lane(root, lane, scale, TOP + PITCH * number)
    at = scale.at(chart.default_s * 1000)
    block(root, "mark", at - 0.75, at + 0.75, TOP - 6, bottom - TOP + 6, opacity=0.6)
    keys = [("fixed", "always there", 1.0, 0.0)]
    if not all(lane.fixed for lane in chart.lanes):
        keys.append(("goes", "left out below the time beside it", 1.0, 0.0))
    keys += [("fixed", words, LOOKS[shade][0], 0.7 * LOOKS[shade][1]) for shade, words in chart.shades.items()]
    return finish(root, WIDTH, legend(root, keys, bottom + 22, WIDTH - EDGE) + 22)


def _chart_axis(root: Element, chart: Chart, scale: Scale, bottom: int) -> None:
    named = chart.ticks(scale, 44)
    for ms in sorted({*named, *chart.ticks(scale, 44 / 5)}):
        at = scale.at(ms)
        block(root, "grid", at - 0.5, at + 0.5, TOP - 6, bottom - TOP + 6, opacity=1 if ms in named else 0.45)
    for ms in named:
        write(root, format_clock(ms), scale.at(ms), TOP - 12, Font(11, "pale", "middle"))
    mark = Font(11, "mark", "middle")
    at = min(scale.at(chart.default_s * 1000), WIDTH - 4 - mark.measure(chart.default) / 2)
    write(root, chart.default, at, TOP - 30, mark)
    write(root, "step, in the order of the script", EDGE, TOP - 12, SMALL)


def _chart_lane(root: Element, lane: ChartLane, scale: Scale, top: int) -> None:
    parent, kind = group(root, lane.words), "fixed" if lane.fixed else "goes"
    room = LEFT - EDGE - 16 - (SMALL.measure(lane.note) + 8 if lane.note else 0)
    title = shorten(lane.title, room, TITLE.measure)
    write(parent, title, EDGE, top + 22, TITLE)
    write(parent, lane.note, EDGE + TITLE.measure(title) + 8, top + 22, SMALL)
    for start, below, shade in lane.bars:
        opacity, less = LOOKS.get(shade, LOOKS["in-part"])
        first, y = scale.at(start * 1000), top + (PITCH - BAR) / 2 + less
        end = max(first + 1, scale.at(below * 1000))
        block(parent, kind, first, end, y, BAR - 2 * less, rx=2.5, opacity=opacity)
    for second in lane.goes_below_s:
        at = scale.at(second * 1000) - 6
        write(parent, format_clock(second * 1000), at, top + 21, Font(11, "goes", "end", bold=True))
