"""The screen in a real terminal of two sizes, from the first sound to the line that stays, with a shell around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.need import program
from tests.play.pulse import Speaker, speaker
from tests.play.sinks import until
from voiceguide.play.digits import big

SCRIPT = """
routine: A short one
length: 10s..18s..30s
steps:
  - section: Feet
    each: foot
    steps:
      - {do: warm, title: Warm strokes, say: Stroke the foot., for: 2s..3s..4s, quiet: 0s}
  - {do: breathe, title: Even breaths, breathe: 4-0-2-0, for: 12s}
"""
PLAY = f"{sys.executable} -m voiceguide play --engine tone --bed none"


@pytest.fixture(scope="module")
def server() -> Iterator[Speaker]:
    with speaker() as running:
        yield running


class Window:
    """A window of tmux with a shell in it."""

    def __init__(self, do: Callable[..., str]) -> None:
        self.do = do

    @property
    def rows(self) -> list[str]:
        return self.do("capture-pane", "-p").splitlines()

    def press(self, *keys: str) -> None:
        self.do("send-keys", *keys)

    def wait_for(self, *texts: str) -> list[str]:
        """Wait until each of *texts* is shown in one picture; return its rows."""
        seen: list[list[str]] = []

        def there() -> bool:
            seen.append(self.rows)
            return all(any(text in row for row in seen[-1]) for text in texts)

        try:
            until(there, f"{texts}")
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *seen[-1]])) from None
        return seen[-1]


@contextmanager
def window(server: Speaker, folder: Path, size: tuple[int, int]) -> Iterator[Window]:
    tmux = [program("tmux"), "-S", str(folder / f"tmux{size[0]}"), "-f", os.devnull]
    environment = {**os.environ, **server.environment, "TERM": "xterm", "HISTFILE": os.devnull}
    environment = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}

    def do(*arguments: str) -> str:
        return subprocess.run(
            [*tmux, *arguments], env=environment, capture_output=True, text=True, timeout=20, check=True
        ).stdout

    do("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), "bash --norc --noprofile -i")
    try:
        yield Window(do)
    finally:
        do("kill-server")


def script(folder: Path) -> Path:
    path = folder / "short.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def holds(rows: list[str], picture: tuple[str, ...] | None, column: int) -> bool:
    """Tell whether *picture* lies in *rows* with its left edge at *column*."""
    assert picture is not None
    wanted = [row.rstrip() for row in picture]
    found = [row[column : column + len(picture[0])].rstrip() for row in rows]
    return any(found[at : at + len(wanted)] == wanted for at in range(len(found)))


def test_the_screen_is_right_at_the_start_on_hold_at_the_change_of_feet_and_in_a_breath(
    server: Speaker, tmp_path: Path
) -> None:
    path = script(tmp_path)
    with window(server, tmp_path, (80, 24)) as small, window(server, tmp_path, (200, 60)) as large:
        both = ((small, 1, 0, 2, (80, 24)), (large, 2, 1, 20, (200, 60)))
        for shell, *_ in both:
            shell.press(f"{PLAY} {path}", "Enter")
        for shell, scale, head, edge, (_, height) in both:
            begun = shell.wait_for("Warm strokes · LEFT", "Stroke the foot.", "space hold", "? all keys")
            assert holds(begun, big("Warm strokes", head), edge)
            assert holds(begun, big("LEFT", scale), edge)
            assert len(begun) == height
            assert not any("voiceguide" in row for row in begun)  # the shell is on another page
            shell.press("Space")
            held = shell.wait_for("held: press space to go on", "space go on")
            assert holds(held, big("held", head), edge)
            shell.press("Space")
        for shell, scale, _, edge, (width, _) in both:
            other, right = shell.wait_for("Feet: right"), big("RIGHT", scale)
            assert holds(other, right, width - edge - len(right[0] if right else ""))
            assert not holds(other, big("LEFT", scale), edge)
        for shell, _, head, edge, _ in both:
            first = shell.wait_for("breathe in, 4", "Even breaths")
            assert holds(first, big("in", head), edge)
            later = shell.wait_for("breathe in, 2")
            full = [max(row.count("█") for row in rows if "░" in row) for rows in (first, later)]
            assert full[0] < full[1]


def test_resizing_suspending_and_quitting_leave_the_terminal_right(server: Speaker, tmp_path: Path) -> None:
    with window(server, tmp_path, (80, 24)) as shell:
        shell.press(f"{PLAY} {script(tmp_path)}", "Enter")
        shell.wait_for("Warm strokes · LEFT")
        shell.press("C-z")
        shell.wait_for("Stopped")
        assert shell.do("display-message", "-p", "#{cursor_flag} #{alternate_on}").split() == ["1", "0"]
        shell.press("fg", "Enter")
        back = shell.wait_for("held: press space to go on", "Warm strokes · LEFT")
        assert holds(back, big("held", 0), 2)

        shell.do("resize-window", "-x", "40", "-y", "12")
        small = shell.wait_for("held: press space to go on", "? all keys")
        assert len(small) == 12
        shell.do("resize-window", "-x", "80", "-y", "24")
        assert holds(shell.wait_for("held: press space to go on", "louder"), big("held", 0), 2)

        quit_here(shell)


def test_a_lost_device_is_told_and_looked_for_and_the_end_is_shown(tmp_path: Path) -> None:
    path = script(tmp_path)
    with (
        speaker() as server,
        window(server, tmp_path, (80, 24)) as small,
        window(server, tmp_path, (200, 60)) as large,
    ):
        both = ((small, 0, 2, 24), (large, 1, 20, 60))
        for shell, *_ in both:
            shell.press(f"{PLAY} {path}", "Enter")
        for shell, *_ in both:
            shell.wait_for("Warm strokes · LEFT", "space hold")
        server.unplug()
        for shell, head, edge, height in both:
            away = shell.wait_for("no sound device: it has stopped, or was pulled out. It is looked for")
            assert holds(away, big("no sound", head), edge)
            assert len(away) == height
        large.press("Space")
        large.wait_for("It goes on when back")
        server.plug()
        back = small.wait_for("held: press space to go on")
        assert holds(back, big("held", 0), 2)
        small.press("Space")
        ended: dict[int, list[str]] = {}

        def both_end() -> bool:
            pictures = {height: shell.rows for shell, _, _, height in both}
            ended.update({height: rows for height, rows in pictures.items() if any("the end" in row for row in rows)})
            return len(ended) == 2

        until(both_end, "the end", 40)
        for shell, head, edge, height in both:
            assert holds(ended[height], big("the end", head), edge)
            shell.wait_for("played 0:18 of 0:18")


def quit_here(shell: Window) -> None:
    """Quit the session that plays in *shell*; see that the terminal is as it was."""
    shell.press("q")
    shell.wait_for("held: press q again to end, space to go on")
    shell.press("q")
    shell.wait_for("played 0:")
    shell.press("clear; stty -a", "Enter")
    assert any(" echo " in f"{row} " for row in shell.wait_for("icanon"))
    assert any(" icanon " in f" {row} " for row in shell.wait_for("icanon"))
    assert shell.do("display-message", "-p", "#{cursor_flag} #{alternate_on}").split() == ["1", "0"]


def test_a_session_that_ends_leaves_one_line_and_the_shell_as_it_was(server: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(
        "routine: A\nlength: 1s..2s..3s\nsteps: [{do: a, say: One., for: 2s, quiet: 0s}]\n", encoding="utf-8"
    )
    with window(server, tmp_path, (100, 30)) as shell:
        shell.press(f"clear; {PLAY} {path}", "Enter")
        shell.wait_for("the end")
        rows = [row for row in shell.wait_for("played 0:02 of 0:02", "bash-") if row]
        assert [row[:19] for row in rows[:-1]] == ["played 0:02 of 0:02"]  # and the prompt


@pytest.mark.parametrize(("option", "shown"), [("", "space hold"), ("--plain", "step: ")])
def test_what_a_killed_session_left_of_the_terminal_is_put_right_by_the_next(
    option: str, shown: str, server: Speaker, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with window(server, tmp_path, (80, 24)) as shell:
        shell.press(f"export VOICEGUIDE_HOME={home}; exec sh", "Enter")
        shell.press(f"{PLAY} {script(tmp_path)}", "Enter")
        shell.wait_for("Warm strokes · LEFT")
        until(lambda: any(home.glob("state/sessions/*/place.json")), "a place")
        pane = shell.do("display-message", "-p", "#{pane_pid}").strip()
        children = Path(f"/proc/{pane}/task/{pane}/children")
        (child,) = children.read_text(encoding="ascii").split()
        os.kill(int(child), signal.SIGKILL)
        until(lambda: not children.read_text(encoding="ascii"), "its end, as the shell knows it")
        assert shell.do("display-message", "-p", "#{cursor_flag} #{alternate_on}").split() == ["0", "1"]
        shell.press("clear", "Enter")
        until(lambda: not any("Warm strokes" in row for row in shell.rows), "the old picture's end")
        shell.press(f"{sys.executable} -m voiceguide resume {option}", "Enter")
        shell.wait_for(shown)
        quit_here(shell)
