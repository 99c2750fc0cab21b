"""Labels that fit their room."""

from __future__ import annotations

import pytest

from voiceguide.author.pictures.labels import Scale, pixels, shorten, wrap
from voiceguide.columns import cells


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Warm strokes", 12, "Warm strokes"),
        ("Warm strokes", 11, "Warm strok…"),
        ("Warm strokes", 6, "Warm…"),
        ("Warm strokes", 4, "War…"),
        ("Warm strokes", 3, ""),
        ("two\nlines\x07", 20, "two lines␇"),
        ("足のマッサージ", 8, "足のマ…"),
    ],
)
def test_shorten(text: str, room: int, expected: str) -> None:
    assert shorten(text, room, cells) == expected


@pytest.mark.parametrize(
    ("room", "expected"),
    [(22, "Left, then right: left"), (20, "Left, then ri…: left"), (10, "Lef…: left"), (9, "left"), (3, "")],
)
def test_what_is_to_be_kept_is_cut_last(room: int, expected: str) -> None:
    assert shorten("Left, then right: left", room, cells, ": left") == expected


@pytest.mark.parametrize(
    ("text", "room", "most", "expected"),
    [
        ("Edge of the palm", 16, 2, ["Edge of the palm"]),
        ("Edge of the palm", 8, 2, ["Edge of", "the palm"]),
        ("Edge of the palm", 7, 2, ["Edge of", "the pa…"]),
        ("Opening chime", 5, 2, ["Open…"]),
        ("Opening chime", 2, 2, []),
        ("Foot up", 4, 1, ["Foo…"]),
        ("", 9, 2, []),
    ],
)
def test_wrap(text: str, room: int, most: int, expected: list[str]) -> None:
    assert wrap(text, room, cells, most) == expected


def test_ticks_are_round_and_far_enough_apart() -> None:
    apart = [Scale(0, 20 * 10**8, 20 * 10**8 / ms).ticks(80)[1] for ms in (10, 84, 190, 1000, 10**7)]
    assert apart == [1000, 10_000, 30_000, 120_000, 14_400_000]


@pytest.mark.parametrize("length_s", [20, 71, 300, 720, 1500, 3599, 7200])
def test_fine_ticks_include_the_rough_ones(length_s: int) -> None:
    for room in range(60, 1000, 7):
        scale = Scale(0, length_s * 1000, room)
        assert set(scale.ticks(44)) <= set(scale.ticks(44 / 5)) or scale.ms_a_unit * 44 <= 1000


def test_a_scale_holds_what_lies_outside() -> None:
    scale = Scale(1000, 3000, 100, 7)
    assert [scale.at(ms) for ms in (0, 1000, 2000, 3000, 9000)] == [7, 7, 57, 107, 107]


def test_pixels_are_never_too_few_for_a_common_wide_font() -> None:
    """DejaVu Sans is about the widest font that a reader's system may choose; these are its widths at 10 px."""
    for text, width in (("Warm strokes", 70.0), ("Illumination", 61.6), ("WWWW", 39.6), ("mmmm", 39.0)):
        assert pixels(10)(text) >= width * 0.93, text
