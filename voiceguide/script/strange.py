"""Characters that no script means: what cannot be seen or spoken, and what is taken for another one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from voiceguide.columns import UNSAFE, safe

_CONTROLS = {0: "NULL", 7: "BELL", 8: "BACKSPACE", 9: "TAB", 13: "CARRIAGE RETURN", 27: "ESCAPE", 127: "DELETE"}
_TO_READ = "\u061c\u200e\u200f"
"""Marks that say which way to read; beside letters that go from right to left they are needed."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

_LATIN = {
    "Cyrillic": ("аеорсухіјѕԁһАВЕКМНОРСТХ", "aeopcyxijsdhABEKMHOPCTX"),
    "Greek": ("οαρνικΑΒΕΖΗΙΚΜΝΟΡΤΧ", "oapvikABEZHIKMNOPTX"),
    "dashes": ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-------"),
}
"""What looks like a letter or a sign of the language, and that letter or sign."""
_ALIKE = str.maketrans(dict(pair for some in _LATIN.values() for pair in zip(*some, strict=True)))
QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a`"
"""Quotation marks that are none to YAML."""


def stray(text: str) -> Iterator[re.Match[str]]:
    """Yield what in the line or value *text* cannot be seen or spoken; not what some languages and emoji need."""
    for match in UNSAFE.finditer(text):
        around = text[max(0, match.start() - 1) : match.end() + 1]
        needed = match[0] in _TO_READ and _RIGHT_TO_LEFT.search(text)
        if not needed and safe(around) != around:  # which leaves those that join what is beside them
            yield match


def plain(text: str) -> str:
    """Return *text* as it was meant where only ASCII can be: what is full-width, or looks alike, is replaced."""
    return unicodedata.normalize("NFKC", UNSAFE.sub("", text).translate(_ALIKE)).strip(QUOTES).strip()


def named(character: str) -> str:
    """Return the number and the name of *character*, such as `U+00A0 NO-BREAK SPACE`."""
    usual = "SURROGATE" if "\ud800" <= character <= "\udfff" else "CONTROL CHARACTER"
    return f"U+{ord(character):04X} {_CONTROLS.get(ord(character)) or unicodedata.name(character, usual)}"


def odd(text: str) -> str:
    """Return the first character of *text* that `plain` takes for another one, or an empty text."""
    return next((c for c in text if not c.isascii() and not UNSAFE.match(c) and (plain(c) != c or c in QUOTES)), "")
