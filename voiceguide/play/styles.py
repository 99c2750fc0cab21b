"""Styles: pieces of lines with what a terminal makes them look like, and how wide they are without it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from voiceguide.columns import cells, fit
from voiceguide.nouns import dataclass

BOLD, DIM, INVERSE, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[7m", "\x1b[0m"
LEFT, RIGHT, TIDE = "\x1b[36m", "\x1b[35m", "\x1b[36m"
"""Colours: of the left and the right side, and of what moves with the time. Nothing is told by colour alone."""
_STYLE = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True)
class Look:
    """A display of *width* x *height* cells, *coloured* or not, that can show parts of *blocks* or not."""

    width: int
    height: int
    coloured: bool = True
    blocks: bool = True

    @property
    def ink(self) -> str:
        """What big signs are made of."""
        return "█" if self.blocks else "#"

    @property
    def margin(self) -> int:
        """The empty cells at both sides."""
        return 0 if self.width < 34 else 1 if self.width < 60 else 2 if self.width < 110 else 6

    def colour(self, code: str) -> str:
        """Return *code*, or nothing where there are no colours."""
        return code if self.coloured else ""


def bare(text: str) -> str:
    """Return *text* without its styles."""
    return _STYLE.sub("", text)


@lru_cache(maxsize=512)
def styled(style: str, text: str, width: int) -> str:
    """Return *text* in one line of at most *width* cells, in *style*."""
    fitted = fit(text, width)
    return f"{style}{fitted}{PLAIN}" if style and fitted else fitted


def cut(row: str, width: int) -> str:
    """Return the styled *row* in at most *width* cells, in its first style only if it had to be cut."""
    plain = bare(row)
    return row if len(plain) <= width // 2 or cells(plain) <= width else styled(_first(row), plain, width)


def _first(row: str) -> str:
    return "".join(_STYLE.findall(row)[:1])


@lru_cache(maxsize=512)
def beside(left: str, right: str, width: int) -> str:
    """Return the styled *left* and *right* at both ends of *width* cells; *left* is cut to make room."""
    if not right:
        return left
    room = width - cells(bare(right)) - 2
    if cells(bare(left)) > room:
        left = styled(_first(left), bare(left), max(0, room))
    return f"{left}{' ' * (width - cells(bare(left)) - cells(bare(right)))}{right}"
