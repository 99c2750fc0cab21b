"""Outline: the nouns between a routine and its timeline. Lengths are frames unless the name says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from voiceguide.script.model import Bed, Moment, Repeat, Section, Step
from voiceguide.script.rounds import Breath
from voiceguide.source import Span

Talk = Literal["full", "brief", "minimal"]
TALKS: tuple[Talk, ...] = ("full", "brief", "minimal")


@dataclass(frozen=True)
class Utterance:
    """One thing to say in one breath of the synthesizer: everything that shapes its sound, and nothing else.

    *text* is what the engine is given (pronunciation already applied), *pace_wpm* the articulation rate inside
    sentences in words a minute. *speaker* is the addressee whose own voice says it, or empty for the main one. With
    *recording*, the name of a sound file, that is heard instead.
    """

    text: str
    language: str = "en"
    pace_wpm: int = 125
    speaker: str = ""
    recording: str = ""

    @property
    def key(self) -> str:
        """The key under which the mixer finds its clip."""
        speaker = f"{self.speaker}:{self.recording}:" if self.speaker or self.recording else ""
        return f"say:{self.language}:{self.pace_wpm}:{speaker}{self.text}"


@dataclass(frozen=True)
class SessionRequest:
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
    """Words due at a moment of a step, of the session, or (with *scope*) of that run of a section."""

    moment: Moment
    phrase: Phrase
    scope: int | None = None


@dataclass(frozen=True)
class Turn:
    """One occurrence of a step: on one side, in one round. Nothing in *step* is open any more.

    Turns of the same *key* are equally long. Turns of the same *written* step are left out together, even where one
    side gets only a share: *weight* is that share, as two numbers. *repeats* holds the indices of the repeats around
    it, *box* that of the section with a length, *bed* the sound of its section, *wordings* what may be said, fullest
    first, *mark* the title of the chapter it opens.
    """

    step: Step
    key: int
    side: str | None
    written: int = 0
    weight: tuple[int, int] = (1, 1)
    wordings: tuple[tuple[Talk, Phrase], ...] = ()
    events: tuple[SpokenEvent, ...] = ()
    repeats: tuple[int, ...] = ()
    box: int | None = None
    bed: Bed | None = None
    mark: str = ""

    @property
    def breathe(self) -> Breath | None:
        """The breath pattern of the step."""
        return self.step.breathe


@dataclass(frozen=True)
class LeftOut:
    """A step that will not be heard, and the reason in words: no condition, but too little time, if *optional*."""

    step: str
    side: str | None
    why: str
    span: Span
    optional: bool = False


@dataclass(frozen=True)
class Rounds:
    """A repeat, how many rounds of it the outline holds, and the indices of the turns that follow each run of it."""

    repeat: Repeat
    count: int
    box: int | None = None
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Box:
    """A section with a length of its own, and the indices of the turns that follow each run of it."""

    section: Section
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scope:
    """One run of a section, from turn *first* to turn *stop* (exclusive)."""

    first: int
    stop: int


@dataclass(frozen=True)
class Outline:
    """A routine unrolled: what will happen in which order, with everything but time.

    *freed_ms* is the natural length of steps that a condition took out with `freed: shorten`, as far as it is written;
    *freed* are the others, which must be measured, and how many times each would have come.
    """

    turns: tuple[Turn, ...]
    rounds: tuple[Rounds, ...] = ()
    boxes: tuple[Box, ...] = ()
    scopes: tuple[Scope, ...] = ()
    announcements: tuple[SpokenEvent, ...] = ()
    breath_words: Mapping[str, Utterance] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    freed_ms: int = 0
    freed: tuple[tuple[Turn, int], ...] = ()

    @cached_property
    def fillers(self) -> Mapping[int | None, int]:
        """The repeat that goes on until so much is left: one at most in each section with a length, or around all."""
        found = ((r.box, index) for index, r in enumerate(self.rounds) if r.repeat.counts.until_ms is not None)
        return dict(reversed(list(found)))

    def utterances(self) -> tuple[Utterance, ...]:
        """Return everything that must be spoken, each once, in the order of need."""
        phrases = [
            p for turn in self._measured() for p in (*(w[1] for w in turn.wordings), *(e.phrase for e in turn.events))
        ]
        phrases += [event.phrase for event in self.announcements]
        spoken = [utterance for phrase in phrases for utterance in phrase.utterances()]
        return tuple(dict.fromkeys((*spoken, *self.breath_words.values())))

    def chimes(self) -> frozenset[str]:
        """Return the chimes whose length must be known."""
        return frozenset(turn.step.chime for turn in self._measured() if turn.step.chime)

    def _measured(self) -> tuple[Turn, ...]:
        return (*self.turns, *(turn for turn, _ in self.freed))


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
