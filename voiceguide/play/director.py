"""Director: (stand, command) -> stand, and what is said about it. One table, no clock, no threads, no audio.

Moves are the transport's. What comes to another edition (a step skipped, longer, less talk, another end) is planned
anew here from where the listener is; a plan that cannot be had leaves all as it is, or comes as near as it can.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Durations, Measure, Outline
from voiceguide.plan.request import TALKS
from voiceguide.play import commands as c
from voiceguide.play.phrases import last_instruction, phrase_start
from voiceguide.play.rest import fitted, other_wording
from voiceguide.play.sayings import Finishing, Kept, LessThan, NotPossible, Orientation, Quoted, Saying
from voiceguide.play.stand import Edition, Stand
from voiceguide.timeline import StepSpan
from voiceguide.units import ms_to_frames

SHORT_HOLD_S, LONG_HOLD_S = 3, 60
"""Held for less, it goes on where it was; for longer, with its phrase; for longer still, it first says where it is."""
VOLUME_DB, VOLUMES = 3, range(-30, 4)
BED_DB, BEDS = 3, range(-18, 7)
"""The steps in which volume and bed are turned, and how far."""


def knows_all(outline: Outline) -> Durations:
    """Refuse to measure: for playings that are never planned anew."""
    raise LookupError(f"nobody measures the {len(outline.occurrences)} steps of this session")


@dataclass(frozen=True)
class Outcome:
    """What a command comes to: the *stand* after it, and what is to be said."""

    stand: Stand
    says: tuple[Saying, ...] = ()


Handler = Callable[[Stand, "c.Command", Measure], Outcome]


def direct(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    """Return what *command* comes to at *stand*; *measure* tells the lengths of words that a new plan asks for.

    Whatever moves the session or plans it anew ends the words beside it. A kept end is kept by planning the rest anew.
    """
    handler = _TABLE.get(type(command), _move)
    name = next(row.name for row in c.COMMANDS if row.kind is type(command))
    outcome = handler(stand, command, measure)
    after = outcome.stand
    if after.transport != stand.transport or after.edition is not stand.edition:
        hushed = tuple(o if o.held else o.ending(after.out) for o in after.overlays if o.begun < after.out or o.held)
        after = replace(after, overlays=hushed, resuming=None)
        if type(command) not in (c.Next, c.NextSection, c.Forward):
            after = replace(after, insisted=None)
        wanted = None if after.target is None else after.target - after.out - after.going
        if wanted is not None and after.left not in (0, wanted) and after.transport.state == "playing":
            kept = fitted(after, wanted, measure)
            late = kept is None or kept.left != wanted
            says = (Finishing(_ms(kept or after, (kept or after).left)),) if late else ()
            return Outcome(_heeded(kept or after, name), (*outcome.says, *says))
    if after != stand or outcome.says:
        after = _heeded(after, name)
    return Outcome(after, outcome.says)


def _heeded(stand: Stand, name: str) -> Stand:
    return replace(stand, understood=name, news=stand.news + 1)


# Moves


def _move(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.Move)
    return Outcome(stand.moved(stand.transport.do(command)))


def _go_on(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    transport, rate = stand.transport, stand.edition.timeline.rate
    if transport.state != "holding" or transport.waiting:
        return _move(stand, command, measure)
    held, says = stand.held, ()
    begun = phrase_start(stand.edition.timeline, stand.here)
    if held >= SHORT_HOLD_S * rate and begun != stand.here:
        transport = transport.do(c.Seek(begun))
    if held >= LONG_HOLD_S * rate and stand.edition.plan is not None:
        return Outcome(stand.moved(transport), (Orientation(goes_on=True),))
    return Outcome(stand.moved(transport.do(c.GoOn())), says)


def _toggle(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    holding = stand.transport.state == "holding"
    return (_go_on if holding else _move)(stand, c.GoOn() if holding else c.Hold(), measure)


def _stop(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    return Outcome(replace(stand.moved(stand.transport.do(c.Hold())), leaving=stand.transport.state != "ended"))


def _quit(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    if stand.leaving:
        return Outcome(stand.moved(stand.transport.do(c.End())))
    return _stop(stand, command, measure)


def _seek(stand: Stand, frame: int) -> Outcome:
    return Outcome(stand.moved(stand.transport.do(c.Seek(frame))))


def _again(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    frame = last_instruction(stand.edition.timeline, stand.here)
    return Outcome(stand) if frame is None else _seek(stand, frame)


def _back(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.Back)
    return _seek(stand, stand.here - command.seconds * stand.edition.timeline.rate)


def _forward(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.Forward)
    goal = stand.here + command.seconds * stand.edition.timeline.rate
    kept = _kept_before(stand, goal)
    if kept is not None and kept.start <= stand.here:
        return Outcome(replace(stand, insisted=kept.address), (Kept(kept.title),))
    return _seek(stand, goal if kept is None else kept.start)


def _next(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    steps, here = stand.edition.timeline.steps, stand.here
    find = bisect_left if stand.transport.waiting else bisect_right
    index = find(stand.edition.starts, here)
    return _skip(stand, steps[index] if index < len(steps) else None, measure)


def _next_section(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    timeline = stand.edition.timeline
    start = next((chapter.start for chapter in timeline.chapters if chapter.start > stand.here), timeline.frames)
    return _skip(stand, next((step for step in timeline.steps if step.start >= start), None), measure)


def _previous_section(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    starts = [0, *(chapter.start for chapter in stand.edition.timeline.chapters)]
    begun = [start for start in starts if start <= stand.here]
    near = stand.here - begun[-1] <= stand.transport.back and len(begun) > 1
    return _seek(stand, begun[-2] if near else begun[-1])


def _finish(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    timeline = stand.edition.timeline
    spoken = {cue.step for cue in timeline.cues if cue.track == "voice" and cue.text}
    closing = next((step for step in reversed(timeline.steps) if step.address in spoken), None)
    if closing is None or closing.start <= stand.here:
        return Outcome(stand)
    done = _to(stand, closing, timeline.frames - closing.start, measure)
    after = replace(done, target=None if done.target is None else done.out + done.left)
    return Outcome(after, (Finishing(_ms(after, after.left)),))


# What is planned anew


def _skip(stand: Stand, goal: StepSpan | None, measure: Measure) -> Outcome:
    """Go to *goal*, or to the end; what must be heard on the way is gone to instead, or, if under way, insisted on."""
    timeline = stand.edition.timeline
    kept = _kept_before(stand, goal.start if goal else timeline.frames)
    if kept is not None and kept.start <= stand.here:
        return Outcome(replace(stand, insisted=kept.address), (Kept(kept.title),))
    goal = kept or goal
    if goal is None:
        return _seek(stand, timeline.frames)
    before = _difference(stand)
    after = _to(stand, goal, timeline.frames - goal.start, measure)
    differs = _difference(after)
    says = (LessThan(*differs),) if differs and differs != before else ()
    return Outcome(after, says)


def _to(stand: Stand, goal: StepSpan, left: int, measure: Measure) -> Stand:
    """Return *stand* at the beginning of *goal*, the rest planned anew for *left* frames, or only gone to."""
    made = fitted(stand, left, measure, step=goal.address) if goal.address else None
    if made is None:
        return stand.moved(stand.transport.do(c.Seek(goal.start)))
    # whoever moves while the session waits has not held it: it plays from there
    return made.moved(made.transport.do(c.GoOn())) if made.transport.waiting else made


def _kept_before(stand: Stand, goal: int) -> StepSpan | None:
    """Return the first step before frame *goal* that must be heard and has not been, or None."""
    here = stand.here
    for step in stand.edition.timeline.steps:
        if step.start >= goal or step.end <= here or not step.kept or step.address == stand.insisted:
            continue
        words = [cue.end for cue in stand.edition.timeline.cues if cue.step == step.address and cue.track == "voice"]
        if step.start > here or max(words, default=here) > here:
            return step
    return None


def _longer(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.Longer | c.Shorter)
    rate, here = stand.edition.timeline.rate, stand.here
    steps = [step for step in stand.edition.timeline.steps if step.address and step.end > here]
    if not steps or steps[0].address is None or stand.edition.plan is None:
        return Outcome(stand)
    step, written = steps[0], steps[0].address.written
    alike = [each for each in steps if each.address and each.address.written == written]
    mine = sum(each.side == step.side for each in alike)
    more = command.seconds * rate * (1 if isinstance(command, c.Longer) else -1)
    frames = step.frames + more // mine  # rounds that are alike share it
    total = more // mine * len(alike)
    wanted = stand.left if stand.target is not None else stand.left + total
    made = fitted(stand, wanted, measure, least=frames if more > 0 else 0, most=max(frames, 0))
    if made is None or made.edition is stand.edition:
        return Outcome(stand, (NotPossible(),))
    moved = made.left != stand.left
    return Outcome(made, (Finishing(_ms(made, made.left)),) if moved else ())


def _end(stand: Stand, left: int, measure: Measure) -> Outcome:
    """Have it end in *left* frames, or as near to that as can be."""
    made = fitted(stand, left, measure)
    if made is None or (made.left == stand.left and left != stand.left):
        return Outcome(stand, (NotPossible(),))
    made = replace(made, target=None if made.target is None else made.out + made.left)
    return Outcome(made, (Finishing(_ms(made, made.left)),))


def _more(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.More)
    return _end(stand, stand.left + ms_to_frames(command.minutes * 60_000, stand.edition.timeline.rate), measure)


def _left(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    assert isinstance(command, c.Left)
    return _end(stand, ms_to_frames(command.minutes * 60_000, stand.edition.timeline.rate), measure)


def _talk(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    plan = stand.edition.plan
    if plan is None:
        return Outcome(stand)
    index = TALKS.index(plan.request.talk) + (1 if isinstance(command, c.LessTalk) else -1)
    if not 0 <= index < len(TALKS):
        return Outcome(stand)
    made = fitted(stand, stand.left, measure, request=replace(plan.request, talk=TALKS[index]))
    return Outcome(made) if made else Outcome(stand, (NotPossible(),))


def _lighter(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    plan = stand.edition.plan
    if plan is None:
        return Outcome(stand)
    step = next((s for s in reversed(stand.edition.timeline.steps) if s.start <= stand.here and s.address), None)
    request = replace(plan.request, facts={**plan.request.facts, "touch": "lighter"})
    made = fitted(stand, stand.left, measure, request=request) or stand
    words = other_wording(plan, request, step.address) if step and step.address else None
    return Outcome(made, (Quoted(words),) if words else (NotPossible("lighter"),))


# What is turned, and what is asked


def _volume(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    level_db = stand.volume_db + VOLUME_DB * (1 if isinstance(command, c.Louder) else -1)
    return Outcome(stand.louder(max(VOLUMES[0], min(level_db, VOLUMES[-1]))))


def _bed(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    level_db = stand.bed_db + BED_DB * (1 if isinstance(command, c.MoreBed) else -1)
    edition = stand.edition
    if edition.plan is None or level_db not in BEDS:
        return Outcome(stand)
    turns = (*(turn for turn in edition.turns if turn[0] < stand.here), (stand.here, level_db))
    return Outcome(replace(stand, edition=Edition.of(edition.plan, turns), bed_db=level_db))


def _keep_end(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    if isinstance(command, c.MoveEnd):
        return Outcome(replace(stand, target=None))
    return Outcome(replace(stand, target=stand.out + stand.left), (Finishing(_ms(stand, stand.left)),))


def _where(stand: Stand, command: c.Command, measure: Measure) -> Outcome:
    return Outcome(stand, (Orientation(),))


_TABLE: Mapping[type, Handler] = MappingProxyType(
    {
        c.GoOn: _go_on,
        c.Toggle: _toggle,
        c.Next: _next,
        c.Again: _again,
        c.NextSection: _next_section,
        c.PreviousSection: _previous_section,
        c.Back: _back,
        c.Forward: _forward,
        c.Longer: _longer,
        c.Shorter: _longer,
        c.Louder: _volume,
        c.Quieter: _volume,
        c.MoreBed: _bed,
        c.LessBed: _bed,
        c.MoreTalk: _talk,
        c.LessTalk: _talk,
        c.Where: _where,
        c.Lighter: _lighter,
        c.Finish: _finish,
        c.More: _more,
        c.Left: _left,
        c.KeepEnd: _keep_end,
        c.MoveEnd: _keep_end,
        c.Stop: _stop,
        c.Quit: _quit,
    }
)
"""What carries out each command; those that are not here are the transport's own."""


def _ms(stand: Stand, frames: int) -> int:
    rate = stand.edition.timeline.rate
    return (frames * 1000 + rate // 2) // rate


def _difference(stand: Stand) -> tuple[str, int] | None:
    """Return the side that has less time than the other, and how much in milliseconds; None if they are alike.

    What is alike to within a second is alike.
    """
    times: dict[str, int] = {}
    for step in stand.edition.timeline.steps:
        if step.side and not step.kept:
            times[step.side] = times.get(step.side, 0) + step.frames
    if len(times) != 2:
        return None
    (one, first), (other, second) = sorted(times.items())
    missing = abs(first - second)
    if missing < stand.edition.timeline.rate:
        return None
    return (one if first < second else other), _ms(stand, missing)
