"""What is shown of a session as it plays, and how."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from tests.make import planned
from voiceguide.columns import cells, fit
from voiceguide.play.commands import Quit
from voiceguide.play.now import Now
from voiceguide.play.screen import Lines, Live, lines, open_screen

SCRIPT = """
steps:
  - section: Feet
    each: foot
    steps:
      - {do: warm, title: Warm strokes, say: Stroke the foot., for: 30s}
  - {name: rest, say: Rest., for: 1m}
"""
RATE = 48_000
TIMELINE = planned(SCRIPT, 120).timeline


def view(second: float) -> Now:
    return Now(TIMELINE, round(second * RATE), "playing")


def plain(shown: list[str]) -> list[str]:
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown]


def test_it_says_what_is_now_what_is_next_and_how_long() -> None:
    assert plain(lines(view(12.4), "A short one", 42)) == [
        "  A short one",
        "",
        "  Warm strokes · LEFT",
        "  0:18 left here",
        "",
        "  ━━━━────────────────────────────────────",
        "  0:12 of 2:00, 1:48 left",
        "  next: Warm strokes · RIGHT, in 0:18",
        "",
        "  space hold · → next · ← back · q quit",
    ]


def test_a_note_and_whom_it_speaks_to_are_seen() -> None:
    timeline = planned(
        "length: 30s\nsteps: [{name: a, to: giver, note: Oil at hand?, say: Go., for: 30s}]", 30
    ).timeline
    now = Now(timeline, 0, "playing")
    assert plain(lines(now, "A short one", 42))[2:6] == ["  A · to giver", "  0:30 left here", "  Oil at hand?", ""]
    stream = io.StringIO()
    Lines(stream).show(now)
    assert stream.getvalue() == "0:00 A · to giver\n     Oil at hand?\n"


def test_a_hold_is_plain_to_see_and_says_how_to_go_on() -> None:
    shown = plain(lines(replace(view(12.4), state="holding"), "A short one", 42))
    assert shown[3] == "   held "
    assert shown[9] == "  space go on · → next · ← back · q quit"


def test_a_wait_shows_the_step_that_has_ended_and_how_to_go_on() -> None:
    shown = plain(lines(replace(view(30), state="holding", waiting=True), "A short one", 42))
    assert shown[2:4] == ["  Warm strokes · LEFT", "   waiting for you: press space to go on "]
    assert shown[7] == "  next: Warm strokes · RIGHT"
    assert shown[9] == "  space go on · → next · ← back · q quit"


def test_an_output_that_cannot_hold_offers_only_to_quit() -> None:
    assert plain(lines(view(1), "A short one", 42, offered=(Quit,)))[9] == "  q quit"


def test_the_time_left_is_never_nothing_before_the_end() -> None:
    assert plain(lines(view(119.9), "A short one", 42))[6] == "  1:59 of 2:00, 0:01 left"
    assert plain(lines(view(120), "A short one", 42))[6] == "  2:00 of 2:00, 0:00 left"
    assert plain(lines(view(100), "A short one", 42))[7] == "  the last step"


@pytest.mark.parametrize("width", [20, 33, 42, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = "足のマッサージ " * 30
    for shown in (view(40), replace(view(30), state="holding", waiting=True)):
        assert all(cells(line) <= width for line in plain(lines(shown, long, width)))


def test_without_colour_there_is_none() -> None:
    assert "\x1b[36m" in "".join(lines(view(40), "A short one", 42))
    assert not re.search(r"\x1b\[(3|4|9|10)\d", "".join(lines(view(40), "A short one", 42, colour=False)))


def test_wide_characters_count_twice_and_accents_nothing() -> None:
    assert (cells("足"), cells("é"), cells("e\u0301")) == (2, 1, 1)
    assert fit("足足足足", 6) == "足足…"


def test_a_title_cannot_move_the_cursor() -> None:
    assert fit("up\x1b[2Jdown\n", 40) == "up␛[2Jdown␊"


def test_elsewhere_each_step_is_one_line_as_it_begins() -> None:
    stream = io.StringIO()
    screen = Lines(stream)
    for second in (0, 1, 29.9, 30, 45, 60, 61):
        screen.show(view(second))
    assert stream.getvalue() == "0:00 Warm strokes · LEFT\n0:30 Warm strokes · RIGHT\n1:00 Rest\n"


def test_elsewhere_a_wait_is_a_line_before_the_step_that_it_lets_begin() -> None:
    stream = io.StringIO()
    screen = Lines(stream)
    wait = replace(view(30), state="holding", waiting=True)
    for shown in (view(0), wait, wait, view(30), view(20), wait, view(61)):
        screen.show(shown)
    assert stream.getvalue().splitlines() == [
        "0:00 Warm strokes · LEFT",
        "0:30 waiting for you: press space to go on",
        "0:30 Warm strokes · RIGHT",
        "0:00 Warm strokes · LEFT",
        "0:30 waiting for you: press space to go on",
        "1:00 Rest",
    ]


def test_the_live_screen_draws_only_what_is_new_and_cleans_up() -> None:
    stream = io.StringIO()
    live = Live(stream, "A short one", (Quit,))
    live.show(view(1))
    once = stream.getvalue()
    live.show(view(1.1))
    assert stream.getvalue() == once
    assert once.startswith("\x1b[?25l")
    live.close()
    assert stream.getvalue().endswith("\x1b[J\x1b[?7h\x1b[?25h")


def test_without_a_terminal_lines_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with open_screen("A short one") as screen:
        screen.show(view(0))
    with open_screen("A short one", quiet=True) as screen:
        screen.show(view(0))
    assert capsys.readouterr() == ("0:00 Warm strokes · LEFT\n", "")
