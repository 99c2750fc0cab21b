"""The language from the grammar table: as a JSON Schema, for editors and other programs, and as pages of reference.

What a loader of YAML 1.2 makes of a script is what the schema describes: there, `3` and `true` are no texts.
Nothing that the reader accepts is refused, but for values without quotation marks of which that loader makes null
(`~`, `null`) or a fraction where a name belongs (`1e-3`), and for keys (`3: three`) of which it makes no texts:
to the reader, all of these are texts.
What needs arithmetic or knows names is left to `voiceguide check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voiceguide.author.flow import every
from voiceguide.script.build import CLASHES, NEEDS
from voiceguide.script.grammar import FILLABLE, KINDS
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.scalars import ID_LIKE, Scalar, Wrong, one_of
from voiceguide.script.shapes import Choose, Items, Key, Kind, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.texts import CASE

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
_PARAMETER: Schema = {"type": "string", "pattern": rf"^\{{{ID_LIKE}\}}$"}


def schema() -> Schema:
    """Return the JSON Schema (draft 7) of a script."""
    entries = {
        _entries_name(items): _entry(items) for items in sorted(every(Items, tuple(KINDS.values())), key=_entries_name)
    }
    return {
        "$schema": DRAFT,
        "title": "A voiceguide script",
        "allOf": [_ref("routine")],
        "definitions": {**{name: _kind(kind) for name, kind in KINDS.items()}, **entries},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _requires(*keys: str) -> Schema:
    return {"required": list(keys)}


def _any(*schemas: Schema) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def _kind(kind: Kind) -> Schema:
    made: Schema = {
        "type": "object",
        "description": kind.doc,
        "properties": {key.name: _key(key, kind) for key in kind.keys},
        "additionalProperties": False,
    }
    required = [key.name for key in kind.keys if key.required]
    return made | ({"required": required} if required else {}) | _rules(kind.name)


def _key(key: Key, kind: Kind) -> Schema:
    fillable = kind.name == "step" and key.name in FILLABLE
    made = _any(_type(key.type), _PARAMETER) if fillable else _type(key.type)
    return {"description": key.doc, **({"allOf": [made]} if "$ref" in made else made)}


_RULES: dict[str, Schema] = {
    "step": {"anyOf": [_requires(mark) for mark in KINDS["step"].marks]},
    "fact": {"oneOf": [_requires("one of"), _requires("yes or no")]},
    "each": {"oneOf": [_requires("side"), _requires("first"), _requires("only")]},
    "count": {"oneOf": [_requires("every"), _requires("on")]},
}
"""What the mappings of one kind have to hold, besides `CLASHES` and `NEEDS`."""


def _rules(kind: str) -> Schema:
    clashes = [{"not": _requires(one, other)} for one, other, *_ in CLASHES.get(kind, ())]
    needs: dict[str, Schema | list[str]] = {
        has: [needed] if isinstance(needed, str) else {"anyOf": [_requires(key) for key in needed]}
        for has, needed, *_ in NEEDS.get(kind, ())
    }
    return _RULES.get(kind, {}) | ({"allOf": clashes} if clashes else {}) | ({"dependencies": needs} if needs else {})


def _type(wanted: Type) -> Schema:
    match wanted:
        case Scalar():
            return _scalar(wanted)
        case ListOf():
            return _list(_type(wanted.of), wanted.least, wanted.most) | ({"uniqueItems": True} if wanted.unique else {})
        case MapOf():
            values = _type(wanted.value)
            made = {"type": "object", "propertyNames": _text(wanted.key), "additionalProperties": values}
            return _any(values, made) if wanted.alone else made
        case OneOrMore():
            return _any(_scalar(wanted.of), _list(_scalar(wanted.of), 1))
        case Choose():
            return _any(_scalar(wanted.of), *_variants(wanted))
        case Nested():
            return _any(*([_type(wanted.short)] if wanted.short else []), _ref(wanted.kind))
        case Items():
            return _list(_ref(_entries_name(wanted)), 1)


def _list(of: Schema, least: int, most: int | None = None) -> Schema:
    bounds = {"minItems": least, "maxItems": most}
    return {"type": "array", "items": of, **{name: bound for name, bound in bounds.items() if bound}}


def _variants(wanted: Choose) -> list[Schema]:
    one = _scalar(wanted.of)
    again = {"properties": {"one of": _list(one, 2)}, "required": ["one of"], "additionalProperties": False}
    cases = {"type": "object", "propertyNames": _text(CASE), "additionalProperties": one, "minProperties": 1}
    return [cases, {"type": "object", **again}] if wanted.rotate else [cases]


def _text(wanted: Scalar) -> Schema:
    if wanted.pattern == one_of(wanted.examples):
        return {"type": "string", "enum": list(wanted.examples)}
    explained = {"patternErrorMessage": f"expected {wanted.expected}"}  # known to the YAML servers of editors
    return {"type": "string", "pattern": wanted.pattern, "examples": list(wanted.examples), **explained}


_MANY = 10_000
"""More than any bound on a number."""


def _scalar(wanted: Scalar) -> Schema:
    """Return the schema of *wanted*, also in the spellings that a loader does not take for texts."""

    def accepts(text: str) -> bool:
        return not isinstance(wanted.parse(text), Wrong)

    others: list[Schema] = []
    if accepts("1.5"):
        others = [{"type": "number"}]
    elif accepts("3"):
        whole = [number for number in range(_MANY + 1) if accepts(str(number))]
        others = [{"type": "integer", "minimum": whole[0], **({"maximum": whole[-1]} if whole[-1] < _MANY else {})}]
    return _any(_text(wanted), *others, *([{"type": "boolean"}] if accepts("true") else []))


def _entries_name(items: Items) -> str:
    return "entry-" + "-".join(items.kinds)


def _entry(items: Items) -> Schema:
    """Return the schema of an entry of a list of steps: the first kind that it has a mark of, as the reader does it."""
    kinds = [KINDS[name] for name in items.kinds]
    made = _ref(kinds[-1].name)
    for kind in reversed(kinds[:-1]):
        made = {"if": {"anyOf": [_requires(mark) for mark in kind.marks]}, "then": _ref(kind.name), "else": made}
    marks = {mark: {"description": key.doc} for kind in kinds for mark in kind.marks if (key := kind.key(mark))}
    return {"type": "object", "properties": marks, "allOf": [made]}  # properties, so that editors offer every mark


def describe_type(wanted: Type) -> str:
    """Return what a value of *wanted* is, in words."""
    match wanted:
        case Scalar():
            return wanted.expected
        case ListOf():
            return f"a list of: {describe_type(wanted.of)}"
        case MapOf():
            alone = f", or {describe_type(wanted.value)} alone, for `{wanted.alone}`" if wanted.alone else ""
            return f"a mapping from {describe_type(wanted.key)} to {describe_type(wanted.value)}{alone}"
        case OneOrMore():
            return f"{wanted.of.expected}; or a list of such"
        case Choose():
            again = ", or `one of:` and a list" if wanted.rotate else ""
            return f"{wanted.of.expected}; or a mapping from conditions to such{again}"
        case Nested():
            short = f", or {describe_type(wanted.short)}" if wanted.short else ""
            return f"{KINDS[wanted.kind].title}{short}"
        case Items():
            return "a list of: " + ", ".join(KINDS[name].title for name in wanted.kinds)


def keys_page() -> str:
    """Return docs/keys.md: every key of every part of a script."""
    head = ("# Every key", "", "Printed from the grammar table by `make docs`. Do not edit.")
    return "\n".join((*head, *_kinds(), *_values(), *_live_values())) + "\n"


def _kinds() -> Iterator[str]:
    for kind in KINDS.values():
        yield from ("", f"## {kind.title.capitalize()}", "", kind.doc, "", "| key | takes | meaning |", "|---|---|---|")
        for key in kind.keys:
            needed = " **Required.**" if key.required else ""
            yield f"| `{key.name}` | {_takes(key, kind)} | {key.doc}{needed} |".replace(" | | ", " | ")


def _takes(key: Key, kind: Kind) -> str:
    fillable = kind.name == "step" and key.name in FILLABLE
    return describe_type(key.type) + ('; or a parameter, as in `"{name}"`' if fillable else "")


def _values() -> Iterator[str]:
    yield from ("", "## Single values", "", "How each is written.", "", "| value | examples |", "|---|---|")
    scalars = (scalar for kind in KINDS.values() for key in kind.keys for scalar in _scalars(key.type))
    for expected, examples in {scalar.expected: scalar.examples for scalar in scalars}.items():
        yield f"| {expected} | {', '.join(f'`{example}`' for example in examples)} |"


def _live_values() -> Iterator[str]:
    yield from ("", "## Live values", "", "What a text may say in braces, besides facts of `listener:` and parameters.")
    yield from ("", "| value | says |", "|---|---|")
    yield from (f"| `{{{name}}}` | {meaning} |" for name, meaning in LIVE_VALUES.items())


def _scalars(wanted: Type) -> Iterator[Scalar]:
    """Yield the types of single values in *wanted*, choices between words aside, which are listed with their keys."""
    found = (*(CASE for _ in every(Choose, wanted)), *every(Scalar, wanted))
    yield from (scalar for scalar in found if scalar.pattern != one_of(scalar.examples))
