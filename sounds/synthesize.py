"""Synthesize the bundled sounds: `python sounds/synthesize.py [OUT_DIR]`.

Every sound is 48 kHz stereo and made of numbers alone. Chimes and the drone are 16 bit FLAC; other layers of beds are
Ogg Vorbis, a quarter as large: only where a loop of steady tones begins anew is its coding heard. Seeds are fixed, so
each run gives the same samples (another build of numpy may round one a step differently, of libvorbis a few).
Inside, audio is float64 in -1..1, `(frames, 2)`.

**Chimes** are one strike with a soft mallet: a sum of modes, each two tones a fraction of a hertz apart, which beat.
Both ears start on the quiet side of a beat, so the sound blooms; the right one is a third of a beat ahead, so the bloom
wanders. Higher modes are weaker and die sooner. The pitches are notes of the drone. A soft attack keeps clicks out.

- A **bowl** rings in the modes of its rim: one with n waves round it sounds at n(n^2 - 1) / sqrt(n^2 + 1), Rayleigh's
  formula for a thin ring: 1, 2.83, 5.42 and 8.77 times the lowest. No bowl is quite round, hence the two tones.
- **Wood** is a bar that is free at both ends, bending: 1, 2.756, 5.404 and 8.933 times the lowest (Fletcher and
  Rossing, "The Physics of Musical Instruments", chapter 2), over a tube that holds the lowest. Two bars are struck,
  hence two tones.

**Beds** are three layers that loop in 17, 23 and 31 seconds: all three meet as they did after 12,121 s, 3 h 22 min. A
layer loops without a seam, because nothing in it knows where the loop starts:

- `Hiss`: noise of even magnitudes and random phases, each of its tones fitting the loop a whole number of times, in a
  band that is bell-shaped over octaves. Its level wanders with slower noise, periodic too, or swells and falls as
  waves do. A quarter of its power is common to both sides (correlation 0.25): wide, yet only 2 dB weaker in mono.
- `Events`: single sounds, one in each equal slice of the loop, so the density is steady; one that runs past the end
  sounds on at the start. Bubbles are those of van den Doel, "Physically based models for liquid sounds" (2005): one
  of frequency f rings as sin(2 pi f t (1 + 0.1 d t)) exp(-d t), with a damping of d = 0.043 f + 0.0014 f^1.5 a second.
  The soft onset is ours, and so is the gentle weakening with pitch: the paper's f^-1.5 left only the lowest bubbles
  standing out. Several bubbles of near pitch are a gurgle. Crackle is noise that dies within milliseconds and a knock
  of wood; a cricket chirps in short pulses of one tone; far away, once in 31 s, an owl calls.
- `Tone`: a partial and weak neighbours whole cycles a loop away, so that it slowly beats. A fifth of a turn between the
  sides makes it as wide as the noise.

Levels, bands and rates are design. People find water sounds the more pleasant the more they vary (Radsten Ekman, Lunden
and Nilsson, "Similarity and pleasantness assessments of water-fountain sounds", 2015). But what varies must not cover
words: the loudest 400 ms lie at most 4 LU over the mean, so a bed 24 dB under the voice is never nearer to it than 20.
Beds are stored at -38 dBFS, 60 dB above the rounding: louder ones make larger files. The program sets
levels by loudness.
"""

import sys
from math import sqrt
from pathlib import Path

import numpy as np
import soundfile
from recipes import BEDS, CHIMES, RATE, TURN, Chime, Events, Floats, Hiss, Layer, Random, Tone, raised_cosine

CHIME_PEAK_DB = -6.0
FADE_SECONDS = 0.3
BEATS_HZ = (0.35, 0.6, 0.9, 1.3)  # by mode
BEAT_STARTS = (1 / 3, 2 / 3)  # turns, left and right; a beat is loudest at 0
TWIN_GAIN = 0.35

BED_RMS_DB = -38.0
QUALITY = 0.4  # of Vorbis, 0 to 1
FLOOR_HZ, CEILING_HZ = 40.0, 9_000.0
COMMON_POWER = 0.25
NEIGHBOUR_GAINS = {-2: 0.1, -1: 0.2, 0: 1.0, 1: 0.2, 2: 0.1}  # by steps from the partial
SIDE_TURNS = 0.2


def strike(chime: Chime) -> Floats:
    """Sum the modes of a bowl or a bar between a soft attack and a fade to zero."""
    time: Floats = np.arange(round(chime.seconds * RATE)).reshape(-1, 1) / RATE
    rise = raised_cosine(time / chime.attack_seconds)
    fall = raised_cosine(time[::-1] / FADE_SECONDS)
    audio = rise * fall * sum((mode(chime, number, time) for number in range(4)), start=np.zeros((time.size, 2)))
    return audio * gain(CHIME_PEAK_DB) / float(np.max(np.abs(audio)))


def mode(chime: Chime, number: int, time: Floats) -> Floats:
    """Ring one mode as two tones on each side."""
    swing = TURN * chime.hertz * chime.ratios[number] * time
    beat = TURN * (BEATS_HZ[number] * time + np.array(BEAT_STARTS))
    decay = 10.0 ** (-3.0 * (1.0 + chime.hastening * number) * time / chime.seconds)
    tones: Floats = np.sin(swing) + TWIN_GAIN * np.sin(swing + beat)
    return tones * decay * gain(-chime.step_db * number)


def bed(layers: tuple[Layer, ...]) -> list[Floats]:
    """Sum the parts of each layer, keep what lies between floor and ceiling, and bring all to one level together."""
    made = [loop(layer, np.random.default_rng(seed=number)) for number, layer in enumerate(layers, start=1)]
    power = sum(float(np.mean(np.square(audio))) for audio in made)
    return [audio * gain(BED_RMS_DB) / sqrt(power) for audio in made]


