"""Addresses: which step of a routine, on which side, in which round. They print, parse, and outlive every re-plan.

heel/rub#2:left/3       the second `rub` in the section Heel, on the left, in round 3
settle/breathe:2.4      in the block `settle`: round 4 of round 2
"""

from __future__ import annotations

import re
from dataclasses import replace

from voiceguide.nouns import dataclass

_FORM = re.compile(
    r"(?P<path>(?:[^/:]+/)*)(?P<name>[^/:#]+)(?:#(?P<nth>[1-9][0-9]*))?"
    r"(?::(?:(?P<side>[^/:.0-9][^/:.]*)(?:/(?P<after>[0-9.]+))?|(?P<rounds>[0-9.]+)))?"
)


@dataclass(frozen=True)
class Address:
    """One occurrence of a step, or (without *side* and *rounds*) the step as it is written.

    *path* are the sections and uses around it, outermost first; *name* is the step's own, *nth* which of the steps of
    that name there; *rounds* count from 1, one number for each repeat around it.
    """

    path: tuple[str, ...]
    name: str
    nth: int = 1
    side: str | None = None
    rounds: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Address:
        """Return the address that prints as *text*; raises ValueError if none does."""
        made = cls._read(text)
        if made is None or str(made) != text:
            raise ValueError(f"expected an address such as heel/rub#2:left/3, found {text!r}")
        return made

    @classmethod
    def _read(cls, text: str) -> Address | None:
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        numbers = match["after"] or match["rounds"] or ""
        rounds = tuple(int(number) for number in numbers.split(".") if number)
        return cls(tuple(match["path"].split("/")[:-1]), match["name"], int(match["nth"] or 1), match["side"], rounds)

    @property
    def written(self) -> Address:
        """The step as it is written, whatever the side and the round."""
        return self if self.side is None and not self.rounds else replace(self, side=None, rounds=())

    def __str__(self) -> str:
        text = "/".join((*self.path, label(self.name, self.nth)))
        rounds = ".".join(map(str, self.rounds))
        if self.side is None:
            return f"{text}:{rounds}" if rounds else text
        return f"{text}:{self.side}" + (f"/{rounds}" if rounds else "")


def label(name: str, nth: int = 1) -> str:
    """Return *name* as it stands in an address, told apart from earlier ones of the same name."""
    return name if nth == 1 else f"{name}#{nth}"
