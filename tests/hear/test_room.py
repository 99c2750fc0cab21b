"""The room of the trials is what it says: levels, delays and clocks are those that were asked for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from voiceguide.hear.delay import HZ
from voiceguide.hear.trial_room import DIRECT_MS, heard_at, level, pink, response


def test_pink_noise_falls_by_3_db_an_octave() -> None:
    noise = pink(1 << 18, np.random.default_rng(0)).astype(np.float64)
    assert (noise**2).mean() == pytest.approx(1, abs=1e-3)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(len(noise), 1 / HZ)
    octaves = [power[(hz >= low) & (hz < 2 * low)].mean() for low in (100, 200, 400, 800, 1600, 3200)]
    falls = [10 * np.log10(a / b) for a, b in pairwise(octaves)]
    assert falls == pytest.approx([3.01] * 5, abs=0.4)


def test_a_room_has_the_energy_of_a_click_and_begins_with_the_way() -> None:
    room = response(np.random.default_rng(1))
    assert (room.astype(np.float64) ** 2).sum() == pytest.approx(1, abs=1e-5)
    assert int(np.flatnonzero(room)[0]) == round(DIRECT_MS * HZ / 1000)


@pytest.mark.parametrize(("delay_ms", "ppm"), [(50.0, 0.0), (300.0, 0.0), (120.0, 100.0), (120.0, -100.0)])
def test_what_is_heard_is_as_late_and_as_fast_as_was_asked_for(delay_ms: float, ppm: float) -> None:
    random = np.random.default_rng(2)
    sound = (random.standard_normal(30 * HZ) * 0.1).astype(np.float32)
    heard = heard_at(sound, np.random.default_rng(3), delay_ms=delay_ms, ppm=ppm)
    lags = [lag_at(sound, heard, second) for second in (2, 28)]
    assert lags[0] == pytest.approx((delay_ms + DIRECT_MS) * HZ / 1000 + 2.5 * HZ * ppm * 1e-6, abs=2)
    assert (lags[1] - lags[0]) / (26 * HZ) * 1e6 == pytest.approx(ppm, abs=5)


@pytest.mark.parametrize("ppm", [-100.0, 0.0, 100.0])
@pytest.mark.parametrize("hz", [300.0, 3_000.0, 6_000.0])
def test_a_tone_comes_out_of_the_room_as_its_response_the_delay_and_the_clock_say(hz: float, ppm: float) -> None:
    delay_ms, seed = 123.4567, 4
    sound = (0.5 * np.sin(2 * np.pi * hz / HZ * np.arange(20 * HZ))).astype(np.float32)
    heard = heard_at(sound, np.random.default_rng(seed), delay_ms=delay_ms, ppm=ppm)
    assert heard.shape == sound.shape
    assert heard.dtype == np.float32
    room = response(np.random.default_rng(seed)).astype(np.float64)
    gain = (room * np.exp(-2j * np.pi * hz / HZ * np.arange(len(room)))).sum()
    inside = np.arange(2 * HZ, 19 * HZ)
    times = inside / HZ / (1 + ppm * 1e-6) - delay_ms / 1000
    expected = 0.5 * (gain * np.exp(2j * np.pi * hz * times)).imag
    error = heard[inside] - expected
    assert 10 * np.log10((error**2).mean() / (expected**2).mean()) < -60


def test_the_sound_is_heard_to_its_last_sample_by_a_slow_clock_too() -> None:
    sound = np.random.default_rng(5).standard_normal(60 * HZ).astype(np.float32)
    heard = heard_at(sound, np.random.default_rng(6), delay_ms=50, ppm=-100)
    assert heard.shape == sound.shape
    assert level(heard[-HZ // 50 :]) == pytest.approx(1, rel=0.3)


def lag_at(sound: np.ndarray, heard: np.ndarray, second: int) -> int:
    """Return how late *heard* is against *sound* in the second that begins there, by their correlation."""
    part = heard[second * HZ : (second + 1) * HZ]
    before = sound[second * HZ - HZ // 2 : (second + 1) * HZ]
    return HZ // 2 - int(np.argmax(np.correlate(before, part, "valid")))


def test_levels_are_those_of_what_is_active() -> None:
    tone = (0.1 * np.sin(np.arange(HZ) * 0.3)).astype(np.float32)
    assert level(tone) == pytest.approx(0.1 / np.sqrt(2), rel=1e-2)
    assert level(np.concatenate((np.zeros(3 * HZ, np.float32), tone))) == pytest.approx(level(tone), rel=2e-2)
