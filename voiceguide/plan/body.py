"""Outline + parts -> bodies: what one length is shared out over. A session is one; so is each section with a length.

What comes in every round counts once, times an unknown number of rounds. The runs of a body (a section with a length
has one on each side) are equally long, whatever is in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import field, replace
from functools import cached_property
from math import prod
from typing import Any, Literal

from voiceguide.nouns import dataclass
from voiceguide.plan.glue import Glue, rigid
from voiceguide.plan.outline import Occurrence, Outline, Round
from voiceguide.plan.parts import Part
from voiceguide.plan.removal import Rules
from voiceguide.script.model import Range
from voiceguide.script.rounds import Counts
from voiceguide.units import ms_to_frames

Place = Literal["before", "in", "after"]


@dataclass(frozen=True)
class Use:
    """How often something comes: *times* in each round of *free*, pairs of a repeat and the rounds that are over."""

    times: int
    free: tuple[tuple[int, int], ...] = ()

    def count(self, counts: Mapping[int, int]) -> int:
        """Return how often it comes if repeats have so many rounds."""
        return self.times * prod(max(0, counts[repeat] - done) for repeat, done in self.free)


@dataclass(frozen=True)
class Element:
    """A part, or a section with a length of its own, in a body: how long it may be, and how often it comes in each run.

    *fixed* is how often it comes in each run if it is in no repeat, *free* are the repeats that it comes in. *place*
    tells where it stands to the rounds that fill the time, if the body has such.
    """

    key: int
    glue: Glue
    uses: tuple[tuple[Use, ...], ...]
    fixed: tuple[int, ...]
    free: frozenset[int]
    position: int
    part: Part | None = None
    inside: Body | None = None
    place: Place = "before"

    def count(self, run: int, counts: Mapping[int, int]) -> int:
        """Return how often it comes in *run*."""
        if not self.free:
            return self.fixed[run]
        return sum(use.count(counts) for use in self.uses[run])


@dataclass(frozen=True)
class Filler:
    """Rounds that fill the time until *left* frames before the end; at the positions *after* they are over.

    So many are *done*, the one under way included.
    """

    repeat: int
    left: int
    after: tuple[int, ...]
    done: int = 0


@dataclass(frozen=True)
class Body:
    """Elements, the frames that each run has *spent* already, the rounds that there may be, and where each run ends.

    *rules* tell what may be left out; *memo* holds what has been worked out of it already.
    """

    rules: Rules
    elements: tuple[Element, ...]
    spent: tuple[int, ...]
    counts: Mapping[int, Counts]
    ends: tuple[int, ...]
    filler: Filler | None = None
    length: Range | None = None
    number: int = -1
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def only(self, place: Place) -> Body:
        """Return what stands at *place*, without what was spent; nothing fills it."""
        kept = tuple(element for element in self.elements if element.place == place)
        return replace(self, elements=kept, spent=tuple(0 for _ in self.spent), filler=None, memo={})

    def bounds(self, which: Literal["fewest", "natural", "most"]) -> dict[int, int]:
        """Return the fewest, natural or most rounds of every repeat."""
        return {index: getattr(counts, which) for index, counts in self.counts.items()}

    @cached_property
    def extents(self) -> Mapping[int, tuple[Glue, ...]]:
        """What each element may take in each run, by its key: its own bounds times the fewest to the most rounds."""
        fewest, natural, most = self.bounds("fewest"), self.bounds("natural"), self.bounds("most")
        found = {}
        for element in self.elements:
            glue = element.glue
            if not element.free:
                found[element.key] = tuple(
                    Glue(glue.shortest * times, glue.natural * times, glue.longest * times) for times in element.fixed
                )
                continue
            found[element.key] = tuple(
                Glue(
                    glue.shortest * sum(use.count(fewest) for use in run),
                    glue.natural * sum(use.count(natural) for use in run),
                    glue.longest * sum(use.count(most) for use in run),
                )
                for run in element.uses
            )
        return found


@dataclass(frozen=True)
class Start:
    """Where a remainder begins: in the step at *position* of an outline.

    The step, or the section with a length around it, began at frame *spent* of the session; within that section it
    began at *section_spent*. A section in which rounds fill the time stays *section_frames* long. What is *absent* has
    been left out already. *inside* tells that the session has begun, even if only with its first step.
    """

    position: int = 0
    spent: int = 0
    section_spent: int = 0
    section_frames: int | None = None
    absent: Set[int] = frozenset()
    inside: bool = False


FROM_THE_START = Start()
Free = tuple[tuple[int, int], ...]
"""The unknown numbers of rounds that an occurrence stands for: pairs of a repeat and the rounds that are over."""
Often = tuple[tuple[tuple[Use, ...], ...], tuple[int, ...], frozenset[int]]
"""How often something comes: the `uses`, `fixed` and `free` of an element."""
_ONCE: Often = (((Use(1),),), (1,), frozenset())


Extent = Callable[[Body], tuple[int, int]]
"""Gives the shortest and the longest length of a body, in frames."""


def body_of(outline: Outline, rules: Rules, rate: int, extent: Extent, start: Start = FROM_THE_START) -> Body:
    """Return what the length of a session, from *start* on, is shared out over; *extent* tells what a body can be."""
    occurrences = outline.occurrences
    begun = occurrences[start.position].rounds if start.inside else ()
    under_way = {(r.repeat, r.run): r.number for r in begun}
    home = occurrences[start.position].timed if occurrences else None
    # a session has one run, which is the body of most steps
    uses: dict[int, dict[int, dict[tuple[int, Free], int]]] = {-1: {}}
    position: dict[tuple[int, int], int] = {}
    for index in range(start.position, len(occurrences)):
        occurrence = occurrences[index]
        free = _free(outline, occurrence, under_way) if occurrence.rounds else ()
        if free is not None and occurrence.part not in start.absent:
            number, run = occurrence.timed or (-1, 0)
            found = uses.setdefault(number, {}).get(occurrence.part)
            if found is None:
                uses[number][occurrence.part] = {(run, free): 1}
                position[number, occurrence.part] = index
            else:
                found[run, free] = found.get((run, free), 0) + 1
    counts = _counts(outline, {r.repeat: r.number for r in begun})
    glued = {part.number: part for part in rules.parts}
    filled: dict[int, list[Element]] = {}
    runs = {number: _runs(timed.after, start.position) for number, timed in enumerate(outline.timed)} | {-1: [0]}
    fillers = {number: _filler(outline, number, rate, start.position, begun) for number in runs}
    for number, parts in uses.items():
        filled[number] = elements = []
        for key, times in parts.items():
            part, at = glued[key], position[number, key]
            once = times == {(0, ()): 1} and runs[number] == [0]  # as with most steps
            often = _ONCE if once else _how_often(times, runs[number])
            place = _place(fillers[number], occurrences[at], at)
            elements.append(Element(key, part.glue, *often, at, part, None, place))
    made: dict[int, Body] = {}
    for number in sorted(runs, reverse=True):  # the session last: sections with a length are elements of it
        if number < 0:
            filled[-1].extend(_element(body, rate, extent(body), start, home) for body in made.values())
            spent, ends, length = [start.spent], [len(occurrences)], None
        elif number in filled:
            timed = outline.timed[number]
            spent = [start.section_spent if home == (number, run) else 0 for run in runs[number]]
            ends, length = [timed.after[run] for run in runs[number]], timed.section.length
        else:
            continue
        inside = tuple(sorted(filled[number], key=lambda element: element.position))
        made[number] = Body(rules, inside, tuple(spent), counts, tuple(ends), fillers[number], length, number)
    return made[-1]


def _how_often(times: Mapping[tuple[int, Free], int], runs: Sequence[int]) -> Often:
    uses = tuple(tuple([Use(n, free) for (r, free), n in times.items() if r == run]) for run in runs)
    fixed = tuple([sum([use.times for use in run]) for run in uses])
    return uses, fixed, frozenset([repeat for _, free in times for repeat, _ in free])


def _free(outline: Outline, occurrence: Occurrence, under_way: Mapping[tuple[int, int], int]) -> Free | None:
    """Return the unknown rounds that *occurrence* stands for, or None if an earlier round stands for it."""
    found = []
    for r in occurrence.rounds:
        done = under_way.get((r.repeat, r.run), 0)
        repeat = outline.rounds[r.repeat]
        if repeat.uneven and r.number > repeat.count:
            return None
        if repeat.uneven or r.number == done:  # the rest of a round under way comes once
            continue
        if r.number != done + 1:
            return None
        found.append((r.repeat, done))
    return tuple(found)


def _runs(after: Sequence[int], position: int) -> list[int]:
    """Return which runs of a section are not over at *position*."""
    return [run for run, end in enumerate(after) if end > position]


def _counts(outline: Outline, begun: Mapping[int, int]) -> dict[int, Counts]:
    """Return how many rounds each repeat may have: what is under way has at least the round that has *begun*."""
    found = {}
    for index, r in enumerate(outline.rounds):
        counts, least = r.repeat.counts, begun.get(index, 0)
        if r.uneven:
            counts = replace(counts, fewest=r.count, natural=r.count, most=r.count)
        if least:
            fewest, natural, most = (max(n, least) for n in (counts.fewest, counts.natural, counts.most))
            counts = replace(counts, fewest=fewest, natural=natural, most=most)
        found[index] = counts
    return found


def _filler(outline: Outline, number: int, rate: int, position: int, begun: Sequence[Round]) -> Filler | None:
    repeat = outline.fillers.get(None if number < 0 else number)
    if repeat is None:
        return None
    rounds = outline.rounds[repeat]
    after = tuple(end for end in rounds.after if end > position)
    left = ms_to_frames(rounds.repeat.counts.until_ms or 0, rate)
    done = next((r.number for r in begun if r.repeat == repeat), 0)
    return Filler(repeat, left, after, done) if after else None


def _place(filler: Filler | None, occurrence: Occurrence, position: int) -> Place:
    """Return where something that comes first at *position* stands to the rounds that fill the time."""
    if filler and any(r.repeat == filler.repeat for r in occurrence.rounds):
        return "in"
    return "after" if filler and position >= filler.after[0] else "before"


def _element(body: Body, rate: int, extent: tuple[int, int], start: Start, home: tuple[int, int] | None) -> Element:
    """Return a section with a length, which can be as long as *extent* says, as one element of the session.

    Silence makes up what its steps lack in a run under way, or where some of them have been left out for good.
    """
    length = body.length or Range(0, 0, 0)
    low, high = extent
    written = Glue(*(ms_to_frames(ms, rate) for ms in (length.shortest, length.natural, length.longest)))
    if home is not None and home[0] == body.number and start.section_frames is not None:
        written = rigid(start.section_frames)
    shortest = max(low, written.shortest)
    longest = max(min(high, written.longest), shortest if body.spent[0] or start.inside else 0)
    glue = Glue(shortest, min(max(written.natural, shortest), longest), longest)
    position = min(element.position for element in body.elements)
    runs = len(body.ends)
    return Element(-1 - body.number, glue, ((Use(runs),),), (runs,), frozenset(), position, inside=body)


def count_about(outline: Outline, parts: Sequence[Part], rate: int) -> Outline:
    """Return *outline* with a number of rounds for each repeat that lasts about a duration: the nearest one."""
    if all(r.repeat.counts.about_ms is None for r in outline.rounds):
        return outline
    natural = {part.number: part.glue.natural for part in parts}
    first: Counter[int] = Counter()
    for occurrence in outline.occurrences:
        for r in occurrence.rounds:
            first[r.repeat] += natural[occurrence.part] if r.number == 1 else 0
    rounds = list(outline.rounds)
    for index, found in enumerate(rounds):
        about_ms = found.repeat.counts.about_ms
        if about_ms is not None and found.after:
            one = first[index] // len(found.after)
            count = max(1, (2 * ms_to_frames(about_ms, rate) + one) // (2 * one)) if one else 1
            rounds[index] = replace(found, repeat=replace(found.repeat, counts=Counts(count, count, count)))
    return replace(outline, rounds=tuple(rounds))
