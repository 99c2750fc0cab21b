"""Loudness, peaks and levelling, against the standard's own numbers and an independent meter."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.need import program
from tests.tries import tries
from voiceguide.anchor import CLIP_PEAK, FAINT, SPEECH_DB, TONE_PEAK
from voiceguide.audio.breath_tone import breath_tone
from voiceguide.audio.clip import resample, trim
from voiceguide.audio.level import bed_clip, chime_clip, hold_peaks, layered_clip, speech_clip, tone_clip
from voiceguide.audio.loudness import cell_energies, integrated, loudest, peaks


def sine(hz: float, seconds: float, level_db: float, rate: int = 48_000) -> NDArray[np.float32]:
    t = np.arange(round(seconds * rate)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def stereo(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.repeat(mono[:, None], 2, axis=1)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_stereo_sine_of_997_hz_reads_as_the_standard_says(rate: int) -> None:
    # EBU Tech 3341, case 1: -23 dBFS in both channels is -23.0 LUFS
    assert integrated(cell_energies(stereo(sine(997, 20, -23, rate)), rate)) == pytest.approx(-23.0, abs=0.1)


def test_gating_leaves_out_what_lies_ten_below() -> None:
    # EBU Tech 3341, case 3: -36, -23 and -36 dBFS are -23.0 LUFS together
    parts = [stereo(sine(997, s, level)) for s, level in ((10, -36), (60, -23), (10, -36))]
    assert integrated(cell_energies(np.concatenate(parts), 48_000)) == pytest.approx(-23.0, abs=0.1)


def test_one_channel_counts_for_both_ears() -> None:
    mono = sine(440, 5, -20)
    both, one = (integrated(cell_energies(x, 48_000)) for x in (stereo(mono), mono[:, None]))
    assert one == pytest.approx(both, abs=1e-4)


def test_true_peaks_between_samples_are_found() -> None:
    # EBU Tech 3341, case 15: a quarter of the rate at 45 degrees reads 3 dB under its true peak
    t = np.arange(4800)
    x = (0.5 * np.sin(2 * np.pi * t / 4 + np.pi / 4)).astype(np.float32)[:, None]
    assert np.abs(x).max() == pytest.approx(0.3536, abs=1e-3)
    assert 20 * np.log10(peaks(x)[100:-100].max() / 0.5) == pytest.approx(0.0, abs=0.2)


def test_ffmpeg_reads_what_we_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).standard_normal((48_000 * 6, 2)).astype(np.float32) * 0.05
    noise[48_000:96_000] *= 4
    path = tmp_path / "noise.f32"
    path.write_bytes(noise.tobytes())
    read = subprocess.run(
        [
            program("ffmpeg"),
            "-hide_banner",
            "-nostats",
            "-f",
            "f32le",
            "-ar",
            "48000",
            "-ac",
            "2",
            "-i",
            str(path),
            "-af",
            "ebur128=peak=true",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    summary = read[read.rindex("Summary:") :]
    loud = float(summary.split("I:")[1].split()[0])
    peak = float(summary.split("Peak:")[1].split()[0])
    assert integrated(cell_energies(noise, 48_000)) == pytest.approx(loud, abs=0.1)
    assert 20 * np.log10(peaks(noise).max()) == pytest.approx(peak, abs=0.2)


@pytest.mark.parametrize("source_hz", [16_000, 22_050, 24_000, 48_000])
def test_speech_arrives_at_the_reference_and_under_the_ceiling(source_hz: int) -> None:
    rng = np.random.default_rng(7)
    spiky = sine(180, 4, -30, source_hz) + (rng.random(4 * source_hz) < 6 / source_hz).astype(np.float32) * 0.4
    clip = speech_clip(spiky.astype(np.float32), source_hz, 48_000)
    assert integrated(clip.facts.cells) == pytest.approx(SPEECH_DB, abs=0.1)
    assert clip.facts.peak <= CLIP_PEAK * 1.002  # holding is smooth, so peaks between samples move by a hair
    assert clip.facts.frames == len(clip.samples) == (4 * source_hz * 48_000 * 2 + source_hz) // (2 * source_hz)


def test_a_clip_that_stays_under_the_ceiling_is_only_made_louder() -> None:
    quiet = sine(300, 2, -40)
    clip = speech_clip(quiet, 48_000, 48_000)
    ratio = clip.samples[100:-100, 0] / np.where(quiet[100:-100] == 0, 1, quiet[100:-100])
    assert ratio[np.abs(quiet[100:-100]) > 1e-4] == pytest.approx(ratio[50], rel=1e-4)


@tries(30)
@given(st.lists(st.tuples(st.integers(0, 4799), st.floats(0.2, 3.0)), min_size=1, max_size=12))
def test_no_peak_passes_and_what_is_far_from_one_is_untouched(spikes: list[tuple[int, float]]) -> None:
    samples = sine(500, 0.1, -30)[:, None]
    for at, height in spikes:
        samples[at, 0] = height
    held = hold_peaks(samples, peaks(samples), 48_000, 0.5)
    assert np.abs(held).max() <= 0.5 + 1e-6
    far = np.ones(4800, bool)
    for at, _ in spikes:
        far[max(0, at - 500) : at + 501] = False
    assert (held[far] == samples[far]).all()


def test_a_silent_clip_stays_silent() -> None:
    assert not speech_clip(np.zeros(4800, np.float32), 48_000, 48_000).samples.any()


def test_trimming_keeps_every_audible_sample() -> None:
    voiced = np.concatenate([np.zeros(5000), sine(200, 0.5, -6), np.zeros(9000)]).astype(np.float32)
    kept = trim(voiced, 48_000)
    assert 24_000 - 60 <= len(kept) <= 24_000 + 2 * 576
    assert np.abs(kept).max() == np.abs(voiced).max()
    assert len(trim(np.zeros(100, np.float32), 48_000)) == 0


@tries(40)
@given(st.integers(1, 5000), st.sampled_from([8000, 22_050, 24_000, 44_100]), st.sampled_from([44_100, 48_000]))
def test_resampling_gives_the_nearest_length(frames: int, source_hz: int, target_hz: int) -> None:
    made = resample(np.ones((frames, 1), np.float32), source_hz, target_hz)
    assert abs(len(made) - frames * target_hz / source_hz) <= 0.5


def test_breath_tones_start_and_end_in_silence_and_glide_the_right_way() -> None:
    rising, falling = breath_tone("in", 48_000, 48_000)[:, 0], breath_tone("out", 48_000, 48_000)[:, 0]
    for tone in (rising, falling):
        assert abs(tone[0]) < 1e-3
        assert abs(tone[-1]) < 1e-2
        assert np.abs(np.diff(tone)).max() < 0.03
    crossings = [np.count_nonzero(np.diff(np.signbit(part))) for part in (rising[:24_000], rising[24_000:])]
    assert crossings[0] < crossings[1]
    assert tone_clip(breath_tone("in", 96_000, 48_000), 48_000).facts.frames == 96_000


@pytest.mark.parametrize("rate", [16_000, 48_000])
@pytest.mark.parametrize(
    ("into", "held", "out"), [(5, 0, 5), (4, 4, 4), (4, 7, 8), (3, 0, 7.5), (2, 0, 2), (10, 0, 20)]
)
def test_breath_tones_are_made_as_loud_as_the_voice(into: float, held: float, out: float, rate: int) -> None:
    rest = np.zeros((round(held * rate), 1), np.float32)
    tones = [breath_tone(phase, round(s * rate), rate) for phase, s in (("in", into), ("out", out))]
    assert integrated(cell_energies(np.concatenate([*tones, rest] * 4), rate)) == pytest.approx(SPEECH_DB, abs=0.4)
    assert max(tone_clip(tone, rate).facts.peak for tone in tones) <= TONE_PEAK


@tries(30)
@given(st.integers(60, 900), st.floats(-50, -3), st.sampled_from([16_000, 22_050, 48_000]))
def test_words_of_any_length_are_alike(ms: int, level_db: float, source_hz: int) -> None:
    # a word shorter than the meter's 400 ms is measured as if it were said again and again
    clip = speech_clip(sine(300, ms / 1000, level_db, source_hz), source_hz, 48_000)
    on_and_on = np.tile(clip.samples, (-(-4000 // ms), 1))
    assert integrated(cell_energies(on_and_on, 48_000)) == pytest.approx(SPEECH_DB, abs=0.3)


def test_a_bed_is_levelled_by_the_whole_of_it_and_a_chime_by_its_loudest_moment() -> None:
    swelling = np.concatenate([sine(300, 3, -30), sine(300, 1, -24)])[:, None]
    bed, chime = (finish(swelling, 48_000, 48_000).facts.cells for finish in (bed_clip, chime_clip))
    assert (integrated(bed), loudest(chime)) == pytest.approx((SPEECH_DB, SPEECH_DB), abs=0.15)
    assert integrated(chime) < SPEECH_DB - 2


def test_no_peak_in_the_tail_of_a_chime_is_more_than_faint() -> None:
    # a click of little energy long after the stroke is not the tail yet
    struck = sine(800, 3, -6) * np.exp(-np.arange(3 * 48_000) / 9600, dtype=np.float32)
    struck[96_000] = 0.5
    clip = chime_clip(struck[:, None], 48_000, 48_000)
    assert clip.facts.tail > 96_000
    assert peaks(clip.samples)[clip.facts.tail :].max() <= FAINT * clip.facts.peak


@pytest.mark.parametrize(("gain", "rate"), [(0.3, 48_000), (1e-5, 48_000), (0.3, 44_100)])
def test_layers_together_are_as_loud_as_speech(gain: float, rate: int) -> None:
    noise = np.random.default_rng(3)
    layers = [(noise.normal(0, gain / n, (48_000 * n, n)).astype(np.float32), 48_000) for n in (2, 1)]
    clip = layered_clip(layers, rate)
    facts = clip.facts
    assert facts.layers == (rate * 2, rate)
    assert (facts.frames, facts.channels, clip.samples.shape) == (rate * 3, 2, (rate * 3, 2))
    assert len(facts.cells) == 12_000
    two, one = np.split(clip.samples, [rate * 2])
    together = two + np.tile(one, (2, 1))
    assert integrated(cell_energies(together, rate)) == pytest.approx(SPEECH_DB, abs=0.1)
    assert integrated(facts.cells) == pytest.approx(SPEECH_DB, abs=0.05)
