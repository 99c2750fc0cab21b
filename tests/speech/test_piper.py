"""piper: its pace, its frozen noise, and voices from a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech import piper_noise as noise
from voiceguide.speech.engine import Engine
from voiceguide.speech.piper import PiperEngine, length_scale


@pytest.mark.parametrize(("pace_wpm", "scale"), [(60, 1.6), (125, 1.6), (150, 1.48), (204, 1.0), (600, 0.6)])
def test_the_length_scale_follows_the_pace_between_its_limits(pace_wpm: int, scale: float) -> None:
    assert length_scale(pace_wpm) == pytest.approx(scale, abs=0.01)


def model_of_one_random_node() -> bytes:
    """Return an ONNX model whose output is noise of the shape of its input."""

    def field(number: int, *parts: bytes) -> bytes:
        return b"".join(noise._message(number, list(parts)))

    def number(field: int, value: int) -> bytes:
        return noise._varint(field << 3) + noise._varint(value)

    def value(name: bytes) -> bytes:
        shape = b"".join(field(1, field(2, size)) for size in (b"a", b"b", b"c"))
        return field(1, name) + field(2, field(1, number(1, 1), field(2, shape)))

    node = noise._node(b"RandomNormalLike", [b"x"], b"y")
    graph = node + field(2, b"graph") + field(11, value(b"x")) + field(12, value(b"y"))
    return number(1, 8) + field(7, graph) + field(8, number(2, 15))


def test_frozen_noise_is_a_slice_of_the_table_of_the_shape_of_the_input() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(noise.freeze_noise(model_of_one_random_node()))
    table = np.random.RandomState(noise.SEED).standard_normal((1, noise.CHANNELS, noise.FRAMES))
    for shape in ((1, 2, 30), (1, 192, 500), (1, 2, 30)):
        (made,) = session.run(None, {"x": np.zeros(shape, np.float32)})
        assert np.array_equal(made, table[:, : shape[1], : shape[2]].astype(np.float32))


def test_a_model_without_noise_keeps_its_bytes_and_only_gains_the_table() -> None:
    model = noise._varint(7 << 3 | 2) + noise._varint(3) + b"\x12\x01g"
    frozen = noise.freeze_noise(model)
    assert b"\x12\x01g" in frozen
    assert len(frozen) == pytest.approx(noise.CHANNELS * noise.FRAMES * 4, abs=200)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require: Callable[[Engine], None]) -> Path:
    require(PiperEngine())
    monkeypatch.setenv("VOICEGUIDE_VOICES", str(tmp_path))
    return tmp_path


def test_a_voice_in_the_folder_comes_before_the_packaged_one(folder: Path) -> None:
    (folder / "de_DE-anna-high.onnx").write_bytes(b"")
    (folder / "de_DE-anna-high.onnx.json").write_text(json.dumps({"language": {"code": "de_DE"}}), "utf-8")
    (folder / "de_DE-lost-high.onnx").write_bytes(b"a model without its settings is no voice")
    anna, joe = PiperEngine().voices()
    assert (anna.id, anna.title, anna.language, anna.licence) == ("de_DE-anna-high", "anna, high", "de-DE", "")
    assert (joe.id, joe.language, joe.licence) == ("en_US-joe-medium", "en-US", "CC0")
    assert PiperEngine().pick_voice("", "en") == "en_US-joe-medium"


@pytest.mark.parametrize("settings", ["", "{}", "[]"])
def test_a_broken_voice_is_listed_and_refused_when_it_should_speak(folder: Path, settings: str) -> None:
    (folder / "de_DE-anna-high.onnx").write_bytes(b"\x3a\x7f not a model")
    (folder / "de_DE-anna-high.onnx.json").write_text(settings, "utf-8")
    with pytest.raises(VoiceguideError, match="cannot be read") as refusal:
        PiperEngine()._speak("Hello.", "de_DE-anna-high", 125)
    assert "download" in refusal.value.hint
