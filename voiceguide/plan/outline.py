"""Outline: the nouns between a routine and its timeline. Lengths are frames unless the name says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voiceguide.script.model import Breath, Moment, Repeat, Step
from voiceguide.source import Span

Talk = Literal["full", "brief", "minimal"]
TALKS: tuple[Talk, ...] = ("full", "brief", "minimal")


@dataclass(frozen=True)
class Utterance:
    """One thing to say in one breath of the synthesizer: everything that shapes its sound, and nothing else.

    *text* is what the engine is given (pronunciation already applied), *pace_wpm* the articulation rate inside
    sentences in words a minute.
    """

    text: str
    language: str = "en"
    pace_wpm: int = 125

    @property
    def key(self) -> str:
        """The key under which the mixer finds its clip."""
        return f"say:{self.language}:{self.pace_wpm}:{self.text}"


@dataclass(frozen=True)
class Wishes:
    """What the listener asked for. *length_ms* None is the routine's own default; *bed* None is the script's."""

    length_ms: int | None = None
    talk: Talk = "full"
    facts: Mapping[str, str] = field(default_factory=dict)
    bed: str | None = None
    seed: int = 0


@dataclass(frozen=True)
class Phrase:
    """Spoken text, resolved: utterances and exact silences in milliseconds, in order. *text* is for reading."""

    parts: tuple[Utterance | int, ...]
    text: str
    span: Span

    def utterances(self) -> tuple[Utterance, ...]:
        """Return what must be spoken for it."""
        return tuple(part for part in self.parts if isinstance(part, Utterance))


@dataclass(frozen=True)
class SpokenEvent:
    """Words due at a moment."""

    moment: Moment
    phrase: Phrase


@dataclass(frozen=True)
class Turn:
    """One occurrence of a step: on one side, in one round.

    Turns of the same *key* are the same written step; they are equally long and are left out together. *repeats*
    holds the indices of the repeats around it, *wordings* what may be said, fullest first, *mark* the title of the
    chapter it opens.
    """

    step: Step
    key: int
    side: str | None
    wordings: tuple[tuple[Talk, Phrase], ...] = ()
    events: tuple[SpokenEvent, ...] = ()
    repeats: tuple[int, ...] = ()
    mark: str = ""

    @property
    def breathe(self) -> Breath | None:
        """The breath pattern of the step."""
        return self.step.breathe


@dataclass(frozen=True)
class LeftOut:
    """A step that will not be heard, and the reason in words."""

    step: str
    side: str | None
    why: str
    span: Span


@dataclass(frozen=True)
class Rounds:
    """A repeat and how many rounds of it the outline holds."""

    repeat: Repeat
    count: int


@dataclass(frozen=True)
class Outline:
    """A routine unrolled: what will happen in which order, with everything but time.

    *freed_ms* is the natural length of steps that a condition took out with `freed: shorten`.
    """

    turns: tuple[Turn, ...]
    rounds: tuple[Rounds, ...] = ()
    announcements: tuple[SpokenEvent, ...] = ()
    breath_words: Mapping[str, Utterance] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    freed_ms: int = 0

    def utterances(self) -> tuple[Utterance, ...]:
        """Return everything that must be spoken, each once, in the order of need."""
        phrases = [p for turn in self.turns for p in (*(w[1] for w in turn.wordings), *(e.phrase for e in turn.events))]
        phrases += [event.phrase for event in self.announcements]
        spoken = [utterance for phrase in phrases for utterance in phrase.utterances()]
        return tuple(dict.fromkeys((*spoken, *self.breath_words.values())))


@dataclass(frozen=True)
class Chime:
    """What planning must know of a chime: its length, when its tail is 20 dB under the voice, and its strikes."""

    frames: int
    tail: int
    strikes: int
    every_ms: int


@dataclass(frozen=True)
class Material:
    """The answers that planning works with: the rate, the length of every utterance, and the chimes."""

    rate: int
    lengths: Mapping[Utterance, int]
    chimes: Mapping[str, Chime]
