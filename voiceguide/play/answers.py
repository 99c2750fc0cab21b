"""Answers: sayings in words of a language. A language that has none of its own is answered in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Words
from voiceguide.play.now import Now
from voiceguide.play.orientation import orientation
from voiceguide.play.sayings import Finishing, Kept, LessThan, NotPossible, Orientation, Quoted, Saying
from voiceguide.spoken.language import Language
from voiceguide.spoken.said import BARE, language_of

Clock = tuple[int, int]
"""Hours and minutes of the day."""


@dataclass(frozen=True)
class Wording:
    """How one language answers."""

    finishing: Callable[[Clock, str], str]
    less: Callable[[str, str], str]
    kept: str
    not_possible: str
    lighter: str


def answer(saying: Saying, now: Now, language: str, clock: Clock) -> str:
    """Return *saying* in words of *language*, where the session stands at *now* and the day's time is *clock*."""
    base = language.partition("-")[0].lower()
    wording = _WORDINGS.get(base, _WORDINGS["en"])
    words = language_of(base if base in _WORDINGS else "en") or BARE
    match saying:
        case Finishing(left_ms):
            return wording.finishing(_later(clock, left_ms), words.duration(left_ms, ""))
        case LessThan(side, ms):
            return wording.less(_side(words, side), words.duration(ms, ""))
        case Kept(title):
            return wording.kept.format(title=title)
        case NotPossible(what):
            return wording.lighter if what == "lighter" else wording.not_possible
        case Orientation():
            return orientation(now, language)
        case Quoted(phrase):
            return " ".join(part.written for part in phrase.parts if isinstance(part, Words))


def _later(clock: Clock, ms: int) -> Clock:
    """Return the time of day that is *ms* after *clock*, to the nearest minute."""
    hours, minutes = divmod(clock[0] * 60 + clock[1] + round(ms / 60_000), 60)
    return hours % 24, minutes


def _side(words: Language, side: str) -> str:
    return words.sides.get(side, side)


def _english(clock: Clock, left: str) -> str:
    minutes = clock[1]
    quarters = {0: "on the hour", 15: "at quarter past", 30: "at half past", 45: "at quarter to"}
    past = f"at {minutes} past" if minutes < 30 else f"at {60 - minutes} to"
    return f"I will finish {quarters.get(minutes, past)}, in {left}."


def _german(clock: Clock, left: str) -> str:
    return f"Ich bin um {clock[0]}:{clock[1]:02} Uhr fertig, in {left}."


_WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "en": Wording(
            _english,
            lambda side, time: f"The {side.lower()} side has {time} less.",
            "That is for your safety: {title}. To leave it out, say it again.",
            "That is not possible here.",
            "Use less pressure. Lighter is always right.",
        ),
        "de": Wording(
            _german,
            lambda side, time: f"Die Seite {side} hat {time} weniger.",
            "Das dient Ihrer Sicherheit: {title}. Wenn es entfallen soll, sagen Sie es noch einmal.",
            "Das geht hier nicht.",
            "Weniger Druck. Leichter ist immer richtig.",
        ),
    }
)
