"""tone: one gentle beep a word, exactly half a second each. It needs nothing, so tests and previews use it."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 48_000
WORD_FRAMES = RATE // 2
PITCHES_HZ = (220.00, 246.94, 277.18, 329.63, 369.99, 440.00, 493.88, 554.37)
"""A major pentatonic from A3: any two of them in a row are pleasant."""
LEVEL = 0.3
ATTACK_MS, SOUND_MS, DECAY_MS = 30, 400, 250
"""Rise, whole sound (rise and fall included) and fall of a beep; what is left of the half second parts two words."""


def tone_frames(text: str, rate: int) -> int:
    """Return the length in frames at *rate* of *text* spoken by `tone`, without speaking it."""
    return len(text.split()) * rate // 2


class ToneEngine(Engine):
    """Beeps whose number is the number of words and whose pitches tell one word from another, whatever the pace."""

    name = "tone"
    title = "Tones, half a second a word (for tests and previews)"
    rank = 0
    deterministic = True
    padded = False
    gap_ms = 0

    def status(self) -> Status:
        """Tell that it is ready: it always is."""
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List its two voices, which speak every language equally."""
        return (Voice("tone", "Tones", "mul"), Voice("low", "Tones an octave lower", "mul"))

    def fingerprint(self, voice: str) -> str:
        """Return the version of the recipe below."""
        return f"{voice} 1"

    def _length(self, sentence: str, voice: str, pace_wpm: int) -> tuple[int, int]:
        """Return half a second for each word."""
        return tone_frames(sentence, RATE), RATE

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np

        octave = 0.5 if voice == "low" else 1.0
        beeps = [_beep(_pitch(word) * octave) for word in sentence.split()]
        return np.concatenate(beeps) if beeps else np.zeros(0, np.float32), RATE


def _pitch(word: str) -> float:
    letters = "".join(filter(str.isalnum, word.casefold()))
    return PITCHES_HZ[zlib.crc32(letters.encode()) % len(PITCHES_HZ)]


@cache
def _beep(hz: float) -> NDArray[np.float32]:
    import numpy as np

    frames = np.arange(WORD_FRAMES)
    rise = np.clip(frames / (RATE * ATTACK_MS / 1000), 0, 1)
    fall = np.clip((RATE * SOUND_MS / 1000 - frames) / (RATE * DECAY_MS / 1000), 0, 1)
    envelope = 0.25 * (1 - np.cos(np.pi * rise)) * (1 - np.cos(np.pi * fall))
    sound = LEVEL * envelope * np.sin(2 * np.pi * hz * frames / RATE)
    # The last bits of a sine differ between processors; in steps of 16 bits the beep is the same everywhere.
    beep: NDArray[np.float32] = (np.round(sound * 32768) / 32768).astype(np.float32)
    return beep
