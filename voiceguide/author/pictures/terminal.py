"""Scene or Chart -> lines of text: pictures in the characters of a terminal, in ASCII where there is nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from math import sqrt

from voiceguide.author.pictures.labels import Chart, ChartLane, Scale, shorten, wrap
from voiceguide.author.pictures.scene import Lane, Scene, bands
from voiceguide.columns import cells, line
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
        """Write *text*, made safe, from column *at*; what does not fit is left out. Wide characters take two cells."""
        for character in line(text):
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


GUTTER = 9
NARROWEST = 40
LABELLED: dict[Lane, int] = {"chapter": 1, "side": 1, "step": 2}
"""The lanes that show words, and in how many rows."""


def session_terminal(picture: Scene, width: int = 80, *, colour: bool = False, plain: bool = False) -> list[str]:
    """Return *picture* as lines at most *width* cells wide (but at least 40), with ANSI colours if *colour*.

    *plain* draws with ASCII characters only; the letters of titles stay as they are.
    """
    columns = max(width, NARROWEST) - GUTTER - 1
    stretches = bands(picture, max(1, round(1.2 * sqrt(picture.length_ms / 60_000) * 70 / columns)))
    longest = max(1, *(end - start for start, end in stretches))
    lines = []
    for start, end in stretches:
        scale = Scale(start, end, columns * max(1, end - start) / longest)
        rows = [("", times(scale, scale.ticks(10), _columns(scale)))]
        for lane in picture.lanes():
            rows += [(lane if not i else "", row) for i, row in enumerate(_rows(picture, lane, scale, plain))]
        lines += [f"{name:>{GUTTER - 1}} {row.text(colour)}".rstrip() for name, row in rows]
        lines.append("")
    # a bed rises from its first sign to its last; sides are named where they are
    signs = {kind: f"{sign[plain][0]}{sign[plain][1:][-1:]}" for kind, sign in SIGNS.items()}
    meanings = [f"{signs[kind]} {words}" for kind, words in picture.meanings().items() if kind in signs]
    lines += legend(meanings, columns + GUTTER)
    return [to_ascii(line) for line in lines] if plain else lines


def _columns(scale: Scale) -> int:
    return max(1, round(scale.room))


def _rows(picture: Scene, lane: Lane, scale: Scale, plain: bool) -> list[Row]:
    columns = _columns(scale)
    rows, used = [Row(columns) for _ in range(LABELLED.get(lane, 1))], 1
    if lane == "bed":
        _bed(picture, rows[0], scale, SIGNS["bed"][plain])
    seen = [box for box in picture.lane(lane) if box.start_ms < scale.high and box.end_ms > scale.low]
    # what sounds goes over the quiet beside it, where both begin in one column
    for box in sorted(seen, key=lambda box: box.kind != "quiet"):
        first = min(round(scale.at(box.start_ms)), columns - 1)
        end = max(first + 1, round(scale.at(box.end_ms)))
        if lane not in LABELLED:
            rows[0].put(first, SIGNS[box.kind][plain] * (end - first), box.kind)
            continue
        words = wrap(box.label, end - first - 1, cells, len(rows), box.keep)
        used = max(used, len(words))
        for row, text in zip(rows, [*words, *[""] * len(rows)], strict=False):
            # the end shows where nothing follows; a box that does begins over it
            row.put(round(scale.at(box.end_ms)), SIGNS["edge"][plain], box.kind)
            row.put(first, SIGNS["edge"][plain] + text, box.kind)
    return rows[:used]


def _bed(picture: Scene, row: Row, scale: Scale, steps: str) -> None:
    low, high = picture.bed_db
    for column in range(_columns(scale)):
        middle = scale.low + (column + 0.5) * scale.ms_a_unit
        level = max(curve.at(middle) for curve in picture.curves)
        if level > low:
            row.put(column, steps[min(len(steps) - 1, int((level - low) / (high - low) * len(steps)))], "bed")


COLUMNS = 80
LONGEST_NAME = 16


def chart_terminal(chart: Chart, *, plain: bool = False) -> list[str]:
    """Return *chart* as lines: one a step, then the axis, the default length, and what the shades mean.

    *plain* draws with ASCII characters only.
    """
    names = [shorten(lane.name, LONGEST_NAME, cells) for lane in chart.lanes]
    indent = max(map(cells, names), default=0) + 2
    columns = COLUMNS - indent - 3
    scale = chart.scale(columns)
    ticks = chart.ticks(scale, 7)
    marks = [min(round(scale.at(ms)), columns - 1) for ms in ticks]
    rows = [(name, _chart_bars(lane, scale, marks, plain)) for name, lane in zip(names, chart.lanes, strict=True)]
    rule, default = Row(columns), Row(columns)
    rule.put(0, SIGNS["rule"][plain] * columns, "axis")
    for mark in marks:
        rule.put(mark, SIGNS["tick"][plain], "axis")
    at = min(round(scale.at(chart.default_s * 1000)), columns - 1)
    default.put(at, SIGNS["mark"][plain])
    room = columns - at - 2
    default.put(at + 2 if len(chart.default) <= room else at - 1 - len(chart.default), chart.default)
    rows += [("", rule), ("", times(scale, ticks, columns)), ("", default)]
    lines = [f"{name}{' ' * (indent - cells(name))}{row.text()}".rstrip() for name, row in rows]
    if chart.shades:
        meanings = {"asked": "as asked"} | chart.shades
        lines += ["", *legend([f"{SIGNS[shade][plain]} {words}" for shade, words in meanings.items()], COLUMNS)]
    return [to_ascii(line) for line in lines] if plain else lines


def _chart_bars(lane: ChartLane, scale: Scale, marks: list[int], plain: bool) -> Row:
    """Return the bars of *lane*, and, where there is room before them, the lengths below which it is left out."""
    row = Row(round(scale.room))
    for mark in marks:
        row.put(mark, SIGNS["guide"][plain])
    spans = []
    for start, below, shade in lane.bars:
        first, end = (round(scale.at(second * 1000)) for second in (start, below))
        row.put(first, SIGNS[shade or "asked"][plain] * (end - first))
        spans.append((first, end))
    for second in lane.goes_below_s:
        end, clock = round(scale.at(second * 1000)), format_clock(second * 1000)
        text = f" {clock} "[-end:] if end else ""
        first = end - len(text)
        if len(text) > len(clock) and all(below <= first or end <= start for start, below in spans):
            row.put(first, text)
    return row
