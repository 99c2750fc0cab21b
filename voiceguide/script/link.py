"""Blocks across scripts: which other scripts a routine takes blocks from, and putting them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from voiceguide.script.model import Item, Repeat, Routine, Section, Use


def scripts_used(routine: Routine) -> frozenset[str]:
    """Return the ids of the other scripts that *routine* takes blocks from."""
    items = (*routine.steps, *(item for block in routine.blocks.values() for item in block.items))
    return frozenset(use.script for use in _uses(items) if use.script)


def link(routine: Routine, others: Mapping[str, Routine]) -> Routine:
    """Return *routine* with the blocks of *others*, under the names by which `use:` calls them: `other#block`."""
    blocks = dict(routine.blocks)
    for script, other in others.items():
        for name, block in other.blocks.items():
            blocks[f"{script}#{name}"] = replace(block, items=_from(script, block.items))
    return replace(routine, blocks=blocks)


def _uses(items: Iterable[Item]) -> Iterator[Use]:
    for item in items:
        if isinstance(item, Use):
            yield item
        elif isinstance(item, Section | Repeat):
            yield from _uses(item.steps)


def _from(script: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return *items* of another *script*: what they use without naming a script is a block of theirs."""
    made: list[Item] = []
    for item in items:
        if isinstance(item, Use):
            made.append(replace(item, script=item.script or script))
        elif isinstance(item, Section | Repeat):
            made.append(replace(item, steps=_from(script, item.steps)))
        else:
            made.append(item)
    return tuple(made)
