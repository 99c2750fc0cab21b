"""Outline: a routine unrolled, everything but time; and the lengths that it asks for. Lengths are frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property

from voiceguide.address import Address
from voiceguide.anchor import CLIP_PEAK
from voiceguide.clips import Speech
from voiceguide.nouns import dataclass
from voiceguide.plan.reasons import LeftOut
from voiceguide.plan.request import Talk
from voiceguide.script.model import Bed, Event, Repeat, Section, Step
from voiceguide.source import Span
from voiceguide.timeline import PhaseName


@dataclass(frozen=True)
class Words:
    """What is said without a pause: *written* is how the script has it, with live values filled in."""

    clip: Speech
    written: str


@dataclass(frozen=True)
class Phrase:
    """Spoken text, resolved: words and exact silences in milliseconds, in order.

    *name* says which of its step's it is: a wording, `at 1` for the first event, `announce 1`.
    """

    parts: tuple[Words | int, ...]
    name: str
    span: Span


@dataclass(frozen=True)
class SpokenEvent:
    """A chime, words or both, due at a moment of a step, of the session, or (with *scope*) of that run of a section."""

    event: Event
    phrase: Phrase
    scope: int | None = None


@dataclass(frozen=True)
class Round:
    """Which round of which run of which repeat an occurrence of a step belongs to; *number* counts from 1.

    A run is one going through of the whole repeat: it has one on each side.
    """

    repeat: int
    run: int
    number: int


@dataclass(frozen=True)
class Occurrence:
    """One coming of a step: on one side, in one round. Nothing in *step* is open any more.

    Those of the same *part* are equally long. Those of the same *fate* are left out together, even where one side gets
    only a share: *weight* is that share, as two numbers. *rounds* are those of the repeats around it, *timed* the
    section with a length that it stands in and which run of it, *bed* the sound of its section, *wordings* what may be
    said, fullest first, *chapter* the title of the chapter that it opens, *breath_words* its own words for breaths.
    What is *kept* is not skipped unheard.
    """

    address: Address
    step: Step
    part: int
    fate: int
    weight: tuple[int, int] = (1, 1)
    wordings: tuple[tuple[Talk, Phrase], ...] = ()
    events: tuple[SpokenEvent, ...] = ()
    rounds: tuple[Round, ...] = ()
    timed: tuple[int, int] | None = None
    bed: Bed | None = None
    chapter: str = ""
    breath_words: Mapping[PhaseName, tuple[Phrase, ...]] = field(default_factory=dict)
    kept: bool = False

    def breath_word(self, phase: PhaseName, number: int) -> Phrase | None:
        """Return its own word for *phase* in round *number*, counted from 0, or None; each round has the next one."""
        own = self.breath_words.get(phase)
        before = self.rounds[-1].number - 1 if self.rounds else 0
        return own[(before + number) % len(own)] if own else None


@dataclass(frozen=True)
class Rounds:
    """A repeat, how many rounds of it the outline holds, and which section with a length it stands in.

    If it is *uneven*, its rounds differ in their steps, so their number is not free: each number is another outline.
    *after* holds the positions at which its runs are over.
    """

    repeat: Repeat
    count: int
    timed: int | None = None
    uneven: bool = False
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class TimedSection:
    """A section with a length of its own, and the positions at which its runs are over."""

    section: Section
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scope:
    """One run of a section, from position *first* to *stop* (exclusive)."""

    first: int
    stop: int


@dataclass(frozen=True)
class Outline:
    """A routine unrolled: what will happen in which order, with everything but time.

    *freed_ms* is the natural length of steps that a condition took out with `freed: shorten`, as far as it is written;
    *freed* are the others, which must be measured, and how many times each would have come. *said* are the live values
    that steps say, *announced* those of the announcements.
    """

    occurrences: tuple[Occurrence, ...]
    rounds: tuple[Rounds, ...] = ()
    timed: tuple[TimedSection, ...] = ()
    scopes: tuple[Scope, ...] = ()
    announcements: tuple[SpokenEvent, ...] = ()
    pacing_words: Mapping[str, Words] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    freed_ms: int = 0
    freed: tuple[tuple[Occurrence, int], ...] = ()
    said: frozenset[str] = frozenset()
    announced: frozenset[str] = frozenset()

    def position(self, address: Address) -> int:
        """Return where among the occurrences the one at *address* is."""
        return next(index for index, occurrence in enumerate(self.occurrences) if occurrence.address == address)

    @cached_property
    def fillers(self) -> Mapping[int | None, int]:
        """The repeat that goes on until so much is left: one at most in each section with a length, or around all."""
        found = ((r.timed, index) for index, r in enumerate(self.rounds) if r.repeat.counts.until_ms is not None)
        return dict(reversed(list(found)))

    def clips(self) -> tuple[Speech, ...]:
        """Return everything that must be spoken, each once, in the order of need."""
        return tuple(self.written())

    def written(self) -> dict[Speech, str]:
        """Return everything that must be spoken with its words as written, each once, in the order of need."""
        phrases = [p for o in self._measured() for p in (*(w[1] for w in o.wordings), *(e.phrase for e in o.events))]
        phrases += [p for o in self._measured() for own in o.breath_words.values() for p in own]
        phrases += [event.phrase for event in self.announcements]
        spoken = [part for phrase in phrases for part in phrase.parts if isinstance(part, Words)]
        return {words.clip: words.written for words in (*spoken, *self.pacing_words.values())}

    def chimes(self) -> frozenset[str]:
        """Return the chimes whose length must be known."""
        struck = {o.step.chime for o in self._measured()}
        struck |= {due.event.chime for o in self._measured() for due in o.events}
        return frozenset(struck | {due.event.chime for due in self.announcements}) - {""}

    def _measured(self) -> Iterable[Occurrence]:
        return (*self.occurrences, *(occurrence for occurrence, _ in self.freed))


@dataclass(frozen=True)
class ChimeLength:
    """What planning must know of a chime: its length, when it is 20 dB under the voice, its strikes, its peak."""

    frames: int
    decay: int
    strikes: int
    every_ms: int
    peak: float = CLIP_PEAK


@dataclass(frozen=True)
class Durations:
    """The answers that planning works with: the rate, the length of all speech, and the chimes."""

    rate: int
    speech: Mapping[Speech, int]
    chimes: Mapping[str, ChimeLength]


Measure = Callable[[Outline], Durations]
"""Answers planning: tells how long the words of an outline are."""
