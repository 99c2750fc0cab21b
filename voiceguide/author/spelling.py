"""How a single value is spelt in the house style: plain where it can be, else in quotes, folded where it is long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml
from yaml.emitter import Emitter

WIDTH = 106
"""The longest line, in characters. The shipped scripts are set to it."""


def inline(text: str, style: str, *, flow: bool) -> str:
    """Return *text* in one line, for use inside brackets (*flow*) or outside of them.

    What its author wrote in *style* plain stays plain. Quotes go where they are not needed.
    """
    facts = _analyze(text)
    bare = text == text.strip() and (facts.allow_flow_plain if flow else facts.allow_block_plain)
    if text and "\n" not in text and (bare or not style):
        return text
    if not _is_printable(text) or "\n" in text:
        return str(yaml.dump(text, default_style='"', width=float("inf"), allow_unicode=True)).rstrip("\n")
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def block(text: str, style: str, prefix: str, indent: int) -> list[str]:
    """Return the lines of *text* behind *prefix*, which is a key or a dash; more lines are indented by *indent*."""
    if "\n" not in text:
        line, words = prefix + inline(text, style, flow=False), _words(text)
        too_long = len(line) > WIDTH and len(words) > 1
        instead_of_quotes = style == ">" and len(line) <= WIDTH and line != prefix + text
        if _is_foldable(text) and (too_long or instead_of_quotes):
            return [f"{prefix}>-", *_indented(fill(words, WIDTH - indent), indent)]
        return [line]
    body = text.removesuffix("\n")
    chomp = "-" if body == text else ""
    parts = body.split("\n")
    if style == ">" and parts[0] and parts[-1] and all(not part or _is_foldable(part) for part in parts):
        lines = [line for part in parts for line in ("", *fill(_words(part), WIDTH - indent))][1:]
        return [f"{prefix}>{chomp}", *_indented(lines, indent)]
    if style in ("", "|", ">") and _is_literal(parts):
        return [f"{prefix}|{chomp}", *_indented(parts, indent)]
    return [prefix + inline(text, style, flow=False)]


def fill(words: Iterable[str], width: int) -> list[str]:
    """Return *words*, joined by spaces to lines of at most *width* characters, where words are no longer than that."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return lines


def _words(text: str) -> list[str]:
    """Split *text* at single spaces: at more of them, folding would not give the same text again."""
    return re.split("(?<=[^ ]) (?=[^ ])", text)


def _indented(lines: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in lines]


def _is_foldable(text: str) -> bool:
    return bool(text) and text == text.strip(" \t") and _is_printable(text)


def _is_literal(lines: list[str]) -> bool:
    """Return whether YAML reads *lines* back as they are, without being told how far they are indented."""
    printable = all(_is_printable(line.replace("\t", " ")) and line == line.rstrip(" \t") for line in lines)
    return printable and bool(lines[-1]) and lines[0][:1] not in ("", " ", "\t")


def _is_printable(text: str) -> bool:
    return bool(_analyze(text.replace("\n", " ")).allow_single_quoted)


@lru_cache(maxsize=1000)
def _analyze(text: str) -> Any:
    emitter: Any = Emitter(None)  # type: ignore[arg-type]  # it is only asked, and writes nothing
    emitter.allow_unicode = True
    return emitter.analyze_scalar(text)
