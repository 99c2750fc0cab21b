"""Figures: what was measured, what it is compared with, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("figure", "measured", "compared with", "ratio", "goal", "")


@dataclass(frozen=True)
class Figure:
    """One line of the table, in words. *met* is None where there is no goal, or nothing was measured."""

    name: str
    measured: str
    against: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is met."""
        return "" if self.met is None else "met" if self.met else "not met"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line, cell by cell."""
        return (self.name, self.measured, self.against, self.ratio, self.goal, self.verdict)


class MissingError(Exception):
    """Something from outside that a figure needs is not here; the message says what."""


def at_most(name: str, measured: str, against: str, ratio: float, most: float) -> Figure:
    """Return the figure of something that may take *most* times as long as what it is compared with."""
    return Figure(name, measured, against, f"{ratio:.1f} x", f"at most {most:g} x", ratio <= most)


def table(figures: Sequence[Figure]) -> str:
    """Return *figures* in columns."""
    rows = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(row[i]) for row in rows if row[2] or row[4]) for i in range(len(HEAD))]  # a row of two may run on
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def summary(figure: Figure) -> str:
    """Return *figure* as one item of a Markdown list."""
    text = f"- **{figure.name}**: {figure.measured}"
    text += f", against {figure.against}" if figure.against else ""
    text += f": {figure.ratio}" if figure.ratio else ""
    text += f" (goal: {figure.goal}{', ' + figure.verdict if figure.verdict else ''})" if figure.goal else ""
    return text
