"""Resuming: where a session goes on that was stopped, and where its place lies in a session planned anew. All pure."""

from __future__ import annotations

from collections.abc import Mapping

from voiceguide.address import Address
from voiceguide.nouns import dataclass
from voiceguide.play.phrases import instructions, phrase_start
from voiceguide.play.stand import Stand
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import ms_to_frames, plural

AT_ONCE_MS = 3_000
"""Stopped for less, a session goes on where it was; for longer, with the instruction under way."""
BACK_MS = 3_000
"""Where nothing is being said, so much is heard again, to come back into it."""


@dataclass(frozen=True)
class Goal:
    """Where to go on. *remark* says, in a sentence, if that is not the same step as before."""

    frame: int
    remark: str = ""


def goes_on_at(timeline: Timeline, at: int, away_ms: int) -> int:
    """Return the frame at which a session goes on that was stopped at frame *at*, *away_ms* ago.

    That is never before the step in which it was stopped.
    """
    at = max(0, min(at, timeline.frames))
    if away_ms < AT_ONCE_MS:
        return at
    begun = phrase_start(timeline, at)
    step = step_at(timeline, at)
    least = step.start if step else 0
    if begun == at:
        begun = at - ms_to_frames(BACK_MS, timeline.rate)
        spoken = [each.end for each in instructions(timeline) if each.end <= at]
        least = max(least, spoken[-1] if spoken else 0)  # words are heard from their beginning, or not at all
    return max(begun, least)


def step_at(timeline: Timeline, at: int) -> StepSpan | None:
    """Return the step of *timeline* that frame *at* lies in, the last one at its end."""
    return next((step for step in reversed(timeline.steps) if step.start <= at), None)


def moved_to(old: Timeline, at: int, new: Timeline) -> Goal:
    """Return where frame *at* of *old* lies in *new*, a session of a script that has changed since.

    It is as far into the same step; if that is gone, at the next step that is still there; if none is, at the beginning
    of its section, or of the session.
    """
    step = step_at(old, at)
    if step is None:
        return Goal(0)
    if step.address is None:  # a silence that is nobody's: it follows upon the same step
        before = [each for each in old.steps if each.address and each.end <= step.start]
        after = _find(new, before[-1].address) if before else None
        begun, there = (before[-1].end, after.end) if before and after else (0, 0)
        most = next((each.start for each in new.steps if each.address and each.start >= there), new.frames)
        return Goal(min(there + (at - begun) * new.rate // old.rate, most))
    same = _find(new, step.address)
    if same is not None:
        into = (at - step.start) * new.rate // old.rate
        return Goal(same.start + min(into, max(0, same.frames - 1)))
    for later in old.steps:
        if later.start > step.start and later.address is not None:
            found = _find(new, later.address)
            if found is not None:
                return Goal(found.start, f"{step.title} is no longer in it: it goes on with {found.title}")
    gone = f"{step.title} is no longer in it"
    titles = [chapter.title for chapter in old.chapters if chapter.start <= at]
    section = next((chapter for chapter in new.chapters if titles and chapter.title == titles[-1]), None)
    if section is not None:
        return Goal(section.start, f"{gone}, nor what came after it: it goes on with the beginning of {section.title}")
    return Goal(0, f"{gone}, nor what came after it: it begins anew")


def _find(timeline: Timeline, address: Address | None) -> StepSpan | None:
    """Return the step at *address*; of rounds of which there are fewer now, the last one."""
    if address is None:
        return None
    alike = [
        step
        for step in timeline.steps
        if step.address and (step.address.written, step.side) == (address.written, address.side)
    ]
    return next((step for step in alike if step.address == address), alike[-1] if alike else None)


def heard_between(before: Stand, after: Stand) -> tuple[int, int]:
    """Return which frames of the session of *before* were heard from one look at a playing to the next, as a stretch.

    Where it has jumped meanwhile, nobody knows when: it is taken to have been at the end.
    """
    at, played = before.here, after.out - before.out
    if before.transport.state != "playing" or played <= 0:
        return at, at
    went = after.here - at
    return at, min(at + (went if 0 <= went <= played else played), before.edition.timeline.frames)


def credited(heard: Mapping[str, int], timeline: Timeline, start: int, stop: int) -> dict[str, int]:
    """Return *heard*, frames by address, and with them the frames *start* to *stop* (exclusive) of *timeline*."""
    more = dict(heard)
    for step in timeline.steps:
        frames = min(step.end, stop) - max(step.start, start)
        if frames > 0 and step.address is not None:
            more[str(step.address)] = more.get(str(step.address), 0) + frames
    return more


def into_phrase(timeline: Timeline, at: int) -> tuple[str, int]:
    """Return the instruction under way at frame *at* and how far it is, or nothing and 0."""
    under_way = (each for each in instructions(timeline) if each.start <= at < each.end)
    return next(((each.phrase, at - each.start) for each in under_way), ("", 0))


def ago(away_ms: int) -> str:
    """Return how long ago that is, for people."""
    for unit, ms in (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)):
        if away_ms >= ms:
            return f"{plural(away_ms // ms, unit)} ago"
    return "just now"
