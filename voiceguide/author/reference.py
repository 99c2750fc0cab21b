"""The reference of the language, printed from the grammar table and the table of codes."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.codes import CODES
from voiceguide.script.grammar import FILLABLE, KINDS, Choose, Items, Key, Kind, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.scalars import Scalar, one_of
from voiceguide.script.texts import CASE


def describe_type(wanted: Type) -> str:
    """Return what a value of *wanted* is, in words."""
    match wanted:
        case Scalar():
            return wanted.expected
        case ListOf():
            return f"a list of: {describe_type(wanted.of)}"
        case MapOf():
            return f"a mapping from {describe_type(wanted.key)} to {describe_type(wanted.value)}"
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
    match wanted:
        case Scalar():
            yield from () if wanted.pattern == one_of(wanted.examples) else (wanted,)
        case MapOf():
            yield from (*_scalars(wanted.key), *_scalars(wanted.value))
        case Choose():
            yield from (CASE, *_scalars(wanted.of))
        case ListOf() | OneOrMore():
            yield from _scalars(wanted.of)
        case Nested(short=Scalar() as short):
            yield from _scalars(short)


def codes_page() -> str:
    """Return docs/codes.md: every message with its explanation."""
    lines = ["# Every message", "", "Printed from the table of codes by `make docs`. Do not edit."]
    for name, code in CODES.items():
        lines += ["", f"## {name}", "", f"*{code.severity}*", "", code.explanation]
    return "\n".join(lines) + "\n"


PAGES = {"keys.md": keys_page, "codes.md": codes_page}
"""The pages of docs/ that are printed."""
