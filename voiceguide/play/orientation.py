"""Orientation: where a session stands, in one or two sentences to be heard. Times are rounded as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voiceguide.nouns import dataclass
from voiceguide.play.now import Now
from voiceguide.spoken.language import Language
from voiceguide.spoken.said import LANGUAGES
from voiceguide.units import frames_to_ms

SOON_MS = 8_000
"""Of a step that ends so soon, the rest is not told: it will have gone by then."""
EXACT_MS = 90_000
"""A time that is shorter is told to about ten seconds, as it is; a longer one is `about` so many minutes."""


@dataclass(frozen=True)
class Wording:
    """How one language says where a session stands: with a place for the *side*, and for times in words."""

    side: str
    here: str
    left: str
    about: str
    only: str
    waiting: str
    end: str


def orientation(now: Now, language: str) -> str:
    """Return where the session stands and how long it still takes, in words of *language*.

    A language that has no words of its own is answered in English.
    """
    base = language.partition("-")[0].lower()
    base = base if base in _WORDINGS else "en"
    words, wording = LANGUAGES[base], _WORDINGS[base]
    rate = now.timeline.rate
    left_ms = frames_to_ms(now.left, rate)
    if left_ms < 1000 or now.state == "ended":
        return wording.end
    step = now.step
    here_ms = frames_to_ms(step.end - now.at, rate) if step and not now.waiting else 0
    only = here_ms >= left_ms  # the last step: both times are one
    place = (step.title if step else now.title).strip().rstrip(".:!?")
    if step and step.side:
        place += wording.side.format(side=words.sides.get(step.side, step.side))
    if here_ms >= SOON_MS and not only:
        place += wording.here.format(time=_time(here_ms, words, wording))
    sentences = [place, wording.waiting if now.waiting else ""]
    sentences.append((wording.only if only else wording.left).format(time=_time(left_ms, words, wording)))
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences if sentence)


def _time(ms: int, words: Language, wording: Wording) -> str:
    time = words.duration(ms, "")
    return time if ms < EXACT_MS else wording.about.format(time=time)


_WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "en": Wording(
            side=", {side} side",
            here=", {time} more",
            left="{time} left in all",
            about="about {time}",
            only="{time} left",
            waiting="I am waiting for you",
            end="This is the end.",
        ),
        "de": Wording(
            side=", {side}",
            here=", noch {time}",
            left="Insgesamt noch {time}",
            about="etwa {time}",
            only="Noch {time}",
            waiting="Ich warte auf Sie",
            end="Das ist das Ende.",
        ),
    }
)
