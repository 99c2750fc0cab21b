"""What a clip is, as a value: enough to make it, and to tell it from all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Utterance:
    """One thing to say in one breath of the synthesizer: everything that shapes its sound, and nothing else.

    *text* is what the engine is given (pronunciation already applied), *pace_wpm* the articulation rate inside
    sentences in words a minute. *speaker* is the addressee whose own voice says it, or empty for the main one.
    """

    text: str
    language: str = "en"
    pace_wpm: int = 125
    speaker: str = ""


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
