"""Line: the output of a player, watched: it is lost, looked for every second, and taken again, and nobody waits for it.

A device that is gone tells nothing: it stops asking for sound. One whose server is frozen does not even let itself be
closed, so all that may hang is done in threads that can be left behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.output import LiveOutput
from voiceguide.play.sound import FRAME_BYTES

POLL_S = 0.02
"""How often it is looked whether the device still asks, and how much passes at once while there is none."""
MUTE_S = 1.0
"""A device that has not asked for so long is gone."""
BEGIN_S = 5.0
"""How long it may take to begin to ask, as an idle sound server does in 2 s, or where no latency is known."""
STEADY = 10
"""After so many polls in which it asked, it has begun: it may fill its own store and then wait for its server."""
LOOK_S = 1.0
"""How often a lost device is looked for."""
LONGEST_MS = 500
"""As much as a device that ran dry keeps at most; each time it gets half as much again."""
CLOSE_S = 0.5
"""How long a device may take to be let go before it is left behind."""


class Fed(Protocol):
    """Whom a line gets its sound from, and tells what becomes of the device."""

    @property
    def rate(self) -> int:
        """Frames a second."""

    def pull(self, frames: int) -> bytes:
        """Return the next *frames*, at once, from any thread."""

    @property
    def held(self) -> bool:
        """Whether the session is held: then the device may be opened anew."""

    def away(self, reason: str) -> None:
        """Be told that nothing can be heard any more, for this *reason*."""

    def back(self) -> None:
        """Be told that it can be heard again."""


class _Tap:
    """What one opening of the device pulls at. Once the line has another, it gives silence."""

    def __init__(self, line: Line) -> None:
        self.rate = line.fed.rate
        self.line = line

    def pull(self, frames: int) -> bytes:
        """Return the next *frames*, at once."""
        return self.line.pull(self, frames)


class Line:
    """Plays what *fed* gives on *output*, from `open` to `close`.

    While there is no device, time passes as if there were one, and what is pulled is heard by nobody.
    """

    def __init__(self, output: LiveOutput, fed: Fed) -> None:
        self.output = output
        self.fed = fed
        self.lost = False
        """Whether there is no device now."""
        self._tap = _Tap(self)
        self._moved = self._closed = False
        self._asked, self._asks = False, 0
        self._idle = 0.0
        self._wanted_ms = 0
        self._told = False
        self._looking: Thread | None = None
        self._found: _Tap | None = None
        self._looked = 0.0
        self._end = Event()

    def open(self) -> None:
        """Open the device; from now on it is watched. Raises VoiceguideError, as `Output.start` does."""
        tap = self._anew()
        self.output.on_move = self._on_move(tap)
        self.output.start(tap)
        Thread(target=self._watch, name="voiceguide line", daemon=True).start()

    def close(self) -> None:
        """Let the device go, or leave it behind."""
        self._end.set()
        self.rest()

    def rest(self) -> None:
        """Let the device go for a while."""
        self._closed = True
        self._tap, self._found = _Tap(self), None
        _apart(self.output.stop, CLOSE_S)

    def wake(self) -> None:
        """Take the device again, as soon as there is one: it may have gone meanwhile, and is looked for then."""
        self._anew_soon()
        self._closed = False

    def _anew_soon(self) -> None:
        """Have the device opened anew at the next look."""
        self.lost, self._told, self._tap, self._looked = True, False, _Tap(self), -LOOK_S

    def dry(self) -> None:
        """Be told that the device ran dry: it is opened anew, and keeps more, as soon as the session is held."""
        self._wanted_ms = min(self.output.latency_ms * 3 // 2, LONGEST_MS)

    def pull(self, tap: _Tap, frames: int) -> bytes:
        """Give *tap* the next *frames*."""
        if tap is not self._tap:
            return bytes(frames * FRAME_BYTES)
        self._asked = True
        return self.fed.pull(frames)

    def _anew(self) -> _Tap:
        tap = _Tap(self)
        self._tap, self._idle, self._asked, self._asks, self._moved = tap, 0.0, False, 0, False
        return tap

    def _on_move(self, tap: _Tap) -> Callable[[], None]:
        def moved() -> None:
            if tap is self._tap and self._asks:
                self._moved = True

        return moved

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._end.wait(POLL_S):
            # a computer that slept looks like a long time, so no single look counts for much
            passed, before = min(time.monotonic() - before, 5 * POLL_S), time.monotonic()
            if self._closed:
                continue
            if self.lost:
                if self._told:
                    self.fed.pull(round(passed * self.fed.rate))
                self._look()
            elif self._wanted_ms > self.output.latency_ms and self.fed.held:
                self.output.choose(latency_ms=self._wanted_ms)
                self._wanted_ms = 0
                self._anew_soon()
            elif self._moved:
                self._moved = False
                self.fed.away("the sound has moved to another device")
                self.fed.back()
            elif self._mute(passed):
                self.lost, self._told, self._tap = True, True, _Tap(self)
                self._looked = time.monotonic()
                self.fed.away("it has stopped, or was pulled out")

    def _mute(self, passed: float) -> bool:
        asked, self._asked = self._asked, False
        self._asks += asked
        self._idle = 0.0 if asked else self._idle + passed
        return self._idle > (MUTE_S if self._asks > STEADY and self.output.latency_ms else BEGIN_S)

    def _look(self) -> None:
        """Look for a device, without waiting for it."""
        if self._looking is not None and self._looking.is_alive():
            return
        if self._found is not None:
            found, self._found = self._found, None
            self._tap, self._idle, self._asked, self._asks, self._moved = found, 0.0, False, 0, False
            self.lost = False
            self.fed.back()
        elif time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            self._looking = Thread(target=self._try, name="voiceguide looks for a device", daemon=True)
            self._looking.start()

    def _try(self) -> None:
        tap = _Tap(self)
        try:
            _apart(self.output.stop, CLOSE_S)
            self.output.on_move = self._on_move(tap)
            self.output.start(tap)
        except VoiceguideError:
            if not self._told:
                self._told = True
                self.fed.away("it cannot be opened any more")
            return
        if self._end.is_set() or self._closed:
            self.output.stop()
        else:
            self._found = tap


def _apart(work: Callable[[], None], patience_s: float) -> None:
    """Do *work* in a thread that is left behind after *patience_s*."""
    thread = Thread(target=work, name="voiceguide lets a device go", daemon=True)
    thread.start()
    thread.join(patience_s)
