"""Routine + request -> Plan, by asking and being answered: the pure part never calls an engine.

`plan` is a generator. It yields the outline whose words must be spoken, is sent the `Durations` of them, and asks again
only where the answer changes what must be said. `run` carries such a conversation to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.nouns import dataclass
from voiceguide.plan.decide import MOST_TRIES, Decision, decide
from voiceguide.plan.levels import BedRun
from voiceguide.plan.limits import Misfit, declared
from voiceguide.plan.outline import Durations, Outline, Rounds
from voiceguide.plan.reasons import Change, LeftOut, Refusal
from voiceguide.plan.request import SessionRequest
from voiceguide.plan.schedule import Laid, schedule, with_beds
from voiceguide.script.model import CAPS_MS, Bed, Range, Routine
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames

NO_NOTES = Report()


@dataclass(frozen=True)
class Plan:
    """A compiled session, as data: its timeline, and everything that was decided on the way with reasons.

    *counts* are the rounds of every repeat; *notes* are warnings about what could not be had in it. *range_ms* may be
    asked for.
    """

    routine: Routine
    request: SessionRequest
    timeline: Timeline
    left_out: tuple[LeftOut, ...]
    changes: tuple[Change, ...]
    range_ms: tuple[int, int]
    counts: Mapping[int, int]
    notes: Report = NO_NOTES


Answer = Plan | Refusal | Report
T = TypeVar("T")
Asking = Generator[Outline, Durations, T]
Planning = Asking[Answer]


def run(asking: Asking[T], answer: Callable[[Outline], Durations]) -> T:
    """Return what *asking* comes to if *answer* answers its questions."""
    try:
        outline = next(asking)
        while True:
            outline = asking.send(answer(outline))
    except StopIteration as end:
        return cast(T, end.value)


def plan(routine: Routine, request: SessionRequest) -> Planning:
    """Plan *routine* as *request* asks.

    Yields outlines, is sent Durations, and returns the Plan, a Refusal of the length, or the Report of steps whose
    words do not fit.
    """
    made = yield from decide(routine, request)
    if isinstance(made, Report):
        return made
    if isinstance(made, Misfit):
        nearest = yield from _nearest(routine, request, made)
        return Refusal(made.asked_ms, made.rule, nearest)
    laid = made.laid or schedule(made.outline, made.layout, made.durations, made.frames)
    timeline = with_its_beds(routine, request, made, laid)
    range_ms = yield from true_range(routine, request, made)
    left_out = (*made.outline.left_out, *made.layout.left_out)
    return Plan(routine, request, timeline, left_out, made.layout.changes, range_ms, made.counts, notes(made, laid))


def with_its_beds(routine: Routine, request: SessionRequest, made: Decision, laid: Laid) -> Timeline:
    """Return the timeline of *laid* with its beds."""
    beds = beds_under(routine, request, made)
    return with_beds(laid.timeline, beds, ms_to_frames(routine.fade_ms, laid.timeline.rate))


def notes(made: Decision, laid: Laid) -> Report:
    """Return the warnings about what could not be had."""
    no_round = (
        _no_round(r)
        for index, r in enumerate(made.outline.rounds)
        if r.repeat.counts.until_ms is not None and not made.counts[index]
    )
    return Report.of((*laid.notes, *no_round))


def unbounded(routine: Routine) -> Routine:
    """Return *routine* with a `length:` that offers everything up to the cap of its family."""
    return replace(routine, length=Range(0, routine.length.natural, CAPS_MS[routine.family]))


def _no_round(rounds: Rounds) -> Diagnostic:
    return problem("no-round", rounds.repeat.span, expected="time for one round", found="less, so there is none")


def _nearest(routine: Routine, request: SessionRequest, misfit: Misfit) -> Asking[int | None]:
    """Return the nearest length that can be had, tried out; None if none is found."""
    low, high = declared(routine)
    waiting, tried = set(misfit.near_ms), {misfit.asked_ms}
    while len(tried) < MOST_TRIES:
        left = [ms for ms in waiting if ms not in tried and low.ms <= ms <= high.ms]
        if not left:
            return None
        ms = min(left, key=lambda ms: abs(ms - misfit.asked_ms) + 1000 * bool(ms % 1000))
        tried.add(ms)
        made = yield from decide(routine, replace(request, length_ms=ms))
        if isinstance(made, Decision):
            return ms
        waiting |= set(made.near_ms) if isinstance(made, Misfit) else set()
    return None


def true_range(routine: Routine, request: SessionRequest, made: Decision) -> Asking[tuple[int, int]]:
    """Return the shortest and the longest length that can be had.

    Where steps say times or rounds, other lengths have other words, so both ends are tried out.
    """
    ends = [made.limits[0].ms, made.limits[1].ms]
    asked_ms = routine.length.natural if request.length_ms is None else request.length_ms
    for index in (0, 1) if made.said else ():
        for _ in range(MOST_TRIES):
            found = yield from decide(routine, replace(request, length_ms=ends[index]))
            if isinstance(found, Decision):
                break
            near = found.near_ms if isinstance(found, Misfit) else ()
            inner = [ms for ms in near if (ms > ends[0] if index == 0 else ms < ends[1])]
            ends[index] = (min(inner) if index == 0 else max(inner)) if inner else asked_ms
    return min(ends[0], asked_ms), max(ends[1], asked_ms)


def beds_under(routine: Routine, request: SessionRequest, made: Decision) -> list[BedRun]:
    """Return which bed lies under which frames (start, end), end to end from the first frame to the last."""
    runs: list[BedRun] = []
    for item in made.layout.scheduled:
        bed = bed_of(routine, request, item.occurrence.bed)
        if runs and runs[-1][0] == bed:
            runs[-1] = (bed, runs[-1][1], item.end)
        else:
            runs.append((bed, runs[-1][2] if runs else 0, item.end))
    return [*runs[:-1], (*runs[-1][:2], made.frames)] if runs else []


def bed_of(routine: Routine, request: SessionRequest, own: Bed | None = None) -> Bed | None:
    """Return the bed that lies under a section with its *own* one, or under what has none."""
    written = own or routine.bed
    if request.bed and request.bed != "none":
        return Bed(request.bed, written.under_db if written else 24.0, {"sound": routine.span})
    return None if request.bed == "none" or written is None or written.sound == "none" else written
