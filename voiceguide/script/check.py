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
    walked: set[tuple[str, bool, bool]] = field(default_factory=set)
    until: bool = False

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
            self.moment(event, routine.length.longest, "session")

    def unknown(self, code: str, span: Span, expected: str, name: str, known: Iterable[str], home: str = "") -> None:
        """Report a name that is not among *known*, the names under the key *home* of the routine."""
        names = sorted(known)
        if home in self.routine.refused:
            return
        listed = f"there {'is' if len(names) == 1 else 'are'}: {', '.join(names)}"
        fallback = listed if names else f"the script declares none under `{home}:`"
        self.refuse(code, span, expected, f"`{name}`", close(name, names) or fallback)

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
                    self.repeat(item, place)
                    self.items(item.steps, replace(place, repeat=True))
                case Use():
                    self.use(item, place)

    def repeat(self, repeat: Repeat, place: _Place) -> None:
        if repeat.counts.until_ms is None:
            return
        if self.until or place.each or place.repeat or place.blocks:
            expected = "`until` once, in a repeat among the steps of the routine itself"
            self.refuse(
                "count",
                repeat.span,
                expected,
                "it again" if self.until else "it inside",
                "give it rounds, as in 2..4..7",
            )
        self.until = True

    def use(self, use: Use, place: _Place) -> None:
        name = f"{use.script}#{use.block}" if use.script else use.block
        self.used_blocks.add(name)
        scripts = {block.partition("#")[0] for block in self.routine.blocks if "#" in block}
        if use.script and use.script not in scripts:
            expected = "a script beside this one or in the library, without errors and with blocks"
            self.refuse("unknown-block", use.span, expected, f"`{use.script}`", close(use.script, scripts))
        elif name not in self.routine.blocks:
            self.unknown("unknown-block", use.span, "the name of a block", name, self.routine.blocks, "blocks")
        elif name in place.blocks:
            chain = " -> ".join((*place.blocks[place.blocks.index(name) :], name))
            self.refuse("block-loop", use.span, "a block that ends", chain, "take one of these uses away")
        elif (name, place.each, place.repeat) not in self.walked:  # once for each kind of place, not for each use
            self.walked.add((name, place.each, place.repeat))
            self.items(self.routine.blocks[name], replace(place, blocks=(*place.blocks, name)))

    def step(self, step: Step, place: _Place) -> None:
        self.conditions(step.when, step.unless)
        if step.group and step.group not in self.routine.groups:
            self.unknown("unknown-group", step.spans["group"], "a group", step.group, self.routine.groups, "groups")
        if step.chime and step.chime not in self.sounds.chimes:
            self.unknown("unknown-chime", step.spans["chime"], "a chime", step.chime, self.sounds.chimes)
        inside = replace(place, pressure=step.pressure is not None)
        for text in (step.say, step.brief, step.minimal, *(event.say for event in step.at)):
            if text is not None:
                self.text(text, inside)
        for event in step.at:
            self.moment(event, step.length.longest if step.length else 0, "step")

    def moment(self, event: Event, longest_ms: int, whole: str) -> None:
        if longest_ms and abs(event.moment.ms) >= longest_ms:
            expected = f"a moment inside the {whole}, which is at most {format_clock(longest_ms)} long"
            self.refuse("moment", event.span, expected, f"one {format_clock(abs(event.moment.ms))} from its edge")

    def conditions(self, *conditions: Condition | None) -> None:
        facts = self.routine.listener
        for condition in conditions:
            if condition is None:
                continue
            fact = facts.get(condition.fact)
            if fact is None:
                self.unknown("unknown-fact", condition.span, "a fact of `listener:`", condition.fact, facts, "listener")
            elif not fact.choices:
                continue  # the fact itself was refused
            elif condition.value is not None and condition.value not in fact.choices:
                expected = f"one of {', '.join(fact.choices)} for `{condition.fact}`"
                self.refuse(
                    "choice",
                    condition.value_span,
                    expected,
                    f"`{condition.value}`",
                    close(condition.value, fact.choices),
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
