"""The one door for engines and outputs: what is broken is a record, never a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests import misbehaving
from tests.misbehaving import ASKED, LOADED, OUTPUTS, SPOKEN, WELL
from voiceguide.plugins import PluginError, call

PLUGIN = """
from voiceguide.speech.engine import Engine
from voiceguide.plugins import Status

class Good(Engine):
    name, title, rank, deterministic = "good", "Good", 1, True
    def status(self): return Status("missing-library", "install it")
    def voices(self): return ()
    def fingerprint(self, voice): return "1"
    def _speak(self, sentence, voice, pace_wpm): raise AssertionError

class NoEngine: pass
"""
ENTRIES = """[voiceguide.engines]
good = strange_engines:Good
gone = strange_engines:Gone
none = strange_engines:NoEngine
crash = strange_engines_that_are_not_there:X
"""


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    info = tmp_path / "strange-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strange\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    (tmp_path / "strange_engines.py").write_text(PLUGIN)
    return tmp_path


def run(strange: Path, code: str) -> str:
    lines = f"import sys; sys.path.insert(0, {str(strange)!r})\n{code}"
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout


def test_broken_plug_ins_are_records_with_a_reason(strange: Path) -> None:
    code = "from voiceguide.speech.engine import installed\nfor e in installed(): print(e.name, e.status().state, e.status().hint[:20])"
    found = run(strange, code).splitlines()
    assert "good missing-library install it" in found
    assert "gone failed AttributeError: modu" in found
    assert "none failed TypeError: strange_e" in found
    assert "crash failed ModuleNotFoundError:" in found
    assert any(line.startswith("tone ready") for line in found)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("good", "the engine good is not ready (missing-library) / install it"),
        (
            "gone",
            "the engine gone is not ready (failed) / AttributeError: module 'strange_engines' has no attribute 'Gone'",
        ),
        ("siri", "there is no engine 'siri' / there are: auto,"),
    ],
)
def test_what_cannot_be_picked_says_why(strange: Path, name: str, message: str) -> None:
    code = (
        "from voiceguide.speech.engine import pick_engine\nfrom voiceguide import VoiceguideError\n"
        f"try: pick_engine({name!r})\nexcept VoiceguideError as e: print(e.message, '/', e.hint)"
    )
    assert run(strange, code).startswith(message)


SCRIPT = """routine: Short
length: 5s..6s..20s
steps:
  - {name: a, say: Left foot., for: 5s..6s..20s}
"""
COMMANDS = """
import contextlib, io, json, sys
from voiceguide.cli.app import run
results = []
for command in json.load(sys.stdin):
    out, err, code = io.StringIO(), io.StringIO(), 0
    sys.argv = ["voiceguide", *command]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run()
        except SystemExit as end:
            code = end.code
    results.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(results))
"""
"""Commands as the command line runs them, one after another in one process."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = misbehaving.install(tmp_path_factory.mktemp("odd"))
    (place / "short.yaml").write_text(SCRIPT)
    return place


