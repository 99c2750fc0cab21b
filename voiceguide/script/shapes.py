"""What values of the language are made of: lists, mappings and choices of single values; keys and their kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from voiceguide.nouns import dataclass
from voiceguide.script.scalars import Scalar


@dataclass(frozen=True)
class ListOf:
    """A list of values of one type; at least *least*, at most *most*, and if *unique*, none of them twice."""

    of: Type
    least: int = 0
    most: int | None = None
    unique: bool = False
    make: Callable[[tuple[Any, ...]], tuple[Any, ...]] = tuple
    """Makes what the noun holds of the values."""


@dataclass(frozen=True)
class MapOf:
    """A mapping with free keys of one type and values of another.

    A name counts as declared even if its value was refused: then *stand_in* stands for it, unless it is None. A single
    value stands for the mapping from the key *alone* to it, if there is one.
    """

    key: Scalar
    value: Type
    stand_in: Any = field(default=None, hash=False)
    alone: str = ""


@dataclass(frozen=True)
class OneOrMore:
    """A single value, or a list of them."""

    of: Scalar


@dataclass(frozen=True)
class Choose:
    """A value, or a mapping from conditions to values; with *rotate*, also `one of:` and a list."""

    of: Scalar
    rotate: bool = False


@dataclass(frozen=True)
class Nested:
    """A mapping of a kind of its own, or (with *short*) a single value or a list standing for it."""

    kind: str
    short: Scalar | Items | None = None


@dataclass(frozen=True)
class Items:
    """A list of steps, sections, repeats and uses; the kinds that may stand there."""

    kinds: tuple[str, ...] = ("use", "repeat", "foreach", "section", "step")


Type = Scalar | ListOf | MapOf | OneOrMore | Choose | Nested | Items


@dataclass(frozen=True)
class Key:
    """One key of a mapping."""

    name: str
    type: Type
    doc: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of mapping.

    *marks* are the keys by which an entry of a list is known to be of this kind. *fields* are those of the noun that
    hold the value of a key, where they are not called like the key.
    """

    name: str
    title: str
    doc: str
    keys: tuple[Key, ...]
    marks: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)

    def key(self, name: str) -> Key | None:
        """Return the key called *name*, if this kind has it."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Key]:
        return {key.name: key for key in self.keys}
