"""Columns: what of a text a terminal may be given, how wide it is there, and how it is cut to fit. Pure."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

UNSAFE = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What moves a cursor, turns words round, cannot be seen, or is no character at all; not line ends and tabs."""
_MARKS = "\xad\u061c\u200e\u200f"
"""Marks that right texts may have, and that show nothing themselves: where to hyphenate, and which way to read."""
_JOINERS = "\u200b\u200c\u200d\u2060"
"""What joins or parts the letters beside it, and the signs of an emoji; in ASCII there is nothing to join."""


def safe(text: str) -> str:
    """Return *text* with nothing in it that could do more to a terminal than show it: control characters by a picture.

    Line ends and tabs stay.
    """
    return UNSAFE.sub(_shown, text)


def line(text: str) -> str:
    """Return *text* so, and in one line: its line ends and tabs are shown by a picture too."""
    return safe(text).translate(_ENDS)


_ENDS = str.maketrans("\t\n\r", "\u2409\u240a\u240d")


def _shown(match: re.Match[str]) -> str:
    character, text, at = match[0], match.string, match.start()
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    if character in _JOINERS and not UNSAFE.sub("", beside).isascii():
        return character
    if character in _MARKS:
        return ""
    number = ord(character)
    return chr(0x2400 + number) if number < 0x20 else "\u2421" if number == 0x7F else "\ufffd"


def fit(text: str, width: int) -> str:
    """Return *text* in one line that is safe, cut to *width* cells of a terminal with an ellipsis."""
    text, taken, kept = line(text), 0, 0
    for place, character in enumerate(text):
        taken += cells(character)
        kept = place + 1 if taken < width else kept  # so many leave room for the ellipsis
        if taken > width:
            return text[:kept] + "…" * (width > 0)
    return text


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes: East Asian characters take two, combining ones none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
