"""Blocks across scripts: which a routine takes from where, and putting them in; and numbers for what shares a name."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from voiceguide.script.build import section_name
from voiceguide.script.model import ForEach, Item, Repeat, Routine, Section, Use


def scripts_used(routine: Routine) -> frozenset[str]:
    """Return the ids of the other scripts that *routine* takes blocks from."""
    items = (*routine.steps, *(item for block in routine.blocks.values() for item in block.items))
    return frozenset(use.script for use in used(items) if use.script)


def link(routine: Routine, others: Mapping[str, Routine]) -> Routine:
    """Return *routine* with the blocks of *others*, under the names by which `use:` calls them: `other#block`."""
    blocks = dict(routine.blocks)
    for script, other in others.items():
        for name, block in other.blocks.items():
            blocks[f"{script}#{name}"] = replace(block, items=numbered(_from(script, block.items)))
    return replace(routine, linked={name: other.span.source for name, other in others.items()}, blocks=blocks)


def numbered(items: tuple[Item, ...], seen: Counter[str] | None = None) -> tuple[Item, ...]:
    """Return *items*, of one list, each with its number among those that are called the same, and so inside of them.

    Repeats are no lists of their own: their steps are counted with what stands around them (*seen* so far). The entries
    of a list that steps come for are counted with what stands around it. Most things are alone of their name, so that
    only the others are made anew.
    """
    seen, made = Counter[str]() if seen is None else seen, list(items)
    for index, item in enumerate(items):
        if isinstance(item, Repeat):
            steps = numbered(item.steps, seen)
            made[index] = item if steps is item.steps else replace(item, steps=steps)
            continue
        if isinstance(item, ForEach):
            steps, entries = numbered(item.steps), []
            for entry in item.entries:
                seen[entry.name] += 1
                entries.append(replace(entry, nth=seen[entry.name]))
            made[index] = replace(item, steps=steps, entries=tuple(entries))
            continue
        name = section_name(item.title) if isinstance(item, Section) else item.name
        seen[name] += 1
        if item.nth != seen[name]:
            made[index] = item = replace(item, nth=seen[name])
        if isinstance(item, Section):
            within = Counter[str]()  # a step of `between:` has the address of the section too
            inside = numbered(item.steps, within), numbered(item.between, within)
            if inside[0] is not item.steps or inside[1] is not item.between:
                made[index] = replace(item, steps=inside[0], between=inside[1])
    return items if all(map(operator.is_, made, items)) else tuple(made)


def used(items: Iterable[Item]) -> Iterator[Use]:
    """Yield the uses among *items*, in their sections and repeats too, but not those in blocks."""
    for item in items:
        if isinstance(item, Use):
            yield item
        elif isinstance(item, Section | Repeat | ForEach):
            yield from used(item.steps)


def _from(script: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return *items* of another *script*: what they use without naming a script is a block of theirs."""
    made: list[Item] = []
    for item in items:
        if isinstance(item, Use):
            made.append(replace(item, script=item.script or script))
        elif isinstance(item, Section | Repeat | ForEach):
            made.append(replace(item, steps=_from(script, item.steps)))
        else:
            made.append(item)
    return tuple(made)
