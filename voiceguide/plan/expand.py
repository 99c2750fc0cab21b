"""Routine -> Outline: unrolls sides, rounds, blocks and conditions; resolves every text; addresses every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace

from voiceguide.address import Address, label
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Occurrence, Outline, Phrase, Round, Rounds, Scope, SpokenEvent, TimedSection
from voiceguide.plan.place import Place
from voiceguide.plan.reasons import ByCondition, LeftOut
from voiceguide.plan.request import TALKS, SessionRequest, course
from voiceguide.plan.speak import Speaking, Spot
from voiceguide.script.build import section_name
from voiceguide.script.model import (
    ALWAYS,
    Condition,
    Each,
    Event,
    ForEach,
    Item,
    Repeat,
    Routine,
    Section,
    Step,
    Use,
    Variants,
)
from voiceguide.script.resolve import resolve, uneven
from voiceguide.script.rounds import Strokes
from voiceguide.spoken.said import BARE, language_of
from voiceguide.timeline import PhaseName

MOST_OCCURRENCES = 120_000
"""Steps that a session may unroll to. Unrolling stops there, and `plan` reports it."""
_LAST_MS = 20_000
SAFETY = "safety"
"""The tag of steps that keep people safe."""


@dataclass(frozen=True)
class PreviousPass:
    """What a former pass over the same routine found; texts with live times need all that.

    The rounds of every repeat, and how many are to be measured at *least*; when every step starts; when every scope
    starts and ends; when each announcement is said, by the name of its phrase. Without it, repeats have their natural
    count and times count from the whole.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    starts_ms: Mapping[Address, int] = field(default_factory=dict)
    scopes_ms: tuple[tuple[int, int], ...] = ()
    announced_ms: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[int, int] = field(default_factory=dict)


FIRST_PASS = PreviousPass()


def expand(routine: Routine, request: SessionRequest, previous: PreviousPass = FIRST_PASS) -> Outline:
    """Return the outline of a linked and checked *routine* as *request* asks for it."""
    walk = _Walk(routine, request, previous)
    walk.items(routine.steps, Place())
    cues = {cue.kind for o in walk.occurrences if o.step.breathe for cue in o.step.breathe.cues}
    strokes = [o.step.count for o in walk.occurrences if o.step.count]
    said, walk.speaking.said = frozenset(walk.speaking.said), set()
    announcements = tuple(walk.announcements())
    return Outline(
        occurrences=tuple(walk.occurrences),
        rounds=tuple(replace(r, after=tuple(walk.ends[i])) for i, r in enumerate(walk.rounds)),
        timed=tuple(TimedSection(section, tuple(walk.timed_ends[i])) for i, section in enumerate(walk.timed)),
        scopes=tuple(walk.scopes),
        announcements=announcements,
        pacing_words=walk.speaking.pacing(_usual_phases(walk.occurrences), cues, _most_spoken(strokes)),
        left_out=tuple(walk.left_out),
        freed_ms=walk.freed_ms,
        freed=tuple(walk.freed),
        said=said,
        announced=frozenset(walk.speaking.said),
    )


def _usual_phases(occurrences: Iterable[Occurrence]) -> set[str]:
    """Return the phases of breath for which the usual words are said somewhere."""
    spoken = [o for o in occurrences if o.step.breathe and any(cue.kind == "words" for cue in o.step.breathe.cues)]
    ends = [
        (o, name)
        for o in spoken
        if o.step.breathe
        for n in (0, o.step.breathe.over)
        for name, _ in o.step.breathe.named(n)
    ]
    return {name for o, name in ends if name not in o.breath_words}


def _most_spoken(strokes: list[Strokes]) -> int:
    return max((count.counts.most for count in strokes if count.aloud != "none"), default=0)


