"""Place: what surrounds a thing of a routine while it is unrolled: its address, its sides, its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from voiceguide.address import Address, label
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Round
from voiceguide.plan.speak import Spot
from voiceguide.script.model import Bed, ForEach, Given, Item, Step, Use
from voiceguide.script.resolve import filled, handed


@dataclass(frozen=True)
class Place:
    """What surrounds an item; *entry* are those of the lists around it that it comes for, in words for people.

    *between* tells that it is a change of sides.
    """

    spot: Spot = field(default_factory=Spot)
    path: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    weight: tuple[int, int] = (1, 1)
    timed: tuple[int, int] | None = None
    bed: Bed | None = None
    entry: str = ""
    between: bool = False

    def address(self, name: str, nth: int = 1) -> Address:
        """Return the address of what is called *name* here."""
        return Address(self.path, name, nth, self.spot.side, tuple(r.number for r in self.rounds))

    def on(self, side: str | None, weight: tuple[int, int]) -> Place:
        """Return the place on *side*, which gets such a share, or as it is if there is none."""
        if side is None:
            return self
        other = "right" if side == "left" else "left"
        return replace(self, spot=replace(self.spot, side=side, other=other), weight=weight)

    def within(self, use: Use, parameters: Mapping[str, Given | None]) -> Place:
        """Return the place inside of *use* of a block with *parameters*."""
        path = (*self.path, label(use.name.replace("#", "."), use.nth))
        spot = self.spot
        if parameters or use.given or spot.given:
            spot = Spot(spot.side, spot.other, spot.numbers, _known({**parameters, **handed(use.given, spot.given)}))
        return Place(spot, path, self.rounds, self.weight, self.timed, self.bed, self.entry, self.between)

    def each(self, item: ForEach) -> Iterator[Place]:
        """Yield the places inside of *item*, one for each entry of its list."""
        for entry in item.entries:
            given = {**self.spot.given, **_known(handed(entry.given, self.spot.given))}
            path = (*self.path, label(entry.name, entry.nth))
            title = ", ".join(filter(None, (self.entry, self.filled(entry.title))))
            yield replace(self, spot=replace(self.spot, given=given), path=path, entry=title)

    def titled(self, title: str, item: Item) -> str:
        """Return the *title* of *item* with parameters put in; that of a step without its own tells the entry."""
        if isinstance(item, Step) and self.entry and "title" not in item.spans:
            return f"{title}: {self.entry}"
        return self.filled(title)

    def filled(self, text: str) -> str:
        """Return *text*, which is for people, with parameters put in."""
        return filled(text, {name: given.text for name, given in self.spot.given.items()}) if "{" in text else text


def _known(given: Mapping[str, Given | None]) -> dict[str, Given]:
    return {name: value for name, value in given.items() if value}
