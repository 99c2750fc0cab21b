"""Numbers as they are written: which are whole, which have decimals, which are only digits."""

from __future__ import annotations

import re

from voiceguide.nouns import dataclass
from voiceguide.spoken.language import Language

NUMBER = r"\d+(?:[.,]\d+)*"
LONGEST = 9
"""Digits of a number that is still read as one; longer ones without marks between are read digit by digit."""


@dataclass(frozen=True)
class Number:
    """A number, as *written*; *decimals* are its digits behind the point. One that is *spelt* is read by its digits."""

    written: str
    whole: int
    decimals: str = ""
    spelt: bool = False
    doubtful: bool = False

    @property
    def is_year(self) -> bool:
        """Whether it may be the number of a year."""
        return len(self.written) == 4 and not self.decimals and 1100 <= self.whole < 2100


def number_of(written: str, language: Language) -> Number:
    """Return what *written* is in *language*, which says what its point and its comma are for."""
    groups = re.split("[.,]", written)
    marks = re.findall("[.,]", written)
    if not marks:
        spelt = len(written) > LONGEST or (len(written) > 1 and written[0] == "0")
        return Number(written, 0 if spelt else int(written), spelt=spelt)
    apart = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if apart and language.decimal not in marks and groups[0] != "0":
        return Number(written, int("".join(groups)), spelt=len("".join(groups)) > 15)
    inner = marks[:-1]
    if language.decimal not in inner and all(len(group) == 3 for group in groups[1:-1]) and len(groups[0]) <= 9:
        return Number(written, int("".join(groups[:-1])), groups[-1][:40], doubtful=marks[-1] != language.decimal)
    return Number("".join(groups), 0, spelt=True, doubtful=True)
