"""Scene -> lines of text: the same picture in the characters of a terminal, readable without colour."""

from __future__ import annotations

from math import sqrt

from voiceguide.author.pictures.labels import Scale, wrap
from voiceguide.author.pictures.scene import Lane, Scene, bands
from voiceguide.author.pictures.terminal_kit import SIGNS, Row, legend, times, to_ascii
from voiceguide.columns import cells

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
