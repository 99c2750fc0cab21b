"""A routine as a listener meets it: its steps in order, and the texts of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voiceguide.script.model import WORDINGS, Item, Repeat, Routine, Section, Slot, Step, Text, Use
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
                case Repeat():
                    yield from walk(item.steps, home)
                case Use():
                    name = block_name(item)
                    if name not in met:
                        met.add(name)
                        outside = home or (item.span if item.script else None)
                        yield from walk(block_items(routine, name), outside)

    yield from walk(routine.steps, None)


def block_name(use: Use) -> str:
    """Return the name by which a linked routine knows the block."""
    return f"{use.script}#{use.block}" if use.script else use.block


def block_items(routine: Routine, name: str) -> tuple[Item, ...]:
    """Return the steps of the block *name*."""
    return routine.blocks[name].items


def own_steps(routine: Routine) -> Iterator[Step]:
    """Yield every step written in the script of *routine* itself, once, those of its unused blocks too."""
    for item in own_items(routine):
        if isinstance(item, Step):
            yield item


def own_items(routine: Routine) -> Iterator[Item]:
    """Yield every step, section, repeat and use written in the script of *routine* itself, once."""
    own = [block_items(routine, name) for name in routine.blocks if "#" not in name]
    waiting = [item for items in (routine.steps, *own) for item in items]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, Section):
            waiting += (*item.between, *item.steps)
        elif isinstance(item, Repeat):
            waiting += item.steps


def wordings(step: Step) -> dict[str, tuple[Text, ...]]:
    """Return what *step* may say, by the keys of `WORDINGS` that it has."""
    written = {key: getattr(step, key) for key in WORDINGS}
    told = {key: step.open[key].values() for key in WORDINGS if key in step.open}
    return {key: (text,) for key, text in written.items() if text is not None} | told


def texts(step: Step) -> tuple[Text, ...]:
    """Return everything that *step* may say, its events included."""
    return (*(text for told in wordings(step).values() for text in told), *(event.say for event in step.at))


def plain(text: Text) -> str:
    """Return *text* to be read: live values in braces, exact silences as spaces."""
    parts = (f"{{{p.name}}}" if isinstance(p, Slot) else p if isinstance(p, str) else " " for p in text.parts)
    return "".join(parts)


def locate(span: Span, words: str, longest: int = 2000) -> Span:
    """Return where *words* stand in the value that starts at *span*, in any case and over line ends, or *span*."""
    lines = span.source.lines[span.line - 1 : span.line + 60]
    text = "\n".join(lines)[span.column - 1 :][:longest].replace("\u2019", "'")
    sought = r"\s+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<!\w){sought}(?!\w)", text, re.IGNORECASE)
    if found is None:
        return span
    line = text.count("\n", 0, found.start())
    column = found.start() - text.rfind("\n", 0, found.start()) + (0 if line else span.column - 1)
    width = len(found[0].split("\n")[0])
    return replace(span, line=span.line + line, column=column, width=width)
