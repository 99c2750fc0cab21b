"""Finding sounds: what `sounds.yaml` says of them is read strictly, and one mistake in it stops nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.library.sound_files import TONE, encoded, floats
from voiceguide.files import bundled, users
from voiceguide.library.door import judge, samples
from voiceguide.library.sounds import all_sounds, find_recording, recordings
from voiceguide.loading import examine

Home = Callable[..., Path]


@pytest.mark.parametrize("name", sorted(path.stem for path in bundled("sounds").glob("*[!0-9].flac")))
def test_the_length_of_a_bundled_sound_is_known_without_decoding_it(name: str) -> None:
    sound = all_sounds()[name]
    made, rate = samples(sound.path, "bed")
    assert (sound.ms(), rate) == (-(-len(made) * 1000 // rate), 48_000)
    assert sound.ms() == judge(sound.path, "bed")


INDEX = {
    "gong: {file: gong.wav, kind: chime, strikes: 2, every: 9}": (
        "1:56: error[missing-unit]: expected a duration with its unit, such as `8s` or `1m30s`, found `9`",
        "write `9s`",
    ),
    "gong: {file: gong.wav, kind: chime, strikes: three}": (
        "1:46: error[number]: expected a number of strikes from 1 to 12, found `three`",
        "write `3`",
    ),
    "gong: {file: gong.wav, kind: bell}": (
        "1:30: error[choice]: expected one of chime, bed, found `bell`",
        "",
    ),
    "gong: {file: gong.wav, kind: chimes}": (
        "1:30: error[choice]: expected one of chime, bed, found `chimes`",
        "did you mean `chime`?",
    ),
    "gong: {file: gong.wav, strike: 2}": (
        "1:24: error[unknown-key]: expected a key of a sound, found `strike`",
        "did you mean `strikes`?",
    ),
    "gong: {file: gong.wav, strikes: 99}": (
        "1:33: error[number]: expected a number of strikes from 1 to 12, found `99`",
        "",
    ),
    "gong: {file: gong.wav, strikes: 2.5}": (
        "1:33: error[number]: expected a number of strikes from 1 to 12, found `2.5`",
        "",
    ),
    "gong: {file: gong.wav, every: -2s}": (
        "1:31: error[duration]: expected a duration with its unit, such as `8s` or `1m30s`, found `-2s`",
        "write `2s`",
    ),
    "gong: {file: ../gong.wav}": (
        "1:14: error[file-name]: expected the name of a sound file, without a folder, found `../gong.wav`",
        "",
    ),
    "gong: {file: gnog.wav}": (
        "1:14: error[unknown-sound]: expected a sound file beside sounds.yaml, found `gnog.wav`, which is not there",
        "did you mean `gong.wav`?",
    ),
    "gong: {kind: chime}": (
        "1:8: error[missing-key]: expected `file:` in a sound, found none",
        "The sound file, beside this one.",
    ),
    "gong: gong.wav": (
        "1:7: error[wrong-shape]: expected a mapping under `gong`, found `gong.wav`",
        "write `key: value` lines",
    ),
    "gong:": ("1:6: error[empty-value]: expected a mapping after `gong`, found nothing", ""),
    "gong: {file: gong.wav}\ngong: {file: gong.wav}": (
        "2:1: error[duplicate-key]: expected `gong` once, found it again (first in line 1)",
        "keep one of them",
    ),
    "- gong": (
        "1:1: error[wrong-shape]: expected a mapping under `sounds.yaml`, found a list",
        "write `key: value` lines",
    ),
    "gong: {file: gong.wav": ("1:7: error[yaml]: ", "close the bracket"),
    "gong: &a {file: gong.wav}": (
        "1:7: error[anchor]: expected a value, found the anchor `&a`",
        "take the anchor away",
    ),
    "gong: !!python/object {file: gong.wav}": ("1:7: error[yaml-tag]: expected a value", "take the tag away"),
    "gong: {file: nan.wav}": (
        "1:14: error[bad-sound]: expected a chime that can be heard, found `nan.wav`, "
        "which holds a value that is no number (NaN), first at 0:00.5",
        "export it again, as 16 or 24 bit",
    ),
    "gong: {file: gong.wav, layers: [gnog.wav]}": (
        "1:14: error[unknown-sound]: expected a sound file beside sounds.yaml, found `gnog.wav`, which is not there",
        "did you mean `gong.wav`?",
    ),
    "gong: {file: gong.wav, layers: [nan.wav]}": (
        "1:14: error[bad-sound]: expected a bed that can be heard, found `nan.wav`, "
        "which holds a value that is no number (NaN), first at 0:00.5",
        "export it again, as 16 or 24 bit",
    ),
    "gong: {file: gong.wav, kind: chime, layers: [gong.wav]}": (
        "1:45: warning[no-effect]: expected `layers` of a bed, found it with a chime, which is one file",
        "take it away, or write `kind: bed`",
    ),
    "gong: {file: gong.wav, kind: bed, strikes: 3}": (
        "1:44: warning[no-effect]: expected `strikes` of a chime, found it with a bed, which loops",
        "take it away, or write `kind: chime`",
    ),
}


@pytest.mark.parametrize("text", INDEX)
def test_a_mistake_in_sounds_yaml_has_its_place_and_what_to_type(text: str, tmp_path: Path) -> None:
    (tmp_path / "gong.wav").write_bytes(encoded())
    (tmp_path / "nan.wav").write_bytes(floats((8000, float("nan"))))
    (tmp_path / "sounds.yaml").write_text(text + "\n")
    routine, report = examine(tmp_path / "sounds.yaml")
    assert routine is None
    first = report.problems[0]
    message, hint = INDEX[text]
    assert str(first).replace(f"{tmp_path}/sounds.yaml:", "").startswith(message)
    assert first.hint.startswith(hint)
    assert bool(first.hint) == bool(hint)


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "gong: {file: gong.wav, kind: chime, strikes: 2, every: 9s}\n"]
)
def test_a_right_one_or_an_empty_one_has_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "gong.wav").write_bytes(encoded())
    (tmp_path / "sounds.yaml").write_text(text)
    assert not examine(tmp_path / "sounds.yaml")[1]


SCRIPT = """routine: Evening
length: 1m..2m..3m
bed: {bed}
steps:
  - chime: {chime}
  - {{say: Welcome., recorded: {recording}, for: 10s}}
  - pause: 1s..2m..3m
  - chime: end
