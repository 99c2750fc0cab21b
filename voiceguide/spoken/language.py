"""What a language knows about itself: the words that are put into texts, and how what is written there is read.

A language is a file of this folder that makes one `Language`, and its texts in `tests/spoken/`. The rules that read
(`reading.py`) are the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cached_property, lru_cache

from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Noun:
    """What is counted: its *forms* by the plural categories of CLDR (`one`, `few`, `many`, `other`), and its gender."""

    forms: Mapping[str, str]
    gender: str = ""

    def form(self, category: str) -> str:
        """Return the form for *category*."""
        return self.forms.get(category) or self.forms["other"]


@dataclass(frozen=True, eq=False)
class Language:
    """One language.

    What texts are given: *answers* (`left`, `right`, `both`, `yes`, `no`) as they stand in a text, with the *endings*
    of which one must follow them there, if any; *sides* as they stand alone; *phases*, the words for the phases of a
    breath. *count* gives a whole number, or nothing if it stands alone, with what it counts, behind the words
    *before*; *duration* a rounded time.

    How is read what is written: *units* and *signs* by how they are written, *nouns* by name; *abbreviations* with
    their dots; *marks* are the small words of the rules.
    """

    code: str
    answers: Mapping[str, str]
    sides: Mapping[str, str]
    phases: Mapping[str, str]
    endings: tuple[str, ...] = ()
    count: Callable[[int, Noun | None, str, str], str] = lambda value, noun, before, after: str(value)
    duration: Callable[[int, str], str] = lambda ms, before: ""
    plural: Callable[[str], str] = lambda digits: "one" if digits == "1" else "other"
    ordinal: Callable[[int, str], str] = lambda value, before: str(value)
    ordinal_written: str = r"(?!)"
    ordinal_before: str = ""
    """Patterns of how ordinals are written, and of what stands before them if that is needed to tell."""
    decade_written: str = r"(?!)"
    decade: Callable[[int], str] = str
    months: str = r"(?!)"
    day: Callable[[int, str], str] = lambda value, before: str(value)
    """The day of one of the *months*, which are a pattern, before its name."""
    year: Callable[[int], str] = str
    after_year: str = r"(?!)"
    fraction: Callable[[int | None, int, int, str, str], str | None] = lambda whole, above, below, before, after: None
    clock: Callable[[int, int], str] = lambda hours, minutes: f"{hours} {minutes}"
    clock_before: str = r"(?!)"
    clock_after: str = r"(?!)"
    time_before: str = r"(?!)"
    call_before: str = r"(?!)"
    decimal: str = "."
    nouns: Mapping[str, Noun] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    doubtful_units: frozenset[str] = frozenset()
    signs: Mapping[str, str] = field(default_factory=dict)
    doubtful_signs: frozenset[str] = frozenset()
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    ends: frozenset[str] = frozenset()
    """Abbreviations that may end a sentence."""
    doubtful: frozenset[str] = frozenset()
    """Abbreviations that may stand for something else."""
    before_number: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations that are read so only before a number."""
    marks: Mapping[str, str] = field(default_factory=dict)
    singular_before: str = r"(?!)"
    decade_before: str = r"(?!)"
    """What makes ten years of `30s`, rather than seconds."""
    per: tuple[str, str] = (r"(?!)", r"(?!)")
    """What stands before and behind a slash that means `per`."""
    numbered: str = r"(?!)"
    """What comes before a Roman number."""
    conjunctions: tuple[str, ...] = ()
    interjections: Mapping[str, str] = field(default_factory=dict)
    """By what is left of them when no letter comes twice in a row."""
    acronyms: frozenset[str] = frozenset()
    """Capitals that are spelt."""
    words_too: frozenset[str] = frozenset()
    """Capitals that may be an acronym or a word."""
    short_words: frozenset[str] = frozenset()
    """Words of two to four letters that people write in capitals."""
    letters: str = ""
    """The letters that its readers know, as the inside of a bracket of a pattern; empty if it is not known."""

    @cached_property
    def abbreviated(self) -> re.Pattern[str]:
        """What tells that a text of plain letters is not read as it is written: a short form."""
        plain = [a for a in self.abbreviations if a[0].isalpha() and "/" not in a]
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, plain)) or '(?!)'})(?!\w)")


@lru_cache(maxsize=4096)
def in_words(value: int, code: str, kind: str = "cardinal") -> str:
    """Return *value* in words of the language *code*; digit by digit if it is too long for anything else."""
    if value >= 10**15:
        return " ".join(in_words(int(digit), code) for digit in str(value)[:400])
    from num2words import num2words  # here, because it takes a tenth of a second

    return str(num2words(value, lang=code, to=kind)).replace(",", "")


def rounded(ms: int) -> tuple[str, int]:
    """Return *ms* as people say it: `second` or `half` (of a minute), and how many.

    To half minutes below three, to minutes above, to tens of seconds below ninety.
    """
    if ms < 90_000:
        seconds = max(10, round(ms / 10_000) * 10) if ms >= 7_500 else max(1, round(ms / 1000))
        if seconds != 60:
            return "second", seconds
    halves = round(ms / 30_000)
    return "half", halves if halves < 6 else 2 * round(ms / 60_000)
