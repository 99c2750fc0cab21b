"""Feeder: a thread that makes sound ahead of the device: commands change what, and only what is at hand is made.

    commands, words beside it -> Performance -> Sound -> Feed

Clips are made by a thread of their own (`ahead`), and what else may take time by another (`teller`): so the feeder
never waits. Where the next sound is not there yet, it holds the session, and goes on by itself.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Thread
from typing import TYPE_CHECKING

from voiceguide.clip_store import NotKnownYetError
from voiceguide.clips import ClipId
from voiceguide.nouns import dataclass
from voiceguide.plan.plan import plan
from voiceguide.play.ahead import Ahead
from voiceguide.play.asides import Aside
from voiceguide.play.commands import Command, End, GoOn, Hold, Louder, Quieter, Quit, Stop, Toggle
from voiceguide.play.feed import Block, Feed
from voiceguide.play.now import Now
from voiceguide.play.overlay import signal
from voiceguide.play.performance import Changed, Effect, Ended, Flush, Performance, Say
from voiceguide.play.sound import Sound, near_silence
from voiceguide.play.stand import Begin, Edition, Stand
from voiceguide.play.teller import Delivered, Teller
from voiceguide.session import Session
from voiceguide.units import ms_to_frames

if TYPE_CHECKING:
    from voiceguide.plan.outline import Outline

BLOCK_MS = 20
DEPTH = 10
"""Blocks that wait for the device, against 0.2 s of a busy machine. Commands take them back, so they cost no time."""
PREROLL_MS = 300
"""Near-silence first: a sleeping device (a Bluetooth speaker, an idle server) swallows what comes while it wakes."""
POSTROLL_MS = 250
"""Silence last, so that the device has played the end before it is closed."""
LEAVE_S = 0.25
"""How long it may take to see that it is over: it may be making a long piece of sound."""


@dataclass(frozen=True)
class Arrived:
    """What the feeder tells itself when the sound is there that it had to wait for."""


@dataclass(frozen=True)
class Signal:
    """A short soft tone is to sound: something was understood."""


Item = Command | Aside | Session | Arrived | Signal
_ALWAYS = (Hold, GoOn, Toggle, Quit, Stop, End, Louder, Quieter)
"""Commands that need no plan of the rest."""


def _spare(session: Session) -> Iterable[ClipId]:
    """Return what commands may need besides what is planned: other wordings, and steps that were left out."""
    return next(plan(session.plan.routine, session.plan.request)).clips()


class Feeder:
    """Makes the sound of *session* from where it is to *begin*, into `feed`.

    *look* is called when `doing` has changed, *over* when it has failed.
    """

    def __init__(
        self, session: Session, begin: Begin, *, waits: bool, look: Callable[[], None], over: Callable[[], None]
    ) -> None:
        rate = session.timeline.rate
        edition = Edition.of(session.plan, begin.turns, certain=session.certain)
        self._performance = Performance(edition, waits=waits, begin=begin)
        self._sound = Sound(session)
        self._teller = Teller(session, self.submit)
        self._ahead = Ahead(session.store, self._made, self._failed, lambda: _spare(session))
        self._store = session.store
        self._store.tell(self._working)
        begun = self._performance.bookmark
        self.feed = Feed(begun, DEPTH, near_silence(ms_to_frames(PREROLL_MS, rate)), ms_to_frames(POSTROLL_MS, rate))
        self._block = ms_to_frames(BLOCK_MS, rate)
        self._soon = self._block + begun.transport.ramp
        """So far ahead it looks for what is not at hand: there must be sound left to go out with."""
        self._items: deque[Delivered | Signal] = deque([GoOn()] if begin.held else [])
        self._later: list[Command] = []
        self.doing = ""
        """What is being made, for people."""
        self._look, self._over = look, over
        self._thread = Thread(target=self._work, name="voiceguide feeder", daemon=True)
        self.ready = Event()
        """The first sound is there."""
        self.error: BaseException | None = None
        """What went wrong in it."""

    def start(self) -> None:
        """Begin."""
        self._ahead.start()
        self._thread.start()
        if not self._performance.bookmark.edition.certain:
            self._teller.settle()

    def close(self) -> None:
        """End, wherever it has got to; what it had begun to make may be made to its end."""
        self.feed.close()
        self._ahead.close()
        self._teller.close()
        self._store.stop()

    def join(self) -> None:
        """Wait for the end of its threads, not too long: a sentence may take longer than anybody waits."""
        end = time.monotonic() + LEAVE_S
        threads = (self._thread, self._ahead.thread, self._teller.thread)
        while (left := [thread for thread in threads if thread.is_alive()]) and time.monotonic() < end:
            left[0].join(LEAVE_S / 10)
            if left[0].is_alive() and left[0] is not self._thread:
                self._store.engine.close()  # again and again: a child process may have been about to begin

    def signal(self) -> None:
        """Let a short soft tone sound, as soon as possible. From any thread: it may have to be made first."""
        self._store.hold(signal(self._store.rate))
        self.submit(Signal())

    def submit(self, item: Delivered | Signal) -> None:
        """Take *item*, from any thread: it is carried out as soon as possible."""
        self._items.append(item)
        self.feed.wake()

    def at(self, stand: Stand) -> Now:
        """Return where the session stood at *stand*."""
        return self._performance.at(stand)

    def _made(self) -> None:
        self.feed.wake()

    def _failed(self, error: Exception) -> bool:
        """Take what went wrong with a clip. While the session is a guess, who speaks is found out elsewhere."""
        certain = self._performance.bookmark.edition.certain
        if certain:
            self.submit(error)
        return not certain

    def _working(self, what: str, done: int, total: int) -> None:
        self.doing = f"{what}, {done} of {total}" if total > 1 else what
        self._look()

    def _work(self) -> None:
        try:
            while self.feed.wait(self._has_work):
                if self._items:
                    self._obey(self._sorted([self._items.popleft() for _ in range(len(self._items))]))
                elif self._performance.bookmark.stalled and self._due:
                    self._obey([Arrived()])
                else:
                    self.feed.replace(None, self._more(1 if self.ready.is_set() else DEPTH))
                self.ready.set()
        except BaseException as error:  # whatever it is, it belongs to the one who waits for the end
            self.error = error
            self._over()

    def _sorted(self, items: Sequence[Delivered | Signal]) -> list[Item]:
        """Return what of *items* can be carried out now; the rest waits until the session is no guess any more.

        Raises what among them is a failure.
        """
        now: list[Item] = []
        certain = self._performance.bookmark.edition.certain
        for item in items:
            if isinstance(item, Exception):
                raise item
            if isinstance(item, Session):
                now += [item, *self._later]
                certain, self._later = True, []
            elif certain or isinstance(item, (Aside, Signal, *_ALWAYS)):
                now.append(item)
            else:
                self._later.append(item)
        return now

    def _has_work(self, room: bool) -> bool:
        if self.feed.begun:
            self._ahead.spare()
        if self._items or (self._performance.bookmark.stalled and self._due):
            return True
        # before anything is heard, a chime or a bed that comes first is waited for in silence
        begun = self.ready.is_set() or self._guessed or self._due
        return room and not self._performance.bookmark.over and begun

    @property
    def _due(self) -> bool:
        """Whether what sounds next is at hand; it is made if it is not."""
        stand = self._performance.bookmark
        if self._guessed:
            self._ahead.aim(stand.edition.timeline, stand.here)
            return False
        return self._ahead.ready(stand.edition.timeline, stand.here, stand.here + self._soon)

    @property
    def _guessed(self) -> bool:
        """Whether what sounds next is a guess."""
        edition = self._performance.bookmark.edition
        return not edition.certain and self._performance.bookmark.here + self._soon > edition.first_words

    def _obey(self, items: Sequence[Item]) -> None:
        """Carry out *items*, mostly commands or words beside it, at the first block that nothing has been taken of.

        The new blocks are made before the old ones go, so that there is no underrun while a clip is loaded. If the
        device is faster, they are made again from where it is by then.
        """
        tail = self._performance.bookmark
        while True:
            place = self.feed.untouched()
            self._performance.rewind(place.before if place else tail)
            unknown: list[tuple[Outline, Command]] = []
            effects = [effect for item in items for effect in self._handle(item, unknown)]
            if Flush() not in effects:
                self._performance.rewind(tail)
                self._let_tell(effects, unknown)
                return
            # what earlier commands have changed here has not been told yet
            pending = [change for change in place.changes if change.after == 0] if place else []
            blocks = self._more(DEPTH, [*pending, *effects])
            if self.feed.replace(place, blocks):
                self._let_tell(effects, unknown)
                return

    def _handle(self, item: Item, unknown: list[tuple[Outline, Command]]) -> tuple[Effect, ...]:
        """Carry out *item* here; add it to *unknown* if a length has to be found out for it first."""
        if isinstance(item, Aside):
            return self._performance.say(item)
        if isinstance(item, Session):
            turns = self._performance.bookmark.edition.turns
            return self._performance.settle(Edition.of(item.plan, turns))
        if isinstance(item, Arrived):
            return self._performance.go_on()
        if isinstance(item, Signal):
            return self._performance.signal()
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

    def _more(self, count: int, effects: Sequence[Effect] = ()) -> list[Block]:
        """Return the next *count* blocks, the first of which begins with *effects*; fewer where the session ends."""
        blocks = [self._make(effects)]  # one at least: the feed has to see the end
        while len(blocks) < count and not self._performance.bookmark.over:
            blocks.append(self._make())
        return blocks

    def _make(self, effects: Sequence[Effect] = ()) -> Block:
        """Return the next block, which begins with *effects*."""
        if self._performance.bookmark.transport.state == "playing":
            effects = (*effects, *(() if self._due else self._performance.pause()))
        before = self._performance.bookmark
        stretches, more = self._performance.pull(self._block)
        effects = (*effects, *more)
        changes = tuple(effect for effect in effects if isinstance(effect, Changed))
        data = self._sound.render(before, stretches, self._performance.bookmark)
        return Block(data, before, changes, any(isinstance(e, Ended) for e in effects))
