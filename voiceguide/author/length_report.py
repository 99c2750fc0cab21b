"""The length report: at which length which step is left out or said in other words, and why; and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from voiceguide.address import Address
from voiceguide.author.pictures.labels import Chart, ChartLane
from voiceguide.author.titles import Titles
from voiceguide.diagnostics import Progress, Report, no_progress
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Occurrence
from voiceguide.plan.reasons import Reason, Rule, TooWordy
from voiceguide.source import Span
from voiceguide.units import format_clock

LEFT_OUT: Literal["left-out"] = "left-out"
IN_PART: Literal["in-part"] = "in-part"
What = Literal["left-out", "in-part", "full", "brief", "minimal"]
"""How a step differs from what was asked: it is left out, as some of its occurrences are, or has another wording."""
Key = tuple[Address, str | None]
"""A written step, and the side that it is done on."""
Why = Reason | TooWordy
Against = Rule | Report
"""Why a length cannot be had: the rule, or the steps that are too short for their words."""


@dataclass(frozen=True)
class Sample:
    """What one length comes to: every written step and side not as asked, with the reason.

    Down to *down_to_s* seconds all lengths come to the same.
    """

    off: Mapping[Key, tuple[What, Why]]
    down_to_s: int


@dataclass(frozen=True)
class Stretch:
    """Lengths in seconds, *from_s* to just below *below_s*, at which a step is not as asked on *sides*.

    *then* is what the next shorter length has: empty if the step is as asked again, None if there is none shorter.
    """

    below_s: int
    from_s: int
    what: What
    why: Why
    then: What | Literal[""] | None
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A written step: the sides on which it is done, and its stretches from the longest length to the shortest."""

    address: Address
    title: str
    group: str
    sides: tuple[str, ...]
    span: Span
    stretches: tuple[Stretch, ...]

    @property
    def step(self) -> str:
        """The step's own name."""
        return self.address.name


@dataclass(frozen=True)
class Gap:
    """Lengths in seconds inside the range, *from_s* to just below *below_s*, that cannot be had."""

    from_s: int
    below_s: int
    why: Against


@dataclass(frozen=True)
class RoundsAt:
    """How often steps that are repeated together come: at the shortest, the default and the longest length."""

    steps: tuple[Address, ...]
    counts: tuple[int, int, int]


