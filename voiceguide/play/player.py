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
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from voiceguide.play.asides import Aside
from voiceguide.play.commands import KINDS, Command, GoOn, Kind
from voiceguide.play.feed import Block, Feed, Underruns
from voiceguide.play.now import Now
from voiceguide.play.output import LiveOutput, NoSoundError
from voiceguide.play.performance import Changed, Effect, Ended, Flush, Performance, Say
from voiceguide.play.sound import Sound
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
STALL_S = 5.0
"""A device that has not asked for so long is gone. A sound server that was idle may take 2 s to begin."""
LEAVE_S = 0.5
"""How long the feeder may take to see that it is over: it may be making a long piece of sound."""
SETTLE_S = 1.0
"""How long a device that was let go may take to ask regularly again."""
LOOK_S = 1.0
"""How often somebody who waits looks whether the device is still there, and the clock is shown."""


class Player:
    """Plays *session* on *output*: `with Player(...) as player: for now in player.watch(): ...`.

    Commands may come from any thread. Entering opens the device; leaving lets it go, wherever play got to. It holds at
    the timeline's waits, unless *waits* is false.
    """

    offers: tuple[Kind, ...] = KINDS
    """The commands that it carries out."""

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
        self._asked = self._seen = 0.0
        self._woken = -math.inf
        self._looked, self._idle = time.monotonic(), 0.0

    def __enter__(self) -> Player:
        # the device first: it plays the preroll while the feeder loads what comes after it
        self.output.start(self)
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._feed.close()
        self._teller.close()
        self.output.stop()
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
        return self._performance.at(self.heard)

    @property
    def ahead(self) -> int:
        """How many frames wait for the device."""
        return self._feed.ahead

    @property
    def underruns(self) -> Underruns:
        """The silence that had to be put in because the sound was not ready in time."""
        return self._feed.underruns

    def do(self, command: Command) -> None:
        """Carry out *command* as soon as possible: it is heard once the device has played what it holds."""
        self._submit(command)

    def _submit(self, item: Command | Aside) -> None:
        self._commands.append(item)
        self._feed.wake()

    def wait(self, timeout_s: float) -> bool:
        """Tell whether play has ended, after *timeout_s* or a little earlier.

        Raises what went wrong in the feeder, and NoSoundError if the device no longer asks for sound.
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
        self.output.stop()

    def wake(self) -> None:
        """Take the device again. Raises VoiceguideError if there is none any more."""
        self._woken = time.monotonic()
        self.output.start(self)

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
        now = time.monotonic()
        # a computer that slept looks like a long time without asking, so no single look counts for much
        self._idle = 0.0 if self._asked != self._seen else self._idle + min(now - self._looked, LOOK_S)
        self._seen, self._looked = self._asked, now
        if self._idle > STALL_S:
            where = frames_clock(self.heard.here, self.rate)
            raise NoSoundError(f"the sound device is gone, at {where}", again=True)
        return False

    # What the output asks for

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before, self._asked = self._asked, time.monotonic()
        settled = before > self._woken + SETTLE_S
        if settled and self.output.latency_ms and self._asked - before > self.output.latency_ms / 1000:
            self._feed.note_late()
        data, changes = self._feed.pull(frames)
        self._tell(*(change.now for change in changes))
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
