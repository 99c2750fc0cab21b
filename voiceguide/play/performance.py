"""Performance: what stands in the middle of live play. Commands go in, effects and stretches come out.

It is pure: no audio, clock or threads. Whoever drives it makes sound of the stretches and does what the effects say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from voiceguide.play.commands import Command
from voiceguide.play.transport import State, Stretch, Transport
from voiceguide.timeline import StepSpan, Timeline


@dataclass(frozen=True)
class Now:
    """Where a session stands for the listener, whether it is held, and whether it is *waiting* of itself.

    Times are frames; *at* is the position.
    """

    timeline: Timeline
    at: int
    state: State
    waiting: bool = False

    @property
    def index(self) -> int:
        """The number of the current step, counted from 0; -1 before the first one.

        While it waits that is the step that has just ended, not the one that begins when the listener goes on.
        """
        count = bisect_left if self.waiting else bisect_right
        return count(self.timeline.steps, self.at, key=lambda step: step.start) - 1

    @property
    def step(self) -> StepSpan | None:
        """The current step."""
        return self.timeline.steps[self.index] if self.index >= 0 else None

    @property
    def following(self) -> StepSpan | None:
        """The step after it."""
        return next(iter(self.timeline.steps[self.index + 1 :]), None)

    @property
    def standing(self) -> tuple[int, State, bool]:
        """What is told when it changes: the number of the step, the state, and whether it waits."""
        return self.index, self.state, self.waiting


@dataclass(frozen=True)
class Changed:
    """The step, the state or the waiting has changed: it is *now*, *after* so many frames of the pull that told it."""

    now: Now
    after: int = 0


@dataclass(frozen=True)
class Ended:
    """Nothing sounds any more *after* so many frames of the pull that told it."""

    after: int = 0


@dataclass(frozen=True)
class Flush:
    """What was pulled beyond this place and is stored does not hold any more: it has to be pulled again."""


Effect = Changed | Ended | Flush


class Performance:
    """One playing of *timeline*, from its start. It holds at the timeline's waits, unless *waits* is false."""

    def __init__(self, timeline: Timeline, *, waits: bool = True) -> None:
        self._timeline = timeline
        self._starts = tuple(step.start for step in timeline.steps)
        self._transport = Transport.of(timeline.frames, self._starts, timeline.rate, timeline.waits if waits else ())

    @property
    def now(self) -> Now:
        """Where it stands."""
        return self.at(self._transport)

    @property
    def bookmark(self) -> Transport:
        """The place where it stands, to come back to."""
        return self._transport

    def rewind(self, bookmark: Transport) -> None:
        """Come back to *bookmark*: what was handled and pulled since then has not been."""
        self._transport = bookmark

    def at(self, bookmark: Transport) -> Now:
        """Return where it stood at *bookmark*."""
        return Now(self._timeline, bookmark.here, bookmark.state, bookmark.waiting)

    def handle(self, command: Command) -> tuple[Effect, ...]:
        """Carry out *command* here; return what follows from it. A command that changes nothing has no effects."""
        after = self._transport.do(command)
        return (Flush(), *self._move(after, 0)) if after != self._transport else ()

    def pull(self, frames: int) -> tuple[list[Stretch], tuple[Effect, ...]]:
        """Play on for *frames*; return what sounds in them, and what follows from that, in order."""
        stretches: list[Stretch] = []
        effects: list[Effect] = []
        done = 0
        while done < frames:
            before = self._transport
            after, stretch = before.first(frames - done)
            first, last = bisect_right(self._starts, stretch.start), bisect_left(self._starts, stretch.stop)
            for inside in (start - stretch.start for start in self._starts[first:last]):  # steps that begin on the way
                effects += self._move(before.pull(inside)[0], done + inside)
            done += stretch.frames
            effects += self._move(after, done)
            stretches.append(stretch)
        return stretches, tuple(effects)

    def _move(self, transport: Transport, after: int) -> list[Effect]:
        before, self._transport = self._transport, transport
        effects: list[Effect] = []
        if self.at(before).standing != self.now.standing:
            effects.append(Changed(self.now, after))
        if transport.over and not before.over:
            effects.append(Ended(after))
        return effects
