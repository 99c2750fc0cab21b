"""Played on a real sound server and recorded from it: bit for bit what is exported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.play.pulse import Recorder, Speaker, recorder, speaker, undisturbed
from tests.play.sinks import FRAME, SCRIPT, until
from tests.play.sounds import exported, find_hold, is_faint, is_silent
from voiceguide import Session, VoiceguideError
from voiceguide.play.commands import GoOn, Hold
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.play.simpleaudio_output import SimpleaudioOutput
from voiceguide.play.whole_player import WholePlayer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no PulseAudio on Windows")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaker]:
    with speaker() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def heard(server: Speaker) -> Iterator[Recorder]:
    with recorder(server) as running:
        yield running


@undisturbed
def test_what_is_heard_is_the_exported_file(heard: Recorder, short: Session, tmp_path: Path) -> None:
    earlier = heard.frames * FRAME
    with Player(short, MiniaudioOutput()) as player:
        assert player.wait(30)
        heard.wait_for_silence(4_800)
        assert player.underruns.count == 0
    reference = exported(short, tmp_path)
    data = heard.data[earlier:]
    at = data.find(reference)
    assert at >= 0
    assert at % FRAME == 0
    assert is_faint(data[:at])
    assert is_silent(data[at + len(reference) :])


@undisturbed
def test_a_hold_is_heard_soon_as_silence_and_loses_nothing(heard: Recorder, short: Session, tmp_path: Path) -> None:
    earlier = heard.frames * FRAME
    second = short.timeline.steps[1].start
    with Player(short, MiniaudioOutput()) as player:
        until(lambda: player.heard.transport.at >= second + 9_600, "the second step")
        before = player.heard.transport.at
        player.do(Hold())
        until(lambda: player.heard.transport.state == "holding", "the hold")
        heard.wait_for_silence(24_000)
        player.do(GoOn())
        assert player.wait(30)
        heard.wait_for_silence(4_800)
        assert player.underruns.count == 0
    reference = exported(short, tmp_path)
    data = heard.data[earlier:]
    first = data.find(reference[: 4_800 * FRAME])
    at, silence = find_hold(data[first:], reference, short)
    assert at - before < 4_800, "a command has to overtake what waits for the device"
    assert silence >= 24_000


def test_a_device_that_does_not_come_back_ends_play_with_what_to_do(server: Speaker, short: Session) -> None:
    with Player(short, MiniaudioOutput()) as player:
        player.gives_up_s = 0.5
        until(lambda: player.heard.transport.at > 24_000, "the first half second")
        server.server.kill()
        with pytest.raises(VoiceguideError, match=r"the sound device is gone, at 0:0\d") as raised:
            player.wait(30)
    assert "voiceguide export" in raised.value.hint


def test_without_a_device_it_says_so_and_how_to_hear_it_anyway(tmp_path: Path) -> None:
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    nothing = tmp_path / "no-cards.conf"
    nothing.write_text("")
    nowhere = {
        "PULSE_SERVER": f"unix:{tmp_path / 'nothing.sock'}",
        "ALSA_CONFIG_PATH": str(nothing),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "HOME": str(tmp_path),
        "JACK_NO_START_SERVER": "1",
        "AUDIODEVICE": "none",
    }
    command = [sys.executable, "-m", "voiceguide", "play", str(script), "--engine", "tone", "--bed", "none"]
    done = subprocess.run(command, env={**os.environ, **nowhere}, capture_output=True, text=True, timeout=60)
    message, hint = done.stderr.strip().splitlines()[-2:]
    assert message.startswith("voiceguide: there is no sound device to play on")
    assert "voiceguide export ROUTINE -o FILE.wav" in hint
    assert "Traceback" not in done.stderr
    assert "ALSA" not in done.stderr
    assert done.returncode == 3


def test_simpleaudio_plays_the_exported_file(short: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = SimpleaudioOutput()
    if output.status().state != "ready":  # an optional library, for one version of Python only
        pytest.skip(output.status().hint)
    heard, card = tmp_path / "heard.raw", tmp_path / "card.conf"
    sink = f'type file\n slave.pcm "void"\n file "{heard}"\n format "raw"'
    card.write_text(f"pcm.void {{ type null }}\npcm.!default {{ {sink}\n}}\nctl.!default {{ type null }}\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card))
    with WholePlayer(short, output) as player:
        assert player.wait(30)
        assert player.now.at == short.timeline.frames
    reference = exported(short, tmp_path)
    assert heard.read_bytes()[PREROLL_MS * 48 * FRAME :][: len(reference)] == reference
