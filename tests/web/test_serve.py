"""The two commands, as they are typed: `serve`, and `play --remote`, which waits for the phone."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.play.pulse import recorder, speaker
from tests.play.sinks import SCRIPT, until
from tests.web.stage import Client

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.play.terminal import terminal

URL = re.compile(rb"http://127\.0\.0\.1:[0-9]+/#[-_A-Za-z0-9]{22}(?=\r\n)")
PROGRAM = [sys.executable, "-m", "voiceguide"]


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "short.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return str(path)


def test_what_is_served_is_what_is_exported(script: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole.wav"
    subprocess.run([*PROGRAM, "export", script, "-e", "tone", "-o", str(whole), "-q"], check=True)
    command = [*PROGRAM, "serve", script, "-e", "tone", "--address", "127.0.0.1", "--opus"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        lines = [served.stdout.readline() for _ in range(3)]
        assert lines[0] == "A short one: scan this with the phone that is to play it\n"
        phone = Client(lines[1].strip())
        assert phone.ask("GET", "/sound.wav")[0] == 401
        assert phone.pair()[0] == 200
        expected = whole.read_bytes()
        status, data, headers = phone.whole("GET", "/sound.wav")
        assert (status, data == expected, headers["accept-ranges"]) == (200, True, "bytes")
        status, data, headers = phone.whole("GET", "/sound.wav", Range="bytes=1001-100000")
        assert (status, data == expected[1001:100001]) == (206, True)
        assert headers["content-range"] == f"bytes 1001-100000/{len(expected)}"
        assert phone.ask("GET", "/sound.wav", Range=f"bytes={len(expected)}-")[0] == 416
        assert phone.ask("GET", "/sound.opus", Range="bytes=0-3") == (206, b"OggS")
        assert phone.ask("GET", "/captions.vtt")[1].startswith(b"WEBVTT\n")
        served.send_signal(signal.SIGINT)
        out, err = served.communicate(timeout=20)
        assert (served.returncode, out, err) == (128 + signal.SIGINT, "", "")


def test_play_waits_for_the_phone_which_then_commands_it(script: str) -> None:
    command = [*PROGRAM, "play", script, "-e", "tone", "--remote-address", "127.0.0.1"]
    with speaker() as server, recorder(server), terminal(server, command) as run:
        run.wait_for("Enter begins without it.")
        run.wait_for("\x1b[97;40m")
        until(lambda: bool(URL.search(run.shown)), "the address")
        phone = Client(URL.findall(run.shown)[0].decode())
        assert phone.pair()[0] == 200
        run.wait_for("Warm strokes")
        assert phone.do("toggle") == 204
        run.wait_for("go on")
        assert phone.do("end") == 204
        assert run.end() == 0
