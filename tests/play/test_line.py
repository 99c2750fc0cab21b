"""A device that is lost: the session holds, the device is looked for, and nothing of the session is lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.play.pulse import RATE, Speaker, recorder, speaker, undisturbed
from tests.play.sinks import FRAME, after_silence, until
from tests.play.sounds import common, exported
from voiceguide import Session
from voiceguide.play.commands import End, GoOn, Hold, Next, Toggle
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.notices import notice
from voiceguide.play.output import LiveOutput, NoSoundError, pick_output
from voiceguide.play.player import Player

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no PulseAudio on Windows")

REPEATED = RATE
"""As many frames may be heard twice: what the device had, and what of the phrase was heard before."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaker]:
    with speaker() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def playing(player: Player, frames: int = 24_000) -> None:
    """Wait until *frames* have been handed over."""
    until(lambda: player.heard.transport.at > frames, "the first words", 8)


def away(player: Player) -> None:
    """Wait until the player knows that its device is gone."""
    until(lambda: player.now.away != "" and player.now.state == "holding", "away", 10)


def back(player: Player) -> None:
    """Wait until it has one again, which asks for sound."""
    until(lambda: player.now.away == "", "back", 20)


def lost_nothing(before: bytes, after: bytes, reference: bytes) -> None:
    """Assert that *before* is the beginning of *reference*, and *after* the rest, with a little of it twice at most."""
    reference = after_silence(reference)
    heard = common(before, reference)
    ended, whole = after.rstrip(b"\0"), reference.rstrip(b"\0")
    again = common(frames_backwards(ended), frames_backwards(whole))
    begun = -(-len(whole) // FRAME) - again
    assert heard > RATE // 4
    assert begun <= heard + 480, f"{begun - heard} frames are lost"  # the ramp of a hold is no loss
    assert heard - begun <= REPEATED


def frames_backwards(data: bytes) -> bytes:
    """Return the whole frames of *data*, the last one first."""
    data = data + bytes(-len(data) % FRAME)
    return memoryview(data).cast("I")[::-1].tobytes()


def held_through(server: Speaker, short: Session, folder: Path, lose: str, find: str) -> None:
    """Play while the device is lost and found by these methods of *server*: all is heard that was to be."""
    with Player(short, MiniaudioOutput()) as player:
        with recorder(server) as first:
            playing(player)
            getattr(server, lose)()
            away(player)
        assert player.underruns.count == 0
        player.do(Next())  # nothing but the end can be asked for now
        getattr(server, find)()
        back(player)
        with recorder(server) as second:
            assert player.now.state == "holding"
            player.do(GoOn())
            assert player.wait(30)
            second.wait_for_silence(4_800)
    lost_nothing(first.sounding(), second.data, exported(short, folder))


@undisturbed
def test_a_sink_that_is_removed_and_comes_back_costs_nothing(server: Speaker, short: Session, tmp_path: Path) -> None:
    held_through(server, short, tmp_path, "unplug", "plug")


@undisturbed
def test_a_server_that_is_killed_and_started_again_costs_nothing(
    server: Speaker, short: Session, tmp_path: Path
) -> None:
    held_through(server, short, tmp_path, "kill", "start")


def test_a_frozen_server_holds_the_session_until_it_goes_on(server: Speaker, short: Session) -> None:
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        os.kill(server.server.pid, signal.SIGSTOP)
        away(player)
        os.kill(server.server.pid, signal.SIGCONT)
        back(player)
        at = player.now.at
        player.do(GoOn())
        until(lambda: player.now.at > at + 4_800, "the sound", 10)


def test_a_device_that_went_away_while_the_process_was_suspended_is_found_again(
    server: Speaker, short: Session
) -> None:
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        player.do(Hold())
        until(lambda: player.now.state == "holding", "held", 5)
        player.rest()
        server.kill()
        player.wake()
        away(player)
        server.start()
        back(player)
        at = player.now.at
        player.do(GoOn())
        until(lambda: player.now.at > at + 4_800, "the sound", 10)


def test_leaving_while_the_server_is_frozen_takes_no_time(server: Speaker, short: Session) -> None:
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        os.kill(server.server.pid, signal.SIGSTOP)
        away(player)
        player.do(End())
        assert player.wait(3)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    os.kill(server.server.pid, signal.SIGCONT)


def test_a_stream_that_moves_to_another_device_is_held_at_once(server: Speaker, short: Session) -> None:
    server.plug("other")
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        (stream, *_) = server.control("list", "short", "sink-inputs").split()
        server.control("move-sink-input", stream, "other")
        until(lambda: player.now.state == "holding", "the hold", 5)
        before = player.heard.here
        player.do(GoOn())
        until(lambda: player.now.at > before + 4_800, "the sound", 10)
        assert player.now.away == ""


def test_a_listener_may_want_it_to_go_on_by_itself(server: Speaker, short: Session) -> None:
    with Player(short, MiniaudioOutput()) as player:
        player.returns = True
        playing(player)
        server.unplug()
        away(player)
        before = player.heard.here
        server.plug()
        until(lambda: player.now.at > before + 4_800, "the sound", 20)


def test_while_there_is_no_device_space_settles_whether_it_goes_on_by_itself(server: Speaker, short: Session) -> None:
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        server.unplug()
        away(player)
        told = []
        for command in (Toggle(), Toggle(), GoOn(), GoOn()):
            player.do(command)
            told.append(player.now.returns)
        assert told == [True, False, True, True]
        before = player.heard.here
        server.plug()
        notices = []

        def sounds() -> bool:
            now = player.now
            notices.append(notice(now).key)
            return now.at > before + 4_800

        until(sounds, "the sound", 20)
        assert list(dict.fromkeys(notices)) == ["away", ""]  # and never held
        assert not player.now.returns


def test_another_usual_device_in_mid_session_loses_nothing(server: Speaker, short: Session) -> None:
    server.plug("other")
    with Player(short, MiniaudioOutput()) as player:
        playing(player)
        server.control("set-default-sink", "other")
        until(lambda: player.now.state == "holding", "the hold", 5)
        player.do(GoOn())
        assert player.wait(30)


def test_the_device_is_chosen_by_a_part_of_its_name(server: Speaker, short: Session) -> None:
    server.plug("other")
    output = pick_output("miniaudio")
    assert isinstance(output, LiveOutput)
    names = [device.name for device in output.devices()]
    assert len(names) == 2
    (name,) = [name for name in names if "other" in name.casefold()]
    output.choose(device=name.upper(), latency_ms=120)
    with Player(short, output) as player:
        playing(player)
        sinks = {line.split()[1]: line.split()[0] for line in server.control("list", "short", "sinks").splitlines()}
        assert server.control("list", "short", "sink-inputs").split()[1] == sinks["other"]
    output.choose(device="nowhere")
    with pytest.raises(NoSoundError, match=r"no device is called 'nowhere'; there are: "):
        output.check()


def test_a_frozen_server_at_the_start_is_told_soon(server: Speaker) -> None:
    os.kill(server.server.pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(NoSoundError, match="gives no answer"):
        pick_output("miniaudio").check()
    assert time.monotonic() - begun < 3
    os.kill(server.server.pid, signal.SIGCONT)
