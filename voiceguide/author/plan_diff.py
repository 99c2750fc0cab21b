"""What has changed from one plan of a routine to the next, in words; and the step that an author is working on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from voiceguide.author.written import every, every_step, meaning
from voiceguide.plan.plan import Plan
from voiceguide.source import Span
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import format_clock, frames_to_ms, plural

LEAST_MS = 50
"""A step whose length differs by less has not changed: exact lengths move every step by a few frames."""

Occurrence = tuple[str, str | None, int]
"""A step's name, its side, and which one of those it is."""


@dataclass(frozen=True)
class Heard:
    """One occurrence of a step: where it lies, what the script says of it, and what sounds in it."""

    placed: StepSpan
    written: Hashable
    sounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Changes:
    """The occurrences of steps that are new, gone, edited (in the script or in what sounds), or only moved in length.

    Pairs are before and after.
    """

    new: tuple[Heard, ...]
    gone: tuple[Heard, ...]
    edited: tuple[tuple[Heard, Heard], ...]
    stretched: tuple[tuple[Heard, Heard], ...]

    @property
    def under_change(self) -> StepSpan | None:
        """The first step whose text differs or that is new, else the first one whose length differs."""
        texts = [*self.new, *(after for _, after in self.edited)]
        found = texts or [after for _, after in self.stretched]
        return min((heard.placed for heard in found), key=lambda placed: placed.start, default=None)


def compare(before: Plan, after: Plan) -> Changes:
    """Return what differs between two plans; steps are the same if name, side and order of coming are."""
    old, new = _heard(before), _heard(after)
    both = [(old[key], new[key]) for key in new if key in old]
    edited = tuple(pair for pair in both if _said(pair[0]) != _said(pair[1]))
    return Changes(
        tuple(heard for key, heard in new.items() if key not in old),
        tuple(heard for key, heard in old.items() if key not in new),
        edited,
        tuple(pair for pair in both if pair not in edited and _moved_ms(pair, after.timeline.rate)),
    )


def _moved_ms(pair: tuple[Heard, Heard], rate: int) -> int:
    moved = pair[1].placed.frames - pair[0].placed.frames
    ms = frames_to_ms(abs(moved), rate)
    return 0 if ms < LEAST_MS else ms if moved > 0 else -ms


def _said(heard: Heard) -> tuple[Hashable, ...]:
    return heard.written, heard.sounds


def _heard(plan: Plan) -> Mapping[Occurrence, Heard]:
    written = {step.span: meaning(step) for step in every_step(plan.routine)}
    seen: Counter[tuple[str, str | None]] = Counter()
    found: dict[Occurrence, Heard] = {}
    sounds = _sounds(plan)
    for index, placed in enumerate(plan.timeline.steps):
        number = seen[placed.step, placed.side]
        seen[placed.step, placed.side] += 1
        found[placed.step, placed.side, number] = Heard(placed, written.get(placed.span), tuple(sounds[index]))
    return found


def _sounds(plan: Plan) -> list[list[tuple[str, str]]]:
    """Return track and text of what begins in each step because of it.

    Breath tones are left out, for there are as many as there is time for; announcements too, for they go where there is
    room.
    """
    timeline, announced = plan.timeline, set(every(Span, plan.routine.announce))
    found: list[list[tuple[str, str]]] = [[] for _ in timeline.steps]
    cues = [cue for cue in timeline.cues if cue.track in ("voice", "chime") and cue.span not in announced]
    index = 0
    for cue in sorted(cues, key=lambda cue: cue.start):
        while index + 1 < len(found) and timeline.steps[index + 1].start <= cue.start:
            index += 1
        if found:
            found[index].append((cue.track, cue.text))
    return found


def in_words(before: Plan | None, after: Plan) -> Iterator[str]:
    """Yield lines about what has become of a routine: its length, then each step that was edited, then the rest."""
    timeline = after.timeline
    total = _clock(timeline, timeline.frames)
    if before and before.timeline.frames != timeline.frames:
        total += f" (was {_clock(before.timeline, before.timeline.frames)})"
    yield f"{total}, {plural(len(timeline.steps), 'step')}"
    if before is None:
        return
    changes = compare(before, after)
    for (name, what), sides in _by_step(
        (after, _what(timeline, pair)) for pair in changes.edited for after in pair[1:]
    ):
        yield f"  {name}{sides}: {what}"
    for (name, what), sides in _by_step((h, _clock(timeline, h.placed.frames)) for h in changes.new):
        yield f"  {name}{sides}: new, {what}"
    for (name, _), sides in _by_step((h, "") for h in changes.gone):
        yield f"  {name}{sides}: gone"
    if changes.stretched:
        yield f"  {_stretched(timeline, changes.stretched)}"
    names = dict.fromkeys(item.step for item in after.left_out)
    if names:
        yield f"  left out: {', '.join(names)}"


def _what(timeline: Timeline, pair: tuple[Heard, Heard]) -> str:
    """Return what happened to an edited step."""
    was, now = (_clock(timeline, heard.placed.frames) for heard in pair)
    length = f"{was} -> {now}" if _moved_ms(pair, timeline.rate) else now
    words = "" if pair[0].sounds == pair[1].sounds else ", other words"
    return f"{length}{words}"


def _stretched(timeline: Timeline, pairs: tuple[tuple[Heard, Heard], ...]) -> str:
    moved = [_moved_ms(pair, timeline.rate) for pair in pairs]
    low, high = (f"{ms / 1000:+.1f} s" for ms in (min(moved), max(moved)))
    span = low if low == high else f"{low} to {high}"
    return f"{plural(len(pairs), 'other step')} of another length: {span}"


def _by_step(items: Iterable[tuple[Heard, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each step name and remark once, with the sides they are true of in brackets."""
    sides: dict[tuple[str, str], dict[str, None]] = {}
    for heard, what in items:
        found = sides.setdefault((heard.placed.step, what), {})
        if heard.placed.side:
            found[heard.placed.side] = None
    for key, names in sides.items():
        yield key, f" ({', '.join(names)})" if names else ""


def _clock(timeline: Timeline, frames: int) -> str:
    return format_clock(frames_to_ms(frames, timeline.rate), tenths=True)
