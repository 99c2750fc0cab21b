"""A routine as its author and its listener meet it: its steps in order, their texts, and what nouns say."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from voiceguide.nouns import dataclass
from voiceguide.script.model import WORDINGS, ForEach, Item, Repeat, Routine, Section, Slot, Step, Text, Use
from voiceguide.source import Span


@dataclass(frozen=True)
class Visit:
    """A step where it is met. *span* lies in the routine's own script: the step, or the `use:` that fetched it."""

    step: Step
    span: Span


def flow(routine: Routine, *, backwards: bool = False) -> Iterator[Visit]:
    """Yield the steps of a linked *routine* in the order of hearing, or from the last one *backwards*.

    What is heard several times (sides, rounds, blocks) comes once, where it is met first.
    """
    met: set[str] = set()

    def walk(items: tuple[Item, ...], home: Span | None) -> Iterator[Visit]:
        for item in reversed(items) if backwards else items:
            match item:
                case Step():
                    yield Visit(item, home or item.span)
                case Section():
                    yield from walk(item.steps, home)
                    yield from walk(item.between, home)
                case Repeat() | ForEach():
                    yield from walk(item.steps, home)
                case Use():
                    name = item.name
                    if name not in met:
                        met.add(name)
                        outside = home or (item.span if item.script else None)
                        yield from walk(routine.blocks[name].items, outside)

    yield from walk(routine.steps, None)


def own_items(routine: Routine) -> Iterator[Item]:
    """Yield every step, section, repeat and use written in the script of *routine* itself, once."""
    own = [block.items for name, block in routine.blocks.items() if "#" not in name]
    waiting = [item for items in (routine.steps, *own) for item in items]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, Section):
            waiting += (*item.between, *item.steps)
        elif isinstance(item, Repeat | ForEach):
            waiting += item.steps


def wordings(step: Step) -> dict[str, tuple[Text, ...]]:
    """Return what *step* may say, by the keys of `WORDINGS` that it has."""
    written = {key: getattr(step, key) for key in WORDINGS}
    told = {key: step.open[key].values() for key in WORDINGS if key in step.open}
    return {key: (text,) for key, text in written.items() if text is not None} | told


def texts(step: Step) -> tuple[Text, ...]:
    """Return everything that *step* may say, its events and its words for breaths included."""
    told = (*(text for told in wordings(step).values() for text in told), *(event.say for event in step.at))
    return (*told, *step.breathe.texts()) if step.breathe else told


def plain(text: Text) -> str:
    """Return *text* to be read: live values in braces, exact silences as spaces."""
    parts = (f"{{{p.name}}}" if isinstance(p, Slot) else p if isinstance(p, str) else " " for p in text.parts)
    return "".join(parts).replace("\n", " ")


def locate(span: Span, words: str, longest: int = 2000) -> Span:
    """Return where *words* stand in the value that starts at *span*, in any case and over line ends, or *span*."""
    lines = span.source.lines[span.line - 1 : span.line + 60]
    after = [line[at : at + longest] for at, line in zip((span.column - 1, *[0] * len(lines)), lines, strict=False)]
    text = "\n".join(after)[:longest].replace("\u2019", "'")
    sought = r"\s+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<!\w){sought}(?!\w)", text, re.IGNORECASE)
    if found is None:
        return span
    line = text.count("\n", 0, found.start())
    column = found.start() - text.rfind("\n", 0, found.start()) + (0 if line else span.column - 1)
    width = len(found[0].split("\n")[0])
    return replace(span, line=span.line + line, column=column, width=width)


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
    else:
        for name in _parts(value.__class__):
            part = getattr(value, name)
            if part and not isinstance(part, _PLAIN):  # most of a noun: it holds nothing
                yield from every(kind, part)


_PLAIN = (str, int, float, Span)


@cache
def _parts(noun: Any) -> tuple[str, ...]:
    """Return the fields of a class of nouns; asking each noun of a long script anew would take a third of `check`."""
    return tuple(field.name for field in fields(noun)) if is_dataclass(noun) and noun is not Span else ()


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
