"""Player: a session, a transport and an output joined by one thread that makes sound ahead of the device.

    feeder thread:  commands -> Transport -> Sound -> Feed
    device thread:                                    Feed -> device     (it only copies)

The device's asking is the only clock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.feed import Block, Feed, Gaps
from voiceguide.play.output import INSTEAD, Output
from voiceguide.play.sound import FRAME_BYTES, Sound
from voiceguide.play.transport import Command, Transport
from voiceguide.units import format_clock, frames_to_ms, ms_to_frames

if TYPE_CHECKING:
    from voiceguide.session import Session

BLOCK_MS = 20
DEPTH = 10
"""Blocks that wait for the device, against 0.2 s of a busy machine. Commands take them back, so they cost no time."""
LEAD_MS = 300
"""Silence first: a sleeping device (a Bluetooth speaker, an idle sound server) swallows what comes while it wakes."""
DRAIN_MS = 250
"""Silence last, so that the device has played the end before it is closed."""
STALL_S = 5.0
"""A device that has not asked for so long is gone. A sound server that was idle may take 2 s to begin."""
WHOLE_FRAMES = 1 << 16


class Player:
    """Plays *session* on *output*: `with Player(...) as player: while not player.wait(0.1): ...`.

    Commands may come from any thread. Entering opens the device; leaving lets it go, wherever play got to. It holds at
    the timeline's waits, unless *waits* is false or the output is not live: then it plays through.
    """

    def __init__(self, session: Session, output: Output, *, waits: bool = True) -> None:
        timeline = session.timeline
        self.rate = timeline.rate
        self.output = output
        starts = (step.start for step in timeline.steps)
        waits = waits and output.live  # where nobody can go on, it must not wait
        self._start = Transport.of(timeline.frames, starts, self.rate, timeline.waits if waits else ())
        self._sound = Sound(session, self._start.ramp)
        self._feed = Feed(self._start, DEPTH, ms_to_frames(LEAD_MS, self.rate), ms_to_frames(DRAIN_MS, self.rate))
        self._block = ms_to_frames(BLOCK_MS, self.rate)
        self._commands: deque[tuple[Command, int]] = deque()
        self._feeder = Thread(target=self._work, name="voiceguide feeder", daemon=True)
        self._error: BaseException | None = None
        self._stopped: Transport | None = None
        self._entered = False
        self._asked = self._seen = 0.0
        self._looked, self._idle = time.monotonic(), 0.0

    def __enter__(self) -> Player:
        # the device first: it plays the lead-in while the feeder loads what comes after it
        self.output.start(self)
        self._entered = True
        if self.output.live:
            self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._feed.close()
        self.output.stop()
        if self._feeder.is_alive():
            self._feeder.join(timeout=2)

    @property
    def heard(self) -> Transport:
        """Where the session stands: everything before it has been handed to the device."""
        if self._stopped is not None or self.output.live:
            return self._stopped or self._feed.heard
        if not self._entered:
            return self._start
        played = self.output.played()
        lead = ms_to_frames(LEAD_MS, self.rate)
        return self._start.pull(self._start.frames if played is None else max(0, played - lead))[0]

    @property
    def ahead(self) -> int:
        """How many frames wait for the device."""
        return self._feed.ahead

    @property
    def gaps(self) -> Gaps:
        """The silence that had to be put in because the sound was not ready in time."""
        return self._feed.gaps

    def do(self, command: Command, frame: int = 0) -> None:
        """Carry out *command* as soon as possible: it is heard once the device has played what it holds.

        An output that is not live can only `quit`, and does so at once; other commands are let go by.
        """
        if self.output.live:
            self._commands.append((command, frame))
            self._feed.wake()
        elif command == "quit":
            self._stopped = replace(self.heard, state="ended", gate=0)
            self.output.stop()

    def wait(self, timeout_s: float) -> bool:
        """Tell whether play has ended, after *timeout_s* or a little earlier.

        Raises what went wrong in the feeder, and VoiceguideError if the device no longer asks for sound.
        """
        end = time.monotonic() + timeout_s
        while not self._over():
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, 0.02))
        return True

    def _over(self) -> bool:
        if self._error is not None:
            raise self._error
        if not self.output.live:
            return self._stopped is not None or self.output.played() is None
        now = time.monotonic()
        # a computer that slept looks like a long time without asking, so no single look counts for much
        self._idle = 0.0 if self._asked != self._seen else self._idle + min(now - self._looked, 0.5)
        self._seen, self._looked = self._asked, now
        if self._idle > STALL_S:
            where = format_clock(frames_to_ms(self.heard.at, self.rate))
            raise VoiceguideError(f"the sound device is gone, at {where}", hint=f"play it again, or {INSTEAD}")
        return self._feed.done

    # What an output may ask for

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before, self._asked = self._asked, time.monotonic()
        if self.output.keeps_ms and self._asked - before > self.output.keeps_ms / 1000:
            self._feed.note_late()
        return self._feed.pull(frames)

    def whole(self) -> Iterator[bytes]:
        """Yield the lead-in and the whole session."""
        yield bytes(ms_to_frames(LEAD_MS, self.rate) * FRAME_BYTES)
        transport = self._start
        while not transport.over and self._stopped is None:
            transport, stretches = transport.pull(min(WHOLE_FRAMES, transport.frames - transport.at))
            yield self._sound.render(stretches)

    # The feeder

    def _work(self) -> None:
        try:
            tail = self._start
            while self._feed.wait(lambda room: bool(self._commands) or (room and not tail.over)):  # noqa: B023
                tail = self._obey(tail) if self._commands else self._add(tail)
        except BaseException as error:  # whatever it is, it belongs to the one who waits for the end
            self._error = error

    def _add(self, tail: Transport) -> Transport:
        block, tail = self._make(tail)
        self._feed.replace(None, [block])
        return tail

    def _obey(self, tail: Transport) -> Transport:
        """Carry out the commands at the first block that nothing has been taken of; return the new tail.

        The new blocks are made before the old ones go, so that there is no gap while a clip is loaded. If the device
        is faster, they are made again from where it is by then.
        """
        commands = [self._commands.popleft() for _ in range(len(self._commands))]
        while True:
            place = self._feed.untouched()
            tail = place.before if place else tail
            for command, frame in commands:
                tail = tail.do(command, frame)
            blocks: list[Block] = []
            while not blocks or (len(blocks) < DEPTH and not tail.over):  # one at least: the feed has to see the end
                block, tail = self._make(tail)
                blocks.append(block)
            if self._feed.replace(place, blocks):
                return tail

    def _make(self, transport: Transport) -> tuple[Block, Transport]:
        after, stretches = transport.pull(self._block)
        return Block(self._sound.render(stretches), transport, after.over), after
