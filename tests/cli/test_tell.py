"""tell and now: a session that plays in one process is commanded, and looked at, from another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Python has no Unix sockets on Windows", allow_module_level=True)

from tests.play.nearby import Playing, installed
from tests.play.pulse import speaker
from tests.play.sinks import SOUNDING, until
from voiceguide import Session
from voiceguide.diagnostics import UsageError
from voiceguide.play.commands import (
    COMMANDS,
    Back,
    Command,
    Forward,
    GoOn,
    Hold,
    Left,
    Longer,
    More,
    Next,
    NextSection,
    PreviousSection,
    write_command,
)
from voiceguide.play.typed import command_of, phrases

STEP = ["address", "title", "side", "note", "zone", "at_ms", "ms"]
NOW = ["session", "routine", "title", "state", "waiting", "leaving", "away", "making", "at_ms", "length_ms", "left_ms"]
NOW += [
    "section",
    "step",
    "next",
    "words",
    "breath",
    "volume_db",
    "bed_db",
    "talk",
    "keeps_end",
    "understood",
    "answer",
]
NAMES = ", ".join(row.name for row in COMMANDS)


def run(*words: str) -> tuple[int, str, str]:
    """Return the exit code of the command and what it printed on both streams."""
    command = [sys.executable, "-m", "voiceguide", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("hold", Hold()),
        ("Go on.", GoOn()),
        ("go-on", GoOn()),
        ("back", Back(10)),
        ("back 25", Back(25)),
        ("20 seconds forward", Forward(20)),
        ("five more minutes", More(5)),
        ("Ten more minutes!", More(10)),
        ("three minutes left", Left(3)),
        ("  the  next step ", Next()),
        ("next section", NextSection()),
        ("section back", PreviousSection()),
        ("60 seconds more for this step", Longer(60)),
    ],
)
def test_words_mean_a_command_of_the_table(text: str, command: Command) -> None:
    assert command_of(text) == command


def test_every_name_and_all_that_the_table_says_is_understood() -> None:
    for row in COMMANDS:
        if row.name != "seek":
            assert write_command(command_of(row.name)).split()[0] == row.name
            assert all(command_of(phrase) for phrase in phrases(row))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("hlod", f"did you mean hold? there are: {NAMES}"),
        ("five more minuets", f"did you mean more? there are: {NAMES}"),
        ("xyzzy", f"there are: {NAMES}"),
    ],
)
def test_other_words_name_the_nearest_command_and_all_there_are(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        command_of(text)
    assert (raised.value.message, raised.value.hint) == (f"there is no command {text!r}", hint)


def test_numbers_that_a_command_does_not_take_are_told() -> None:
    with pytest.raises(UsageError, match="'hold 5' is no hold"):
        command_of("hold 5")
    with pytest.raises(UsageError, match="'seek' is no seek") as raised:
        command_of("seek")
    assert raised.value.hint == "write seek FRAME"


def test_where_nothing_plays_one_message_says_so(sockets: Path) -> None:
    message = "voiceguide: no session plays\n  begin one: voiceguide play ROUTINE\n"
    assert run("tell", "hold") == (3, "", message)
    assert run("now") == (3, "", message)
    assert run("now", "--follow", "--json") == (3, "", message)
    assert run("tell", "hlod")[0] == 2, "what cannot be meant is told before"
    assert run("tell")[0] == 2


def test_tell_says_in_one_line_what_was_understood_and_where_it_stands(sockets: Path, sounding: Session) -> None:
    with Playing(sounding) as player:
        code, out, err = run("tell", "hold")
        at = f"{player.now.record()['at_ms'] // 60_000}:{player.now.record()['at_ms'] // 1000 % 60:02}"
        stands = f"A sounding one: held · {at} of 1:00 · Welcome · next: Breathe\n"
        assert (code, out, err) == (0, f"hold: {stands}", "")
        assert run("tell", "hold") == (0, f"hold: nothing has changed, {stands}", "")
        assert run("now") == (0, stands, "")
        assert run("tell", "bakc", "5")[0] == 2
        code, out, err = run("tell", "--json", "quieter")
        record = json.loads(out)
        assert (code, err, out.count("\n")) == (0, "", 1)
        assert list(record) == ["session", "command", "done", "now"]
        assert (record["session"], record["command"], record["done"]) == (os.getpid(), "quieter", True)
        assert list(record["now"]) == NOW
        assert record["now"]["volume_db"] == player.now.volume_db < 0


def test_now_gives_the_promised_record(sockets: Path, sounding: Session) -> None:
    with Playing(sounding) as player:
        run("tell", "hold")
        code, out, err = run("now", "--json")
        assert (code, err, out.count("\n")) == (0, "", 1)
        record: dict[str, Any] = json.loads(out)
        assert list(record) == NOW
        assert record == {"session": os.getpid(), **player.now.record()}
        assert list(record["step"]) == list(record["next"]) == STEP


def test_now_follows_a_line_a_change_until_the_end(sockets: Path, sounding: Session) -> None:
    with Playing(sounding):
        command = [sys.executable, "-m", "voiceguide", "now", "--follow", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:
            assert following.stdout is not None
            states = [json.loads(following.stdout.readline())["state"]]
            for command_, state in (("hold", "holding"), ("go on", "playing"), ("end", "ended")):
                assert run("tell", command_)[0] == 0
                record = json.loads(following.stdout.readline())
                assert list(record) == NOW
                states.append(record["state"])
                assert record["state"] == state
            assert following.stdout.read() == ""
            assert following.wait(20) == 0


def test_where_several_play_one_has_to_be_named(sockets: Path, sounding: Session, tmp_path: Path) -> None:
    with speaker() as server, Playing(sounding):
        path = os.pathsep.join(filter(None, (str(installed(tmp_path)), os.environ.get("PYTHONPATH"))))
        own = {"XDG_RUNTIME_DIR": str(sockets.parent), "PYTHONPATH": path}
        environment = {**os.environ, **server.environment, **own}
        script = tmp_path / "other.yaml"
        script.write_text(SOUNDING.replace("A sounding one", "Another one"), encoding="utf-8")
        command = [sys.executable, "-m", "voiceguide", "play", str(script), "--engine", "tone", "--quiet"]
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as other:
            until((sockets / f"{other.pid}.sock").exists, "the other session", 60)
            which = {os.getpid(): "A sounding one", other.pid: "Another one"}
            named = "; ".join(f"--session {pid} ({which[pid]})" for pid in sorted(which, key=str))
            assert run("tell", "hold") == (2, "", f"voiceguide: 2 sessions play\n  say which: {named}\n")
            wrong = f"voiceguide: no session plays in process 1\n  there is: {named}\n"
            assert run("now", "--session", "1") == (2, "", wrong)
            code, out, _ = run("tell", "end", "--session", str(other.pid))
            assert (code, out.startswith("end: Another one: ended · ")) == (0, True)
            assert other.wait(20) == 0
            until(lambda: not (sockets / f"{other.pid}.sock").exists(), "its socket's end")
        assert run("now")[0] == 0
