"""Routine + request -> Plan, by asking and being answered: the pure part never calls an engine.

`plan` is a generator. It yields the outline whose utterances must be spoken, is sent the `Material` with their
lengths, and asks again only where the answer changes what must be said.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.plan.bounds import Bounds, bounds, freed_frames
from voiceguide.plan.boxes import fit_session, storeys
from voiceguide.plan.expand import MOST_TURNS, Guess, expand
from voiceguide.plan.fit import Fitted, Misfit, count_about, extent
from voiceguide.plan.outline import TALKS, LeftOut, Material, Outline, Rounds, SessionRequest, Talk
from voiceguide.plan.schedule import Laid, schedule
from voiceguide.script.model import CAPS_MS, Bed, Range, Routine
from voiceguide.source import Span
from voiceguide.timeline import Timeline
from voiceguide.units import format_clock, frames_to_ms, ms_to_frames

MOST_ROUNDS = 6
"""How often a plan may ask again before the last answer stands."""


@dataclass(frozen=True)
class Change:
    """A step whose wording is not the one asked for, and why."""

    step: str
    side: str | None
    talk: Talk
    why: str
    span: Span


NO_NOTES = Report()


@dataclass(frozen=True)
class Plan:
    """A compiled session: its timeline, and everything that was decided on the way with reasons.

    *notes* are warnings about what could not be had in it.
    """

    routine: Routine
    timeline: Timeline
    left_out: tuple[LeftOut, ...]
    changes: tuple[Change, ...]
    range_ms: tuple[int, int]
    notes: Report = NO_NOTES


@dataclass(frozen=True)
class Refusal:
    """A length that cannot be had: the rule against it, and the nearest one that can."""

    asked_ms: int
    rule: str
    nearest_ms: int

    def __str__(self) -> str:
        return f"{format_clock(self.asked_ms)} is not possible: {self.rule}"


Answer = Plan | Refusal | Report
Planning = Generator[Outline, Material, Answer]


def converse(planning: Planning, answer: Callable[[Outline], Material]) -> Answer:
    """Return what *planning* comes to if *answer* answers its questions."""
    try:
        outline = next(planning)
        while True:
            outline = planning.send(answer(outline))
    except StopIteration as end:
        return cast(Answer, end.value)


def plan(routine: Routine, request: SessionRequest) -> Planning:
    """Plan *routine* as *request* ask.

    Yields outlines, is sent Material, and returns the Plan, a Refusal of the length, or the Report of steps whose
    words do not fit.
    """
    asked_ms = routine.length.natural if request.length_ms is None else request.length_ms
    refused = _refuse(asked_ms, _declared(routine))
    if refused:
        return refused
    guess, texts = Guess(), None
    for last in [False] * MOST_ROUNDS + [True]:
        outline = expand(routine, request, guess)
        if len(outline.turns) > MOST_TURNS:
            expected = f"at most {MOST_TURNS} steps"
            return Report((problem("too-many-steps", routine.span, expected=expected, found="more"),))
        material = yield outline
        rate = material.rate
        steps, problems = bounds(outline, material)
        outline = count_about(outline, steps, rate)
        upper, too_short = storeys(outline, steps, routine.groups, rate)
        if problems or too_short:
            return Report.of((*problems, *too_short))
        frames = ms_to_frames(asked_ms - outline.freed_ms, rate) - freed_frames(outline, material)
        limits = _limits(routine, outline, upper, rate)
        fitted = fit_session(outline, steps, upper, routine.groups, rate, frames)
        if isinstance(fitted, Misfit):
            return _refuse(asked_ms, limits) or _unreachable(asked_ms, fitted, rate)
        laid, changes, left_out = lay(outline, steps, fitted, _talk(request))
        counts = {index: fitted.counts.get(index, r.count) for index, r in enumerate(outline.rounds)}
        beds = _beds(routine, request, laid)
        timeline, announced, notes = schedule(outline, laid, material, frames, beds, routine.fade_ms)
        said_ms = tuple(None if start is None else frames_to_ms(start, rate) for start in announced)
        guess = Guess(tuple(_starts_ms(outline, laid, rate)), counts, said_ms)
        settled = all(counts[index] == r.count for index, r in enumerate(outline.rounds))
        if settled and (texts == _texts(outline) or last or not _live(routine, outline)):
            break
        texts = _texts(outline)
    low, high = limits
    no_round = (_no_round(r) for r in outline.rounds if r.repeat.counts.until_ms is not None and not r.count)
    warnings = Report.of((*notes, *no_round))
    return Plan(routine, timeline, (*outline.left_out, *left_out), changes, (low[0], high[0]), warnings)


def unbounded(routine: Routine) -> Routine:
    """Return *routine* with a `length:` that offers everything up to the cap of its family."""
    return replace(routine, length=Range(0, routine.length.natural, CAPS_MS[routine.family]))


def _talk(request: SessionRequest) -> Talk:
    """Return how much is said: who has done it before is told less, unless they ask for more."""
    return "brief" if request.facts.get("returning") == "yes" and request.talk == "full" else request.talk


def _texts(outline: Outline) -> tuple[object, ...]:
    return outline.turns, outline.announcements


def _no_round(rounds: Rounds) -> Diagnostic:
    return problem("no-round", rounds.repeat.span, expected="time for one round", found="less, so there is none")


def _live(routine: Routine, outline: Outline) -> bool:
    """Tell whether any text says a time that depends on where it comes to lie."""
    if outline.scopes and any(event.scope is not None for event in outline.announcements):
        return True
    steps = {id(turn.step): turn.step for turn in outline.turns}.values()
    texts = (*(event.say for event in routine.announce), *(text for step in steps for text in step.texts()))
    slots = (slot for text in texts for slot in text.slots())
    return any(slot.name in ("remaining", "elapsed") for slot in slots)


def _beds(routine: Routine, request: SessionRequest, laid: list[Laid]) -> list[tuple[Bed | None, int, int]]:
    """Return which bed lies under which frames (start, end), one after the other."""
    runs: list[tuple[Bed | None, int, int]] = []
    for item in laid:
        bed = _bed(routine, request, item.turn.bed)
        if runs and runs[-1][0] == bed:
            runs[-1] = (bed, runs[-1][1], item.end)
        else:
            runs.append((bed, runs[-1][2] if runs else 0, item.end))
    return runs


def _bed(routine: Routine, request: SessionRequest, own: Bed | None) -> Bed | None:
    written = own or routine.bed
    if request.bed and request.bed != "none":
        return Bed(request.bed, written.under_db if written else 24.0, {"sound": routine.span})
    return None if request.bed == "none" or written is None or written.sound == "none" else written


Limit = tuple[int, str]


def _declared(routine: Routine) -> tuple[Limit, Limit]:
    cap = CAPS_MS[routine.family]
    shortest = (routine.length.shortest, f"shortest {format_clock(routine.length.shortest)}: declared range")
    if routine.length.longest >= cap:
        return shortest, (cap, f"longest {format_clock(cap)}: {routine.family} cap")
    return shortest, (routine.length.longest, f"longest {format_clock(routine.length.longest)}: declared range")


def _limits(routine: Routine, outline: Outline, steps: list[Bounds], rate: int) -> tuple[Limit, Limit]:
    """Return the shortest and the longest length in milliseconds that this voice can be fitted to, and their rules."""
    shortest, longest = extent(outline, steps, routine.groups)
    low_ms, high_ms = -(-shortest * 1000 // rate), longest * 1000 // rate
    low, high = _declared(routine)
    if low_ms > low[0]:
        low = (
            low_ms,
            f"shortest {format_clock(-(-low_ms // 1000) * 1000)}: speech and quiet of the steps never left out",
        )
    if high_ms < high[0]:
        high = (high_ms, f"longest {format_clock(high_ms)}: every silence at its longest")
    return low, high


def _refuse(asked_ms: int, limits: tuple[Limit, Limit]) -> Refusal | None:
    (low_ms, low_rule), (high_ms, high_rule) = limits
    if asked_ms < low_ms:
        return Refusal(asked_ms, low_rule, -(-low_ms // 1000) * 1000)
    if asked_ms > high_ms:
        return Refusal(asked_ms, high_rule, high_ms // 1000 * 1000)
    return None


def _unreachable(asked_ms: int, misfit: Misfit, rate: int) -> Refusal:
    ends = [frames_to_ms(misfit.shortest, rate), frames_to_ms(misfit.longest, rate)]
    nearest = min(ends, key=lambda ms: abs(ms - asked_ms))
    return Refusal(asked_ms, "whole rounds and rigid steps leave no silence that could make up this length", nearest)


def lay(
    outline: Outline, steps: list[Bounds], fitted: Fitted, talk: Talk
) -> tuple[list[Laid], tuple[Change, ...], tuple[LeftOut, ...]]:
    """Return the turns with their places, the wordings that had to change, and the turns left out."""
    wordings = {b.key: _wording(b, fitted.frames[b.key], talk) for b in steps if b.key in fitted.frames}
    laid: list[Laid] = []
    changes: list[Change] = []
    left_out: list[LeftOut] = []
    start, mark = 0, ""
    for position, turn in enumerate(outline.turns):
        step = turn.step
        start += fitted.gaps.get(position, 0)
        mark = turn.mark or mark
        if turn.key not in fitted.frames:
            why = fitted.left_out[turn.key]
            left_out.append(LeftOut(step.name, turn.side, why, step.span, optional=why.startswith("optional")))
            continue
        index, why = wordings[turn.key]
        phrase = turn.wordings[index][1] if turn.wordings else None
        if why:
            changes.append(Change(step.name, turn.side, turn.wordings[index][0], why, step.span))
        laid.append(Laid(turn, start, fitted.frames[turn.key], phrase, mark, position))
        mark = ""
        start += fitted.frames[turn.key]
    return laid, tuple(changes), tuple(left_out)


def _wording(bound: Bounds, frames: int, talk: Talk) -> tuple[int, str]:
    """Return the index of the wording that *frames* leave room for, and why it is not the one asked for."""
    given = [name for name, _ in bound.turn.wordings]
    if not given:
        return 0, ""
    asked = TALKS.index(talk)
    order = [TALKS.index(name) for name in given]
    wanted = sorted(range(len(given)), key=lambda i: (order[i] < asked, abs(order[i] - asked)))
    index = next((i for i in wanted if bound.needs[i] <= frames), wanted[0])
    if index == wanted[0]:
        return index, ""
    short = "would leave the hands too little quiet" if bound.turn.step.quiet_ms else "is longer than the step"
    return index, f"the {given[wanted[0]]} wording {short}"


def _starts_ms(outline: Outline, laid: list[Laid], rate: int) -> list[int]:
    starts: Mapping[int, int] = {id(item.turn): frames_to_ms(item.start, rate) for item in laid}
    known, times = 0, []
    for turn in outline.turns:
        known = starts.get(id(turn), known)
        times.append(known)
    return times
