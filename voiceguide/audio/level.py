"""Raw sound -> Clip: resampled once, level-matched by loudness, its peaks held, and measured.

Every clip leaves here at one reference loudness. So the plan can speak of levels without having heard anything, and
no limiter has to watch over the session: peaks are dealt with here, where the whole clip is in view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from voiceguide.audio.clip import Clip, Facts, resample
from voiceguide.audio.loudness import CELL_MS, cell_energies, integrated, loudest, peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE_DB = -16.0
"""Loudness of a session, and of every clip in it, in LUFS (docs/sources.md, levels: podcast practice, stereo)."""
CEILING_DB = -4.2
"""True peak that no clip exceeds, in dBTP. The session's ceiling is -1.5; bed, breath and gain share the difference."""
TAIL_DB = 14.0
"""A chime this far under its own loudest moment is 20 dB under the voice, because it is mixed 6 dB lower."""
_ROUNDS = 3
_LOOK_MS = 5
"""The gain of a peak goes down and comes back within this time on either side."""


def speech_clip(samples: NDArray[np.float32], source_hz: int, rate: int) -> Clip:
    """Return mono speech as a clip at *rate*, its integrated loudness at the reference."""
    return _finish(samples[:, None], source_hz, rate, integrated)


def sound_clip(samples: NDArray[np.float32], source_hz: int, rate: int) -> Clip:
    """Return a chime, bed or tone, shape (frames, channels), as a clip whose loudest 400 ms is at the reference."""
    return _finish(samples, source_hz, rate, loudest)


def _finish(
    samples: NDArray[np.float32], source_hz: int, rate: int, measure: Callable[[NDArray[np.float32]], float]
) -> Clip:
    """Level and hold at the source's own rate, which is mostly the lower one, then resample."""
    ceiling = 10 ** (CEILING_DB / 20)
    cells = cell_energies(samples, source_hz)
    for _ in range(_ROUNDS):  # holding peaks costs a little loudness, which the next round gives back
        level_db = measure(cells)
        if level_db <= -119:
            break
        samples = samples * np.float32(10 ** ((REFERENCE_DB - level_db) / 20))
        highest = peaks(samples, ceiling)
        if highest.max() <= ceiling:
            cells = cells * np.float32(10 ** ((REFERENCE_DB - level_db) / 10))
            break
        samples = hold_peaks(samples, highest, source_hz, ceiling)
        cells = cell_energies(samples, source_hz)
    samples = resample(samples, source_hz, rate)
    peak = float(peaks(samples).max(initial=0.0))
    return Clip(samples, Facts(len(samples), samples.shape[1], rate, peak, _tail(cells, rate, len(samples)), cells))


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


def _tail(cells: NDArray[np.float32], rate: int, frames: int) -> int:
    """Return after how many of its *frames* a sound stays `TAIL_DB` under its loudest 100 ms."""
    power = np.convolve(cells.astype(np.float64), (0.5, 0.5))
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (-TAIL_DB / 10))
    last = int(loud[-1]) + 1 if loud.size else 0
    return min(frames, last * (rate * CELL_MS // 1000))
