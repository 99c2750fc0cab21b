"""Warnings about sides: texts that name one side where both are worked, and sides that get different work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from voiceguide.author.advice_words import sides_named
from voiceguide.author.flow import block_items, block_name, locate, plain, texts
from voiceguide.diagnostics import Diagnostic, problem, write
from voiceguide.script.model import Item, Repeat, Routine, Section, Step, Text, Use
from voiceguide.source import Span
from voiceguide.units import plural

ONE_SIDED = ("rehab", "heel-course")
"""Families that may work one foot more than the other (docs/sources.md, lengths and pressure)."""


_Work = dict[str, tuple[int, Span]]
"""By side: how many steps with hands work it alone, and where the last of them stands."""


def lint_sides(routine: Routine) -> list[Diagnostic]:
    """Return the warnings about the sides of an English *routine*."""
    walk = _Walk(routine)
    work = walk.items(routine.steps, _Place())
    left, right = (work.get(side, (0, routine.span))[0] for side in ("left", "right"))
    if left != right and routine.family not in ONE_SIDED:
        more, less = ("left", "right") if left > right else ("right", "left")
        expected, hint = "as many steps for one foot as for the other", "put the steps into a section with `each: foot`"
        found = f"{plural(max(left, right), 'step')} for the {more} and {min(left, right) or 'none'} for the {less}"
        walk.problems.append(problem("unbalanced-sides", work[more][1], hint, expected=expected, found=found))
    return walk.problems


@dataclass(frozen=True)
class _Place:
    """What surrounds an item: the one side that is worked there, or (with *both*) each of them in turn."""

    side: str = ""
    both: bool = False


@dataclass
class _Walk:
    routine: Routine
    problems: list[Diagnostic] = field(default_factory=list)
    known: dict[tuple[str, _Place], _Work] = field(default_factory=dict)

    def items(self, items: Iterable[Item], place: _Place, *, own: bool = True) -> _Work:
        """Walk *items*. Those that are not the script's *own* are counted, but their words are let be."""
        work: _Work = {}
        for item in items:
            if self.sided(item):
                continue
            for side, (times, span) in self.item(item, place, own).items():
                work[side] = (work.get(side, (0, span))[0] + times, span)
        return work

    def item(self, item: Item, place: _Place, own: bool) -> _Work:
        match item:
            case Step():
                return self.step(item, place, own)
            case Section():
                inside = _inside(item, place)
                self.items(item.between, inside, own=own)
                return self.items(item.steps, inside, own=own)
            case Repeat():
                return self.items(item.steps, place, own=own)
            case Use():
                name = block_name(item)
                if (name, place) not in self.known:  # once for each kind of place, not for each use
                    inner = self.items(block_items(self.routine, name), place, own=own and not item.script)
                    self.known[name, place] = inner
                return {side: (times, item.span) for side, (times, _) in self.known[name, place].items()}

    def sided(self, item: Item) -> bool:
        """Tell whether *item* depends on a fact that is a side, such as the foot that hurts."""
        facts = [self.routine.listener.get(condition.fact) for condition in (item.when, item.unless) if condition]
        return any({"left", "right"} & set(fact.choices) for fact in facts if fact)

    def step(self, step: Step, place: _Place, own: bool) -> _Work:
        if place.both:
            for text in texts(step) if own else ():
                self.named(text)
            return {}
        if not step.hands:
            return {}
        feet = {side for text in texts(step) for side in sides_named(plain(text), feet=True)}
        side = next(iter(feet)) if len(feet) == 1 else "" if feet else place.side
        return {side: (1, step.span)} if side else {}

    def named(self, text: Text) -> None:
        """Warn of one side named in *text*, which is heard for both."""
        named = sides_named(plain(text))
        if len(named) != 1:
            return
        ((side, words),) = named.items()
        fixes = [write(words.replace(side, live, 1)) for live in ("{side}", "{other}")]
        expected = "`{side}` or `{other}`, because both sides hear this"
        span, found = locate(text.span, words), f"`{words}`"
        self.problems.append(problem("side-named", span, *fixes, expected=expected, found=found))


def _inside(section: Section, place: _Place) -> _Place:
    each = section.each
    sides = each.sides if each else ()
    if each and each.only:
        return _Place(side=each.lead) if each.lead in ("left", "right") else _Place(both=True)
    if sides:
        return _Place(side=sides[0]) if len(sides) == 1 else _Place(both=True)
    titled = sides_named(section.title, feet=True)
    return place if place.both or len(titled) != 1 else _Place(side=next(iter(titled)))
