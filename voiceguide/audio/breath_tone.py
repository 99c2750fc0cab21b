"""Breath tones: a soft glide upwards for the in-breath, downwards for the out-breath, silence at the turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW_HZ, HIGH_HZ = 174.6, 261.6
"""From F3 to C4: a fifth, low enough to lie under a voice and to be heard on a small loudspeaker."""
_PARTIALS = ((1, 1.0), (2, 0.28), (3, 0.08))
_SIZE = 0.219
"""Of the first partial, where it is loudest: tones of breaths then measure as loud as the voice, however long they are
(tests/audio/test_loudness.py). A tone is made at its level, because a meter reads short ones otherwise than long ones.
"""


def breath_tone(phase_name: str, frames: int, rate: int) -> NDArray[np.float32]:
    """Return the tone of one phase, shape (frames, 1), as loud as the voice: rising for `in`, falling for `out`.

    A continuous, wave-like cue is followed more easily than a ping (docs/sources.md, breathing). It swells and fades,
    so that it starts and ends in silence.
    """
    along = np.arange(frames, dtype=np.float64) / max(1, frames)
    way = along if phase_name == "in" else 1.0 - along
    smooth = way * way * (3 - 2 * way)
    phase = 2 * np.pi * np.cumsum(LOW_HZ * (HIGH_HZ / LOW_HZ) ** smooth) / rate
    tone = sum(level * np.sin(number * phase) for number, level in _PARTIALS)
    swell = np.sin(np.pi * along) ** 0.8
    return (_SIZE * tone * swell)[:, None].astype(np.float32)
