"""Outline + lengths -> a length for every step: exact, fair, and with reasons.

To shorten, optional steps are left out, the highest number first and the last one first, with their group and their
other side, until what remains sits at or above half-way between shortest and natural; then the rest is shared evenly.
To lengthen, every silence is stretched evenly towards its longest. Speech is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voiceguide.plan.bounds import Bounds
from voiceguide.plan.outline import Outline, Rounds
from voiceguide.script.model import Group


@dataclass(frozen=True)
class Fitted:
    """The answer of `fit`: frames for every kept key, rounds for every repeat, and why keys were left out.

    *spare* frames of silence end the session; they are 0 unless nothing elastic could take them.
    """

    frames: Mapping[int, int]
    counts: Mapping[int, int]
    left_out: Mapping[int, str] = field(default_factory=dict)
    filler: Mapping[int, int] = field(default_factory=dict)
    spare: int = 0


@dataclass(frozen=True)
class Misfit:
    """No fit: the nearest lengths that do fit, in frames."""

    shortest: int
    longest: int


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
    return Fitted(shared[0], counts, left_out, {}, shared[1])


def fit_until(
    outline: Outline, bounds: list[Bounds], groups: Mapping[str, Group], frames: int, until: tuple[int, int]
) -> Fitted | Misfit:
    """Return how *outline* fills exactly *frames* if repeat *until[0]* ends *until[1]* frames before the end.

    What comes after the repeat takes exactly those frames; what comes before has its natural length where it can;
    the repeat takes the whole rounds that fit between, and silence fills the rest.
    """
    index, after = until
    inside = [b for b in bounds if index in b.turn.repeats]
    last = max((b.position for b in inside), default=-1)
    tail = fit(outline, [b for b in bounds if b.position > last], groups, after)
    before = [b for b in bounds if b.position < last and index not in b.turn.repeats]
    natural = min(sum(b.natural * b.occurrences for b in before), frames - after)
    head = fit(outline, before, groups, natural)
    if isinstance(tail, Misfit) or isinstance(head, Misfit):
        shortest, longest = extent(outline, bounds, groups)
        return Misfit(shortest + after, longest)
    rounds = outline.rounds[index]
    one = sum(b.natural * b.occurrences for b in inside) // max(1, rounds.count)
    room = frames - after - natural
    count = min(room // one, rounds.repeat.counts.most) if one else 0
    return Fitted(
        {**head.frames, **tail.frames, **{b.key: b.natural for b in inside}},
        {**head.counts, **tail.counts, index: count},
        {**head.left_out, **tail.left_out},
        {index: room - count * one},
        head.spare + tail.spare,
    )


def extent(outline: Outline, bounds: list[Bounds], groups: Mapping[str, Group]) -> tuple[int, int]:
    """Return the shortest and the longest length in frames that `fit` can reach."""
    per_round = [_per_round(bound, outline.rounds) for bound in bounds]
    kept, _ = _leave_out(per_round, outline.rounds, groups, 0)
    return _total(kept, outline.rounds).shortest, _total(per_round, outline.rounds).longest


def _times(bound: Bounds, counts: Mapping[int, int]) -> int:
    times = 1
    for index in bound.turn.repeats:
        times *= counts[index]
    return times


def _per_round(bound: Bounds, rounds: tuple[Rounds, ...]) -> Bounds:
    """Return *bound* counted once a round: the rounds are an unknown of their own."""
    times = _times(bound, {index: rounds[index].count for index in bound.turn.repeats})
    return replace(bound, occurrences=bound.occurrences // times)


def _total(kept: list[Bounds], rounds: tuple[Rounds, ...]) -> _Total:
    fewest = {index: r.repeat.counts.fewest for index, r in enumerate(rounds)}
    natural = {index: r.repeat.counts.natural for index, r in enumerate(rounds)}
    most = {index: r.repeat.counts.most for index, r in enumerate(rounds)}
    return _Total(
        sum(b.shortest * b.occurrences * _times(b, fewest) for b in kept),
        sum(b.natural * b.occurrences * _times(b, natural) for b in kept),
        sum(b.longest * b.occurrences * _times(b, most) for b in kept),
    )


def _leave_out(
    bounds: list[Bounds], rounds: tuple[Rounds, ...], groups: Mapping[str, Group], frames: int
) -> tuple[list[Bounds], dict[int, str]]:
    """Return the bounds that stay, and the keys that go with the reason for each."""
    kept = {bound.key: bound for bound in bounds}
    members: dict[str, list[Bounds]] = {}
    for bound in bounds:
        if bound.turn.step.group:
            members.setdefault(bound.turn.step.group, []).append(bound)
    left_out: dict[int, str] = {}
    total = _total(bounds, rounds)
    optional = [bound for bound in bounds if bound.turn.step.optional]
    for bound in sorted(optional, key=lambda b: (-(b.turn.step.optional or 0), -b.position)):
        if 2 * (frames - total.shortest) >= total.natural - total.shortest:
            break
        if bound.key not in kept:
            continue
        step, group = bound.turn.step, groups.get(bound.turn.step.group)
        going = [bound]
        if group and group.together:
            going = [b for b in members[step.group] if b.key in kept]
        elif group and sum(b.key in kept for b in members[step.group]) <= group.keep:
            continue
        less = _total(going, rounds)
        after = _Total(*(a - b for a, b in zip(_tuple(total), _tuple(less), strict=True)))
        if total.shortest <= frames and after.longest < frames:
            continue
        total = after
        for gone in going:
            del kept[gone.key]
            with_group = f", with its group {step.group}" if len(going) > 1 else ""
            left_out[gone.key] = f"optional {gone.turn.step.optional or step.optional}{with_group}: too little time"
    return list(kept.values()), left_out


def _tuple(total: _Total) -> tuple[int, int, int]:
    return total.shortest, total.natural, total.longest


def _place(low: int, natural: int, high: int, total: _Total, frames: int) -> int:
    """Return where between its own bounds something lies if *frames* lies between those of *total*, rounded down."""
    if frames <= total.natural:
        room, used = total.natural - total.shortest, frames - total.shortest
        return low + (natural - low) * used // room if room else low
    room, used = total.longest - total.natural, frames - total.natural
    return natural + (high - natural) * used // room if room else natural


def _choose_counts(kept: list[Bounds], rounds: tuple[Rounds, ...], total: _Total, frames: int) -> dict[int, int]:
    """Return whole rounds for every repeat: the share of each, moved as little as the exact length needs."""
    counts = {
        index: _place(r.repeat.counts.fewest, r.repeat.counts.natural, r.repeat.counts.most, total, frames)
        for index, r in enumerate(rounds)
    }

    def reach(index: int, count: int) -> tuple[int, int]:
        trial = {**counts, index: count}
        return (
            sum(b.shortest * b.occurrences * _times(b, trial) for b in kept),
            sum(b.longest * b.occurrences * _times(b, trial) for b in kept),
        )

    for index, r in enumerate(rounds):
        while counts[index] < r.repeat.counts.most and reach(index, counts[index])[1] < frames:
            counts[index] += 1
        while counts[index] > r.repeat.counts.fewest and reach(index, counts[index])[0] > frames:
            counts[index] -= 1
    return counts


def _share(steps: list[Bounds], frames: int) -> tuple[dict[int, int], int] | None:
    """Return exact lengths that sum to *frames*, and what nothing could take (less than one frame a step).

    Paced breathing first takes the whole rounds that fit its share; where that leaves no room for the exact length,
    it is elastic like the rest.
    """
    for paced in ([b for b in steps if b.cycle], []):
        fixed = {b.key: _whole_rounds(b, _sum(steps), frames) for b in paced}
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


def _sum(steps: list[Bounds]) -> _Total:
    return _Total(
        sum(b.shortest * b.occurrences for b in steps),
        sum(b.natural * b.occurrences for b in steps),
        sum(b.longest * b.occurrences for b in steps),
    )


def _whole_rounds(bound: Bounds, total: _Total, frames: int) -> int:
    share = _place(bound.shortest, bound.natural, bound.longest, total, frames)
    first = next((need for need in bound.needs if need <= share), min(bound.needs))
    whole = first + (share - first) // bound.cycle * bound.cycle
    return min(max(whole, bound.shortest), bound.longest)
