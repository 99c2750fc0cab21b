"""Spoken words for live values: sides, counts and rounded times, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LanguageWords:
    """The words of one language. *numbers* starts at nought; larger numbers are given as digits."""

    sides: dict[str, str]
    numbers: tuple[str, ...]
    minute: tuple[str, str]
    second: tuple[str, str]
    half: str
    phases: dict[str, str]

    def number(self, value: int) -> str:
        """Return *value* in words."""
        return self.numbers[value] if 0 <= value < len(self.numbers) else str(value)

    def duration(self, ms: int) -> str:
        """Return *ms* rounded as people say it: to half minutes below three, to minutes above, to tens of seconds
        below ninety.
        """
        if ms < 90_000:
            seconds = max(10, round(ms / 10_000) * 10) if ms >= 7_500 else max(1, round(ms / 1000))
            if seconds != 60:
                return self._counted(seconds, self.second)
        halves = round(ms / 30_000)
        if halves >= 6 or halves % 2 == 0:
            return self._counted(round(ms / 60_000) if halves >= 6 else halves // 2, self.minute)
        return f"{self.number(halves // 2)} {self.half} {self.minute[1]}"

    def _counted(self, value: int, unit: tuple[str, str]) -> str:
        return f"{self.number(value)} {unit[value != 1]}"


_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = ("nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    *(f"{root}teen" for root in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
)
_ENGLISH = LanguageWords(
    sides={"left": "left", "right": "right"},
    numbers=(*_UNITS, *_TEENS, *(f"{t}-{_UNITS[u]}" if u else t for t in _TENS for u in range(10))),
    minute=("minute", "minutes"),
    second=("second", "seconds"),
    half="and a half",
    phases={"in": "Breathe in.", "hold": "Hold.", "out": "Breathe out.", "more": "And a little more."},
)
LANGUAGES: dict[str, LanguageWords] = {"en": _ENGLISH}


def words_of(language: str) -> LanguageWords:
    """Return the words of *language* (BCP 47), or the English ones where there are none yet."""
    return LANGUAGES.get(language.split("-")[0].lower(), _ENGLISH)
