"""Listener: commands from what a microphone hears, block by block.

    microphone, reference -> Echo -> Detector -> Recogniser -> commands

There is one interface, `feed`: another recogniser, or another language, is another class behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from voiceguide.hear.canceller import BLOCK
from voiceguide.hear.detector import Detector
from voiceguide.hear.echo import Echo
from voiceguide.hear.models import check_spoken, detector_model, recogniser_model
from voiceguide.hear.phrases import LANGUAGES, Spoken
from voiceguide.hear.recogniser import Best, Recogniser
from voiceguide.nouns import dataclass
from voiceguide.play.commands import Command

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]


def load_recogniser(spoken: Spoken) -> Recogniser:
    """Return what recognises *spoken*. Raises VoiceguideError if a library or its model is missing."""
    check_spoken()
    return Recogniser(recogniser_model(), spoken)


UNLIKE, BESIDE = 1.0, -3.9
"""Beside a session, a command fits what is heard so much better than what was played meanwhile, in mean logarithms, and
is at least so sure: what is left of an echo was taken for one at -4.1 and less."""


class Listener(Protocol):
    """Understands commands in sound."""

    def feed(self, heard: Sound, reference: Sound) -> list[Command]:
        """Return the commands that end in *heard*, while *reference* was played: 16 kHz, float32, equally long."""


@dataclass(frozen=True)
class Speech:
    """Something that was said: the *phrase* that it may be, how sure that is, and whether it is taken for it."""

    phrase: str
    sure: float
    taken: bool


class SpokenCommands:
    """Listens for the closed set of one language. *said* is told of all speech, understood or not.

    The *recogniser* may be one that was loaded before.

    Raises VoiceguideError if a library or a model is missing.
    """

    def __init__(
        self,
        spoken: Spoken = LANGUAGES["en"],
        said: Callable[[Speech], None] = lambda _: None,
        recogniser: Recogniser | None = None,
    ) -> None:
        self.phrases = spoken.said()
        """All that can be said, with what it commands."""
        self._said = said
        self.echo = Echo()
        self.detector = Detector(detector_model())
        self.recogniser = recogniser or load_recogniser(spoken)
        self._heard: list[Sound] = []
        self._references: list[Sound] = []
        self._waiting = 0

    def feed(self, heard: Sound, reference: Sound) -> list[Command]:
        """Return the commands that end in *heard*, while *reference* was played: 16 kHz, float32, equally long."""
        import numpy as np

        self._heard.append(heard)
        self._references.append(reference)
        self._waiting += len(heard)
        if self._waiting < BLOCK:
            return []
        heard, reference = np.concatenate(self._heard), np.concatenate(self._references)
        whole = len(heard) // BLOCK * BLOCK
        self._heard, self._references, self._waiting = [heard[whole:]], [reference[whole:]], len(heard) - whole
        return [
            command
            for start in range(0, whole, BLOCK)
            for command in self._block(heard[start : start + BLOCK], reference[start : start + BLOCK])
        ]

    def _block(self, heard: Sound, reference: Sound) -> list[Command]:
        commands = []
        left = self.echo.clean(heard, reference)
        for piece in self.detector.cut(left, silent=self.echo.only):
            for speech in (piece.speech, piece.joined):
                if speech is None:
                    continue
                best = self.recogniser.read(speech)
                if best is None:
                    continue
                taken = best.taken and self._meant(best, self.echo.played(len(speech), piece.ago))
                self._said(Speech(best.phrase, best.sure, taken))
                if taken:
                    commands.append(self.phrases[best.phrase])
                    self.detector.forget()
                    break
        return commands

    def _meant(self, best: Best, played: Sound) -> bool:
        """Tell whether *best* is somebody's command, and no echo of what was *played* meanwhile."""
        if not played.any():
            return True
        return best.sure >= BESIDE and self.recogniser.fit(played, best.phrase) <= best.sure - UNLIKE
