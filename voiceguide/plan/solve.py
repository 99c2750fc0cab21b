"""Body + frames -> a length for every part: exact, fair, and with reasons.

To shorten, optional steps are left out, the highest number first and the last one first, with their group and their
other side, until what remains sits at or above half-way between shortest and natural; then the rest is shared evenly.
To lengthen, every silence is stretched evenly towards its longest. Speech is never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from voiceguide.nouns import dataclass
from voiceguide.plan.body import Body, Element, Filler
from voiceguide.plan.glue import NOTHING, Glue, rigid
from voiceguide.plan.parts import Part
from voiceguide.plan.reasons import Reason
from voiceguide.plan.removal import Removal, Ties, needing, too_little_time


@dataclass(frozen=True)
class Fit:
    """How a body fills its frames: the length of every kept part, rounds of repeats, and why parts are left out.

    *silences* stand before positions of the outline: nothing elastic could take them.
    """

    frames: Mapping[int, int]
    counts: Mapping[int, int]
    left_out: Mapping[int, Reason] = field(default_factory=dict)
    silences: Mapping[int, int] = field(default_factory=dict)

    def joined(self, other: Fit) -> Fit:
        """Return both together: they are about different parts."""
        return Fit(
            {**self.frames, **other.frames},
            {**self.counts, **other.counts},
            {**self.left_out, **other.left_out},
            _added(self.silences, other.silences),
        )


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


@dataclass
class Trail:
    """What solving found on its way: lengths, in frames, that may be the nearest ones, and how far its choices reach.

    Down to *down_to* frames the same steps are left out for the same reasons.
    """

    near: set[int] = field(default_factory=set)
    down_to: int = 0

    def chosen(self, least: int) -> None:
        """Note that a choice would be another one below *least* frames."""
        self.down_to = max(self.down_to, least)


UNBOUNDED = 1 << 60
"""Rounds that fill the time fill any time."""


def extent(body: Body) -> tuple[int, int]:
    """Return the shortest and the longest length in frames that *body* can have."""
    if body.filler:
        tail = extent(body.only("after"))[0]
        spent = max(body.spent) + _rest(body) + max(body.filler.left, tail)
        return extent(body.only("before"))[0] + spent, UNBOUNDED
    least, most = _ends(body)
    return least.shortest, most.longest


def surely(body: Body, frames: int) -> bool:
    """Tell whether *body* can be *frames* long beyond doubt, without solving: rounds and gaps leave doubt."""
    if body.filler or any(element.free for element in body.elements):
        return False
    return any(end.holds(frames) for end in _ends(body))


def _ends(body: Body) -> tuple[Glue, Glue]:
    """Return what *body* can be if everything is left out that may be, and if nothing is."""
    if "ends" not in body.memo:
        most = _all(body)
        for part in Removal(_ties(body, ())).without_needed():
            most = [total.plus(glue, -1) for total, glue in zip(most, body.extents[part.number], strict=True)]
        body.memo["ends"] = _most(_leave_out(body, 0, Trail(), ())[2]), _most(most)
    found: tuple[Glue, Glue] = body.memo["ends"]
    return found


def solve(body: Body, frames: int, trail: Trail, *, loose: bool = False, gone: Iterable[int] = ()) -> Fit | None:
    """Return how *body* fills exactly *frames*, or None. If *loose*, silence may make up what nothing elastic can.

    *gone* are the parts of other bodies that are left out.
    """
    if body.filler:
        return _fill(body, body.filler, frames, trail, gone)
    made = _fit(body, frames, trail, loose, gone)
    if made is None:
        return None
    lengths = made.frames
    for element in body.elements:
        if element.inside and element.key in lengths:
            part = _loosely(element.inside, lengths[element.key], Trail(), made.left_out)
            if part is None:
                return None
            made = made.joined(part)
    return made


def _fit(body: Body, frames: int, trail: Trail, loose: bool, gone: Iterable[int]) -> Fit | None:
    kept, left_out, totals = _leave_out(body, frames, trail, gone)
    whole = _most(totals)
    trail.near |= {whole.shortest, whole.longest}
    if frames < whole.shortest or (frames > whole.longest + TICK and not loose):
        return None
    counts = _choose_counts(body, kept, whole, frames, trail)
    shared = _share(body, kept, counts, frames, trail, loose)
    if shared is None:
        return None
    lengths, silences = shared
    return Fit(lengths, counts, left_out, silences)


def _fill(body: Body, filler: Filler, frames: int, trail: Trail, gone: Iterable[int]) -> Fit | None:
    """Fill *frames* with as many whole rounds as there is room for between what comes before and what comes after.

    What comes before has its natural length where it can, what comes after exactly the time that is to be left. Silence
    behind the rounds makes up the rest.
    """
    head, tail = body.only("before"), body.only("after")
    never = {part.number: needing(part) for part in Removal(_ties(body, gone)).without_needed()}
    inside = [element for element in body.elements if element.place == "in" and element.key not in never]
    least, most = extent(tail)
    left = max(filler.left, least)
    spent = max(body.spent) + _rest(body) + left
    natural = min(_most(_all(head)).natural, frames - spent)
    before = _loosely(head, natural, trail, gone)
    trail.near = {spent + found for found in (*trail.near, *extent(head))}
    if before is None:
        return None
    after = _loosely(tail, min(left, most), Trail(), (*gone, *before.left_out))
    if after is None:
        return None
    free = [(e, use) for e in inside for use in e.uses[0] if use.free]
    done = filler.done
    usual = {repeat: body.counts[repeat].natural for e in inside for repeat in e.free} | {filler.repeat: done + 1}
    one = sum(e.glue.natural * use.count(usual) for e, use in free)
    room = frames - spent - natural
    rounds = min(room // one, body.counts[filler.repeat].most - done) if one else 0
    over = room - rounds * one + left - min(left, most)
    made = before.joined(after)
    silences = {position: frames for position, frames in made.silences.items() if position not in body.ends}
    for position, end in zip(filler.after, body.ends, strict=False):
        silences[position] = silences.get(position, 0) + over + made.silences.get(end, 0)
    return Fit(
        {**made.frames, **{e.key: e.glue.natural for e in inside}},
        {**usual, **made.counts, filler.repeat: done + rounds},
        {**never, **made.left_out},
        {position: frames for position, frames in silences.items() if frames},
    )


def _loosely(body: Body, frames: int, trail: Trail, gone: Iterable[int]) -> Fit | None:
    strict = solve(body, frames, trail, gone=gone)
    return strict or solve(body, frames, trail, loose=True, gone=gone)


def _rest(body: Body) -> int:
    """Return what is left of a round under way among those that fill the time, at its natural length."""
    inside = [element for element in body.elements if element.place == "in"]
    return sum(e.glue.natural * use.times for e in inside for use in e.uses[0] if not use.free)


def _all(body: Body) -> list[Glue]:
    """Return what all elements take in each run of *body*, with the fewest, natural and most rounds."""
    if "all" not in body.memo:
        extents = body.extents.values()
        runs = [[each[run] for each in extents] for run in range(len(body.spent))]
        body.memo["all"] = [
            Glue(
                spent + sum([glue.shortest for glue in run]),
                spent + sum([glue.natural for glue in run]),
                spent + sum([glue.longest for glue in run]),
            )
            for spent, run in zip(body.spent, runs, strict=True)
        ]
    found: list[Glue] = body.memo["all"]
    return found


def _most(totals: Sequence[Glue]) -> Glue:
    """Return what runs need that are to be equally long: silence makes up what the shorter one lacks."""
    if len(totals) == 1:
        return totals[0]
    shortest = max(total.shortest for total in totals)
    longest = max(shortest, min(total.longest for total in totals))
    return Glue(shortest, min(max(shortest, *(total.natural for total in totals)), longest), longest)


def _leave_out(
    body: Body, frames: int, trail: Trail, gone: Iterable[int]
) -> tuple[list[Element], dict[int, Reason], list[Glue]]:
    """Return the elements that stay, the parts that go with the reason for each, and what those that stay take."""
    ties, extents, totals = _ties(body, gone), body.extents, _all(body)
    left_out: dict[int, Reason] = {}
    if not ties.optional and not ties.by_need:
        return list(body.elements), left_out, totals
    removal = Removal(ties)

    def less(going: Iterable[Part]) -> list[Glue]:
        made = totals
        for part in going:
            made = [total.plus(glue, -1) for total, glue in zip(made, extents[part.number], strict=True)]
        return made

    for part in removal.without_needed():
        totals = less([part])
        left_out[part.number] = needing(part)
    for part in ties.optional:
        whole = _most(totals)
        enough = whole.shortest + (whole.natural - whole.shortest + 1) // 2
        if frames >= enough:
            trail.chosen(enough)
            break
        going = removal.with_it(part)
        if not going:
            continue
        after = less(going)
        longest = _most(after).longest
        if whole.shortest <= frames and longest < frames:
            trail.near.add(longest)
            trail.chosen(max(whole.shortest, longest + 1))
            continue
        trail.near.add(whole.shortest)
        totals = after
        removal.take(going)
        for each in going:
            left_out[each.number] = too_little_time(each, going, part)
    if not left_out:
        return list(body.elements), left_out, totals
    kept = [element for element in body.elements if element.part is None or element.key in removal.kept]
    return kept, left_out, totals


def _ties(body: Body, gone: Iterable[int]) -> Ties:
    """Return which parts of *body* go together, if *gone* are left out of other bodies."""
    parts = [element.part for element in body.elements if element.part]
    away = set(gone) - {part.number for part in parts} if gone else set()
    if away:
        return Ties(body.rules, parts, away)
    if "ties" not in body.memo:
        body.memo["ties"] = Ties(body.rules, parts)
    found: Ties = body.memo["ties"]
    return found


def _by_repeat(elements: Iterable[Element]) -> Mapping[int, list[Element]]:
    """Return *elements* by each repeat they stand in."""
    inside: dict[int, list[Element]] = defaultdict(list)
    for element in elements:
        for repeat in element.free:
            inside[repeat].append(element)
    return inside


def _choose_counts(body: Body, kept: Sequence[Element], whole: Glue, frames: int, trail: Trail) -> dict[int, int]:
    """Return whole rounds for every repeat: the share of each, moved as little as the exact length needs."""
    inside = _by_repeat(kept)
    if not inside:
        return {}
    counts = {
        repeat: Glue(given.fewest, given.natural, given.most).share(whole, frames)
        for repeat in sorted(inside)
        for given in (body.counts[repeat],)
    }
    reached = _reach(body, kept, counts)
    for repeat, elements in sorted(inside.items()):
        given = body.counts[repeat]
        for step, last in ((1, given.most), (-1, given.fewest)):
            while counts[repeat] != last and (
                _most(reached).longest < frames if step > 0 else _most(reached).shortest > frames
            ):
                before = _reach(body, elements, counts)
                counts[repeat] += step
                after = _reach(body, elements, counts)
                reached = [r.plus(b, -1).plus(a) for r, b, a in zip(reached, before, after, strict=True)]
                trail.near |= {_most(reached).shortest, _most(reached).longest}
    return counts


def _reach(body: Body, elements: Iterable[Element], counts: Mapping[int, int]) -> list[Glue]:
    """Return what *elements* take in each run with so many rounds."""
    totals = [rigid(spent) for spent in body.spent]
    for element in elements:
        for run in range(len(totals)):
            totals[run] = totals[run].plus(element.glue, element.count(run, counts))
    return totals


def _share(
    body: Body, kept: Sequence[Element], counts: Mapping[int, int], frames: int, trail: Trail, loose: bool
) -> tuple[dict[int, int], dict[int, int]] | None:
    """Return the exact length of every element, and the silences that nothing could take."""
    runs = range(len(body.spent))
    times = {element.key: [element.count(run, counts) for run in runs] for element in kept}
    common = [e for e in kept if len(set(times[e.key])) == 1]
    shared_keys = {e.key for e in common}
    if len(common) == len(kept) and len(set(body.spent)) == 1:
        some = [(e, times[e.key][0]) for e in kept]
        shared = _share_out(some, frames - body.spent[0], trail, body.spent[0], loose)
        return shared and (shared[0], {end: shared[1] for end in body.ends if shared[1]})
    # what the runs do not have in common is, in each, as long together; the shorter one is filled up with silence
    own = [[(e, n) for e in kept if e.key not in shared_keys and (n := times[e.key][run])] for run in runs]
    sums = [_sum(pairs).plus(rigid(body.spent[run])) for run, pairs in enumerate(own)]
    extra = Element(_OWN, _most(sums), (), (), frozenset(), 0)
    shared = _share_out([*((e, times[e.key][0]) for e in common), (extra, 1)], frames, trail, 0, loose)
    if shared is None:
        return None
    lengths, spare = shared
    together = lengths.pop(_OWN)
    silences: dict[int, int] = {}
    for run, pairs in enumerate(own):
        known = [(e, n) for e, n in pairs if e.key not in lengths]
        room = together - body.spent[run] - sum(lengths[e.key] * n for e, n in pairs if e.key in lengths)
        made = _share_out(known, max(room, _sum(known).shortest), trail, 0, True)
        if made is None or sum(made[0][e.key] * n for e, n in known) > room:
            return None
        lengths |= made[0]
        over = spare + room - sum(made[0][e.key] * n for e, n in known)
        if over:
            silences[body.ends[run]] = over
    return {e.key: e.glue.shortest for e in kept} | lengths, silences


_OWN = -(1 << 40)
"""The key of what the runs of a body do not have in common."""
TICK = 100
"""Frames of silence that may make up a length: one is asked for in milliseconds, but is had in frames."""


def _share_out(
    steps: Sequence[tuple[Element, int]], frames: int, trail: Trail, spent: int, loose: bool
) -> tuple[dict[int, int], int] | None:
    """Return exact lengths of *steps*, each taken so many times, that sum to *frames*, and what nothing could take.

    Paced breathing first takes the whole rounds nearest to its share, then those that fit it; where that leaves no
    room for the exact length, it is elastic like the rest.
    """
    whole = _sum(steps)
    breathing = [(e, n) for e, n in steps if e.part and e.part.breath]
    trail.near |= {spent + whole.shortest, spent + whole.longest}
    for paced, nearest in ((breathing, True), (breathing, False), ([], False)):
        fixed = {e.key: _whole_rounds(e, whole, frames, nearest) for e, _ in paced}
        rest = [(e, n) for e, n in steps if e.key not in fixed and n]
        left = frames - sum(fixed[e.key] * n for e, n in paced)
        total = _sum(rest)
        if total.holds(left):
            break
    else:
        if not total.longest < left <= (UNBOUNDED if loose else total.longest + TICK):
            return None
    shared = min(left, total.longest)
    lengths = {e.key: e.glue.share(total, shared) for e, _ in rest}
    spare = shared - sum(lengths[e.key] * n for e, n in rest)
    for e, n in sorted(rest, key=lambda pair: -pair[1]):
        more = min(e.glue.longest - lengths[e.key], spare // n, 1 if n > 1 else spare)
        lengths[e.key] += more
        spare -= more * n
    unheard = {e.key: e.glue.shortest for e, n in steps if not n}
    return {**lengths, **fixed, **unheard}, spare + left - shared


def _sum(steps: Iterable[tuple[Element, int]]) -> Glue:
    """Return the sums over *steps*, each taken so many times."""
    shortest = natural = longest = 0
    for element, times in steps:
        glue = element.glue
        shortest += glue.shortest * times
        natural += glue.natural * times
        longest += glue.longest * times
    return Glue(shortest, natural, longest) if (shortest or longest) else NOTHING


def _whole_rounds(element: Element, total: Glue, frames: int, nearest: bool) -> int:
    share = element.glue.share(total, frames)
    below, above = element.part.whole_rounds(share) if element.part else (share, share)
    return above if nearest and above - share < share - below else below
