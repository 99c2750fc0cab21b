"""Scene -> SVG: a picture that a browser opens, with its words as tips, light or dark as the reader likes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as Tree

from voiceguide.author.pictures.bed import Curve
from voiceguide.author.pictures.labels import pixels, shorten, tick_ms, wrap
from voiceguide.author.pictures.layout import FOOT, GUTTER, HEIGHTS, LANE_GAP, MARGIN, Band, Page, page
from voiceguide.author.pictures.scene import Box, Lane, Scene
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
}
"""What boxes and grounds are filled with, on a light page and on a dark one."""
INK = {
    "ink": ("#1f2933", "#e6edf3"),
    "pale": ("#55616e", "#9fb0c0"),
    "reverse": ("#ffffff", "#161b22"),
}
LEGEND = {
    "speech": "speech",
    "quiet": "quiet, in seconds",
    "in": "breath in",
    "hold": "held",
    "out": "breath out",
    "chime": "chime",
    "bed": "bed",
    "left": "left side",
    "right": "right side",
}
LANE_NAMES: dict[Lane, str] = {
    "chapter": "chapter",
    "side": "side",
    "step": "step",
    "voice": "voice",
    "breath": "breath",
    "chime": "chimes",
    "bed": "bed",
}
_TINTED: tuple[Lane, ...] = ("voice", "breath", "chime", "bed")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(picture: Scene) -> str:
    """Return *picture* as the text of an SVG file."""
    made = page(picture)
    root = Tree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    root.set("aria-labelledby", "title desc")
    _add(root, "title", "", picture.title, id="title")
    _add(root, "desc", "", summary(picture), id="desc")
    _add(root, "style", "", _style())
    ground = _add(root, "rect", "page", x=0, y=0)
    _head(root, picture, made)
    for band in made.bands:
        _grounds(root, picture, band)
    for box in picture.boxes:
        _box(root, box, made)
    for curve in picture.curves:
        _curve(root, curve, picture.bed_db, made)
    for band in made.bands:
        _axis(root, band, picture.length_ms)
    bottom = _legend(root, picture, made) + FOOT
    for name, value in (("width", made.width), ("height", bottom)):
        root.set(name, _number(value))
        ground.set(name, _number(value))
    root.set("viewBox", f"0 0 {_number(made.width)} {_number(bottom)}")
    return Tree.tostring(root, encoding="unicode") + "\n"


def summary(picture: Scene) -> str:
    """Return what *picture* shows in one line, for those who do not see it."""
    shares = {
        "speech": picture.share("speech"),
        "quiet": picture.share("quiet"),
        "breath tones": picture.share("in", "hold", "out"),
    }
    parts = [f"{share} % {word}" for word, share in shares.items() if share]
    return ", ".join([format_clock(picture.length_ms), *parts, *filter(None, [picture.note])])


def _style() -> str:
    rules = [f"text {{ font-family: {FONTS}; }}"]
    dark = []
    for name, (light, other) in (COLOURS | INK).items():
        rules.append(f".{name} {{ fill: {light}; }}")
        dark.append(f".{name} {{ fill: {other}; }}")
    return "\n".join([*rules, "@media (prefers-color-scheme: dark) {", *dark, "}"])


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _add(parent: Tree.Element, tag: str, kind: str = "", text: str = "", /, **attributes: object) -> Tree.Element:
    """Add an element of the class *kind*; numbers are rounded to a tenth of a pixel."""
    child = Tree.SubElement(parent, tag, {"class": kind} if kind else {})
    for name, value in attributes.items():
        child.set(name.replace("_", "-"), _number(value) if isinstance(value, int | float) else str(value))
    child.text = _NOT_XML.sub("\ufffd", text) or None
    return child


def _write(parent: Tree.Element, text: str, x: float, y: float, size: float, ink: str, **more: object) -> None:
    _add(parent, "text", ink, text, x=x, y=y, font_size=size, **more)


def _head(root: Tree.Element, picture: Scene, made: Page) -> None:
    room = made.width - 2 * MARGIN
    title = shorten(picture.title, room, pixels(22, bold=True))
    _write(root, title, MARGIN - 8, 38, 22, "ink", font_weight="bold")
    _write(root, shorten(summary(picture), room, pixels(13)), MARGIN - 8, 60, 13, "pale")


def _grounds(root: Tree.Element, picture: Scene, band: Band) -> None:
    """Draw what lies under the boxes of *band*: the lanes with their names, tinted by side, and the lines of time."""
    wide = band.x(band.end_ms) - GUTTER
    for lane, top in band.tops.items():
        high = HEIGHTS[lane]
        _write(root, LANE_NAMES[lane], GUTTER - 10, top + high / 2 + 4, 11.5, "pale", text_anchor="end")
        if lane in _TINTED:
            _add(root, "rect", "lane", x=GUTTER, y=top, width=wide, height=high)
    first = next((band.tops[lane] for lane in _TINTED if lane in band.tops), band.axis)
    for box in picture.lane("side"):
        left, right = band.x(box.start_ms), band.x(box.end_ms)
        if right > left:
            deep = band.axis - first - LANE_GAP
            _add(root, "rect", box.kind, x=left, y=first, width=right - left, height=deep, opacity=0.28)
    for at in _ticks(band, picture.length_ms):
        _add(root, "rect", "grid", x=band.x(at) - 0.5, y=first, width=1, height=band.axis - first)


def _ticks(band: Band, last_ms: int) -> list[int]:
    """Return the times to name under *band*: round ones, and the end of the session."""
    step = tick_ms(band.ms_a_pixel, 80)
    found = list(range(-(-band.start_ms // step) * step, band.end_ms + 1, step))
    if band.end_ms == last_ms:
        found = [at for at in found if last_ms - at >= 50 * band.ms_a_pixel] + [last_ms]
    return found


def _axis(root: Tree.Element, band: Band, last_ms: int) -> None:
    _add(root, "rect", "pale", x=GUTTER, y=band.axis, width=band.x(band.end_ms) - GUTTER, height=1.5)
    for at in _ticks(band, last_ms):
        _write(root, format_clock(at), band.x(at), band.axis + 15, 11, "pale", text_anchor="middle")


def _pieces(box: Box, made: Page) -> Iterator[tuple[Band, float, float]]:
    """Yield where *box* lies: a band, and left and right in it; mostly one, more if it goes on in the next band."""
    for band in made.bands:
        if box.start_ms < band.end_ms and box.end_ms > band.start_ms:
            left = band.x(box.start_ms)
            yield band, left, max(band.x(box.end_ms), left + 1.5)


def _box(root: Tree.Element, box: Box, made: Page) -> None:
    group = _add(root, "g")
    _add(group, "title", "", box.tip)
    for band, left, right in _pieces(box, made):
        top, high = band.tops[box.lane], HEIGHTS[box.lane]
        if box.heights == (1.0, 1.0) and box.lane != "breath":
            gap = 1.0 if right - left > 4 and box.lane in ("chapter", "side", "step") else 0.0
            _add(group, "rect", box.kind, x=left, y=top, width=right - left - gap, height=high, rx=2)
            shown = replace(box, label=f"… {box.label}") if band.start_ms > box.start_ms else box
            _LABELS.get(box.lane, _no_label)(group, shown, left, right, top)
        else:
            _slope(group, box, band, left, right)


def _slope(group: Tree.Element, box: Box, band: Band, left: float, right: float) -> None:
    top, high = band.tops[box.lane], HEIGHTS[box.lane]
    long = box.end_ms - box.start_ms or 1
    ends = [(min(max(ms, band.start_ms), band.end_ms) - box.start_ms) / long for ms in (box.start_ms, box.end_ms)]
    rise = box.heights[1] - box.heights[0]
    y1, y2 = (top + high * (1 - box.heights[0] - rise * share) for share in ends)
    corners = [(left, top + high), (left, y1), (right, y2), (right, top + high)]
    _polygon(group, corners, box.kind, opacity=0.8 if box.kind == "chime" else 1)


def _polygon(group: Tree.Element, corners: list[tuple[float, float]], kind: str, **more: object) -> None:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    _add(group, "polygon", kind, points=points, **more)


def _no_label(group: Tree.Element, box: Box, left: float, right: float, top: float) -> None:
    """Write nothing: the tip says it."""


def _chapter_label(group: Tree.Element, box: Box, left: float, right: float, top: float) -> None:
    label = shorten(box.label, right - left - 14, pixels(12, bold=True), box.keep)
    _write(group, label, left + 7, top + 15.5, 12, "reverse", font_weight="bold")


def _side_label(group: Tree.Element, box: Box, left: float, right: float, top: float) -> None:
    _write(group, shorten(box.label, right - left - 14, pixels(11)), left + 7, top + 12, 11, "ink")


def _step_label(group: Tree.Element, box: Box, left: float, right: float, top: float) -> None:
    lines = wrap(box.label, right - left - 10, pixels(11), 2)
    first = top + (22 if len(lines) == 1 else 15)
    for number, line in enumerate(lines):
        _write(group, line, left + 5, first + 14 * number, 11, "ink")


def _voice_label(group: Tree.Element, box: Box, left: float, right: float, top: float) -> None:
    if box.label and pixels(10.5)(box.label) + 4 <= right - left:
        _write(group, box.label, (left + right) / 2, top + 21, 10.5, "pale", text_anchor="middle")


_LABELS = {"chapter": _chapter_label, "side": _side_label, "step": _step_label, "voice": _voice_label}


def _curve(root: Tree.Element, curve: Curve, levels: tuple[float, float], made: Page) -> None:
    group = _add(root, "g")
    low, high = levels
    _add(group, "title", "", f"{curve.tip}\ndB against the words, from {_level(low)} to {_level(high)}")
    for band in made.bands:
        top, tall = band.tops["bed"], HEIGHTS["bed"]
        start, end = max(band.start_ms, curve.points[0][0]), min(band.end_ms, curve.points[-1][0])
        if start >= end:
            continue
        inner = [point for point in curve.points if start < point[0] < end]
        line = [(start, curve.at(start)), *inner, (end, curve.at(end))]
        shares = [(band.x(ms), min(1.0, max(0.0, (db - low) / (high - low)))) for ms, db in line]
        corners = [(x, top + tall * (1 - share)) for x, share in shares]
        floor = top + tall
        _polygon(group, [(corners[0][0], floor), *corners, (corners[-1][0], floor)], "bed")
        right = band.x(band.end_ms) + 4
        _write(group, f"{_level(high)} dB", right, top + 8, 9, "pale")
        _write(group, _level(low), right, floor, 9, "pale")


def _level(level_db: float) -> str:
    return f"{level_db:.0f}".replace("-", "−")


def _legend(root: Tree.Element, picture: Scene, made: Page) -> float:
    """Draw what the colours mean, in as many rows as needed; return where it ends."""
    shown = {box.kind for box in picture.boxes} | ({"bed"} if picture.curves else set())
    first = float(MARGIN - 8)
    x, y = first, made.bottom + 24
    for kind, words in LEGEND.items():
        if kind not in shown:
            continue
        wide = 22 + pixels(11.5)(words) + 12
        if x > first and x + wide > made.width:
            x, y = first, y + 20
        _add(root, "rect", kind, x=x, y=y, width=16, height=12, rx=2)
        _write(root, words, x + 22, y + 10, 11.5, "ink")
        x += wide
    return y
