"""Colours of the kit: words can be read on what they stand on, by light and in the dark."""

from __future__ import annotations

import pytest

from voiceguide.author.pictures.svg import COLOURS, INK

GROUNDS = {
    "ink": ("page", "lane", "step", "left", "right"),
    "pale": ("page", "lane", "quiet"),
    "reverse": ("chapter",),
    "goes": ("page", "lane"),
    "mark": ("page",),
}
READABLE = 4.5
"""The contrast that small words need (WCAG 2.2, success criterion 1.4.3)."""


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", INK)
@pytest.mark.parametrize("scheme", [0, 1])
def test_words_can_be_read(ink: str, scheme: int) -> None:
    found = {ground: round(contrast(INK[ink][scheme], COLOURS[ground][scheme]), 2) for ground in GROUNDS[ink]}
    assert {ground: ratio for ground, ratio in found.items() if ratio < READABLE} == {}
