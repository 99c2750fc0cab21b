"""Delay: how late a microphone hears a loudspeaker, and how their clocks drift apart; a reference read as late.

The device's store, the sound server, the air and the microphone's own store are between 30 and 400 ms that nobody
tells. It is found where the two signals are most alike, whatever their spectrum (generalised cross-correlation with
phase transform: Knapp and Carter, 1976), and found again all the time: a straight line through what was found is the
delay and the drift of two clocks. Pure: numpy only.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

from voiceguide.hear.canceller import BLOCK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HZ = 16_000
"""Samples a second of all that is heard: what recognisers and voice detectors are made for."""
LOOK = HZ
"""A look at the delay is taken after so many samples."""
STRETCH = 2 * HZ
"""Samples of the microphone in a look."""
LONGEST = HZ // 2
"""The longest delay that is found, in samples: half a second."""
LOWEST_HZ, HIGHEST_HZ = 200, 6_000
"""Where speech has its energy: outside, noise would be as loud as it."""
CLEAR = 8.0
"""How many times as high as the usual deviation a likeness must be to be one. Of 250 pairs that had nothing
to do with each other the most alike had 6.5; an echo has 9 and more under words ten decibels louder, 34 alone."""
LOOKS = 24
"""How many looks the line is drawn through: 24 s show a drift to about 2 ppm."""
NEAR = 24
"""Looks within so many samples (1.5 ms) of one another are of one delay."""
AHEAD = 160
"""So many samples (10 ms) before its echo the reference is read: the first one of a room is not always the loudest."""
CATCH_UP = 2 * HZ
"""In so many samples the reading comes to where it should be: a jump would be another room for a canceller."""
TAPS, PHASES = 32, 512
"""The length, in samples, and the steps between two samples of what reads between them: an error of -60 dB."""


class Delay:
    """Finds the delay of a microphone behind its reference."""

    def __init__(self) -> None:
        self._found: deque[tuple[int, float]] = deque(maxlen=LOOKS)
        self._odd: deque[tuple[int, float]] = deque(maxlen=3)

    @property
    def known(self) -> bool:
        """Whether there is an echo, whose delay has been found twice alike."""
        return len(self._found) > 1

    @property
    def settled(self) -> bool:
        """Whether it has been found as often as a line can be drawn through."""
        return len(self._found) == LOOKS

    def look(self, at: int, heard: NDArray[np.float32], reference: NDArray[np.float32]) -> bool:
        """Look at *heard*, which ends at sample *at*, and *reference*, as long and `LONGEST` longer at its beginning.

        Returns whether the delay is another one than before.
        """
        lag = likeness(heard, reference)
        if lag is None:
            return False
        middle = at - len(heard) // 2
        if not self._found or abs(lag - self.at(middle)) <= NEAR:
            self._found.append((middle, lag))
            self._odd.clear()
            return len(self._found) == 2
        self._odd.append((middle, lag))
        if len(self._odd) < (self._odd.maxlen or 0) and self.known:
            return False
        spread = max(lag for _, lag in self._odd) - min(lag for _, lag in self._odd)
        if spread <= NEAR or not self.known:
            self._found = deque(self._odd if spread <= NEAR else [self._odd[-1]], maxlen=LOOKS)
            self._odd.clear()
            return self.known
        return False

    def shifted(self, samples: int) -> None:
        """Be told that the delay is so many samples longer from now on, and would have been."""
        self._found = deque(((at, lag + samples) for at, lag in self._found), maxlen=LOOKS)
        self._odd.clear()

    @property
    def last(self) -> float:
        """The delay that was found last, in samples."""
        return self._found[-1][1]

    def at(self, sample: int) -> float:
        """Return the delay at *sample* of the microphone, in samples."""
        slope, start, value = self._line()
        return value + slope * (sample - start)

    @property
    def drift_ppm(self) -> float:
        """By how many samples the delay grows in a million: how much faster the microphone's clock goes."""
        return self._line()[0] * 1e6

    def _line(self) -> tuple[float, int, float]:
        import numpy as np

        found = np.array(self._found, float)
        start = found[:, 0].mean()
        if len(found) < 5:  # too short to tell a drift from what a look is off by
            return 0.0, int(start), float(np.median(found[:, 1]))
        times, lags = found[:, 0] - start, found[:, 1]
        slope = (times * (lags - lags.mean())).sum() / (times**2).sum()
        return float(slope), int(start), float(lags.mean())


def likeness(heard: NDArray[np.float32], reference: NDArray[np.float32]) -> float | None:
    """Return by how many samples *heard* is behind *reference*, which is `LONGEST` longer at its beginning.

    None if they are not alike.
    """
    import numpy as np

    size = 1 << (len(reference) + len(heard) - 1).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.fft.rfft(reference, size).conj()
    hz = np.fft.rfftfreq(size, 1 / HZ)
    spectrum[(hz < LOWEST_HZ) | (hz > HIGHEST_HZ)] = 0
    strength = np.abs(spectrum)
    spectrum /= np.maximum(strength, 1e-3 * strength.max() + 1e-12)
    correlation = np.fft.irfft(spectrum, size)
    # reference[k] is heard at heard[k - LONGEST + lag]: the correlation's place lag - LONGEST
    lags = np.concatenate((correlation[-LONGEST:], correlation[:1]))
    peak = int(np.argmax(lags))
    if not 0 < peak < LONGEST or lags[peak] < CLEAR * lags.std():
        return None
    before, top, after = lags[peak - 1 : peak + 2]
    return float(peak + 0.5 * (before - after) / (before - 2 * top + after))


class Reader:
    """Reads a reference as late as its echo comes, less `AHEAD`, following its drift, block by block."""

    def __init__(self) -> None:
        self.lag = 0.0
        """How many samples behind the newest block it reads now."""

    def jump(self, lag: float) -> None:
        """Read with *lag* from now on."""
        self.lag = lag

    def read(self, reference: NDArray[np.float32], wanted: float) -> NDArray[np.float32]:
        """Return a block of *reference*, whose end is now, on the way to reading it with the lag *wanted*.

        Shape (`BLOCK`,); *reference* holds `LONGEST` samples and some more.
        """
        import numpy as np

        step = (wanted - self.lag) / CATCH_UP
        lags = self.lag + step * np.arange(1, BLOCK + 1)
        self.lag = float(lags[-1])
        places = len(reference) - BLOCK + np.arange(BLOCK) - np.maximum(lags, TAPS // 2)
        whole = np.floor(places).astype(int)
        phase = ((places - whole) * PHASES).astype(int)
        around = whole[:, None] + np.arange(1 - TAPS // 2, TAPS // 2 + 1)
        read: NDArray[np.float32] = np.einsum("nt,nt->n", reference[around], _between()[phase])
        return read


@lru_cache(maxsize=1)
def _between() -> NDArray[np.float32]:
    """Return the weights of the samples around a place between two, by its phase, shape (PHASES, TAPS)."""
    import numpy as np

    offsets = np.arange(1 - TAPS // 2, TAPS // 2 + 1)[None, :] - (np.arange(PHASES)[:, None] + 0.5) / PHASES
    table: NDArray[np.float32] = (np.sinc(offsets) * np.cos(np.pi * offsets / TAPS) ** 2).astype(np.float32)
    return table
