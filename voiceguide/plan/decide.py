"""Deciding: rounds, lengths, wordings and what is left out, asked and answered until all of them agree.

`decide` is a generator, as `plan` is: it yields outlines, is sent `Durations`, and returns a `Decision`, a `Misfit`, or
the `Report` of steps whose words do not fit.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace

from voiceguide.address import Address
from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.plan.body import Body, Start, body_of, count_about
from voiceguide.plan.expand import FIRST_PASS, MOST_OCCURRENCES, PreviousPass, expand
from voiceguide.plan.glue import rigid
from voiceguide.plan.lay import lay
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.parts import Part, freed_frames, parts_of
from voiceguide.plan.reasons import Reason, Rule
from voiceguide.plan.removal import Rules
from voiceguide.plan.request import SessionRequest, Talk
from voiceguide.plan.schedule import Begun, Laid, Layout, schedule
from voiceguide.plan.solve import Trail, extent, solve
from voiceguide.script.model import CAPS_MS, Routine
from voiceguide.script.rounds import Counts
from voiceguide.timeline import Timeline
from voiceguide.units import format_clock, format_duration, frames_to_ms, ms_to_frames

MOST_PASSES = 6
"""How often a plan may ask again before rounds stay as they are."""
MOST_TRIES = 40
"""How many numbers of rounds are tried where each is another outline."""
MOST_NEAR = 12
"""How many lengths are named that may be the nearest one."""
LOOK = 60_000
"""How many parts are looked at, length by length, for one that can be had."""
_TIMES, _ROUNDS = frozenset({"remaining", "elapsed"}), frozenset({"round", "rounds", "total"})


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


@dataclass(frozen=True)
class Misfit:
    """A length that cannot be had: the rule against it, and lengths that may be the nearest one that can."""

    asked_ms: int
    rule: Rule
    near_ms: tuple[int, ...]


Deciding = Generator[Outline, Durations, Decision | Misfit | Report]


@dataclass(frozen=True)
class Remainder:
    """What is still to come of the session *old* that will have been *frames* long: from the step at *address* on.

    Frame *at* is the first that has not been heard. The step began, or begins, at frame *began* and is never shorter
    than *least*; *begun* is what has begun of it, *left_out* are
    the written steps that were left out of *old* for lack of time.
    """

    old: Timeline
    at: int
    address: Address
    frames: int
    began: int
    least: int = 0
    begun: Begun | None = None
    left_out: Mapping[Address, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class _Task:
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
        return body_of(self.outline, parts, self.rate, lambda body: extent(body, self.rules), self.start)


def decide(
    routine: Routine,
    request: SessionRequest,
    previous: PreviousPass = FIRST_PASS,
    remainder: Remainder | None = None,
) -> Deciding:
    """Decide on a session of *routine* as *request* asks for it, or on what remains of one."""
    asked_ms = routine.length.natural if request.length_ms is None else request.length_ms
    low, high = declared(routine)
    if remainder is None and not low.ms <= asked_ms <= high.ms:
        rule = low if asked_ms < low.ms else high
        return Misfit(asked_ms, rule, (rule.ms,))
    texts, tried = None, set[tuple[int, ...]]()
    for number in range(MOST_PASSES + MOST_TRIES):
        last = number >= MOST_PASSES
        outline = expand(routine, request, previous)
        if len(outline.occurrences) > MOST_OCCURRENCES:
            expected = f"at most {MOST_OCCURRENCES} steps"
            return Report((problem("too-many-steps", routine.span, expected=expected, found="more"),))
        if remainder:
            said_before = {cue.phrase for cue in remainder.old.cues if cue.start < remainder.at}
            kept = tuple(event for event in outline.announcements if event.phrase.name not in said_before)
            outline = replace(outline, announcements=kept)
        durations = yield outline
        rate = durations.rate
        parts, problems = parts_of(outline, durations)
        if problems and not remainder:
            return Report.of(problems)
        outline = count_about(outline, parts, rate)
        task = _task(routine, _as_counted(outline) if last else outline, parts, durations, asked_ms, remainder)
        body = task.body()
        if not remainder and (problems := list(_too_short(body, task))):
            return Report.of(problems)
        trail = Trail()
        fit = solve(body, task.frames, task.rules, trail)
        if fit is None and task.pinned:
            body = task.body(freely=True)
            fit = solve(body, task.frames, task.rules, trail)
        if fit is None:
            reach = extent(body, task.rules)
            other = _other_rounds(outline, task.frames < reach[0], tried, remainder.address.rounds if remainder else ())
            if other is None:
                return _misfit(routine, asked_ms, body, task, trail)
            previous = replace(previous, counts={**previous.counts, **other})
            continue
        counts = {index: fit.counts.get(index, r.count) for index, r in enumerate(outline.rounds)}
        here = (task.start.position, remainder.began, remainder.begun) if remainder else (0, 0, None)
        fit = replace(fit, left_out={**fit.left_out, **task.gone})
        layout = lay(outline, parts, fit, _talk(request), position=here[0], start=here[1], begun=here[2])
        settled = all(counts[index] == r.count for index, r in enumerate(outline.rounds))
        live = bool(_TIMES & (outline.said | outline.announced))
        laid = schedule(outline, layout, durations, task.frames) if live else None
        said = (outline.occurrences, outline.announcements)
        if (settled or last) and (texts == said or last or not live):
            break
        previous, texts = _pass(outline, layout, counts, laid, task, previous), said
    said_in_steps = outline.said & (_TIMES | _ROUNDS)
    down_to = -(-(trail.down_to + task.freed) * 1000 // rate) if _steady(body) and not said_in_steps else asked_ms
    limits = _reach(routine, body, task) if remainder else _limits(routine, body, task, asked_ms)
    return Decision(outline, durations, task.frames, layout, counts, limits, down_to, said_in_steps, laid)


def declared(routine: Routine) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that *routine* offers."""
    length, cap = routine.length, CAPS_MS[routine.family]
    low = Rule("declared", "shortest", length.shortest)
    if length.longest >= cap:
        return low, Rule("cap", "longest", cap, routine.family)
    return low, Rule("declared", "longest", length.longest)


