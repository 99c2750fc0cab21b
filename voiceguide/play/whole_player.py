"""The player for outputs that play one finished buffer, and which player an output needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from voiceguide.play.commands import Command, End, Kind, Quit, Stop
from voiceguide.play.feed import Underruns
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.now import Now
from voiceguide.play.output import AnyOutput, Buffer, WholeOutput
from voiceguide.play.performance import Performance
from voiceguide.play.player import Player
from voiceguide.play.sound import Sound, near_silence
from voiceguide.play.stand import ANEW, Begin, Edition, Stand
from voiceguide.play.transport import State
from voiceguide.units import ms_to_frames

if TYPE_CHECKING:
    from voiceguide.session import Session

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

    def __init__(self, session: Session, output: WholeOutput, *, begin: Begin = ANEW) -> None:
        self.rate = session.timeline.rate
        self.output = output
        self._timeline = session.timeline
        self._performance = Performance(Edition.of(session.plan, begin.turns), waits=False, begin=begin)
        self._begun = self._performance.now.at
        self._session, self._sound = session, Sound(session)
        self._preroll = ms_to_frames(PREROLL_MS, self.rate)
        self._entered = False
        self._ended_at: int | None = None

    def __enter__(self) -> WholePlayer:
        self._session.clips()
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
        yield near_silence(self._preroll)
        for start in range(self._begun, self._timeline.frames, MADE_FRAMES):
            if self._ended_at is not None:
                return
            before = self._performance.bookmark
            stretches, _ = self._performance.pull(min(MADE_FRAMES, self._timeline.frames - start))
            yield self._sound.render(before, stretches, self._performance.bookmark)

    @property
    def now(self) -> Now:
        """Where the session stands for the listener."""
        if self._ended_at is not None:
            return self._at(self._ended_at, "ended")
        played = self.output.played() if self._entered else 0
        if played is None:
            return self._at(self._timeline.frames, "ended")
        return self._at(min(self._begun + max(0, played - self._preroll), self._timeline.frames), "playing")

    def _at(self, frame: int, state: State) -> Now:
        return replace(self._performance.now, at=frame, state=state)

    @property
    def heard(self) -> Stand:
        """Where play stands."""
        now, edition = self.now, self._performance.bookmark.edition
        stand = Stand.of(edition, waits=False, begin=Begin(now.at))
        transport = replace(stand.transport, state=now.state)
        return replace(stand, transport=transport, out=now.at - self._begun)

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

    def look(self) -> None:
        """Do nothing: it looks often."""

    def rest(self) -> None:
        """Do nothing: what an output has been given whole goes on without us."""

    def wake(self) -> None:
        """Do nothing."""

    def watch(self, soon: Callable[[Now], float] | None = None) -> Iterator[Now]:
        """Yield `now` until play has ended, and after as many seconds as *soon* says."""
        while not self.wait(0):
            now = self.now
            yield now
            self.wait(min(POLL_S, soon(now)) if soon else POLL_S)


AnyPlayer = Player | WholePlayer


def open_player(session: Session, output: AnyOutput, *, waits: bool = True, begin: Begin = ANEW) -> AnyPlayer:
    """Return the player for *output*. It holds at the waits of *session* unless *waits* is false or it cannot hold."""
    if isinstance(output, WholeOutput):
        return WholePlayer(session, output, begin=replace(begin, held=0))
    return Player(session, output, waits=waits, begin=begin)
