"""Feed: finished blocks between the thread that makes them and the device that takes them.

What waits here and has not been taken yet can be taken back: so there may be much of it, against gaps, and a command
is still heard as soon as the device has played what it holds itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Condition

from voiceguide.play.sound import FRAME_BYTES
from voiceguide.play.transport import Transport


@dataclass(frozen=True, eq=False)
class Block:
    """Finished sound: *data* is what *before* pulls. Nothing comes after the *last* one."""

    data: bytes
    before: Transport
    last: bool

    @property
    def frames(self) -> int:
        """Its length."""
        return len(self.data) // FRAME_BYTES


@dataclass(frozen=True)
class Gaps:
    """What was heard as a gap, or lost: the machine was too busy.

    *count* times nothing was ready, and the device was given silence, *frames* in all. *late* times it was the device
    itself that asked after it must have run dry.
    """

    count: int = 0
    frames: int = 0
    late: int = 0


class Feed:
    """A queue of at most *depth* blocks, led in by *lead* frames of silence and followed by as many as *drain*."""

    def __init__(self, start: Transport, depth: int, lead: int, drain: int) -> None:
        self.depth = depth
        self.gaps = Gaps()
        self.done = False
        """Everything has been taken, and after it so much silence that the device must have played it."""
        self._changed = Condition()
        self._blocks: deque[Block] = deque()
        self._taken = 0
        self._heard = (start, 0)
        self._lead = lead
        self._drain = drain
        self._begun = self._dry = self._closed = False
        self._ended = start.over

    def pull(self, frames: int) -> bytes:
        """Return the next *frames*, at once: silence where nothing is ready. It only copies."""
        parts = []
        with self._changed:
            wanted = frames - min(frames, self._lead)
            self._lead -= frames - wanted
            parts.append(bytes((frames - wanted) * FRAME_BYTES))
            while wanted and self._blocks:
                block = self._blocks[0]
                count = min(wanted, block.frames - self._taken)
                parts.append(block.data[self._taken * FRAME_BYTES : (self._taken + count) * FRAME_BYTES])
                wanted -= count
                self._take(block, count)
            if wanted:
                parts.append(bytes(wanted * FRAME_BYTES))
                self._miss(wanted)
            self._changed.notify()
        return b"".join(parts)

    def _take(self, block: Block, count: int) -> None:
        self._begun, self._dry = True, False
        self._taken += count
        self._heard = (block.before, self._taken)
        if self._taken == block.frames:
            self._blocks.popleft()
            self._taken = 0
            self._ended = block.last

    def _miss(self, frames: int) -> None:
        if self._ended:
            self._drain -= frames
            self.done = self._drain <= 0
        elif self._begun:  # before the first block this is a longer lead-in, not a gap
            gaps = self.gaps
            self.gaps = replace(gaps, count=gaps.count + (not self._dry), frames=gaps.frames + frames)
            self._dry = True

    @property
    def heard(self) -> Transport:
        """Where the session stands for the device: everything before it has been taken."""
        with self._changed:
            before, taken = self._heard
        return before.pull(taken)[0]

    @property
    def ahead(self) -> int:
        """How many frames are ready and have not been taken."""
        with self._changed:
            return sum(block.frames for block in self._blocks) - self._taken

    def note_late(self) -> None:
        """Count a device that asked too late, if that was in the middle of the session."""
        if self._begun and not self._ended:
            self.gaps = replace(self.gaps, late=self.gaps.late + 1)

    def untouched(self) -> Block | None:
        """Return the first block that waits whole, if there is one."""
        with self._changed:
            index = 1 if self._taken else 0
            return self._blocks[index] if index < len(self._blocks) else None

    def replace(self, place: Block | None, blocks: Sequence[Block]) -> bool:
        """Put *blocks* in place of *place* and all after it, or at the end.

        Returns False, having changed nothing, if the device has begun to take *place* meanwhile.
        """
        with self._changed:
            waiting = list(self._blocks)
            first = len(waiting) if place is None else waiting.index(place) if place in waiting else -1
            if first < 0 or (first == 0 and self._taken):
                return False
            self._blocks = deque([*waiting[:first], *blocks])
            return True

    def wait(self, ready: Callable[[bool], bool]) -> bool:
        """Wait until *ready*, told whether there is room, says so. Returns False once the feed is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or ready(len(self._blocks) < self.depth))
            return not self._closed

    def wake(self) -> None:
        """Have `wait` look again."""
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """Let whoever waits go."""
        with self._changed:
            self._closed = True
            self._changed.notify()
