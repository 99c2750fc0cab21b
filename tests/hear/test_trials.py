"""Trials are what they say: levels, delays, clocks and sentences are measured from outside, as nothing here hears them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from voiceguide.hear.delay import HZ
from voiceguide.hear.trial_room import DIRECT_MS, level
from voiceguide.hear.trial_voices import GUIDES, TrialVoice, voices
from voiceguide.hear.trials import (
    AFTER_S,
    BEFORE_S,
    CONDITIONS,
    DELAY_MS,
    LOUDNESS,
    LURES,
    SENTENCES,
    Condition,
    Layers,
    bundled_texts,
    guide_minute,
    minute_texts,
    trials,
)

Sound = NDArray[np.float32]
PHRASES = ("Guide, pause.", "Guide, go on.", "Stop!")
NOISY = [each for each in CONDITIONS if each.noise_db is not None]
BLEEDING = [each for each in CONDITIONS if each.bleed_db is not None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("said"))


def layers(condition: Condition, folder: str) -> list[Layers]:
    speaker, guide = TrialVoice("espeak en-gb-x-rp+f5", folder), TrialVoice("espeak en-us", folder)
    return [trial.layers() for trial in trials(condition, [speaker], PHRASES, [guide])]


def decibels(ratio: float) -> float:
    return float(20 * np.log10(ratio))


def rms(sound: Sound) -> float:
    return float(np.sqrt((sound.astype(np.float64) ** 2).mean()))


def test_the_conditions_are_clean_three_noises_and_three_bleeds() -> None:
    assert [(each.name, each.noise_db, each.bleed_db) for each in CONDITIONS] == [
        ("clean", None, None),
        ("pink 20 dB", 20, None),
        ("pink 10 dB", 10, None),
        ("pink 5 dB", 5, None),
        ("bleed -12 dB", None, -12),
        ("bleed -6 dB", None, -6),
        ("bleed 0 dB", None, 0),
    ]


@pytest.mark.parametrize("condition", NOISY, ids=lambda each: each.name)
def test_noise_is_as_far_under_the_words_of_the_command_as_asked_for(condition: Condition, folder: str) -> None:
    for heard in layers(condition, folder):
        assert level(heard.command) == pytest.approx(LOUDNESS, rel=0.02)
        assert decibels(level(heard.command) / rms(heard.noise)) == pytest.approx(condition.noise_db, abs=0.2)
        assert not heard.reference.any()


@pytest.mark.parametrize("condition", BLEEDING, ids=lambda each: each.name)
def test_the_words_of_the_guide_are_as_far_under_those_of_the_command_as_asked_for(
    condition: Condition, folder: str
) -> None:
    for heard in layers(condition, folder):
        assert decibels(level(heard.words) / level(heard.command)) == pytest.approx(condition.bleed_db, abs=0.2)
        assert -32 < decibels(rms(heard.bed) / level(heard.words)) < -16
        assert decibels(rms(heard.noise) / LOUDNESS) == pytest.approx(-50, abs=0.2)


@pytest.mark.parametrize("condition", BLEEDING, ids=lambda each: each.name)
def test_a_command_comes_at_some_moment_after_twelve_seconds_of_the_guide(condition: Condition, folder: str) -> None:
    begins = []
    for heard in layers(condition, folder):
        said = np.flatnonzero(heard.command)
        begins.append(int(said[0]))
        assert BEFORE_S[0] >= 12
        assert BEFORE_S[0] * HZ <= said[0] < (BEFORE_S[1] + 0.1) * HZ
        assert len(heard.command) - said[-1] >= AFTER_S * HZ
        assert level(heard.words[: 12 * HZ]) > 0.5 * level(heard.words)
    assert len(set(begins)) == len(PHRASES)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.name)
def test_a_microphone_hears_the_sum_of_all_layers_at_16_khz(condition: Condition, folder: str) -> None:
    for each in layers(condition, folder):
        heard = each.heard()
        assert heard.microphone.dtype == heard.reference.dtype == np.float32
        assert heard.microphone.shape == heard.reference.shape == each.command.shape
        assert np.abs(heard.microphone - (each.command + each.noise + each.words + each.bed)).max() < 1e-6
        assert np.abs(heard.microphone).max() < 1


def test_every_trial_is_the_same_every_time_and_unlike_every_other(folder: str) -> None:
    made = [trial.heard().microphone for each in CONDITIONS for trial in trials(*_row(each, folder))]
    again = [trial.heard().microphone for each in CONDITIONS for trial in trials(*_row(each, folder))]
    assert all(np.array_equal(first, second) for first, second in zip(made, again, strict=True))
    assert not any(np.array_equal(first, second) for first, second in pairwise(made))


def _row(condition: Condition, folder: str) -> tuple[Condition, list[TrialVoice], list[str], list[TrialVoice]]:
    voice = TrialVoice("espeak en-us", folder)
    return condition, [voice], [*PHRASES[:2]], [voice]


def test_every_voice_says_every_phrase_once_a_condition(folder: str) -> None:
    speakers = [TrialVoice("espeak en-us+belinda", folder), TrialVoice("espeak en-gb+edward", folder)]
    found = [(trial.voice, trial.phrase) for trial in trials(CONDITIONS[0], speakers, PHRASES, speakers)]
    assert found == [(voice, phrase) for voice in speakers for phrase in PHRASES]


def lag(reference: Sound, microphone: Sound, first_s: float, seconds: float) -> float:
    """Return by how many samples *microphone* is late there: the whitened correlation's peak, through three points."""
    start, stop, longest = int(first_s * HZ), int((first_s + seconds) * HZ), HZ // 2
    late, early = microphone[start:stop].astype(np.float64), reference[start - longest : stop].astype(np.float64)
    size = 1 << (len(late) + len(early)).bit_length()
    cross = np.fft.rfft(late, size) * np.conj(np.fft.rfft(early, size))
    hz = np.fft.rfftfreq(size, 1 / HZ)
    cross = np.where((hz > 200) & (hz < 6_000), cross / (np.abs(cross) + 1e-12), 0)
    alike = np.fft.irfft(cross, size)
    likely = np.concatenate((alike[-longest:], alike[:1]))
    best = int(np.argmax(likely[1:-1])) + 1
    before, at, after = likely[best - 1 : best + 2]
    return float(best + 0.5 * (before - after) / (before - 2 * at + after))


