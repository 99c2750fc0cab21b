"""system: pyttsx3 loses and cuts files, so each is looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide.speech.engine import Engine
from voiceguide.speech.system import SystemEngine, ends_quietly, read_sound

SENTENCE = "Hold the heel in one hand while the other kneads the fleshy part with slow circles, {} times around."
SINE = (0.5 * np.sin(np.arange(22_050) / 10)).astype(np.float32)


@pytest.fixture
def system(require: Callable[[Engine], None]) -> SystemEngine:
    engine = SystemEngine()
    require(engine)
    return engine


def test_twelve_sentences_all_come_back_whole(system: SystemEngine) -> None:
    voice = system.pick_voice("", "en")
    for number in ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "fifty"):
        samples, rate = system._speak(SENTENCE.format(number), voice, 125)
        assert 7 < len(samples) / rate < 14
        assert ends_quietly(samples, rate)


@pytest.mark.parametrize(("suffix", "container"), [("wav", "WAV"), ("wav", "AIFF")])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_is_read_whatever_it_is_called(tmp_path: Path, suffix: str, container: str, channels: int) -> None:
    path = tmp_path / f"speech.{suffix}"
    soundfile.write(path, np.repeat(SINE[:, None], channels, axis=1), 22_050, subtype="PCM_16", format=container)
    sound = read_sound(path)
    assert sound is not None
    assert sound[0] == pytest.approx(SINE, abs=1e-4)
    assert sound[1] == 22_050


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not a sound"])
def test_a_file_that_is_missing_or_broken_is_no_sound(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "speech.wav"
    if content is not None:
        path.write_bytes(content)
    assert read_sound(path) is None


def test_a_cut_is_heard_at_the_end() -> None:
    assert not ends_quietly(SINE, 22_050)
    assert ends_quietly(np.concatenate([SINE, np.zeros(200, np.float32)]), 22_050)
