"""Labels, scales and charts: text that fits its room, and times along a line. A unit is whatever a kit counts in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from voiceguide.columns import cells, line
from voiceguide.nouns import dataclass
from voiceguide.units import format_clock

Measure = Callable[[str], float]
LEAST = 3
"""A label of which fewer characters would be left is dropped."""
TICKS_MS = tuple(1000 * s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400))
"""What an axis may count in."""
_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] -"), set("mwMWQOG@%—…")


def pixels(size: float, *, bold: bool = False) -> Measure:
    """Return a measure for text set in *size* pixels: on the wide side, because the reader's font is not known."""

    def measure(text: str) -> float:
        return sum(_share(character) for character in text) * size * (1.08 if bold else 1.0)

    return measure


def _share(character: str) -> float:
    if cells(character) != 1:
        return 0.55 * cells(character)
    if character in _NARROW:
        return 0.4
    return 0.95 if character in _WIDE else 0.7 if character.isupper() else 0.63


def shorten(text: str, room: float, measure: Measure, keep: str = "") -> str:
    """Return *text*, cut to *room* with an ellipsis; empty where hardly anything of it would be left.

    It is cut before its end *keep*, such as `: left`; where there is room for nothing else, that is what is left of it.
    """
    text = line(" ".join(text.split()))
    if measure(text) <= room:
        return text
    if keep:
        before = shorten(text.removesuffix(keep), room - measure(keep), measure)
        return before + keep if before else shorten(keep.lstrip(": "), room, measure)
    text = text[: _most(len(text), lambda count: measure(text[:count] + "…") <= room)].rstrip()
    return f"{text}…" if len(text) >= LEAST else ""


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to *limit* that *fits*, as all smaller ones do; at least 0."""
    return bisect_left(range(limit), True, key=lambda count: not fits(count + 1))


def wrap(text: str, room: float, measure: Measure, most: int, keep: str = "") -> list[str]:
    """Return *text* in at most *most* lines that fit *room*, broken between words.

    Where a word or the rest does not fit, the text ends there, with an ellipsis, or with it and *keep*.
    """
    lines: list[str] = []
    words = text.split()
    while words:
        count = _most(len(words), lambda n: measure(" ".join(words[:n])) <= room)  # noqa: B023 - asked at once
        if count < len(words) and (not count or len(lines) == most - 1):
            rest = shorten(" ".join(words), room, measure, keep)
            return [*lines, rest] if rest else lines
        lines.append(" ".join(words[:count]))
        words = words[count:]
    return lines


@dataclass(frozen=True)
class Scale:
    """Times along a line: *low* ms lies at *first*, *high* ms *room* units after it."""

    low: int
    high: int
    room: float
    first: float = 0.0

    @property
    def ms_a_unit(self) -> float:
        """How many milliseconds a pixel or a column stands for."""
        return max(1, self.high - self.low) / self.room

    def at(self, ms: float) -> float:
        """Return where *ms* lies, held within the line."""
        return self.first + (min(max(ms, self.low), self.high) - self.low) / self.ms_a_unit

    def ticks(self, apart: float, least_ms: int = 1) -> list[int]:
        """Return the round times on it, at least *apart* units and *least_ms* apart."""
        every = max(self.ms_a_unit * apart, least_ms)
        step = next((tick for tick in TICKS_MS if tick >= every), TICKS_MS[-1])
        return list(range(-(-self.low // step) * step, self.high + 1, step))


SHADES = {
    "full": "full wording",
    "brief": "brief wording",
    "minimal": "minimal wording",
    "in-part": "in part",
}
"""What the shades of bars mean but for that of a step as asked, which is empty."""
MINUTE_MS = 60_000


@dataclass(frozen=True)
class ChartLane:
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
    lanes: tuple[ChartLane, ...]

    @property
    def default(self) -> str:
        """What is said of the length that a session has unless another one is asked for."""
        return f"{format_clock(self.default_s * 1000)} unless asked"

    @property
    def shades(self) -> dict[str, str]:
        """The shades that occur, and what they mean."""
        used = {shade for lane in self.lanes for _, _, shade in lane.bars}
        return {shade: words for shade, words in SHADES.items() if shade in used}

    def scale(self, room: float, first: float = 0.0) -> Scale:
        """Return the line of lengths; where only one can be had, it takes the whole line."""
        return Scale(self.low_s * 1000, max(self.high_s, self.low_s + 1) * 1000, room, first)

    def ticks(self, scale: Scale, apart: float) -> list[int]:
        """Return the whole minutes to name, in milliseconds, or, where there is none, the ends of the line."""
        return scale.ticks(apart, MINUTE_MS) or sorted({self.low_s * 1000, self.high_s * 1000})
