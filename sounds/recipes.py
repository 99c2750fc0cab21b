"""What every bundled sound is made of: modes and layers, and the single sounds in them. See synthesize.py."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Random = np.random.Generator

RATE = 48_000
TURN = 2.0 * np.pi
BOWL = tuple(n * (n**2 - 1) / sqrt(n**2 + 1) / (6.0 / sqrt(5.0)) for n in (2, 3, 4, 5))
WOOD = (1.0, 2.756, 5.404, 8.933)
ONSET_SECONDS = 0.002


@dataclass(frozen=True)
class Chime:
    """One strike: its lowest mode falls 60 dB over its length, each higher one starts `step_db` below the last."""

    hertz: float
    seconds: float
    attack_seconds: float  # of a raised cosine, 0.8 of it to nine tenths: 30 ms stay clear of the 20 ms that click
    step_db: float
    ratios: tuple[float, ...] = BOWL
    hastening: float = 1.0  # how much faster each higher mode dies, in decays of the lowest


@dataclass(frozen=True)
class Hiss:
    """A band of noise; `octaves` and `wander_db` are standard deviations of its width and level.

    With `swells`, so many waves come and go in a loop, `swell_db` high.
    """

    hertz: float
    octaves: float
    level_db: float
    wander_db: float
    wander_hz: float = 1.0
    swells: int = 0
    swell_db: float = 0.0


@dataclass(frozen=True)
class Events:
    """Single sounds of every pitch between two, `count` in a loop; `apart` is how regular: 1 not at all, 0 wholly."""

    sound: Callable[[float, Random], Floats]
    low_hertz: float
    high_hertz: float
    count: int
    level_db: float
    apart: float = 1.0
    side: float | None = None  # 0 left, 1 right; else anywhere


@dataclass(frozen=True)
class Tone:
    """A partial, its neighbours `drift` cycles a loop apart."""

    hertz: float
    level_db: float
    drift: int


@dataclass(frozen=True)
class Layer:
    """What loops together in whole seconds; levels are relative to each other in the whole bed."""

    seconds: int
    parts: tuple[Hiss | Events | Tone, ...]
    ending: str = "ogg"  # or flac

    @property
    def frames(self) -> int:
        """How long it is."""
        return self.seconds * RATE

    @property
    def hertz(self) -> Floats:
        """All frequencies that fit the loop."""
        found: Floats = np.arange(self.frames // 2 + 1) / self.seconds
        return found


def raised_cosine(position: Floats) -> Floats:
    """Rise smoothly from 0 to 1 while `position` goes from 0 to 1; hold on either side."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(position, 0.0, 1.0))


def bubble(hertz: float, rng: Random) -> Floats:
    """Ring one bubble until it is 60 dB down."""
    damping = 0.043 * hertz + 0.0014 * hertz**1.5
    time: Floats = np.arange(0.0, 7.0 / damping, 1.0 / RATE)
    rising: Floats = np.sin(TURN * hertz * time * (1.0 + 0.1 * damping * time))
    decay: Floats = np.exp(-damping * time) / sqrt(hertz)
    return raised_cosine(time / ONSET_SECONDS) * rising * decay


def gurgle(hertz: float, rng: Random) -> Floats:
    """Let a handful of bubbles of near pitch follow each other within half a second."""
    audio = np.zeros(RATE)
    for start, pitch in zip(rng.random(7) * 0.5, hertz * 2.0 ** rng.normal(0.0, 0.3, 7), strict=True):
        first, wave = int(start * RATE), bubble(pitch, rng)
        audio[first : first + wave.size] += wave[: audio.size - first]
    return audio


def crackle(hertz: float, rng: Random) -> Floats:
    """Crack once: noise that dies within milliseconds, and a knock of wood."""
    time: Floats = np.arange(0.0, 0.06, 1.0 / RATE)
    noise_part = rng.normal(0.0, 0.5, time.size) * np.exp(-time * hertz)
    knock: Floats = np.sin(TURN * hertz * time) * np.exp(-time * hertz / 4.0)
    return raised_cosine(time / 0.001) * (noise_part + knock)


def chirp(hertz: float, rng: Random) -> Floats:
    """Chirp as a cricket does: four pulses of one tone."""
    time: Floats = np.arange(0.0, 0.112, 1.0 / RATE)
    pulses = np.maximum(np.sin(TURN * time / 0.056), 0.0) + np.maximum(-np.sin(TURN * time / 0.056), 0.0)
    swelling: Floats = pulses**2 * np.sin(np.pi * time / 0.112) * np.sin(TURN * hertz * time)
    return swelling


def owl(hertz: float, rng: Random) -> Floats:
    """Call from far away: one long note, a silence, two short ones and a long one that wavers; its echo is the wood."""
    audio = np.zeros(8 * RATE)
    for start, length, wavers in ((0.0, 0.8, 0.0), (2.9, 0.18, 0.0), (3.3, 0.2, 0.0), (3.75, 1.3, 0.035)):
        time: Floats = np.arange(0.0, length, 1.0 / RATE)
        pitch = hertz * (1.0 - 0.06 * time / length + wavers * np.sin(TURN * 9.0 * time))
        note = np.sin(np.cumsum(TURN * pitch / RATE)) * np.sin(np.pi * time / length) ** 1.2
        audio[int(start * RATE) : int(start * RATE) + note.size] += note
    echo = rng.normal(0.0, 0.012, RATE) * np.exp(-4.0 * np.arange(RATE) / RATE)
    echo[0] += 1.0
    size = audio.size + echo.size
    heard: Floats = np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(echo, size), size)
    return heard


