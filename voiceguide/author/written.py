"""A routine as written: its steps wherever they stand, and nouns compared by what they say, not where."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from voiceguide.script.model import Routine, Step
from voiceguide.source import Span

T = TypeVar("T")


def every_step(routine: Routine) -> Iterator[Step]:
    """Yield every step of a linked *routine* in the order of the text: of its list, then of its blocks."""
    return every(Step, (routine.steps, routine.blocks))


def every(kind: type[T], value: Any) -> Iterator[T]:
    """Yield whatever is a *kind* in *value*, however deep in nouns, lists and mappings, but not inside another one."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from every(kind, item)
    elif isinstance(value, Mapping):
        yield from every(kind, tuple(value.values()))
    elif is_dataclass(value) and not isinstance(value, Span):
        for field in fields(value):
            yield from every(kind, getattr(value, field.name))


def meaning(noun: Any) -> Hashable:
    """Return what *noun* says without the places where it says it: equal for two nouns that mean the same.

    Every edit of a script moves the spans of all that comes after, so nouns of two readings are never equal themselves.
    """
    if isinstance(noun, Span):
        return None
    if isinstance(noun, tuple):
        return tuple(meaning(item) for item in noun)
    if isinstance(noun, Mapping):
        return tuple(sorted((str(key), meaning(value)) for key, value in noun.items()))
    if is_dataclass(noun):
        return (type(noun).__name__, *(meaning(getattr(noun, field.name)) for field in fields(noun) if field.compare))
    return noun if isinstance(noun, Hashable) else repr(noun)
