"""Trials: commands and hours of guide speech as a microphone would hear them, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

from voiceguide.clips import Utterance
from voiceguide.hear.delay import HZ
from voiceguide.hear.trial_room import heard_at, level, pink
from voiceguide.hear.trial_voices import TrialVoice
from voiceguide.library.scripts import all_routines
from voiceguide.nouns import dataclass
from voiceguide.plan.plan import plan
from voiceguide.plan.request import SessionRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

LOUDNESS = 0.05
"""The root mean square of a command in the microphone: -26 dBFS, somebody a metre away."""
FLOOR_DB = -50.0
"""The noise of a quiet room and its microphone, under the command."""
BEFORE_S, AFTER_S = (14.0, 20.0), 1.5
"""A command under the session's sound comes so long after its beginning; then it is listened on for a while."""
DELAY_MS, DRIFT_PPM = (50.0, 300.0), (-100.0, 100.0)
TALK_S = (0.4, 3.0)
"""Silences between sentences of the guide."""


PACES = (115, 130, 145)
SENTENCES = 30
"""So many are enough for a minute."""
LURES = (
    "Pause here and breathe.",
    "Go on kneading with both hands.",
    "Stop if there is any sharp pain.",
    "Again, from the heel to the toes.",
    "Now the next step: the ball of the foot.",
    "A little longer, and a little gentler.",
    "How much longer the breath is does not matter.",
    "Finish now with long, quiet strokes.",
    "Let the guide of your thumb be the bone.",
    "Continue to the inner arch.",
    "Five more minutes are left.",
    "Move the end of the thumb along the edge.",
    "Keep the end of the breath open.",
    "Stop. Rest. Again.",
    "Ten seconds back in your own time.",
    "Where am I, you may ask: at the heel.",
    "Less talk now, and more quiet.",
    "Guide the thumb forward.",
)
"""Sentences full of the words of commands."""


@dataclass(frozen=True)
class Condition:
    """Where a command is said: *noise_db* under it pink noise, *bleed_db* under it the session's own sound."""

    name: str
    noise_db: float | None = None
    bleed_db: float | None = None


CONDITIONS = (
    Condition("clean"),
    Condition("pink 20 dB", noise_db=20),
    Condition("pink 10 dB", noise_db=10),
    Condition("pink 5 dB", noise_db=5),
    Condition("bleed -12 dB", bleed_db=-12),
    Condition("bleed -6 dB", bleed_db=-6),
    Condition("bleed 0 dB", bleed_db=0),
)


@dataclass(frozen=True, eq=False)
class Heard:
    """What the *microphone* heard while the *reference* was played; 16 kHz, float32, of one length."""

    microphone: Sound
    reference: Sound


@dataclass(frozen=True)
class Trial:
    """*phrase*, said by *voice* under *condition*, while *guide* says *texts*."""

    condition: Condition
    voice: TrialVoice
    phrase: str
    guide: TrialVoice
    texts: tuple[str, ...]

    def heard(self) -> Heard:
        """Return what the microphone hears of it. The same every time."""
        import numpy as np

        random = _random(self.condition.name, self.voice.name, self.phrase)
        words = self.voice.say(self.phrase, int(random.integers(120, 165)))
        words = words * (LOUDNESS / level(words))
        bleeds = self.condition.bleed_db is not None
        before = int(random.uniform(*(BEFORE_S if bleeds else (0.8, 1.6))) * HZ)
        frames = before + len(words) + int(AFTER_S * HZ)
        microphone = random.standard_normal(frames).astype(np.float32) * LOUDNESS * 10 ** (FLOOR_DB / 20)
        reference = np.zeros(frames, np.float32)
        if self.condition.noise_db is not None:
            microphone += pink(frames, random) * LOUDNESS * 10 ** (-self.condition.noise_db / 20)
        if self.condition.bleed_db is not None:
            reference = talk(self.guide, self.texts, frames, random)
            echo = _echo(reference, random)
            microphone += echo * (LOUDNESS * 10 ** (self.condition.bleed_db / 20) / level(echo))
        microphone[before : before + len(words)] += words
        return Heard(microphone.astype(np.float32), reference)


def trials(
    condition: Condition, voices: Sequence[TrialVoice], phrases: Sequence[str], guides: Sequence[TrialVoice]
) -> Iterator[Trial]:
    """Yield every phrase by every voice under *condition*, while one of *guides* guides."""
    texts = guide_texts()
    for voice in voices:
        for phrase in phrases:
            random = _random("guide", condition.name, voice.name, phrase)
            guide, start = guides[int(random.integers(len(guides)))], int(random.integers(len(texts)))
            yield Trial(condition, voice, phrase, guide, (*texts[start:], *texts[:start])[:SENTENCES])


def guide_minute(minute: int, voices: Sequence[TrialVoice]) -> Heard:
    """Return minute number *minute* of a guide with its echo, as loud as a command would be. The same every time."""
    import numpy as np

    random = _random("minute", str(minute))
    texts = guide_texts()
    order = [texts[index] for index in random.permutation(len(texts))[:SENTENCES]]
    reference = talk(voices[minute % len(voices)], order, 60 * HZ, random)
    echo = _echo(reference, random)
    noise = random.standard_normal(len(echo)) * LOUDNESS * 10 ** (FLOOR_DB / 20)
    return Heard((echo * (LOUDNESS / level(echo)) + noise).astype(np.float32), reference)


@cache
def guide_texts() -> tuple[str, ...]:
    """Return what guides say: all sentences of the bundled routines, and as many that are full of what commands say."""
    found: dict[str, None] = {}
    for _, routine in all_routines():
        for clip in next(plan(routine, SessionRequest())).clips():
            if isinstance(clip, Utterance):
                found |= dict.fromkeys(clip.sentences)
    bundled = sorted(found)
    return tuple(text for index, each in enumerate(bundled) for text in (each, LURES[index % len(LURES)]))


def talk(voice: TrialVoice, texts: Sequence[str], frames: int, random: Generator) -> Sound:
    """Return *frames* of *voice* saying *texts* over a quiet bed, as a session sounds."""
    import numpy as np

    bed = pink(frames, random) * LOUDNESS * 10 ** (-24 / 20)
    at = int(random.uniform(0, 1) * HZ)
    pace = PACES[random.integers(len(PACES))]
    for text in texts:
        words = voice.say(text, pace)
        if at >= frames:
            break
        words = (words * (LOUDNESS / level(words)))[: frames - at]
        bed[at : at + len(words)] += words
        at += len(words) + int(random.uniform(*TALK_S) * HZ)
    spoken: Sound = bed.astype(np.float32)
    return spoken


def _echo(reference: Sound, random: Generator) -> Sound:
    return heard_at(reference, random, delay_ms=random.uniform(*DELAY_MS), ppm=random.uniform(*DRIFT_PPM))


def _random(*names: str) -> Generator:
    import numpy as np

    return np.random.default_rng(crc32("|".join(names).encode()))
