"""Deciding: rounds, lengths, wordings and what is left out, asked and answered until all of them agree.

`decide` is a generator, as `plan` is: it yields outlines, is sent `Durations`, and returns a `Decision`, a `Misfit`, or
the `Report` of steps whose words do not fit.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace

from voiceguide.address import Address
from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.plan.body import Body, Start, body_of
from voiceguide.plan.expand import FIRST_PASS, PreviousPass
from voiceguide.plan.glue import rigid
from voiceguide.plan.lay import lay
from voiceguide.plan.measured import TIMES, Known, measured
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.parts import Part, freed_frames
from voiceguide.plan.reasons import Reason, Rule
from voiceguide.plan.removal import Rules
from voiceguide.plan.request import SessionRequest, Talk
from voiceguide.plan.schedule import Heard, Laid, Layout, schedule
from voiceguide.plan.solve import Trail, extent, solve
from voiceguide.script.model import CAPS_MS, Routine
from voiceguide.script.rounds import Counts
from voiceguide.units import format_clock, format_duration, frames_to_ms, ms_to_frames

MOST_PASSES = 6
"""How often a plan may ask again before rounds stay as they are."""
MOST_TRIES = 40
"""How many numbers of rounds are tried where each is another outline."""
MOST_NEAR = 12
"""How many lengths are named that may be the nearest one."""
LOOK = 60_000
"""How many parts are looked at, length by length, for one that can be had."""
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


@dataclass(frozen=True)
class Misfit:
    """A length that cannot be had: the rule against it, and lengths that may be the nearest one that can."""

    asked_ms: int
    rule: Rule
    near_ms: tuple[int, ...]


Deciding = Generator[Outline, Durations, Decision | Misfit | Report]


@dataclass(frozen=True)
class Remainder:
    """What is still to come of a session that will have been *frames* long: from the step at *address* on.

    That step began at frame *began*, its section with a length (if it stands in one) at *section_began*; it is never
    shorter than *least*. *under_way* is what has begun of it. *heard* are written steps that have been heard on one
    side at least and so may not be left out on the other, *gone* those that have been left out on one; *lengths* are
    those of the other side. *frozen* lengths stay in any case: those of a section in which rounds fill the time, which
    keeps its *section_frames*. *said* are the names of announcements.
    """

    address: Address
    frames: int
    began: int
    least: int = 0
    under_way: Heard | None = None
    section_began: int | None = None
    section_frames: int | None = None
    heard: frozenset[Address] = frozenset()
    gone: Mapping[Address, Reason] = field(default_factory=dict)
    lengths: Mapping[Address, int] = field(default_factory=dict)
    frozen: Mapping[Address, int] = field(default_factory=dict)
    said: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Task:
    """What is to be solved: parts that are to come, their rules, where they begin, and the frames to fill.

    *freed* frames of what was asked for are not filled: steps with `freed: shorten`.
    """

    outline: Outline
    parts: list[Part]
    rules: Rules
    start: Start
    frames: int
    freed: int
    rate: int
    gone: Mapping[int, Reason] = field(default_factory=dict)

    def body(self, pinned: Mapping[int, int]) -> Body:
        """Return the body to be solved, parts that are *pinned* having that length."""
        parts = self.parts
        if pinned:
            parts = [replace(p, glue=rigid(pinned[p.number])) if p.number in pinned else p for p in parts]
        return body_of(self.outline, parts, self.rate, lambda body: extent(body, self.rules), self.start)


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
        task = _task(routine, _as_counted(outline) if unsettled else outline, parts, durations, asked_ms, remainder)
        whole = remainder is None and not unsettled
        body = found.body if whole else task.body(_pinned(task.parts, remainder))
        if not remainder and (problems := list(_too_short(body, task))):
            return Report.of(problems)
        trail = Trail()
        fit = solve(body, task.frames, task.rules, trail)
        if fit is None and remainder and remainder.lengths:
            body = task.body(_pinned(task.parts, replace(remainder, lengths={})))
            fit = solve(body, task.frames, task.rules, trail)
        reach = found.reach if whole else extent(body, task.rules)
        if fit is None:
            other = _other_rounds(outline, task.frames < reach[0], tried)
            if other is None:
                return _misfit(routine, asked_ms, body, task, reach, trail if known is None else None)
            previous = replace(previous, counts={**previous.counts, **other})
            continue
        counts = {index: fit.counts.get(index, r.count) for index, r in enumerate(outline.rounds)}
        settled = all(counts[index] == r.count for index, r in enumerate(outline.rounds))
        live = bool(TIMES & (outline.said | outline.announced))
        if not (settled or last or live):
            previous = replace(previous, counts=counts)
            continue
        here = (task.start.position, remainder.began, remainder.under_way) if remainder else (0, 0, None)
        fit = replace(fit, left_out={**fit.left_out, **task.gone})
        layout = lay(outline, parts, fit, _talk(request), position=here[0], start=here[1], under_way=here[2])
        laid = schedule(outline, layout, durations, task.frames) if TIMES & outline.announced else None
        said = (outline.occurrences, outline.announcements)
        if not live or last or (settled and texts == said):
            break
        previous, texts = _pass(outline, layout, counts, laid, task, previous), said
    said_in_steps = outline.said & (TIMES | _ROUNDS)
    steady = _steady(body) and not said_in_steps and not tried
    down_to = -(-(trail.down_to + task.freed) * 1000 // rate) if steady else asked_ms
    limits = _limits(routine, reach, task.freed, rate)
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
    position = next(i for i, o in enumerate(outline.occurrences) if o.address == remainder.address)
    to_come = {occurrence.part for occurrence in outline.occurrences[position:]}
    first = outline.occurrences[position]
    coming = [
        replace(p, glue=p.glue.at_least(remainder.least)) if p.number == first.part else p
        for p in parts
        if p.number in to_come
    ]
    heard = [p for p in parts if p.first.address.written in remainder.heard]
    gone = {p.number: remainder.gone.get(p.first.address.written) for p in coming if p.number != first.part}
    absent = {number: why for number, why in gone.items() if why is not None}
    bound = frozenset({p.first.fate for p in heard} | {first.fate})
    coming = [p for p in coming if p.number not in absent]
    away = [p for p in heard if p.number not in to_come]
    began = remainder.began if remainder.section_began is None else remainder.section_began
    start = Start(position, began, remainder.began - began, remainder.section_frames, absent.keys())
    return _Task(outline, coming, Rules(coming, routine.groups, bound, away), start, remainder.frames, 0, rate, absent)


def _pinned(parts: Iterable[Part], remainder: Remainder | None) -> dict[int, int]:
    """Return the lengths that parts keep: those of their other side, and those that may not change."""
    if remainder is None:
        return {}
    pinned: dict[int, int] = {}
    for part in parts:
        written, alike = part.first.address.written, part.step.sides == "together" and part.first.weight == (1, 1)
        length = remainder.frozen.get(written, remainder.lengths.get(written) if alike else None)
        if length is not None and part.glue.holds(length):
            pinned[part.number] = length
    return pinned


def _as_counted(outline: Outline) -> Outline:
    """Return *outline* with as many rounds as it holds, and no other."""
    rounds = (replace(r, repeat=replace(r.repeat, counts=Counts(r.count, r.count, r.count))) for r in outline.rounds)
    return replace(outline, rounds=tuple(rounds))


def _other_rounds(outline: Outline, fewer: bool, tried: set[tuple[int, ...]]) -> dict[int, int] | None:
    """Return another number of rounds to be tried for a repeat whose rounds differ, or None."""
    now = tuple(r.count for r in outline.rounds)
    tried.add(now)
    for step in (-1, 1) if fewer else (1, -1):
        for index, r in enumerate(outline.rounds):
            counts, count = r.repeat.counts, r.count + step
            other = (*now[:index], count, *now[index + 1 :])
            if r.uneven and counts.fewest <= count <= counts.most and other not in tried:
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
        return PreviousPass(counts, times, scopes, previous.announced_ms)
    names = (event.phrase.name for event in outline.announcements)
    said = {name: frames_to_ms(at, rate) for name, at in zip(names, laid.announced, strict=True) if at is not None}
    return PreviousPass(counts, times, scopes, said)


def _steady(body: Body) -> bool:
    """Tell whether what is decided for a length of *body* changes only where something else is left out.

    It does where neither rounds nor wordings depend on the length.
    """
    return not body.filler and not any(
        element.free or element.inside or (element.part and max(element.part.needs) > element.glue.shortest)
        for element in body.elements
    )


def _limits(routine: Routine, reach: tuple[int, int], freed: int, rate: int) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that can be asked for with this voice."""
    low, high = declared(routine)
    low_ms, high_ms = -(-(reach[0] + freed) * 1000 // rate), (reach[1] + freed) * 1000 // rate
    if low_ms > low.ms:
        low = Rule("need", "shortest", low_ms)
    if high_ms < high.ms:
        high = Rule("reach", "longest", high_ms)
    return low, high


def _misfit(
    routine: Routine, asked_ms: int, body: Body, task: _Task, reach: tuple[int, int], trail: Trail | None
) -> Misfit:
    """Return the rule against a length, and the lengths near it if there is a *trail* that leads there."""
    low, high = _limits(routine, reach, task.freed, task.rate)
    rule = low if asked_ms < low.ms else high if asked_ms > high.ms else Rule("gap")
    if trail is None:
        return Misfit(asked_ms, rule, ())
    ends = declared(routine)

    def fits(ms: int) -> bool:
        frames = ms_to_frames(ms, task.rate) - task.freed
        return ends[0].ms <= ms <= ends[1].ms and solve(body, frames, task.rules, Trail()) is not None

    near: set[int] = set()
    for frames in {*trail.near, *reach}:
        ms = (frames + task.freed) * 1000 // task.rate
        near |= {ms, ms + 1, ms // 1000 * 1000, -(-ms // 1000) * 1000}
    found = [ms for ms in near if fits(ms)]
    if not found:
        most = LOOK // max(1, len(body.elements))
        around = (asked_ms // 1000 * 1000 + way * step * 1000 for step in range(most) for way in (1, -1))
        found = [next((ms for ms in around if fits(ms)), -1)]
    nearest = sorted((ms for ms in found if ms >= 0), key=lambda ms: abs(ms - asked_ms) + 1000 * bool(ms % 1000))
    return Misfit(asked_ms, rule, tuple(nearest[:MOST_NEAR]))


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