def loop(layer: Layer, rng: Random) -> Floats:
    """Sum the parts of a layer, and keep what lies between floor and ceiling."""
    audio = np.zeros((layer.frames, 2))
    for part in layer.parts:
        match part:
            case Hiss():
                audio += hiss(part, layer, rng)
            case Events():
                audio += events(part, layer, rng)
            case Tone():
                audio += tone(part, layer, rng)
    keep = raised_cosine(layer.hertz / FLOOR_HZ - 1.0) * raised_cosine(5.0 * (1.0 - layer.hertz / CEILING_HZ))
    kept: Floats = np.fft.irfft(np.fft.rfft(audio, axis=0) * keep[:, np.newaxis], layer.frames, axis=0)
    return kept


def hiss(part: Hiss, layer: Layer, rng: Random) -> Floats:
    """Shape three noises and mix them to two sides; they wander, and waves come, together."""
    octaves = np.log2(np.maximum(layer.hertz, 1.0) / part.hertz)
    band = np.exp(-0.25 * (octaves / part.octaves) ** 2)
    slow = ((layer.hertz > 0.0) & (layer.hertz <= part.wander_hz)).astype(np.float64)
    sources = [noise(band, layer, rng) for _ in range(3)]
    common = sources[2][:, np.newaxis] * sqrt(COMMON_POWER)
    audio = np.stack(sources[:2], axis=1) * sqrt(1.0 - COMMON_POWER) + common
    audio *= 10.0 ** (part.wander_db / 20.0 * noise(slow, layer, rng)[:, np.newaxis])
    if part.swells:
        audio *= swell(part, layer)[:, np.newaxis]
    return at_level(audio, part.level_db)


def swell(part: Hiss, layer: Layer) -> Floats:
    """Rise for two fifths of each wave and fall for three, smoothly, in decibels."""
    turn = np.arange(layer.frames) * part.swells / layer.frames % 1.0
    height = np.where(turn < 0.4, raised_cosine(turn / 0.4), raised_cosine((1.0 - turn) / 0.6))
    rising: Floats = 10.0 ** (part.swell_db / 20.0 * height)
    return rising


def noise(magnitudes: Floats, layer: Layer, rng: Random) -> Floats:
    """Give one channel of periodic noise of RMS 1 from magnitudes at the frequencies of *layer*."""
    phases = TURN * rng.random(magnitudes.size)
    return at_level(np.fft.irfft(magnitudes * np.exp(1j * phases), layer.frames), 0.0)


def events(part: Events, layer: Layer, rng: Random) -> Floats:
    """Scatter events evenly over the loop, over the octaves and between the sides."""
    lag, height, strength, side = rng.random((4, part.count))
    starts = ((np.arange(part.count) + part.apart * lag) * layer.frames / part.count).astype(np.int64)
    hertz = part.low_hertz * (part.high_hertz / part.low_hertz) ** height
    side = side if part.side is None else np.full(part.count, part.side)
    gains = (0.4 + 0.6 * strength) * np.sqrt([1.0 - side, side])
    audio = np.zeros((layer.frames, 2))
    for start, pitch, sides in zip(starts, hertz, gains.T, strict=True):
        wave = part.sound(pitch, rng)
        audio[np.arange(start, start + wave.size) % layer.frames] += np.outer(wave, sides)
    return at_level(audio, part.level_db)


def tone(part: Tone, layer: Layer, rng: Random) -> Floats:
    """Place a partial and its neighbours on whole cycles a loop."""
    spectrum = np.zeros((layer.hertz.size, 2), np.complex128)
    for step, weight in NEIGHBOUR_GAINS.items():
        left, sign = rng.random(), np.sign(rng.random() - 0.5)
        cycles = round(part.hertz * layer.seconds) + step * part.drift
        spectrum[cycles] = weight * np.exp(1j * TURN * np.array([left, left + sign * SIDE_TURNS]))
    return at_level(np.fft.irfft(spectrum, layer.frames, axis=0), part.level_db)


def gain(level_db: float) -> float:
    """Turn decibels into a factor of amplitude."""
    return float(10.0 ** (level_db / 20.0))


def at_level(audio: Floats, rms_db: float) -> Floats:
    """Scale to an RMS level in dBFS."""
    return audio * gain(rms_db) / sqrt(np.mean(np.square(audio)))


def write_flac(path: Path, audio: Floats) -> None:
    """Write *audio* rounded to 16 bits."""
    soundfile.write(path, np.rint(audio * 32_767.0).astype(np.int16), RATE)


def write_vorbis(path: Path, audio: Floats) -> None:
    """Write *audio* a second at a time: libsndfile's encoder overflows its stack on more."""
    with soundfile.SoundFile(
        path, "w", RATE, 2, format="OGG", subtype="VORBIS", compression_level=1.0 - QUALITY
    ) as file:
        for first in range(0, len(audio), RATE):
            file.write(audio[first : first + RATE])


def main() -> None:
    """Write every sound to the folder named on the command line, or beside this file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    for name, chime in CHIMES.items():
        write_flac(folder / f"{name}.flac", strike(chime))
    for name, layers in BEDS.items():
        for number, (layer, audio) in enumerate(zip(layers, bed(layers), strict=True), start=1):
            path = folder / f"{name}-{number}.{layer.ending}"
            if layer.ending == "ogg":
                write_vorbis(path, audio)
            else:
                write_flac(path, audio)


if __name__ == "__main__":
    main()
