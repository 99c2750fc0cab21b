"""What the tests of the house style have in common: a script as it is written, and as `format` writes it."""

from __future__ import annotations

from voiceguide.author.format import format_script
from voiceguide.script.tree import Node, compose
from voiceguide.source import Source

HEAD = "routine: Test\nlength: 1s..1m..25m\n"


def formatted(text: str) -> str:
    result = format_script(Source("test.yaml", text))
    assert isinstance(result, str), str(result)
    return result


def becomes(before: str, after: str) -> None:
    """Check that *before* is formatted as *after*, which then stays as it is; a head is put on both of them."""
    assert formatted(HEAD + before) == HEAD + after
    assert formatted(HEAD + after) == HEAD + after


def stays(text: str) -> None:
    becomes(text, text)


def tree(text: str) -> Node:
    root, _ = compose(Source("test.yaml", text))
    assert root is not None
    return root