def _task(
    routine: Routine,
    outline: Outline,
    parts: list[Part],
    durations: Durations,
    asked_ms: int,
    remainder: Remainder | None,
) -> _Task:
    rate = durations.rate
    if remainder is None:
        frames = ms_to_frames(asked_ms - outline.freed_ms, rate) - freed_frames(outline, durations)
        freed = ms_to_frames(asked_ms, rate) - frames
        return _Task(outline, parts, Rules(parts, routine.groups), Start(), frames, freed, rate)
    return _rest(routine, outline, parts, rate, remainder)


def _rest(routine: Routine, outline: Outline, parts: list[Part], rate: int, remainder: Remainder) -> _Task:
    """Return what is to be solved of a session that has been heard in part."""
    old, occurrences = remainder.old, outline.occurrences
    position = next(i for i, o in enumerate(occurrences) if o.address == remainder.address)
    first = occurrences[position]
    past, coming = ({o.part for o in some} for some in (occurrences[:position], occurrences[position:]))
    begun = {step.address.written for step in old.steps if step.address and step.start < remainder.at}
    over = {step.address.written: step.frames for step in old.steps if step.address and step.end <= remainder.at}
    to_come = [_under_way(p, remainder) if p.number == first.part else p for p in parts if p.number in coming]
    # what was left out on one side stays out on the other; what was heard on one is heard on the other
    passed = {o.address.written for o in occurrences[:position]} & remainder.left_out.keys()
    gone = {
        p.number: remainder.left_out[p.first.address.written]
        for p in to_come
        if p.first.address.written in passed and p.number != first.part
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
    return _Task(outline, to_come, rules, start, remainder.frames, 0, rate, gone, frozen, pinned)


def _under_way(part: Part, remainder: Remainder) -> Part:
    """Return the part of the step under way: long enough for what has begun, in the wording that has begun."""
    least = remainder.least
    if remainder.begun and remainder.begun.talk:
        talks = [name for name, _ in part.first.wordings]
        least = max(least, part.needs[talks.index(remainder.begun.talk)])
    if remainder.begun and part.step.count:  # strokes that are being counted stay as many
        return replace(part, glue=rigid(next(s.frames for s in remainder.old.steps if s.address == remainder.address)))
    return replace(part, glue=part.glue.at_least(least))


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
    outline: Outline, layout: Layout, counts: Mapping[int, int], laid: Laid | None, task: _Task, previous: PreviousPass
) -> PreviousPass:
    """Return what the next pass needs to know of this one."""
    rate = task.rate
    if laid is None:
        return replace(previous, counts=counts)
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
    names = (event.phrase.name for event in outline.announcements)
    said = {name: frames_to_ms(at, rate) for name, at in zip(names, laid.announced, strict=True) if at is not None}
    return PreviousPass(counts, times, scopes, said, previous.least)


