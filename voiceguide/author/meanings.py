"""What a word of the language, or a code, means: from the tables, so that what is new is known by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import fill

from voiceguide.author.flow import every
from voiceguide.author.schema import describe_type
from voiceguide.codes import CODES
from voiceguide.limits import CAPS_MS
from voiceguide.nouns import dataclass
from voiceguide.script.breaths import NAMED
from voiceguide.script.grammar import KINDS
from voiceguide.script.model import ALWAYS
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.scalars import Scalar, near, one_of
from voiceguide.script.shapes import Choose, Key, Kind, MapOf
from voiceguide.script.texts import CASE
from voiceguide.units import format_clock

LIKENESS = 0.65
"""How alike a word must be to what it is taken for: among so many codes, nonsense is a little like one."""
MORE_LIKE = 0.7
"""The same for values, of which there are more."""
_MORE: Mapping[str, str] = {
    **{family: f"at most {format_clock(cap_ms)}" for family, cap_ms in CAPS_MS.items()},
    **{name: f"breathe {pattern}" for name, pattern in NAMED.items()},
}
"""What there is to say of a value besides where it stands."""


@dataclass(frozen=True)
class Value:
    """A value that the language knows by its word, and the key, with its kind, that takes it."""

    kind: Kind
    key: Key
    type: Scalar


def meanings(word: str) -> list[str]:
    """Return everything that *word* means: as a key, a value, a fact, a live value, a part of a script, a code."""
    told = [f"{word}, in {kind.title}: {key.doc}\n  takes {describe_type(key.type)}" for kind, key in _keys(word)]
    told += _values_told(word)
    for name, fact in ALWAYS.items():
        if word in (name, *fact.choices) and word not in ("yes", "no"):
            told.append(
                f"{word}, of the fact `{name}`, which needs no `listener:`: {fact.ask} {', '.join(fact.choices)}"
            )
    told += [f"{{{word}}}, in {kind.title}: {key.doc}" for kind, key in _alone(word)]
    if word in LIVE_VALUES:
        told.append(f"{{{word}}} in a text: {LIVE_VALUES[word]}")
    if word in KINDS:
        told.append(f"{KINDS[word].title}: {KINDS[word].doc}")
    if word in CODES:
        told.append(f"{CODES[word].severity}[{word}]\n\n{fill(CODES[word].explanation, 88)}")
    return told


def meant_by(word: str) -> str:
    """Return the word of the language, or the code, that is most like *word*, or an empty text."""
    keys = [key.name for kind in KINDS.values() for key in kind.keys]
    facts = [word for name, fact in ALWAYS.items() for word in (name, *fact.choices)]
    likely = near(word, [*CODES, *keys, *LIVE_VALUES], LIKENESS)
    return near(word, [likely, *values(), *facts], MORE_LIKE) or likely


def values() -> dict[str, list[Value]]:
    """Return every word that values are made of, such as `sigh`, `half` or `wpm`, with where it may stand."""
    found: dict[str, list[Value]] = {}
    for kind in KINDS.values():
        for key in kind.keys:
            for scalar in (*every(Scalar, key.type), *(CASE for _ in every(Choose, key.type))):
                for word in _words(scalar):
                    found.setdefault(word, []).append(Value(kind, key, scalar))
    return found


def _words(scalar: Scalar) -> Iterator[str]:
    """Yield the words of *scalar* that its pattern has letter by letter, and one of its examples too."""
    if scalar.pattern == one_of(scalar.examples):
        yield from scalar.examples
    fixed = set(re.findall(r"(?<![\w\\-])[A-Za-z0-9][\w-]*", scalar.pattern))
    named = dict.fromkeys(word for example in scalar.examples for word in example.split())
    yield from (word for word in named if word in fixed)


def _keys(word: str) -> Iterator[tuple[Kind, Key]]:
    return ((kind, key) for kind in KINDS.values() if (key := kind.key(word)))


def _values_told(word: str) -> list[str]:
    homes: dict[tuple[str, str], dict[str, None]] = {}
    for value in values().get(word, ()):
        told = value.key.doc, value.type.expected
        homes.setdefault(told, {})[f"`{value.key.name}` in {value.kind.title}"] = None
    more = f" ({_MORE[word]})" if word in _MORE else ""
    return [f"{word}, in {', '.join(at)}{more}: {doc}\n  takes {taken}" for (doc, taken), at in homes.items()]


def _alone(word: str) -> Iterator[tuple[Kind, Key]]:
    """Yield where an entry that is a single value is called *word*."""
    for kind in KINDS.values():
        yield from ((kind, key) for key in kind.keys if any(each.alone == word for each in every(MapOf, key.type)))
