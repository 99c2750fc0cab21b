"""Outline + lengths -> a length for every step: exact, fair, and with reasons.

To shorten, optional steps are left out, the highest number first and the last one first, with their group and their
other side, until what remains sits at or above half-way between shortest and natural; then the rest is shared evenly.
To lengthen, every silence is stretched evenly towards its longest. Speech is never touched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from voiceguide.plan.bounds import Bounds
from voiceguide.plan.outline import Outline, Rounds
from voiceguide.script.model import Group
from voiceguide.script.rounds import Counts
from voiceguide.units import ms_to_frames


@dataclass(frozen=True)
class Fitted:
    """The answer of `fit`: frames for every kept key, rounds for every repeat, and why keys were left out.

    *gaps* is silence that stands before turns, by their index. *spare* frames of silence come last; they are 0 unless
    nothing elastic could take them.
    """

    frames: Mapping[int, int]
    counts: Mapping[int, int]
    left_out: Mapping[int, str] = field(default_factory=dict)
    gaps: Mapping[int, int] = field(default_factory=dict)
    spare: int = 0


@dataclass(frozen=True)
class Misfit:
    """No fit: the nearest lengths that do fit, in frames."""

    shortest: int
    longest: int


NO_COUNTS: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True)
class _Total:
    """Sums over kept steps: shortest, natural and longest, in frames."""

    shortest: int
    natural: int
    longest: int


def fit(outline: Outline, bounds: list[Bounds], groups: Mapping[str, Group], frames: int) -> Fitted | Misfit:
    """Return how *outline* fills exactly *frames*, or a Misfit.

    *bounds* are those of `bounds()`, all satisfiable.
    """
    per_round = [_per_round(bound, outline.rounds) for bound in bounds]
    kept, left_out = _leave_out(per_round, outline.rounds, groups, frames)
    total = _total(kept, outline.rounds)
    if not total.shortest <= frames <= total.longest:
        return Misfit(*extent(outline, bounds, groups))
    counts = _choose_counts(kept, outline.rounds, total, frames)
    steps = [replace(b, occurrences=b.occurrences * _times(b, counts)) for b in kept]
    shared = _share(steps, frames)
    if shared is None:
        return Misfit(*extent(outline, bounds, groups))
    return Fitted(shared[0], counts, left_out, spare=shared[1])


def fit_until(
    outline: Outline, bounds: list[Bounds], groups: Mapping[str, Group], frames: int, until: tuple[int, int]
) -> Fitted | Misfit:
    """Return how *outline* fills exactly *frames* if repeat *until[0]* ends *until[1]* frames before the end.

    What comes after the repeat takes exactly those frames; what comes before has its natural length where it can;
    the repeat takes the whole rounds that fit between, and silence fills the rest.
    """
    index, after = until
    inside = [b for b in bounds if index in b.turn.repeats]
    stop = outline.rounds[index].after[0]
    tail = fit(outline, [b for b in bounds if b.position >= stop], groups, after)
    before = [b for b in bounds if b.position < stop and index not in b.turn.repeats]
    once = [_per_round(b, outline.rounds) for b in before]
    whole = _total(once, outline.rounds).natural
    natural = min(whole, frames - after)
    head = fit(outline, before, groups, natural)
    if isinstance(head, Misfit):  # no such length is short enough, but with its natural one there is no round
        return Misfit(head.shortest + after, whole + after)
    if isinstance(tail, Misfit):
        return Misfit(*extent(outline, bounds, groups))
    rounds = outline.rounds[index]
    one = sum(b.natural * b.occurrences for b in inside) // max(1, rounds.count)
    room = frames - after - natural
    count = min(room // one, rounds.repeat.counts.most) if one else 0
    return Fitted(
        {**head.frames, **tail.frames, **{b.key: b.natural for b in inside}},
        {**head.counts, **tail.counts, index: count},
        {**head.left_out, **tail.left_out},
        dict.fromkeys(rounds.after, room - count * one),
        head.spare + tail.spare,
    )


def extent(outline: Outline, bounds: list[Bounds], groups: Mapping[str, Group]) -> tuple[int, int]:
    """Return the shortest and the longest length in frames that `fit` can reach."""
    per_round = [_per_round(bound, outline.rounds) for bound in bounds]
    kept, _ = _leave_out(per_round, outline.rounds, groups, 0)
    return _total(kept, outline.rounds).shortest, _total(per_round, outline.rounds).longest


def count_about(outline: Outline, bounds: list[Bounds], rate: int) -> Outline:
    """Return *outline* with a number of rounds for each repeat that lasts about a duration: the nearest one."""
    if all(r.repeat.counts.about_ms is None for r in outline.rounds):
        return outline
    rounds, inside = list(outline.rounds), _by_repeat(bounds)
    for index, r in enumerate(rounds):
        about_ms = r.repeat.counts.about_ms
        if about_ms is None or not r.after:
            continue
        one = sum(b.natural * b.occurrences for b in inside[index]) // (max(1, r.count) * len(r.after))
        count = max(1, (2 * ms_to_frames(about_ms, rate) + one) // (2 * one)) if one else 1
        rounds[index] = replace(r, repeat=replace(r.repeat, counts=Counts(count, count, count)))
    return replace(outline, rounds=tuple(rounds))


def _by_repeat(bounds: Iterable[Bounds]) -> Mapping[int, list[Bounds]]:
    """Return *bounds* by each repeat they stand in."""
    inside: dict[int, list[Bounds]] = defaultdict(list)
    for bound in bounds:
        for index in bound.turn.repeats:
            inside[index].append(bound)
    return inside


def _times(bound: Bounds, counts: Mapping[int, int]) -> int:
    times = 1
    for index in bound.turn.repeats:
        times *= counts[index]
    return times


def _per_round(bound: Bounds, rounds: tuple[Rounds, ...]) -> Bounds:
    """Return *bound* counted once a round: the rounds are an unknown of their own."""
    if not bound.turn.repeats:
        return bound
    times = _times(bound, {index: rounds[index].count for index in bound.turn.repeats})
    return replace(bound, occurrences=bound.occurrences // times)


def _total(kept: Iterable[Bounds], rounds: tuple[Rounds, ...]) -> _Total:
    shortest = natural = longest = 0
    for bound in kept:
        fewest = usual = most = bound.occurrences
        for index in bound.turn.repeats:
            counts = rounds[index].repeat.counts
            fewest, usual, most = fewest * counts.fewest, usual * counts.natural, most * counts.most
        shortest += bound.shortest * fewest
        natural += bound.natural * usual
        longest += bound.longest * most
    return _Total(shortest, natural, longest)


def _leave_out(
    bounds: list[Bounds], rounds: tuple[Rounds, ...], groups: Mapping[str, Group], frames: int
) -> tuple[list[Bounds], dict[int, str]]:
    """Return the bounds that stay, and the keys that go with the reason for each."""
    kept = {bound.key: bound for bound in bounds}
    left_out: dict[int, str] = {}
    total = _total(bounds, rounds)
    fates = _Fates(kept, groups)
    for bound in fates.without_needed():
        total = _minus(total, _total([bound], rounds))
        left_out[bound.key] = f"needs {', '.join(bound.turn.step.needs)}"
    optional = [bound for bound in bounds if bound.turn.step.optional]
    optional.sort(key=lambda b: (b.turn.step.optional or 0, b.position), reverse=True)
    for bound in optional:
        if 2 * (frames - total.shortest) >= total.natural - total.shortest:
            break
        going = fates.with_it(bound) if bound.key in kept else []
        after = _minus(total, _total(going, rounds))
        if not going or (total.shortest <= frames and after.longest < frames):
            continue
        total = after
        fates.take(going)
        group = bound.turn.step.group if len({b.turn.written for b in going}) > 1 else ""
        company = f", with its group {group}" if group else ""
        for gone in going:
            left_out[gone.key] = f"optional {gone.turn.step.optional}{company}: too little time"
    return list(kept.values()), left_out


class _Fates:
    """Which steps go together: other sides, groups, and those that need one another."""

    def __init__(self, kept: dict[int, Bounds], groups: Mapping[str, Group]) -> None:
        self.kept = kept
        self.groups = groups
        self.named = Counter(b.turn.step.name for b in kept.values())
        self.in_group = Counter({b.turn.written: b.turn.step.group for b in kept.values()}.values())
        self._by_group: dict[str, list[Bounds]] = {}
        self._by_written: dict[int, list[Bounds]] = {}
        self._by_need: dict[str, list[Bounds]] = {}
        for b in kept.values():
            self._by_group.setdefault(b.turn.step.group, []).append(b)
            self._by_written.setdefault(b.turn.written, []).append(b)
            for name in b.turn.step.needs:
                self._by_need.setdefault(name, []).append(b)

    def take(self, going: Iterable[Bounds]) -> None:
        """Take *going* away."""
        for written in {b.turn.written: b for b in going}.values():
            self.in_group[written.turn.step.group] -= 1
        for b in going:
            self.named[b.turn.step.name] -= 1
            del self.kept[b.key]

    def without_needed(self) -> list[Bounds]:
        """Take away and return what needs a step that a condition took out, and what needs that, and so on."""
        gone: list[Bounds] = []
        waiting = [name for name in self._by_need if not self.named[name]]
        while waiting:
            going = [b for b in self._by_need.get(waiting.pop(), ()) if b.key in self.kept]
            self.take(going)
            gone += going
            waiting += [b.turn.step.name for b in going if not self.named[b.turn.step.name]]
        return gone

    def with_it(self, bound: Bounds) -> list[Bounds]:
        """Return what goes when *bound* does; nothing if something that stays forbids it."""
        step = bound.turn.step
        if not step.group and step.name not in self._by_need and len(self._by_written[bound.turn.written]) == 1:
            return [bound] if step.optional else []  # as most do
        going: dict[int, Bounds] = {}
        names: Counter[str] = Counter()
        waiting = [bound]
        while waiting:
            b = waiting.pop()
            if b.key in going or b.key not in self.kept:
                continue
            step, group = b.turn.step, self.groups.get(b.turn.step.group)
            if not step.optional:
                return []
            going[b.key] = b
            names[step.name] += 1
            waiting += self._by_written[b.turn.written]
            if group and group.together:
                waiting += self._by_group[step.group]
            elif group and self.in_group[step.group] <= group.keep:
                return []
            if self.named[step.name] <= names[step.name]:
                waiting += self._by_need.get(step.name, ())
        return sorted(going.values(), key=lambda b: b.position)


def _minus(total: _Total, less: _Total) -> _Total:
    return _Total(total.shortest - less.shortest, total.natural - less.natural, total.longest - less.longest)


def _place(low: int, natural: int, high: int, total: _Total, frames: int) -> int:
    """Return where between its own bounds something lies if *frames* lies between those of *total*, rounded down."""
    if frames <= total.natural:
        room, used = total.natural - total.shortest, frames - total.shortest
        return low + (natural - low) * used // room if room else low
    room, used = total.longest - total.natural, frames - total.natural
    return natural + (high - natural) * used // room if room else natural


def _choose_counts(kept: list[Bounds], rounds: tuple[Rounds, ...], total: _Total, frames: int) -> dict[int, int]:
    """Return whole rounds for every repeat: the share of each, moved as little as the exact length needs."""
    inside = _by_repeat(kept)
    counts = {}
    for index in sorted(inside):
        given = rounds[index].repeat.counts
        counts[index] = _place(given.fewest, given.natural, given.most, total, frames)
    reached = _sum(kept, counts)
    for index, steps in sorted(inside.items()):
        given = rounds[index].repeat.counts
        for step, last in ((1, given.most), (-1, given.fewest)):
            while counts[index] != last and (reached.longest < frames if step > 0 else reached.shortest > frames):
                before = _sum(steps, counts)
                counts[index] += step
                reached = _minus(reached, _minus(before, _sum(steps, counts)))
    return counts


def _share(steps: list[Bounds], frames: int) -> tuple[dict[int, int], int] | None:
    """Return exact lengths that sum to *frames*, and what nothing could take (less than one frame a step).

    Paced breathing first takes the whole rounds nearest to its share, then those that fit it; where that leaves no
    room for the exact length, it is elastic like the rest.
    """
    whole = _sum(steps)
    breathing = [b for b in steps if b.breath]
    for paced, nearest in ((breathing, True), (breathing, False), ([], False)):
        fixed = {b.key: _whole_rounds(b, whole, frames, nearest) for b in paced}
        rest = [b for b in steps if b.key not in fixed and b.occurrences]
        left = frames - sum(fixed[b.key] * b.occurrences for b in paced)
        total = _sum(rest)
        if total.shortest <= left <= total.longest:
            break
    else:
        return None
    lengths = {b.key: _place(b.shortest, b.natural, b.longest, total, left) for b in rest}
    spare = left - sum(lengths[b.key] * b.occurrences for b in rest)
    for b in sorted(rest, key=lambda b: -b.occurrences):
        more = min(b.longest - lengths[b.key], spare // b.occurrences, 1 if b.occurrences > 1 else spare)
        lengths[b.key] += more
        spare -= more * b.occurrences
    return {**lengths, **fixed, **{b.key: b.shortest for b in steps if not b.occurrences}}, spare


def _sum(steps: Iterable[Bounds], counts: Mapping[int, int] = NO_COUNTS) -> _Total:
    """Return the sums over *steps*, each taken as often as *counts* say of the repeats around it."""
    shortest = natural = longest = 0
    for bound in steps:
        times = bound.occurrences * (_times(bound, counts) if counts else 1)
        shortest += bound.shortest * times
        natural += bound.natural * times
        longest += bound.longest * times
    return _Total(shortest, natural, longest)


def _whole_rounds(bound: Bounds, total: _Total, frames: int, nearest: bool) -> int:
    share = _place(bound.shortest, bound.natural, bound.longest, total, frames)
    below, above = bound.whole_rounds(share)
    return above if nearest and above - share < share - below else below
