"""What an engine replies for a sentence: mono samples that can be heard, or the reason why it is none of that."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

from voiceguide.limits import SOUND_RATE
from voiceguide.units import format_duration, plural

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_MS = 20
"""No word is shorter: `oh` takes about 150 ms."""
MOST_MS, MOST_MS_A_LETTER = 30_000, 1000
"""The longest reply, and what each letter may add: the slowest pace, 60 words a minute, needs a quarter of that."""


class ReplyError(Exception):
    """A reply that is no speech; its text says why, as in `no samples`."""


def speech_of(reply: object, sentence: str) -> tuple[NDArray[np.float32], int]:
    """Return the mono samples and the rate in Hz of *reply*, which an engine gave for *sentence*.

    Samples are floats of any size, shape (frames,); a column or two, shape (frames, 1 or 2), are made one: that is
    what engines with stereo files give. Raises ReplyError for everything else.
    """
    import numpy as np

    from voiceguide.audio.judge import audible, wrong_number

    if not isinstance(reply, tuple) or len(reply) != 2:
        raise ReplyError(f"{_kind(reply)} in place of (samples, rate)")
    given, rate = reply
    if isinstance(rate, bool) or not isinstance(rate, Integral) or int(rate) not in SOUND_RATE:
        raise ReplyError(f"a rate of {rate!r}, where a whole number {SOUND_RATE} belongs")
    hz = int(rate)
    if not isinstance(given, np.ndarray) or given.dtype.kind != "f":
        what = f"an array of {given.dtype}" if isinstance(given, np.ndarray) else _kind(given)
        raise ReplyError(f"{what} in place of samples, which are an array of floats in -1..1")
    if not given.size:
        raise ReplyError("no samples")
    if given.ndim not in (1, 2) or (given.ndim == 2 and given.shape[1] > min(2, len(given))):
        raise ReplyError(f"samples of shape {given.shape}, where (frames,) belongs")
    if len(given) < hz * LEAST_MS // 1000:
        raise ReplyError(f"{plural(len(given), 'sample')}, less than {LEAST_MS} ms")
    most_ms = MOST_MS + MOST_MS_A_LETTER * len(sentence)
    if len(given) > hz * most_ms // 1000:
        lasted = format_duration(len(given) * 1000 // hz)
        raise ReplyError(f"{lasted} of sound, where {format_duration(most_ms)} would be too much")
    columns = given.reshape(len(given), -1)
    with np.errstate(over="ignore"):
        samples = columns.mean(axis=1, dtype=np.float64).astype(np.float32)
    wrong = wrong_number(samples[:, None])
    if wrong is not None:
        raise ReplyError(wrong[1])
    column = samples[:, None]
    if not any(audible(column[at : at + hz], hz, column[:at]) for at in range(0, len(column), hz)):
        raise ReplyError("silence")
    return samples, hz


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
