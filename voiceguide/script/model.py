"""The nouns of a routine, as read. Every one knows its span; times are milliseconds as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from voiceguide.source import NOWHERE, Span

Spans = Mapping[str, Span]
"""Where each key's value was written."""


@dataclass(frozen=True)
class Range:
    """Milliseconds: shortest, natural and longest. All equal: rigid."""

    shortest: int
    natural: int
    longest: int


@dataclass(frozen=True)
class Slot:
    """A live value inside a text, as in `{side}`."""

    name: str
    span: Span


@dataclass(frozen=True)
class Text:
    """Spoken text: literal strings, live values, and exact silences in milliseconds."""

    parts: tuple[str | Slot | int, ...]
    span: Span

    def slots(self) -> tuple[Slot, ...]:
        """Return the live values in it."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


@dataclass(frozen=True)
class Phase:
    """One part of a breath: in, hold or out."""

    kind: Literal["in", "hold", "out"]
    ms: int


@dataclass(frozen=True)
class Breath:
    """A breath pattern and how it is made audible."""

    pattern: tuple[Phase, ...]
    cue: str = "tone"
    spans: Spans = field(default_factory=dict, compare=False, repr=False)

    @property
    def cycle_ms(self) -> int:
        """The length of one round."""
        return sum(phase.ms for phase in self.pattern)


@dataclass(frozen=True)
class Moment:
    """When an event is due: a share of the whole, or a time from its start (negative: before its end)."""

    share: float | None = None
    ms: int = 0
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Event:
    """Words due at a moment of a step or of the session."""

    moment: Moment
    say: Text
    span: Span


@dataclass(frozen=True)
class Condition:
    """`fact`, `not fact` or `fact is value`."""

    fact: str
    value: str | None
    negated: bool
    span: Span
    value_span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        if self.value is None:
            return f"not {self.fact}" if self.negated else self.fact
        return f"{self.fact} is {'not ' if self.negated else ''}{self.value}"


@dataclass(frozen=True)
class Step:
    """The smallest thing with a length. *hands* is true where `do` named it: hands are at work there."""

    name: str
    span: Span
    title: str = ""
    hands: bool = False
    say: Text | None = None
    brief: Text | None = None
    minimal: Text | None = None
    length: Range | None = None
    quiet_ms: int = 0
    pause: Range | None = None
    chime: str = ""
    strikes: int | None = None
    every_ms: int | None = None
    breathe: Breath | None = None
    at: tuple[Event, ...] = ()
    zone: str = ""
    pressure: int | None = None
    optional: int | None = None
    group: str = ""
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Use:
    """A block taken by name, from this script or (with *script*) from another."""

    block: str
    script: str
    span: Span


@dataclass(frozen=True)
class Section:
    """A chapter, perhaps run once for each side with a change in between."""

    title: str
    steps: tuple[Item, ...]
    span: Span
    each: tuple[str, ...] = ()
    between: tuple[Item, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Counts:
    """Whole rounds: fewest, natural, most. With *until_ms*, as many as fit before that long before the end."""

    fewest: int
    natural: int
    most: int
    until_ms: int | None = None


@dataclass(frozen=True)
class Repeat:
    """Steps repeated in whole rounds."""

    counts: Counts
    steps: tuple[Item, ...]
    span: Span


Item = Step | Use | Section | Repeat


@dataclass(frozen=True)
class Fact:
    """What a script may ask about the listener: its choices and the one assumed."""

    choices: tuple[str, ...]
    default: str
    ask: str = ""
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Bed:
    """The quiet sound under the session, *under_db* below measured speech."""

    sound: str
    under_db: float = 24.0
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Group:
    """Optional steps with a common fate: all or none, or never fewer than *keep*."""

    together: bool
    keep: int
    span: Span


@dataclass(frozen=True)
class Routine:
    """A script, read. *refused* holds keys that were written, but whose value could not be understood."""

    title: str
    id: str
    language: str
    family: str
    length: Range
    steps: tuple[Item, ...]
    span: Span
    purpose: str = ""
    posture: str = ""
    materials: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pace_wpm: int = 125
    bed: Bed | None = None
    pronounce: Mapping[str, str] = field(default_factory=dict)
    listener: Mapping[str, Fact] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    announce: tuple[Event, ...] = ()
    blocks: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    refused: frozenset[str] = field(default=frozenset(), compare=False)
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


CAPS_MS: Mapping[str, int] = MappingProxyType(
    {
        "relaxing": 15 * 60_000,
        "rehab": 20 * 60_000,
        "heel-course": 20 * 60_000,
        "general": 25 * 60_000,
        "reflex": 25 * 60_000,
        "points": 25 * 60_000,
        "partner": 25 * 60_000,
        "breathing": 25 * 60_000,
    }
)
"""The hard cap of each family (domain 2.2, X1: seed facts S1-27, S1-82, S1-95). It covers both feet."""

HIGHEST_PRESSURE = 6
"""No step asks for more, on a scale of 0 to 10 (domain 2.2, X13)."""
