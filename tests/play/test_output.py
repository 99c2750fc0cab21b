"""Outputs: one door, and a reason where something cannot be used."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.run import ROOT
from tests.play.sinks import SCRIPT, Collector, WholeCollector
from voiceguide import VoiceguideError
from voiceguide.cli.play import hinting
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.output import OUTPUTS, AnyOutput, NoSoundError, Source, installed_outputs, pick_output
from voiceguide.play.simpleaudio_output import SimpleaudioOutput
from voiceguide.plugins import Broken, Door, Status


class Unplugged(Collector):
    """An output without a device."""

    name = "unplugged"

    def _start(self, source: Source) -> None:
        super()._start(source)
        raise OSError("nothing is plugged in")


class Buggy(Collector):
    """An output with a mistake in it."""

    def _start(self, source: Source) -> None:
        super()._start(source)
        raise ZeroDivisionError


def installed_in(folder: Path, name: str, target: str) -> None:
    """Put a distribution with one output into *folder*."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[voiceguide.outputs]\n{name} = {target}\n")


def door_with(name: str, target: str, folder: Path, patch: pytest.MonkeyPatch) -> Door[AnyOutput]:
    """Return a door behind which a distribution in *folder* has put one output more."""
    patch.syspath_prepend(folder)
    installed_in(folder, name, target)
    return Door(OUTPUTS.group, OUTPUTS.kind, OUTPUTS.noun, f"something other than {name}")


def test_both_bundled_outputs_are_found_the_better_one_first() -> None:
    names = [output.name for output in installed_outputs()]
    assert names.index("miniaudio") < names.index("simpleaudio")


def test_auto_is_miniaudio() -> None:
    assert pick_output("auto").name == "miniaudio"


def test_an_unknown_output_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(VoiceguideError, match="no output 'speaker'") as raised:
        pick_output("speaker")
    assert "auto, miniaudio, simpleaudio" in raised.value.hint


def test_a_plugin_comes_through_the_same_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = door_with("collector", "tests.play.sinks:Collector", tmp_path, monkeypatch)
    assert isinstance(door.pick("collector"), Collector)


def test_a_broken_plugin_is_a_record_and_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = door_with("broken", "no_such_module:Output", tmp_path, monkeypatch)
    (record,) = [output for output in door.installed() if output.name == "broken"]
    assert isinstance(record, Broken)
    assert "no_such_module" in record.status().hint
    with pytest.raises(VoiceguideError, match="broken is not ready"):
        door.pick("broken")


def test_where_there_is_no_device_it_lets_go_and_says_what_to_do_instead() -> None:
    output = Unplugged()
    with pytest.raises(VoiceguideError, match=r"no sound device .*nothing is plugged in") as raised:
        output.check()
    assert raised.value.hint.endswith("voiceguide export ROUTINE -o FILE.wav")
    assert not output.open


def test_the_hint_is_made_of_what_can_be_done_not_of_its_words() -> None:
    with pytest.raises(NoSoundError) as raised, hinting("voiceguide say ROUTINE STEP -o FILE.wav"):
        raise NoSoundError("the sound device is gone", again=True)
    assert raised.value.hint == (
        "play it again, or make a file and play it elsewhere: voiceguide say ROUTINE STEP -o FILE.wav"
    )
    with pytest.raises(VoiceguideError) as other, hinting("voiceguide say ROUTINE STEP -o FILE.wav"):
        raise VoiceguideError("something else", hint="see voiceguide export ROUTINE -o FILE.wav")
    assert other.value.hint == "see voiceguide export ROUTINE -o FILE.wav"


def test_where_no_output_is_ready_a_file_can_still_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    empty: Door[AnyOutput] = Door("voiceguide.nothing", OUTPUTS.kind, OUTPUTS.noun, OUTPUTS.instead)
    monkeypatch.setattr("voiceguide.play.output.OUTPUTS", empty)
    with pytest.raises(NoSoundError, match="no output is ready") as raised:
        pick_output("auto")
    assert raised.value.hint.endswith("voiceguide export ROUTINE -o FILE.wav")


def test_our_own_mistakes_are_not_taken_for_a_missing_device() -> None:
    output = Buggy()
    with pytest.raises(ZeroDivisionError):
        output.check()
    assert not output.open


@pytest.mark.parametrize("output", [Collector(), WholeCollector()])
def test_checking_opens_and_closes(output: Collector | WholeCollector) -> None:
    output.check()
    assert output.stopped if isinstance(output, WholeCollector) else not output.open


@pytest.mark.parametrize("output", [MiniaudioOutput(), SimpleaudioOutput()], ids=lambda output: output.name)
def test_stopping_what_never_started_does_nothing(output: AnyOutput) -> None:
    output.stop()
    output.stop()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="it works there")
def test_simpleaudio_is_refused_with_the_reason_where_it_crashes() -> None:
    assert SimpleaudioOutput().status() == Status(
        "failed", "simpleaudio crashes Python 3.12 and later; use --output miniaudio"
    )


def test_asking_for_the_status_loads_no_library() -> None:
    code = """
import sys
from voiceguide.play.output import installed_outputs
states = [output.status().state for output in installed_outputs()]
assert states, "no outputs"
heavy = {"miniaudio", "simpleaudio", "numpy", "rich"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


HEAVY = {"asyncio", "attr", "cattrs", "email", "multiprocessing", "numpy", "onnxruntime", "piper"}
HEAVY |= {"pydantic", "rich", "soundfile", "soxr", "ssl", "wakepy"}


@pytest.mark.parametrize("engine", ["tone", "piper"])
def test_before_a_session_that_is_spoken_asks_for_its_device_nothing_heavy_is_loaded(
    engine: str, tmp_path: Path
) -> None:
    if engine == "piper":
        pytest.importorskip("piper")
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    installed_in(tmp_path, "loaded", "tests.play.loaded:Loaded")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    environment["VOICEGUIDE_CACHE"] = str(tmp_path / "cache")

    def run(command: str, *more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "voiceguide", command, str(script), "--engine", engine, *more]
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert run("export", "-o", str(tmp_path / "spoken.wav")).returncode == 0
    done = run("play", "--output", "loaded")
    told = re.match(r"voiceguide: there is no sound device to play on \(loaded: (.*)\)\n", done.stderr)
    assert told, done.stderr
    loaded = set(told[1].split())
    assert {"voiceguide", "typer", "yaml"} <= loaded
    assert not HEAVY & loaded
