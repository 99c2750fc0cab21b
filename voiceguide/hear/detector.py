"""Detector: where somebody speaks. Silero's voice detector (MIT), which finds speech in noise as loud as it.

Pieces of speech are cut as its makers advise: they end after a short silence, and begin and end with a little of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.hear.canceller import BLOCK
from voiceguide.hear.delay import HZ
from voiceguide.nouns import dataclass
from voiceguide.speech.onnx import load_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW, CONTEXT = BLOCK, 64
"""Samples that the model judges at once, 512 at 16 kHz, and of those before that it is given with them."""
SPEECH, SILENCE = 0.4, 0.25
"""From which probability on speech begins, and under which it ends."""
PAUSE = HZ * 350 // 1000
"""Speech has ended after so many samples of silence."""
BEFORE, AFTER = HZ * 600 // 1000, HZ * 120 // 1000
"""Samples kept before and after: a voice begins before it is found, in noise by as much as the word that wakes."""
LONGEST = HZ * 36 // 10
"""No command takes longer than 3.6 s: of longer speech the last so many samples are judged."""
AGAIN = LONGEST // 2
"""Speech that does not end is judged again after so many samples: an echo may go on over a command."""
SHORTEST = HZ * 200 // 1000
"""Shorter sounds, a click or a cough, are no command."""
APART = HZ
"""Some pause between "guide" and what they want: pieces that are so close may be one command."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Speech between two silences, 16 kHz, float32, that ended so many samples *ago*.

    *joined* is the same with what was said just before, if there was anything.
    """

    speech: NDArray[np.float32]
    ago: int
    joined: NDArray[np.float32] | None = None


class Detector:
    """Cuts speech out of what is given, block by block."""

    def __init__(self, model: Path) -> None:
        import numpy as np

        self._session = load_session(model, threads=1)
        self._state = np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._kept = np.zeros(0, np.float32)
        self._at = 0
        self._begun, self._ended = -1, 0
        self._earlier: tuple[int, int] | None = None
        self.probability = 0.0
        """That somebody speaks, just now."""

    def cut(self, window: NDArray[np.float32], *, silent: bool = False) -> Iterator[Piece]:
        """Yield the pieces of speech that end with *window*, shape (`WINDOW`,), 16 kHz, float32.

        If it is known to be *silent*, nobody speaks in it, whatever it sounds like.
        """
        import numpy as np

        self._kept = np.concatenate((self._kept, window))[-LONGEST - PAUSE :]
        self._at += WINDOW
        self.probability = self._probability(window) * (not silent)
        yield from self._judge()

    def forget(self) -> None:
        """Join nothing to what was said before: it is understood."""
        self._earlier = None

    def _judge(self) -> Iterator[Piece]:
        if self.probability >= SPEECH or (self._begun >= 0 and self.probability >= SILENCE):
            if self._begun < 0:
                self._begun = self._at - WINDOW
            self._ended = self._at
            spoken = self._ended - self._begun
            if spoken >= LONGEST and (spoken - LONGEST) % AGAIN < WINDOW:
                yield Piece(self._between(self._begun, self._ended, self._earlier), 0)
        elif self._begun >= 0 and self._at - self._ended >= PAUSE:
            begun, ended, earlier = self._begun, self._ended, self._earlier
            self._begun = -1
            if ended - begun < SHORTEST:
                return
            self._earlier = begun, ended
            near = earlier is not None and begun - earlier[1] <= APART
            short = earlier is not None and ended - earlier[0] <= LONGEST - AFTER
            joined = self._between(earlier[0], ended) if earlier and near and short else None
            yield Piece(self._between(begun, ended, earlier), max(0, self._at - ended - AFTER), joined)

    def _between(self, begun: int, ended: int, earlier: tuple[int, int] | None = None) -> NDArray[np.float32]:
        """Return what was said from *begun* to *ended*, and a little around it, but nothing of what was *earlier*."""
        first = max(begun - BEFORE, ended + AFTER - LONGEST, earlier[1] if earlier else 0)
        start = len(self._kept) - self._at
        return self._kept[max(0, start + first) : start + min(ended + AFTER, self._at)]

    def _probability(self, window: NDArray[np.float32]) -> float:
        import numpy as np

        given = np.concatenate((self._context, window))[None]
        self._context = window[-CONTEXT:]
        h, c = self._state
        output, h, c = self._session.run(None, {"input": given, "h": h, "c": c})
        self._state = h, c
        return float(output.ravel()[-1])
