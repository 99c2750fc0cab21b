"""The SVG kit: a page that tells what it is, text that fits, a legend, and colours for light and dark readers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree as Tree

from voiceguide.author.pictures.labels import Measure, pixels, shorten

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
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    child.text = _NOT_XML.sub("\ufffd", text) or None
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
