"""What samples must be to go into a mix: numbers, of a size that sound has, and to be heard at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voiceguide.audio.clip import resample
from voiceguide.audio.loudness import CELL_MS, cell_energies, loudest

if TYPE_CHECKING:
    from numpy.typing import NDArray

GATE_DB = -70.0
"""What stays under this is silence: the absolute gate of BS.1770-4, in LUFS. To level it would only lift its noise."""
MOST_HZ = 48_000
"""Nobody hears what lies above half of this, so sounds of higher rates are brought down to it."""
MOST_SIZE = 100.0
"""Samples lie in -1..1; a little more is a loud float file, 40 dB more is another scale, such as that of 16 bit."""
_LEAD_MS = 250
"""What the weighting needs to settle, so that a constant is no sound."""
_SURELY_SILENT = 1e-4
"""-80 dB of full scale in every sample: no weighting lifts that over the gate, so nothing need be measured."""


def wrong_number(samples: NDArray[np.float32]) -> tuple[int, str] | None:
    """Return the first frame of *samples*, shape (frames, channels), that is no sound, and what it is; else None."""
    size = np.abs(samples)
    bad = ~(size <= MOST_SIZE)  # what is not a number is not less than anything either
    if not bad.any():
        return None
    frame = int(np.argmax(bad.any(axis=1)))
    value = float(size[frame][bad[frame]][0])
    if np.isnan(value):
        return frame, "a value that is no number (NaN)"
    return frame, "an infinite value" if np.isinf(value) else f"a value of {value:.0f}, where 1 is the loudest"


def audible(samples: NDArray[np.float32], rate: int, before: NDArray[np.float32] | None = None) -> bool:
    """Tell whether *samples*, shape (frames, channels), rise above the gate anywhere, to human ears.

    *before* is what sounds before them; if there is nothing, a first sample that is not 0 is no click.
    """
    if not samples.size or float(np.abs(samples).max()) < _SURELY_SILENT:
        return False
    lead = rate * _LEAD_MS // 1000
    earlier = samples[:0] if before is None else before[-lead:]
    held = np.repeat((earlier if len(earlier) else samples)[:1], lead - len(earlier), axis=0)
    heard = np.concatenate([held, earlier, samples])
    if rate > MOST_HZ:
        heard = resample(heard, rate, MOST_HZ)
    return loudest(cell_energies(heard, min(rate, MOST_HZ))[_LEAD_MS // CELL_MS :]) > GATE_DB
