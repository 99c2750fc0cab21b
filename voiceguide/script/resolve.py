"""Putting values into a step that its script leaves open: parameters of blocks, and variants by condition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.script.build import build
from voiceguide.script.grammar import KINDS
from voiceguide.script.model import (
    WORDINGS,
    Block,
    Condition,
    ForEach,
    Given,
    Item,
    Parameter,
    Repeat,
    Section,
    Step,
    Use,
    Variants,
)
from voiceguide.script.scalars import Scalar, Wrong
from voiceguide.script.shapes import Choose, Nested
from voiceguide.script.tree import Node


def resolve(
    step: Step, given: Mapping[str, Given], holds: Callable[[Condition], bool], turn: Callable[[Variants], int]
) -> Step:
    """Return *step* with every open value put in.

    *given* are the parameters of the block around it, *holds* tells whether a condition does, and *turn* says which of
    variants that rotate comes now. What cannot be put in stays as if it were not written.
    """
    if not step.open:
        return step
    values: dict[str, Any] = {}
    for field, value in step.open.items():
        if isinstance(value, Parameter):
            found = fill(value, given[value.name]) if value.name in given else None
            values[field] = None if isinstance(found, Diagnostic) else found
        elif value.rotate:
            values[field] = value.cases[turn(value) % len(value.cases)].value
        else:
            values[field] = next((case.value for case in value.cases if case.when is None or holds(case.when)), None)
    return replace(step, **{field: value for field, value in values.items() if value is not None}, open={})


def fill(parameter: Parameter, given: Given) -> Any:
    """Return what *given* means at the place of *parameter*, or the Diagnostic that says why it means nothing there."""
    key = KINDS["step"].key(parameter.key)
    wanted = key.type if key else None
    scalar = wanted.of if isinstance(wanted, Choose) else wanted.short if isinstance(wanted, Nested) else wanted
    if not isinstance(scalar, Scalar):
        raise TypeError(f"`{parameter.key}` cannot be left open")
    parsed = scalar.parse(given.text)
    if isinstance(parsed, Wrong):
        found = f"`{given.text}` for `{parameter.key}`"
        return problem(parsed.code, given.span, parsed.for_all_of(given.text), expected=scalar.expected, found=found)
    value = scalar.place(parsed, Node("text", given.span, given.text)) if scalar.place else parsed
    return build(wanted.kind, {"": value}, {}, given.span, []) if isinstance(wanted, Nested) else value


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with `{name}` replaced by each of *values* that it names."""
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)


_SLOT = re.compile(r"\{([a-z0-9][a-z0-9_-]*)\}")


def slots(text: str) -> tuple[str, ...]:
    """Return the names that stand in braces in *text*."""
    return tuple(slot[1] for slot in _SLOT.finditer(text))


def handed(given: Mapping[str, Given], outer: Mapping[str, Given | None]) -> dict[str, Given | None]:
    """Return *given* with what it takes from the parameters around it put in; None where one of those is not known."""
    made: dict[str, Given | None] = {}
    for name, value in given.items():
        taken = [slot for slot in slots(value.text) if slot in outer]
        known = {slot: each.text for slot in taken if (each := outer[slot])}
        made[name] = replace(value, text=filled(value.text, known)) if len(known) == len(set(taken)) else None
    return made


def uneven(repeat: Repeat, blocks: Mapping[str, Block]) -> bool:
    """Tell whether the rounds of *repeat* differ in more than words: something in it is there only in some of them."""
    waiting, met = [*repeat.steps], set[str]()
    while waiting:
        item = waiting.pop()
        if _asks_round(item):
            return True
        match item:
            case Section():
                waiting += (*item.between, *item.steps)
            case Repeat() | ForEach():
                waiting += item.steps
            case Use() if item.name not in met and item.name in blocks:
                met.add(item.name)
                waiting += blocks[item.name].items
    return False


def _asks_round(item: Item) -> bool:
    """Tell whether *item* is there, or has its length, only in some rounds."""
    asked = [item.when, item.unless]
    for name, value in item.open.items() if isinstance(item, Step) else ():
        if isinstance(value, Variants) and not value.rotate:
            always = name in WORDINGS and value.cases[-1].when is None
            asked += [] if always else [case.when for case in value.cases]
    return any(condition is not None and condition.fact in ("round", "rounds") for condition in asked)
