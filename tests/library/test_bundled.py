"""The bundled sounds, by numbers: what makes a bed bearable for an hour, and a chime a chime."""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from voiceguide.anchor import SPEECH_DB
from voiceguide.audio.clip import Clip
from voiceguide.audio.level import layered_clip
from voiceguide.audio.loudness import blocks, cell_energies, integrated, to_db
from voiceguide.files import bundled
from voiceguide.library.sounds import all_sounds

Floats = NDArray[np.float32]
RATE = 48_000
BEDS = ("drone", "fire", "night", "rain", "stream", "waves")
BOWLS, BARS = ("bowl-low", "bowl-middle", "bowl-high"), ("wood-low", "wood-middle", "wood-high")
LENGTHS = {"begin": 288_000, "change": 172_800, "end": 187_200}
"""Frames of the chimes that scripts have struck from the beginning: their lengths are part of every plan."""


@lru_cache(maxsize=1)
def layers(name: str) -> list[tuple[Floats, int]]:
    return all_sounds()[name].layered("bed")


@lru_cache(maxsize=1)
def together(name: str) -> Floats:
    """Return two minutes of a bed, as the mix adds it up."""
    whole: Floats = np.sum([np.resize(samples, (120 * RATE, 2)) for samples, _ in layers(name)], axis=0)
    return whole


@lru_cache(maxsize=1)
def clip(name: str) -> Clip:
    return layered_clip(layers(name), RATE)


def chime(name: str) -> Floats:
    samples, rate = all_sounds()[name].samples("chime")
    assert rate == RATE
    return samples


def test_there_are_six_beds_and_two_families_of_chimes_in_less_than_8_mb() -> None:
    assert {name for name, sound in all_sounds().items() if "bed" in sound.kinds} == set(BEDS)
    chimes = {name for name, sound in all_sounds().items() if "chime" in sound.kinds}
    assert chimes == {*LENGTHS, *BOWLS, *BARS}
    files = [path for path in bundled("sounds").iterdir() if path.suffix in (".ogg", ".flac")]
    assert sum(path.stat().st_size for path in files) < 8_000_000
    assert {path for sound in all_sounds().values() for path in sound.paths} == set(files)


