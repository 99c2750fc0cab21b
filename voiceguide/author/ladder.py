"""What goes first: at which length which step is left out or said in other words.

Nothing here knows how planning decides. It is planned at many lengths, and the answers are compared, so that whatever
planning does is what the ladder says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from voiceguide.plan.outline import Turn
from voiceguide.plan.plan import Plan
from voiceguide.source import Span

LEFT_OUT, IN_PART = "left-out", "in-part"
Place = tuple[str, str, int, int]
"""Which written step: its name, and the label, line and column where it is written."""
What = str
"""How a step differs from what was asked: `left-out`, `in-part` (some of its turns are), or the talk of its wording."""


@dataclass(frozen=True)
class Rung:
    """What one length comes to: every step and side not as asked, with the reason; and how often each is run."""

    off: Mapping[tuple[Place, str | None], tuple[What, str]]
    counts: Mapping[tuple[Place, str | None], int]

    @cached_property
    def signature(self) -> frozenset[object]:
        """What two lengths have in common if nothing changes between them."""
        return frozenset((key, what) for key, (what, _) in self.off.items())


@dataclass(frozen=True)
class Stretch:
    """Lengths in seconds, *from_s* to just below *below_s*, at which a step is not as asked on *sides*.

    *then* is what the next shorter length has: empty if the step is as asked again, None if there is none shorter.
    """

    below_s: int
    from_s: int
    what: What
    why: str
    then: What | None
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A written step: the sides on which it is run, and its stretches from the longest length to the shortest."""

    step: str
    title: str
    group: str
    sides: tuple[str, ...]
    span: Span
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Gap:
    """Lengths in seconds inside the range, *from_s* to just below *below_s*, that cannot be had."""

    from_s: int
    below_s: int
    rule: str


@dataclass(frozen=True)
class RoundsAt:
    """How often steps that are repeated together are run: at the shortest, the default and the longest length."""

    steps: tuple[str, ...]
    counts: tuple[int, int, int]


@dataclass(frozen=True)
class Ladder:
    """The lengths that can be had, *shortest_s* to *longest_s*, and every step in the order of the script.

    *default_s* is the routine's own length, or the nearest that can be had. Every *stride_s*-th second was planned, and
    every second between two that differ, so a change is exact, and only one that lasts less than that can be missing.
    """

    shortest_s: int
    default_s: int
    longest_s: int
    stride_s: int
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    rounds: tuple[RoundsAt, ...]

    def changes(self) -> list[tuple[Row, Stretch]]:
        """Return every stretch with its row, from the longest length to the shortest."""
        every = [(row, stretch) for row in self.rows for stretch in row.stretches]
        return sorted(every, key=lambda pair: (-pair[1].below_s, -pair[1].from_s))

    def edges(self) -> set[int]:
        """Return every second that does not come to the same as the one before it."""
        parts: list[Stretch | Gap] = [*(stretch for _, stretch in self.changes()), *self.gaps]
        return {self.shortest_s, self.longest_s + 1, *(s for part in parts for s in (part.from_s, part.below_s))}


Read = Callable[[int], Rung | str]
"""Gives what a length in whole seconds comes to, or the rule against it."""


def rung(plan: Plan) -> Rung:
    """Return what is not as asked in *plan*."""
    counts = Counter((_place(placed.step, placed.span), placed.side) for placed in plan.timeline.steps)
    off: dict[tuple[Place, str | None], tuple[What, str]] = {}
    for item in plan.left_out:
        key = (_place(item.step, item.span), item.side)
        off[key] = (IN_PART if counts[key] else LEFT_OUT, item.why)
    for change in plan.changes:
        off.setdefault((_place(change.step, change.span), change.side), (change.talk, change.why))
    return Rung(off, counts)


