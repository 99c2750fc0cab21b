"""Feed: finished blocks between the thread that makes them and the device that takes them.

What waits here and has not been taken yet can be taken back: so there may be much of it, against underruns, and a
command is still heard as soon as the device has played what it holds itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Condition

from voiceguide.nouns import dataclass
from voiceguide.play.performance import Changed
from voiceguide.play.sound import FRAME_BYTES
from voiceguide.play.stand import Stand


@dataclass(frozen=True, eq=False)
class Block:
    """Finished sound: *data* is what *before* pulls, with what *changes* in it. Nothing comes after the *last* one."""

    data: bytes
    before: Stand
    changes: tuple[Changed, ...]
    last: bool

    @property
    def frames(self) -> int:
        """Its length."""
        return len(self.data) // FRAME_BYTES


@dataclass(frozen=True)
class Underruns:
    """What was heard as a gap, or lost: the machine was too busy.

    *count* times nothing was ready, and the device was given silence, *frames* in all. *late* times it was the device
    itself that asked after it must have run dry.
    """

    count: int = 0
    frames: int = 0
    late: int = 0


DEEPEST = 80
"""As many blocks wait at most, after underruns. Commands take them back, so they cost no time."""


class Feed:
    """A queue of at most *depth* blocks, after *lead*, near-silence, and before *postroll* frames of silence."""

    def __init__(self, start: Stand, depth: int, lead: bytes, postroll: int) -> None:
        self.depth = depth
        self.underruns = Underruns()
        self.done = False
        """Everything has been taken, and after it so much silence that the device must have played it."""
        self._changed = Condition()
        self._blocks: deque[Block] = deque()
        self._taken = 0
        self._heard = (start, 0)
        self._gone: deque[Block] = deque(maxlen=depth * 4)
        self._lead, self._leading = lead, len(lead)
        self._postroll = postroll
        self._dry = self._closed = False
        self.begun = False
        """Whether the device has taken any of the session."""
        self._ended = start.over

    def pull(self, frames: int) -> tuple[bytes, list[Changed]]:
        """Return the next *frames*, with silence where nothing is ready, and what changes in them. It only copies."""
        parts: list[bytes] = []
        changes: list[Changed] = []
        with self._changed:
            first = len(self._lead) - self._leading
            parts.append(self._lead[first : first + frames * FRAME_BYTES])
            self._leading -= len(parts[0])
            wanted = frames - len(parts[0]) // FRAME_BYTES
            while wanted and self._blocks:
                block = self._blocks[0]
                count = min(wanted, block.frames - self._taken)
                parts.append(block.data[self._taken * FRAME_BYTES : (self._taken + count) * FRAME_BYTES])
                wanted -= count
                changes += self._take(block, count)
            if wanted:
                parts.append(bytes(wanted * FRAME_BYTES))
                self._miss(wanted)
            self._changed.notify()
        return b"".join(parts), changes

    def _take(self, block: Block, count: int) -> list[Changed]:
        self.begun, self._dry = True, False
        before, self._taken = self._taken, self._taken + count
        self._heard = (block.before, self._taken)
        # what has changed before its first frame is true once that frame is taken: until then it can be taken back
        changes = [change for change in block.changes if before < max(1, change.after) <= self._taken]
        if self._taken == block.frames:
            self._gone.append(self._blocks.popleft())
            self._taken = 0
            self._ended = block.last
        return changes

    def _miss(self, frames: int) -> None:
        if self._ended:
            self._postroll -= frames
            self.done = self._postroll <= 0
        elif self.begun:  # before the first block this is a longer preroll, not an underrun
            known = self.underruns
            self.underruns = replace(known, count=known.count + (not self._dry), frames=known.frames + frames)
            if not self._dry:  # this machine is busier than was thought
                self.depth = min(self.depth * 2, DEEPEST)
            self._dry = True

    @property
    def heard(self) -> Stand:
        """Where the session stands for the device: everything before it has been taken."""
        with self._changed:
            before, taken = self._heard
        return before.pull(taken)[0]

    @property
    def ahead(self) -> int:
        """How many frames are ready and have not been taken."""
        with self._changed:
            return sum(block.frames for block in self._blocks) - self._taken

    def note_late(self) -> bool:
        """Count a device that asked too late, if that was in the middle of the session; tell whether it was."""
        counts = self.begun and not self._ended
        if counts:
            self.underruns = replace(self.underruns, late=self.underruns.late + 1)
        return counts

    @property
    def goes_on(self) -> bool:
        """Whether what is to be taken next is the session that plays, or is not known yet."""
        with self._changed:
            return not self._ended and (not self._blocks or self._blocks[0].before.transport.state == "playing")

    @property
    def held(self) -> bool:
        """Whether what is to be taken next is a hold."""
        with self._changed:
            return bool(self._blocks) and self._blocks[0].before.transport.state == "holding"

    def give_back(self, frames: int) -> None:
        """Have at least the last *frames* that were taken wait again, in whole blocks, as far as they are known."""
        with self._changed:
            left, self._taken = frames - self._taken, 0
            while left > 0 and self._gone:
                block = self._gone.pop()
                self._blocks.appendleft(block)
                left -= block.frames
            if self._blocks:
                self._heard = (self._blocks[0].before, 0)
                self._ended = False

    def lead_in(self) -> None:
        """Give the near-silence of the beginning before what is taken next."""
        with self._changed:
            self._leading = len(self._lead)

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
