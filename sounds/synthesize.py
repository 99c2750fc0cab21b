"""Synthesize the bundled sounds: `python sounds/synthesize.py [OUT_DIR]`.

Every sound is a 48 kHz stereo 16 bit FLAC file made of numbers alone. The seed is fixed, so each run gives the same
samples (another build of numpy may round one a step differently). Inside, audio is float64 in -1..1, `(frames, 2)`.

**Chimes** are one strike of a singing bowl with a soft mallet: the sum of its first rim modes. A mode with n waves
round the rim sounds at n(n^2 - 1) / sqrt(n^2 + 1), Rayleigh's formula for a thin ring: 1, 2.83, 5.42 and 8.77 times the
lowest. No bowl is quite round, so each mode is two tones a fraction of a hertz apart, which beat. Both ears start on
the quiet side of a beat, so the bowl blooms; the right one is a third of a beat ahead, so the bloom wanders. Higher
modes are weaker and die sooner. The pitches (A3, A4, E3) are notes of the drone. A soft attack keeps clicks out.

**Beds** loop without a seam, because nothing in them knows where the loop starts:

- `Hiss`: noise of even magnitudes and random phases, each of its tones fitting the loop a whole number of times, in a
  band that is bell-shaped over octaves. Its level wanders with slow noise, periodic too. A quarter of its power is
  common to both sides (correlation 0.25): wide, yet only 2 dB weaker in mono.
- `Bubbles`: van den Doel, "Physically based models for liquid sounds" (2005): a bubble of frequency f rings as
  sin(2 pi f t (1 + 0.1 d t)) exp(-d t), with a damping of d = 0.043 f + 0.0014 f^1.5 a second. The soft onset is ours,
  and so is the gentle weakening with pitch: the paper's f^-1.5 left only the lowest bubbles standing out. One starts in
  each equal slice of the loop, so the density is steady; one that runs past the end rings on at the start.
- `Tone`: a partial and weak neighbours whole cycles a loop away, so that it slowly beats. A fifth of a turn between the
  sides makes it as wide as the noise.

Levels, bands and rates are design, tuned until the 400 ms loudness of each bed stays within 2 LU. Beds are stored at
-30 dBFS, 70 dB above the rounding, because louder noise makes larger files; the program sets levels by loudness.
"""

import sys
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATE = 48_000
TURN = 2.0 * np.pi
CHIME_PEAK_DB = -6.0
FADE_SECONDS = 0.3
BEATS_HZ = {2: 0.35, 3: 0.6, 4: 0.9, 5: 1.3}  # by waves round the rim
BEAT_STARTS = (1 / 3, 2 / 3)  # turns, left and right; a beat is loudest at 0
TWIN_GAIN = 0.35

