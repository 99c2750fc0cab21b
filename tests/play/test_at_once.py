"""What is done while a session is still being spoken: keys, Ctrl-C, no device, and a cache that is emptied."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.play.pulse import Speaker, speaker, undisturbed
from tests.play.sinks import SCRIPT
from tests.play.terminal import terminal

LONG = "a slow breath in and a slow breath out while the hands go round and round over the whole of the sole "
VOICES = ("espeak", "system", "piper")


@pytest.fixture(scope="module")
def server() -> Iterator[Speaker]:
    with speaker() as running:
        yield running


def say(folder: Path, command: str, engine: str, *more: str, script: str = SCRIPT) -> list[str]:
    """Return the command that has *script* spoken by *engine*."""
    path = folder / "short.yaml"
    path.write_text(script, encoding="utf-8")
    if engine == "piper":
        pytest.importorskip("piper")
    return [sys.executable, "-m", "voiceguide", command, str(path), "--engine", engine, *more]


def wordy() -> str:
    """Return a script that takes long to speak."""
    steps = "".join(f"  - say: '{number} {LONG * 4}'\n" for number in range(30))
    return f"routine: Wordy\nlength: 25m\nsteps:\n{steps}  - pause: 1s..5m..25m\n"


def test_while_the_first_words_are_made_it_says_so_and_keys_hold_and_leave_it(server: Speaker, tmp_path: Path) -> None:
    command = say(tmp_path, "play", "system", "--bed", "none", script=wordy())
    with terminal(server, command, VOICEGUIDE_CACHE=str(tmp_path / "cache")) as run:
        run.wait_for("one moment: speaking")
        run.press(b" ")
        run.wait_for("held: press space to go on")
        run.press(b"q")
        run.wait_for("press q again to end")
        run.press(b"q")
        run.wait_for("played 0:00 of 25:00")
        assert run.end() == 0


def test_a_short_one_goes_on_by_itself_once_it_is_spoken(server: Speaker, tmp_path: Path) -> None:
    command = say(tmp_path, "play", "system", "--bed", "none")
    with terminal(server, command, VOICEGUIDE_CACHE=str(tmp_path / "cache")) as run:
        run.wait_for("Warm strokes")
        run.wait_for("space hold")
        run.wait_for("played 0:09 of 0:09")
        assert run.end() == 0


def test_without_a_device_it_says_so_before_anything_is_spoken(tmp_path: Path) -> None:
    nowhere = {"PULSE_SERVER": f"unix:{tmp_path}/none", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    environment = {**os.environ, **nowhere, "VOICEGUIDE_CACHE": str(tmp_path / "cache")}
    for command in (say(tmp_path, "play", "system"), [*say(tmp_path, "say", "system"), "warm"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 3
        assert done.stderr.startswith("voiceguide: there is no sound device to play on (miniaudio: ")
        assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("engine", VOICES)
@pytest.mark.parametrize("action", ["play", "export"])
def test_ctrl_c_while_it_speaks_ends_it_within_a_second_and_leaves_nothing(
    server: Speaker, tmp_path: Path, engine: str, action: str
) -> None:
    more = ["-o", str(tmp_path / "out.wav")] if action == "export" else []
    command = say(tmp_path, action, engine, *more, script=wordy())

    @undisturbed
    def ended() -> None:
        folder = tempfile.mkdtemp(dir=tmp_path)
        with terminal(server, command, VOICEGUIDE_CACHE=str(tmp_path / "cache"), TMPDIR=folder) as run:
            run.wait_for("one moment" if action == "play" else "measuring" if engine == "piper" else "speaking")
            began = time.monotonic()
            run.press(b"\x03")
            assert run.end() == 130
            assert time.monotonic() - began < 1
            assert b"Traceback" not in run.shown
        assert os.listdir(folder) == []

    ended()
    assert [path for path in tmp_path.rglob("*.*") if path.suffix not in (".clip", ".yaml")] == []


@undisturbed
def test_the_cache_may_be_emptied_beside_it(server: Speaker, tmp_path: Path) -> None:
    command = say(tmp_path, "play", "espeak")
    environment = {**os.environ, **server.environment, "VOICEGUIDE_CACHE": str(tmp_path / "cache")}
    clear = [sys.executable, "-m", "voiceguide", "cache", "--clear"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as playing:
        assert playing.stdout is not None
        lines = []
        for line in playing.stdout:
            lines.append(line)
            subprocess.run(clear, env=environment, capture_output=True, check=True)
    assert (playing.returncode, lines[-1]) == (0, "played 0:09 of 0:09, no gaps\n"), lines


def test_without_keys_no_keys_are_shown(server: Speaker, tmp_path: Path) -> None:
    command = " ".join(say(tmp_path, "play", "tone", "--bed", "none"))
    with terminal(server, ["/bin/sh", "-c", f"{command} </dev/null"]) as run:
        run.wait_for("Warm strokes")
        run.wait_for("next: Knead")
        run.wait_for("next: Rest")
        assert b"hold" not in run.shown
        assert b"quit" not in run.shown
        run.wait_for("played 0:09 of 0:09")
        assert run.end() == 0
