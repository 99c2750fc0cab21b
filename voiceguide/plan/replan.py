"""Plan + what has been heard + the time that is left -> Plan: the rest fitted again, under all rules.

The new timeline is the old one up to the frame that has been heard, and the new one from there. Nothing that has begun
is cut, but what the listener skips; the bed goes on where it is, and the session's gain stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from voiceguide.address import Address
from voiceguide.diagnostics import Report
from voiceguide.envelope import Envelope, joined
from voiceguide.nouns import dataclass
from voiceguide.plan.decide import decide
from voiceguide.plan.expand import PreviousPass
from voiceguide.plan.levels import CROSS_MS, DUCK_MS
from voiceguide.plan.limits import Misfit
from voiceguide.plan.plan import Asking, Plan, Planning, notes, with_its_beds
from voiceguide.plan.reasons import Refusal, Rule, TooLittleTime
from voiceguide.plan.request import TALKS, SessionRequest
from voiceguide.plan.schedule import Begun, schedule
from voiceguide.plan.task import Remainder
from voiceguide.timeline import Cue, StepSpan, Timeline
from voiceguide.units import frames_to_ms, ms_to_frames

CUT_MS = 10
"""How long what is skipped takes to go out: too short to be heard as a fade, too long to click."""


@dataclass(frozen=True)
class Heard:
    """How far a listener has come: frame *at* is the first that has not been heard.

    It goes on where it is, or, if the listener has skipped, with the step at *step* from its beginning. The step where
    it goes on, and what is as long as that on the other side, lasts at *least* and at *most* so many frames, if the
    listener wants it so: longer than written, if need be, but never shorter than its words.
    """

    at: int
    step: Address | None = None
    least: int = 0
    most: int | None = None


def replan(plan: Plan, heard: Heard, frames_left: int, request: SessionRequest | None = None) -> Planning:
    """Fit what is still to come of *plan* into *frames_left*, as *request* asks now (if not given, as before).

    Asks and is answered as `plan` does. Returns the new Plan; a Refusal if that much time cannot be had, whose lengths
    are those of the whole session; or the Report of steps whose words do not fit.
    """
    old, at = plan.timeline, heard.at
    frames = at + frames_left
    remainder = _remainder(plan, heard, frames)
    total_ms = frames_to_ms(frames, old.rate)
    if remainder is None:  # nothing is to come
        same = frames == old.frames
        return plan if same else Refusal(total_ms, Rule("gap"), frames_to_ms(old.frames, old.rate))
    asked = replace(request or plan.request, length_ms=total_ms)
    starts = {step.address: frames_to_ms(step.start, old.rate) for step in old.steps if step.address}
    previous = PreviousPass(plan.counts, starts, least=_one_more(plan, remainder.address))
    made = yield from decide(plan.routine, asked, previous, remainder)
    if isinstance(made, Report):
        return made
    if isinstance(made, Misfit):
        nearest = yield from _nearest(plan, asked, previous, remainder, made)
        return Refusal(total_ms, made.rule, nearest)
    laid = made.laid or schedule(made.outline, made.layout, made.durations, frames)
    later = with_its_beds(plan.routine, asked, made, laid)
    cues = [*_beds(old, later, at), *(cue for cue in later.cues if cue.track != "bed"), *_skipped(old, heard)]
    later = replace(later, cues=tuple(sorted(cues, key=lambda cue: (cue.start, cue.track))))
    position = made.outline.position(remainder.address)
    passed = {o.address for o in made.outline.occurrences[:position]}
    out = [item for item in plan.left_out if item.address in passed and isinstance(item.why, TooLittleTime)]
    return Plan(
        plan.routine,
        asked,
        old.spliced(later, at),
        (*made.outline.left_out, *out, *made.layout.left_out),
        (*(change for change in plan.changes if change.address in passed), *made.layout.changes),
        (made.limits[0].ms, made.limits[1].ms),
        made.counts,
        notes(made, laid),
    )


def _one_more(plan: Plan, address: Address) -> dict[int, int]:
    """Return for each repeat one round more than it may be in at *address*: whether there is one is to be decided."""
    most = max(address.rounds, default=0) + 1
    return dict.fromkeys(plan.counts, most) if address.rounds else {}


def _remainder(plan: Plan, heard: Heard, frames: int) -> Remainder | None:
    """Return what is still to come, or None if nothing is."""
    old, at = plan.timeline, heard.at
    out = {o.address.written: o.why for o in plan.left_out if isinstance(o.why, TooLittleTime)}
    steps = [step for step in old.steps if step.address]
    if heard.step is not None:
        return Remainder(old, at, heard.step, frames, at, heard.least, left_out=out, most=heard.most)
    under_way = next((step for step in steps if step.start < at < step.end), None)
    if under_way is None or under_way.address is None:
        goal = next((step for step in steps if step.start >= at), None)
        if goal is None or goal.address is None:
            return None
        return Remainder(old, at, goal.address, frames, at, heard.least, left_out=out, most=heard.most)
    address, begun = under_way.address, _begun(old, under_way, at)
    least = max(at, *(cue.end for cue in begun.cues), *(beat.end for beat in begun.beats), *_unsaid(old, under_way, at))
    least = max(least - under_way.start, heard.least)
    return Remainder(old, at, address, frames, under_way.start, least, begun, out, heard.most)


def _begun(old: Timeline, step: StepSpan, at: int) -> Begun:
    """Return what has begun of *step* before frame *at*: rounds of breath are begun whole."""
    talk = next((cue.phrase for cue in old.cues if cue.step == step.address and cue.phrase in TALKS), None)
    mine = [cue for cue in old.cues if cue.step == step.address]
    whole = {cue.phrase for cue in mine if cue.start < at and cue.phrase and not cue.paced} | (
        {talk} if talk else set()
    )
    cues = tuple(cue for cue in mine if cue.start < at or cue.phrase in whole)
    rounds = {beat.round for beat in old.beats if beat.step == step.address and beat.start < at}
    beats = tuple(beat for beat in old.beats if beat.step == step.address and beat.round in rounds)
    return Begun(at, cues, beats, talk)


def _unsaid(old: Timeline, step: StepSpan, at: int) -> Iterator[int]:
    """Yield where the words of *step* that are to come would end: its wording where it is, its events in a row."""
    mine = [cue for cue in old.cues if cue.step == step.address and cue.start >= at and cue.track in ("voice", "chime")]
    wording = [cue.end for cue in mine if cue.phrase in ("", *TALKS)]
    yield from wording
    yield max(at, *wording, at) + sum(cue.frames for cue in mine if cue.phrase not in ("", *TALKS))


def _nearest(
    plan: Plan, request: SessionRequest, previous: PreviousPass, remainder: Remainder, misfit: Misfit
) -> Asking[int | None]:
    """Return the nearest length of the whole session that can be had, tried out; None if none is found."""
    for ms in misfit.near_ms:
        frames = ms_to_frames(ms, plan.timeline.rate)
        if frames >= remainder.at:
            other = replace(remainder, frames=frames)
            made = yield from decide(plan.routine, replace(request, length_ms=ms), previous, other)
            if not isinstance(made, Misfit | Report):
                return ms
    return None


def _beds(old: Timeline, later: Timeline, at: int) -> Iterator[Cue]:
    """Yield the beds of *later*; what lies at frame *at* goes on from where it is, and what ends there dies away."""
    rate = later.rate
    before = [cue for cue in old.cues if cue.track == "bed" and cue.start <= at < cue.end]
    first_word = min(
        (cue.start for cue in later.cues if cue.track in ("voice", "breath") and cue.start >= at), default=at
    )
    ramp = min(ms_to_frames(DUCK_MS, rate), max(first_word - at, ms_to_frames(CUT_MS, rate)))
    goes_on = set()
    for cue in later.cues:
        if cue.track != "bed" or cue.end <= at:
            continue
        same = next((bed for bed in before if bed.clip == cue.clip and bed.gain == cue.gain), None)
        if same is None or cue.start > at:
            yield cue if cue.start > at else _risen(cue, at, ms_to_frames(CROSS_MS, rate))
            continue
        goes_on.add(same.clip)
        into, envelope = same.into + at - same.start, joined(same.envelope, cue.envelope, at, ramp)
        yield replace(cue, start=at, frames=cue.end - at, into=into, envelope=envelope)
    for bed in before:
        if bed.clip not in goes_on:
            yield from _dying(bed, at, min(ms_to_frames(CROSS_MS, rate), later.frames - at))


def _risen(cue: Cue, at: int, frames: int) -> Cue:
    """Return *cue* from frame *at* on, coming out of silence within so many *frames*."""
    end = min(at + frames, cue.end - 1)
    envelope = joined(Envelope(((at, 0.0),)), cue.envelope, at, end - at)
    return replace(cue, start=at, frames=cue.end - at, into=cue.into + at - cue.start, envelope=envelope)


def _dying(cue: Cue, at: int, frames: int) -> Iterator[Cue]:
    """Yield what still sounds of *cue* from frame *at* on, if it goes out within so many *frames*."""
    last = cue.between(at, cue.end if not cue.loop else at + frames)
    if last and frames > 0:
        frames = min(frames, last.frames)
        yield replace(last, frames=frames, envelope=Envelope(((at, cue.envelope.at(at)), (at + frames, 0.0))))


def _skipped(old: Timeline, heard: Heard) -> Iterator[Cue]:
    """Yield the ends of what is cut because the listener skips: they go out at once."""
    if heard.step is None:
        return
    for cue in old.cues:
        if cue.track != "bed" and cue.start < heard.at < cue.end:
            yield from _dying(cue, heard.at, ms_to_frames(CUT_MS, old.rate))