@pytest.mark.parametrize("name", LENGTHS)
def test_the_chimes_that_scripts_strike_keep_their_lengths(name: str) -> None:
    assert len(chime(name)) == LENGTHS[name]


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_repeats_only_after_hours(name: str) -> None:
    frames = [len(samples) for samples, _ in layers(name)]
    assert frames == [17 * RATE, 23 * RATE, 31 * RATE]
    assert all(math.gcd(a // RATE, b // RATE) == 1 for a, b in combinations(frames, 2))
    assert math.lcm(*frames) == 12_121 * RATE  # 3 h 22 min


VARIES = {
    "rain": (0.7, 1.1, 0.6, 0.9),
    "stream": (0.9, 1.3, 0.9, 1.3),
    "waves": (1.5, 2.2, 0.3, 0.6),
    "night": (1.0, 1.6, 0.4, 0.6),
    "fire": (0.8, 1.2, 0.8, 1.2),
    "drone": (0.4, 0.8, 0.1, 0.2),
}
"""Of the level of each quarter second, in dB: its standard deviation, and the mean step from one to the next."""


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_varies_and_hardly_rises_over_its_mean(name: str) -> None:
    power = np.mean(together(name).reshape(-1, RATE // 4 * 2).astype(np.float64) ** 2, axis=1)
    level_db = 10 * np.log10(power)
    least, most, least_step, most_step = VARIES[name]
    assert least < level_db.std() < most
    assert least_step < np.abs(np.diff(level_db)).mean() < most_step
    loudness = [to_db(power) for power in blocks(clip(name).facts.cells)]
    assert integrated(clip(name).facts.cells) == pytest.approx(SPEECH_DB, abs=0.01)
    assert max(loudness) < SPEECH_DB + 4  # 24 dB under the voice, it is never nearer than 20
    assert min(loudness) > SPEECH_DB - 7  # and never gone


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_is_made_as_loud_as_it_measures(name: str) -> None:
    two, three, rest = np.split(clip(name).samples, [17 * RATE, 40 * RATE])
    whole = sum((np.resize(part, (300 * RATE, 2)) for part in (three, rest)), start=np.resize(two, (300 * RATE, 2)))
    assert integrated(cell_energies(whole, RATE)) == pytest.approx(SPEECH_DB, abs=0.2)


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_is_wide_and_survives_mono(name: str) -> None:
    left, right = together(name).T.astype(np.float64)
    assert 0.2 < np.corrcoef(left, right)[0, 1] < 0.5
    lost_db = 10 * np.log10(np.mean((left**2 + right**2) / 2) / np.mean(((left + right) / 2) ** 2))
    assert lost_db < 2.3
    assert abs(10 * np.log10(np.mean(left**2) / np.mean(right**2))) < 1.5


SLOPES_DB = {"rain": -1.0, "stream": -3.6, "waves": -3.5, "night": -4.1, "fire": -6.0}
"""Of power density, each octave from 125 Hz to 4 kHz: rain is nearly white, water and night nearly pink, fire brown."""


@pytest.mark.parametrize("name", SLOPES_DB)
def test_the_spectrum_of_a_bed_falls_as_it_should(name: str) -> None:
    power = np.abs(np.fft.rfft(together(name)[: 60 * RATE, 0])) ** 2
    hertz = np.fft.rfftfreq(60 * RATE, 1 / RATE)
    octaves = [power[(hertz >= c / 2**0.5) & (hertz < c * 2**0.5)].mean() for c in (125, 250, 500, 1000, 2000, 4000)]
    assert np.polyfit(range(6), 10 * np.log10(octaves), 1)[0] == pytest.approx(SLOPES_DB[name], abs=0.4)
    assert power[hertz > 10_000].sum() < power.sum() * 1e-3  # nothing sharp


@pytest.mark.parametrize("name", BEDS)
def test_a_layer_does_not_click_where_it_begins_anew(name: str) -> None:
    for samples, _ in layers(name):
        bend = np.sum(np.diff(np.concatenate([samples, samples[:4800]]), 2, axis=0) ** 2, axis=1)
        rough = np.convolve(bend, np.ones(64), "valid")
        seam = rough[len(samples) - 80 : len(samples) + 16].max()
        assert np.mean(rough > seam) > 0.01  # a hundredth of the loop is rougher than its seam
        steps = np.abs(np.diff(samples, axis=0)).max()
        assert np.abs(samples[0] - samples[-1]).max() < steps


def test_a_layer_that_is_cut_short_would_be_found() -> None:
    samples = layers("drone")[0][0][: 16 * RATE + 123]
    bend = np.sum(np.diff(np.concatenate([samples, samples[:4800]]), 2, axis=0) ** 2, axis=1)
    rough = np.convolve(bend, np.ones(64), "valid")
    assert np.mean(rough > rough[len(samples) - 80 : len(samples) + 16].max()) < 0.01


RATIOS = {BOWLS: (1.0, 2.828, 5.423, 8.77), BARS: (1.0, 2.756, 5.404, 8.933)}
LOWEST_HZ = {
    "bowl-low": 110.0,
    "bowl-middle": 165.0,
    "bowl-high": 330.0,
    "wood-low": 110.0,
    "wood-middle": 165.0,
    "wood-high": 220.0,
}
DECAYS_S = {
    "bowl-low": 12.0,
    "bowl-middle": 9.0,
    "bowl-high": 7.0,
    "wood-low": 6.0,
    "wood-middle": 5.0,
    "wood-high": 4.0,
}


@pytest.mark.parametrize("name", LOWEST_HZ)
def test_a_chime_rings_in_the_modes_of_its_kind(name: str) -> None:
    samples = chime(name)[: 2 * RATE, 0] * np.hanning(2 * RATE)
    power = np.abs(np.fft.rfft(samples, 8 * RATE)) ** 2
    for ratio in next(ratios for family, ratios in RATIOS.items() if name in family):
        at = round(LOWEST_HZ[name] * ratio * 8)
        near = power[at - 160 : at + 161]  # 20 Hz on either side
        assert abs(int(np.argmax(near)) - 160) <= 16  # within 2 Hz, where two tones are a beat apart
        assert near.max() > 30 * np.median(near)


@pytest.mark.parametrize("name", DECAYS_S)
def test_a_chime_begins_softly_beats_and_dies_away_in_its_time(name: str) -> None:
    samples = chime(name)
    assert len(samples) == round(DECAYS_S[name] * RATE)
    size = np.abs(samples).max(axis=1)
    assert np.argmax(size > 0.9 * size.max()) / RATE > 0.02
    assert not samples[0].any()
    assert np.abs(samples[-1]).max() < 1e-3
    level_db = 10 * np.log10(np.mean(samples[: len(samples) // 2400 * 2400, 0].reshape(-1, 2400) ** 2, axis=1) + 1e-12)
    middle = np.arange(len(level_db)) * 0.05
    use = (middle > 0.5) & (middle < DECAYS_S[name] - 0.5)
    slope, start = np.polyfit(middle[use], level_db[use], 1)
    assert -60 / slope == pytest.approx(DECAYS_S[name], rel=0.2)
    assert 0.5 < np.std(level_db[use] - slope * middle[use] - start) < 3.5  # the beat


@pytest.mark.slow
def test_the_script_makes_these_sounds(tmp_path: Path) -> None:
    import subprocess

    import soundfile

    subprocess.run([sys.executable, str(bundled("sounds") / "synthesize.py"), str(tmp_path)], check=True)
    made = sorted(tmp_path.iterdir())
    assert [path.name for path in made] == sorted(
        path.name for path in bundled("sounds").iterdir() if path.suffix in (".ogg", ".flac")
    )
    for path in made:
        one, other = (soundfile.read(folder / path.name)[0] for folder in (tmp_path, bundled("sounds")))
        assert one.shape == other.shape
        assert np.abs(one - other).max() < 2e-3, path.name
