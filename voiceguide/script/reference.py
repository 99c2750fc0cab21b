"""The reference of the language, printed from the grammar table and the table of codes."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.codes import CODES
from voiceguide.script.grammar import KINDS, Choose, Items, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.scalars import Scalar


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
    return (
        "\n".join(("# Every key", "", "Printed from the grammar table by `make docs`. Do not edit.", *_kinds())) + "\n"
    )


def _kinds() -> Iterator[str]:
    for kind in KINDS.values():
        yield from ("", f"## {kind.title.capitalize()}", "", kind.doc, "", "| key | takes | meaning |", "|---|---|---|")
        for key in kind.keys:
            needed = " **Required.**" if key.required else ""
            yield f"| `{key.name}` | {describe_type(key.type)} | {key.doc}{needed} |".replace(" | | ", " | ")


def codes_page() -> str:
    """Return docs/codes.md: every message with its explanation."""
    lines = ["# Every message", "", "Printed from the table of codes by `make docs`. Do not edit."]
    for name, code in CODES.items():
        lines += ["", f"## {name}", "", f"*{code.severity}*", "", code.explanation]
    return "\n".join(lines) + "\n"


PAGES = {"keys.md": keys_page, "codes.md": codes_page}
"""The pages of docs/ that are printed."""
