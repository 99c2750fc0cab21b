"""Chart: what a picture of lengths shows, whoever draws it: a lane for each step, a bar for where it is there."""

from __future__ import annotations

from dataclasses import dataclass

from voiceguide.author.pictures.labels import Scale
from voiceguide.units import format_clock

SHADES = {
    "full": "full wording",
    "brief": "brief wording",
    "minimal": "minimal wording",
    "in-part": "in part",
}
"""What the shades of bars mean but for that of a step as asked, which is empty."""
MINUTE_MS = 60_000


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
