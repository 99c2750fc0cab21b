"""Routine -> Report: what reading key by key cannot see, because two places of the script are involved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.script.model import (
    CAPS_MS,
    Condition,
    Event,
    Item,
    Repeat,
    Routine,
    Section,
    Step,
    Text,
    Use,
)
from voiceguide.script.scalars import close
from voiceguide.source import Span
from voiceguide.units import format_clock

LIVE_VALUES = ("side", "other", "remaining", "elapsed", "total", "round", "rounds", "day", "days", "pressure")
"""What a text may say besides the listener's facts."""


@dataclass(frozen=True)
class Sounds:
    """The names of the sounds that are at hand."""

    chimes: frozenset[str]
    beds: frozenset[str]


def check(routine: Routine, sounds: Sounds) -> Report:
    """Return the problems of a linked *routine* that concern its meaning. *sounds* is what there is to be played."""
    checker = _Checker(routine, sounds)
    checker.header()
    checker.items(routine.steps, _Place())
    used = checker.used_blocks
    for name, items in routine.blocks.items():
        if name not in used and "#" not in name:
            checker.items(items, _Place(each=True, repeat=True, blocks=(name,)))
    return Report.of(checker.problems)


@dataclass(frozen=True)
class _Place:
    """Where the walk stands: what a text may refer to here."""

    each: bool = False
    repeat: bool = False
    pressure: bool = False
    blocks: tuple[str, ...] = ()


@dataclass
class _Checker:
    routine: Routine
    sounds: Sounds
    problems: list[Diagnostic] = field(default_factory=list)
    used_blocks: set[str] = field(default_factory=set)

    def refuse(self, code: str, span: Span, expected: str, found: str, hint: str = "") -> None:
        self.problems.append(problem(code, span, expected=expected, found=found, hint=hint))

    def header(self) -> None:
        routine = self.routine
        cap, longest = CAPS_MS[routine.family], routine.length.longest
        if longest > cap and "length" in routine.spans:
            expected = f"at most {format_clock(cap)} in the family {routine.family}"
            hint = f"end the range at `{cap // 60_000}m`, or choose another family"
            self.refuse("length-over-cap", routine.spans["length"], expected, format_clock(longest), hint)
        if routine.bed and routine.bed.sound not in self.sounds.beds:
            self.unknown("unknown-bed", routine.bed.spans["sound"], "a bed", routine.bed.sound, self.sounds.beds)
        for event in routine.announce:
            self.text(event.say, _Place())

    def unknown(self, code: str, span: Span, expected: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        hint = close(name, names) or ("there is: " + ", ".join(names) if names else "the script declares none")
        self.refuse(code, span, expected, f"`{name}`", hint)

    def items(self, items: Iterable[Item], place: _Place) -> None:
        for item in items:
            match item:
                case Step():
                    self.step(item, place)
                case Section():
                    self.conditions(item.when, item.unless)
                    inside = replace(place, each=place.each or bool(item.each))
                    self.items(item.between, inside)
                    self.items(item.steps, inside)
                case Repeat():
                    self.items(item.steps, replace(place, repeat=True))
                case Use():
                    self.use(item, place)

    def use(self, use: Use, place: _Place) -> None:
        name = f"{use.script}#{use.block}" if use.script else use.block
        self.used_blocks.add(name)
        if name not in self.routine.blocks:
            self.unknown("unknown-block", use.span, "the name of a block", name, self.routine.blocks)
        elif name in place.blocks:
            chain = " -> ".join((*place.blocks[place.blocks.index(name) :], name))
            self.refuse("block-loop", use.span, "a block that ends", chain, "take one of these uses away")
        else:
            self.items(self.routine.blocks[name], replace(place, blocks=(*place.blocks, name)))

    def step(self, step: Step, place: _Place) -> None:
        self.conditions(step.when, step.unless)
        if step.group and step.group not in self.routine.groups:
            self.unknown("unknown-group", step.spans["group"], "a group", step.group, self.routine.groups)
        if step.chime and step.chime not in self.sounds.chimes:
            self.unknown("unknown-chime", step.spans["chime"], "a chime", step.chime, self.sounds.chimes)
        inside = replace(place, pressure=step.pressure is not None)
        for text in (step.say, step.brief, step.minimal, *(event.say for event in step.at)):
            if text is not None:
                self.text(text, inside)
        for event in step.at:
            self.moment(event, step)

    def moment(self, event: Event, step: Step) -> None:
        if step.length and abs(event.moment.ms) >= step.length.longest:
            expected = f"a moment inside the step, which is at most {format_clock(step.length.longest)} long"
            self.refuse("moment", event.span, expected, f"one {format_clock(abs(event.moment.ms))} from its edge")

    def conditions(self, *conditions: Condition | None) -> None:
        facts = self.routine.listener
        for condition in conditions:
            if condition is None:
                continue
            fact = facts.get(condition.fact)
            if fact is None:
                self.unknown("unknown-fact", condition.span, "a fact of `listener:`", condition.fact, facts)
            elif condition.value is not None and condition.value not in fact.choices:
                expected = f"one of {', '.join(fact.choices)} for `{condition.fact}`"
                self.refuse(
                    "choice", condition.span, expected, f"`{condition.value}`", close(condition.value, fact.choices)
                )
            elif condition.value is None and fact.choices != ("yes", "no"):
                hint = f"write `{condition.fact} is {fact.choices[0]}`"
                self.refuse("condition", condition.span, f"a value of `{condition.fact}`", "none", hint)

    def text(self, text: Text, place: _Place) -> None:
        allowed: Mapping[str, tuple[bool, str]] = {
            "side": (place.each, "`{side}` inside a section with `each:`"),
            "other": (place.each, "`{other}` inside a section with `each:`"),
            "round": (place.repeat, "`{round}` inside a `repeat:`"),
            "rounds": (place.repeat, "`{rounds}` inside a `repeat:`"),
            "pressure": (place.pressure, "`{pressure}` in a step that has a `pressure:`"),
        }
        for slot in text.slots():
            if slot.name not in LIVE_VALUES and slot.name not in self.routine.listener:
                known = (*LIVE_VALUES, *self.routine.listener)
                self.unknown("unknown-value", slot.span, "a live value", "{" + slot.name + "}", known)
            elif slot.name in allowed and not allowed[slot.name][0]:
                self.refuse("value-out-of-place", slot.span, allowed[slot.name][1], "it outside")
