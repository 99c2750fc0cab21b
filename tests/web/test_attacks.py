"""Whoever is in the network without the secret gets nothing, and disturbs no sample of what is playing."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.play.pulse import recorder, speaker, undisturbed
from tests.play.sinks import FRAME, Collector
from tests.play.sounds import exported
from tests.web.stage import Client
from voiceguide import Session
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.web.address import Place
from voiceguide.web.guard import HEADERS
from voiceguide.web.remote import WebRemote

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it takes several loopback addresses")
ROOT = Path(__file__).parent.parent.parent


def attack(url: str, *ways: str) -> list[subprocess.Popen[str]]:
    """Start attackers, all at once when all are ready."""
    command = [sys.executable, "-m", "tests.web.attacker", url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    attackers = [subprocess.Popen([*command, how], cwd=ROOT, text=True, **pipes) for how in ways]
    for attacker in attackers:
        assert attacker.stdout is not None
        assert attacker.stdout.readline() == "ready\n"
    return attackers


def begin(attackers: list[subprocess.Popen[str]]) -> None:
    for attacker in attackers:
        assert attacker.stdin is not None
        attacker.stdin.write("\n")
        attacker.stdin.flush()


def counted(attacker: subprocess.Popen[str]) -> dict[int, int]:
    """Return how often the attacker got which status."""
    out, err = attacker.communicate(timeout=120)
    assert attacker.returncode == 0, err
    return {int(status): count for status, count in json.loads(out).items()}


@undisturbed
def test_under_attack_the_sound_is_untouched_and_the_phone_is_served(
    sounding: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with speaker() as server, recorder(server) as recorded:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        remote = WebRemote(Place("127.0.0.1"))
        url = remote.open()
        phone = Client(url)
        assert phone.pair()[0] == 200
        attackers = attack(url, "flood", "huge", "slow")
        with Player(sounding, MiniaudioOutput(), waits=False) as player:
            player.prepare()
            remote.start(player)
            begin(attackers)
            longest = 0.0
            while any(attacker.poll() is None for attacker in attackers):
                asked = time.monotonic()
                assert phone.do("move-end") == 204
                longest = max(longest, time.monotonic() - asked)
                time.sleep(0.1)
            heard = player.now.at
            assert player.underruns.count == 0
            assert player.now.state == "playing"
        remote.stop()
        recorded.wait_for_silence(4_800)
    flood, huge, slow = (counted(attacker) for attacker in attackers)
    assert sum(flood.values()) == 10_000
    assert set(flood) <= {0, 400, 401, 403, 404, 405, 414, 421, 429}
    assert flood[429] > 8_000
    assert set(huge) <= {0, 400, 413}
    assert set(slow) <= {0, 408}
    assert longest < 1
    reference = exported(sounding, tmp_path)[: (heard - 48_000) * FRAME]
    assert heard > 6 * 48_000
    assert reference in recorded.data, "every sample, on its way through a sound server"
    told = capfd.readouterr()
    assert told.out + told.err == ""
    kept = (phone.secret, phone.headers["Cookie"].partition("=")[2], phone.device)
    assert not any(word in caplog.text for word in kept)


def test_each_of_what_must_not_be_gets_an_error_and_changes_nothing(sounding: Session) -> None:
    with Playing(sounding) as (player, url):
        before = player.now.record()
        attackers = attack(url, "each")
        begin(attackers)
        found = counted(attackers[0])
        assert set(found) == {400, 401, 403, 404, 405, 414, 421}
        assert player.now.record() == before


class Playing:
    """A session whose device asks only when it is told to, and its remote: nothing moves by itself."""

    def __init__(self, session: Session) -> None:
        self.remote = WebRemote(Place("127.0.0.1"))
        self.player = Player(session, Collector())

    def __enter__(self) -> tuple[Player, str]:
        url = self.remote.open()
        self.player.__enter__()
        self.player.prepare()
        self.remote.start(self.player)
        return self.player, url

    def __exit__(self, *_: object) -> None:
        self.remote.stop()
        self.player.__exit__()


def test_what_was_sent_once_does_nothing_when_it_is_sent_again(sounding: Session) -> None:
    with Playing(sounding) as (player, url):
        phone = Client(url)
        question = json.loads(phone.ask("GET", "/hello")[1])["question"]
        body = f"{question} {phone.sign('pair' + chr(10) + question)}"
        assert phone.ask("POST", "/pair", body)[0] == 200
        assert phone.ask("POST", "/pair", body)[0] == 403
        assert phone.pair()[0] == 200
        sealed = phone.sealed("louder", 5)
        assert phone.ask("POST", "/do", "louder", X_Voiceguide=sealed)[0] == 204
        assert phone.ask("POST", "/do", "louder", X_Voiceguide=sealed)[0] == 409
        assert phone.ask("POST", "/do", "louder", X_Voiceguide=phone.sealed("louder", 4))[0] == 409
        assert phone.ask("POST", "/do", "end", X_Voiceguide=sealed)[0] == 403
        assert phone.ask("POST", "/do", "louder", X_Voiceguide=sealed.replace("5 ", "6 ", 1))[0] == 403
        thief = Client(url)
        thief.secret = "a" * 22
        assert thief.pair()[0] == 403
        thief.headers["Cookie"], thief.device = phone.headers["Cookie"], phone.device
        assert thief.do("end") == 403, "a cookie that was seen on the network commands nothing"
        assert player.now.state == "playing"


def test_wrong_commands_get_an_error_and_change_nothing(sounding: Session) -> None:
    with Playing(sounding) as (player, url):
        phone = Client(url)
        phone.pair()
        before = player.now.record()
        for text in ("", "dance", "seek", "seek x", "next 1", "longer 1 2", "HOLD", "hold\n", " hold", "x" * 65):
            assert phone.do(text) == 400, text
        for header in (None, "", "5", "x y", "-5 a", "1e3 a", "9" * 17 + " a"):
            assert phone.ask("POST", "/do", "hold", X_Voiceguide=header)[0] in (400, 403), header
        assert phone.ask("POST", "/do", "hold", Origin=None)[0] == 403
        assert player.now.record() == before


def test_a_guess_costs_time_and_every_answer_carries_what_keeps_others_out(sounding: Session) -> None:
    with Playing(sounding) as (_, url):
        thief = Client(url)
        thief.secret = "guess"
        statuses = [thief.pair()[0] for _ in range(8)]
        assert statuses == [403] * 5 + [429] * 3
        phone = Client(url)
        _, headers = phone.pair()
        assert headers["set-cookie"].endswith("; HttpOnly; Path=/; SameSite=strict")
        wanted = {name.decode(): value.decode() for name, value in HEADERS}
        for path in ("/", "/page/main.js", "/about", "/nothing"):
            assert wanted.items() <= phone.whole("GET", path)[2].items()
        assert phone.ask("GET", "/", Host="evil.example")[0] == 421
