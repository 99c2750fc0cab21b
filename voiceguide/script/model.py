"""The nouns of a routine, as read. Every one knows its span; times are milliseconds as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any

from voiceguide.limits import CAPS_MS as CAPS_MS
from voiceguide.nouns import dataclass
from voiceguide.script.rounds import Breath, Counts, Strokes
from voiceguide.source import NOWHERE, Source, Span

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
class Moment:
    """When an event is due: a share of the whole, or a time from its start (negative: before its end).

    With *every*, it is due again and again at multiples of the time.
    """

    share: float | None = None
    ms: int = 0
    every: bool = False
    span: Span = field(default=NOWHERE, compare=False)


NO_MOMENT, NO_WORDS = Moment(), Text((), NOWHERE)


@dataclass(frozen=True)
class Event:
    """A chime, words, or both, due at a moment of a step, of a section or of the session. The chime comes first."""

    moment: Moment = NO_MOMENT
    say: Text = NO_WORDS
    span: Span = NOWHERE
    chime: str = ""
    strikes: int | None = None
    every_ms: int | None = None
    under_db: float | None = None
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Condition:
    """`fact`, `not fact`, `fact is value`, or `fact is 3..5` for what is counted."""

    fact: str
    value: str | None
    negated: bool
    span: Span
    fact_span: Span = field(default=NOWHERE, compare=False)
    value_span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        if self.value is None:
            return f"not {self.fact}" if self.negated else self.fact
        return f"{self.fact} is {'not ' if self.negated else ''}{self.value}"


@dataclass(frozen=True)
class Parameter:
    """A value that a block leaves open, written `{name}` under *key*."""

    key: str
    name: str
    span: Span = field(default=NOWHERE, compare=False)

    def values(self) -> tuple[Any, ...]:
        """Return the values it may have that are known here: none."""
        return ()


@dataclass(frozen=True)
class Case:
    """A value, and the condition under which it is taken (None: always)."""

    when: Condition | None
    value: Any


@dataclass(frozen=True)
class Variants:
    """A value that depends: the first case that holds, or (with *rotate*) one after the other from time to time."""

    cases: tuple[Case, ...]
    span: Span
    rotate: bool = False

    def values(self) -> tuple[Any, ...]:
        """Return the values it may have."""
        return tuple(case.value for case in self.cases)


@dataclass(frozen=True)
class Touch:
    """Pressure on a scale of 10: light, as written, and firm."""

    light: int
    usual: int
    firm: int


@dataclass(frozen=True)
class Step:
    """The smallest thing with a length. *hands* is true where `do` named it: hands are at work there.

    *nth* counts the things of one name in one list (`link.numbered`): the name and *nth* together are never met twice.
    *quiet* is the silence that its words leave: at least its shortest beside a *length*, all of it without one.
    *open* holds, by field, the values that depend on the listener, the side, the day or the use of a block; the field
    itself is then as if it were not written. `resolve` puts them in.
    """

    name: str
    span: Span
    title: str = ""
    note: str = ""
    hands: bool = False
    say: Text | None = None
    brief: Text | None = None
    minimal: Text | None = None
    length: Range | None = None
    quiet: Range = Range(0, 0, 0)
    pause: Range | None = None
    chime: str = ""
    strikes: int | None = None
    every_ms: int | None = None
    breathe: Breath | None = None
    at: tuple[Event, ...] = ()
    count: Strokes | None = None
    recorded: str = ""
    to: str = "self"
    pace_wpm: int | None = None
    under_db: float | None = None
    zone: str = ""
    tags: tuple[str, ...] = ()
    pressure: Touch | None = None
    optional: int | None = None
    group: str = ""
    needs: tuple[str, ...] = ()
    sides: str = "together"
    wait: bool = False
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"
    nth: int = field(default=1, compare=False)
    open: Mapping[str, Variants | Parameter] = field(default_factory=dict)
    spans: Spans = field(default_factory=dict, compare=False, repr=False)

    def texts(self) -> tuple[Text, ...]:
        """Return the wordings that it may have."""
        written = [self.say, self.brief, self.minimal]
        told = [value for name in WORDINGS if name in self.open for value in self.open[name].values()]
        return tuple(text for text in (*written, *told) if text is not None)


WORDINGS = ("say", "brief", "minimal")
"""The wordings of a step, fullest first."""


@dataclass(frozen=True)
class Given:
    """The value of a parameter, as written."""

    text: str
    span: Span


@dataclass(frozen=True)
class Use:
    """A block taken by name, from this script or (with *script*) from another, with values for its parameters."""

    block: str
    script: str
    span: Span
    given: Mapping[str, Given] = field(default_factory=dict)
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"
    nth: int = field(default=1, compare=False)

    @property
    def name(self) -> str:
        """The name by which a linked routine knows the block."""
        return f"{self.script}#{self.block}" if self.script else self.block


@dataclass(frozen=True)
class Block:
    """Named steps. *parameters* gives their defaults; without one (None), every use must say what it is."""

    items: tuple[Item, ...]
    parameters: Mapping[str, Given | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Each:
    """The sides that a section is run for.

    *lead* is the side that comes first: `left`, `right`, or the name of a fact about the listener. With *only*, the
    other side is not worked. *share* is what the first gets to what the other gets.
    """

    sides: tuple[str, ...] = ("left", "right")
    lead: str = ""
    only: bool = False
    share: tuple[int, int] = (1, 1)
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Section:
    """A chapter, perhaps run once for each side with a change in between. With *length*, it lasts so long each time."""

    title: str
    steps: tuple[Item, ...]
    span: Span
    each: Each | None = None
    between: tuple[Item, ...] = ()
    length: Range | None = None
    at: tuple[Event, ...] = ()
    bed: Bed | None = None
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"
    nth: int = field(default=1, compare=False)
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Repeat:
    """Steps repeated in whole rounds."""

    counts: Counts
    steps: tuple[Item, ...]
    span: Span
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"


@dataclass(frozen=True)
class Entry:
    """An entry of the list that steps come for: the values of its parameters; *name* is how it is called in addresses.

    *nth* counts what is called the same around it.
    """

    name: str
    given: Mapping[str, Given]
    nth: int = field(default=1, compare=False)

    @property
    def title(self) -> str:
        """What it is called for people: the first of its values."""
        return next(iter(self.given.values())).text


@dataclass(frozen=True)
class ForEach:
    """Steps that come for each entry of a list."""

    entries: tuple[Entry, ...]
    steps: tuple[Item, ...]
    span: Span
    when: Condition | None = None
    unless: Condition | None = None
    freed: str = "share"


Item = Step | Use | Section | Repeat | ForEach


@dataclass(frozen=True)
class Fact:
    """What a script may ask about the listener: its choices and the one assumed."""

    choices: tuple[str, ...]
    default: str
    ask: str = ""
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Speaker:
    """The voice for an addressee: `another` than the main one, or a name; and its pace."""

    voice: str = "another"
    pace_wpm: int | None = None
    span: Span = NOWHERE


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
    """A script, read. *linked* are the other scripts whose blocks are in it, by their names.

    *refused* holds keys that were written, but whose value could not be understood.
    """

    title: str
    id: str
    language: str
    family: str
    length: Range
    steps: tuple[Item, ...]
    span: Span
    version: str = ""
    reviewed: str = ""
    purpose: str = ""
    note: str = ""
    days: int = 1
    posture: str | Variants = ""
    materials: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pace_wpm: int = 125
    voices: Mapping[str, Speaker] = field(default_factory=dict)
    bed: Bed | None = None
    fade_ms: int = 0
    pronounce: Mapping[str, str] = field(default_factory=dict)
    listener: Mapping[str, Fact] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    announce: tuple[Event, ...] = ()
    blocks: Mapping[str, Block] = field(default_factory=dict)
    linked: Mapping[str, Source] = field(default_factory=dict)
    refused: frozenset[str] = field(default=frozenset(), compare=False)
    spans: Spans = field(default_factory=dict, compare=False, repr=False)


ALWAYS: Mapping[str, Fact] = MappingProxyType(
    {
        "returning": Fact(("yes", "no"), "no", "Have you done this routine before?"),
        "touch": Fact(("lighter", "usual", "firmer"), "usual", "How firm may it be today?"),
    }
)
"""Facts about the listener that every script may use without declaring them."""

COUNTED = ("day", "days", "round", "rounds", "pressure")
"""Live values that are numbers, so that conditions may compare them with `3` or `3..5`."""
