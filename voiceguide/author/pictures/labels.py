"""Labels and scales: text that fits its room, and times along a line. A unit is whatever a kit counts in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voiceguide.columns import cells

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
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if measure(text) <= room:
        return text
    if keep:
        before = shorten(text.removesuffix(keep), room - measure(keep), measure)
        return before + keep if before else shorten(keep.lstrip(": "), room, measure)
    while text and measure(text + "…") > room:
        text = text[:-1]
    text = text.rstrip()
    return f"{text}…" if len(text) >= LEAST else ""


def wrap(text: str, room: float, measure: Measure, most: int, keep: str = "") -> list[str]:
    """Return *text* in at most *most* lines that fit *room*, broken between words.

    Where a word or the rest does not fit, the text ends there, with an ellipsis, or with it and *keep*.
    """
    lines: list[str] = []
    words = text.split()
    while words:
        count = next((n for n in range(len(words), 0, -1) if measure(" ".join(words[:n])) <= room), 0)
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
