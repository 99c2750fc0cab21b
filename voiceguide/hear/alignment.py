"""Alignment: two streams that come in pieces of their own, from two clocks, cut into blocks of the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from voiceguide.hear.delay import HZ
from voiceguide.play.sound import FRAME_BYTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

EARLY, LATE = HZ * 30 // 1000, HZ * 200 // 1000
"""So many samples of a reference may be there before its microphone, and so many may be missing: else it is moved.

If it were there earlier, an echo might come before what makes it.
"""
LOOK = 5 * HZ
"""In so many samples of the microphone it is seen how early the reference comes at least: both come in pieces."""


class Alignment:
    """Joins what a microphone hears with what is played meanwhile. Pieces may come from any thread.

    The reference is what the device is given, 16 bit stereo at *rate* frames a second; it is heard a little later.
    """

    def __init__(self, rate: int) -> None:
        import numpy as np
        import soxr

        self._resampler = soxr.ResampleStream(rate, HZ, 1, dtype="float32")
        self._played: deque[bytes] = deque()
        self._heard: deque[bytes] = deque()
        self._reference = np.zeros(0, np.float32)
        self._looked, self._least = 0, LOOK
        self.shift = 0
        """By how many samples the echo has come to be later since this was set to 0."""

    def play(self, data: bytes) -> None:
        """Take what the device is given. It only keeps it."""
        self._played.append(data)

    def hear(self, data: bytes) -> None:
        """Take what the microphone hears, 16 bit mono at 16 kHz. It only keeps it."""
        self._heard.append(data)

    def blocks(self) -> Iterator[tuple[Sound, Sound]]:
        """Yield what has come of the microphone, each piece with as much of the reference."""
        import numpy as np

        self._take()
        waiting = sum(map(len, self._heard)) // 2
        while self._heard:
            size = len(self._heard[0]) // 2
            early = len(self._reference) - waiting
            if early < -LATE:  # nothing is played, or its clock is slower
                self._reference = np.concatenate((self._reference, np.zeros(-early, np.float32)))
                self.shift += early
            if len(self._reference) < size:
                return
            heard = np.frombuffer(self._heard.popleft(), "<i2").astype(np.float32) * np.float32(2**-15)
            yield heard, self._reference[:size]
            self._reference = self._reference[size:]
            waiting -= size
            self._keep_up(size, early)

    def _keep_up(self, size: int, early: int) -> None:
        """Have the reference come no earlier than it must, now that it has been so *early* for *size* samples."""
        self._looked, self._least = self._looked + size, min(self._least, early)
        if self._looked >= LOOK:
            if self._least > EARLY:
                self._reference = self._reference[self._least :]
                self.shift += self._least
            self._looked, self._least = 0, LOOK

    def _take(self) -> None:
        import numpy as np

        while self._played:
            data = self._played.popleft()
            stereo = np.frombuffer(data, "<i2").reshape(-1, FRAME_BYTES // 2).astype(np.float32) / 32768
            made = self._resampler.resample_chunk(stereo.mean(1))
            self._reference = np.concatenate((self._reference, made))
