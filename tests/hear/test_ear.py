"""A real microphone in a room that hears a session: a sound server's sink is the room, and a voice speaks into it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.need import program
from tests.play.pulse import Speaker, speaker
from tests.play.sinks import session, until
from voiceguide import VoiceguideError
from voiceguide.cli.play import ear_of
from voiceguide.diagnostics import UsageError
from voiceguide.hear.ear import Ear
from voiceguide.hear.listener import Speech, SpokenCommands
from voiceguide.hear.microphone import Microphone, microphones
from voiceguide.hear.remote import EarRemote
from voiceguide.hear.trial_voices import TrialVoice, voices
from voiceguide.play.commands import Command
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.play.simpleaudio_output import SimpleaudioOutput
from voiceguide.speech.cache import ClipCache

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no PulseAudio on Windows"),
]
SCRIPT = """
routine: A long one
length: 2m..4m..9m
bed: {sound: rain}
steps:
  - {name: talk, title: Talk, say: One two three four five six seven eight., for: 30s..60s..3m}
  - {name: more, title: More, say: Nine ten eleven twelve., for: 30s..60s..3m}
  - {name: end, title: End, say: The end., for: 30s..60s..3m}
"""


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaker]:
    """Give a sound server whose microphone hears a room, in which the session is heard a tenth of a second later."""
    pytest.importorskip("faster_whisper")
    with speaker() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        running.control("load-module", "module-null-sink", "sink_name=room", "rate=48000")
        running.control("load-module", "module-loopback", "source=t.monitor", "sink=room", "latency_msec=100")
        running.control("set-default-sink", "t")
        running.control("set-default-source", "room.monitor")
        yield running


@pytest.fixture
def voice(tmp_path: Path) -> TrialVoice:
    (voice,) = voices(["espeak en-us"], tmp_path)
    return voice


def speak(voice: TrialVoice, phrase: str) -> None:
    """Say *phrase* in the room."""
    pcm = (voice.say(phrase) * 20_000).astype("<i2").tobytes()
    line = [program("pacat"), "--device=room", "--format=s16le", "--rate=16000", "--channels=1"]
    subprocess.run(line, input=pcm, check=True, timeout=30)


def say_until(voice: TrialVoice, phrase: str, done: Callable[[], bool]) -> None:
    """Say *phrase* in the room until it is *done*, three times at most: as people do when they are not understood."""
    for last in (False, False, True):
        speak(voice, phrase)
        try:
            until(done, phrase, 8)
        except AssertionError:
            if last:
                raise
        else:
            return


def test_the_microphones_are_listed_and_one_that_is_not_there_is_told(room: Speaker) -> None:
    names = [device.name for device in microphones()]
    assert len(names) == 2
    with pytest.raises(VoiceguideError, match=r"no device is called 'headset'; there are: Monitor of"):
        Microphone("headset").check()


def test_what_is_said_in_the_room_commands_the_session_and_the_session_does_not(
    room: Speaker, voice: TrialVoice, tmp_path: Path, cache: ClipCache
) -> None:
    ear = EarRemote()
    with Player(session(tmp_path, cache, SCRIPT), MiniaudioOutput()) as player:
        player.prepare()
        ear.start(player)
        try:
            until(lambda: player.now.at > 12 * 48_000, "the time to learn the echo", 30)
            assert player.now.understood == ""
            say_until(voice, "Guide, next step.", lambda: player.now.understood == "next")
            say_until(voice, "Guide, pause.", lambda: player.now.state == "holding")
            say_until(voice, "Guide, go on.", lambda: player.now.state == "playing")
            say_until(voice, "Stop!", lambda: player.now.understood == "stop")
            assert player.now.state == "holding"
        finally:
            ear.stop()
    assert player.underruns.count == 0 or player.underruns.frames < 48_000


def test_the_echo_is_known_and_the_microphone_is_let_go(room: Speaker, tmp_path: Path, cache: ClipCache) -> None:
    said, got = list[Speech](), list[Command]()
    with Player(session(tmp_path, cache, SCRIPT), MiniaudioOutput()) as player:
        player.prepare()
        ear = Ear(Microphone(), SpokenCommands(said=said.append), player.rate, got.append)
        player.tap = ear.play
        ear.open()
        until(lambda: ear.echo.delay.known, "the echo", 30)
        assert 0 < ear.echo.delay.last < 8_000
        ear.close()
        outputs = room.control("list", "short", "source-outputs").splitlines()
        assert len(outputs) == 1  # the loopback's own
    assert got == []


def test_no_microphone_is_one_clear_message(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper")
    own = {"PULSE_SERVER": f"unix:{tmp_path}/none", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "voiceguide", "hear", "--seconds", "3"]
    done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    assert re.fullmatch(
        r"voiceguide: there is no microphone to listen with \(.*\)\n  plug one in, or play without --listen\n",
        done.stderr,
    )


def test_an_output_whose_sound_is_not_known_while_it_plays_is_refused() -> None:
    with pytest.raises(UsageError, match="plays whole sessions: what it plays could not be told from what you say"):
        ear_of("", True, SimpleaudioOutput())
    assert ear_of("", False, SimpleaudioOutput()) is None


CODE = """
import numpy as np
from voiceguide.hear.listener import SpokenCommands
SpokenCommands().feed(np.zeros(32000, np.float32), np.zeros(32000, np.float32))
"""


def test_nothing_is_sent(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper")
    log = tmp_path / "calls"
    own = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    command = [
        program("strace"),
        "-f",
        "-e",
        "trace=connect,sendto,sendmsg",
        "-o",
        str(log),
        sys.executable,
        "-c",
        CODE,
    ]
    subprocess.run(command, env={**os.environ, **own}, check=True, capture_output=True, timeout=120)
    calls = [line for line in log.read_text().splitlines() if re.search(r"\b(connect|sendto|sendmsg)\(", line)]
    assert calls == []
    assert {path.name for path in tmp_path.rglob("*")} == {"calls"}


def test_a_loud_room_is_shown() -> None:
    from voiceguide.hear.canceller import BLOCK
    from voiceguide.hear.echo import Echo

    echo = Echo()
    for _ in range(200):
        echo.clean(np.full(BLOCK, 0.1, np.float32), np.zeros(BLOCK, np.float32))
    assert round(echo.heard_db) == -20
    assert echo.taken_db == 0
