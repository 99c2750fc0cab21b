"""What is wrong with the words of an SVG file."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as Tree

from voiceguide.author.pictures.labels import pixels

NS = "{http://www.w3.org/2000/svg}"


def boxes_of_words(root: Tree.Element) -> list[tuple[float, float, float, float, str]]:
    """Return left, right, top, bottom and words of every text, as wide as a wide font sets it."""
    found = []
    for text in root.iter(f"{NS}text"):
        size, x, y = (float(text.get(name, "0")) for name in ("font-size", "x", "y"))
        wide = pixels(size, bold=text.get("font-weight") == "bold")(text.text or "")
        left = x - {"end": wide, "middle": wide / 2}.get(text.get("text-anchor", ""), 0)
        found.append((left, left + wide, y - 0.75 * size, y + 0.2 * size, text.text or ""))
    return found


def crossing(root: Tree.Element) -> list[tuple[str, str]]:
    """Return which words lie over which others."""
    pairs = combinations(boxes_of_words(root), 2)
    return [(a[4], b[4]) for a, b in pairs if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]]


def outside(root: Tree.Element) -> list[str]:
    """Return which words leave the page."""
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    return [word[4] for word in boxes_of_words(root) if word[0] < 0 or word[1] > wide or word[3] > high]


def uncoloured(root: Tree.Element) -> list[str]:
    """Return which kinds have no colour for light or for dark readers."""
    light, dark = (root.findtext(f"{NS}style") or "").split("@media (prefers-color-scheme: dark)")
    kinds = {element.get("class", "") for element in root.iter()} - {""}
    return [kind for kind in kinds if f".{kind} {{" not in light or f".{kind} {{" not in dark]
