"""The session on a desktop's bus, driven by `playerctl`: the clock is the test's, so all positions are exact."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.need import program
from tests.play.bus import playerctl, power_manager, session_bus
from tests.play.sinks import Collector, session, until
from voiceguide.play.awake import AwakeRemote
from voiceguide.play.commands import Hold
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.mpris import MprisRemote
from voiceguide.play.player import Player
from voiceguide.speech.cache import ClipCache

pytest.importorskip("dbus_fast")
PREROLL = PREROLL_MS * 48


class Stage:
    """A session that plays on a collector and is offered on the bus."""

    def __init__(self, player: Player, sink: Collector) -> None:
        self.player, self.sink = player, sink

    def play(self, seconds: float) -> None:
        self.sink.take(self.player, round(seconds * 48_000))

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Play on in small steps until *condition* holds."""

        def there() -> bool:
            self.play(0.01)
            return condition()

        until(there, what)

    def shows(self, *words: str, is_: str) -> None:
        """Play on in small steps until `playerctl` prints that."""
        self.until(lambda: playerctl(*words) == is_, f"{is_!r} from playerctl {' '.join(words)}")


@pytest.fixture
def bus() -> Iterator[str]:
    program("playerctl")
    with session_bus() as address:
        yield address


@pytest.fixture
def stage(bus: str, tmp_path: Path, cache: ClipCache) -> Iterator[Stage]:
    sink, remote = Collector(), MprisRemote()
    assert remote.status().state == "ready"
    with Player(session(tmp_path, cache), sink) as player:
        player.prepare()
        remote.start(player)
        on = Stage(player, sink)
        on.play(PREROLL / 48_000)
        yield on
        remote.stop()
        assert playerctl("status") == "No players found"
    until(lambda: not any("mpris" in thread.name for thread in threading.enumerate()), "the end of its threads")


def test_it_says_what_plays_and_where(stage: Stage) -> None:
    shown = "{{status}}|{{title}}|{{album}}|{{artist}}|{{mpris:length}}"
    stage.play(1)
    assert playerctl("metadata", "--format", shown) == "Playing|Warm strokes|A short one|voiceguide|9000000"
    assert float(playerctl("position")) == pytest.approx(1, abs=0.05)  # it adds the time since it asked
    stage.play(2.5)
    assert playerctl("metadata", "--format", shown) == "Playing|Knead|A short one|voiceguide|9000000"
    assert float(playerctl("position")) == pytest.approx(3.5, abs=0.05)
    assert playerctl("-l") == "voiceguide"


def test_play_and_pause_hold_and_go_on_and_play_alone_does_both(stage: Stage) -> None:
    stage.play(1)
    for command, state in (
        ("pause", "Paused"),
        ("pause", "Paused"),
        ("play", "Playing"),
        ("play", "Paused"),
        ("play", "Playing"),
        ("play-pause", "Paused"),
        ("play-pause", "Playing"),
    ):
        playerctl(command)
        stage.shows("status", is_=state)


def test_a_held_session_stays_where_it_is(stage: Stage) -> None:
    stage.play(1)
    stage.player.do(Hold())
    stage.shows("status", is_="Paused")
    at = playerctl("position")
    stage.play(2)
    assert playerctl("position") == at
    assert float(at) == stage.player.now.at / 48_000


def test_steps_are_gone_to_as_keys_do(stage: Stage) -> None:
    stage.play(1)
    playerctl("next")
    stage.shows("metadata", "title", is_="Knead")
    playerctl("next")
    stage.shows("metadata", "title", is_="Rest")
    playerctl("previous")
    stage.shows("metadata", "title", is_="Knead")
    assert stage.player.now.understood == "previous"


def test_positions_are_gone_to(stage: Stage) -> None:
    stage.play(2)
    playerctl("position", "6")
    stage.until(lambda: stage.player.now.understood == "forward", "the move")
    assert stage.player.now.at / 48_000 == pytest.approx(6, abs=0.1)
    playerctl("position", "3-")
    stage.until(lambda: stage.player.now.understood == "back", "the move")
    assert stage.player.now.at / 48_000 == pytest.approx(3, abs=0.2)
    before = stage.player.now.news
    playerctl("position", "3600")  # beyond the end: the specification says that nothing happens
    stage.play(0.5)
    assert stage.player.now.news == before


