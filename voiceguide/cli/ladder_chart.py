"""The ladder of a routine as a picture for the terminal, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.author.pictures.ladder_svg import Chart, Lane, shorten, tick_seconds
from voiceguide.units import format_clock

COLUMNS = 80
LONGEST_NAME = 16
INKS = {"": ("█", "#"), "full": ("▓", "%"), "brief": ("▒", "+"), "minimal": ("░", "-"), "in-part": ("▚", "~")}
"""For every shade its character, and the one where there is only ASCII."""
MEANINGS = {"brief": "brief wording", "minimal": "minimal wording", "full": "full wording", "in-part": "in part"}
LINES = ("┊", ":")


def draw(chart: Chart, *, plain: bool = False) -> Iterator[str]:
    """Yield the lines of *chart*: one a step, then the axis and what the shades mean."""
    indent = max((min(len(lane.name), LONGEST_NAME) for lane in chart.lanes), default=0) + 2
    # the first clock of the axis is set around its tick and needs room to its left
    width = COLUMNS - indent - 3
    scale = _Scale(chart, width)
    ticks = {scale.cell(second): second for second in tick_seconds(chart.low_s, chart.high_s, width // 7)}
    for lane in chart.lanes:
        yield f"{shorten(lane.name, LONGEST_NAME):<{indent}}{_bar(lane, scale, ticks, plain)}".rstrip()
    rule, tick = ("-", "+") if plain else ("─", "┴")
    minutes = {scale.cell(second) for second in tick_seconds(chart.low_s, chart.high_s, width // 2)}
    yield " " * indent + "".join(tick if cell in minutes else rule for cell in range(width))
    yield _clocks({indent + cell: format_clock(second * 1000) for cell, second in ticks.items()})
    default = indent + scale.cell(chart.default_s)
    words = f"{format_clock(chart.default_s * 1000)} unless asked"
    yield _clocks({default: "^" if plain else "▲"})
    yield " " * min(max(0, default - len(words) // 2), COLUMNS - len(words)) + words
    shades = {shade for lane in chart.lanes for _, _, shade in lane.bars}
    meanings = [f"{INKS[shade][plain]} {MEANINGS[shade]}" for shade in MEANINGS if shade in shades]
    if meanings:
        yield ""
        yield "   ".join([f"{INKS[''][plain]} as asked", *meanings])


class _Scale:
    """Lengths in seconds along *width* cells."""

    def __init__(self, chart: Chart, width: int) -> None:
        self.low, self.width = chart.low_s, width
        self.seconds = chart.high_s - chart.low_s + 1

    def cell(self, second: int) -> int:
        """Return the cell in which *second* lies."""
        return min((second - self.low) * self.width // self.seconds, self.width - 1)

    def second(self, cell: int) -> int:
        """Return the second in the middle of *cell*."""
        return self.low + (2 * cell + 1) * self.seconds // (2 * self.width)


def _bar(lane: Lane, scale: _Scale, ticks: dict[int, int], plain: bool) -> str:
    cells = [LINES[plain] if cell in ticks else " " for cell in range(scale.width)]
    for cell in range(scale.width):
        second = scale.second(cell)
        shade = next((shade for start, below, shade in lane.bars if start <= second < below), None)
        if shade is not None:
            cells[cell] = INKS.get(shade, INKS["in-part"])[plain]
    full = {ink[plain] for ink in INKS.values()}
    for second in lane.goes_below_s:
        clock = f" {format_clock(second * 1000)} "
        first = next((c for c in range(scale.width) if scale.second(c) >= second), scale.width) - len(clock)
        if first >= -1 and not full & set(cells[max(0, first) : first + len(clock)]):
            cells[max(0, first) : first + len(clock)] = clock[max(0, -first) :]
    return "".join(cells)


def _clocks(at: dict[int, str]) -> str:
    line = ""
    for column, text in sorted(at.items()):
        start = min(column - len(text) // 2, COLUMNS - len(text))
        if start > len(line) or not line:
            line = line.ljust(start) + text
    return line
