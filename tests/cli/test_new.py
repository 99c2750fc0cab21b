"""`voiceguide new` as people use it: with flags, with questions in a terminal, and refused."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from tests.cli.test_commands import record, run
from tests.play.terminal import terminal
from voiceguide.loading import examine

FLAGS = ["--title", "Evening hands", "--kind", "massage", "--length", "4m", "--part", "hand"]


def refused(*arguments: str, cwd: Path) -> str:
    """Return the message of a command that is wrong use."""
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert not [path for path in cwd.rglob("*") if path.is_file() and path.name != "there.yaml"]
    return done.stderr


def test_flags_write_a_script_and_say_what_comes_next(tmp_path: Path) -> None:
    target = tmp_path / "my evening.yaml"
    done = run("new", str(target), *FLAGS, "--steps", "stroke palm, knead thumb base")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"{target}: 4:00, from 2:40 to 6:00\nnext:\n"
        f"  voiceguide check '{target}'\n  voiceguide plan '{target}'\n  voiceguide play '{target}'\n"
    )
    routine, report = examine(target)
    assert routine is not None
    assert (routine.title, routine.id, bool(report)) == ("Evening hands", "my-evening", False)
    made = record("plan", str(target), "--engine", "tone", "--json")
    assert [step["step"] for step in made["steps"] if step["side"] == "right"] == [
        "switch", "take", "stroke-palm", "knead-thumb-base",
    ]  # fmt: skip


def test_a_name_without_ending_is_given_one_and_told(tmp_path: Path) -> None:
    done = run("new", str(tmp_path / "evening"), "--yes")
    assert done.stdout.startswith(f"{tmp_path}/evening has no ending, so it is written as {tmp_path}/evening.yaml\n")
    assert (tmp_path / "evening.yaml").read_text(encoding="utf-8").count("routine: Evening\n") == 1


def test_what_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("mine")
    assert refused("new", "there", "--yes", cwd=tmp_path) == (
        "voiceguide: there.yaml is already there\n  choose another name, or replace it with --force\n"
    )
    assert there.read_text() == "mine"
    assert run("new", str(there), "--yes", "--force").returncode == 0
    assert examine(there)[0] is not None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x"], "nobody is here to be asked: give --title, --kind and --length\n  or --yes, to take what is usual"),
        (["x", "--title", "T", "--length", "7m"], "nobody is here to be asked: give --kind\n  or --yes, to take what"),
        (["x.txt", "--yes"], "x.txt does not end in .yaml or .yml\n  write x.yaml\n"),
        (["no/x", "--yes"], "there is no folder no\n  make it first, or choose another place\n"),
        ([".", "--yes"], ". is no file\n  name a script, such as evening.yaml\n"),
        (["", "--yes"], "an empty name is no file\n"),
        (["x", "--yes", "--title", " "], "the title is empty\n  give it a name for people\n"),
        (["x", "--yes", "--kind", "yoga"], "there is no kind 'yoga'\n  there are: massage, breathing, rest\n"),
        (["x", "--yes", "--sides", "up"], "there is no side 'up'\n  there are: both, left, right, none\n"),
        (
            ["x", "--yes", "--bed", "sea"],
            "there is no bed 'sea'\n  there are: drone, fire, night, rain, stream, waves, none\n",
        ),
        (["x", "--yes", "--length", "7"], "expected a length such as 7m or 7m30s, found '7'\n  try 7m\n"),
        (["x", "--yes", "--length", "40m"], "a session of 40m cannot be begun\n  lengths go from 1:00 to 25:00\n"),
        (["x", "--yes", "--steps", ","], "',' names no step\n  write, for example, stroke the palm, knead"),
        (["x", "--yes", "--part", "{}"], "the part '{}' has no word in it\n  write foot, hand, lower arm, ...\n"),
        (["x", "--yes", "--language", "??"], "--language cannot be '??'\n  write a language tag such as en or en-GB\n"),
        (
            ["x", "--yes", "--length", "1m", "--steps", "a,b,c,d"],
            "4 steps on both sides cannot be done in 1m\n  give it at least 1m40s, or name fewer steps\n",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(arguments: list[str], message: str, tmp_path: Path) -> None:
    assert refused("new", *arguments, cwd=tmp_path).startswith(f"voiceguide: {message}")


def test_flags_that_mean_nothing_to_the_kind_are_told(tmp_path: Path) -> None:
    done = run("new", str(tmp_path / "b.yaml"), "--yes", "--kind", "breathing", "--sides", "both", "--breath", "4-7-8")
    assert (done.returncode, done.stderr) == (0, "note: --sides is not used: it means nothing to breathing\n")
    assert f"{tmp_path}/b.yaml: 3:00, from " in done.stdout


def test_an_exported_beginning_is_as_long_as_it_says(tmp_path: Path) -> None:
    script, sound = tmp_path / "b.yaml", tmp_path / "b.wav"
    assert run("new", str(script), *FLAGS).returncode == 0
    assert run("export", str(script), "--engine", "espeak", "-o", str(sound)).returncode == 0
    with wave.open(str(sound)) as file:
        assert (file.getnframes(), file.getframerate()) == (240 * 48_000, 48_000)


def test_in_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    target = tmp_path / "slow-hands.yaml"
    with terminal(None, [sys.executable, "-m", "voiceguide", "new", str(target)]) as run_:
        run_.wait_for("What is it called? [Slow hands]: ")
        run_.press(b'Hands: "slow"\r')
        run_.wait_for("massage, breathing or rest? [massage]: ")
        run_.press(b"yoga\r")
        run_.wait_for("Error: there is no kind 'yoga'; there are: massage, breathing, rest")
        run_.wait_for("[massage]: ")
        run_.press(b"\r")
        run_.wait_for("[foot]: ")
        run_.press(b"hand\r")
        run_.wait_for("Which sides: both, left, right or none? [both]: ")
        run_.press(b"left\r")
        run_.wait_for("How long? [7m]: ")
        run_.press(b"1m\r")
        run_.wait_for("Which steps, with commas in between?")
        run_.press(b"a,b,c,d,e,f\r")
        run_.wait_for("Error: 6 steps cannot be done in 1m; give it at least ")
        run_.wait_for("[long strokes over the palm]: ")
        run_.press(b"stroke palm\r")
        run_.wait_for("Which quiet sound underneath (or none)? [rain]: ")
        run_.press(b"none\r")
        run_.wait_for(f"voiceguide play {target}")
        assert run_.end() == 0
    routine, report = examine(target)
    assert routine is not None
    assert (routine.title, routine.bed, bool(report)) == ('Hands: "slow"', None, False)
    assert routine.length.natural == 60_000


@pytest.mark.parametrize("keys", [b"\x03", b"\x04"])
def test_leaving_while_it_asks_writes_nothing(keys: bytes, tmp_path: Path) -> None:
    with terminal(None, [sys.executable, "-m", "voiceguide", "new", str(tmp_path / "x")]) as run_:
        run_.wait_for("What is it called? [X]: ")
        run_.press(keys)
        run_.wait_for("nothing is written")
        assert run_.end() == 130
    assert list(tmp_path.iterdir()) == []


def test_flags_are_not_asked_again(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "voiceguide",
        "new",
        str(tmp_path / "x.yaml"),
        "--title",
        "T",
        "--kind",
        "breathing",
    ]
    with terminal(None, command) as run_:
        run_.wait_for("Which breath: even, resonance, night, box, 4-7-8, sigh? [even]: ")
        assert b"called" not in run_.shown
        run_.press(b"4-7-8\r")
        run_.wait_for("How long? [3m]: ")
        run_.press(b"\r")
        run_.wait_for("[rain]: ")
        run_.press(b"\r")
        run_.wait_for("voiceguide play ")
        assert run_.end() == 0