def test_the_volume_is_read_and_turned(stage: Stage) -> None:
    stage.play(0.1)
    assert playerctl("volume") == "1.000000"
    playerctl("volume", "0.5")
    stage.shows("volume", is_="0.501187")
    assert stage.player.now.volume_db == -6
    playerctl("volume", "1.0")
    stage.shows("volume", is_="1.000000")


def test_stop_holds_and_can_be_taken_back(stage: Stage) -> None:
    stage.play(1)
    playerctl("stop")
    stage.shows("status", is_="Paused")
    assert stage.player.now.leaving
    playerctl("play")
    stage.shows("status", is_="Playing")
    assert not stage.player.now.leaving


def test_changes_are_told_to_who_follows(stage: Stage, tmp_path: Path) -> None:
    told = tmp_path / "told"
    format_ = "{{status}} {{title}}"
    command = [program("playerctl"), "-p", "voiceguide", "--follow", "metadata", "--format", format_]
    with told.open("w") as file, subprocess.Popen(command, stdout=file) as following:
        until(lambda: told.read_text() == "Playing Warm strokes\n", "the first line")
        stage.play(3.5)
        until(lambda: "Playing Knead\n" in told.read_text(), "the next step")
        stage.player.do(Hold())
        stage.until(lambda: "Paused Knead\n" in told.read_text(), "the hold")
        following.kill()
    assert told.read_text().splitlines() == ["Playing Warm strokes", "Playing Knead", "Paused Knead"]


def test_a_jump_is_told_and_playing_on_is_not(stage: Stage, bus: str, tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = [program("dbus-monitor"), "--address", bus, "interface='org.mpris.MediaPlayer2.Player',member='Seeked'"]
    with told.open("w") as file, subprocess.Popen(command, stdout=file) as following:
        until(lambda: "NameAcquired" in told.read_text(), "the monitor")
        stage.play(0.5)
        playerctl("next")
        stage.until(lambda: "member=Seeked" in told.read_text(), "the jump")
        following.kill()
    assert told.read_text().count("member=Seeked") == 1


def test_a_second_session_has_a_name_of_its_own(stage: Stage, tmp_path: Path, cache: ClipCache) -> None:
    sink, remote = Collector(), MprisRemote()
    with Player(session(tmp_path, cache), sink) as player:
        player.prepare()
        remote.start(player)
        assert sorted(name.partition(".")[0] for name in playerctl("-l").splitlines()) == ["voiceguide", "voiceguide"]
        remote.stop()
    assert playerctl("-l") == "voiceguide"


def test_a_bus_that_goes_away_is_missed_by_nobody(tmp_path: Path, cache: ClipCache) -> None:
    sink, remote = Collector(), MprisRemote()
    with Player(session(tmp_path, cache), sink) as player:
        with session_bus():
            player.prepare()
            remote.start(player)
            sink.take(player, 48_000)
        sink.take_all(player)
        assert player.underruns.count == 0
        remote.stop()
    assert MprisRemote().status().state == "failed"


def test_without_a_bus_it_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(OSError, match="the desktop's bus"):
        MprisRemote().start(None)  # type: ignore[arg-type]


def test_the_computer_is_kept_awake_while_it_plays(bus: str, tmp_path: Path, cache: ClipCache) -> None:
    pytest.importorskip("wakepy")
    with power_manager(bus) as calls:
        sink, remote = Collector(), AwakeRemote()
        with Player(session(tmp_path, cache), sink) as player:
            player.prepare()
            remote.start(player)
            until(lambda: calls == ["Inhibit"], "the request")
            sink.take_all(player)
            remote.stop()
            until(lambda: calls == ["Inhibit", "UnInhibit"], "its end")
