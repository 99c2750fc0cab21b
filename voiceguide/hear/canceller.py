"""Echo canceller: takes out of a microphone what it hears of a loudspeaker whose sound is known.

A partitioned-block Kalman filter in the frequency domain (Enzner and Vary, Frequency-domain adaptive Kalman filter for
acoustic echo control, 2006; the partitions after Kuech and others, 2014). It is linear: of the words of whoever speaks
meanwhile nothing is damaged, which suppressors do. Pure: numpy only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK = 512
"""Samples of a block: 32 ms at 16 kHz. Of 16 ms, it would take twice the time."""
PARTS = 8
"""Blocks that the filter is long: 256 ms, of which a living room's echo needs most, behind the delay."""
TURNS = 2
"""Parts that are brought back to the length of a block after each one."""
FORGETTING = 0.999
"""How much of what is known is still believed after a block: the echo is another one when somebody moves."""
NOISE_KEPT = 0.8
"""How slowly what is no echo is followed, by blocks: words that begin must not be taken for an echo."""


class Canceller:
    """Removes from the blocks of a microphone what they hear of those of a reference, 16 kHz both.

    The reference must be at most as far ahead as the filter is long, and never behind.
    """

    def __init__(self, parts: int = PARTS) -> None:
        self._parts = parts
        self.forget()

    def forget(self) -> None:
        """Know nothing of the room any more: the delay is another one."""
        import numpy as np

        bins = BLOCK + 1
        self._weights = np.zeros((self._parts, bins), np.complex64)
        self._history = np.zeros((self._parts, bins), np.complex64)
        self._uncertainty = np.ones((self._parts, bins), np.float32)
        self._noise = np.full(bins, 1e-3, np.float32)
        self._window = np.zeros(2 * BLOCK, np.float32)
        self._turn = 0

    def clean(self, heard: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a block of *heard* less its echo of *reference*, both shape (`BLOCK`,), float32."""
        import numpy as np
        from numpy.fft import irfft, rfft

        self._window[:BLOCK] = self._window[BLOCK:]
        self._window[BLOCK:] = reference
        self._history[1:] = self._history[:-1]
        self._history[0] = rfft(self._window)
        echo = irfft(np.einsum("pb,pb->b", self._history, self._weights), 2 * BLOCK)[BLOCK:]
        error = heard - echo.astype(np.float32)
        late = np.zeros(2 * BLOCK, np.float32)
        late[BLOCK:] = error
        spectrum = rfft(late)
        self._noise += (1 - NOISE_KEPT) * (spectrum.real**2 + spectrum.imag**2 - self._noise)
        power = self._history.real**2 + self._history.imag**2
        gain = self._uncertainty / (0.5 * (power * self._uncertainty).sum(0) + self._noise + 1e-9)
        self._weights *= FORGETTING
        self._weights += gain * self._history.conj() * spectrum
        # what is longer than a block belongs to the next part: seen to in turn, for it costs most of the time
        self._turn = (self._turn + TURNS) % self._parts
        these = self._weights[self._turn : self._turn + TURNS]
        shape = irfft(these, 2 * BLOCK, axis=1)
        shape[:, BLOCK:] = 0
        these[:] = rfft(shape, axis=1)
        kept = FORGETTING * FORGETTING
        known = self._weights.real**2 + self._weights.imag**2
        self._uncertainty = np.maximum(
            kept * (1 - 0.5 * gain * power) * self._uncertainty + (1 - kept) * known, 1e-9
        ).astype(np.float32)
        return error
