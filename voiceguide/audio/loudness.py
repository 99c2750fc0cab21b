"""Loudness after ITU-R BS.1770-4, kept as energies of short cells so that it can be added up without rendering.

K-weighting is a product in the frequency domain instead of the standard's two recursive filters: numpy has no
recursive filter, and scipy's takes 0.7 s to import. The two agree to better than 0.01 LU on speech.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELL_MS, BLOCK_MS = 50, 400
"""Length of a cell, and of the block of BS.1770: eight cells, with a hop of two."""
OFFSET_DB = -0.691
"""BS.1770: loudness is this plus ten times the logarithm of the weighted mean square."""
_ABSOLUTE_GATE_DB, _RELATIVE_GATE_DB = -70.0, -10.0
_TAPS = 12
"""Half the length of the oversampling filters: a little longer than those of BS.1770-4, annex 2."""
_MOST_GAIN = 2.4
"""The largest sum of the taps' sizes: no oversampled value is larger than this times the samples around it."""
_STRETCH = 256
_PIECE_S = 30
"""Long sounds are weighted in pieces of this length, so that memory stays small."""


@lru_cache(maxsize=8)
def _weights(size: int, rate: int) -> NDArray[np.complex64]:
    """Return the response of K-weighting at the bins of a real FFT of *size* (BS.1770-4, annex 1).

    The analogue prototypes are those behind the standard's 48 kHz coefficients, so other rates work too.
    """
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = np.ones_like(z)
    for f0, gain_db, q, shelf in ((1681.974450955533, 3.999843853973347, 0.7071752369554196, True),
                                  (38.13547087602444, 0.0, 0.5003270373238773, False)):  # fmt: skip
        k = np.tan(np.pi * f0 / rate)
        vh = 10 ** (gain_db / 20)
        vb = vh**0.4996667741545416
        a0 = 1 + k / q + k * k
        b = (
            ((vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0)
            if shelf
            else (1, -2, 1)
        )
        a = (1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
        response *= (b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z)
    weights: NDArray[np.complex64] = response.astype(np.complex64)
    return weights


def cell_energies(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return the K-weighted mean square of each 50 ms of *samples*, shape (frames, channels), summed over both ears.

    One channel counts twice, because it sounds in both ears. What is missing of the last cell counts as silence.
    """
    ears = 2 / samples.shape[1]
    lead = rate // 4  # long enough for the filters to settle before each piece
    edges = np.rint(np.arange(0, len(samples) + rate * CELL_MS / 1000, rate * CELL_MS / 1000)).astype(np.int64)
    edges = edges[edges < len(samples)]
    square = np.zeros(len(samples), np.float32)
    for start in range(0, len(samples), _PIECE_S * rate):
        first, stop = max(0, start - lead), min(len(samples), start + _PIECE_S * rate)
        size = _fast_size(stop - first + lead)
        for channel in range(samples.shape[1]):
            spectrum = np.fft.rfft(samples[first:stop, channel], size) * _weights(size, rate)
            square[start:stop] += np.fft.irfft(spectrum, size)[start - first : stop - first] ** 2
    sums: NDArray[np.float32] = np.add.reduceat(square, edges)
    return sums * np.float32(ears * 1000 / (rate * CELL_MS))


def _fast_size(least: int) -> int:
    """Return a size that FFTs are fast at: the next 2^n, 3 * 2^n or 5 * 2^n."""
    return min(f << max(0, int(np.ceil(np.log2(least / f)))) for f in (1, 3, 5))


def blocks(cells: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean square of every 400 ms block, hop 100 ms, of a sound with these *cells*.

    A sound shorter than a block is one block, measured over its own length.
    """
    sums = np.concatenate(([0.0], np.cumsum(cells, dtype=np.float64)))
    if len(cells) < 8:
        return np.array([sums[-1] / max(1, len(cells))])
    return (sums[8:] - sums[:-8])[::2] / 8


def to_db(mean_square: float) -> float:
    """Return the loudness in LUFS of a weighted mean square; silence is -120."""
    return OFFSET_DB + 10 * float(np.log10(max(mean_square, 1e-12)))


def integrated(cells: NDArray[np.float32]) -> float:
    """Return the gated loudness in LUFS of a sound with these *cells* (BS.1770-4)."""
    powers = blocks(cells)
    loud = powers[powers > 10 ** ((_ABSOLUTE_GATE_DB - OFFSET_DB) / 10)]
    if not loud.size:
        return to_db(0.0)
    gate = np.mean(loud) * 10 ** (_RELATIVE_GATE_DB / 10)
    return to_db(float(np.mean(loud[loud > gate])))


def loudest(cells: NDArray[np.float32]) -> float:
    """Return the loudness in LUFS of the loudest 400 ms of a sound with these *cells*."""
    return to_db(float(np.max(blocks(cells))))


@lru_cache(maxsize=1)
def _between() -> tuple[NDArray[np.float32], ...]:
    """Return the filters that give the samples a quarter, a half and three quarters of the way to the next one."""
    made = []
    for part in (0.25, 0.5, 0.75):
        at = np.arange(-_TAPS, _TAPS) + part
        window = np.i0(5.0 * np.sqrt(1 - (at / (_TAPS + 0.5)) ** 2)) / np.i0(5.0)
        made.append((np.sinc(at) * window).astype(np.float32))
    return tuple(made)


def peaks(samples: NDArray[np.float32], above: float | None = None) -> NDArray[np.float32]:
    """Return the true peak around each frame of *samples*, shape (frames, channels): four times oversampled.

    Only peaks over *above* (linear; if not given, the highest sample) are sought between the samples: elsewhere the
    samples themselves are returned. No filter can lift a peak by more than `_MOST_GAIN`, so most of a clip is passed
    over.
    """
    highest: NDArray[np.float32] = np.abs(samples).max(axis=1)
    if not len(highest):
        return highest
    floor = (float(highest.max()) if above is None else above) / _MOST_GAIN
    for start, stop in _loud_stretches(highest, floor):
        first, last = max(0, start - _TAPS), min(len(samples), stop + _TAPS)
        for channel in range(samples.shape[1]):
            for taps in _between():
                found = np.abs(np.convolve(samples[first:last, channel], taps, mode="same"))
                np.maximum(highest[first:last], found, out=highest[first:last])
    return highest


def _loud_stretches(highest: NDArray[np.float32], floor: float) -> list[tuple[int, int]]:
    """Return stretches of whole pieces that hold a sample over *floor*, or lie beside one that does."""
    count = -(-len(highest) // _STRETCH)
    padded = np.zeros(count * _STRETCH, np.float32)
    padded[: len(highest)] = highest
    loud = padded.reshape(count, _STRETCH).max(axis=1) > floor
    near = loud.copy()
    near[1:] |= loud[:-1]
    near[:-1] |= loud[1:]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], near, [False]))))
    return [(int(a) * _STRETCH, min(int(b) * _STRETCH, len(highest))) for a, b in edges.reshape(-1, 2)]
