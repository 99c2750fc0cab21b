"""Whether shorter wordings are shorter, for every listener who may hear them: wordings may depend on conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from voiceguide.author.flow import plain
from voiceguide.script.model import ALWAYS, COUNTED, WORDINGS, Case, Condition, Fact, Step, Text, Variants

MOST_WORLDS = 1000
"""How many combinations of answers are looked at. A step whose wordings depend on more is let be."""
SIDES = ("left", "right")
World = Mapping[str, str]
"""An answer for every fact that some wordings depend on."""


def longer(step: Step, listener: Mapping[str, Fact]) -> Iterator[tuple[str, Text, str, str]]:
    """Yield each wording of *step* that has more words than the fuller one that its listener would hear otherwise.

    It comes as its key, its text, the key of the fuller one, and what was found.
    """
    cases = {key: _cases(step, key) for key in WORDINGS}
    asked = [case.when for each in cases.values() for case in each if case.when]
    values = _values(asked, {**ALWAYS, **listener})
    told: dict[int, tuple[str, Text, str, str]] = {}
    for answers in product(*values.values()) if prod(map(len, values.values())) <= MOST_WORLDS else ():
        world = dict(zip(values, answers, strict=True))
        before: tuple[str, int] | None = None
        for key in WORDINGS:
            heard = _heard(step, key, cases[key], world)
            if not heard:
                continue
            text = max(heard, key=_words)
            if before and _words(text) > before[1]:
                found = f"{_words(text)} words where `{before[0]}:` has {before[1]}"
                told.setdefault(id(text), (key, text, before[0], found))
            before = (key, _words(text))
    yield from told.values()


def _words(text: Text) -> int:
    return len(plain(text).split())


def _cases(step: Step, key: str) -> tuple[Case, ...]:
    written, told = getattr(step, key), step.open.get(key)
    return told.cases if isinstance(told, Variants) else (Case(None, written),) if written else ()


def _heard(step: Step, key: str, cases: Sequence[Case], world: World) -> list[Text]:
    """Return what may be said: the first case that holds, or all that come one after the other."""
    told = step.open.get(key)
    if isinstance(told, Variants) and told.rotate:
        return [case.value for case in cases]
    return [case.value for case in cases if case.when is None or _holds(case.when, world)][:1]


def _values(asked: Sequence[Condition], facts: Mapping[str, Fact]) -> dict[str, Sequence[str]]:
    """Return, for everything that is *asked*, the answers that make a difference."""
    found: dict[str, Sequence[str]] = {}
    for condition in asked:
        name, value = condition.fact, condition.value or "yes"
        if name in facts:
            found[name] = facts[name].choices
        elif name == "side":
            found[name] = SIDES
            if value in facts:
                found[value] = facts[value].choices
        elif name in COUNTED:
            low, _, high = value.partition("..")
            edges = {int(low), int(high or low), int(high or low) + 1, max(1, int(low) - 1)}
            found[name] = sorted({*found.get(name, ()), *map(str, edges)})
        else:  # a parameter of the block around it
            found[name] = sorted({*found.get(name, ()), value, ""})
    return found


def _holds(condition: Condition, world: World) -> bool:
    name, value = condition.fact, condition.value or "yes"
    if name == "side":
        held = world.get(value, value) in (world[name], "both")
    elif name in COUNTED and world[name].isdecimal():
        low, _, high = value.partition("..")
        held = int(low) <= int(world[name]) <= int(high or low)
    else:
        held = world[name] == value
    return held is not condition.negated
