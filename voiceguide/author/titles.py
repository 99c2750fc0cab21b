"""What people read of steps: their titles, with the address where two steps have the same one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voiceguide.address import Address
from voiceguide.plan.plan import Plan


@dataclass(frozen=True)
class Titles:
    """The name of every written step for people."""

    names: Mapping[Address, str]

    @classmethod
    def of(cls, *plans: Plan) -> Titles:
        """Return the titles of all steps of *plans*, heard or left out."""
        titles: dict[Address, str] = {}
        for plan in plans:
            titles |= {step.address.written: step.title for step in plan.timeline.steps if step.address}
            titles |= {out.address.written: out.title for out in plan.left_out}
        return cls.apart(titles)

    @classmethod
    def apart(cls, titles: Mapping[Address, str]) -> Titles:
        """Return *titles* of written steps, told apart."""
        written: dict[str, set[Address]] = defaultdict(set)
        for address, title in titles.items():
            written[title].add(address)
        return cls({a: title if len(written[title]) == 1 else f"{title} [{a}]" for a, title in titles.items()})

    def name(self, address: Address | None, title: str = "") -> str:
        """Return the name of the step at *address*, whatever the side and the round; *title* if it has none."""
        return self.names.get(address.written, title) if address else title

    def told(self, items: Iterable[tuple[Address | None, str, str]]) -> Iterator[str]:
        """Yield each name and remark of *items* (address, title, remark) once, with its sides in brackets."""
        sides: dict[tuple[str, str], dict[str, None]] = {}
        for address, title, remark in items:
            found = sides.setdefault((self.name(address, title), remark), {})
            if address and address.side:
                found[address.side] = None
        for (name, remark), names in sides.items():
            told = f" ({', '.join(names)})" if names else ""
            yield f"{name}{told}: {remark}" if remark else f"{name}{told}"
