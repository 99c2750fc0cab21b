"""Who says commands in the trials: those that figures are told of were not tuned with; all that are named can speak."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from voiceguide.hear import trial_voices
from voiceguide.hear.delay import HZ
from voiceguide.hear.trial_room import level
from voiceguide.hear.trial_voices import GUIDES, TEST, TUNING, TrialVoice, voices

FROM_PIP = [name for name in TEST if name.split()[0] in {"espeak", "piper", "kokoro"}]


def speaker(name: str) -> str:
    """Return of whom a voice was made: kal16 and kal_diphone are kal."""
    return name.split()[1].split("_diphone")[0].rstrip("0123456789") if name[0] == "f" else name


def test_no_voice_and_nobody_whom_it_was_made_of_is_for_tuning_and_for_figures() -> None:
    assert len(set(TEST)) == len(TEST)
    assert {speaker(name) for name in TUNING}.isdisjoint(speaker(name) for name in TEST)
    assert speaker("flite kal16") == speaker("festival kal_diphone") == speaker("flite kal")


def test_twelve_voices_and_eight_for_tuning_need_nothing_but_pip() -> None:
    assert len(FROM_PIP) == 12
    assert len(TUNING) == 8


def test_the_voices_of_this_computer_are_those_of_its_engines_and_programs(tmp_path: Path) -> None:
    here = {voice.name for voice in voices(TEST, tmp_path)}
    assert {name for name in TEST if name.startswith("espeak")} <= here
    if shutil.which("flite"):
        assert {"flite slt", "flite rms", "flite awb"} <= here
    if {"flite slt", "piper en_US-joe-medium", "kokoro jf_alpha"} <= here:
        assert len(here) >= 12
    nobody = ["espeak xx-nobody", "flite nobody", "festival nobody", "piper nobody", "nobody alone"]
    assert voices(nobody, tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_program_without_one_of_its_voices_does_not_have_that_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("festival", "text2wave", "flite"):
        script = tmp_path / name
        script.write_text("#!/bin/sh\necho '(kal_diphone ked_diphone)'\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    trial_voices._listed.cache_clear()
    try:
        asked = ["festival ked_diphone", "festival cmu_us_slt_arctic_hts", "flite slt"]
        assert [voice.name for voice in voices(asked, tmp_path)] == ["festival ked_diphone"]
        (tmp_path / "text2wave").unlink()
        trial_voices._listed.cache_clear()
        assert voices(asked, tmp_path) == []
    finally:
        trial_voices._listed.cache_clear()


@pytest.mark.parametrize("name", [name for name in dict.fromkeys((*TEST, *TUNING, *GUIDES)) if "kokoro" not in name])
def test_each_speaks_at_16_khz_and_says_it_from_its_folder_the_second_time(name: str, tmp_path: Path) -> None:
    found = voices([name], tmp_path)
    if not found:
        pytest.skip(f"{name} is not on this computer")
    first = found[0].say("Guide, go on.")
    assert first.dtype == np.float32
    assert first.ndim == 1
    assert 0.5 < len(first) / HZ < 3
    assert level(first) > 0.005
    (kept,) = tmp_path.iterdir()
    before = os.stat(kept).st_mtime_ns
    assert np.array_equal(TrialVoice(name, str(tmp_path)).say("Guide, go on."), first)
    assert os.stat(kept).st_mtime_ns == before
    spectrum = np.abs(np.fft.rfft(first)) ** 2
    hz = np.fft.rfftfreq(len(first), 1 / HZ)
    assert spectrum[hz < 4_000].sum() > 0.5 * spectrum.sum()
