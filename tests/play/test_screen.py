"""How the screen is opened, drawn and given back."""

from __future__ import annotations

import io
import logging
import os
import re
from dataclasses import replace

import pytest

from tests.play.test_view import at, held
from voiceguide.play import screen as screens
from voiceguide.play.commands import KINDS
from voiceguide.play.pacer import breath_at
from voiceguide.play.plain import Lines, Plain
from voiceguide.play.screen import BREATH_S, Blank, Live, open_screen
from voiceguide.terminal import LOG


def test_it_draws_only_the_rows_that_are_new_and_gives_the_terminal_back() -> None:
    stream = io.StringIO()
    live = Live(stream, KINDS)
    live.show(at(1))
    once = stream.getvalue()
    assert once.startswith("\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[1;1H")
    live.show(at(1.1))
    assert stream.getvalue() == once
    live.show(at(1.99))
    live.show(at(2.05))
    rows = re.findall(r"\x1b\[(\d+);1H", stream.getvalue()[len(once) :])
    assert rows == ["16", "5", "10", "20", "21"]  # words that are over, and then the times
    live.leave()
    assert stream.getvalue().endswith("\x1b[?7h\x1b[?25h\x1b[?1049l")
    live.leave()
    assert stream.getvalue().count("\x1b[?1049l") == 1
    live.show(at(2.05))
    assert stream.getvalue().count("\x1b[?1049h") == 2


def test_another_size_draws_all_of_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    live = Live(stream, KINDS)
    live.show(at(1))
    monkeypatch.setenv("LINES", "12")
    monkeypatch.setenv("COLUMNS", "40")
    live.show(at(1))
    assert stream.getvalue().count("\x1b[2J") == 2
    assert stream.getvalue().rpartition("\x1b[2J")[2].count(";1H") == 12


def test_a_breath_is_drawn_often_and_a_silence_at_its_seconds() -> None:
    live = Live(io.StringIO(), KINDS)
    breath = next(second for second in range(160) if breath_at(at(second).timeline, at(second).at))
    assert live.soon(at(breath)) == BREATH_S
    assert live.soon(at(12.25)) == 0.75
    assert live.soon(held(12.25)) == 60.0


def test_a_question_mark_shows_the_keys_and_takes_them_away_again() -> None:
    stream = io.StringIO()
    live = Live(stream, KINDS)
    live.show(at(1))
    assert live.pressed("?")
    live.show(at(1))
    assert "Keys · ? goes back" in stream.getvalue()
    assert not live.pressed("y")
    live.pressed("?")
    before = len(stream.getvalue())
    live.show(at(1))
    assert "Warm strokes" in stream.getvalue()[before:]


def test_what_was_understood_stays_for_some_seconds() -> None:
    stream = io.StringIO()
    live = Live(stream, KINDS)
    live.show(at(1))
    assert "understood" not in stream.getvalue()
    live.show(at(1, understood="louder", volume_db=3, news=1))
    assert "understood: louder" in stream.getvalue()
    assert 0 < live.soon(held(1)) <= screens.UNDERSTOOD_S
    live.show(at(1, understood="where", answer="Left heel.", news=2))
    assert "Left heel." in stream.getvalue()


def test_where_there_is_no_terminal_there_are_lines_or_words_or_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with open_screen() as screen:
        assert isinstance(screen, Lines)
        screen.show(at(0))
    assert capsys.readouterr() == ("0:00 Warm strokes · LEFT\n", "")
    with open_screen((), plain=True) as screen:  # without keys
        assert isinstance(screen, Plain)
        screen.show(at(0))
    assert capsys.readouterr() == (
        "0:00 section: Feet: left\n0:00 step: Warm strokes, left, 30 seconds\n0:00 Stroke the foot.\n",
        "",
    )
    with open_screen(quiet=True, plain=True) as screen:
        assert isinstance(screen, Blank)
        screen.show(at(0))
    assert capsys.readouterr() == ("", "")


def test_a_warning_waits_until_the_terminal_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty", reason="a POSIX terminal")
    person, inside = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(inside, "w", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stderr", stream)
        with open_screen() as screen:
            screen.show(replace(at(0)))
            logging.getLogger("voiceguide").warning("the voice is gone")
            handlers = len(LOG.handlers)
        shown = os.read(person, 1 << 16).decode()
    os.close(person)
    assert shown.endswith("\x1b[?1049lthe voice is gone\r\n")
    assert len(LOG.handlers) == handlers - 1
