"""Raw sound -> Clip: brought to its loudness, its peaks held, resampled, and measured.

Every clip leaves here at the level of the voice. So the plan can speak of levels without having heard anything, and no
limiter has to watch over the session: peaks are dealt with here, where the whole clip is in view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from voiceguide.anchor import CLIP_PEAK, FAINT, SPEECH_DB, TAIL_DB
from voiceguide.audio.clip import Clip, Facts, resample
from voiceguide.audio.loudness import BLOCK_MS, CELL_MS, cell_energies, integrated, loudest, peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Measure = Callable[[NDArray[np.float32], int], float]

_ROUNDS, _NEAR_DB = 8, 0.03
"""Holding peaks costs a little loudness: it is given back until the level is this near, or so many times."""
_EAGER = 1.6
"""How much more than what is missing is given back: half of it is held again."""
_TOGETHER = 600_000 // CELL_MS
"""Cells of ten minutes, over which the level of layers together is measured. They meet anew all the time."""
_LOOK_MS = 5
"""The gain of a peak goes down and comes back within this time on either side."""


def speech_clip(samples: NDArray[np.float32], source_hz: int, rate: int) -> Clip:
    """Return mono speech as a clip at *rate*: its integrated loudness, said again and again, is that of the voice."""
    return bed_clip(samples[:, None], source_hz, rate)


def bed_clip(samples: NDArray[np.float32], source_hz: int, rate: int) -> Clip:
    """Return a bed, shape (frames, channels), as a clip that is as loud as speech, going round and round."""
    return _finish(samples, source_hz, rate, _going_on)


def layered_clip(layers: Sequence[tuple[NDArray[np.float32], int]], rate: int) -> Clip:
    """Return the *layers* of a bed, each with its rate, as a clip that is as loud as speech, all going round together.

    They are unrelated, so their energies add up. Any moment of one may meet any of another, so where peaks meet is not
    known here: the mix holds them.
    """
    width = max(samples.shape[1] for samples, _ in layers)
    made = [np.repeat(one, width // one.shape[1], axis=1) for one in (resample(*own, rate) for own in layers)]
    cells = _together(made, rate)
    gain = 10 ** ((SPEECH_DB - loudest(cells)) / 20)  # lifts whatever lay under the meter's gate
    gain *= 10 ** ((SPEECH_DB - integrated(cells * np.float32(gain**2))) / 20)
    whole = np.concatenate(made) * np.float32(gain)
    peak = min(CLIP_PEAK, gain * sum(float(np.abs(one).max(initial=0.0)) for one in made))
    facts = Facts(len(whole), width, rate, peak, len(whole), cells * np.float32(gain**2), tuple(map(len, made)))
    return Clip(whole, facts)


def _together(layers: Sequence[NDArray[np.float32]], rate: int) -> NDArray[np.float32]:
    total = np.zeros(_TOGETHER, np.float32)
    for one in layers:
        total += np.resize(cell_energies(one, rate), _TOGETHER)
    return total


def chime_clip(samples: NDArray[np.float32], source_hz: int, rate: int) -> Clip:
    """Return a chime, shape (frames, channels), as a clip whose loudest 400 ms have the level of the voice."""
    made = _finish(samples, source_hz, rate, _loudest)
    return replace(made, facts=replace(made.facts, tail=_tail(made)))


def tone_clip(samples: NDArray[np.float32], rate: int) -> Clip:
    """Return a tone, shape (frames, channels), made at its level and at *rate*, as a clip."""
    return _measured(samples, rate, cell_energies(samples, rate))


def _finish(samples: NDArray[np.float32], source_hz: int, rate: int, measure: Measure) -> Clip:
    """Level and hold at the source's own rate, which is mostly the lower one, then resample."""
    highest = float(np.abs(samples).max(initial=0.0))
    if not highest:
        return _measured(resample(samples, source_hz, rate), rate, cell_energies(samples, source_hz))
    samples = samples / np.float32(highest)
    cells = cell_energies(samples, source_hz)
    level = 10 ** ((SPEECH_DB - loudest(cells)) / 20)
    samples, cells = samples * np.float32(level), cells * np.float32(level**2)  # whatever lay under the meter's gate
    gain_db, held = SPEECH_DB - measure(samples, source_hz), False
    for _ in range(_ROUNDS):
        gain = 10 ** (gain_db / 20)
        made = samples * np.float32(gain)
        over = peaks(made, min(CLIP_PEAK, float(np.abs(made).max())))
        if over.max() <= CLIP_PEAK:
            break
        held, made = True, hold_peaks(made, over, source_hz, CLIP_PEAK)
        missing_db = SPEECH_DB - measure(made, source_hz)
        if abs(missing_db) < _NEAR_DB:
            break
        gain_db += _EAGER * missing_db
    cells = cell_energies(made, source_hz) if held else cells * np.float32(gain**2)
    if rate == source_hz and not held:
        frames, channels = made.shape
        return Clip(made, Facts(frames, channels, rate, float(over.max()), frames, cells))
    made = resample(made, source_hz, rate)
    over = peaks(made, CLIP_PEAK)
    if over.max() > CLIP_PEAK:  # resampling moves peaks a little
        made = hold_peaks(made, over, rate, CLIP_PEAK)
    return _measured(made, rate, cells)


