"""`watch` and `say` with sound: one step at a time, until the next save or the end, and no trace is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.play.pulse import Speaker, recorder, speaker
from tests.play.sinks import FRAME, until
from tests.play.sinks import SCRIPT as SHORT
from tests.play.terminal import terminal
from voiceguide import VoiceOptions, compile_session, open_routine
from voiceguide.audio.mix import to_pcm16

SCRIPT = """
routine: Long steps
length: 30s..1m..2m
steps:
  - {do: warm, say: One two three., for: 10s..30s..50s}
  - {do: knead, say: Four five six seven., for: 10s..30s..50s}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Speaker]:
    with speaker() as running:
        yield running


def test_the_step_under_change_is_played_until_the_next_save(server: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "voiceguide", "watch", str(path), "--engine", "tone"]
    with recorder(server) as heard, terminal(server, command) as run:
        run.wait_for("planned in")
        path.write_text(SCRIPT.replace("Four five six seven.", "Four five six seven eight."), encoding="utf-8")
        run.wait_for("Knead: 0:30.0, other words")
        run.wait_for("playing Knead")
        until(lambda: len(heard.sounding()) > 48_000 * FRAME, "a second of sound")
        session = compile_session(open_routine(str(path)), options=VoiceOptions("tone"))
        step = session.timeline.steps[1]
        part = to_pcm16(next(session.part(step.start, step.end).blocks(48_000)), 0).tobytes()
        assert heard.data.count(part) == 1
        path.write_text(SCRIPT.replace("One", "Zero one").replace("seven.", "seven eight."), encoding="utf-8")
        run.wait_for("playing Warm")
        path.write_text(SCRIPT.replace("One", "{").replace("seven.", "seven eight."), encoding="utf-8")
        run.wait_for("the plan of 1:00.0 stands")
        heard.wait_for_silence(24_000)  # a broken script stops what was played, and plays nothing
        run.press(b"\x03")
        assert run.end() == 130
        assert b"\x1b" not in run.shown


def test_it_can_be_told_not_to_play(server: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "voiceguide", "watch", str(path), "--engine", "tone", "--no-play"]
    with terminal(server, command) as run:
        run.wait_for("planned in")
        for words in ("Six", "Seven"):
            path.write_text(SCRIPT.replace("One", words), encoding="utf-8")
            run.wait_for("planned in")
        run.press(b"\x03")
        assert run.end() == 130
        assert b"playing" not in run.shown


def test_a_bed_prepared_while_it_plays_leaves_the_terminal_alone(server: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(SCRIPT.replace("steps:", "bed: {sound: rain}\nsteps:"), encoding="utf-8")
    command = [sys.executable, "-m", "voiceguide", "watch", str(path), "--engine", "tone"]
    with terminal(server, command, VOICEGUIDE_CACHE=str(tmp_path / "cache")) as run:
        run.wait_for("planned in")
        path.write_text(path.read_text(encoding="utf-8").replace("10s..30s", "10s..20s", 1), encoding="utf-8")
        run.wait_for("planned in")  # nothing new to speak, so no bar was drawn before
        run.wait_for("playing Warm")
        run.press(b"\x03")
        assert run.end() == 130
        assert b"\x1b" not in run.shown


def test_say_plays_one_step_to_its_end(server: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    command = [sys.executable, "-m", "voiceguide", "say", str(path), "knead", "--engine", "tone"]
    environment = {**os.environ, **server.environment}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0:00 Knead\nplayed 0:03 of 0:03, no gaps\n"