def ladder(read: Read, seconds: range, turns: Iterable[Turn], default_s: int, stride_s: int = 1) -> Ladder | None:
    """Return what changes where in *seconds*, or None if no length of them can be had.

    *turns* are those of an outline: they give the steps. Every *stride_s*-th second is read, and between two that
    differ it is halved until neighbours are found.
    """
    read = cache(read)
    runs = list(_runs(read, seconds, stride_s))
    had = [(start, made) for start, _, made in runs if isinstance(made, Rung)]
    if not had:
        return None
    shortest_s = had[0][0]
    longest_s = max(end for _, end, made in runs if isinstance(made, Rung)) - 1
    gaps = [Gap(a, b, made) for a, b, made in runs if isinstance(made, str) and shortest_s < a and b <= longest_s]
    possible = ((abs(s - default_s), s) for a, b, m in runs if isinstance(m, Rung) for s in (a, b - 1))
    if isinstance(read(default_s), str):
        default_s = min(possible)[1]
    steps = _steps(turns)
    rows = tuple(_row(place, same, had, longest_s + 1) for place, same in steps.items())
    ends = [made for s in (shortest_s, default_s, longest_s) if isinstance(made := read(s), Rung)]
    return Ladder(shortest_s, default_s, longest_s, stride_s, rows, tuple(gaps), tuple(_rounds(steps, ends)))


def _place(step: str, span: Span) -> Place:
    return step, span.source.label, span.line, span.column


def _steps(turns: Iterable[Turn]) -> dict[Place, list[Turn]]:
    steps: dict[Place, list[Turn]] = {}
    for turn in turns:
        steps.setdefault(_place(turn.step.name, turn.step.span), []).append(turn)
    return steps


def _runs(read: Read, seconds: range, stride_s: int) -> Iterator[tuple[int, int, Rung | str]]:
    """Yield stretches of seconds (start, end exclusive) that come to the same, and what that is."""
    samples = [*seconds[::stride_s], seconds[-1]]
    starts = [seconds[0], *(s for a, b in pairwise(samples) for s in _edges(read, a, b)), seconds[-1] + 1]
    for start, end in pairwise(starts):
        yield start, end, read(start)


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


def _signature(made: Rung | str) -> frozenset[object] | None:
    return made.signature if isinstance(made, Rung) else None  # a refusal is one, whatever lengths its rule names


def _row(place: Place, turns: list[Turn], had: list[tuple[int, Rung]], end: int) -> Row:
    sides: dict[Stretch, list[str]] = {}
    for side in dict.fromkeys(turn.side for turn in turns):
        for stretch in _stretches([(start, *made.off.get((place, side), ("", ""))) for start, made in had], end):
            sides.setdefault(stretch, []).extend([side] if side else [])
    stretches = sorted(sides, key=lambda s: -s.below_s)
    step = turns[0].step
    return Row(
        step=step.name,
        title=step.title,
        group=step.group,
        sides=tuple(dict.fromkeys(turn.side for turn in turns if turn.side)),
        span=step.span,
        stretches=tuple(Stretch(s.below_s, s.from_s, s.what, s.why, s.then, tuple(sides[s])) for s in stretches),
    )


def _stretches(states: list[tuple[int, What, str]], end: int) -> Iterator[Stretch]:
    """Yield the stretches of one step on one side, from its states (start, what, why) from short to long."""
    starts = [i for i, (_, what, _) in enumerate(states) if i == 0 or states[i - 1][1] != what]
    for first, after in pairwise([*starts, len(states)]):
        start, what, _ = states[first]
        if what:
            below_s = states[after][0] if after < len(states) else end
            then = states[first - 1][1] if first else None
            yield Stretch(below_s, start, what, states[after - 1][2], then)


def _rounds(steps: Mapping[Place, list[Turn]], ends: list[Rung]) -> Iterator[RoundsAt]:
    """Yield the repeats whose rounds change with the length; *ends* are the shortest, default and longest rungs."""
    together: dict[tuple[int, ...], list[str]] = {}
    counts: dict[tuple[int, ...], list[int]] = {}
    for place, turns in steps.items():
        repeats, side = turns[0].repeats, turns[0].side
        found = [made.counts.get((place, side), 0) for made in ends]
        if repeats and len(set(found)) > 1:
            together.setdefault(repeats, []).append(turns[0].step.name)
            most = counts.setdefault(repeats, found)
            counts[repeats] = [max(a, b) for a, b in zip(most, found, strict=True)]
    for repeats, names in together.items():
        shortest, default, longest = counts[repeats]
        yield RoundsAt(tuple(dict.fromkeys(names)), (shortest, default, longest))
