"""Deciding: rounds, lengths, wordings and what is left out, asked and answered until all of them agree.

`decide` is a generator, as `plan` is: it yields outlines, is sent `Durations`, and returns a `Decision`, a `Misfit`, or
the `Report` of steps whose words do not fit.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace

from voiceguide.diagnostics import Report
from voiceguide.nouns import dataclass
from voiceguide.plan.body import Body
from voiceguide.plan.expand import FIRST_PASS, PreviousPass
from voiceguide.plan.lay import lay
from voiceguide.plan.limits import Misfit, declared, limits, misfit, reach, too_short
from voiceguide.plan.measured import TIMES, Known, measured
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.reasons import Rule
from voiceguide.plan.request import SessionRequest, Talk
from voiceguide.plan.schedule import Laid, Layout, schedule
from voiceguide.plan.solve import Fit, Trail, extent, solve
from voiceguide.plan.task import Remainder, Task, task_of
from voiceguide.script.model import Routine
from voiceguide.script.rounds import Counts
from voiceguide.units import frames_to_ms

MOST_PASSES = 6
"""How often a plan may ask again before rounds stay as they are."""
MOST_TRIES = 40
"""How many numbers of rounds are tried where each is another outline."""
_ROUNDS = frozenset({"round", "rounds", "total"})


@dataclass(frozen=True)
class Decision:
    """What was decided, all but where cues lie: the *layout* of *frames*, and how many rounds every repeat has.

    *limits* bound what may be asked for. Down to *down_to_ms* the same steps are left out for the same reasons. *laid*
    is the schedule, where finding the words has needed it already.
    """

    outline: Outline
    durations: Durations
    frames: int
    layout: Layout
    counts: Mapping[int, int]
    limits: tuple[Rule, Rule]
    down_to_ms: int
    said: frozenset[str]
    laid: Laid | None = None


Deciding = Generator[Outline, Durations, Decision | Misfit | Report]


def decide(
    routine: Routine,
    request: SessionRequest,
    previous: PreviousPass = FIRST_PASS,
    remainder: Remainder | None = None,
    known: Known | None = None,
) -> Deciding:
    """Decide on a session of *routine* as *request* asks for it, or on what remains of one.

    Whoever decides on many lengths hands over what is *known* of a routine, which grows. Announcements, which decide
    nothing, are left away then, and no length near a misfit is looked for.
    """
    asked_ms = routine.length.natural if request.length_ms is None else request.length_ms
    low, high = declared(routine)
    if remainder is None and not low.ms <= asked_ms <= high.ms:
        rule = low if asked_ms < low.ms else high
        return Misfit(asked_ms, rule, (rule.ms,))
    texts, settled, tried = None, False, set[tuple[int, ...]]()
    for number in range(MOST_PASSES + MOST_TRIES):
        last = number >= MOST_PASSES
        found = yield from measured(routine, request, previous, known, remainder.said if remainder else None)
        if isinstance(found, Report):
            return found
        outline, durations, parts, rate = found.outline, found.durations, found.parts, found.durations.rate
        unsettled = last and not (settled and texts and texts[0] == outline.occurrences)
        task = task_of(routine, _as_counted(outline) if unsettled else outline, parts, durations, asked_ms, remainder)
        body = found.body if remainder is None and not unsettled else task.body()
        if not remainder and (problems := list(too_short(body, task))):
            return Report.of(problems)
        trail = Trail()
        fit = solve(body, task.frames, trail)
        if fit is None and task.pinned:
            body = task.body(freely=True)
            fit = solve(body, task.frames, trail)
        if fit is None:
            shortest, longest = extent(body)
            begun = remainder.address.rounds if remainder else ()
            silent = remainder and task.frames > longest
            other = None if silent else _other_rounds(outline, task.frames < shortest, tried, begun)
            if other is not None:
                previous = replace(previous, counts={**previous.counts, **other})
                continue
            if remainder:
                fit = _silent(solve(body, task.frames, trail, loose=True), task, remainder)
            if fit is None:
                return misfit(routine, asked_ms, body, task, trail if known is None else None)
        counts = {index: fit.counts.get(index, r.count) for index, r in enumerate(outline.rounds)}
        settled = all(counts[index] == r.count for index, r in enumerate(outline.rounds))
        live = bool(TIMES & (outline.said | outline.announced))
        if not (settled or last or live):
            previous = replace(previous, counts=counts)
            continue
        here = (task.start.position, remainder.began, remainder.begun) if remainder else (0, 0, None)
        fit = replace(fit, counts=counts, left_out={**fit.left_out, **task.gone})
        layout = lay(outline, parts, fit, _talk(request), position=here[0], start=here[1], begun=here[2])
        laid = schedule(outline, layout, durations, task.frames) if TIMES & outline.announced else None
        said = (outline.occurrences, outline.announcements)
        if not live or last or (settled and texts == said):
            break
        previous, texts = _pass(outline, layout, counts, laid, task, previous), said
    said_in_steps = outline.said & (TIMES | _ROUNDS)
    steady = _steady(body) and not said_in_steps and not tried
    down_to = -(-(trail.down_to + task.freed) * 1000 // rate) if steady else asked_ms
    plain = remainder is not None or known is not None
    ends = reach(routine, body, task) if plain else limits(routine, body, task, asked_ms)
    return Decision(outline, durations, task.frames, layout, counts, ends, down_to, said_in_steps, laid)


def _silent(fit: Fit | None, task: Task, remainder: Remainder) -> Fit | None:
    """Return *fit*, which silence makes up, with that silence before what is to come, unless that has begun."""
    end = len(task.outline.occurrences)
    if fit is None or remainder.begun or end not in fit.silences:
        return fit
    silences = {position: frames for position, frames in fit.silences.items() if position != end}
    here = silences.get(task.start.position, 0) + fit.silences[end]
    return replace(fit, silences={**silences, task.start.position: here})


def _as_counted(outline: Outline) -> Outline:
    """Return *outline* with as many rounds as it holds, and no other."""
    rounds = (replace(r, repeat=replace(r.repeat, counts=Counts(r.count, r.count, r.count))) for r in outline.rounds)
    return replace(outline, rounds=tuple(rounds))


def _other_rounds(
    outline: Outline, fewer: bool, tried: set[tuple[int, ...]], begun: tuple[int, ...]
) -> dict[int, int] | None:
    """Return another number of rounds to be tried for a repeat whose rounds differ, or None; *begun* are under way."""
    now = tuple(r.count for r in outline.rounds)
    tried.add(now)
    for step in (-1, 1) if fewer else (1, -1):
        for index, r in enumerate(outline.rounds):
            counts, count = r.repeat.counts, r.count + step
            other = (*now[:index], count, *now[index + 1 :])
            least = max(counts.fewest, *begun, 0)
            if r.uneven and least <= count <= counts.most and other not in tried:
                return dict(enumerate(other))
    return None


def _talk(request: SessionRequest) -> Talk:
    """Return how much is said: who has done it before is told less, unless they ask for more."""
    return "brief" if request.facts.get("returning") == "yes" and request.talk == "full" else request.talk


def _pass(
    outline: Outline, layout: Layout, counts: Mapping[int, int], laid: Laid | None, task: Task, previous: PreviousPass
) -> PreviousPass:
    """Return what the next pass needs to know of this one."""
    rate = task.rate
    starts = {item.position: frames_to_ms(item.start, rate) for item in layout.scheduled}
    times, known = dict(previous.starts_ms), frames_to_ms(task.start.spent, rate)
    ordered = []
    for position, occurrence in enumerate(outline.occurrences):
        if position < task.start.position:
            known = times.get(occurrence.address, known)
        else:
            known = times[occurrence.address] = starts.get(position, known)
        ordered.append(known)
    ordered.append(frames_to_ms(task.frames, rate))
    scopes = tuple((ordered[scope.first], ordered[scope.stop]) for scope in outline.scopes)
    if laid is None:
        return PreviousPass(counts, times, scopes, previous.announced_ms, previous.least)
    names = (event.phrase.name for event in outline.announcements)
    said = {name: frames_to_ms(at, rate) for name, at in zip(names, laid.announced, strict=True) if at is not None}
    return PreviousPass(counts, times, scopes, said, previous.least)


def _steady(body: Body) -> bool:
    """Tell whether what is decided for a length of *body* changes only where something else is left out.

    It does where neither rounds nor wordings depend on the length.
    """
    return not body.filler and not any(
        element.free or element.inside or (element.part and max(element.part.needs) > element.glue.shortest)
        for element in body.elements
    )