def _loudest(samples: NDArray[np.float32], rate: int) -> float:
    return loudest(cell_energies(samples, rate))


def _going_on(samples: NDArray[np.float32], rate: int) -> float:
    """Return the integrated loudness of *samples* said again and again: so even what is shorter than a block has one.

    It is what clips add up to where they follow each other without a silence.
    """
    block = rate * BLOCK_MS // 1000
    frames = max(len(samples), 4 * block) + block
    cells = cell_energies(np.resize(samples, (frames, samples.shape[1])), rate)
    return integrated(cells[: frames * 1000 // (rate * CELL_MS)])


def _measured(samples: NDArray[np.float32], rate: int, cells: NDArray[np.float32]) -> Clip:
    frames, channels = samples.shape
    return Clip(samples, Facts(frames, channels, rate, float(peaks(samples).max(initial=0.0)), frames, cells))


def hold_peaks(
    samples: NDArray[np.float32], highest: NDArray[np.float32], rate: int, ceiling: float
) -> NDArray[np.float32]:
    """Return *samples* with the true peaks *highest* held at *ceiling* (linear), the same gain in all channels.

    The gain is the least that each moment needs, spread over `_LOOK_MS` on both sides and smoothed, so it is 1
    wherever nothing comes near the ceiling. Shape (frames, channels) in and out.
    """
    look = rate * _LOOK_MS // 1000
    needed = np.minimum(1.0, ceiling / np.maximum(highest.astype(np.float64), 1e-9))
    least = _moving_least(np.pad(needed, 2 * look, constant_values=1.0), 2 * look + 1)
    gain = _moving_mean(_moving_mean(least, look + 1), look + 1)
    return samples * gain.astype(np.float32)[:, None]  # in float32 the gain is exactly 1 where nothing is held


def _moving_least(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the least of every *width* values in a row, doubling the reach of each pass."""
    reach = 1
    while 2 * reach <= width:
        values = np.minimum(values[:-reach], values[reach:])
        reach *= 2
    return np.minimum(values[: len(values) - (width - reach)], values[width - reach :])


def _moving_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    return (sums[width:] - sums[:-width]) / width


def _tail(clip: Clip) -> int:
    """Return after how many frames *clip* stays `TAIL_DB` under its loudest 100 ms, and its peaks stay faint."""
    power, faint = np.convolve(clip.facts.cells.astype(np.float64), (0.5, 0.5)), clip.facts.peak * FAINT
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (-TAIL_DB / 10))
    high = np.flatnonzero(peaks(clip.samples, faint) > faint)
    ends = (loud[-1:] + 1) * (clip.facts.rate * CELL_MS // 1000), high[-1:] + 1
    return min(clip.facts.frames, int(np.concatenate(ends).max(initial=0)))