LOOP_SECONDS = 20
LOOP_FRAMES = LOOP_SECONDS * RATE
LOOP_HZ: Floats = np.arange(LOOP_FRAMES // 2 + 1) / LOOP_SECONDS  # all that fit the loop
BED_RMS_DB = -30.0
FLOOR_HZ, CEILING_HZ = 40.0, 9_000.0
COMMON_POWER = 0.25
WANDER_HZ = 1.0
ONSET_SECONDS = 0.002
NEIGHBOUR_GAINS = {-2: 0.1, -1: 0.2, 0: 1.0, 1: 0.2, 2: 0.1}  # by steps from the partial
SIDE_TURNS = 0.2


@dataclass(frozen=True)
class Chime:
    """One strike: its lowest mode falls 60 dB over its length, each higher one starts `step_db` below the last."""

    hertz: float
    seconds: float
    attack_seconds: float  # of a raised cosine, 0.8 of it to nine tenths: 30 ms stay clear of the 20 ms that click
    step_db: float


@dataclass(frozen=True)
class Hiss:
    """A band of noise; `octaves` and `wander_db` are standard deviations of its width and level."""

    hertz: float
    octaves: float
    level_db: float
    wander_db: float


@dataclass(frozen=True)
class Bubbles:
    """Bubbles of every size between two pitches."""

    low_hertz: float
    high_hertz: float
    per_second: int
    level_db: float


@dataclass(frozen=True)
class Tone:
    """A partial, its neighbours `drift` cycles a loop apart."""

    hertz: float
    level_db: float
    drift: int


@dataclass(frozen=True)
class Bed:
    """Layers that loop together, their levels relative to each other."""

    hisses: tuple[Hiss, ...] = ()
    bubbles: tuple[Bubbles, ...] = ()
    tones: tuple[Tone, ...] = ()


CHIMES = {
    "begin": Chime(220.0, seconds=6.0, attack_seconds=0.040, step_db=7.0),
    "change": Chime(440.0, seconds=3.6, attack_seconds=0.030, step_db=10.0),
    "end": Chime(165.0, seconds=3.9, attack_seconds=0.050, step_db=9.0),
}
BEDS = {
    "rain": Bed(
        hisses=(
            Hiss(400.0, octaves=0.9, level_db=-5.0, wander_db=0.6),
            Hiss(1_300.0, octaves=0.9, level_db=-3.0, wander_db=0.6),
            Hiss(4_000.0, octaves=0.8, level_db=-8.0, wander_db=0.6),
        ),
        bubbles=(Bubbles(1_200.0, 4_500.0, per_second=90, level_db=-11.0),),
    ),
    "stream": Bed(
        hisses=(
            Hiss(200.0, octaves=0.5, level_db=-6.0, wander_db=1.5),
            Hiss(450.0, octaves=0.4, level_db=-4.0, wander_db=2.0),
            Hiss(900.0, octaves=0.4, level_db=-5.0, wander_db=2.0),
            Hiss(2_000.0, octaves=0.6, level_db=-9.0, wander_db=1.5),
        ),
        bubbles=(Bubbles(400.0, 1_800.0, per_second=60, level_db=-6.0),),
    ),
    "drone": Bed(
        tones=(
            Tone(110.0, level_db=0.0, drift=2),
            Tone(165.0, level_db=-2.0, drift=3),
            Tone(220.0, level_db=-2.0, drift=5),
            Tone(330.0, level_db=-6.0, drift=4),
            Tone(440.0, level_db=-9.0, drift=7),
            Tone(550.0, level_db=-14.0, drift=3),
            Tone(880.0, level_db=-19.0, drift=5),
        ),
    ),
}


def strike(chime: Chime) -> Floats:
    """Sum the modes of a bowl between a soft attack and a fade to zero."""
    time: Floats = np.arange(round(chime.seconds * RATE)).reshape(-1, 1) / RATE
    rise = raised_cosine(time / chime.attack_seconds)
    fall = raised_cosine(time[::-1] / FADE_SECONDS)
    audio = rise * fall * sum((mode(chime, waves, time) for waves in BEATS_HZ), start=np.zeros((time.size, 2)))
    return audio * gain(CHIME_PEAK_DB) / float(np.max(np.abs(audio)))


def mode(chime: Chime, waves: int, time: Floats) -> Floats:
    """Ring one mode as two tones on each side."""
    ring, lowest = (n * (n**2 - 1) / sqrt(n**2 + 1) for n in (waves, 2))
    swing = TURN * chime.hertz * ring / lowest * time
    beat = TURN * (BEATS_HZ[waves] * time + np.array(BEAT_STARTS))
    decay = 10.0 ** (-3.0 * (waves - 1) * time / chime.seconds)
    tones: Floats = np.sin(swing) + TWIN_GAIN * np.sin(swing + beat)
    return tones * decay * gain(-chime.step_db * (waves - 2))


def loop(bed: Bed) -> Floats:
    """Sum the layers of a bed and keep what lies between floor and ceiling."""
    rng = np.random.default_rng(seed=1)
    layers = [hiss(layer, rng) for layer in bed.hisses]
    layers += [bubbles(layer, rng) for layer in bed.bubbles]
    layers += [tone(layer, rng) for layer in bed.tones]
    spectrum = np.fft.rfft(sum(layers, start=np.zeros((LOOP_FRAMES, 2))), axis=0)
    keep = raised_cosine(LOOP_HZ / FLOOR_HZ - 1.0) * raised_cosine(5.0 * (1.0 - LOOP_HZ / CEILING_HZ))
    return at_level(np.fft.irfft(spectrum * keep[:, np.newaxis], LOOP_FRAMES, axis=0), BED_RMS_DB)


def hiss(layer: Hiss, rng: np.random.Generator) -> Floats:
    """Shape three noises, each with a wander of its own, and mix them to two sides."""
    octaves = np.log2(np.maximum(LOOP_HZ, 1.0) / layer.hertz)
    band = np.exp(-0.25 * (octaves / layer.octaves) ** 2)
    slow = ((LOOP_HZ > 0.0) & (LOOP_HZ <= WANDER_HZ)).astype(np.float64)
    sources = [noise(band, rng) * 10.0 ** (layer.wander_db / 20.0 * noise(slow, rng)) for _ in range(3)]
    common = sources[2][:, np.newaxis] * sqrt(COMMON_POWER)
    return at_level(np.stack(sources[:2], axis=1) * sqrt(1.0 - COMMON_POWER) + common, layer.level_db)


def noise(magnitudes: Floats, rng: np.random.Generator) -> Floats:
    """Give one channel of periodic noise of RMS 1 from magnitudes at `LOOP_HZ`."""
    phases = TURN * rng.random(magnitudes.size)
    return at_level(np.fft.irfft(magnitudes * np.exp(1j * phases), LOOP_FRAMES), 0.0)


def bubbles(layer: Bubbles, rng: np.random.Generator) -> Floats:
    """Scatter bubbles evenly over the loop, over the octaves and between the sides."""
    lag, height, strength, side = rng.random((4, layer.per_second * LOOP_SECONDS))
    starts = ((np.arange(lag.size) + lag) * RATE / layer.per_second).astype(np.int64)
    hertz = layer.low_hertz * (layer.high_hertz / layer.low_hertz) ** height
    gains = (0.4 + 0.6 * strength) / np.sqrt(hertz) * np.sqrt([1.0 - side, side])
    audio = np.zeros((LOOP_FRAMES, 2))
    for start, pitch, sides in zip(starts, hertz, gains.T, strict=True):
        wave = bubble(pitch)
        audio[np.arange(start, start + wave.size) % LOOP_FRAMES] += np.outer(wave, sides)
    return at_level(audio, layer.level_db)


def bubble(hertz: float) -> Floats:
    """Ring one bubble until it is 60 dB down."""
    damping = 0.043 * hertz + 0.0014 * hertz**1.5
    time: Floats = np.arange(0.0, 7.0 / damping, 1.0 / RATE)
    rising: Floats = np.sin(TURN * hertz * time * (1.0 + 0.1 * damping * time))
    decay: Floats = np.exp(-damping * time)
    return raised_cosine(time / ONSET_SECONDS) * rising * decay


def tone(layer: Tone, rng: np.random.Generator) -> Floats:
    """Place a partial and its neighbours on whole cycles a loop."""
    spectrum = np.zeros((LOOP_HZ.size, 2), np.complex128)
    for step, weight in NEIGHBOUR_GAINS.items():
        left, sign = rng.random(), np.sign(rng.random() - 0.5)
        cycles = round(layer.hertz * LOOP_SECONDS) + step * layer.drift
        spectrum[cycles] = weight * np.exp(1j * TURN * np.array([left, left + sign * SIDE_TURNS]))
    return at_level(np.fft.irfft(spectrum, LOOP_FRAMES, axis=0), layer.level_db)


def raised_cosine(position: Floats) -> Floats:
    """Rise smoothly from 0 to 1 while `position` goes from 0 to 1; hold on either side."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(position, 0.0, 1.0))


def gain(level_db: float) -> float:
    """Turn decibels into a factor of amplitude."""
    return float(10.0 ** (level_db / 20.0))


def at_level(audio: Floats, rms_db: float) -> Floats:
    """Scale to an RMS level in dBFS."""
    return audio * gain(rms_db) / sqrt(np.mean(np.square(audio)))


def main() -> None:
    """Write every sound to the folder named on the command line, or beside this file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    sounds = {name: strike(chime) for name, chime in CHIMES.items()}
    sounds |= {name: loop(bed) for name, bed in BEDS.items()}
    for name, audio in sounds.items():
        samples = np.rint(audio * 32_767.0).astype(np.int16)
        soundfile.write(folder / f"{name}.flac", samples, RATE)


if __name__ == "__main__":
    main()