def _steady(body: Body) -> bool:
    """Tell whether what is decided for a length of *body* changes only where something else is left out."""
    return not body.filler and not any(
        element.free or element.inside or (element.part and (len(element.part.needs) > 1 or element.part.breath))
        for element in body.elements
    )


def _reach(routine: Routine, body: Body, task: _Task) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that *routine* offers and *body* reaches, gaps left aside."""
    low, high = declared(routine)
    least, most = extent(body, task.rules)
    low_ms, high_ms = -(-(least + task.freed) * 1000 // task.rate), (most + task.freed) * 1000 // task.rate
    if low_ms > low.ms:
        low = Rule("need", "shortest", low_ms)
    if high_ms < high.ms:
        high = Rule("reach", "longest", high_ms)
    return low, high


def _limits(routine: Routine, body: Body, task: _Task, asked_ms: int) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that can be had with this voice; *asked_ms* can."""
    low, high = _reach(routine, body, task)
    if low.kind == "declared" and not _fits(body, task, low.ms):
        near = [ms for ms in _near(routine, body, task, low.ms, Trail()) if low.ms < ms < asked_ms]
        low = Rule("gap", "shortest", min(near, default=asked_ms))
    if high.kind != "reach" and not _fits(body, task, high.ms):
        near = [ms for ms in _near(routine, body, task, high.ms, Trail()) if asked_ms < ms < high.ms]
        high = Rule("gap", "longest", max(near, default=asked_ms))
    return low, high


def _fits(body: Body, task: _Task, ms: int) -> bool:
    return solve(body, ms_to_frames(ms, task.rate) - task.freed, task.rules, Trail()) is not None


def _misfit(routine: Routine, asked_ms: int, body: Body, task: _Task, trail: Trail) -> Misfit:
    low, high = _reach(routine, body, task)
    rule = low if asked_ms < low.ms else high if asked_ms > high.ms else Rule("gap")
    return Misfit(asked_ms, rule, _near(routine, body, task, asked_ms, trail))


def _near(routine: Routine, body: Body, task: _Task, asked_ms: int, trail: Trail) -> tuple[int, ...]:
    """Return lengths near *asked_ms* that *body* can have, the nearest first, whole seconds before others."""
    ends, reach = declared(routine), extent(body, task.rules)
    solve(body, ms_to_frames(asked_ms, task.rate) - task.freed, task.rules, trail)

    def fits(ms: int) -> bool:
        return ends[0].ms <= ms <= ends[1].ms and _fits(body, task, ms)

    near: set[int] = set()
    for frames in {*trail.near, *reach}:
        ms, between = divmod((frames + task.freed) * 1000, task.rate)
        near |= {ms, ms + bool(between), ms // 1000 * 1000, -(-ms // 1000) * 1000}
    found = [ms for ms in near if fits(ms)]
    if not found:
        most = LOOK // max(1, len(body.elements))
        around = (asked_ms // 1000 * 1000 + way * step * 1000 for step in range(most) for way in (1, -1))
        found = [next((ms for ms in around if fits(ms)), -1)]
    nearest = sorted((ms for ms in found if ms >= 0), key=lambda ms: abs(ms - asked_ms) + 1000 * bool(ms % 1000))
    return tuple(nearest[:MOST_NEAR])


def _too_short(body: Body, task: _Task) -> Iterable[Diagnostic]:
    """Yield a diagnostic for each section whose steps do not fit its own length."""
    for element in body.elements:
        if element.inside is None or element.glue.shortest <= element.glue.longest:
            continue
        section = task.outline.timed[element.inside.number].section
        low, high = (frames_to_ms(frames, task.rate) for frames in extent(element.inside, task.rules))
        longest = section.length.longest if section.length else 0
        short = low > longest
        expected = f"steps that fit {format_clock(longest)} in `{section.title}`"
        found = f"at least {low / 1000:.1f}s" if short else f"at most {high / 1000:.1f}s"
        meant = format_duration(-(-low // 1000) * 1000 if short else high // 1000 * 1000)
        hint = f"let `for:` {'reach' if short else 'begin at'} {meant}"
        yield problem("section-too-short", section.spans["for"], hint, expected=expected, found=found)
