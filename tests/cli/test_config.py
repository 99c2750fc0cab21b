"""config: what is chosen once, and that no command breaks because of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code of a command, and what it prints on both streams."""
    command = [sys.executable, "-m", "voiceguide", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    return done.returncode, done.stdout, done.stderr


def planned(*options: str) -> tuple[str, str, str]:
    """Return the engine and the voice of a plan, and what is told beside it."""
    code, out, told = run("plan", "quick-reset", "--json", *options)
    assert code == 0, told
    record = json.loads(out)
    return record["engine"], record["voice"], told


def test_what_is_chosen_is_the_default_and_options_win(home: Path) -> None:
    assert run("config", "engine", "tone")[0] == 0
    assert planned() == ("tone", "tone", "")
    assert run("config", "voice", "low")[0] == 0
    assert (home / "config.yaml").read_text("utf-8") == "engine: tone\nvoice: low\n"
    assert planned() == ("tone", "low", "")
    assert planned("--engine", "espeak")[0::2] == ("espeak", "")
    assert planned("--voice", "tone") == ("tone", "tone", "")
    assert json.loads(run("config", "--json")[1]) == {
        "engine": "tone",
        "voice": "low",
        "talk": None,
        "bed": None,
        "output": None,
        "remotes": None,
    }


def test_the_file_keeps_what_else_is_in_it(home: Path) -> None:
    file = home / "config.yaml"
    file.write_text("# mine\nengine: tone  # quick\ntalk: full\n", "utf-8")
    assert run("config", "talk", "brief")[0] == 0
    assert run("config", "engine", "--unset")[0] == 0
    assert file.read_text("utf-8").split("\n")[:2] == ["# mine", "talk: brief"]


WRONG = "engine: tone\nvioce: low\ntalk: breef\n"


def test_what_is_wrong_is_shown_with_its_line_and_what_to_type(home: Path) -> None:
    (home / "config.yaml").write_text(WRONG, "utf-8")
    for arguments in (["config"], ["config", "bed", "none"]):
        code, _, told = run(*arguments)
        assert code == 1
        assert f"{home / 'config.yaml'}:2:1: error[unknown-key]" in told
        assert "did you mean `voice`?" in told
        assert f"{home / 'config.yaml'}:3:7: error[choice]" in told
        assert "did you mean `brief`?" in told
    assert (home / "config.yaml").read_text("utf-8") == WRONG


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (WRONG, "config.yaml:2:1: "),
        ("engine: nobody\n", "there is no engine 'nobody' here"),
        ("engine: tone\nbed: sea\n", "there is no bed 'sea' here"),
        ("{", "passed over"),
        ("- tone\n", "passed over"),
        ("\0", "passed over"),
    ],
)
def test_no_command_breaks_because_of_it(home: Path, content: str, told: str) -> None:
    (home / "config.yaml").write_text(content, "utf-8")
    other = () if content == "engine: nobody\n" else ("--engine", "tone")
    assert told in planned(*other)[2]
    assert run("list")[::2] == (0, "")


def test_commands_without_a_session_keep_their_own_options(home: Path) -> None:
    (home / "config.yaml").write_text("engine: nobody\nbed: sea\n", "utf-8")
    assert run("voices")[1].count("\n") > 4
    assert run("check", "scripts/quick-reset.yaml") == (0, "1 script: no problems\n", "")
    assert run("new", str(home / "own.yaml"), "--yes", "--title", "Own", "--kind", "breathing")[0] == 0


def test_what_is_not_there_is_not_chosen(home: Path) -> None:
    for name, value, hint in (
        ("engine", "nobody", "there are: auto, "),
        ("bed", "sea", "there are: "),
        ("talk", "loud", "one of full, brief, minimal"),
        ("pace", "slow", "there are: engine, voice, talk, bed, output"),
    ):
        code, _, told = run("config", name, value)
        assert code in (1, 2)
        assert hint in told
    assert not (home / "config.yaml").exists()
