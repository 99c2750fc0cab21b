"""The ladder of a routine as an SVG picture: one lane a step, from the shortest length to the longest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from voiceguide.units import format_clock


@dataclass(frozen=True)
class Lane:
    """One step: its bars, as lengths in seconds (from, below, shade), and the seconds under which it is left out.

    A shade is empty where the step is as asked, else `brief`, `minimal`, `full` or `in-part`. *fixed* is true of a
    step that is never left out. *note* stands beside the title, *words* say what the lane shows.
    """

    name: str
    title: str
    note: str
    words: str
    bars: tuple[tuple[int, int, str], ...]
    goes_below_s: tuple[int, ...] = ()
    fixed: bool = True


@dataclass(frozen=True)
class Chart:
    """Lanes over lengths from *low_s* to *high_s* seconds, with a line at *default_s*. *words* tell it all in text."""

    title: str
    subtitle: str
    words: str
    low_s: int
    high_s: int
    default_s: int
    lanes: tuple[Lane, ...]


WIDTH, LEFT, RIGHT = 960, 340, 920
"""The width of the picture, and where its plot begins and ends, in pixels."""
TOP, PITCH, BAR = 138, 34, 16
"""Where the first lane begins, how far lanes lie apart, and how high a bar is, in pixels."""
TITLE_LETTERS = 38
"""Letters that fit into the column of labels."""
SHADES = {
    "": ("as asked", 1.0, 0),
    "brief": ("brief wording", 0.6, 3),
    "minimal": ("minimal wording", 0.45, 5),
    "full": ("full wording", 0.75, 2),
    "in-part": ("in part", 0.4, 0),
}
"""For every shade what it means, how opaque it is, and how much narrower on either side, in pixels."""
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #23282b; }
  .head { font-size: 21px; font-weight: 600; }
  .small { font-size: 11px; }
  .number { font-variant-numeric: tabular-nums; }
  .soft { fill: #666f74; }
  .paper { fill: #fcfbf8; }
  .band { fill: #f4f2ec; }
  .line { stroke: #e2dfd7; }
  .minute { stroke: #efede7; }
  .fixed { fill: #93a0a6; }
  .goes { fill: #1f7a7a; }
  text.goes { font-weight: 600; }
  .default { stroke: #b4552d; stroke-dasharray: 3 4; }
  text.mark { fill: #a84d27; }
  @media (prefers-color-scheme: dark) {
    text { fill: #eceae4; }
    .soft { fill: #9aa3a8; }
    .paper { fill: #16191b; }
    .band { fill: #1c2022; }
    .line { stroke: #353b3f; }
    .minute { stroke: #24292b; }
    .fixed { fill: #66737a; }
    .goes { fill: #4fb3ad; }
    .default { stroke: #e58a5e; }
    text.mark { fill: #e58a5e; }
  }
"""


def ladder_svg(chart: Chart) -> str:
    """Return *chart* as an SVG document: it reads on light and on dark paper, and says all it shows as text too."""
    bottom = TOP + PITCH * len(chart.lanes)
    height = bottom + 58
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{_text(chart.title)}</title>',
            f'<desc id="desc">{_text(chart.words)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}" rx="10"/>',
            f'<text class="head" x="32" y="46">{_text(shorten(chart.title, 70))}</text>',
            f'<text class="soft" x="32" y="70">{_text(chart.subtitle)}</text>',
            *_bands(chart),
            *_axis(chart, bottom),
            *(part for index, lane in enumerate(chart.lanes) for part in _lane(chart, lane, TOP + PITCH * index)),
            *_legend(chart, bottom + 34),
            "</svg>\n",
        )
    )


