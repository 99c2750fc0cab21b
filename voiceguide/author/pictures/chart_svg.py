"""Chart -> SVG: lengths that a browser opens, with what becomes of a step as its tip."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from voiceguide.author.pictures.chart import Chart, Lane
from voiceguide.author.pictures.labels import Scale, shorten
from voiceguide.author.pictures.svg_kit import EDGE, Font, block, finish, group, legend, sheet, write
from voiceguide.units import format_clock

WIDTH, LEFT, RIGHT = 960, 340, 920
"""The width of the picture, and where its plot begins and ends, in pixels."""
TOP, PITCH, BAR = 130, 34, 16
"""Where the first lane begins, how far lanes lie apart, and how high a bar is, in pixels."""
TITLE, SMALL = Font(13), Font(11, "pale")
LOOKS = {"": (1.0, 0), "full": (0.75, 2), "brief": (0.6, 3), "minimal": (0.45, 5), "in-part": (0.4, 0)}
"""For every shade how opaque it is, and how much narrower on either side, in pixels."""


def chart_svg(chart: Chart) -> str:
    """Return *chart* as the text of an SVG file."""
    root = sheet(chart.title, chart.subtitle, chart.words, WIDTH)
    scale, bottom = chart.scale(RIGHT - LEFT, LEFT), TOP + PITCH * len(chart.lanes)
    for top in range(TOP, bottom, 2 * PITCH):
        block(root, "lane", EDGE - 12, WIDTH - EDGE + 12, top, PITCH, rx=5)
    _axis(root, chart, scale, bottom)
    for number, lane in enumerate(chart.lanes):
        _lane(root, lane, scale, TOP + PITCH * number)
    at = scale.at(chart.default_s * 1000)
    block(root, "mark", at - 0.75, at + 0.75, TOP - 6, bottom - TOP + 6, opacity=0.6)
    keys = [("fixed", "always there", 1.0, 0.0)]
    if not all(lane.fixed for lane in chart.lanes):
        keys.append(("goes", "left out below the time beside it", 1.0, 0.0))
    keys += [("fixed", words, LOOKS[shade][0], 0.7 * LOOKS[shade][1]) for shade, words in chart.shades.items()]
    return finish(root, WIDTH, legend(root, keys, bottom + 22, WIDTH - EDGE) + 22)


def _axis(root: Element, chart: Chart, scale: Scale, bottom: int) -> None:
    named = chart.ticks(scale, 44)
    for ms in sorted({*named, *chart.ticks(scale, 44 / 5)}):
        at = scale.at(ms)
        block(root, "grid", at - 0.5, at + 0.5, TOP - 6, bottom - TOP + 6, opacity=1 if ms in named else 0.45)
    for ms in named:
        write(root, format_clock(ms), scale.at(ms), TOP - 12, Font(11, "pale", "middle"))
    mark = Font(11, "mark", "middle")
    at = min(scale.at(chart.default_s * 1000), WIDTH - 4 - mark.measure(chart.default) / 2)
    write(root, chart.default, at, TOP - 30, mark)
    write(root, "step, in the order of the script", EDGE, TOP - 12, SMALL)


def _lane(root: Element, lane: Lane, scale: Scale, top: int) -> None:
    parent, kind = group(root, lane.words), "fixed" if lane.fixed else "goes"
    room = LEFT - EDGE - 16 - (SMALL.measure(lane.note) + 8 if lane.note else 0)
    title = shorten(lane.title, room, TITLE.measure)
    write(parent, title, EDGE, top + 22, TITLE)
    write(parent, lane.note, EDGE + TITLE.measure(title) + 8, top + 22, SMALL)
    for start, below, shade in lane.bars:
        opacity, less = LOOKS.get(shade, LOOKS["in-part"])
        first, y = scale.at(start * 1000), top + (PITCH - BAR) / 2 + less
        end = max(first + 1, scale.at(below * 1000))
        block(parent, kind, first, end, y, BAR - 2 * less, rx=2.5, opacity=opacity)
    for second in lane.goes_below_s:
        at = scale.at(second * 1000) - 6
        write(parent, format_clock(second * 1000), at, top + 21, Font(11, "goes", "end", bold=True))
