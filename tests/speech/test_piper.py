"""piper: its pace, its frozen noise, and voices from a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voiceguide.cli.app import load
from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech import piper_model as onnx_model
from voiceguide.speech.engine import Engine
from voiceguide.speech.piper import PiperEngine, length_scale


@pytest.mark.parametrize(("pace_wpm", "scale"), [(60, 1.6), (125, 1.6), (150, 1.48), (204, 1.0), (600, 0.6)])
def test_the_length_scale_follows_the_pace_between_its_limits(pace_wpm: int, scale: float) -> None:
    assert length_scale(pace_wpm) == pytest.approx(scale, abs=0.01)


def model_of_one_random_node() -> bytes:
    """Return an ONNX model whose output is noise of the shape of its input."""

    def field(number: int, *parts: bytes) -> bytes:
        return b"".join(onnx_model._message(number, list(parts)))

    def number(field: int, value: int) -> bytes:
        return onnx_model._varint(field << 3) + onnx_model._varint(value)

    def value(name: bytes) -> bytes:
        shape = b"".join(field(1, field(2, size)) for size in (b"a", b"b", b"c"))
        return field(1, name) + field(2, field(1, number(1, 1), field(2, shape)))

    node = bytes(onnx_model._node(b"RandomNormalLike", [b"x"], b"y").data)
    graph = node + field(2, b"graph") + field(11, value(b"x")) + field(12, value(b"y"))
    return number(1, 8) + field(7, graph) + field(8, number(2, 15))


def test_frozen_noise_is_a_slice_of_the_table_of_the_shape_of_the_input() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(onnx_model.read_model(model_of_one_random_node()).whole())
    table = np.random.RandomState(onnx_model.SEED).standard_normal((1, onnx_model.CHANNELS, onnx_model.FRAMES))
    for shape in ((1, 2, 30), (1, 192, 500), (1, 2, 30)):
        (made,) = session.run(None, {"x": np.zeros(shape, np.float32)})
        assert np.array_equal(made, table[:, : shape[1], : shape[2]].astype(np.float32))


def test_a_model_without_noise_keeps_its_bytes_and_only_gains_the_table() -> None:
    model = onnx_model._varint(7 << 3 | 2) + onnx_model._varint(3) + b"\x12\x01g"
    frozen = onnx_model.read_model(model).whole()
    assert b"\x12\x01g" in frozen
    assert len(frozen) == pytest.approx(onnx_model.CHANNELS * onnx_model.FRAMES * 4, abs=200)


def test_a_model_without_lengths_of_sounds_has_no_part_that_gives_them() -> None:
    model = onnx_model.read_model(model_of_one_random_node())
    assert model.counts == b""
    assert model.lengths() == b""


def test_the_part_of_a_model_that_gives_lengths_holds_what_they_come_from_and_nothing_else() -> None:
    source = model_of_one_random_node()
    head, graph = source[:2], source[2:]
    model = onnx_model.read_model(source)
    ceil, after = onnx_model._node(b"Ceil", [b"y"], b"counts"), onnx_model._node(b"Neg", [b"counts"], b"z")
    unused = onnx_model._tensor(b"unused", np.zeros(9, "<i8"), 7)
    assert (head, graph[:1]) == (b"\x08\x08", b"\x3a")
    more = replace(
        model, nodes=(*model.nodes, ceil, after), values={**model.values, b"unused": unused}, counts=b"counts"
    )
    onnxruntime = pytest.importorskip("onnxruntime")
    part = onnx_model.read_model(more.lengths())
    assert [node.operation for node in part.nodes] == [b"Shape", b"Slice", b"Ceil"]
    assert b"unused" not in part.values
    (made,) = onnxruntime.InferenceSession(more.lengths()).run(None, {"x": np.zeros((1, 2, 30), np.float32)})
    table = np.random.RandomState(onnx_model.SEED).standard_normal((1, onnx_model.CHANNELS, onnx_model.FRAMES))
    assert np.array_equal(made, np.ceil(table[:, :2, :30].astype(np.float32)))
    sound, counts = onnxruntime.InferenceSession(more.whole()).run(None, {"x": np.zeros((1, 2, 30), np.float32)})
    assert np.array_equal(counts, made)
    assert np.array_equal(np.ceil(sound), made)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require: Callable[[Engine], None]) -> Path:
    require(PiperEngine())
    monkeypatch.setenv("VOICEGUIDE_VOICES", str(tmp_path))
    return tmp_path


SETTINGS: dict[str, Any] = {
    "audio": {"sample_rate": 22_050},
    "espeak": {"voice": "de"},
    "language": {"code": "de_DE"},
    "num_symbols": 256,
    "num_speakers": 1,
    "phoneme_id_map": {"_": [0], "a": [14]},
}
ANNA = "de_DE-anna-high.onnx"


def put_voice(folder: Path, name: str = ANNA, **settings: Any) -> Path:
    """Put a voice into *folder* that is whole as far as its lengths tell, with *settings* of its own."""
    (folder / name).write_bytes(model_of_one_random_node())
    (folder / f"{name}.json").write_text(json.dumps(SETTINGS | settings), "utf-8")
    return folder / name


def test_a_voice_in_the_folder_comes_before_the_packaged_one(folder: Path) -> None:
    put_voice(folder)
    anna, joe = PiperEngine().voices()
    assert (anna.id, anna.title, anna.language, anna.licence) == ("de_DE-anna-high", "anna, high", "de-DE", "")
    assert (joe.id, joe.language, joe.licence) == ("en_US-joe-medium", "en-US", "CC0")
    assert PiperEngine().pick_voice("", "en") == "en_US-joe-medium"
    assert PiperEngine().flaws() == ()


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        (b"License: \xa9 2023 Andr\xe9\n", "© 2023 André"),
        ("* Licence: Öffentlich".encode("utf-8-sig"), "Öffentlich"),
        (b"License: \x1b[31mred\x07\n", "[31mred"),
        (b"\x00\xff\xfe\x80", ""),
        (b"", ""),
        (b"License: CC0\n" * 20_000, ""),
    ],
)
def test_a_card_may_be_in_any_encoding_or_be_none_at_all(folder: Path, card: bytes, licence: str) -> None:
    put_voice(folder)
    (folder / "MODEL_CARD").write_bytes(card)
    assert PiperEngine().voices()[0].licence == licence


def test_a_card_that_is_a_folder_is_none(folder: Path) -> None:
    put_voice(folder)
    (folder / "MODEL_CARD").mkdir()
    assert PiperEngine().voices()[0].licence == ""


def replaced(content: bytes, suffix: str = "") -> Callable[[Path], object]:
    return lambda model: model.with_name(model.name + suffix).write_bytes(content)


def without(suffix: str = "", then: Callable[[Path], object] = str) -> Callable[[Path], object]:
    def do(model: Path) -> None:
        path = model.with_name(model.name + suffix)
        path.unlink()
        then(path)

    return do


def setting(**settings: Any) -> Callable[[Path], object]:
    return lambda model: put_voice(model.parent, **settings)


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 63201294\n"
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "half downloaded": (replaced(model_of_one_random_node()[:-9]), "is cut short: "),
    "half of the real one": (replaced(b"\x08\x08\x12\x07pytorch\x3a\xf1\xbf\x91\x1e"), "is cut short: 16 of 63201281 bytes"),
    "an LFS pointer": (replaced(LFS), "is a Git LFS pointer"),
    "a web page": (replaced(b"<!DOCTYPE html><html>404"), "is a web page"),
    "empty": (replaced(b""), "is empty"),
    "another kind of file": (replaced(b"RIFF\x00\x00\x00\x00WAVE"), "is no ONNX model"),
    "a text": (replaced(b"not found\n"), "is no ONNX model"),
    "zeros": (replaced(bytes(4096)), "is no ONNX model"),
    "a number without an end": (replaced(b"\xff" * 64), "is no ONNX model"),
    "a head without a graph": (replaced(b"\x08\x08"), "is no ONNX model"),
    "a folder": (without(then=Path.mkdir), "is a folder"),
    "a pipe": (without(then=os.mkfifo), "is no regular file"),
    "a device": (without(then=lambda path: path.symlink_to("/dev/zero")), "is no regular file"),
    "a link to nothing": (without(then=lambda path: path.symlink_to("gone")), "is a link to nothing"),
    "a link to itself": (without(then=lambda path: path.symlink_to(path.name)), "cannot be read"),
    "settings without a model": (without(), "is missing"),
    "a model without settings": (without(".json"), ".json is missing"),
    "settings that are empty": (replaced(b"", ".json"), ".json is empty"),
    "settings that are a pointer": (replaced(LFS, ".json"), ".json is a Git LFS pointer"),
    "settings cut short": (replaced(b'{"audio": {"sam', ".json"), ".json holds no settings"),
    "settings that are a list": (replaced(b"[]", ".json"), ".json holds no settings"),
    "settings in depth": (replaced(b"[" * 100_000, ".json"), ".json holds no settings"),
    "settings in another encoding": (replaced(b'{"a": "\xe9"}', ".json"), ".json holds no settings"),
    "huge settings": (replaced(b" " * (1 << 20) + b"{}", ".json"), ".json is larger than 1 MiB"),
    "settings of something else": (replaced(b'{"name": "x"}', ".json"), ".json is not whole: there is no 'num_symbols'"),
    "a rate of 1 Hz": (setting(audio={"sample_rate": 1}), ".json does not give a sample rate"),
    "a rate in words": (setting(audio={"sample_rate": "22050"}), ".json does not give a sample rate"),
    "no phonemes": (setting(phoneme_id_map={}), ".json holds no settings"),
    "phonemes of another model": (setting(phoneme_id_map={"a": [300]}), ".json does not give phonemes of these"),
    "settings of another voice": (setting(language={"code": "en_US"}), ".json is that of another voice: it says en_US"),
    "a language that is none": (setting(language={"code": "\x1b[2J"}), ".json does not give a language"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_voice_is_named_with_what_to_do_and_passed_over(folder: Path, kind: str) -> None:
    spoil, reason = BROKEN[kind]
    spoil(put_voice(folder))
    piper = PiperEngine()
    (flaw,) = piper.flaws()
    assert str(flaw).startswith(f"{folder / ANNA}{'' if reason.startswith('.') else ' '}{reason}")
    assert "download" in flaw.hint
    assert piper.status().state == "ready"
    assert [voice.id for voice in piper.voices()] == ["en_US-joe-medium"]
    with pytest.raises(VoiceguideError, match="cannot be used: "):
        piper.pick_voice("de_DE-anna-high", "de")


def test_a_name_that_cannot_be_typed_is_no_voice(folder: Path) -> None:
    put_voice(folder, "bad\x1b[31m.onnx")
    (flaw,) = PiperEngine().flaws()
    assert str(flaw) == f"'{folder}/bad\\x1b[31m.onnx' has a name that cannot be typed"
    assert flaw.hint == "rename it"


def test_a_broken_copy_of_the_packaged_voice_does_not_hide_it(folder: Path) -> None:
    (folder / "en_US-joe-medium.onnx").write_bytes(b"")
    piper = PiperEngine()
    assert [voice.id for voice in piper.voices()] == ["en_US-joe-medium"]
    assert piper.pick_voice("en_US-joe-medium", "en") == "en_US-joe-medium"


@pytest.mark.parametrize("ending", ["", "/file"])
def test_a_voice_folder_that_is_none_holds_no_voices(
    folder: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    (folder / "file").write_text("no folder")
    monkeypatch.setenv("VOICEGUIDE_VOICES", str(folder / "file") + ending)
    assert [voice.id for voice in PiperEngine().voices()] == ["en_US-joe-medium"]


def test_a_voice_that_looks_whole_and_is_not_is_named_when_it_should_speak(folder: Path) -> None:
    put_voice(folder)
    with pytest.raises(VoiceguideError, match=f"{ANNA} cannot (speak|be)") as refusal:
        PiperEngine()._speak("Hello.", "de_DE-anna-high", 125)
    assert "download" in refusal.value.hint


def test_voices_and_doctor_name_the_file_and_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(command: str, *arguments: str) -> str:
        load(command)(list(arguments), standalone_mode=False)
        return capsys.readouterr().out

    put_voice(folder).write_bytes(LFS)
    listed = said("voices")
    assert f"{folder / ANNA} is a Git LFS pointer: the file itself was not downloaded\n" in listed
    assert f"  download {ANNA} and {ANNA}.json again, or remove both\n" in listed
    record = json.loads(said("voices", "piper", "--json"))
    assert [flaw["path"] for flaw in record[0]["flaws"]] == [str(folder / ANNA)]
    looked = json.loads(said("doctor", "--json"))
    assert [row["state"] for row in looked if row["what"] == "voice file"] == ["broken"]