class _Walk:
    def __init__(self, routine: Routine, request: SessionRequest, previous: PreviousPass) -> None:
        self.routine = routine
        self.previous = previous
        self.total_ms = routine.length.natural if request.length_ms is None else request.length_ms
        asked = {**ALWAYS, **routine.listener}
        self.facts = {name: request.facts.get(name, fact.default) for name, fact in asked.items()}
        self.days = course(request, routine.days)
        self.seed = request.seed
        self.speaking = Speaking(routine, language_of(routine.language) or BARE, self.facts, self.days, self.total_ms)
        self.occurrences: list[Occurrence] = []
        self.rounds: list[Rounds] = []
        self.ends: list[list[int]] = []
        self.timed: list[Section] = []
        self.timed_ends: list[list[int]] = []
        self.scopes: list[Scope] = []
        self.events: list[tuple[Event, Place, int, int]] = []
        self.left_out: list[LeftOut] = []
        self.freed_ms = 0
        self.freed: list[tuple[Occurrence, int]] = []
        self._parts: dict[object, int] = {}
        self._fates: dict[object, int] = {}
        self._repeats: dict[object, int] = {}
        self._timed_numbers: dict[object, int] = {}
        self._told: Counter[tuple[int, str | None]] = Counter()
        self._start_ms = 0
        self._chapter = ""

    def items(self, items: Iterable[Item], place: Place) -> None:
        for item in items:
            if len(self.occurrences) > MOST_OCCURRENCES:
                return
            why = self.refused(item.when, item.unless, place.spot)
            if why:
                self.leave_out(item, place, why)
                continue
            match item:
                case Step():
                    self.step(item, place)
                case Section():
                    self.section(item, place)
                case Repeat():
                    self.repeat(item, place)
                case ForEach():
                    for inside in place.each(item):
                        self.items(item.steps, inside)
                case Use():
                    self.items(self.routine.blocks[item.name].items, self.inside(item, place))

    def inside(self, use: Use, place: Place) -> Place:
        return place.within(use, self.routine.blocks[use.name].parameters)

    def leave_out(self, item: Item, place: Place, why: ByCondition) -> None:
        if item.freed == "shorten":
            self.free(item, place)
        match item:
            case Step():
                address, name, title = place.address(item.name, item.nth), item.name, item.title
            case Section():
                address, name, title = place.address(section_name(item.title), item.nth), item.title, item.title
            case Use():
                address, name, title = place.address(item.name.replace("#", "."), item.nth), item.name, item.name
            case Repeat():
                address, name, title = place.address("repeat"), "repeat", "repeat"
            case ForEach():
                address, name, title = place.address("for-each"), "for-each", "for each of the list"
        self.left_out.append(LeftOut(address, name, place.titled(title, item), why, item.span))

    def free(self, item: Item, place: Place, times: int = 1) -> None:
        """Add to the freed time what *item* would have taken, *times* over; steps without a length are measured."""
        match item:
            case Step():
                made = self.occurrence(item, place)
                length = made.step.length or made.step.pause
                if length:
                    self.freed_ms += times * (length.natural * place.weight[0] // place.weight[1])
                else:
                    self.freed.append((made, times))
            case Section():
                for index, (side, weight) in enumerate(self.order(item.each)):
                    inside = place.on(side, weight)
                    for each in item.between if index else ():
                        self.free(each, replace(inside, weight=(1, 1)), times)
                    self.freed_ms += item.length.natural * times if item.length else 0
                    for each in () if item.length else item.steps:
                        self.free(each, inside, times)
            case Repeat():
                count = item.counts.natural
                numbers = {**place.spot.numbers, "round": 1, "rounds": count}
                for each in item.steps:
                    self.free(each, replace(place, spot=replace(place.spot, numbers=numbers)), times * count)
            case ForEach():
                for inside in place.each(item):
                    for each in item.steps:
                        self.free(each, inside, times)
            case Use():
                for each in self.routine.blocks[item.name].items:
                    self.free(each, self.inside(item, place), times)

    def section(self, section: Section, place: Place) -> None:
        words = self.speaking.words
        path = (*place.path, label(section_name(section.title), section.nth))
        number: int | None = None
        if section.length:
            number = self._timed_numbers.setdefault(path, len(self.timed))
            if number == len(self.timed):
                self.timed.append(section)
                self.timed_ends.append([])
        place = replace(place, path=path, bed=section.bed or place.bed)
        for index, (side, weight) in enumerate(self.order(section.each)):
            inside = place.on(side, weight)
            title = inside.titled(section.title, section)
            self._chapter = title if side is None else f"{title}: {words.sides.get(side, side)}"
            if index:
                self.items(section.between, replace(inside, weight=(1, 1), between=True))
            first = len(self.occurrences)
            if number is None:
                self.items(section.steps, inside)
            else:
                self.items(section.steps, replace(inside, timed=(number, len(self.timed_ends[number]))))
                self.timed_ends[number].append(len(self.occurrences))
            self.events += [(event, inside, len(self.scopes), number) for number, event in enumerate(section.at, 1)]
            self.scopes.append(Scope(first, len(self.occurrences)))
        self._chapter = ""

    def order(self, each: Each | None) -> list[tuple[str | None, tuple[int, int]]]:
        """Return the sides to be worked, in order, each with its share."""
        if each is None:
            return [(None, (1, 1))]
        lead = self.facts.get(each.lead, each.lead)
        if lead not in ("left", "right"):
            return [(side, (1, 1)) for side in each.sides]
        first, other = each.share
        rest = [] if each.only else ["right" if lead == "left" else "left"]
        return [(lead, (1, 1)), *((side, (other, first)) for side in rest)]

    def repeat(self, repeat: Repeat, place: Place) -> None:
        written = place.path, repeat.span.line, repeat.span.column
        index = self._repeats.setdefault(written, len(self._repeats))
        count = self.previous.counts.get(index, repeat.counts.natural)
        if index == len(self.rounds):
            timed = place.timed[0] if place.timed else None
            self.rounds.append(Rounds(repeat, count, timed, uneven=uneven(repeat, self.routine.blocks)))
            self.ends.append([])
        at, run = place.spot, len(self.ends[index])
        # one that is not heard is measured all the same: it might be
        for number in range(1, max(1, count, self.previous.least.get(index, 0)) + 1):
            if len(self.occurrences) > MOST_OCCURRENCES:
                return
            # built by hand: `replace` would cost more than the rest of a round
            numbers = {**at.numbers, "round": number, "rounds": count}
            spot = Spot(at.side, at.other, numbers, at.given)
            rounds = (*place.rounds, Round(index, run, number))
            inside = Place(spot, place.path, rounds, place.weight, place.timed, place.bed, place.entry, place.between)
            self.items(repeat.steps, inside)
        self.ends[index].append(len(self.occurrences))

    def step(self, written: Step, place: Place) -> None:
        self.occurrences.append(self.occurrence(written, place))
        self._chapter = ""

    def occurrence(self, written: Step, place: Place) -> Occurrence:
        step = self.resolved(written, place.spot) if written.open else written
        spot, address = place.spot, place.address(written.name, written.nth)
        if "{" in step.title or "{" in step.note or place.entry:
            step = replace(step, title=place.titled(step.title, written), note=place.filled(step.note))
        self._start_ms = start_ms = self.previous.starts_ms.get(address, self._start_ms)
        if step.pressure is not None:
            spot = replace(spot, numbers={**spot.numbers, "pressure": self.pressure(step)})
        texts = [(t, text) for t, text in zip(TALKS, (step.say, step.brief, step.minimal), strict=True) if text]
        side = spot.side if step.sides == "independent" else None
        fate = (place.path, written.name, written.nth, side)
        part = (*fate, place.weight, (step.length, step.quiet, tuple(t for t, _ in texts)) if written.open else None)
        if step.to != "self" or step.pace_wpm:
            spot = replace(spot, to=step.to, pace_wpm=step.pace_wpm)
        phrase = self.speaking.phrase
        wordings = tuple((talk, phrase(talk, text, spot, start_ms)) for talk, text in texts)
        if step.recorded and wordings:
            wordings = ((wordings[0][0], self.speaking.recorded(wordings[0][1], step.recorded)), *wordings[1:])
        return Occurrence(
            address=address,
            step=step,
            part=self._parts.setdefault(part, len(self._parts)),
            fate=self._fates.setdefault(fate, len(self._fates)),
            weight=place.weight,
            wordings=wordings,
            events=tuple(
                SpokenEvent(event, phrase(f"at {number}", event.say, spot, start_ms))
                for number, event in enumerate(step.at, 1)
            ),
            rounds=place.rounds,
            timed=place.timed,
            bed=place.bed,
            chapter=self._chapter,
            breath_words=self.breath_words(step, spot, start_ms),
            kept=place.between or SAFETY in step.tags,
        )

    def breath_words(self, step: Step, spot: Spot, start_ms: int) -> dict[PhaseName, tuple[Phrase, ...]]:
        own = step.breathe.words if step.breathe else {}
        phrase = self.speaking.phrase
        return {name: tuple(phrase("breath", text, spot, start_ms) for text in texts) for name, texts in own.items()}

    def resolved(self, step: Step, spot: Spot) -> Step:
        if "pressure" in step.open:
            only = replace(step, open={"pressure": step.open["pressure"]})
            only = resolve(only, spot.given, self.teller(spot), lambda variants: 0)
            step = replace(step, pressure=only.pressure, open={k: v for k, v in step.open.items() if k != "pressure"})
        if step.pressure is not None:
            spot = replace(spot, numbers={**spot.numbers, "pressure": self.pressure(step)})
        return resolve(step, spot.given, self.teller(spot), lambda variants: self.turn_of(variants, spot))

    def pressure(self, step: Step) -> int:
        touch = step.pressure
        asked = {"lighter": touch.light, "firmer": touch.firm} if touch else {}
        return asked.get(self.facts["touch"], touch.usual if touch else 0)

    def turn_of(self, variants: Variants, spot: Spot) -> int:
        """Return which of *variants* comes now: one further each time, each day, and with each seed."""
        number = self._told[id(variants), spot.side]
        self._told[id(variants), spot.side] += 1
        return self.seed + self.days["day"] - 1 + number

    def refused(self, when: Condition | None, unless: Condition | None, spot: Spot) -> ByCondition | None:
        """Return the condition that takes a thing out, or None."""
        if when is not None and not self.holds(when, spot):
            return ByCondition("when", when)
        if unless is not None and self.holds(unless, spot):
            return ByCondition("unless", unless)
        return None

    def teller(self, spot: Spot) -> Callable[[Condition], bool]:
        return lambda condition: self.holds(condition, spot)

    def holds(self, condition: Condition, spot: Spot) -> bool:
        name, value = condition.fact, condition.value or "yes"
        numbers = {**self.days, **spot.numbers}
        if name in spot.given:
            found = spot.given[name].text == value
        elif name in self.facts:
            found = self.facts[name] == value
        elif name == "side":
            found = self.facts.get(value, value) in (spot.side, "both")
        else:
            low, _, high = value.partition("..")
            found = int(low) <= numbers.get(name, 0) <= int(high or low)
        return found is not condition.negated

    def announcements(self) -> Iterator[SpokenEvent]:
        """Yield the announcements of the session, and then those of sections.

        Their live times are those at which a former pass said them, or else those at which they are due.
        """
        for name, event, spot, scope, due_ms in (*self.of_session(), *self.of_sections()):
            ms = self.previous.announced_ms.get(name, due_ms)
            yield SpokenEvent(event, self.speaking.phrase(name, event.say, spot, ms), scope)

    def of_session(self) -> Iterator[tuple[str, Event, Spot, None, int]]:
        """Yield the announcements of the session with when they are due, those that come again and again one by one."""
        total = self.total_ms
        for number, event in enumerate(self.routine.announce, 1):
            moment = event.moment
            times = range(moment.ms, total - _LAST_MS + 1, moment.ms) if moment.every else ()
            moments = [replace(moment, ms=ms, every=False) for ms in times] if moment.every else [moment]
            for again, at in enumerate(moments, 1):
                due = round(at.share * total) if at.share is not None else at.ms + (total if at.ms < 0 else 0)
                name = f"announce {number}.{again}" if moment.every else f"announce {number}"
                yield name, replace(event, moment=at), Spot(), None, due

    def of_sections(self) -> Iterator[tuple[str, Event, Spot, int, int]]:
        """Yield the announcements of sections with the scope they belong to and when they are due."""
        known = self.previous.scopes_ms
        for event, place, scope, number in self.events:
            start, end = known[scope] if scope < len(known) else (0, 0)
            at = event.moment
            name = f"announce {number} in {place.address('')}"
            if at.share is not None:
                yield name, event, place.spot, scope, round(start + at.share * (end - start))
            else:
                yield name, event, place.spot, scope, (end if at.ms < 0 else start) + at.ms
