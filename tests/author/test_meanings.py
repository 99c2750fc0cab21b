"""Every word of the language can be explained, and that from the tables: what is new there is known by itself."""

from __future__ import annotations

import pytest

from voiceguide.author.flow import every
from voiceguide.author.meanings import meanings, meant_by, values
from voiceguide.codes import CODES
from voiceguide.limits import CAPS_MS
from voiceguide.script.breaths import CUES, NAMED
from voiceguide.script.grammar import ADDRESSEES, KINDS
from voiceguide.script.model import ALWAYS, COUNTED
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.rounds import ALOUD
from voiceguide.script.scalars import Scalar, one_of
from voiceguide.script.shapes import MapOf

KEYS = {key for kind in KINDS.values() for key in kind.keys}


def test_every_key_kind_code_live_value_and_fact_is_explained() -> None:
    facts = {word for name, fact in ALWAYS.items() for word in (name, *fact.choices)}
    words = {*(key.name for key in KEYS), *KINDS, *CODES, *LIVE_VALUES, *COUNTED, *facts}
    assert sorted(word for word in words if not meanings(word)) == []


def test_every_value_that_is_a_word_is_explained() -> None:
    scalars = [scalar for key in KEYS for scalar in every(Scalar, key.type)]
    choices = {word for scalar in scalars if scalar.pattern == one_of(scalar.examples) for word in scalar.examples}
    alone = {each.alone for key in KEYS for each in every(MapOf, key.type) if each.alone}
    words = {
        *choices,
        *alone,
        *CAPS_MS,
        *NAMED,
        *CUES,
        *ALOUD,
        *ADDRESSEES,
        "half",
        "every",
        "else",
        "left",
        "wpm",
        "dB",
    }
    assert sorted(word for word in words if not meanings(word)) == []


def test_what_an_author_writes_is_no_word_of_the_language() -> None:
    assert {"warm", "Warm", "strokes", "outer", "settle", "pregnant"} & values().keys() == set()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("sigh", "sigh, in `breathe` in a step (breathe 3+1.5-0-7.5-0): A breath pattern"),
        ("relaxing", "relaxing, in `family` in a routine (at most 15:00): Sets the hard cap"),
        ("wpm", "wpm, in `pace` in a voice, `pace` in a voice for somebody: Words a minute"),
        (
            "touch",
            "touch, of the fact `touch`, which needs no `listener:`: How firm may it be today? lighter, usual, firmer",
        ),
        ("item", "{item}, in steps for each of a list: The list."),
    ],
)
def test_what_is_said_of_a_word(word: str, told: str) -> None:
    assert meanings(word)[0].startswith(told)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("sihg", "sigh"), ("relaxng", "relaxing"), ("for each", "for each of"), ("firmr", "firmer"), ("nonsense", "")],
)
def test_a_near_miss_is_taken_for_what_is_most_like_it(word: str, meant: str) -> None:
    assert meant_by(word) == meant
