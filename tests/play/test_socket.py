"""Other programs command a session over its socket; whoever floods it, or means ill, costs the sound no sample."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Python has no Unix sockets on Windows", allow_module_level=True)

from tests.play.nearby import Playing, asked, installed, line_to, read_all, runtime
from tests.play.pulse import recorder, speaker, undisturbed
from tests.play.sinks import FRAME, Collector, until
from tests.play.sounds import exported
from tests.web.stage import Clocked
from voiceguide import Session
from voiceguide.diagnostics import UsageError
from voiceguide.play.commands import COMMANDS, Toggle
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.play.remotes import check_remotes, listening
from voiceguide.play.socket_remote import ASK_S, MOST, SocketRemote
from voiceguide.play.sockets import ask, playing
from voiceguide.play.whole_player import open_player
from voiceguide.plugins import _installed
from voiceguide.units import frames_to_ms

ROOT = Path(__file__).parent.parent.parent


def test_nobody_else_can_look_into_the_folder_and_at_the_end_nothing_is_left(sockets: Path, sounding: Session) -> None:
    sockets.mkdir(mode=0o755)
    with Playing(sounding):
        (socket_,) = sockets.iterdir()
        assert socket_.name == f"{os.getpid()}.sock"
        assert stat.S_ISSOCK(socket_.stat().st_mode)
        assert stat.S_IMODE(socket_.stat().st_mode) == 0o600
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert list(sockets.iterdir()) == []


def test_a_folder_that_leads_elsewhere_is_not_used(sockets: Path, tmp_path: Path, sounding: Session) -> None:
    sockets.symlink_to(tmp_path)
    with Player(sounding, Collector()) as player, pytest.raises(OSError, match="is not a folder of yours"):
        SocketRemote().start(player)
    assert not list(tmp_path.glob("*.sock"))


def test_what_is_commanded_is_heard_and_answered_with_where_it_stands_then(sockets: Path, sounding: Session) -> None:
    with Playing(sounding) as player:
        (held,) = asked(sockets, b"do hold\n")
        assert (held["command"], held["done"], held["now"]["state"]) == ("hold", True, "holding")
        assert held["now"]["understood"] == "hold"
        assert player.now.state == "holding"
        (again,) = asked(sockets, b"do hold\n")
        assert (again["command"], again["done"], again["now"]["state"]) == ("hold", False, "holding")
        (on,) = asked(sockets, b"do go-on\r\n")
        assert (on["done"], on["now"]["state"]) == (True, "playing")
        there = player.now.timeline.steps[1].start
        (moved,) = asked(sockets, f"do seek {there}\n".encode())
        assert moved["now"]["at_ms"] == frames_to_ms(there, 48_000)
        assert moved["now"]["step"]["title"] == "Breathe"
        (turned,) = asked(sockets, b"do louder\n")
        assert turned["now"]["volume_db"] == player.now.volume_db > 0
        (now,) = asked(sockets, b"now\n")
        assert list(now) == ["session", *player.now.record()]
        assert (now["session"], now["title"]) == (os.getpid(), "A sounding one")


def test_what_is_no_request_is_answered_and_changes_nothing(sockets: Path, sounding: Session) -> None:
    with Playing(sounding) as player:
        asked(sockets, b"do hold\n")
        before = player.now.record()
        assert asked(sockets, b"dance\n") == [
            {"error": "this is no request", "hint": "there are: now, follow, do COMMAND"}
        ]
        names = ", ".join(row.name for row in COMMANDS)
        assert asked(sockets, b"do dance\n") == [
            {"error": "there is no command 'dance'", "hint": f"there are: {names}"}
        ]
        assert asked(sockets, b"do back x\n") == [{"error": "'back x' is no back", "hint": "write back SECONDS"}]
        for other in (b"\n", b"now now\n", b"NOW\n", b"\xff\xfe\n", b"do\n", b"do hold \n", b"GET / HTTP/1.1\r\n\r\n"):
            (answer,) = asked(sockets, other)
            assert list(answer) == ["error", "hint"], other
        for much in (b"x" * 257, b"x" * 300 + b"\n", b"x" * 1_000_000):
            assert asked(sockets, much) == [{"error": "a request has 256 bytes at most", "hint": ""}]
        assert asked(sockets, b"") == []
        assert asked(sockets, b"no") == []
        assert player.now.record() == before


def test_who_follows_is_told_of_every_change_until_the_end(sockets: Path, sounding: Session) -> None:
    with Playing(sounding):
        line = line_to(sockets)
        line.sendall(b"follow\n")
        with line.makefile("rb") as lines:
            assert b'"state": "playing"' in lines.readline()
            for command, state in (
                ("hold", b"holding"),
                ("go-on", b"playing"),
                ("stop", b"holding"),
                ("end", b"ended"),
            ):
                asked(sockets, f"do {command}\n".encode())
                told = lines.readline()
                assert b'"state": "' + state in told
                assert f'"understood": "{command}"'.encode() in told
            assert lines.read() == b""
        line.close()


def test_an_output_that_cannot_hold_says_what_it_takes(sockets: Path, short: Session) -> None:
    from tests.play.sinks import WholeCollector

    remote = SocketRemote()
    with open_player(short, WholeCollector()) as player:
        player.prepare()
        remote.start(player)
        assert asked(sockets, b"do hold\n") == [
            {"error": "this session takes no hold", "hint": "it takes: end, stop, quit"}
        ]
        assert asked(sockets, b"do end\n")[0]["done"]
        remote.stop()


def test_a_socket_that_a_killed_process_left_is_cleared_away_at_the_next_start(
    sockets: Path, sounding: Session
) -> None:
    code = "import os, signal, sys; from pathlib import Path; from voiceguide.play.socket_remote import _listen; "
    code += "_listen(Path(sys.argv[1]) / f'{os.getpid()}.sock'); os.kill(os.getpid(), signal.SIGKILL)"
    sockets.mkdir(mode=0o700)
    killed = subprocess.run([sys.executable, "-c", code, str(sockets)], cwd=ROOT, check=False)
    assert killed.returncode == -9
    (left,) = sockets.iterdir()
    with Playing(sounding):
        until(lambda: not left.exists(), "clearing away")
        assert [each.name for each in sockets.iterdir()] == [f"{os.getpid()}.sock"]


def test_sessions_are_found_and_what_nobody_answers_is_not(sockets: Path, sounding: Session) -> None:
    assert playing() == {}
    sockets.mkdir(mode=0o700, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(sockets / "1.sock"))
    with Playing(sounding):
        assert [(pid, now["title"]) for pid, now in playing().items()] == [(os.getpid(), "A sounding one")]
        assert ask(os.getpid(), "now")["routine"] == "short"
    assert playing() == {}
    assert list(sockets.iterdir()) == []


def test_remotes_come_by_their_entry_points_and_go_with_the_session(
    sockets: Path, sounding: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(installed(tmp_path))
    _installed.cache_clear()
    with Player(sounding, Clocked(), waits=False) as player:
        player.prepare()
        with listening(player):
            until(lambda: list(sockets.glob("*.sock")) != [], "the socket")
            assert asked(sockets, b"do hold\n")[0]["done"]
        assert list(sockets.iterdir()) == []


def test_remotes_that_are_not_wanted_do_not_come(
    sockets: Path, sounding: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(installed(tmp_path))
    _installed.cache_clear()
    for names, come in (("none", False), ("mpris", False), ("socket, awake", True)):
        check_remotes(names)
        with Player(sounding, Clocked(), waits=False) as player:
            player.prepare()
            with listening(player, names):
                until(lambda: player.now.at > 24_000, "half a second")
                if come:
                    until(lambda: list(sockets.glob("*.sock")) != [], "the socket")
                assert bool(list(sockets.glob("*.sock"))) is come
    with pytest.raises(UsageError, match=r"there is no remote 'radio'"):
        check_remotes("socket,radio")


def test_those_who_say_nothing_go_after_a_while_and_before_if_there_are_many(sockets: Path, sounding: Session) -> None:
    with Playing(sounding):
        begun = time.monotonic()
        idle = [line_to(sockets) for _ in range(MOST)]
        assert asked(sockets, b"now\n")[0]["session"] == os.getpid()
        assert read_all(idle[0]) == []
        for line in idle[1:]:
            assert read_all(line) == []
        assert ASK_S <= time.monotonic() - begun < 3 * ASK_S


def test_there_are_places_for_so_many_followers(sockets: Path, sounding: Session) -> None:
    with Playing(sounding):
        following = []
        for _ in range(MOST):  # one after the other: who says nothing for long has to go
            following.append(line_to(sockets))
            following[-1].sendall(b"follow\n")
            assert following[-1].recv(4096)
        assert asked(sockets, b"now\n") == [{"error": "too many programs ask", "hint": ""}]
        following[0].close()
        until(lambda: "error" not in asked(sockets, b"now\n")[0], "a place")
        for line in following[1:]:
            line.close()


@undisturbed
def test_under_attack_the_sound_is_untouched_and_others_are_served(
    sounding: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with runtime(monkeypatch) as folder, speaker() as server, recorder(server) as recorded, ExitStack() as after:
        monkeypatch.setenv("PULSE_SERVER", server.environment["PULSE_SERVER"])
        remote = SocketRemote()
        ways = ("many", "garbage", "huge", "slow", "deaf")
        attackers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.play.pest", str(folder / f"{os.getpid()}.sock"), way], cwd=ROOT
            )
            for way in ways
        ]
        for attacker in attackers:
            after.callback(attacker.kill)  # whatever happens
        with Player(sounding, MiniaudioOutput(), waits=False) as player:
            player.prepare()
            remote.start(player)
            served = 0
            while any(attacker.poll() is None for attacker in attackers):
                with_answer = asked(folder, b"do move-end\n")
                served += bool(with_answer) and "error" not in with_answer[0]
                time.sleep(0.05)
            until(lambda: "error" not in (asked(folder, b"now\n") or [{"error": ""}])[0], "an answer after it")
            until(lambda: player.now.at > 6 * 48_000, "six seconds")
            assert served > 0
            heard = player.now.at
            assert player.underruns.count == 0
            assert player.now.state == "playing"
        remote.stop()
        recorded.wait_for_silence(4_800)
        assert [attacker.returncode for attacker in attackers] == [0] * len(ways)
        assert list(folder.iterdir()) == []
    assert threading.active_count() < 20
    reference = exported(sounding, tmp_path)[: (heard - 48_000) * FRAME]
    assert reference in recorded.data, "every sample, on its way through a sound server"
    told = capfd.readouterr()
    assert told.out + told.err == ""


def test_commands_from_many_sides_at_once_are_all_carried_out(sockets: Path, sounding: Session) -> None:
    with Playing(sounding) as player:
        found: list[bool] = []
        threads = [
            threading.Thread(target=lambda: found.append(asked(sockets, b"do quieter\n")[0]["done"])) for _ in range(4)
        ]
        before = player.now.news
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * 4
        assert player.now.news == before + 4
        assert Toggle in player.offers
