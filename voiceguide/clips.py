"""What a clip is, as a value: enough to make it, and to tell it from all others."""

from __future__ import annotations

from typing import Literal

from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Utterance:
    """One thing to say in one breath of the synthesizer: everything that shapes its sound, and nothing else.

    *sentences* are what the engine is given, one after the other with a pause between them: made ready for speech, so
    numbers are words and pronunciation is applied. *pace_wpm* is the articulation rate inside them in words a minute.
    *speaker* is the addressee whose own voice says it, or empty for the main one.
    """

    sentences: tuple[str, ...]
    language: str = "en"
    pace_wpm: int = 125
    speaker: str = ""

    @property
    def text(self) -> str:
        """All that is said."""
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Recording:
    """A sound file beside the script, heard in place of speech."""

    name: str


@dataclass(frozen=True)
class ChimeSound:
    """A chime of the library, struck once."""

    name: str


@dataclass(frozen=True)
class BedSound:
    """A bed of the library: it repeats without a seam."""

    name: str


@dataclass(frozen=True)
class BreathTone:
    """A tone that glides through one phase of a breath, *frames* long at the session's rate."""

    phase: Literal["in", "hold", "out"]
    frames: int


Speech = Utterance | Recording
"""What is made of words."""
ClipId = Utterance | Recording | ChimeSound | BedSound | BreathTone