def among(odd: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python with *arguments* where all the misbehaving packages are installed, and none has ever spoken."""
    path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(odd)])
    return subprocess.run(
        [sys.executable, *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=odd,
        env={**os.environ, "PYTHONPATH": path, "VOICEGUIDE_CACHE": tempfile.mkdtemp(dir=odd)},
    )


def commands(odd: Path, *lines: list[str]) -> list[tuple[int, str, str]]:
    done = among(odd, "-c", COMMANDS, text=json.dumps(lines))
    assert done.returncode == 0, done.stderr
    made: list[tuple[int, str, str]] = json.loads(done.stdout)
    return made


@pytest.mark.slow
def test_every_misbehaving_engine_is_listed_with_what_it_did_and_the_others_work(odd: Path) -> None:
    done = among(odd, "-m", "voiceguide", "voices", "--json")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    found: dict[str, dict[str, Any]] = {record["engine"]: record for record in json.loads(done.stdout)}
    assert {name: found[name]["state"] for name in (*LOADED, *ASKED)} == dict.fromkeys((*LOADED, *ASKED), "failed")
    assert all(found[name]["hint"] for name in (*LOADED, *ASKED))
    well = (*SPOKEN, *WELL, "tone", "espeak")
    assert {name: found[name]["state"] for name in well} == dict.fromkeys(well, "ready")
    assert [voice["id"] for voice in found["tone"]["voices"]] == ["tone", "low"]
    taken = [found[name]["hint"] for name in ("tone (2)", "auto")]
    assert taken == [
        "ValueError: odd_base:Well is called like voiceguide.speech.tone:ToneEngine",
        "ValueError: odd_base:Well is called like no plug-in may be",
    ]


@pytest.mark.slow
def test_a_misbehaving_engine_asked_for_by_name_is_named_with_what_it_did(odd: Path) -> None:
    names = (*LOADED, *ASKED, *SPOKEN)
    assert len(names) >= 50
    done = commands(odd, *(["plan", "short.yaml", "-e", name] for name in names))
    codes = {name: code for name, (code, _, _) in zip(names, done, strict=True)}
    assert codes == dict.fromkeys(names, 3)
    for name, (_, _, error) in zip(names, done, strict=True):
        message, hint = error.splitlines()
        assert message.startswith((f"voiceguide: {name} ", f"voiceguide: the engine {name} is not ready"))
        assert hint.startswith("  ")
        assert len(hint) > 8
        assert "\x1b" not in error


@pytest.mark.slow
def test_odd_engines_that_work_speak_and_their_output_is_not_ours(odd: Path) -> None:
    done = commands(odd, *(["plan", "short.yaml", "--json", "-e", name] for name in WELL))
    assert [(code, json.loads(out)["engine"]) for code, out, _ in done] == [(0, name) for name in WELL]


@pytest.mark.slow
@pytest.mark.parametrize("command", [["plan", "--json"], ["export", "-o", "short.wav"], ["play", "--output", "quick"]])
def test_auto_passes_over_all_that_misbehave_and_says_so(odd: Path, command: list[str]) -> None:
    done = among(odd, "-m", "voiceguide", command[0], "short.yaml", *command[1:])
    assert done.returncode == 0, done.stderr
    assert "speak-raises fails: _speak raises ZeroDivisionError: by zero; " in done.stderr
    assert "Traceback" not in done.stderr
    if command[0] == "plan":
        record = json.loads(done.stdout)
        assert record["engine"] in ("piper", "espeak")
        assert len(record["remarks"]) == len(SPOKEN) - 1  # the one without voices is not even asked to speak


@pytest.mark.slow
def test_misbehaving_outputs_are_named_and_passed_over(odd: Path) -> None:
    asked = [["play", "short.yaml", "-e", "tone", "--output", f"out-{name}"] for name in OUTPUTS]
    *by_name, (code, out, error) = commands(odd, *asked, ["play", "short.yaml", "-e", "tone"])
    assert {name: made[0] for name, made in zip(OUTPUTS, by_name, strict=True)} == dict.fromkeys(OUTPUTS, 3)
    for name, (_, _, message) in zip(OUTPUTS, by_name, strict=True):
        assert f"out-{name}" in message.splitlines()[0] + message.splitlines()[-2]
        assert "Traceback" not in message
    assert (code, "played 0:06 of 0:06" in out) == (0, True), (out, error)


def test_what_a_call_into_a_plug_in_may_raise_and_what_becomes_of_it() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(PluginError, match=r"^x fails: y raises KeyboardInterrupt$"):
        call("x", "y", interrupt)
    with pytest.raises(KeyboardInterrupt):  # here it can only be the listener's
        call("x", "y", interrupt, patience_s=None)
    assert call("x", "y", lambda: 1) == 1
