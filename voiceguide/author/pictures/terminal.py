"""Scene -> lines of text: the same picture in the characters of a terminal, readable without colour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import sqrt

from voiceguide.author.pictures.labels import tick_ms, wrap
from voiceguide.author.pictures.scene import Box, Lane, Scene, bands
from voiceguide.columns import cells
from voiceguide.units import format_clock

GUTTER = 9
NARROWEST = 40
LABELLED: dict[Lane, int] = {"chapter": 1, "side": 1, "step": 2}
"""The lanes that show words, and in how many rows."""
SIGNS = {"speech": "█", "quiet": "·", "in": "/", "hold": "‾", "out": "\\", "chime": "*", "bed": "▁▂▃▄▅▆▇█", "edge": "│"}
ASCII_SIGNS = SIGNS | {"speech": "#", "quiet": ".", "hold": "=", "bed": "12345678", "edge": "|"}
"""What boxes are drawn with, where a terminal can and where it cannot; the signs of the bed rise with its level."""
_TO_ASCII = str.maketrans({"…": "~", "×": "x"})
LEGEND = {
    "speech": "speech",
    "quiet": "quiet",
    "in": "breath in",
    "hold": "held",
    "out": "breath out",
    "chime": "chime",
}
STYLES = {
    "chapter": "1",
    "left": "35",
    "right": "32",
    "speech": "34",
    "quiet": "2",
    "in": "36",
    "hold": "36",
    "out": "36",
    "chime": "33",
    "bed": "2;35",
    "axis": "2",
}
"""ANSI styles by what is drawn."""


def terminal(picture: Scene, width: int = 80, *, colour: bool = False, plain: bool = False) -> list[str]:
    """Return *picture* as lines at most *width* cells wide (but at least 40), with ANSI colours if *colour*.

    *plain* draws with ASCII characters only; the letters of titles stay as they are.
    """
    signs = ASCII_SIGNS if plain else SIGNS
    columns = max(width, NARROWEST) - GUTTER - 1
    count = max(1, round(1.2 * sqrt(picture.length_ms / 60_000) * 70 / columns))
    stretches = bands(picture, count)
    ms_a_column = max(1, *(end - start for start, end in stretches)) / columns
    lines = []
    for start, end in stretches:
        field = _Field(start, end, ms_a_column)
        rows = [("", _axis(field))]
        for lane in picture.lanes():
            rows += [(lane if not i else "", row) for i, row in enumerate(_rows(picture, lane, field, signs))]
        lines += [f"{name:>{GUTTER - 1}} {row.text(colour)}".rstrip() for name, row in rows]
        lines.append("")
    lines += _legend(picture, signs, columns)
    return [line.translate(_TO_ASCII) for line in lines] if plain else lines


@dataclass(frozen=True)
class _Field:
    """A band in columns."""

    start_ms: int
    end_ms: int
    ms_a_column: float

    def column(self, ms: float) -> int:
        """Return the column edge nearest to *ms*, held within the band."""
        return round((min(max(ms, self.start_ms), self.end_ms) - self.start_ms) / self.ms_a_column)

    @property
    def columns(self) -> int:
        return max(1, self.column(self.end_ms))

    def span(self, box: Box) -> tuple[int, int]:
        """Return the first column of *box* and the one after its last: at least one."""
        first = min(self.column(box.start_ms), self.columns - 1)
        return first, max(first + 1, self.column(box.end_ms))

    def within(self, boxes: tuple[Box, ...]) -> list[Box]:
        """Return which *boxes* are seen in this band."""
        return [box for box in boxes if box.start_ms < self.end_ms and box.end_ms > self.start_ms]


class _Row:
    """A line being drawn: a character and its kind in each cell."""

    def __init__(self, columns: int) -> None:
        self._cells = [(" ", "")] * columns

    def put(self, at: int, text: str, kind: str) -> None:
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

    def text(self, colour: bool) -> str:
        """Return the line."""
        if not colour:
            return "".join(character for character, _ in self._cells).rstrip()
        parts = []
        for kind, run in groupby(self._cells, key=lambda cell: cell[1]):
            text, style = "".join(character for character, _ in run), STYLES.get(kind)
            parts.append(f"\x1b[{style}m{text}\x1b[0m" if style else text)
        return "".join(parts).rstrip()


def _axis(field: _Field) -> _Row:
    """Return the times of a band: each begins where it stands for, but for one at the very end."""
    row, free = _Row(field.columns), 0
    step = tick_ms(field.ms_a_column, 10)
    for at in range(-(-field.start_ms // step) * step, field.end_ms + 1, step):
        time = format_clock(at)
        place = min(field.column(at), field.columns - len(time))
        if place >= free:
            row.put(place, time, "axis")
            free = place + len(time) + 1
    return row


def _rows(picture: Scene, lane: Lane, field: _Field, signs: dict[str, str]) -> list[_Row]:
    rows, used = [_Row(field.columns) for _ in range(LABELLED.get(lane, 1))], 1
    if lane == "bed":
        _bed(picture, rows[0], field, signs)
    # what sounds goes over the quiet beside it, where both begin in one column
    for box in sorted(field.within(picture.lane(lane)), key=lambda box: box.kind != "quiet"):
        first, end = field.span(box)
        if lane not in LABELLED:
            rows[0].put(first, signs[box.kind] * (end - first), box.kind)
            continue
        words = wrap(box.label, end - first - 1, cells, len(rows), box.keep)
        used = max(used, len(words))
        for row, text in zip(rows, [*words, *[""] * len(rows)], strict=False):
            row.put(first, f"{signs['edge']}{text}", box.kind)
    return rows[:used]


def _bed(picture: Scene, row: _Row, field: _Field, signs: dict[str, str]) -> None:
    low, high = picture.bed_db
    steps = signs["bed"]
    for column in range(field.columns):
        middle = field.start_ms + (column + 0.5) * field.ms_a_column
        level = max(curve.at(middle) for curve in picture.curves)
        if level > low:
            row.put(column, steps[min(len(steps) - 1, int((level - low) / (high - low) * len(steps)))], "bed")


def _legend(picture: Scene, signs: dict[str, str], columns: int) -> list[str]:
    shown = {box.kind for box in picture.boxes}
    parts = [f"{signs[kind]} {words}" for kind, words in LEGEND.items() if kind in shown]
    if picture.curves:
        low, high = picture.bed_db
        parts.append(f"{signs['bed'][0]}{signs['bed'][-1]} bed, {low:.0f} to {high:.0f} dB")
    lines = [""]
    for part in parts:
        if cells(lines[-1]) + cells(part) > columns + GUTTER - 3:
            lines.append("")
        lines[-1] += f"   {part}" if lines[-1] else part
    return lines
