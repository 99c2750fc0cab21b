"""Transport: what sounds next, as numbers. A table (state x command -> state), no audio, no clock, no threads.

A transport is a value. `do` answers with the transport after a command, `pull` with the transport after some frames
and the stretches of the session that sound in them. While nothing is commanded, the stretches cover the session in
order, each frame once, untouched. Around a hold or a jump the sound goes out and comes in over `ramp` frames:

    playing --hold--> (goes out) holding, back where the going out began --go on--> (comes in) playing
    playing --jump--> (goes out) playing, there (comes in)

Both ramps of a hold lie over the same frames and add up to one: nothing of the session is lost.

At a wait the session holds by itself, as if the listener had held it at that very frame:

    playing --reaches a wait--> (goes out) holding and waiting, at the wait --go on, next--> (comes in) playing

Only play that comes from before reaches a wait. A jump over it or to it does not wait; whoever goes back waits again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, get_args

from voiceguide.nouns import dataclass
from voiceguide.play.commands import Command, GoOn, Hold, Kind, Next, Previous, Quit, Seek, Toggle
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import ms_to_frames

State = Literal["playing", "holding", "ended"]
Fade = Literal["none", "in", "out", "silence"]

RAMP_MS = 10
"""How long the sound takes to go out and to come in: too short to be heard as a fade, too long to click."""
BACK_MS = 3_000
"""Further than this into a step, `previous` means its beginning, not the step before."""


def _row(*after: State) -> Mapping[State, State]:
    return MappingProxyType(dict(zip(get_args(State), after, strict=True)))


TABLE: Mapping[Kind, Mapping[State, State]] = MappingProxyType(
    {
        # while:      playing    holding    ended
        Toggle: _row("holding", "playing", "ended"),
        Hold: _row("holding", "holding", "ended"),
        GoOn: _row("playing", "playing", "ended"),
        Next: _row("playing", "holding", "ended"),
        Previous: _row("playing", "holding", "ended"),
        Seek: _row("playing", "holding", "ended"),
        Quit: _row("ended", "ended", "ended"),
    }
)
"""The state after a command, by the state before."""


@dataclass(frozen=True)
class Stretch:
    """Frames *start* to *stop* of the session, coming `in`, going `out`, or untouched (`none`).

    *done* counts the frames of the ramp that lie before. In `silence` nothing sounds for as many frames, and the
    session stays at *start*.
    """

    start: int
    stop: int
    fade: Fade = "none"
    done: int = 0

    @property
    def frames(self) -> int:
        """Its length."""
        return self.stop - self.start


@dataclass(frozen=True)
class Transport:
    """Where a session of *frames* stands.

    *at* is the next frame to sound, *fade_at* how far it has faded in: 0 is silent, *ramp* is open. *landing* is where
    the session will be once the sound has gone out; *jumping* tells a jump, which lands in any case, from a hold, which
    does not if the listener goes on before. *waits* are the frames at which it holds by itself; *waiting* tells such a
    hold from the listener's own.
    """

    frames: int
    starts: tuple[int, ...]
    ramp: int
    back: int
    fade_at: int
    state: State = "playing"
    at: int = 0
    landing: int | None = None
    jumping: bool = False
    waits: tuple[int, ...] = ()
    waiting: bool = False

    @classmethod
    def of(cls, frames: int, starts: Iterable[int], rate: int, waits: Iterable[int] = ()) -> Transport:
        """Return a transport at the start of a session of *frames* whose steps begin at *starts*.

        It holds at *waits*, except at the end: there is nothing to go on to.
        """
        ramp = ms_to_frames(RAMP_MS, rate)
        begun = cls(frames, tuple(sorted(set(starts))), ramp, ms_to_frames(BACK_MS, rate), ramp)
        return replace(begun, waits=tuple(sorted({wait for wait in waits if 0 < wait < frames})))._settled()

    @property
    def over(self) -> bool:
        """Nothing will sound any more."""
        return self.state == "ended" and self.fade_at == 0

    @property
    def here(self) -> int:
        """Where the session stands for the listener: *at*, or while the sound goes out the frame where it will land."""
        return self.at if self.landing is None else self.landing

    def do(self, command: Command) -> Transport:
        """Return this transport after *command*."""
        state = TABLE[type(command)][self.state]
        if state == "ended":  # nothing is left to land at: the sound goes out where it is
            return replace(self, state=state, landing=None, jumping=False, waiting=False)
        goal = self._goal(command)
        if goal is not None:
            # whoever moves while the session waits has not held it: it plays from there
            state = "playing" if self.waiting else state
            return replace(self, state=state, landing=goal, jumping=True, waiting=False)._settled()
        if self.jumping or state == self.state:
            return replace(self, state=state)._settled()
        if state == "holding":
            return replace(self, state=state, landing=self._begun())._settled()
        # the sound turns round where it is, unless it has gone out over a wait: that is not passed, but played up to
        over = self._passed(self.at) > self._passed(self.here)
        landing = self.landing if over else None
        return replace(self, state=state, landing=landing, jumping=over, waiting=False)._settled()

    def pull(self, frames: int) -> tuple[Transport, list[Stretch]]:
        """Return the transport *frames* later and what sounds until then. However they are cut, it is the same."""
        now, stretches = self, []
        while frames > 0:
            now, stretch = now.first(frames)
            stretches.append(stretch)
            frames -= stretch.frames
        return now, stretches

    def first(self, frames: int) -> tuple[Transport, Stretch]:
        """Return the transport after the first stretch of the next *frames*, and that stretch."""
        at, fade_at, left = self.at, self.fade_at, self.frames - self.at
        now = self
        if self.state == "playing" and not self.jumping:
            wait = next(iter(self.waits[self._passed(at) :]), None)
            left = left if wait is None else wait - at
            if fade_at == self.ramp:
                stretch = Stretch(at, at + min(frames, left))
            else:
                stretch = Stretch(at, at + min(frames, left, self.ramp - fade_at), "in", fade_at)
                fade_at += stretch.frames
            if stretch.stop == wait:
                now = replace(now, state="holding", waiting=True, landing=wait)
        elif fade_at:
            stretch = Stretch(at, at + min(frames, left, fade_at), "out", self.ramp - fade_at)
            fade_at -= stretch.frames
        else:
            return self, Stretch(at, at + frames, "silence")
        return replace(now, at=stretch.stop, fade_at=fade_at)._settled(), stretch

    def _settled(self) -> Transport:
        """Return this transport with what follows at once: with the sound out it lands, at the end it ends."""
        now = self
        if now.at >= now.frames:
            now = replace(now, fade_at=0)
        if now.fade_at == 0 and now.landing is not None:
            now = replace(now, at=now.landing, landing=None, jumping=False)
        if now.at >= now.frames and now.state == "playing" and not now.jumping:
            now = replace(now, state="ended", fade_at=0)
        return now

    def _passed(self, frame: int) -> int:
        """Return how many waits lie at or before *frame*."""
        return bisect_right(self.waits, frame)

    def _begun(self) -> int:
        """Return where a hold goes back to: before the sound has quite come in, to where it began to come in.

        That is never before a wait: from there on the listener has gone on.
        """
        if self.fade_at == self.ramp:
            return self.at
        return max(0, self.at - self.fade_at, *self.waits[: self._passed(self.at)][-1:])

    def _goal(self, command: Command) -> int | None:
        """Return the frame to which *command* jumps, or None if it stays."""
        here = self.here
        index = bisect_right(self.starts, here)
        match command:
            case Seek(frame):
                return max(0, min(frame, self.frames))
            case Next():
                if self.waiting:  # the step that waits is over, but the one that begins here has not been heard
                    index = bisect_left(self.starts, here)
                return self.starts[index] if index < len(self.starts) else self.frames
            case Previous():
                if index == 0:
                    return 0
                inside = here - self.starts[index - 1] > self.back
                return self.starts[index - 1] if inside or index == 1 else self.starts[index - 2]
        return None


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
