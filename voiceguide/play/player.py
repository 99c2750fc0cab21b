"""Player: a performance, its sound and a live output joined by one thread that makes sound ahead of the device.

    feeder thread:  commands -> Performance -> Sound -> Feed
    device thread:                                      Feed -> device, changes -> whoever watches

The device's asking is the only clock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from voiceguide.play.commands import MOVES, Command, End, Hold, Kind, Move, Quit, Stop
from voiceguide.play.feed import FRAME_BYTES, Block, Feed, Sound, Underruns
from voiceguide.play.now import Now
from voiceguide.play.output import AnyOutput, Buffer, LiveOutput, NoSoundError, WholeOutput
from voiceguide.play.performance import Changed, Effect, Ended, Flush, Performance
from voiceguide.play.transport import Stretch, Transport
from voiceguide.units import frames_clock, ms_to_frames

if TYPE_CHECKING:
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
LOOK_S = 1.0
"""How often somebody who waits looks whether the device is still there, and the clock is shown."""


class Player:
    """Plays *session* on *output*: `with Player(...) as player: for now in player.watch(): ...`.

    Commands may come from any thread. Entering opens the device; leaving lets it go, wherever play got to. It holds at
    the timeline's waits, unless *waits* is false.
    """

    offers: tuple[Kind, ...] = (*MOVES, Stop, Quit)
    """The commands that it carries out."""

    def __init__(self, session: Session, output: LiveOutput, *, waits: bool = True) -> None:
        self.rate = session.timeline.rate
        self.output = output
        self._performance = Performance(session.timeline, waits=waits)
        start = self._performance.bookmark
        self._sound = Sound(session, start.ramp)
        self._feed = Feed(start, DEPTH, ms_to_frames(PREROLL_MS, self.rate), ms_to_frames(POSTROLL_MS, self.rate))
        self._block = ms_to_frames(BLOCK_MS, self.rate)
        self._commands: deque[Move] = deque()
        self._feeder = Thread(target=self._work, name="voiceguide feeder", daemon=True)
        self._error: BaseException | None = None
        self._ready, self._done = Event(), Event()
        self._watchers: list[SimpleQueue[Now | None]] = []
        self._asked = self._seen = 0.0
        self._looked, self._idle = time.monotonic(), 0.0

    def __enter__(self) -> Player:
        # the device first: it plays the preroll while the feeder loads what comes after it
        self.output.start(self)
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._feed.close()
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
    def heard(self) -> Transport:
        """Where the transport stands: everything before it has been handed to the device."""
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
        move = {Quit: End(), Stop: Hold()}.get(type(command), command)
        if isinstance(move, Move):
            self._commands.append(move)
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

    def watch(self) -> Iterator[Now]:
        """Yield `now` until play has ended: at once, at every change, and as often as the clock shows another second.

        Raises what `wait` raises. Each of several watchers is told of everything.
        """
        news: SimpleQueue[Now | None] = SimpleQueue()
        self._watchers.append(news)
        told: Now | None = None
        while not (self._over() and news.empty()):
            now = told or self.now
            yield now
            second = (self.rate - now.at % self.rate) / self.rate if now.state == "playing" else LOOK_S
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
            where = frames_clock(self.heard.at, self.rate)
            raise NoSoundError(f"the sound device is gone, at {where}", again=True)
        return False

    # What the output asks for

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before, self._asked = self._asked, time.monotonic()
        if self.output.latency_ms and self._asked - before > self.output.latency_ms / 1000:
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

    def _obey(self, commands: Sequence[Move]) -> None:
        """Carry out *commands* at the first block that nothing has been taken of.

        The new blocks are made before the old ones go, so that there is no underrun while a clip is loaded. If the
        device is faster, they are made again from where it is by then.
        """
        tail = self._performance.bookmark
        while True:
            place = self._feed.untouched()
            self._performance.rewind(place.before if place else tail)
            effects = [effect for command in commands for effect in self._performance.handle(command)]
            if Flush() not in effects:
                self._performance.rewind(tail)
                return
            # what earlier commands have changed here has not been told yet
            pending = [change for change in place.changes if change.after == 0] if place else []
            blocks = [self._make([*pending, *effects])]  # one at least: the feed has to see the end
            while len(blocks) < DEPTH and not self._performance.bookmark.over:
                blocks.append(self._make())
            if self._feed.replace(place, blocks):
                return

    def _make(self, effects: Sequence[Effect] = ()) -> Block:
        """Return the next block, which begins with *effects*."""
        before = self._performance.bookmark
        stretches, more = self._performance.pull(self._block)
        effects = (*effects, *more)
        changes = tuple(effect for effect in effects if isinstance(effect, Changed))
        return Block(self._sound.render(stretches), before, changes, any(isinstance(e, Ended) for e in effects))


MADE_FRAMES = 1 << 16
POLL_S = 0.1
"""How often it looks how far the output is: such an output tells nothing by itself."""


class WholePlayer:
    """Plays *session* on *output* as `Player` does, but makes all of it before it begins."""

    offers: tuple[Kind, ...] = (Quit, End, Stop)
    """The commands that it carries out."""
    underruns = Underruns()
    """None: the whole sound is there before it is needed."""
    ready = True
    """It quits at any time, even while it makes the sound."""

    def __init__(self, session: Session, output: WholeOutput) -> None:
        self.rate = session.timeline.rate
        self.output = output
        self._timeline = session.timeline
        self._sound = Sound(session, 1)  # nothing fades
        self._preroll = ms_to_frames(PREROLL_MS, self.rate)
        self._entered = False
        self._ended_at: int | None = None

    def __enter__(self) -> WholePlayer:
        data = b"".join(self._pieces())
        if self._ended_at is None:
            self.output.start(Buffer(data, self.rate))
            self._entered = True
        return self

    def __exit__(self, *_: object) -> None:
        self.output.stop()

    def prepare(self) -> None:
        """Do nothing: entering has made all the sound."""

    def _pieces(self) -> Iterator[bytes]:
        yield bytes(self._preroll * FRAME_BYTES)
        for start in range(0, self._timeline.frames, MADE_FRAMES):
            if self._ended_at is not None:
                return
            yield self._sound.render([Stretch(start, min(start + MADE_FRAMES, self._timeline.frames))])

    @property
    def now(self) -> Now:
        """Where the session stands for the listener."""
        if self._ended_at is not None:
            return Now(self._timeline, self._ended_at, "ended")
        played = self.output.played() if self._entered else 0
        if played is None:
            return Now(self._timeline, self._timeline.frames, "ended")
        return Now(self._timeline, max(0, min(played - self._preroll, self._timeline.frames)), "playing")

    def do(self, command: Command) -> None:
        """Carry out *command* at once if it is `End`; let others go by."""
        if isinstance(command, End | Quit | Stop) and self._ended_at is None:
            self._ended_at = self.now.at
            self.output.stop()

    def wait(self, timeout_s: float) -> bool:
        """Tell whether play has ended, after *timeout_s* or a little earlier."""
        end = time.monotonic() + timeout_s
        while self.now.state != "ended":
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, POLL_S))
        return True

    def watch(self) -> Iterator[Now]:
        """Yield `now` until play has ended."""
        while not self.wait(0):
            yield self.now
            self.wait(POLL_S)


AnyPlayer = Player | WholePlayer


def open_player(session: Session, output: AnyOutput, *, waits: bool = True) -> AnyPlayer:
    """Return the player for *output*. It holds at the waits of *session* unless *waits* is false or it cannot hold."""
    return WholePlayer(session, output) if isinstance(output, WholeOutput) else Player(session, output, waits=waits)
