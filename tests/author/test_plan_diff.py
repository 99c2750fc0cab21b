"""What has become of a routine from one plan to the next."""

from __future__ import annotations

import pytest

from tests.make import planned
from voiceguide.author.titles import compare, in_words

SCRIPT = """
length: 1m..2m..4m
listener: {sore: {yes or no: no}}
announce: [{half: Half-way.}]
steps:
  - {name: hello, say: Hello., for: 10s}
  - section: Both
    each: foot
    steps:
      - {do: warm, say: "Warm the {side} foot.", for: 10s..20s..40s}
      - {do: knead, say: "Knead the {side} foot.", brief: Knead., for: 10s..20s..40s}
      - {do: toes, optional: 5, say: The toes., for: 8s..10s..20s}
  - {name: rest, say: Rest., for: 5s..10s..20s}
"""


def words(old: str, new: str, length_s: float | None = None) -> list[str]:
    return list(in_words(planned(SCRIPT), planned(SCRIPT.replace(old, new), length_s)))


def under_change(old: str, new: str) -> tuple[str, str | None] | None:
    placed = compare(planned(SCRIPT), planned(SCRIPT.replace(old, new))).under_change
    return (placed.step, placed.side) if placed else None


def test_a_remark_moves_every_line_and_changes_nothing() -> None:
    assert words("listener:", "# a remark\n\nlistener:") == ["2:00.0, 8 steps"]
    assert under_change("listener:", "# a remark\n\nlistener:") is None


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("Rest.", "Rest now.", ("rest", None)),
        ("Knead the", "Press the", ("knead", "left")),
        ("brief: Knead.", "brief: Press.", ("knead", "left")),
        ("toes, optional", "toes, zone: toes, optional", ("toes", "left")),
        ("do: knead", "do: press", ("press", "left")),
        ("length: 1m..2m..4m", "length: 1m..3m..4m", ("warm", "left")),
        ("Half-way.", "Half of it.", None),
    ],
)
def test_the_step_under_change_is_the_first_whose_text_differs_else_whose_length_does(
    old: str, new: str, step: tuple[str, str | None] | None
) -> None:
    assert under_change(old, new) == step


def test_an_edited_length_is_told_apart_from_what_the_others_had_to_give() -> None:
    assert words("Warm the {side} foot.\", for: 10s..20s..40s", "Warm the {side} foot.\", for: 10s..25s..40s") == [
        "2:00.0, 8 steps",
        "  Warm (left, right): 0:20.0 -> 0:22.4",
        "  5 other steps of another length: -1.7 s to -0.3 s",
    ]  # fmt: skip


def test_new_and_gone_steps_and_a_new_total_are_told() -> None:
    assert words("  - {name: rest", "  - {name: sigh, say: Sigh., for: 10s}\n  - {name: rest") == [
        "2:00.0, 9 steps",
        "  Sigh: new, 0:10.0",
        "  7 other steps of another length: -2.0 s to -0.4 s",
    ]
    assert words("length: 1m..2m", "length: 1m..1m20s")[:2] == [
        "1:20.0 (was 2:00.0), 6 steps",
        "  Toes (left, right): gone",
    ]
    assert words("length: 1m..2m", "length: 1m..1m20s")[-1] == "  left out: Toes"


def test_a_block_used_twice_is_two_steps_and_a_round_is_one() -> None:
    text = """
length: 30s..1m..2m
blocks: {calm: [{name: calm, say: Be calm., for: 5s}]}
steps:
  - use: calm
  - {repeat: 2, steps: [{name: wave, say: Wave., for: 5s}]}
  - use: calm
  - {name: rest, pause: 5s..20s..2m}
"""
    more = planned(text.replace("repeat: 2", "repeat: 4"))
    assert list(in_words(planned(text), more)) == [
        "1:00.0, 7 steps",
        "  Wave: new, 0:05.0",
        "  1 other step of another length: -10.0 s",
    ]
    edited = planned(text.replace("Be calm.", "Be very calm."))
    assert list(in_words(planned(text), edited)) == [
        "1:00.0, 5 steps",
        "  Calm [calm/calm]: 0:05.0, other words",
        "  Calm [calm#2/calm]: 0:05.0, other words",
    ]
    gone = compare(more, planned(text)).gone
    assert [str(heard.placed.address) for heard in gone] == ["wave:3", "wave:4"]


def test_announcements_and_what_paces_a_breath_are_no_words_of_a_step() -> None:
    text = """
length: 1m..2m..4m
announce: [{half: Half-way.}]
steps: [{name: air, say: Breathe., breathe: {pattern: 5-0-5-0, cue: count}, for: 1m..2m..4m}]
"""
    edited = compare(planned(text), planned(text.replace("Half-way.", "Half of it."), 180)).edited
    assert edited == ()