def tick_seconds(low_s: int, high_s: int, most: int) -> list[int]:
    """Return the whole minutes between two lengths, in seconds: every one, or as many as *most* allows.

    Where there is no whole minute between them, the two lengths themselves.
    """
    first, last = -(-low_s // 60), high_s // 60
    every = next((n for n in (1, 2, 5, 10, 15, 30, 60, 120, 240) if (last - first) // n < most), 480)
    minutes = range(-(-first // every) * every, last + 1, every)
    return [minute * 60 for minute in minutes] or [low_s, high_s]


def _x(chart: Chart, second: int) -> float:
    span = chart.high_s - chart.low_s
    return round(LEFT + (RIGHT - LEFT) * (second - chart.low_s) / span, 1) if span else LEFT


def _bands(chart: Chart) -> Iterator[str]:
    for index in range(0, len(chart.lanes), 2):
        yield f'<rect class="band" x="20" y="{TOP + PITCH * index}" width="{WIDTH - 40}" height="{PITCH}" rx="5"/>'


def _axis(chart: Chart, bottom: int) -> Iterator[str]:
    labelled = tick_seconds(chart.low_s, chart.high_s, 13)
    for second in tick_seconds(chart.low_s, chart.high_s, 61):
        x, kind = _x(chart, second), "line" if second in labelled else "minute"
        yield f'<line class="{kind}" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{bottom}"/>'
    for second in labelled:
        clock = format_clock(second * 1000)
        x = _x(chart, second)
        yield f'<text class="small soft number" x="{x}" y="{TOP - 12}" text-anchor="middle">{clock}</text>'
    x = _x(chart, chart.default_s)
    yield f'<line class="default" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{bottom}"/>'
    unless = f"{format_clock(chart.default_s * 1000)} unless asked"
    yield f'<text class="small mark number" x="{x}" y="{TOP - 30}" text-anchor="middle">{unless}</text>'
    yield f'<text class="small soft" x="32" y="{TOP - 12}">step, in the order of the script</text>'


def _lane(chart: Chart, lane: Lane, top: int) -> Iterator[str]:
    kind = "fixed" if lane.fixed else "goes"
    yield f"<g><title>{_text(lane.words)}</title>"
    note = lane.note and f'<tspan class="small soft" dx="8">{_text(lane.note)}</tspan>'
    title = _text(shorten(lane.title, max(8, TITLE_LETTERS - len(lane.note) * 7 // 8)))
    yield f'<text x="32" y="{top + 22}">{title}{note}</text>'
    y = top + (PITCH - BAR) // 2
    for start, below, shade in lane.bars:
        left, right = _x(chart, start), _x(chart, min(below, chart.high_s))
        _, opacity, less = SHADES.get(shade, SHADES["in-part"])
        yield (
            f'<rect class="{kind}" x="{left}" y="{y + less}" width="{max(1.0, round(right - left, 1))}" '
            f'height="{BAR - 2 * less}" rx="2.5" opacity="{opacity}"/>'
        )
    for second in lane.goes_below_s:
        clock = format_clock(second * 1000)
        x = _x(chart, second) - 6
        yield f'<text class="small goes number" x="{x}" y="{top + 21}" text-anchor="end">{clock}</text>'
    yield "</g>"


def _legend(chart: Chart, y: int) -> Iterator[str]:
    shades = {shade for lane in chart.lanes for _, _, shade in lane.bars} - {""}
    goes = any(not lane.fixed for lane in chart.lanes)
    keys = [("fixed", "", "always there")] + [("goes", "", "left out below the time beside it")] * goes
    keys += [("fixed", shade, SHADES[shade][0]) for shade in SHADES if shade in shades]
    x = 32
    for kind, shade, words in keys:
        _, opacity, less = SHADES[shade]
        yield (
            f'<rect class="{kind}" x="{x}" y="{y - 11 + less * 0.7:.1f}" width="22" height="{12 - less * 1.4:.1f}" '
            f'rx="2.5" opacity="{opacity}"/>'
        )
        yield f'<text class="small soft" x="{x + 30}" y="{y}">{words}</text>'
        x += 56 + 6 * len(words)


def _text(text: str) -> str:
    return escape(re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "", text))


def shorten(text: str, most: int) -> str:
    """Return *text* in at most *most* letters, cut with an ellipsis if it is longer."""
    return text if len(text) <= most else text[: max(0, most - 1)].rstrip() + "…"
