"""The length report in words, and as what its picture shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from voiceguide.author.length_report import IN_PART, LEFT_OUT, Against, Gap, LengthReport, Row, Stretch
from voiceguide.author.pictures.chart import Chart, Lane
from voiceguide.author.titles import Titles
from voiceguide.plan.reasons import Rule
from voiceguide.units import format_clock

Change = tuple[list[Row], list[Stretch]]
"""The rows that change together (a group, or a single step), and where: at one stretch, or off and on at several."""
OFF_AND_ON = 3
"""From so many stretches of the same kind on, a change is told in one line."""
_GOES = {LEFT_OUT: "goes", IN_PART: "goes in part"}


def clock(second: int) -> str:
    """Return *second* seconds as `m:ss`."""
    return format_clock(second * 1000)


def told(why: Against) -> str:
    """Say what is against a length."""
    return why.why if isinstance(why, Rule) else next(iter(why)).message


@dataclass(frozen=True)
class LengthWords:
    """What a length report says to people, in the titles of its steps."""

    report: LengthReport

    @cached_property
    def titles(self) -> Titles:
        """The titles of its steps, told apart."""
        return Titles.apart({row.address: row.title for row in self.report.rows})

    @cached_property
    def changes(self) -> list[Change]:
        """What changes, the longest length first; steps of one group that go together are one change."""
        together: dict[tuple[object, ...], Change] = {}
        for row, stretch in self.report.changes():
            key = (stretch.below_s, stretch.from_s, stretch.what, stretch.sides, row.group or row.address)
            together.setdefault(key, ([], [stretch]))[0].append(row)
        kinds: dict[tuple[object, ...], list[Change]] = {}
        for rows, stretches in together.values():
            kind = (tuple(row.address for row in rows), stretches[0].what, stretches[0].sides)
            kinds.setdefault(kind, []).append((rows, stretches))
        found: list[Change] = []
        for same in kinds.values():
            joined = (same[0][0], [stretch for _, stretches in same for stretch in stretches])
            found += [joined] if len(same) >= OFF_AND_ON else same
        return sorted(found, key=lambda change: (-change[1][0].below_s, -change[1][0].from_s))

    def sentence(self, rows: Sequence[Row], stretches: Sequence[Stretch]) -> str:
        """Say a change: "below 14:33 Rub each toe goes, on both sides"."""
        first, last = stretches[0], stretches[-1]
        start = f"below {clock(first.below_s)}"
        if first.below_s > self.report.longest_s:
            start = "at every length" if last.from_s == self.report.shortest_s else "at the longest lengths"
        who = f"the group {self.who(rows)}" if len(rows) > 1 else self.who(rows)
        what = _GOES.get(first.what, f"takes {'its' if len(rows) == 1 else 'the'} {first.what} wording")
        sides = self.sides(rows[0], first)
        return f"{start} {who} {what}{sides and f', on {sides}'}{self.until(stretches)}"

    def who(self, rows: Sequence[Row]) -> str:
        """Name the step, or the group with its steps."""
        titles = ", ".join(self.titles.name(row.address) for row in rows)
        return f"{rows[0].group} ({titles})" if len(rows) > 1 else titles

    def what(self, stretches: Sequence[Stretch]) -> str:
        """Say what becomes of a step."""
        first = stretches[0]
        return _GOES.get(first.what, f"{first.what} wording") + self.until(stretches)

    def sides(self, row: Row, stretch: Stretch) -> str:
        """Name the sides on which a step changes, if it is done on two."""
        if len(row.sides) < 2:
            return ""
        return "both sides" if len(stretch.sides) == len(row.sides) else f"the {stretch.sides[0]} only"

    def until(self, stretches: Sequence[Stretch]) -> str:
        """Say how far down a change reaches, if not simply to the shortest length."""
        last = stretches[-1]
        if len(stretches) > 1:
            always = f"below {clock(last.below_s)} always" if last.from_s == self.report.shortest_s else ""
            return f", off and on; {always or f'down to {clock(last.from_s)}'}"
        return f", down to {clock(last.from_s)}" if last.then is not None and last.then != LEFT_OUT else ""

    def chart(self, title: str, spoken_by: str) -> Chart:
        """Return the picture of the report, ready to be drawn."""
        report = self.report
        low, high = clock(report.shortest_s), clock(report.longest_s)
        said = "; ".join(self.sentence(*change) for change in self.changes)
        return Chart(
            title=title,
            subtitle=f"What is there at which length: {low} to {high} with {spoken_by}",
            words=f"Possible from {low} to {high}. {said or 'Every step is there as asked at every length'}.",
            low_s=report.shortest_s,
            high_s=report.longest_s,
            default_s=report.default_s,
            lanes=tuple(self._lane(row) for row in report.rows),
        )

    def _lane(self, row: Row) -> Lane:
        title = self.titles.name(row.address)
        said = "; ".join(self.sentence([row], [stretch]) for stretch in row.stretches)
        gone = [s.below_s for s in row.stretches if s.what == LEFT_OUT and s.below_s <= self.report.longest_s]
        return Lane(
            name=row.step,
            title=title,
            note="both sides" if len(row.sides) > 1 else "",
            words=said or f"{title} is there at every length",
            bars=tuple(self._bars(row)),
            goes_below_s=tuple(dict.fromkeys(gone)),
            fixed=not any(stretch.what in _GOES for stretch in row.stretches),
        )

    def _bars(self, row: Row) -> Iterator[tuple[int, int, str]]:
        """Yield where *row* is there, as lengths (from, below, shade), without the gaps of the range."""
        end, gaps = self.report.longest_s + 1, self.report.gaps
        parts: list[Stretch | Gap] = [*row.stretches, *gaps]
        cuts = {self.report.shortest_s, end, *(s for p in parts for s in (p.from_s, p.below_s) if s < end)}
        for start, below in pairwise(sorted(cuts)):
            here = [s for s in row.stretches if s.from_s <= start < s.below_s]
            out = {side for s in here if s.what == LEFT_OUT for side in s.sides or (None,)}
            if any(gap.from_s <= start < gap.below_s for gap in gaps) or len(out) == max(1, len(row.sides)):
                continue
            shades = [s.what for s in here]
            yield start, below, IN_PART if out or IN_PART in shades else "".join(shades[:1])
