"""The one door: written text -> what is said, in sentences, with what an author may want to write otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from voiceguide.nouns import dataclass
from voiceguide.spoken.clean import clean, visible
from voiceguide.spoken.english import ENGLISH
from voiceguide.spoken.german import GERMAN
from voiceguide.spoken.language import Language
from voiceguide.spoken.reading import Doubt, read_words
from voiceguide.spoken.sentences import sentences

LANGUAGES: Mapping[str, Language] = {language.code: language for language in (ENGLISH, GERMAN)}
"""The languages that have words of their own, by the first part of their tags."""
BARE = Language("", {}, {}, {})
"""Stands for a language that has no words of its own: nothing is put into its texts but digits."""
_PLAIN = re.compile(
    r"(?!(?i:.*(.)\1\1|.*(?<!\w)[b-df-hj-np-tv-xz]{2,}(?!\w)))"
    r"(?:(?:[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+|A)(?:'[a-z]+)?(?:[.,;:!?](?= |$))?(?: (?! )|-(?=[A-Za-z])|$))*"
)
"""A text that is read as it is written, unless it holds a short form."""
_FIRST = 0xE000


@dataclass(frozen=True)
class Said:
    """What is said: its *sentences*, and what in it is read in one of several ways, or not at all."""

    sentences: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def language_of(tag: str) -> Language | None:
    """Return the language of the BCP 47 *tag*, or None if it has no words of its own here."""
    return LANGUAGES.get(tag.split("-")[0].lower())


@lru_cache(maxsize=1024)
def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def spoken(text: str, tag: str, respelt: tuple[tuple[str, str], ...] = ()) -> Said:
    """Return what is said for *text* in the language *tag*; words that are *respelt* are said so, come what may.

    In a language that has no words of its own here, numbers and signs stay as they are: engines read them as they can.
    """
    return _said(text, tag, respelt)


@lru_cache(maxsize=16_384)
def _said(text: str, tag: str, respelt: tuple[tuple[str, str], ...]) -> Said:
    language = language_of(tag)
    text = visible(text)
    for number, (word, _) in enumerate(respelt):
        text = _whole_word(word).sub(chr(_FIRST + number), text)
    doubts: list[Doubt] = []
    if not _PLAIN.fullmatch(text) or (language and language.abbreviated.search(text)):
        text = clean(text)
        if language:
            text, doubts = read_words(text, language)
    found = sentences(text, language.conjunctions if language else ())
    if respelt:
        said = {_FIRST + number: instead for number, (_, instead) in enumerate(respelt)}
        found = tuple(sentence.translate(said) for sentence in found)
    return Said(found, tuple(dict.fromkeys(doubts)))
