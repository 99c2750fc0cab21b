"""Performance: one playing of a timeline, as values: commands and pulls in, stretches and effects out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from voiceguide.nouns import dataclass
from voiceguide.play.commands import Move
from voiceguide.play.now import Now
from voiceguide.play.transport import Stretch, Transport
from voiceguide.timeline import Timeline


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

    def handle(self, command: Move) -> tuple[Effect, ...]:
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
