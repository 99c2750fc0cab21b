"""Tasks: what is to be solved of a session, from its start or from where a listener is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from voiceguide.address import Address
from voiceguide.nouns import dataclass
from voiceguide.plan.body import Body, Start, body_of
from voiceguide.plan.glue import rigid
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.parts import Part, freed_frames
from voiceguide.plan.reasons import Reason, TooLittleTime
from voiceguide.plan.removal import Rules
from voiceguide.plan.schedule import Begun
from voiceguide.plan.solve import extent
from voiceguide.script.model import Routine
from voiceguide.script.rounds import Counts
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames


@dataclass(frozen=True)
class Remainder:
    """What is still to come of the session *old* that will have been *frames* long: from the step at *address* on.

    Frame *at* is the first that has not been heard. The step began, or begins, at frame *began* and is never shorter
    than *least*, nor longer than *most* if it can be; *begun* is what has begun of it, *left_out* are the written steps
    that were left out of *old* for lack of time.
    """

    old: Timeline
    at: int
    address: Address
    frames: int
    began: int
    least: int = 0
    begun: Begun | None = None
    left_out: Mapping[Address, Reason] = field(default_factory=dict)
    most: int | None = None

    @property
    def said(self) -> frozenset[str]:
        """The names of the phrases that have been heard."""
        return frozenset(cue.phrase for cue in self.old.cues if cue.start < self.at)


@dataclass(frozen=True)
class Task:
    """What is to be solved: parts that are to come, their rules, where they begin, and the frames to fill.

    *freed* frames of what was asked for are not filled: steps with `freed: shorten`. Parts have their length *frozen*,
    or *pinned* if that can be; what is *gone* has been left out already.
    """

    outline: Outline
    parts: list[Part]
    rules: Rules
    start: Start
    frames: int
    freed: int
    rate: int
    gone: Mapping[int, Reason] = field(default_factory=dict)
    frozen: Mapping[int, int] = field(default_factory=dict)
    pinned: Mapping[int, int] = field(default_factory=dict)

    def body(self, *, freely: bool = False) -> Body:
        """Return the body to be solved; *freely*, no part is pinned."""
        parts, pinned = self.parts, {**({} if freely else self.pinned), **self.frozen}
        if pinned:
            parts = [replace(p, glue=rigid(pinned[p.number])) if p.number in pinned else p for p in parts]
        return body_of(self.outline, replace(self.rules, parts=parts), self.rate, extent, self.start)


def task_of(
    routine: Routine,
    outline: Outline,
    parts: list[Part],
    durations: Durations,
    asked_ms: int,
    remainder: Remainder | None,
) -> Task:
    """Return what is to be solved for *asked_ms* of *outline*, or for what remains of a session."""
    rate = durations.rate
    if remainder is None:
        frames = ms_to_frames(asked_ms - outline.freed_ms, rate) - freed_frames(outline, durations)
        freed = ms_to_frames(asked_ms, rate) - frames
        return Task(outline, parts, Rules(parts, routine.groups), Start(), frames, freed, rate)
    return _rest(routine, outline, parts, rate, remainder)


def _rest(routine: Routine, outline: Outline, parts: list[Part], rate: int, remainder: Remainder) -> Task:
    """Return what is to be solved of a session that has been heard in part."""
    old, occurrences = remainder.old, outline.occurrences
    position = outline.position(remainder.address)
    first = occurrences[position]
    past, coming = ({o.part for o in some} for some in (occurrences[:position], occurrences[position:]))
    begun = {step.address.written for step in old.steps if step.address and step.start < remainder.at}
    over = {step.address.written: step.frames for step in old.steps if step.address and step.end <= remainder.at}
    to_come = [_under_way(p, remainder) if p.number == first.part else p for p in parts if p.number in coming]
    # what was left out on one side stays out on the other; what was heard on one is heard on the other
    passed = {o.address.written for o in occurrences[:position]} & remainder.left_out.keys()
    groups = {p.step.group for p in parts if p.first.address.written in passed}
    groups = {name for name in groups if name in routine.groups and routine.groups[name].together}
    gone = {
        p.number: remainder.left_out.get(p.first.address.written, TooLittleTime(p.step.optional or 0, p.step.group))
        for p in to_come
        if (p.first.address.written in passed or p.step.group in groups) and p.number != first.part
    }
    heard = [p for p in parts if p.number in past and p.first.address.written in begun]
    to_come = [p for p in to_come if p.number not in gone]
    bound = frozenset({p.first.fate for p in heard} | ({first.fate} if remainder.begun else set()))
    rules = Rules(to_come, routine.groups, bound, [p for p in heard if p.number not in coming])
    pinned = {
        p.number: over[p.first.address.written]
        for p in to_come
        if p.first.address.written in over
        and p.step.sides == "together"
        and p.first.weight == (1, 1)
        and p.glue.holds(over[p.first.address.written])
    }
    frozen: dict[int, int] = {}
    if first.timed is None:
        start = Start(position, remainder.began, absent=gone.keys(), inside=True)
    else:
        began, end = _run(outline, old, first.timed)
        section_frames = None
        if first.timed[0] in outline.fillers:
            was = {step.address.written: step.frames for step in old.steps if step.address}
            mine = [p for p in to_come if p.first.timed and p.first.timed[0] == first.timed[0]]
            frozen = {p.number: was[p.first.address.written] for p in mine if p.first.address.written in was}
            section_frames, outline = end - began, _unfilled(outline, first.timed[0])
        start = Start(position, began, remainder.began - began, section_frames, gone.keys(), True)
    return Task(outline, to_come, rules, start, remainder.frames, 0, rate, gone, frozen, pinned)


def _under_way(part: Part, remainder: Remainder) -> Part:
    """Return the part of the step under way: long enough for what has begun, in the wording that has begun."""
    least = remainder.least
    if remainder.begun and remainder.begun.talk:
        talks = [name for name, _ in part.first.wordings]
        least = max(least, part.needs[talks.index(remainder.begun.talk)])
    if remainder.begun and part.step.count:  # strokes that are being counted stay as many
        return replace(part, glue=rigid(next(s.frames for s in remainder.old.steps if s.address == remainder.address)))
    glue = part.glue
    if remainder.most is not None:
        glue = glue.at_most(max(remainder.most, min(part.needs)))
    return replace(part, glue=glue.at_least(least))


def _run(outline: Outline, old: Timeline, timed: tuple[int, int]) -> tuple[int, int]:
    """Return where a run of a section with a length begins and ends in *old*."""
    inside = {o.address for o in outline.occurrences if o.timed == timed}
    first = next(i for i, step in enumerate(old.steps) if step.address in inside)
    last = max(i for i, step in enumerate(old.steps) if step.address in inside)
    silent = next((step for step in old.steps[last + 1 : last + 2] if step.address is None), None)
    return old.steps[first].start, silent.end if silent else old.steps[last].end


def _unfilled(outline: Outline, number: int) -> Outline:
    """Return *outline* with as many rounds in section *number* as it holds."""
    rounds = tuple(
        replace(r, repeat=replace(r.repeat, counts=Counts(r.count, r.count, r.count))) if r.timed == number else r
        for r in outline.rounds
    )
    return replace(outline, rounds=rounds)