def test_the_echo_of_a_guide_is_late_by_50_to_300_ms_and_its_clock_is_off_by_100_ppm(folder: str) -> None:
    drifts, delays = [], []
    for minute in range(8):
        heard = guide_minute(minute, [TrialVoice("espeak en-us", folder)])
        moved = {}
        for ppm in (-100, 100):
            undone = soxr.resample(heard.microphone, HZ * (1 + ppm * 1e-6), HZ, quality="VHQ")
            first, last = (lag(heard.reference, undone, at, 8) for at in (2, 50))
            moved[ppm] = abs(last - first)
            if moved[ppm] < 1:  # of the 77 by which 100 ppm move it in 48 s
                drifts.append(ppm)
                delays.append(first / HZ * 1000 - DIRECT_MS)
        assert min(moved.values()) < 1
        assert max(moved.values()) > 100
    assert {*drifts} == {-100, 100}
    assert DELAY_MS[0] - 0.1 < min(delays) < max(delays) < DELAY_MS[1] + 0.1
    assert max(delays) - min(delays) > 60


def test_a_guide_from_elsewhere_is_heard_alike_and_nothing_is_known_of_it(folder: str) -> None:
    voice = [TrialVoice("espeak en-us", folder)]
    here, elsewhere = guide_minute(1, voice), guide_minute(1, voice, elsewhere=True)
    assert np.array_equal(here.microphone, elsewhere.microphone)
    assert here.reference.any()
    assert not elsewhere.reference.any()
    assert here.microphone.shape == here.reference.shape == elsewhere.reference.shape == (60 * HZ,)
    assert level(here.microphone) > 0.5 * LOUDNESS


def test_no_sentence_comes_twice_alike_in_ten_hours(folder: str) -> None:
    guides = [TrialVoice(name, folder) for name in GUIDES]
    said = list[tuple[str, int, str]]()
    for minute in range(600):
        voice, pace, texts = minute_texts(minute, guides)
        assert len(texts) == SENTENCES
        assert sum(text in LURES for text in texts) == SENTENCES // 2
        said += [(voice.name, pace, text) for text in texts]
    assert len(said) == len(set(said)) == 18_000
    assert {text for _, _, text in said} == {*bundled_texts(), *LURES}


def test_another_pace_is_another_clip(folder: str) -> None:
    for voice in voices(GUIDES, Path(folder)):
        slow, fast = (voice.say("Go on kneading with both hands.", pace) for pace in (105, 164))
        assert len(slow) > 1.1 * len(fast)


def test_a_condition_of_another_name_is_another_room(folder: str) -> None:
    voice = TrialVoice("espeak en-us", folder)
    (first,) = trials(BLEEDING[1], [voice], PHRASES[:1], [voice])
    second = replace(first, condition=replace(BLEEDING[1], name="another"))
    assert len(first.heard().microphone) != len(second.heard().microphone)
