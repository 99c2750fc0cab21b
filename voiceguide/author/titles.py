"""What people read of steps: their titles, told apart; and what has changed from one plan to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from voiceguide.address import Address
from voiceguide.author.flow import every_step, meaning
from voiceguide.nouns import dataclass
from voiceguide.plan.plan import Plan
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import frames_clock, frames_to_ms, plural


@dataclass(frozen=True)
class Titles:
    """The name of every written step for people."""

    names: Mapping[Address, str]

    @classmethod
    def of(cls, *plans: Plan) -> Titles:
        """Return the titles of all steps of *plans*, heard or left out."""
        titles: dict[Address, str] = {}
        for plan in plans:
            titles |= {step.address.written: step.title for step in plan.timeline.steps if step.address}
            titles |= {out.address.written: out.title for out in plan.left_out}
        return cls.apart(titles)

    @classmethod
    def apart(cls, titles: Mapping[Address, str]) -> Titles:
        """Return *titles* of written steps, told apart."""
        written: dict[str, set[Address]] = defaultdict(set)
        for address, title in titles.items():
            written[title].add(address)
        return cls({a: title if len(written[title]) == 1 else f"{title} [{a}]" for a, title in titles.items()})

    def name(self, address: Address | None, title: str = "") -> str:
        """Return the name of the step at *address*, whatever the side and the round; *title* if it has none."""
        return self.names.get(address.written, title) if address else title

    def left_out(self, plan: Plan) -> str:
        """Return the names of the steps that *plan* leaves out."""
        return ", ".join(dict.fromkeys(self.name(out.address) for out in plan.left_out))

    def told(self, items: Iterable[tuple[Address | None, str, str]]) -> Iterator[str]:
        """Yield each name and remark of *items* (address, title, remark) once, with its sides in brackets."""
        sides: dict[tuple[str, str], dict[str, None]] = {}
        for address, title, remark in items:
            found = sides.setdefault((self.name(address, title), remark), {})
            if address and address.side:
                found[address.side] = None
        for (name, remark), names in sides.items():
            told = f" ({', '.join(names)})" if names else ""
            yield f"{name}{told}: {remark}" if remark else f"{name}{told}"


LEAST_MS = 50
"""A step whose length differs by less has not changed: exact lengths move every step by a few frames."""


@dataclass(frozen=True)
class Heard:
    """One occurrence of a step: where it lies, what the script says of it, and what sounds in it because of it.

    *sounds* are its words and chimes, each with the name of its phrase. What paces it is left out, for there is as much
    as there is time for; announcements too, for they go where there is room.
    """

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
    """Return what differs between two plans; steps are the same if their addresses are."""
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


def _heard(plan: Plan) -> Mapping[Address, Heard]:
    written = {step.span: meaning(step) for step in every_step(plan.routine)}
    sounds: dict[Address, list[tuple[str, str]]] = defaultdict(list)
    for cue in plan.timeline.cues:
        if cue.step and not cue.paced and not cue.announced:
            sounds[cue.step].append((cue.phrase, cue.text))
    steps = ((step.address, step) for step in plan.timeline.steps if step.address)
    return {address: Heard(step, written.get(step.span), tuple(sounds[address])) for address, step in steps}


def in_words(before: Plan | None, after: Plan) -> Iterator[str]:
    """Yield lines about what has become of a routine: its length, then each step that was edited, then the rest."""
    timeline = after.timeline
    total = _clock(timeline, timeline.frames)
    if before and before.timeline.frames != timeline.frames:
        total += f" (was {_clock(before.timeline, before.timeline.frames)})"
    yield f"{total}, {plural(len(timeline.steps), 'step')}"
    if before is None:
        return
    changes, titles = compare(before, after), Titles.of(before, after)
    remarks = [(now, _what(timeline, was, now)) for was, now in changes.edited]
    remarks += [(heard, f"new, {_clock(timeline, heard.placed.frames)}") for heard in changes.new]
    remarks += [(heard, "gone") for heard in changes.gone]
    for line in titles.told((heard.placed.address, heard.placed.title, remark) for heard, remark in remarks):
        yield f"  {line}"
    if changes.stretched:
        moved = [_moved_ms(pair, timeline.rate) for pair in changes.stretched]
        ends = dict.fromkeys(f"{ms / 1000:+.1f} s" for ms in (min(moved), max(moved)))
        yield f"  {plural(len(moved), 'other step')} of another length: {' to '.join(ends)}"
    if after.left_out:
        yield f"  left out: {titles.left_out(after)}"


def _what(timeline: Timeline, was: Heard, now: Heard) -> str:
    """Return what happened to an edited step."""
    length = _clock(timeline, now.placed.frames)
    if _moved_ms((was, now), timeline.rate):
        length = f"{_clock(timeline, was.placed.frames)} -> {length}"
    return length if was.sounds == now.sounds else f"{length}, other words"


def _clock(timeline: Timeline, frames: int) -> str:
    return frames_clock(frames, timeline.rate, tenths=True)
