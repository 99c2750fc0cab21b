"""The terminal kit: rows of cells with signs, colours and times, in ASCII where there is nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from voiceguide.author.pictures.labels import Scale
from voiceguide.columns import cells
from voiceguide.units import format_clock

SIGNS = {
    "speech": ("█", "#"),
    "quiet": ("·", "."),
    "in": ("/", "/"),
    "hold": ("‾", "="),
    "out": ("\\", "\\"),
    "chime": ("*", "*"),
    "bed": ("▁▂▃▄▅▆▇█", "12345678"),
    "edge": ("│", "|"),
    "asked": ("█", "#"),
    "full": ("▓", "%"),
    "brief": ("▒", "+"),
    "minimal": ("░", "-"),
    "in-part": ("▚", "~"),
    "guide": ("┊", ":"),
    "rule": ("─", "-"),
    "tick": ("┴", "+"),
    "mark": ("▲", "^"),
}
"""What things are drawn with, where a terminal can and where it cannot; the signs of the bed rise with its level."""
_ANSI = {"1": "chapter", "2": "quiet axis", "2;35": "bed", "32": "right", "33": "chime", "34": "speech", "35": "left"}
STYLES = {kind: style for style, kinds in (_ANSI | {"36": "in hold out"}).items() for kind in kinds.split()}
"""ANSI styles by what is drawn."""
_TO_ASCII = str.maketrans({"…": "~", "×": "x"})


class Row:
    """A line being drawn: a character and its kind in each cell."""

    def __init__(self, columns: int) -> None:
        self._cells = [(" ", "")] * columns

    def put(self, at: int, text: str, kind: str = "") -> None:
        """Write *text* from column *at*; what does not fit is left out. A wide character takes two cells."""
        for character in text:
            wide = cells(character)
            if at + wide > len(self._cells):
                return
            if wide:
                self._cells[at : at + wide] = [(character, kind), ("", kind)][:wide]
            elif at:
                self._cells[at - 1] = (self._cells[at - 1][0] + character, kind)
            at += wide

    def text(self, colour: bool = False) -> str:
        """Return the line."""
        if not colour:
            return "".join(character for character, _ in self._cells).rstrip()
        parts = []
        for kind, run in groupby(self._cells, key=lambda cell: cell[1]):
            text, style = "".join(character for character, _ in run), STYLES.get(kind)
            parts.append(f"\x1b[{style}m{text}\x1b[0m" if style else text)
        return "".join(parts).rstrip()


def times(scale: Scale, ticks: Iterable[int], columns: int) -> Row:
    """Return *ticks* as times: each begins where it stands for, but for one at the very end."""
    row, free = Row(columns), 0
    for at in ticks:
        time = format_clock(at)
        place = min(round(scale.at(at)), columns - len(time))
        if place >= free:
            row.put(place, time, "axis")
            free = place + len(time) + 1
    return row


def legend(parts: Iterable[str], width: int) -> list[str]:
    """Return what signs mean, in as many lines as needed."""
    lines = [""]
    for part in parts:
        if cells(lines[-1]) + cells(part) > width - 3:
            lines.append("")
        lines[-1] += f"   {part}" if lines[-1] else part
    return lines


def to_ascii(line: str) -> str:
    """Return *line* without the signs that come with text that is cut; the letters of titles stay as they are."""
    return line.translate(_TO_ASCII)
