"""Sayings: what is to be said beside a session, as values; in which words is another matter (`answers`)."""

from __future__ import annotations

from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Phrase


@dataclass(frozen=True)
class Finishing:
    """It will end in *left_ms*."""

    left_ms: int


@dataclass(frozen=True)
class LessThan:
    """The *side* has *ms* less than the other."""

    side: str
    ms: int


@dataclass(frozen=True)
class Kept:
    """The step called *title* should be heard: whoever asks once more leaves it out."""

    title: str


@dataclass(frozen=True)
class NotPossible:
    """It cannot be had; *what* is the name of the command, if it says more than that."""

    what: str = ""


@dataclass(frozen=True)
class Orientation:
    """Where the session is, and how long it still takes. *goes_on*: it goes on after that."""

    goes_on: bool = False


@dataclass(frozen=True)
class Quoted:
    """Words of the script."""

    phrase: Phrase


Saying = Finishing | LessThan | Kept | NotPossible | Orientation | Quoted
