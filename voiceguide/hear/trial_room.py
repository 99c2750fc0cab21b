"""Trial room: what a microphone hears of a command in a room: noise, echo of the session, a delay, two clocks. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voiceguide.hear.delay import HZ

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

REVERBERATION_S = 0.35
"""How long the sound of a furnished living room takes to fall by 60 dB."""
DIRECT_MS = 3.0
"""The way from loudspeaker to microphone: a metre."""
DIRECT_DB = 3.0
"""How much louder the direct sound is than all that the walls give back: the microphone stands near the loudspeaker."""
ACTIVE_DB = -40.0
"""Frames of 20 ms that are so far under the loudest are silence: levels are those of what is active."""


def level(samples: NDArray[np.float32]) -> float:
    """Return the root mean square of *samples* where they are active."""
    import numpy as np

    size = HZ // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = (frames.astype(np.float64) ** 2).mean(1)
    active = power[power > power.max() * 10 ** (ACTIVE_DB / 10)]
    return float(np.sqrt(active.mean()))


def pink(frames: int, random: Generator) -> NDArray[np.float32]:
    """Return pink noise, 20 Hz to 8 kHz, with a root mean square of 1."""
    import numpy as np

    spectrum = np.fft.rfft(random.standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / HZ)
    spectrum *= np.where(hz < 20, 0, 1 / np.sqrt(np.maximum(hz, 20)))
    noise = np.fft.irfft(spectrum, frames)
    shaped: NDArray[np.float32] = (noise / np.sqrt((noise**2).mean())).astype(np.float32)
    return shaped


def response(random: Generator) -> NDArray[np.float32]:
    """Return what a room makes of a click: the direct sound, then noise that dies away; its energy is 1."""
    import numpy as np

    times = np.arange(int(REVERBERATION_S * HZ)) / HZ
    tail = random.standard_normal(len(times)) * 10 ** (-3 * times / REVERBERATION_S)
    direct = int(DIRECT_MS * HZ / 1000)
    tail[: direct + 1] = 0
    tail *= np.sqrt(1 / (tail**2).sum())
    tail[direct] = 10 ** (DIRECT_DB / 20)
    room: NDArray[np.float32] = (tail / np.sqrt((tail**2).sum())).astype(np.float32)
    return room


def heard_at(sound: NDArray[np.float32], random: Generator, *, delay_ms: float, ppm: float) -> NDArray[np.float32]:
    """Return what a microphone hears of *sound* in a room, as long: late, and by a clock that goes *ppm* faster.

    The room's sound is late by a turn of its phases, so a part of a sample counts; soxr reads it by the other clock,
    with an error under -60 dB up to 6 kHz.
    """
    import numpy as np
    import soxr

    room = response(random)
    late = delay_ms * HZ / 1000
    longer = len(sound) + HZ // 10  # what a slower clock, and soxr's filter, read beyond the end
    size = 1 << (longer + len(room) + int(late)).bit_length()
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(size) * late)
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size) * turns, size)[:longer]
    heard: NDArray[np.float32] = soxr.resample(echo.astype(np.float32), HZ, HZ * (1 + ppm * 1e-6), quality="VHQ")
    return heard[: len(sound)]
