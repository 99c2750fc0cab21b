"""Echo: the session's own sound taken out of what the microphone hears, however late and by whatever clock it comes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voiceguide.hear.canceller import BLOCK, Canceller
from voiceguide.hear.delay import AHEAD, HZ, LONGEST, LOOK, STRETCH, TAPS, Delay, Reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 5 * HZ
"""Samples that are kept: enough for a look, and for the longest piece of speech."""
SELDOM = 4
"""How many times as seldom it looks once the drift is known: a look takes 10 ms."""
ONLY_DB = -12.0
"""What is so far under the echo that was taken out of it is what is left of the echo; words there are nobody's."""
PACE = 0.03
"""How fast levels are followed, by blocks: in about a second."""
QUIET = 1e-4
"""A reference under -80 dBFS makes no echo that a microphone hears."""


class Echo:
    """Takes the echo of a reference out of a microphone: `clean`, block by block, `BLOCK` samples at 16 kHz each."""

    def __init__(self) -> None:
        import numpy as np

        self.delay = Delay()
        self._canceller = Canceller()
        self._reader = Reader()
        self._heard = np.zeros(KEPT, np.float32)
        self._reference = np.zeros(KEPT, np.float32)
        self._at = 0
        self._sounding = 0
        self.only = False
        """Whether the last block was nothing but echo."""
        self._heard_power = self._left_power = 0.0

    def clean(self, heard: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return *heard* without its echo. Both are of the same time, as far as anybody knows; shape (`BLOCK`,)."""
        import numpy as np

        self._heard = np.concatenate((self._heard[BLOCK:], heard))
        self._reference = np.concatenate((self._reference[BLOCK:], reference))
        self._at += BLOCK
        self._sounding += bool(np.abs(reference).max() > QUIET)
        if self._at % (LOOK * (SELDOM if self.delay.settled else 1)) < BLOCK:
            self._look()
        self.only = False
        left = self._left(heard) if self.delay.known else heard
        self._heard_power += PACE * (float((heard**2).mean()) - self._heard_power)
        self._left_power += PACE * (float((left**2).mean()) - self._left_power)
        return left

    def _left(self, heard: NDArray[np.float32]) -> NDArray[np.float32]:
        wanted = max(0.0, self.delay.at(self._at) - AHEAD)
        left = self._canceller.clean(heard, self._reader.read(self._reference, wanted))
        taken = heard - left
        self.only = bool((left**2).sum() < (taken**2).sum() * 10 ** (ONLY_DB / 10))
        return left

    @property
    def heard_db(self) -> float:
        """How loud the microphone is, in dBFS, over about a second."""
        return _db(self._heard_power)

    @property
    def taken_db(self) -> float:
        """How much of that is taken out, in dB: next to nothing while somebody speaks."""
        return self.heard_db - _db(self._left_power)

    def played(self, samples: int, ago: int) -> NDArray[np.float32]:
        """Return what was played while so many *samples* were heard, the last of them *ago*; shape (samples,).

        As long as nobody knows how late it is heard, it begins earlier.
        """
        late = int(self.delay.at(self._at)) if self.delay.known else 0
        spare = 0 if self.delay.known else LONGEST
        end = len(self._reference) - ago - late
        return self._reference[max(0, end - samples - spare) : max(0, end)]

    def shifted(self, samples: int) -> None:
        """Be told that the echo comes so many samples later from now on, for the reference was moved."""
        self.delay.shifted(samples)
        self._reader.jump(self._reader.lag + samples)

    def _look(self) -> None:
        sounding, self._sounding = self._sounding, 0
        if sounding * BLOCK < LOOK // 4:  # too little to be found
            return
        anew = self.delay.look(self._at, self._heard[-STRETCH:], self._reference[-STRETCH - LONGEST :])
        if anew:
            self._reader.jump(max(float(TAPS // 2), self.delay.at(self._at) - AHEAD))
            self._canceller.forget()


def _db(power: float) -> float:
    return 10 * math.log10(power + 1e-12)
