"""Routine -> Outline: unrolls sides, rounds, blocks and conditions, and resolves every text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from voiceguide.plan.outline import TALKS, LeftOut, Outline, Phrase, Rounds, SpokenEvent, Turn, Utterance, Wishes
from voiceguide.plan.words import Words, words_of
from voiceguide.script.model import Condition, Event, Item, Repeat, Routine, Section, Step, Text, Use

MOST_TURNS = 200_000
"""Steps that a session may unroll to. Unrolling stops there, and `plan` reports it."""


@dataclass(frozen=True)
class Guess:
    """What a former plan of the same outline found: the start of every turn, and the rounds of every repeat.

    Texts with live times need it. Without one, repeats have their natural count and times count from the whole.
    """

    starts_ms: tuple[int, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)


FIRST_GUESS = Guess()


def expand(routine: Routine, wishes: Wishes, guess: Guess = FIRST_GUESS) -> Outline:
    """Return the outline of a linked and checked *routine* as *wishes* ask for it."""
    walk = _Walk(routine, wishes, guess)
    walk.items(routine.steps, _Place())
    total = walk.total_ms
    announcements = []
    for event in routine.announce:
        due = round(event.moment.share * total) if event.moment.share is not None else event.moment.ms
        announcements.append(walk.event(event, _Place(), due + total if due < 0 else due))
    cues = {turn.step.breathe.cue for turn in walk.turns if turn.step.breathe}
    return Outline(
        turns=tuple(walk.turns),
        rounds=tuple(walk.rounds),
        announcements=tuple(announcements),
        breath_words=walk.breath_words(cues),
        left_out=tuple(walk.left_out),
        freed_ms=walk.freed_ms,
    )


@dataclass(frozen=True)
class _Place:
    """What surrounds an item while unrolling."""

    side: str | None = None
    other: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[int, ...] = ()
    uses: tuple[int, ...] = ()


class _Walk:
    def __init__(self, routine: Routine, wishes: Wishes, guess: Guess) -> None:
        self.routine = routine
        self.guess = guess
        self.words: Words = words_of(routine.language)
        self.total_ms = routine.length.natural if wishes.length_ms is None else wishes.length_ms
        self.facts = {name: wishes.facts.get(name, fact.default) for name, fact in routine.listener.items()}
        self.turns: list[Turn] = []
        self.rounds: list[Rounds] = []
        self.left_out: list[LeftOut] = []
        self.freed_ms = 0
        self._keys: dict[tuple[int, tuple[int, ...]], int] = {}
        self._repeats: dict[tuple[int, tuple[int, ...]], int] = {}
        self._mark = ""
        self._respell = [
            (re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE), respelt)
            for word, respelt in routine.pronounce.items()
        ]

    def items(self, items: Iterable[Item], place: _Place) -> None:
        for item in items:
            if len(self.turns) > MOST_TURNS:
                return
            match item:
                case Step():
                    self.step(item, place)
                case Section():
                    self.section(item, place)
                case Repeat():
                    self.repeat(item, place)
                case Use():
                    name = f"{item.script}#{item.block}" if item.script else item.block
                    self.items(self.routine.blocks[name], replace(place, uses=(*place.uses, id(item))))

    def section(self, section: Section, place: _Place) -> None:
        why = self.refused(section.when, section.unless)
        if why:
            self.left_out.append(LeftOut(section.title, place.side, why, section.span))
            return
        sides = section.each or (None,)
        for index, side in enumerate(sides):
            inside = place if side is None else replace(place, side=side, other="right" if side == "left" else "left")
            if index:
                self.items(section.between, inside)
            self._mark = section.title if side is None else f"{section.title}: {self.words.sides[side]}"
            self.items(section.steps, inside)
        self._mark = ""

    def repeat(self, repeat: Repeat, place: _Place) -> None:
        index = self._repeats.setdefault((id(repeat), place.uses), len(self._repeats))
        count = self.guess.counts.get(index, repeat.counts.natural)
        if index == len(self.rounds):
            self.rounds.append(Rounds(repeat, count))
        for number in range(1, count + 1):
            if len(self.turns) > MOST_TURNS:
                return
            values = {**place.values, "round": self.words.number(number), "rounds": self.words.number(count)}
            self.items(repeat.steps, replace(place, values=values, repeats=(*place.repeats, index)))

    def step(self, step: Step, place: _Place) -> None:
        why = self.refused(step.when, step.unless)
        if why:
            self.left_out.append(LeftOut(step.name, place.side, why, step.span))
            if step.freed == "shorten" and step.length:
                self.freed_ms += step.length.natural
            return
        index = len(self.turns)
        start_ms = self.guess.starts_ms[index] if index < len(self.guess.starts_ms) else 0
        if step.pressure is not None:
            place = replace(place, values={**place.values, "pressure": self.words.number(step.pressure)})
        texts = zip(TALKS, (step.say, step.brief, step.minimal), strict=True)
        turn = Turn(
            step=step,
            key=self._keys.setdefault((id(step), place.uses), len(self._keys)),
            side=place.side,
            wordings=tuple((talk, self.phrase(text, place, start_ms)) for talk, text in texts if text is not None),
            events=tuple(self.event(event, place, start_ms) for event in step.at),
            repeats=place.repeats,
            mark=self._mark,
        )
        self.turns.append(turn)
        self._mark = ""

    def refused(self, when: Condition | None, unless: Condition | None) -> str:
        """Return why a condition takes a thing out, or an empty text."""
        if when is not None and not self.holds(when):
            return f"when: {when}"
        if unless is not None and self.holds(unless):
            return f"unless: {unless}"
        return ""

    def holds(self, condition: Condition) -> bool:
        return (self.facts[condition.fact] == (condition.value or "yes")) is not condition.negated

    def event(self, event: Event, place: _Place, due_ms: int) -> SpokenEvent:
        return SpokenEvent(event.moment, self.phrase(event.say, place, due_ms))

    def phrase(self, text: Text, place: _Place, start_ms: int) -> Phrase:
        parts: list[str | int] = [""]
        for part in text.parts:
            if isinstance(part, int):
                parts += [part, ""]
            else:
                literal = part if isinstance(part, str) else self.value(part.name, place, start_ms)
                parts[-1] = f"{parts[-1]}{literal}"
        spoken = [part.strip() if isinstance(part, str) else part for part in parts]
        made = tuple(self.utterance(part) if isinstance(part, str) else part for part in spoken if part)
        return Phrase(made, " ".join(part for part in spoken if isinstance(part, str) and part), text.span)

    def value(self, name: str, place: _Place, start_ms: int) -> str:
        if name in ("side", "other"):
            side = place.side if name == "side" else place.other
            return self.words.sides[side or "left"]
        times = {"remaining": self.total_ms - start_ms, "elapsed": start_ms, "total": self.total_ms}
        if name in times:
            return self.words.duration(times[name])
        return place.values.get(name) or self.facts.get(name, self.words.number(1))

    def utterance(self, text: str) -> Utterance:
        for pattern, respelt in self._respell:
            text = pattern.sub(respelt.replace("\\", r"\\"), text)
        return Utterance(text, self.routine.language, self.routine.pace_wpm)

    def breath_words(self, cues: set[str]) -> dict[str, Utterance]:
        """Return what spoken breath cues need: the words of each phase, and the numbers of counts."""
        made = dict(self.words.phases) if "words" in cues else {}
        if "count" in cues:
            made |= {str(number): f"{self.words.number(number)}." for number in range(1, 21)}
        return {name: self.utterance(text) for name, text in made.items()}
