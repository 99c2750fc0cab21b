"""Routine -> Outline: unrolls sides, rounds, blocks and conditions, and resolves every text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from voiceguide.plan.outline import TALKS, Box, LeftOut, Outline, Rounds, Scope, SessionRequest, SpokenEvent, Turn
from voiceguide.plan.speak import Speech, Spot
from voiceguide.plan.words import words_of
from voiceguide.script.model import (
    ALWAYS,
    Bed,
    Condition,
    Each,
    Event,
    Item,
    Repeat,
    Routine,
    Section,
    Step,
    Use,
    Variants,
)
from voiceguide.script.resolve import resolve
from voiceguide.script.rounds import Strokes

MOST_TURNS = 120_000
"""Steps that a session may unroll to. Unrolling stops there, and `plan` reports it."""
_LAST_MS = 20_000


@dataclass(frozen=True)
class Guess:
    """What a former plan of the same outline found: the start of every turn, and the rounds of every repeat.

    *announced_ms* is when each announcement was said, None for one that was not. Texts with live times need all that.
    Without a guess, repeats have their natural count and times count from the whole.
    """

    starts_ms: tuple[int, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    announced_ms: tuple[int | None, ...] = ()

    def start_ms(self, index: int, end_ms: int) -> int:
        """Return when turn *index* starts, or nought if nothing is known; *end_ms* after the last one."""
        if not self.starts_ms:
            return 0
        return self.starts_ms[index] if index < len(self.starts_ms) else end_ms


FIRST_GUESS = Guess()


def expand(routine: Routine, request: SessionRequest, guess: Guess = FIRST_GUESS) -> Outline:
    """Return the outline of a linked and checked *routine* as *request* ask for it."""
    walk = _Walk(routine, request, guess)
    walk.items(routine.steps, _Place())
    cues = {cue.kind for turn in walk.turns if turn.step.breathe for cue in turn.step.breathe.cues}
    strokes = [turn.step.count for turn in walk.turns if turn.step.count]
    return Outline(
        turns=tuple(walk.turns),
        rounds=tuple(replace(r, after=tuple(walk.ends[i])) for i, r in enumerate(walk.rounds)),
        boxes=tuple(Box(section, tuple(walk.box_ends[i])) for i, section in enumerate(walk.boxes)),
        scopes=tuple(walk.scopes),
        announcements=tuple(walk.announcements()),
        breath_words=walk.speech.cue_words(cues, _most_spoken(strokes)),
        left_out=tuple(walk.left_out),
        freed_ms=walk.freed_ms,
        freed=tuple(walk.freed),
    )


def _most_spoken(strokes: list[Strokes]) -> int:
    return max((count.counts.most for count in strokes if count.aloud != "none"), default=0)


@dataclass(frozen=True)
class _Place:
    """What surrounds an item while unrolling."""

    spot: Spot = field(default_factory=Spot)
    repeats: tuple[int, ...] = ()
    uses: int = 0
    weight: tuple[int, int] = (1, 1)
    box: int | None = None
    bed: Bed | None = None


def _on(side: str | None, weight: tuple[int, int], place: _Place) -> _Place:
    """Return *place* on *side*, which gets such a share, or as it is if there is none."""
    if side is None:
        return place
    other = "right" if side == "left" else "left"
    return replace(place, spot=replace(place.spot, side=side, other=other), weight=weight)


class _Walk:
    def __init__(self, routine: Routine, request: SessionRequest, guess: Guess) -> None:
        self.routine = routine
        self.guess = guess
        self.total_ms = routine.length.natural if request.length_ms is None else request.length_ms
        asked = {**ALWAYS, **routine.listener}
        self.facts = {name: request.facts.get(name, fact.default) for name, fact in asked.items()}
        self.days = {name: int(request.facts.get(name, "1")) for name in ("day", "days")}
        self.seed = request.seed
        self.speech = Speech(routine, words_of(routine.language), self.facts, self.days, self.total_ms)
        self.turns: list[Turn] = []
        self.rounds: list[Rounds] = []
        self.ends: list[list[int]] = []
        self.boxes: list[Section] = []
        self.box_ends: list[list[int]] = []
        self.scopes: list[Scope] = []
        self.events: list[tuple[Event, _Place, int]] = []
        self.left_out: list[LeftOut] = []
        self.freed_ms = 0
        self.freed: list[tuple[Turn, int]] = []
        self._keys: dict[object, int] = {}
        self._uses: dict[tuple[int, int], int] = {}
        self._written: dict[object, int] = {}
        self._repeats: dict[object, int] = {}
        self._box_numbers: dict[object, int] = {}
        self._turned: Counter[tuple[int, str | None]] = Counter()
        self._mark = ""

    def items(self, items: Iterable[Item], place: _Place) -> None:
        for item in items:
            if len(self.turns) > MOST_TURNS:
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
                case Use():
                    self.items(self.routine.blocks[item.name].items, self.inside(item, place))

    def inside(self, use: Use, place: _Place) -> _Place:
        defaults = {name: given for name, given in self.routine.blocks[use.name].parameters.items() if given}
        uses = self._uses.setdefault((place.uses, id(use)), len(self._uses) + 1)
        spot = place.spot
        if defaults or use.given or spot.given:
            spot = Spot(spot.side, spot.other, spot.numbers, {**defaults, **use.given})
        return _Place(spot, place.repeats, uses, place.weight, place.box, place.bed)

    def leave_out(self, item: Item, place: _Place, why: str) -> None:
        if item.freed == "shorten":
            self.free(item, place)
        name = item.name if isinstance(item, Step | Use) else item.title if isinstance(item, Section) else "repeat"
        self.left_out.append(LeftOut(name, place.spot.side, why, item.span))

    def free(self, item: Item, place: _Place, times: int = 1) -> None:
        """Add to the freed time what *item* would have taken, *times* over; steps without a length are measured."""
        match item:
            case Step():
                turn = self.turn(item, place)
                length = turn.step.length or turn.step.pause
                if length:
                    self.freed_ms += times * (length.natural * place.weight[0] // place.weight[1])
                else:
                    self.freed.append((turn, times))
            case Section():
                for index, (side, weight) in enumerate(self.order(item.each)):
                    inside = _on(side, weight, place)
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
            case Use():
                for each in self.routine.blocks[item.name].items:
                    self.free(each, self.inside(item, place), times)

    def section(self, section: Section, place: _Place) -> None:
        words = self.speech.words
        box = place.box
        if section.length:
            box = self._box_numbers.setdefault((id(section), place.uses), len(self.boxes))
            if box == len(self.boxes):
                self.boxes.append(section)
                self.box_ends.append([])
        place = replace(place, bed=section.bed or place.bed)
        for index, (side, weight) in enumerate(self.order(section.each)):
            inside = _on(side, weight, place)
            self._mark = section.title if side is None else f"{section.title}: {words.sides[side]}"
            if index:
                self.items(section.between, replace(inside, weight=(1, 1)))
            first = len(self.turns)
            self.items(section.steps, replace(inside, box=box))
            if section.length and box is not None:
                self.box_ends[box].append(len(self.turns))
            self.events += [(event, inside, len(self.scopes)) for event in section.at]
            self.scopes.append(Scope(first, len(self.turns)))
        self._mark = ""

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

    def repeat(self, repeat: Repeat, place: _Place) -> None:
        index = self._repeats.setdefault((id(repeat), place.uses), len(self._repeats))
        count = self.guess.counts.get(index, repeat.counts.natural)
        if index == len(self.rounds):
            self.rounds.append(Rounds(repeat, count, place.box))
            self.ends.append([])
        at, repeats = place.spot, (*place.repeats, index)
        for number in range(1, count + 1):
            if len(self.turns) > MOST_TURNS:
                return
            # built by hand: `replace` would cost more than the rest of a round
            numbers = {**at.numbers, "round": number, "rounds": count}
            spot = Spot(at.side, at.other, numbers, at.given)
            self.items(repeat.steps, _Place(spot, repeats, place.uses, place.weight, place.box, place.bed))
        self.ends[index].append(len(self.turns))

    def step(self, written: Step, place: _Place) -> None:
        self.turns.append(self.turn(written, place))
        self._mark = ""

    def turn(self, written: Step, place: _Place) -> Turn:
        step = self.settled(written, place.spot) if written.open else written
        start_ms = self.guess.start_ms(len(self.turns), self.total_ms)
        spot = place.spot
        if step.pressure is not None:
            spot = replace(spot, numbers={**spot.numbers, "pressure": self.pressure(step)})
        texts = [(t, text) for t, text in zip(TALKS, (step.say, step.brief, step.minimal), strict=True) if text]
        same: tuple[object, ...] = (id(written), place.uses, spot.side if step.sides == "independent" else None)
        key = (*same, place.weight, (step.length, tuple(t for t, _ in texts)) if written.open else None)
        wordings = tuple((talk, self.speech.phrase(text, spot, start_ms, step.to)) for talk, text in texts)
        if step.recorded and wordings:
            wordings = (self.speech.recorded(wordings[0], step.recorded), *wordings[1:])
        return Turn(
            step=step,
            key=self._keys.setdefault(key, len(self._keys)),
            written=self._written.setdefault(same, len(self._written)),
            side=spot.side,
            weight=place.weight,
            wordings=wordings,
            events=tuple(
                SpokenEvent(event.moment, self.speech.phrase(event.say, spot, start_ms, step.to)) for event in step.at
            ),
            repeats=place.repeats,
            box=place.box,
            bed=place.bed,
            mark=self._mark,
        )

    def settled(self, step: Step, spot: Spot) -> Step:
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
        number = self._turned[id(variants), spot.side]
        self._turned[id(variants), spot.side] += 1
        return self.seed + self.days["day"] - 1 + number

    def refused(self, when: Condition | None, unless: Condition | None, spot: Spot) -> str:
        """Return why a condition takes a thing out, or an empty text."""
        if when is not None and not self.holds(when, spot):
            return f"when: {when}"
        if unless is not None and self.holds(unless, spot):
            return f"unless: {unless}"
        return ""

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

        Their live times are those at which a former plan said them, or else those at which they are due.
        """
        said_ms = chain(self.guess.announced_ms, repeat(None))
        for (event, spot, scope, due_ms), known_ms in zip(
            (*self.of_session(), *self.of_sections()), said_ms, strict=False
        ):
            ms = due_ms if known_ms is None else known_ms
            yield SpokenEvent(event.moment, self.speech.phrase(event.say, spot, ms), scope)

    def of_session(self) -> Iterator[tuple[Event, Spot, None, int]]:
        """Yield the announcements of the session with when they are due, those that come again and again one by one."""
        total = self.total_ms
        for event in self.routine.announce:
            moment = event.moment
            times = range(moment.ms, total - _LAST_MS, moment.ms) if moment.every else ()
            moments = [replace(moment, ms=ms, every=False) for ms in times] if moment.every else [moment]
            for at in moments:
                due = round(at.share * total) if at.share is not None else at.ms + (total if at.ms < 0 else 0)
                yield replace(event, moment=at), Spot(), None, due

    def of_sections(self) -> Iterator[tuple[Event, Spot, int, int]]:
        """Yield the announcements of sections with the scope they belong to and when they are due."""
        for event, place, scope in self.events:
            start = self.guess.start_ms(self.scopes[scope].first, self.total_ms)
            end = self.guess.start_ms(self.scopes[scope].stop, self.total_ms)
            at = event.moment
            if at.share is not None:
                yield event, place.spot, scope, round(start + at.share * (end - start))
            else:
                yield event, place.spot, scope, (end if at.ms < 0 else start) + at.ms
