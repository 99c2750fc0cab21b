"""Sounds: how long they are is known without decoding them."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from voiceguide.diagnostics import VoiceguideError
from voiceguide.library.sounds import all_sounds, decode, sound_ms


@pytest.mark.parametrize("name", sorted(all_sounds()))
def test_the_length_of_a_sound_is_that_of_its_samples(name: str) -> None:
    path = all_sounds()[name].path
    samples, rate = decode(path)
    assert path.suffix == ".flac"
    assert sound_ms(path) == -(-len(samples) * 1000 // rate)


def test_a_wav_is_measured_too_and_a_flac_that_does_not_say_is_counted(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes(bytes(2 * 22_051))
    assert sound_ms(tmp_path / "a.wav") == 1001
    whole = all_sounds()["begin"].path.read_bytes()
    (tmp_path / "b.flac").write_bytes(whole[:21] + bytes([whole[21] & 0xF0]) + bytes(4) + whole[26:])
    assert sound_ms(tmp_path / "b.flac") == sound_ms(all_sounds()["begin"].path) == 6000


def test_what_is_no_sound_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(b"fLaC")
    for name in ("a.flac", "none.flac"):
        with pytest.raises(VoiceguideError, match=f"cannot read the sound .*{name}"):
            sound_ms(tmp_path / name)
