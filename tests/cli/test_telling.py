"""How much is told: `--quiet` and `--verbose` of every command, one meaning in all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from voiceguide.cli.app import COMMANDS, load
from voiceguide.cli.options import EVERYWHERE

SCRIPT = "routine: Short\nlength: 10s..20s..1m\nfamily: other\nsteps: [{name: a, say: One., for: 5s..20s..1m}]\n"
STAMP = re.compile(r" *\d+\.\d{3} s  \+\d+\.\d{3}  \S")


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "short.yaml"
    path.write_text(SCRIPT, "utf-8")
    return str(path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_both_alike(command: str) -> None:
    written = [(option.name, option.opts) for option in load(command).params if option.name in EVERYWHERE]
    assert written == [("quiet", ["--quiet", "-q"]), ("verbose", ["--verbose"])]


def test_what_is_done_is_silent_if_only_results_are_wanted(script: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("engine: nobody\nvioce: low\n", "utf-8")
    made, home = str(tmp_path / "made"), str(tmp_path)
    for line in (
        f"export {script} -e tone -o {made}.wav",
        f"say {script} a -e tone -o {made}.wav",
        f"plan {script} --svg {made}.svg",
        f"voices tone --say Hello -o {made}.wav",
        f"check {script}",
        f"format {script}",
        f"new {made}.yaml --yes --title Rest --kind breathing --part none",
        "cache --prune 4000",
        f"schema --output {made}.json",
    ):
        done = run(*line.split(), "--quiet", VOICEGUIDE_HOME=home)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), line


def test_results_and_errors_are_told_however_little_is_wanted(script: str, tmp_path: Path) -> None:
    for line in (f"plan {script} -e tone", "list", "cache", "explain say", f"transcript {script} -e tone"):
        assert run(*line.split(), "-q").stdout == run(*line.split()).stdout != "", line
    assert run("plan", "nothing", "-q").stderr.startswith("voiceguide: there is no routine 'nothing'")
    Path(script).write_text(SCRIPT.replace("say", "sya"), "utf-8")
    assert "did you mean `say`?" in run("check", script, "-q").stderr


def test_details_go_to_standard_error_each_with_its_time(script: str, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "broken.yaml").write_text("routine: [", "utf-8")
    (tmp_path / "scripts" / "even-breath.yaml").write_text(SCRIPT.replace("Short", "Mine"), "utf-8")
    home = {"VOICEGUIDE_HOME": str(tmp_path), "VOICEGUIDE_CACHE": str(tmp_path / "cache")}
    done = run("plan", script, "--engine", "espeak", "--json", "--verbose", **home)
    assert json.loads(done.stdout)["engine"] == "espeak"
    assert [line for line in done.stderr.splitlines() if not STAMP.match(line)] == []
    for told in (
        f"settings: {tmp_path / 'config.yaml'} (there are none)",
        f"own files: {tmp_path}; cache: {tmp_path / 'cache'}",
        f"{script} is read and checked",
        "engine espeak: as asked for",
        "of espeak: its first for en",
        "0 of 1 clips are in the cache",
        "1 clips are spoken",
        "planned: 1 steps, 1 cues",
    ):
        assert told in done.stderr, told
    told = run("plan", "short.yaml", "-q", "--verbose").stderr
    assert "choose one of --quiet and --verbose" in told
    assert f"{script} is read and checked" in run("check", script, "--verbose").stderr
    passed = run("list", "--verbose", **home).stderr
    assert f"passed over: {tmp_path / 'scripts' / 'broken.yaml'}" in passed
    assert re.search(r"passed over: \S+even-breath.yaml, hidden by ", passed)


def test_who_speaks_by_itself_is_told_with_the_reason_and_those_passed_over(script: str) -> None:
    Path(script).write_text(SCRIPT.replace("routine", "language: cy\nroutine"), "utf-8")
    told = run("plan", script, "--verbose").stderr
    assert re.search(r"engine \S+: the best that is ready and has a voice for cy", told)
    told = run("plan", script, "--voice", "low", "--verbose").stderr
    assert "engine tone: the best that is ready and has the voice low" in told
    assert "engine espeak is passed over: it has no voice low" in told