CHIMES = {
    "begin": Chime(220.0, seconds=6.0, attack_seconds=0.040, step_db=7.0),
    "change": Chime(440.0, seconds=3.6, attack_seconds=0.030, step_db=10.0),
    "end": Chime(165.0, seconds=3.9, attack_seconds=0.050, step_db=9.0),
    "bowl-low": Chime(110.0, seconds=12.0, attack_seconds=0.060, step_db=6.0),
    "bowl-middle": Chime(165.0, seconds=9.0, attack_seconds=0.050, step_db=7.0),
    "bowl-high": Chime(330.0, seconds=7.0, attack_seconds=0.035, step_db=9.0),
    "wood-low": Chime(110.0, seconds=6.0, attack_seconds=0.035, step_db=9.0, ratios=WOOD, hastening=2.5),
    "wood-middle": Chime(165.0, seconds=5.0, attack_seconds=0.032, step_db=10.0, ratios=WOOD, hastening=2.5),
    "wood-high": Chime(220.0, seconds=4.0, attack_seconds=0.030, step_db=11.0, ratios=WOOD, hastening=2.5),
}
BEDS = {
    "rain": (
        Layer(
            17,
            (
                Hiss(400.0, 0.9, -5.0, wander_db=1.4, wander_hz=2.5),
                Hiss(1_300.0, 0.9, -3.0, wander_db=1.4, wander_hz=2.5),
                Hiss(4_000.0, 0.8, -8.0, wander_db=1.8, wander_hz=2.0),
            ),
        ),
        Layer(
            23,
            (
                Hiss(2_000.0, 1.0, -5.0, wander_db=3.5, wander_hz=0.2),  # gusts
                Events(bubble, 1_200.0, 4_500.0, count=500, level_db=-7.0),
            ),
        ),
        Layer(31, (Hiss(160.0, 0.6, -12.0, wander_db=2.0), Events(bubble, 600.0, 1_600.0, count=60, level_db=-12.0))),
    ),
    "stream": (
        Layer(
            17,
            (
                Hiss(200.0, 0.5, -7.0, wander_db=1.5),
                Hiss(450.0, 0.4, -6.0, wander_db=2.5, wander_hz=2.0),
                Hiss(900.0, 0.4, -6.0, wander_db=2.5, wander_hz=2.0),
            ),
        ),
        Layer(
            23, (Hiss(2_000.0, 0.7, -9.0, wander_db=2.5), Events(bubble, 400.0, 1_800.0, count=1_300, level_db=-5.0))
        ),
        Layer(31, (Events(gurgle, 260.0, 700.0, count=40, level_db=-7.0),)),
    ),
    "waves": (
        Layer(
            17,
            (
                Hiss(300.0, 0.9, -5.0, wander_db=1.0, swells=2, swell_db=8.0),
                Hiss(1_100.0, 0.9, -10.0, wander_db=1.0, swells=2, swell_db=10.0),
            ),
        ),
        Layer(
            23,
            (
                Hiss(500.0, 0.8, -3.5, wander_db=0.7, swells=2, swell_db=8.0),
                Hiss(2_200.0, 0.9, -12.0, wander_db=0.7, swells=2, swell_db=10.0),
            ),
        ),
        Layer(31, (Hiss(150.0, 0.7, -9.0, wander_db=1.5), Hiss(700.0, 0.9, -9.0, 1.0, swells=3, swell_db=7.0))),
    ),
    "night": (
        Layer(
            17,
            (
                Hiss(220.0, 0.8, -3.0, wander_db=1.7, wander_hz=0.4),
                Events(chirp, 4_180.0, 4_220.0, count=29, level_db=-18.0, apart=0.1, side=0.25),
            ),
        ),
        Layer(
            23,
            (
                Hiss(800.0, 0.9, -9.0, wander_db=1.8, wander_hz=0.3),
                Events(chirp, 3_640.0, 3_680.0, count=44, level_db=-20.0, apart=0.1, side=0.8),
            ),
        ),
        Layer(
            31,
            (
                Hiss(2_500.0, 0.8, -18.0, wander_db=3.0, wander_hz=0.2),
                Events(owl, 370.0, 390.0, count=1, level_db=-23.0, side=0.7),
            ),
        ),
    ),
    "fire": (
        Layer(
            17,
            (
                Hiss(110.0, 0.6, -2.0, wander_db=2.0, wander_hz=5.0),
                Hiss(350.0, 0.8, -7.0, wander_db=2.0, wander_hz=5.0),
            ),
        ),
        Layer(
            23,
            (
                Hiss(1_800.0, 1.0, -15.0, wander_db=2.5, wander_hz=2.0),
                Events(crackle, 900.0, 4_000.0, count=150, level_db=-17.0),
            ),
        ),
        Layer(31, (Events(crackle, 500.0, 1_500.0, count=40, level_db=-18.0), Hiss(600.0, 0.6, -14.0, wander_db=3.0))),
    ),
    "drone": (
        Layer(17, (Tone(110.0, 0.0, drift=2), Tone(220.0, -2.0, drift=3), Tone(440.0, -9.0, drift=5)), "flac"),
        Layer(23, (Tone(165.0, -2.0, drift=3), Tone(330.0, -6.0, drift=4), Tone(880.0, -20.0, drift=5)), "flac"),
        Layer(31, (Tone(275.0, -9.0, drift=3), Tone(550.0, -14.0, drift=5), Tone(660.0, -18.0, drift=4)), "flac"),
    ),
}