"""


@pytest.fixture
def home(tmp_path: Path, own_places: Path) -> Path:
    """Return a home of the user's with sounds of every kind."""
    sounds = tmp_path / "home" / "sounds"
    sounds.mkdir(parents=True)
    for name in ("gong.wav", "bell.wav", "begin.wav"):
        (sounds / name).write_bytes(encoded())
    (sounds / "nan.wav").write_bytes(floats((8000, float("nan"))))
    (sounds / "memo.m4a").write_bytes(b"\0\0\0\x20ftypM4A ")
    (sounds / "folder.wav").mkdir()
    (sounds / "._gong.wav").write_bytes(b"\0\5\x16\7")
    (tmp_path / "welcome.wav").write_bytes(encoded())
    return tmp_path


def run(home: Path, *line: str, **sounds: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the script with these sounds in it."""
    named = {"bed": "none", "chime": "begin", "recording": "welcome.wav"} | sounds
    (home / "evening.yaml").write_text(SCRIPT.format(**named))
    places = {"VOICEGUIDE_HOME": str(home / "home"), "VOICEGUIDE_CACHE": str(home / "cache")}
    command = [sys.executable, "-m", "voiceguide", *line]
    return subprocess.run(command, cwd=home, env={**os.environ, **places}, capture_output=True, text=True)


BAD_USES = {
    "nan": ({"chime": "nan"}, "5:12: error[bad-sound]: expected a chime that can be heard, found `nan`, which holds"),
    "folder": (
        {"bed": "folder"},
        "3:6: error[bad-sound]: expected a bed that can be heard, found `folder`, which is a",
    ),
    "format": (
        {"chime": "memo"},
        "5:12: error[bad-sound]: expected a chime that can be heard, found `memo`, which is MPEG-4",
    ),
    "recording": (
        {"recording": "memo.m4a"},
        "6:31: error[bad-sound]: expected a recording that can be heard, found `memo.m4a`, which is MPEG-4",
    ),
    "entry": (
        {"chime": "gong"},
        "5:12: error[bad-sound]: expected a chime that can be heard, found `gong`, which has a wrong entry in ",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("use", BAD_USES)
def test_a_bad_sound_is_told_at_the_step_that_uses_it_before_anything_is_spoken(use: str, home: Path) -> None:
    (home / "home" / "sounds" / "sounds.yaml").write_text("gong: {file: gong.wav, strikes: three}\n")
    sounds, message = BAD_USES[use]
    for line in (
        ("check", "evening.yaml"),
        ("plan", "evening.yaml", "--engine", "espeak"),
        ("export", "evening.yaml", "--engine", "espeak", "-o", "evening.wav"),
    ):
        done = run(home, *line, **sounds)
        assert f"evening.yaml:{message}" in done.stderr
        assert done.returncode == 1
        assert not (home / "cache").exists()  # nothing was spoken
        assert not (home / "evening.wav").exists()


@pytest.mark.slow
def test_a_mistake_in_sounds_yaml_is_a_warning_and_all_other_sounds_work(home: Path) -> None:
    index = home / "home" / "sounds" / "sounds.yaml"
    index.write_text("gong: {file: gong.wav, strikes: three}\nbell: {file: bell.wav, kind: chime, strikes: 2}\n")
    warning = f"{index}:1:33: warning[sounds-file]: expected a number of strikes from 1 to 12, found `three`"
    for line in (
        ("check", "evening.yaml"),
        ("plan", "evening.yaml", "-e", "tone"),
        ("export", "evening.yaml", "-e", "tone", "-o", "evening.wav"),
    ):
        done = run(home, *line, chime="bell")
        assert done.returncode == 0, done.stderr
        assert done.stderr.count(warning) == 1
        assert "      = write `3`" in done.stderr
    assert (home / "evening.wav").exists()
    done = run(home, "check", "home/sounds/sounds.yaml")
    assert (done.returncode, done.stderr.count("found `three`")) == (1, 1)
    fixed = run(home, "check", "--fix", "home/sounds/sounds.yaml")
    assert fixed.returncode == 0, fixed.stderr
    assert index.read_text().startswith("gong: {file: gong.wav, strikes: 3}\n")


@pytest.mark.slow
def test_sounds_yaml_is_no_routine_and_doctor_tells_of_sounds_that_cannot_be_used(home: Path) -> None:
    (home / "home" / "sounds" / "sounds.yaml").write_text("gong: {file: gong.wav, strikes: three}\n")
    done = run(home, "plan", "home/sounds/sounds.yaml")
    assert "home/sounds/sounds.yaml tells of sounds, and is no routine" in done.stderr
    told = run(home, "doctor").stdout
    assert "sound nan " in told
    assert "holds a value that is no number (NaN)" in told
    assert "convert it: ffmpeg -i memo.m4a memo.wav" in told
    assert "strikes from 1 to 12, found `three`" in told


def test_recordings_are_found_whatever_they_are_called(tmp_path: Path) -> None:
    for name in ("welcome.wav", "memo.m4a", "odd.xyz", "evening.yaml", ".hidden.wav"):
        (tmp_path / name).write_bytes(encoded(TONE))
    assert set(recordings(tmp_path / "evening.yaml")) >= {"welcome.wav", "memo.m4a", "odd.xyz"}
    assert not {"evening.yaml", ".hidden.wav"} & set(recordings(tmp_path / "evening.yaml"))
    assert find_recording(tmp_path / "evening.yaml", "odd.xyz").fault("recording") is None
    assert users("sounds").name == "sounds"
