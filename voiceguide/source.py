"""Source: a script's text, and spans that remember where in it a thing was written."""

from __future__ import annotations

import re
from dataclasses import field

from voiceguide.nouns import dataclass

_LINE_END = re.compile("\r\n|[\n\r]")


@dataclass(frozen=True)
class Source:
    """A text and the label under which people know it (usually its path)."""

    label: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(_LINE_END.split(self.text)))

    def line(self, number: int) -> str:
        """Return line *number* (from 1), without its end; empty past the last line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True)
class Span:
    """A stretch of one line of a source: line and column count from 1, *width* in characters (at least 1)."""

    source: Source = field(repr=False)
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.source.label}:{self.line}:{self.column}"


NOWHERE = Span(Source("", ""), 1, 1)
"""The span of what no script wrote."""
