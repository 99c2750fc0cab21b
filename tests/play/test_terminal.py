"""The command in a terminal, as a listener sees it: what keys do, what is shown, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.need import program
from tests.play.pulse import Speaker, speaker
from tests.play.sinks import SCRIPT, until
from tests.play.terminal import terminal


@pytest.fixture(scope="module")
def server() -> Iterator[Speaker]:
    with speaker() as running:
        yield running


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    path = tmp_path / "short.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return [sys.executable, "-m", "voiceguide", "play", str(path), "--engine", "tone", "--bed", "none"]


WAITS = """
import sys
from dataclasses import replace
from voiceguide import VoiceOptions, compile_session, open_routine
from voiceguide.cli.play import play_session
session = compile_session(open_routine(sys.argv[1]), options=VoiceOptions("tone"))
timeline = replace(session.timeline, waits=(session.timeline.steps[0].end,))
play_session(replace(session, plan=replace(session.plan, timeline=timeline)))
"""


@pytest.fixture
def waits(tmp_path: Path) -> list[str]:
    """A session that waits at the end of its first step."""
    path = tmp_path / "short.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return [sys.executable, "-c", WAITS, str(path)]


def test_it_waits_for_the_listener_and_says_so_and_waits_again_after_going_back(
    server: Speaker, waits: list[str]
) -> None:
    with terminal(server, waits) as run:
        for key, then in ((b" ", "next: Rest"), (b"\r", "next: Rest"), (b"n", "next: Rest"), (b"b", "next: Knead")):
            run.wait_for("waiting for you: press space to go on")
            run.wait_for("next: Knead")
            run.wait_for("space go on")
            run.press(key)
            run.wait_for(then)
            run.wait_for("space hold")
            run.press(b"\x1b[D")
            run.wait_for("Warm strokes")
        run.press(b"qq")
        run.wait_for("\x1b[?25h")
        assert run.end() == 0


def test_a_terminal_that_cannot_draw_gets_a_line_where_it_waits(server: Speaker, waits: list[str]) -> None:
    with terminal(server, waits, TERM="dumb") as run:
        run.wait_for("0:03 waiting for you: press space to go on")
        run.press(b" ")
        run.wait_for("0:03 Knead")
        run.wait_for("played 0:09 of 0:09, no gaps")
        assert run.end() == 0


def test_without_keys_nobody_could_go_on_so_it_does_not_wait(server: Speaker, waits: list[str]) -> None:
    environment = {**os.environ, **server.environment}
    done = subprocess.run(
        waits, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == (
        "no keys here: it plays through where it would wait for you\n"
        "0:00 Warm strokes\n0:03 Knead\n0:06 Rest\nplayed 0:09 of 0:09, no gaps\n"
    )


def test_nothing_but_the_session_is_there_if_only_results_are_wanted(server: Speaker, command: list[str]) -> None:
    with terminal(server, [*command, "--quiet"]) as run:
        assert run.end() == 0
        assert run.shown == b"" or b" gap" in run.shown  # which are told even then


def test_keys_hold_go_on_move_and_quit(server: Speaker, command: list[str]) -> None:
    with terminal(server, command) as run:
        run.wait_for("Warm strokes")
        run.press(b" ")
        run.wait_for("held")
        run.wait_for("space go on")
        run.press(b" ")
        run.wait_for("space hold")
        run.press(b"\x1b[C")
        run.wait_for("Knead")
        run.press(b"\x1b[D")
        run.wait_for("Warm strokes")
        run.press(b"q")
        run.wait_for("press q again to end, space to go on")
        run.press(b"q")
        run.wait_for("\x1b[?25h")
        run.wait_for("played 0:0")
        run.wait_for("no gaps")
        assert run.end() == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=lambda value: str(value),
)
def test_signals_end_it_like_quit_and_the_terminal_is_put_back(
    server: Speaker, command: list[str], number: signal.Signals, code: int
) -> None:
    with terminal(server, command) as run:
        run.wait_for("Warm strokes")
        run.process.send_signal(number)
        run.wait_for("\x1b[?25h")
        run.wait_for("of 0:09, no gaps")
        assert run.end() == code


def test_ctrl_c_quits_even_while_held_and_ctrl_z_only_holds_where_nobody_could_bring_it_back(
    server: Speaker, command: list[str]
) -> None:
    with terminal(server, command) as run:
        run.wait_for("Warm strokes")
        run.press(b"\x1a")
        run.wait_for("\x1b[?1049l")
        run.wait_for("held")
        run.press(b"\x03")
        run.wait_for("of 0:09, no gaps")
        assert run.end() == 130


def test_a_window_that_is_closed_ends_it(server: Speaker, command: list[str]) -> None:
    with terminal(server, command) as run:
        run.wait_for("Warm strokes")
        run.hang_up()
        assert run.process.wait(20) in (129, 120)  # 120: Python could not flush what nobody can read


def test_it_is_shown_without_colour_if_that_is_wished(server: Speaker, command: list[str]) -> None:
    with terminal(server, command, NO_COLOR="1") as run:
        run.wait_for("Warm strokes")
        run.wait_for("q quit")
        assert b"\x1b[36m" not in run.shown
        run.press(b"qq")
        assert run.end() == 0


def test_a_terminal_that_cannot_draw_gets_lines(server: Speaker, command: list[str]) -> None:
    with terminal(server, command, TERM="dumb") as run:
        run.wait_for("0:00 Warm strokes")
        run.press(b"\x1b[C")
        run.wait_for(" Knead")
        run.press(b"qq")
        run.wait_for("no gaps")
        assert b"\x1b" not in run.shown
        assert run.end() == 0


def test_without_a_terminal_each_step_is_a_line_and_it_plays_to_the_end(server: Speaker, command: list[str]) -> None:
    environment = {**os.environ, **server.environment}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "0:00 Warm strokes\n0:03 Knead\n0:06 Rest\nplayed 0:09 of 0:09, no gaps\n"
    assert done.stderr == ""


def test_what_is_left_in_the_window_is_one_line(server: Speaker, command: list[str], tmp_path: Path) -> None:
    tmux = [program("tmux"), "-S", str(tmp_path / "tmux"), "-f", os.devnull]
    environment = {**os.environ, **server.environment}

    def do(*arguments: str) -> str:
        return subprocess.run(
            [*tmux, *arguments], env=environment, capture_output=True, text=True, timeout=20, check=True
        ).stdout

    do("new-session", "-d", "-x", "100", "-y", "30", f"echo before; {' '.join(command)}; echo after; cat")
    try:
        until(lambda: "q quit" in do("capture-pane", "-p"), "the display")
        do("send-keys", "q", "q")
        until(lambda: "after" in do("capture-pane", "-p"), "the end")
        before, summary, after = do("capture-pane", "-p").strip().splitlines()
        assert (before, after) == ("before", "after")
        assert summary.startswith("played 0:0")
        assert do("display-message", "-p", "#{cursor_flag}").strip() == "1"
    finally:
        do("kill-server")
