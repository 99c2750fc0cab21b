"""Clips: finished stretches of sound, with every number that later stages need to know about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voiceguide.nouns import dataclass
from voiceguide.units import resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

SILENCE_DB = -50.0
"""Level under its own peak at which the edge of a clip counts as silence."""
EDGE_MS = 12
"""What is kept outside the first and last audible sample, so that no consonant is clipped."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a clip without its samples.

    cells: K-weighted energy of each 50 ms, summed over both ears (see `loudness`), float32.
    peak: highest true peak, linear.
    tail: frames after which a chime stays `TAIL_DB` under its own loudest moment; of others, all.
    layers: the frames of each layer of a bed that has several; then *frames* is their sum, *peak* what the mix
        holds them to, and *cells* are those of ten minutes of all of them together.
    """

    frames: int
    channels: int
    rate: int
    peak: float
    tail: int
    cells: NDArray[np.float32]
    layers: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Clip:
    """Sound at one rate, ready to be mixed.

    samples: shape (frames, channels), float32 in -1..1; one channel sounds in both ears. Layers follow each other.
    """

    samples: NDArray[np.float32]
    facts: Facts


def trim(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return mono *samples* without the silence before the first and after the last audible one.

    Audible is what rises above `SILENCE_DB` under the peak; `EDGE_MS` is kept on both sides, faded to zero.
    A silent clip comes back empty.
    """
    loud = np.flatnonzero(np.abs(samples) > np.max(np.abs(samples), initial=0.0) * 10 ** (SILENCE_DB / 20))
    if not loud.size:
        return samples[:0]
    edge = rate * EDGE_MS // 1000
    first, last = max(0, int(loud[0]) - edge), min(len(samples), int(loud[-1]) + 1 + edge)
    return faded(samples[first:last], rate)


def faded(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return mono *samples* with their first and last `EDGE_MS` faded from and to zero."""
    kept = samples.astype(np.float32, copy=True)
    ramp = np.linspace(0.0, 1.0, min(rate * EDGE_MS // 1000, len(kept) // 2), endpoint=False, dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept


def resample(samples: NDArray[np.float32], source_hz: int, target_hz: int) -> NDArray[np.float32]:
    """Return *samples*, shape (frames, channels), at another rate, exactly round(frames * target / source) long."""
    if source_hz == target_hz:
        return samples
    import soxr

    frames = resampled(len(samples), source_hz, target_hz)
    out = np.zeros((frames, samples.shape[1]), np.float32)
    made = soxr.resample(samples, source_hz, target_hz, quality="HQ")[:frames]
    out[: len(made)] = made
    return out
