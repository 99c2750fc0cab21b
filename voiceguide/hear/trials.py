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
DELAY_MS = (50.0, 300.0)
DRIFT_PPM = (-100.0, 100.0)
"""One of the two: a clock that goes faster or slower than the other by what cheap ones do at the worst."""
BED_DB = -24.0
"""The bed, under the words of the guide."""
TALK_S = (0.4, 3.0)
"""Silences between sentences of the guide."""
PACES = (115, 130, 145)
HOURS_PACES = tuple(range(105, 165))
"""Paces of the hours of guides: so many that no sentence comes twice alike in ten hours."""
SENTENCES = 30
"""So many are enough for a minute; half of them are lures."""
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
    "Next, the left foot.",
    "Pause again, then go on.",
    "The guide of the hand is the breath.",
    "Guide the heel, then pause.",
    "The next step is the left foot, the previous one the right.",
    "More talk would not help you here.",
    "Turn the volume of your thoughts down.",
    "Repeat that on the other side, a little shorter here.",
    "Stop at the heel.",
    "Keep going for ten seconds, forward and back.",
    "Let it become gentler, and continue.",
    "The end of the session is near.",
)
"""Sentences full of the words of commands: as many as a minute has sentences, so that two minutes share none."""


@dataclass(frozen=True)
class Condition:
    """Where a command is said: pink noise *noise_db* under it; words of the session at *bleed_db* against it.

    Both are levels in the microphone, the root mean square of what is active: of a command that is said, and of what a
    guide says, with all that the room gives back of it, and without its bed.
    """

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


@dataclass(frozen=True, eq=False)
class Guide:
    """What a session plays: its *words* and its *bed*; of one length."""

    words: Sound
    bed: Sound

    @property
    def sound(self) -> Sound:
        """What the device is given."""
        return self.words + self.bed


@dataclass(frozen=True, eq=False)
class Layers:
    """What a microphone hears of a *command*, of *noise*, and of the session: its *words* and *bed*; of one length."""

    command: Sound
    noise: Sound
    words: Sound
    bed: Sound
    reference: Sound

    def heard(self) -> Heard:
        """Return all of it at once."""
        return Heard(self.command + self.noise + self.words + self.bed, self.reference)


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
        return self.layers().heard()

    def layers(self) -> Layers:
        """Return that layer by layer."""
        import numpy as np

        random = _random(self.condition.name, self.voice.name, self.phrase)
        said = self.voice.say(self.phrase, int(random.integers(120, 165)))
        bleeds = self.condition.bleed_db is not None
        before = int(random.uniform(*(BEFORE_S if bleeds else (0.8, 1.6))) * HZ)
        frames = before + len(said) + int(AFTER_S * HZ)
        command = np.zeros(frames, np.float32)
        command[before : before + len(said)] = said * (LOUDNESS / level(said))
        noise = _hiss(frames, random)
        if self.condition.noise_db is not None:
            noise += pink(frames, random) * np.float32(LOUDNESS * 10 ** (-self.condition.noise_db / 20))
        if self.condition.bleed_db is None:
            none = np.zeros(frames, np.float32)
            return Layers(command, noise, none, none, none)
        guide = talk(self.guide, self.texts, frames, random)
        echo = _echo(guide, random, self.condition.bleed_db)
        return Layers(command, noise, echo.words, echo.bed, guide.sound)


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


def guide_minute(minute: int, voices: Sequence[TrialVoice], *, elsewhere: bool = False) -> Heard:
    """Return minute number *minute* of a guide with its echo, as loud as a command would be. The same every time.

    *elsewhere* it comes from another device: nothing is played here, and nothing can be taken out.
    """
    import numpy as np

    random = _random("minute", str(minute))
    voice, pace, texts = minute_texts(minute, voices)
    guide = talk(voice, texts, 60 * HZ, random, (pace,))
    echo = _echo(guide, random, 0)
    none = np.zeros(60 * HZ, np.float32)
    reference = none if elsewhere else guide.sound
    return Layers(none, _hiss(60 * HZ, random), echo.words, echo.bed, reference).heard()


def minute_texts(minute: int, voices: Sequence[TrialVoice]) -> tuple[TrialVoice, int, tuple[str, ...]]:
    """Return who says what in minute number *minute*, and at which pace, in words a minute.

    No two of the first 120 minutes of a voice have a sentence at one pace in common: ten hours of five voices.
    """
    voice, turn = voices[minute % len(voices)], minute // len(voices)
    pace = HOURS_PACES[turn * 23 % len(HOURS_PACES)]
    order, half = _random("hours", voice.name, str(pace)), SENTENCES // 2
    texts: list[str] = []
    for kind in (bundled_texts(), LURES):
        start = turn // len(HOURS_PACES) % (len(kind) // half) * half
        texts += [kind[index] for index in order.permutation(len(kind))[start : start + half]]
    return voice, pace, tuple(texts[index] for index in order.permutation(SENTENCES))


@cache
def bundled_texts() -> tuple[str, ...]:
    """Return all sentences of the bundled routines."""
    found: dict[str, None] = {}
    for _, routine in all_routines():
        for clip in next(plan(routine, SessionRequest())).clips():
            if isinstance(clip, Utterance):
                found |= dict.fromkeys(clip.sentences)
    return tuple(sorted(found))


def guide_texts() -> tuple[str, ...]:
    """Return what guides say: all sentences of the bundled routines, and after each a lure."""
    return tuple(text for index, each in enumerate(bundled_texts()) for text in (each, LURES[index % len(LURES)]))


def talk(
    voice: TrialVoice, texts: Sequence[str], frames: int, random: Generator, paces: Sequence[int] = PACES
) -> Guide:
    """Return *frames* of *voice* saying *texts* at one of *paces* over a quiet bed, as a session sounds."""
    import numpy as np

    bed = pink(frames, random) * np.float32(LOUDNESS * 10 ** (BED_DB / 20))
    words = np.zeros(frames, np.float32)
    at = int(random.uniform(0, 1) * HZ)
    pace = paces[int(random.integers(len(paces)))]
    for text in texts:
        if at >= frames:
            break
        said = voice.say(text, pace)
        words[at : at + len(said)] = (said * (LOUDNESS / level(said)))[: frames - at]
        at += len(said) + int(random.uniform(*TALK_S) * HZ)
    return Guide(words, bed)


def _echo(guide: Guide, random: Generator, bleed_db: float) -> Guide:
    """Return what is heard of *guide* in a room of its own, its words at *bleed_db* against a command."""
    import numpy as np

    room, delay_ms, ppm = random.integers(1 << 32), random.uniform(*DELAY_MS), random.choice(DRIFT_PPM)
    words, bed = (
        heard_at(sound, np.random.default_rng(room), delay_ms=delay_ms, ppm=ppm) for sound in (guide.words, guide.bed)
    )
    gain = np.float32(LOUDNESS * 10 ** (bleed_db / 20) / level(words))
    return Guide(words * gain, bed * gain)


def _hiss(frames: int, random: Generator) -> Sound:
    import numpy as np

    return random.standard_normal(frames, np.float32) * np.float32(LOUDNESS * 10 ** (FLOOR_DB / 20))


def _random(*names: str) -> Generator:
    import numpy as np

    return np.random.default_rng(crc32("|".join(names).encode()))
