"""Typed: commands in the words that people type, made of the one table of commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from functools import cache

from voiceguide.diagnostics import UsageError
from voiceguide.play.commands import COMMANDS, Command, Row, read_command

_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def command_of(text: str) -> Command:
    """Return the command that *text* means: a name and its numbers, or what the table says that a command does.

    Capitals, hyphens and the full stop at the end mean nothing: `back 10`, `Go on.`, `ten more minutes`. Raises
    UsageError, with the nearest one and all there are, for anything else.
    """
    said = " ".join(text.lower().replace("-", " ").split()).rstrip(".!?")
    for row in sorted(COMMANDS, key=lambda row: -len(row.name)):
        name = row.name.replace("-", " ")
        if said == name or re.fullmatch(rf"{name}( [0-9]+)+", said):
            return read_command(f"{row.name}{said[len(name) :]}")
    for row in COMMANDS:
        for phrase in phrases(row):
            if found := re.fullmatch(_pattern(row, phrase), said):
                return read_command(" ".join((row.name, *map(_number, found.groups()))))
    known = {phrase: row for row in reversed(COMMANDS) for phrase in (*phrases(row), row.name.replace("-", " "))}
    close = get_close_matches(said, known, n=1, cutoff=0.6)
    nearest = f"did you mean {known[close[0]].name}? " if close else ""
    raise UsageError(
        f"there is no command {text!r}", hint=f"{nearest}there are: {', '.join(row.name for row in COMMANDS)}"
    )


@cache
def phrases(row: Row) -> tuple[str, ...]:
    """Return what *row* says that its command does, as it can be typed."""
    docs = re.split("[:;,] ", row.doc)[:1]
    return tuple(text.lower().replace("-", " ") for text in (*docs, row.shown.partition(" ")[2]) if text)


def _pattern(row: Row, phrase: str) -> str:
    """Return the pattern of *phrase*, in which the usual number of *row* may be any other one."""
    number = rf"([0-9]+|{'|'.join(_NUMBERS)})"
    for usual in _usual(row):
        pattern, count = re.subn(rf"\b(?:{usual})\b", "#", phrase)
        if count:
            return re.escape(pattern).replace(r"\#", number)
    return re.escape(phrase)


def _usual(row: Row) -> Iterator[str]:
    for field in fields(row.kind):
        if isinstance(field.default, int):
            yield f"{field.default}|{_NUMBERS[field.default]}" if field.default < len(_NUMBERS) else f"{field.default}"


def _number(text: str) -> str:
    return str(_NUMBERS.index(text)) if text in _NUMBERS else text
