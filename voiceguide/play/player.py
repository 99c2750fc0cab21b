"""Player: a feeder and a live output joined, for all who command and watch.

    feeder thread:  commands -> Performance -> Sound -> Feed
    device thread:                                      Feed -> device, changes -> whoever watches

The device's asking is the only clock.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

from voiceguide.play.commands import KINDS, Command, End, GoOn, Hold, Kind, Quit, Stop, Toggle
from voiceguide.play.feed import Underruns
from voiceguide.play.feeder import Feeder
from voiceguide.play.line import Line
from voiceguide.play.now import Now
from voiceguide.play.output import LiveOutput, NoSoundError
from voiceguide.play.sound import FRAME_BYTES
from voiceguide.play.stand import ANEW, Begin, Stand
from voiceguide.units import frames_clock, ms_to_frames

if TYPE_CHECKING:
    from voiceguide.session import Session

UNSURE_MS = 200
"""What is played again beyond what a lost device is known to have kept: a sound server has a store of its own."""
SETTLE_S = 1.0
"""How long a device that was let go may take to ask regularly again."""
LOOK_S = 1.0
"""How often somebody who waits looks whether it is over, and the clock is shown."""


class Player:
    """Plays *session* on *output*: `with Player(...) as player: for now in player.watch(): ...`.

    Commands may come from any thread. Entering opens the device; leaving lets it go, wherever play got to. It holds at
    the timeline's waits, unless *waits* is false.
    """

    offers: tuple[Kind, ...] = KINDS
    """The commands that it carries out."""
    returns = False
    """Whether it goes on by itself when a lost device is back, or waits for the listener."""
    tap: Callable[[bytes], None] | None = None
    """What is to be given all that the device is given, at once, from the device's thread: it must only keep it."""
    gives_up_s = math.inf
    """For how long a lost device is looked for."""

    def __init__(self, session: Session, output: LiveOutput, *, waits: bool = True, begin: Begin = ANEW) -> None:
        self.rate = session.timeline.rate
        self.output = output
        self._feeder = Feeder(session, begin, waits=waits, look=self.look, over=self._finish)
        self._feed = self._feeder.feed
        self._done = Event()
        self._watchers: list[SimpleQueue[Now | None]] = []
        self._asked, self._woken = 0.0, -math.inf
        self._line = Line(output, self)
        self._away, self._muted, self._goes_on = "", False, False
        self._coming = False
        """Whether it goes on by itself since the device is back; from the next command on it is as it was."""
        self._away_since = math.inf

    def __enter__(self) -> Player:
        # the device first: it plays the preroll while the feeder loads what comes after it
        self._line.open()
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._feeder.close()
        self._line.close()
        self._feeder.join()
        self._finish()

    @property
    def ready(self) -> bool:
        """Whether the first sound is there: until then commands can do nothing."""
        return self._feeder.ready.is_set()

    def prepare(self) -> None:
        """Wait for the first sound: clips may have to be made for it."""
        while not self._feeder.ready.wait(LOOK_S):  # with a limit, so that Ctrl-C is heard on Windows too
            pass

    @property
    def heard(self) -> Stand:
        """Where play stands: everything before it has been handed to the device."""
        return self._feed.heard

    @property
    def now(self) -> Now:
        """Where the session stands for the listener."""
        return self._told(self._feeder.at(self.heard))

    def _told(self, now: Now) -> Now:
        making = now.making and (self._feeder.doing or now.making)
        if self._coming and now.state == "holding" and not now.waiting:
            now = replace(now, answering=True)  # a hold that nobody has to end
        return replace(now, away=self._away, returns=bool(self._away) and self._goes_on, making=making)

    @property
    def ahead(self) -> int:
        """How many frames wait for the device."""
        return self._feed.ahead

    @property
    def underruns(self) -> Underruns:
        """The silence that had to be put in because the sound was not ready in time."""
        return self._feed.underruns

    def do(self, command: Command) -> None:
        """Carry out *command* as soon as possible: it is heard once the device has played what it holds.

        While there is no device, nothing but the end can be asked for, and whether it goes on when it is back.
        """
        if self._away and not isinstance(command, Hold | Quit | Stop | End):
            if isinstance(command, GoOn | Toggle):
                self._goes_on = isinstance(command, GoOn) or not self._goes_on
                self._tell(self.now)
            return
        self._coming = False
        self._feeder.submit(command)

    def signal(self) -> None:
        """Let a short soft tone sound: something was understood that was not pressed."""
        self._feeder.signal()

    def wait(self, timeout_s: float) -> bool:
        """Tell whether play has ended, after *timeout_s* or a little earlier.

        Raises what went wrong in the feeder, and NoSoundError if a lost device was looked for long enough.
        """
        end = time.monotonic() + timeout_s
        while not self._over():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._done.wait(min(left, LOOK_S))
        return True

    def look(self) -> None:
        """Have all who watch look at once, though nothing has changed. May be called by the handler of a signal."""
        self._tell(None)

    def rest(self) -> None:
        """Let the device go, for as long as the process is stopped."""
        self._line.rest()

    def wake(self) -> None:
        """Take the device again; if it is gone by now, it is looked for as any lost one."""
        self._woken = time.monotonic()
        self._line.wake()

    def watch(self, soon: Callable[[Now], float] | None = None) -> Iterator[Now]:
        """Yield `now` until play has ended: at once, at every change, and as often as the clock shows another second.

        *soon*, told what was yielded, says after how many seconds it should be yielded again in any case.
        Raises what `wait` raises. Each of several watchers is told of everything.
        """
        news: SimpleQueue[Now | None] = SimpleQueue()
        self._watchers.append(news)
        told: Now | None = None
        while not (self._over() and news.empty()):
            now = told or self.now
            yield now
            second = (self.rate - now.at % self.rate) / self.rate if now.state == "playing" else LOOK_S
            second = min(second, soon(now)) if soon else second
            try:
                told = news.get(timeout=second)
            except Empty:
                told = None

    def _over(self) -> bool:
        if self._feeder.error is not None:
            raise self._feeder.error
        if self._done.is_set():
            return True
        if time.monotonic() - self._away_since > self.gives_up_s:
            where = frames_clock(self.heard.here, self.rate)
            raise NoSoundError(f"the sound device is gone, at {where}", again=True)
        return False

    # What the line asks and tells

    @property
    def held(self) -> bool:
        """Whether the session is held."""
        return self._feed.held

    def away(self, reason: str) -> None:
        """Hold: nothing can be heard any more. What the device had and did not play is to be heard again."""
        self._coming = False
        if self._feed.goes_on:
            self._feed.give_back(ms_to_frames(self.output.latency_ms + UNSURE_MS, self.rate))
            self._muted, self._goes_on = True, self.returns
            self._feeder.submit(Hold())
        else:
            self._goes_on = False
        self._away, self._away_since = reason, time.monotonic()
        self._tell(self.now)

    def back(self) -> None:
        """Be heard again: go on, or wait for the listener."""
        going, self._goes_on = self._goes_on, False
        self._coming = self._coming or going  # it may be told twice
        self._woken, self._away, self._away_since = time.monotonic(), "", math.inf
        self._feed.lead_in()
        if going:
            self._feeder.submit(GoOn())
        self._tell(self.now)

    # What the output asks for

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before, self._asked = self._asked, time.monotonic()
        settled = before > self._woken + SETTLE_S
        dry = self.output.latency_ms and self._asked - before > self.output.latency_ms / 1000
        if settled and dry and self._feed.note_late():
            self._line.dry()
        data = self._pulled(frames)
        if self.tap is not None:
            self.tap(data)
        return data

    def _pulled(self, frames: int) -> bytes:
        if self._muted and self._feed.goes_on:  # the hold has not come through yet
            return bytes(frames * FRAME_BYTES)
        self._muted = False
        data, changes = self._feed.pull(frames)
        self._tell(*(self._told(change.now) for change in changes))
        if self._feed.done and not self._done.is_set():
            self._finish()
        return data

    def _tell(self, *news: Now | None) -> None:
        for now in news:
            for watcher in self._watchers:
                watcher.put(now)

    def _finish(self) -> None:
        """Let whoever waits or watches go."""
        self._feeder.ready.set()
        self._done.set()
        self._tell(None)
