"""Player: a performance, its sound and a live output joined by one thread that makes sound ahead of the device.

    feeder thread:  commands -> Performance -> Sound -> Feed
    device thread:                                      Feed -> device, changes -> whoever watches

The device's asking is the only clock.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from voiceguide.play.asides import Aside
from voiceguide.play.commands import KINDS, Command, End, GoOn, Hold, Kind, Quit, Stop, Toggle
from voiceguide.play.feed import Block, Feed, Underruns
from voiceguide.play.line import Line
from voiceguide.play.now import Now
from voiceguide.play.output import LiveOutput, NoSoundError
from voiceguide.play.performance import Changed, Effect, Ended, Flush, Performance, Say
from voiceguide.play.sound import FRAME_BYTES, Sound
from voiceguide.play.stand import ANEW, Begin, Edition, Stand
from voiceguide.play.teller import NotKnownYetError, Teller
from voiceguide.units import frames_clock, ms_to_frames

if TYPE_CHECKING:
    from voiceguide.plan.outline import Outline
    from voiceguide.session import Session

BLOCK_MS = 20
DEPTH = 10
"""Blocks that wait for the device, against 0.2 s of a busy machine. Commands take them back, so they cost no time."""
PREROLL_MS = 300
"""Silence first: a sleeping device (a Bluetooth speaker, an idle sound server) swallows what comes while it wakes."""
POSTROLL_MS = 250
"""Silence last, so that the device has played the end before it is closed."""
UNSURE_MS = 200
"""What is played again beyond what a lost device is known to have kept: a sound server has a store of its own."""
LEAVE_S = 0.5
"""How long the feeder may take to see that it is over: it may be making a long piece of sound."""
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
    gives_up_s = math.inf
    """For how long a lost device is looked for."""

    def __init__(self, session: Session, output: LiveOutput, *, waits: bool = True, begin: Begin = ANEW) -> None:
        self.rate = session.timeline.rate
        self.output = output
        self._performance = Performance(Edition.of(session.plan, begin.turns), waits=waits, begin=begin)
        self._sound = Sound(session)
        self._teller = Teller(session, self._submit)
        begun = self._performance.bookmark
        self._feed = Feed(begun, DEPTH, ms_to_frames(PREROLL_MS, self.rate), ms_to_frames(POSTROLL_MS, self.rate))
        self._block = ms_to_frames(BLOCK_MS, self.rate)
        self._commands: deque[Command | Aside] = deque([GoOn()] if begin.held else [])
        self._feeder = Thread(target=self._work, name="voiceguide feeder", daemon=True)
        self._error: BaseException | None = None
        self._ready, self._done = Event(), Event()
        self._watchers: list[SimpleQueue[Now | None]] = []
        self._asked, self._woken = 0.0, -math.inf
        self._line = Line(output, self)
        self._away, self._muted, self._goes_on = "", False, False
        self._away_since = math.inf

    def __enter__(self) -> Player:
        # the device first: it plays the preroll while the feeder loads what comes after it
        self._line.open()
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._feed.close()
        self._teller.close()
        self._line.close()
        if self._feeder.is_alive():
            self._feeder.join(timeout=LEAVE_S)
        self._finish()

    @property
    def ready(self) -> bool:
        """Whether the first sound is there: until then commands can do nothing."""
        return self._ready.is_set()

    def prepare(self) -> None:
        """Wait for the first sound: clips may have to be made for it."""
        while not self._ready.wait(LOOK_S):  # with a limit, so that Ctrl-C is heard on Windows too
            pass

    @property
    def heard(self) -> Stand:
        """Where play stands: everything before it has been handed to the device."""
        return self._feed.heard

    @property
    def now(self) -> Now:
        """Where the session stands for the listener."""
        return replace(self._performance.at(self.heard), away=self._away)

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
                self._goes_on = True
            return
        self._submit(command)

    def _submit(self, item: Command | Aside) -> None:
        self._commands.append(item)
        self._feed.wake()

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
        if self._error is not None:
            raise self._error
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
        if self._feed.goes_on:
            self._feed.give_back(ms_to_frames(self.output.latency_ms + UNSURE_MS, self.rate))
            self._muted, self._goes_on = True, self.returns
            self._submit(Hold())
        else:
            self._goes_on = False
        self._away, self._away_since = reason, time.monotonic()
        self._tell(self.now)

    def back(self) -> None:
        """Be heard again: go on, or wait for the listener."""
        self._woken, self._away, self._away_since = time.monotonic(), "", math.inf
        self._feed.lead_in(ms_to_frames(PREROLL_MS, self.rate))
        if self._goes_on:
            self._goes_on = False
            self._submit(GoOn())
        self._tell(self.now)

    # What the output asks for

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before, self._asked = self._asked, time.monotonic()
        settled = before > self._woken + SETTLE_S
        dry = self.output.latency_ms and self._asked - before > self.output.latency_ms / 1000
        if settled and dry and self._feed.note_late():
            self._line.dry()
        if self._muted and self._feed.goes_on:  # the hold has not come through yet
            return bytes(frames * FRAME_BYTES)
        self._muted = False
        data, changes = self._feed.pull(frames)
        self._tell(*(replace(change.now, away=self._away) for change in changes))
        if self._feed.done and not self._done.is_set():
            self._finish()
        return data

    def _tell(self, *news: Now | None) -> None:
        for now in news:
            for watcher in self._watchers:
                watcher.put(now)

    def _finish(self) -> None:
        """Let whoever waits or watches go."""
        self._ready.set()
        self._done.set()
        self._tell(None)

    # The feeder

    def _work(self) -> None:
        try:
            while self._feed.wait(lambda room: bool(self._commands) or (room and not self._performance.bookmark.over)):
                if self._commands:
                    self._obey([self._commands.popleft() for _ in range(len(self._commands))])
                else:
                    self._feed.replace(None, [self._make()])
                self._ready.set()
        except BaseException as error:  # whatever it is, it belongs to the one who waits for the end
            self._error = error
            self._finish()

    def _obey(self, items: Sequence[Command | Aside]) -> None:
        """Carry out *items*, commands or words beside the session, at the first block that nothing has been taken of.

        The new blocks are made before the old ones go, so that there is no underrun while a clip is loaded. If the
        device is faster, they are made again from where it is by then.
        """
        tail = self._performance.bookmark
        while True:
            place = self._feed.untouched()
            self._performance.rewind(place.before if place else tail)
            unknown: list[tuple[Outline, Command]] = []
            effects = [effect for item in items for effect in self._handle(item, unknown)]
            if Flush() not in effects:
                self._performance.rewind(tail)
                self._let_tell(effects, unknown)
                return
            # what earlier commands have changed here has not been told yet
            pending = [change for change in place.changes if change.after == 0] if place else []
            blocks = [self._make([*pending, *effects])]  # one at least: the feed has to see the end
            while len(blocks) < DEPTH and not self._performance.bookmark.over:
                blocks.append(self._make())
            if self._feed.replace(place, blocks):
                self._let_tell(effects, unknown)
                return

    def _handle(self, item: Command | Aside, unknown: list[tuple[Outline, Command]]) -> tuple[Effect, ...]:
        """Carry out *item* here; add it to *unknown* if a length has to be found out for it first."""
        if isinstance(item, Aside):
            return self._performance.say(item)
        try:
            return self._performance.handle(item, self._teller.measure)
        except NotKnownYetError as error:
            unknown.append((error.outline, item))
            return ()

    def _let_tell(self, effects: Sequence[Effect], unknown: Sequence[tuple[Outline, Command]]) -> None:
        for outline, command in unknown:
            self._teller.find_out(outline, command)
        for effect in effects:
            if isinstance(effect, Say):
                self._teller.say(effect.saying, effect.now)

    def _make(self, effects: Sequence[Effect] = ()) -> Block:
        """Return the next block, which begins with *effects*."""
        before = self._performance.bookmark
        stretches, more = self._performance.pull(self._block)
        effects = (*effects, *more)
        changes = tuple(effect for effect in effects if isinstance(effect, Changed))
        data = self._sound.render(before, stretches, self._performance.bookmark)
        return Block(data, before, changes, any(isinstance(e, Ended) for e in effects))
