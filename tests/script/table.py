"""The constructs of the language, as the grammar table has them, and where scripts use them.

A construct is a kind of mapping (`step`), a key of it (`step.say`) or a form that the value of a key may take
(`step.say: one of`). Below them are values: what may be written where the table knows all of it (`step.to = giver`),
or where it gives examples (`5-0-5-0`), and the kinds of entries of a list of steps (`repeat.steps = section`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voiceguide.script.grammar import FILLABLE, KINDS, kind_of
from voiceguide.script.scalars import Scalar, one_of
from voiceguide.script.shapes import Choose, Items, Kind, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.texts import CASE
from voiceguide.script.tree import Node


@dataclass(frozen=True)
class Place:
    """A node, and the constructs that it is part of; *named* says that it is the name of a key."""

    node: Node
    constructs: tuple[str, ...]
    named: bool = False


# --- what there is


def constructs() -> set[str]:
    """Return every construct of the language."""
    made = set(KINDS)
    for kind in KINDS.values():
        for key in kind.keys:
            home = f"{kind.name}.{key.name}"
            made |= {home, *(f"{home}: {form}" for form in _forms(key.type))}
            made |= {f"{home}: parameter"} if kind.name == "step" and key.name in FILLABLE else set()
    return made


def values() -> set[str]:
    """Return every value that the table knows by name or by example."""
    return {
        value for kind in KINDS.values() for key in kind.keys for value in _values(key.type, f"{kind.name}.{key.name}")
    }


def _forms(wanted: Type) -> tuple[str, ...]:
    match wanted:
        case OneOrMore():
            return "one", "list"
        case Choose():
            return ("one", "conditions", "one of") if wanted.rotate else ("one", "conditions")
        case Nested(short=Items() | Scalar()):
            return "short", "mapping"
        case MapOf():
            return _forms(wanted.value)
        case _:
            return ()


def _values(wanted: Type, home: str) -> Iterator[str]:
    match wanted:
        case Scalar():
            told = home if wanted.pattern == one_of(wanted.examples) else wanted.expected
            yield from (f"{told} = {plain(example)}" for example in wanted.examples)
        case Items():
            yield from (f"{home} = {kind}" for kind in wanted.kinds)
        case MapOf():
            yield from (*_values(wanted.key, home), *_values(wanted.value, home))
        case Choose():
            yield from (*_values(CASE, home), *_values(wanted.of, home))
        case ListOf() | OneOrMore():
            yield from _values(wanted.of, home)
        case Nested() if wanted.short:
            yield from _values(wanted.short, home)


def plain(text: str) -> str:
    """Return *text* with every number written as 0, so that texts of one form are equal."""
    return re.sub(r"[0-9]+(?:\.[0-9]+)?", "0", text)


# --- where it is


def places(root: Node) -> Iterator[Place]:
    """Yield every part of the script *root*, in the order in which they are written."""
    yield from _mapping(root, KINDS["routine"], ())


def _mapping(node: Node, kind: Kind, home: tuple[str, ...]) -> Iterator[Place]:
    inside = (*home, kind.name)
    yield Place(node, inside)
    for name, value in node.pairs:
        key = kind.key(name.text)
        if key is None:
            yield Place(name, inside)
            continue
        own = f"{kind.name}.{key.name}"
        yield Place(name, (own,), named=True)
        if kind.name == "step" and key.name in FILLABLE and re.fullmatch(r"\{[^{}]*\}", value.text):
            yield Place(value, (own, f"{own}: parameter"))
        else:
            yield from _value(value, key.type, (own,))


def _value(node: Node, wanted: Type, home: tuple[str, ...]) -> Iterator[Place]:
    own = home[0]
    match wanted:
        case Scalar():
            yield Place(node, (*home, *({f"{told} = {plain(node.text)}" for told in (own, wanted.expected)})))
        case ListOf():
            yield Place(node, home)
            for item in node.items:
                yield from _value(item, wanted.of, home)
        case MapOf():
            yield Place(node, home)
            for name, value in node.pairs:
                yield from (*_value(name, wanted.key, home), *_value(value, wanted.value, home))
        case OneOrMore() if node.kind == "list":
            yield Place(node, (*home, f"{own}: list"))
            for item in node.items:
                yield from _value(item, wanted.of, (*home, f"{own}: list"))
        case OneOrMore():
            yield from _value(node, wanted.of, (*home, f"{own}: one"))
        case Choose() if node.kind == "mapping":
            again = wanted.rotate and any(name.text == "one of" for name, _ in node.pairs)
            inside = (*home, f"{own}: {'one of' if again else 'conditions'}")
            yield Place(node, inside)
            for name, value in node.pairs:
                yield from [Place(name, inside)] if again else _value(name, CASE, inside)
                yield from _value(value, ListOf(wanted.of) if again else wanted.of, inside)
        case Choose():
            yield from _value(node, wanted.of, (*home, f"{own}: one") if node.kind == "text" else home)
        case Nested(short=Items() | Scalar() as short) if node.kind == ("list" if isinstance(short, Items) else "text"):
            yield from _value(node, short, (*home, f"{own}: short"))
        case Nested() if node.kind == "mapping":
            yield from _mapping(node, KINDS[wanted.kind], (*home, f"{own}: mapping"))
        case Nested():
            yield Place(node, home)
        case Items():
            yield Place(node, home)
            for item in node.items:
                kind = kind_of(wanted, {name.text for name, _ in item.pairs})
                yield from _mapping(item, kind, (f"{own} = {kind.name}",)) if kind else [Place(item, home)]
