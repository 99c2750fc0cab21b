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
from voiceguide.play.commands import End, GoOn, Hold, Kind, Move, Next, Previous, Seek, Toggle
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
        End: _row("ended", "ended", "ended"),
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

    def do(self, command: Move) -> Transport:
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

    def _goal(self, command: Move) -> int | None:
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
