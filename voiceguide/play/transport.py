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
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from voiceguide.units import ms_to_frames

State = Literal["playing", "holding", "ended"]
Command = Literal["toggle", "hold", "go_on", "next", "previous", "seek", "quit"]
Fade = Literal["none", "in", "out", "silence"]

RAMP_MS = 10
"""How long the sound takes to go out and to come in: too short to be heard as a fade, too long to click."""
BACK_MS = 3_000
"""Further than this into a step, `previous` means its beginning, not the step before."""

TABLE: Mapping[tuple[State, Command], State] = MappingProxyType(
    {
        ("playing", "toggle"): "holding",
        ("playing", "hold"): "holding",
        ("playing", "go_on"): "playing",
        ("playing", "next"): "playing",
        ("playing", "previous"): "playing",
        ("playing", "seek"): "playing",
        ("playing", "quit"): "ended",
        ("holding", "toggle"): "playing",
        ("holding", "hold"): "holding",
        ("holding", "go_on"): "playing",
        ("holding", "next"): "holding",
        ("holding", "previous"): "holding",
        ("holding", "seek"): "holding",
        ("holding", "quit"): "ended",
        ("ended", "toggle"): "ended",
        ("ended", "hold"): "ended",
        ("ended", "go_on"): "ended",
        ("ended", "next"): "ended",
        ("ended", "previous"): "ended",
        ("ended", "seek"): "ended",
        ("ended", "quit"): "ended",
    }
)


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

    *at* is the next frame to sound, *gate* how far the sound is open, from 0 to *ramp*. *landing* is where the session
    will be once the sound has gone out; *jumping* tells a jump, which lands in any case, from a hold, which does not if
    the listener goes on before. *waits* are the frames at which it holds by itself; *waiting* tells such a hold from
    the listener's own.
    """

    frames: int
    starts: tuple[int, ...]
    ramp: int
    back: int
    gate: int
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
        return self.state == "ended" and self.gate == 0

    @property
    def here(self) -> int:
        """Where the session stands for the listener: *at*, or while the sound goes out the frame where it will land."""
        return self.at if self.landing is None else self.landing

    def do(self, command: Command, frame: int = 0) -> Transport:
        """Return this transport after *command*. *frame* is where `seek` goes; it is brought inside the session."""
        state = TABLE[self.state, command]
        if state == "ended":  # nothing is left to land at: the sound goes out where it is
            return replace(self, state=state, landing=None, jumping=False, waiting=False)
        if command in ("next", "previous", "seek"):
            goal = max(0, min(frame, self.frames)) if command == "seek" else self._neighbour(command)
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
            now, stretch = now._stretch(frames)
            stretches.append(stretch)
            frames -= stretch.frames
        return now, stretches

    def _stretch(self, frames: int) -> tuple[Transport, Stretch]:
        """Return the first stretch of the next *frames*, and the transport after it."""
        at, gate, left = self.at, self.gate, self.frames - self.at
        now = self
        if self.state == "playing" and not self.jumping:
            wait = next(iter(self.waits[self._passed(at) :]), None)
            left = left if wait is None else wait - at
            if gate == self.ramp:
                stretch = Stretch(at, at + min(frames, left))
            else:
                stretch = Stretch(at, at + min(frames, left, self.ramp - gate), "in", gate)
                gate += stretch.frames
            if stretch.stop == wait:
                now = replace(now, state="holding", waiting=True, landing=wait)
        elif gate:
            stretch = Stretch(at, at + min(frames, left, gate), "out", self.ramp - gate)
            gate -= stretch.frames
        else:
            return self, Stretch(at, at + frames, "silence")
        return replace(now, at=stretch.stop, gate=gate)._settled(), stretch

    def _settled(self) -> Transport:
        """Return this transport with what follows at once: with the sound out it lands, at the end it ends."""
        now = self
        if now.at >= now.frames:
            now = replace(now, gate=0)
        if now.gate == 0 and now.landing is not None:
            now = replace(now, at=now.landing, landing=None, jumping=False)
        if now.at >= now.frames and now.state == "playing" and not now.jumping:
            now = replace(now, state="ended", gate=0)
        return now

    def _passed(self, frame: int) -> int:
        """Return how many waits lie at or before *frame*."""
        return bisect_right(self.waits, frame)

    def _begun(self) -> int:
        """Return where a hold goes back to: before the sound has quite come in, to where it began to come in.

        That is never before a wait: from there on the listener has gone on.
        """
        if self.gate == self.ramp:
            return self.at
        return max(0, self.at - self.gate, *self.waits[: self._passed(self.at)][-1:])

    def _neighbour(self, command: Command) -> int:
        here = self.here
        index = bisect_right(self.starts, here)
        if command == "next":
            if self.waiting:  # the step that waits is over, but the one that begins here has not been heard
                index = bisect_left(self.starts, here)
            return self.starts[index] if index < len(self.starts) else self.frames
        if index == 0:
            return 0
        inside = here - self.starts[index - 1] > self.back
        return self.starts[index - 1] if inside or index == 1 else self.starts[index - 2]
