"""Columns: how wide a text is on a terminal, and how it is cut to fit. Pure."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def fit(text: str, width: int) -> str:
    """Return *text*, cut to *width* cells of a terminal, with nothing in it that could move the cursor."""
    text = "".join(character if character.isprintable() else " " for character in text)
    if cells(text) <= width:
        return text
    while text and cells(text) > width - 1:
        text = text[:-1]
    return text + "…"


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes: East Asian characters take two, combining ones none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
