"""kokoro: which model it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech.engine import Engine
from voiceguide.speech.kokoro import KokoroEngine

WHOLE = b"\x08\x08\x3a\x04\x12\x02no"
"""A model as far as its lengths tell; onnxruntime would not take it."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require: Callable[[Engine], None]) -> Path:
    require(KokoroEngine())
    monkeypatch.setenv("VOICEGUIDE_VOICES", str(tmp_path))
    (tmp_path / "kokoro-v1.0.int8.onnx").write_bytes(WHOLE)
    return tmp_path


def put_voices(folder: Path, *names: str) -> None:
    with ZipFile(folder / "voices-v1.0.bin", "w") as archive:
        for name in names:
            archive.writestr(f"{name}.npy", b"")


def test_the_packaged_voices_speak_english_and_are_no_automatic_choice(require: Callable[[Engine], None]) -> None:
    kokoro = KokoroEngine()
    require(kokoro)
    assert kokoro.rank == 8
    assert {voice.language for voice in kokoro.voices()} == {"en-US"}


def test_the_listeners_own_model_comes_first_and_its_best_english_voice_too(folder: Path) -> None:
    put_voices(folder, "af_alloy", "af_heart", "bf_emma", "ff_siwis", "jf_alpha")
    kokoro = KokoroEngine()
    assert kokoro.rank == 25
    assert [voice.id for voice in kokoro.voices()][:2] == ["af_heart", "bf_emma"]
    assert kokoro.pick_voice("", "en-GB") == "bf_emma"
    assert kokoro.pick_voice("", "fr") == "ff_siwis"


def test_a_model_that_is_not_whole_is_refused_with_the_place_to_look_at(folder: Path) -> None:
    put_voices(folder, "af_heart")
    with pytest.raises(VoiceguideError, match="cannot be loaded") as refusal:
        KokoroEngine()._speak("Hello.", "af_heart", 125)
    assert refusal.value.hint


def test_voices_that_are_not_whole_are_named_and_the_packaged_ones_speak(folder: Path) -> None:
    (folder / "voices-v1.0.bin").write_bytes(b"half a file")
    kokoro = KokoroEngine()
    assert (kokoro.voices()[0].id, kokoro.rank, kokoro.status().state) == ("jf_alpha", 8, "ready")
    assert [(flaw.path.name, flaw.reason) for flaw in kokoro.flaws()] == [
        ("voices-v1.0.bin", "is no whole archive of voices")
    ]


def test_of_two_models_and_two_archives_the_whole_ones_are_taken(folder: Path) -> None:
    (folder / "kokoro-v1.0.fp16.onnx").write_bytes(WHOLE[:-1])
    (folder / "voices-v0.9.bin").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
    put_voices(folder, "af_heart")
    kokoro = KokoroEngine()
    assert [voice.id for voice in kokoro.voices()] == ["af_heart"]
    assert [(flaw.path.name, flaw.reason) for flaw in kokoro.flaws()] == [
        ("kokoro-v1.0.fp16.onnx", "is cut short: 7 of 8 bytes"),
        ("voices-v0.9.bin", "is a Git LFS pointer: the file itself was not downloaded"),
    ]


def test_a_model_without_voices_is_named(folder: Path) -> None:
    assert [str(flaw).split()[1:4] for flaw in KokoroEngine().flaws()] == [["is", "alone:", "there"]]
