"""Routine -> Report: what reading key by key cannot see, because two places of the script are involved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace

from voiceguide.diagnostics import Fault, Report
from voiceguide.limits import OTHER
from voiceguide.nouns import dataclass
from voiceguide.script.link import used
from voiceguide.script.model import (
    CAPS_MS,
    Bed,
    Block,
    Event,
    ForEach,
    Given,
    Item,
    Repeat,
    Routine,
    Section,
    Step,
    Use,
)
from voiceguide.script.names import LIVE_VALUES, MOST_LOOKED, Names, Place
from voiceguide.script.resolve import handed, uneven
from voiceguide.source import Span
from voiceguide.spoken.said import language_of
from voiceguide.units import format_clock, format_duration

MOST_USED, MOST_STEPS = 10_000, 120_000
"""Steps that one use of a block may come to, with those of the blocks that it uses; and those of a whole session."""


@dataclass(frozen=True)
class Sounds:
    """The names of the sounds that are at hand, and of the recordings beside the script.

    *fault* is asked why one of them, a `chime`, a `bed` or a `recording` of that name, cannot be used.
    """

    chimes: frozenset[str]
    beds: frozenset[str]
    recordings: frozenset[str] = frozenset()
    fault: Callable[[str, str], Fault | None] = lambda kind, name: None


def check(routine: Routine, sounds: Sounds) -> Report:
    """Return the problems of a linked *routine* that concern its meaning. *sounds* is what there is to be played."""
    checker = _Checker(Names(routine), sounds)
    checker.header()
    checker.items(routine.steps, Place())
    used = checker.used_blocks
    for name, block in routine.blocks.items():
        if name not in used and "#" not in name:
            given = dict(block.parameters)
            checker.items(block.items, Place(each=True, repeat=True, blocks=(name,), given=given))
    checker.needed_steps()
    if not checker.names.problems:
        checker.unrolled()
    return Report.of(checker.names.problems)


@dataclass
class _Checker:
    names: Names
    sounds: Sounds
    used_blocks: set[str] = field(default_factory=set)
    walked: set[object] = field(default_factory=set)
    until: set[Span | None] = field(default_factory=set)
    copied: int = 0
    overflown: bool = False
    steps: set[str] = field(default_factory=set)
    needs: list[tuple[str, Span, str]] = field(default_factory=list)

    @property
    def routine(self) -> Routine:
        return self.names.routine

    def header(self) -> None:
        routine = self.routine
        cap, longest = CAPS_MS[routine.family], routine.length.longest
        if longest > cap and "length" in routine.spans:
            expected = f"at most {format_clock(cap)} in the family {routine.family}"
            hint = f"end the range at `{format_duration(cap)}`"
            hint += f", or, if it is no massage, write `family: {OTHER}`" if routine.family != OTHER else ""
            self.names.refuse("length-over-cap", routine.spans["length"], expected, format_clock(longest), hint)
        self.bed(routine.bed)
        for event in routine.announce:
            self.event(event, Place(), routine.length.longest, "session")
        for name, block in routine.blocks.items():
            self.parameters(name, block)
        if isinstance(routine.posture, str):
            return
        self.names.conditions(Place(), *(case.when for case in routine.posture.cases))

    def parameters(self, block: str, made: Block) -> None:
        for name, given in made.parameters.items() if "#" not in block else ():
            self.parameter(name, given.span if given else self.routine.spans.get("blocks", self.routine.span))

    def parameter(self, name: str, span: Span) -> None:
        if name in LIVE_VALUES or name in self.routine.listener:
            self.names.refuse("parameter", span, "a name of its own for a parameter", f"`{name}`, a live value")

    def bed(self, bed: Bed | None) -> None:
        if not bed or bed.sound == "none":
            return
        if bed.sound not in self.sounds.beds:
            self.names.unknown("unknown-bed", bed.spans["sound"], "a bed", bed.sound, self.sounds.beds)
        else:
            self.sound("bed", bed.sound, bed.spans["sound"])

    def sound(self, kind: str, name: str, span: Span) -> None:
        """Refuse a sound that is there and cannot be used."""
        fault = self.sounds.fault(kind, name)
        if fault is not None:
            self.names.refuse(
                "bad-sound", span, f"a {kind} that can be heard", f"`{name}`, which {fault.why}", fault.hint
            )

    def items(self, items: Iterable[Item], place: Place) -> None:
        for item in items:
            self.names.conditions(place, item.when, item.unless)
            match item:
                case Step():
                    self.step(item, place)
                case Section():
                    self.section(item, place)
                case Repeat():
                    self.repeat(item, place)
                    self.items(item.steps, replace(place, repeat=True, timed=None))
                case ForEach():
                    self.foreach(item, place)
                case Use():
                    self.use(item, place)

    def section(self, section: Section, place: Place) -> None:
        timed = section.span if section.length else None
        inside = replace(place, each=place.each or section.each is not None, timed=timed)
        if section.each and section.each.lead:
            self.names.lead(section.each.lead, section.each.spans["lead"])
        self.names.title(section.title, section.spans.get("section", section.span), place)
        if section.length and (place.timed or place.repeat or place.blocks or place.entries):
            expected = "`for:` of a section among the steps of the routine itself"
            self.names.refuse("nested-length", section.spans["for"], expected, "it inside another part")
        self.bed(section.bed)
        for event in section.at:
            self.event(event, inside, section.length.longest if section.length else 0, "section")
        self.items(section.between, replace(inside, timed=None))
        self.items(section.steps, inside)

    def repeat(self, repeat: Repeat, place: Place) -> None:
        if repeat.counts.until_ms is None:
            return
        allowed = place.timed is not None or not place.each
        if place.timed in self.until or not allowed or place.repeat or place.blocks or place.entries:
            expected = "`until` once, in a repeat among the steps of the routine itself"
            found = "it again" if place.timed in self.until and not place.entries else "it inside"
            self.names.refuse("count", repeat.span, expected, found, "give it rounds, as in 2..4..7")
        self.until.add(place.timed)
        if uneven(repeat, self.routine.blocks):
            expected = "rounds that are all alike where they fill the time"
            self.names.refuse("count", repeat.span, expected, "conditions on `round`", "give it rounds, as in 2..4..7")

    def foreach(self, item: ForEach, place: Place) -> None:
        wanted = list(item.entries[0].given) if item.entries else []
        inside = replace(place, entries=True, timed=None)
        for entry in item.entries:
            if set(entry.given) != set(wanted):
                given = next(iter(entry.given.values()))
                expected = f"the parameters of the first entry in each: {', '.join(wanted)}"
                self.names.refuse("parameter", given.span, expected, ", ".join(entry.given))
            for name, value in entry.given.items():
                self.parameter(name, value.span)
            if self.copied > MOST_USED:
                break
            self.items(item.steps, replace(inside, given={**place.given, **handed(entry.given, place.given)}))
        if not item.entries:  # nothing of it will be heard, and what stands there is looked at all the same
            self.items(item.steps, inside)
        if self.copied > MOST_USED and not self.overflown:
            self.overflown = True
            expected = f"lists that come to at most {MOST_USED} steps"
            self.names.refuse("too-many-steps", item.span, expected, "more")

    def use(self, use: Use, place: Place) -> None:
        routine, name = self.routine, use.name
        self.used_blocks.add(name)
        scripts = {block.partition("#")[0] for block in routine.blocks if "#" in block}
        if use.script and use.script not in scripts:
            fix = self.names.meant(use.script, scripts, f"{{}}#{use.block}")
            expected = "a script beside this one or in the library, without errors and with blocks"
            self.names.refuse("unknown-block", use.span, expected, f"`{use.script}`", fix)
        elif name not in routine.blocks:
            self.names.unknown("unknown-block", use.span, "the name of a block", name, routine.blocks, "blocks")
        elif name in place.blocks:
            chain = " -> ".join((*place.blocks[place.blocks.index(name) :], name))
            self.names.refuse("block-loop", use.span, "a block that ends", chain, "take one of these uses away")
        else:
            given = self.given(use, routine.blocks[name], place)
            inside = replace(place, blocks=(*place.blocks, name), given=given, timed=None)
            kind = (name, place.each, place.repeat, tuple((k, v and v.text) for k, v in given.items()))
            if kind not in self.walked:  # once for each kind of place, not for each use
                self.walked.add(kind)
                self.items(routine.blocks[name].items, inside)

    def given(self, use: Use, block: Block, place: Place) -> Mapping[str, Given | None]:
        for name, value in use.given.items():
            if name not in block.parameters:
                known = sorted(block.parameters)
                hint = f"`{use.block}` takes: {', '.join(known) or 'nothing'}"
                self.names.refuse("parameter", value.span, f"a parameter of `{use.block}`", f"`{name}`", hint)
        for name, default in block.parameters.items():
            if default is None and name not in use.given:
                expected = f"a value for `{name}` of `{use.block}`"
                self.names.refuse("parameter", use.span, expected, "none", f"give one: `with: {{{name}: ...}}`")
        return {**block.parameters, **handed(use.given, place.given)}

    def step(self, step: Step, place: Place) -> None:
        names = self.names
        self.steps.add(step.name)
        self.copied += place.entries
        for key, shown in (("title", step.title), ("note", step.note)):
            names.title(shown, step.spans.get(key, step.span), place)
        self.needs += [(name, step.spans[f"needs {name}"], step.name) for name in step.needs]
        names.open_values(step, place)
        if step.group and step.group not in self.routine.groups:
            names.unknown("unknown-group", step.spans["group"], "a group", step.group, self.routine.groups, "groups")
        self.chime(step)
        if step.recorded and step.recorded not in self.sounds.recordings:
            fix = self.names.meant(step.recorded, self.sounds.recordings) or "put it beside the script"
            names.refuse("unknown-recording", step.spans["recorded"], "a recording", f"`{step.recorded}`", fix)
        elif step.recorded:
            self.sound("recording", step.recorded, step.spans["recorded"])
        if step.breathe and step.breathe.needs_words():
            self.paced(step.breathe.spans.get("cue", step.span), "breath cues", "write `cue: tone`")
        if step.count and step.count.aloud != "none":
            self.paced(step.count.spans.get("strokes", step.span), "counted strokes", "write `aloud: none`")
        inside = replace(place, pressure="pressure" in step.spans)
        for text in (*step.texts(), *(step.breathe.texts() if step.breathe else ())):
            names.text(text, inside)
        for event in step.at:
            self.event(event, inside, step.length.longest if step.length else 0, "step")

    def paced(self, span: Span, what: str, fix: str) -> None:
        if language_of(self.routine.language) is None:
            self.names.without_words(span, what, fix)

    def unrolled(self) -> None:
        """Refuse blocks that use one another so often that nobody could hear them all."""
        sums: dict[str, int] = {}

        def steps(items: Iterable[Item]) -> int:
            return sum(map(unrolled, items))

        def unrolled(item: Item) -> int:
            match item:
                case Section():
                    sides = len(item.each.sides) if item.each and not item.each.only else 1
                    return sides * steps(item.steps) + steps(item.between)
                case Repeat():
                    return max(1, item.counts.natural) * steps(item.steps)
                case ForEach():
                    return len(item.entries) * steps(item.steps)
                case Use():
                    return block(item.name)
            return 1

        def block(name: str) -> int:
            if name not in sums:
                made = self.routine.blocks.get(name)  # one that could not be read has been reported
                sums[name] = steps(made.items) if made else 0
            return sums[name]

        for item in used(self.routine.steps):
            found = block(item.name)
            if found > MOST_USED:
                expected = f"a block that comes to at most {MOST_USED} steps"
                self.names.refuse("too-many-steps", item.span, expected, f"{found}")
        largest = max(self.routine.steps, key=unrolled, default=None)
        if not self.names.problems and largest and steps(self.routine.steps) > MOST_STEPS:
            expected, found = f"at most {MOST_STEPS} steps with all rounds and sides", steps(self.routine.steps)
            self.names.refuse("too-many-steps", largest.span, expected, f"{found}")

    def needed_steps(self) -> None:
        for name, span, of in self.needs:
            if name not in self.steps:
                others = self.steps if self.names.looked > MOST_LOOKED else self.steps - {of}
                self.names.unknown("unknown-step", span, "the short name of a step", name, others)

    def chime(self, ring: Step | Event) -> None:
        if ring.chime and ring.chime not in self.sounds.chimes:
            self.names.unknown("unknown-chime", ring.spans["chime"], "a chime", ring.chime, self.sounds.chimes)
        elif ring.chime:
            self.sound("chime", ring.chime, ring.spans["chime"])

    def event(self, event: Event, place: Place, longest_ms: int, whole: str) -> None:
        self.names.text(event.say, place)
        self.chime(event)
        if longest_ms and abs(event.moment.ms) >= longest_ms:
            expected = f"a moment inside the {whole}, which is at most {format_clock(longest_ms)} long"
            self.names.refuse("moment", event.span, expected, f"one {format_clock(abs(event.moment.ms))} from its edge")