@dataclass(frozen=True)
class LengthReport:
    """The lengths that can be had, *shortest_s* to *longest_s*, and every step in the order of the script.

    *default_s* is the routine's own length, or the nearest that can be had. Every *stride_s*-th second was asked, and
    every second between two that differ, so a change is exact, and only one that lasts less than that can be missing.
    *rules* are those against a second less and a second more. *natural_ms* is the sum of all natural lengths (None if
    rounds fill the time), *steps_ms* what the steps could be whatever `length:` offers (None if that is unknown).
    """

    shortest_s: int
    default_s: int
    longest_s: int
    stride_s: int
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    rounds: tuple[RoundsAt, ...] = ()
    rules: tuple[Against, ...] = ()
    natural_ms: int | None = None
    steps_ms: tuple[int, int] | None = None

    def changes(self) -> list[tuple[Row, Stretch]]:
        """Return every stretch with its row, from the longest length to the shortest."""
        every = [(row, stretch) for row in self.rows for stretch in row.stretches]
        return sorted(every, key=lambda pair: (-pair[1].below_s, -pair[1].from_s))

    def edges(self) -> set[int]:
        """Return every second that does not come to the same as the one before it."""
        parts: list[Stretch | Gap] = [*(stretch for _, stretch in self.changes()), *self.gaps]
        return {self.shortest_s, self.longest_s + 1, *(s for part in parts for s in (part.from_s, part.below_s))}

    @cached_property
    def titles(self) -> Titles:
        """The titles of its steps, told apart."""
        return Titles.apart({row.address: row.title for row in self.rows})

    @cached_property
    def together(self) -> list[Change]:
        """What changes, the longest length first; steps of one group that go together are one change."""
        together: dict[tuple[object, ...], Change] = {}
        for row, stretch in self.changes():
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
        if first.below_s > self.longest_s:
            start = "at every length" if last.from_s == self.shortest_s else "at the longest lengths"
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
            always = f"below {clock(last.below_s)} always" if last.from_s == self.shortest_s else ""
            return f", off and on; {always or f'down to {clock(last.from_s)}'}"
        return f", down to {clock(last.from_s)}" if last.then is not None and last.then != LEFT_OUT else ""

    def chart(self, title: str, spoken_by: str) -> Chart:
        """Return the picture of the report, ready to be drawn."""
        low, high = clock(self.shortest_s), clock(self.longest_s)
        said = "; ".join(self.sentence(*change) for change in self.together)
        return Chart(
            title=title,
            subtitle=f"What is there at which length: {low} to {high} with {spoken_by}",
            words=f"Possible from {low} to {high}. {said or 'Every step is there as asked at every length'}.",
            low_s=self.shortest_s,
            high_s=self.longest_s,
            default_s=self.default_s,
            lanes=tuple(self._lane(row) for row in self.rows),
        )

    def _lane(self, row: Row) -> ChartLane:
        title = self.titles.name(row.address)
        said = "; ".join(self.sentence([row], [stretch]) for stretch in row.stretches)
        gone = [s.below_s for s in row.stretches if s.what == LEFT_OUT and s.below_s <= self.longest_s]
        return ChartLane(
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
        end, gaps = self.longest_s + 1, self.gaps
        parts: list[Stretch | Gap] = [*row.stretches, *gaps]
        cuts = {self.shortest_s, end, *(s for p in parts for s in (p.from_s, p.below_s) if s < end)}
        for start, below in pairwise(sorted(cuts)):
            here = [s for s in row.stretches if s.from_s <= start < s.below_s]
            out = {side for s in here if s.what == LEFT_OUT for side in s.sides or (None,)}
            if any(gap.from_s <= start < gap.below_s for gap in gaps) or len(out) == max(1, len(row.sides)):
                continue
            shades = [s.what for s in here]
            yield start, below, IN_PART if out or IN_PART in shades else "".join(shades[:1])


Read = Callable[[int], Sample | Against]
"""Gives what a length in whole seconds comes to, or what is against it."""


def compared(
    read: Read,
    seconds: range,
    occurrences: Iterable[Occurrence],
    default_s: int,
    stride_s: int = 1,
    progress: Progress = no_progress,
) -> LengthReport | None:
    """Return what changes where in *seconds*, or None if no length of them can be had.

    *occurrences* are those of an outline: they give the steps. *seconds* are read from the longest to the shortest,
    each *stride_s*-th that is not known to be like the last; and between two that differ, halving finds the neighbours.
    """
    if not seconds:
        return None
    runs = list(_runs(read, seconds, stride_s, progress))
    had = [(start, made) for start, _, made in runs if isinstance(made, Sample)]
    if not had:
        return None
    shortest_s = had[0][0]
    longest_s = max(end for _, end, made in runs if isinstance(made, Sample)) - 1
    inside = (run for run in runs if shortest_s < run[0] and run[1] <= longest_s)
    gaps = tuple(Gap(start, end, made) for start, end, made in inside if not isinstance(made, Sample))
    if default_s not in seconds or not isinstance(read(default_s), Sample):
        possible = ((abs(s - default_s), s) for a, b, m in runs if isinstance(m, Sample) for s in (a, b - 1))
        default_s = min(possible)[1]
    rows = tuple(_row(address, same, had, longest_s + 1) for address, same in steps_of(occurrences).items())
    return LengthReport(shortest_s, default_s, longest_s, stride_s, rows, gaps)


def steps_of(occurrences: Iterable[Occurrence]) -> dict[Address, list[Occurrence]]:
    """Return the occurrences of every written step, in the order of hearing."""
    steps: dict[Address, list[Occurrence]] = {}
    for occurrence in occurrences:
        steps.setdefault(occurrence.address.written, []).append(occurrence)
    return steps


def _runs(read: Read, seconds: range, stride_s: int, progress: Progress) -> Iterator[tuple[int, int, Sample | Against]]:
    """Yield stretches of seconds (start, end exclusive) that come to the same, and what that is."""
    low, high = seconds[0], seconds[-1]
    found = {high: read(high)}
    edges: list[int] = []

    def look(second: int) -> Sample | Against:
        return found[second] if second in found else found.setdefault(second, read(second))

    while high > low:
        made = found[high]
        same = max(low, made.down_to_s) if isinstance(made, Sample) else high
        found[same] = made
        high = max(low, min(same - 1, high - stride_s))
        edges += _edges(look, high, same)
        look(high)
        progress("planning", seconds[-1] - high, len(seconds))
    for start, end in pairwise((low, *sorted(edges), seconds[-1] + 1)):
        yield start, end, look(start)


def _edges(read: Read, low: int, high: int) -> Iterator[int]:
    """Yield every second above *low*, up to *high*, that differs from the one before, as far as halving finds them."""
    if low == high or _signature(read(low)) == _signature(read(high)):
        return
    if high - low == 1:
        yield high
        return
    middle = (low + high) // 2
    yield from _edges(read, low, middle)
    yield from _edges(read, middle, high)


def _signature(made: Sample | Against) -> Mapping[Key, What] | None:
    # a refusal is one, whatever lengths its rule names
    return {key: what for key, (what, _) in made.off.items()} if isinstance(made, Sample) else None


def _row(address: Address, same: Sequence[Occurrence], had: Sequence[tuple[int, Sample]], end: int) -> Row:
    every = dict.fromkeys(occurrence.address.side for occurrence in same)
    sides: dict[Stretch, list[str]] = {}
    for side in every:
        for stretch in _stretches([(start, made.off.get((address, side))) for start, made in had], end):
            sides.setdefault(stretch, []).extend([side] if side else [])
    stretches = sorted(sides, key=lambda stretch: -stretch.below_s)
    step, done = same[0].step, tuple(side for side in every if side)
    told = tuple(replace(stretch, sides=tuple(sides[stretch])) for stretch in stretches)
    return Row(address, step.title, step.group, done, step.span, told)


def _stretches(states: Sequence[tuple[int, tuple[What, Why] | None]], end: int) -> Iterator[Stretch]:
    """Yield the stretches of one step on one side, from its states from short to long."""

    def what(index: int) -> What | Literal[""]:
        state = states[index][1]
        return state[0] if state else ""

    starts = [index for index in range(len(states)) if index == 0 or what(index - 1) != what(index)]
    for first, after in pairwise((*starts, len(states))):
        last = states[after - 1][1]
        if last:
            below_s = states[after][0] if after < len(states) else end
            yield Stretch(below_s, states[first][0], last[0], last[1], what(first - 1) if first else None)


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
