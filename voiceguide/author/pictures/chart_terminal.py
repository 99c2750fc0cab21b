"""Chart -> lines of text: lengths in the characters of a terminal, 80 columns wide."""

from __future__ import annotations

from voiceguide.author.pictures.chart import Chart, Lane
from voiceguide.author.pictures.labels import Scale, shorten
from voiceguide.author.pictures.terminal_kit import SIGNS, Row, legend, times, to_ascii
from voiceguide.columns import cells
from voiceguide.units import format_clock

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
    rows = [(name, _bars(lane, scale, marks, plain)) for name, lane in zip(names, chart.lanes, strict=True)]
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


def _bars(lane: Lane, scale: Scale, marks: list[int], plain: bool) -> Row:
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
