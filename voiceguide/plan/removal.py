"""Which steps are left out when time is short: the highest number first, with its group, its other side, its needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from voiceguide.nouns import dataclass
from voiceguide.plan.parts import Part
from voiceguide.plan.reasons import NeedsSteps, Reason, TooLittleTime
from voiceguide.script.model import Group


@dataclass(frozen=True)
class Rules:
    """What may be left out of a session: all its *parts* that are to come, and the *groups* of the routine.

    What is *bound* (by its fate) may not go, because its other side has been heard. *heard* has been heard.
    """

    parts: Sequence[Part]
    groups: Mapping[str, Group]
    bound: Set[int] = frozenset()
    heard: Sequence[Part] = ()


class Ties:
    """Which parts of a body go together, worked out once; what of *others*, those of other bodies, is to be known.

    *optional* are those that may go, in the order in which they do.
    """

    def __init__(self, rules: Rules, parts: Sequence[Part], gone: Iterable[int] = ()) -> None:
        self.rules = rules
        self.kept = {part.number: part for part in parts}
        away = set(gone)
        others = [p for p in rules.parts if p.number not in self.kept and p.number not in away]
        steps = [part.step for part in (*parts, *rules.heard)]
        self.named = Counter([step.name for step in steps])
        self.named.update(part.step.name for part in others)
        self.needed = {name for part in others for name in part.step.needs}
        grouped = [part for part in (*parts, *rules.heard) if part.step.group]
        self.in_group = Counter({part.first.fate: part.step.group for part in grouped}.values())
        self.begun_groups = {part.step.group for part in (*rules.heard, *others) if part.step.group}
        self.by_group: dict[str, list[Part]] = {}
        self.by_fate: dict[int, list[Part]] = {}
        self.by_need: dict[str, list[Part]] = {}
        for part in parts:
            self.by_fate.setdefault(part.first.fate, []).append(part)
            if part.step.group:
                self.by_group.setdefault(part.step.group, []).append(part)
            for name in part.step.needs:
                self.by_need.setdefault(name, []).append(part)
        optional = [part for part in parts if part.step.optional]
        self.optional = sorted(optional, key=lambda part: (part.step.optional or 0, part.position), reverse=True)


class Removal:
    """The parts of a body that are still there."""

    def __init__(self, ties: Ties) -> None:
        self.ties, self.groups, self.bound = ties, ties.rules.groups, ties.rules.bound
        self.kept, self.named, self.in_group = dict(ties.kept), Counter(ties.named), Counter(ties.in_group)

    def take(self, going: Iterable[Part]) -> None:
        """Take *going* away."""
        for part in {part.first.fate: part for part in going}.values():
            self.in_group[part.step.group] -= 1
        for part in going:
            self.named[part.step.name] -= 1
            del self.kept[part.number]

    def without_needed(self) -> list[Part]:
        """Take away and return what needs a step that is not there, and what needs that, and so on."""
        gone: list[Part] = []
        waiting = [name for name in self.ties.by_need if not self.named[name]]
        while waiting:
            going = [part for part in self.ties.by_need.get(waiting.pop(), ()) if part.number in self.kept]
            self.take(going)
            gone += going
            waiting += [part.step.name for part in going if not self.named[part.step.name]]
        return gone

    def with_it(self, part: Part) -> list[Part]:
        """Return what goes when *part* does; nothing if something that stays forbids it."""
        if part.number not in self.kept or part.first.fate in self.bound:
            return []
        step = part.step
        alone = not step.group and step.name not in self.ties.by_need and step.name not in self.ties.needed
        if alone and len(self.ties.by_fate[part.first.fate]) == 1:
            return [part] if step.optional else []  # as most do
        going: dict[int, Part] = {}
        fates: dict[int, str] = {}
        names: Counter[str] = Counter()
        waiting = [part]
        while waiting:
            part = waiting.pop()
            if part.number in going or part.number not in self.kept:
                continue
            step, group = part.step, self.groups.get(part.step.group)
            if not step.optional or part.first.fate in self.bound:
                return []
            going[part.number] = part
            fates[part.first.fate] = step.group
            names[step.name] += 1
            waiting += self.ties.by_fate[part.first.fate]
            if group and group.together:
                if step.group in self.ties.begun_groups:
                    return []
                waiting += self.ties.by_group[step.group]
            elif group and self.in_group[step.group] - Counter(fates.values())[step.group] < group.keep:
                return []
            if self.named[step.name] <= names[step.name]:
                if step.name in self.ties.needed:
                    return []
                waiting += self.ties.by_need.get(step.name, ())
        return sorted(going.values(), key=lambda part: part.position)


def needing(part: Part) -> Reason:
    """Return the reason of a part that goes because a step that it needs is not there."""
    return NeedsSteps(part.step.needs)


def too_little_time(part: Part, going: list[Part], cause: Part) -> Reason:
    """Return the reason of *part*, one of *going*, which go because *cause* does."""
    group = cause.step.group if len({each.first.fate for each in going}) > 1 else ""
    return TooLittleTime(part.step.optional or 0, group)
