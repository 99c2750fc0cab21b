"""The one door for engines and outputs: what is broken is a record, never a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
