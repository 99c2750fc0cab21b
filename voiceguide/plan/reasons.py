"""Why a step is left out, says other words, or a length cannot be had: as values; their words come last."""

from __future__ import annotations

from typing import Literal

from voiceguide.address import Address
from voiceguide.limits import OTHER
from voiceguide.nouns import dataclass
from voiceguide.plan.request import Talk
from voiceguide.script.model import Condition
from voiceguide.source import Span
from voiceguide.units import format_clock, format_exact


@dataclass(frozen=True)
class ByCondition:
    """Its own condition took it out."""

    key: Literal["when", "unless"]
    condition: Condition

    def __str__(self) -> str:
        return f"{self.key}: {self.condition}"


@dataclass(frozen=True)
class NeedsSteps:
    """What it needs is not there."""

    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"needs {', '.join(self.steps)}"


@dataclass(frozen=True)
class TooLittleTime:
    """It is optional, and there is too little time for it, or for the *group* that it goes with."""

    optional: int
    group: str = ""

    def __str__(self) -> str:
        company = f", with its group {self.group}" if self.group else ""
        return f"optional {self.optional}{company}: too little time"


Reason = ByCondition | NeedsSteps | TooLittleTime


@dataclass(frozen=True)
class LeftOut:
    """A step (or section, repeat or use) that will not be heard, and why. *step* is its own name."""

    address: Address
    step: str
    title: str
    why: Reason
    span: Span

    @property
    def side(self) -> str | None:
        """The side on which it is left out."""
        return self.address.side


@dataclass(frozen=True)
class TooWordy:
    """The *wanted* wording would leave too little *room*: quiet for the hands, or time in the step."""

    wanted: Talk
    room: Literal["quiet", "step"]

    def __str__(self) -> str:
        short = "would leave the hands too little quiet" if self.room == "quiet" else "is longer than the step"
        return f"the {self.wanted} wording {short}"


@dataclass(frozen=True)
class Change:
    """A step whose wording is *talk*, not the one that was wanted, and why."""

    address: Address
    title: str
    talk: Talk
    why: TooWordy
    span: Span

    @property
    def step(self) -> str:
        """The step's own name."""
        return self.address.name

    @property
    def side(self) -> str | None:
        """The side that it is done on."""
        return self.address.side


@dataclass(frozen=True)
class Rule:
    """What bounds a length: at its *end*, *ms* is the last that can be had.

    The range that the script declares, the cap of its *family*, what the steps *need* at least, the most that their
    silences *reach*; or a *gap*: whole rounds and rigid steps leave no silence that could make the length up.
    """

    kind: Literal["declared", "cap", "need", "reach", "gap"]
    end: Literal["shortest", "longest"] = "shortest"
    ms: int = 0
    family: str = ""

    @property
    def why(self) -> str:
        """The rule without its number."""
        words = {
            "declared": "declared range",
            "cap": "no session is longer" if self.family == OTHER else f"{self.family} cap",
            "need": "speech and quiet of the steps never left out",
            "reach": "every silence at its longest",
            "gap": "whole rounds and rigid steps leave no silence that could make up this length",
        }
        return words[self.kind]

    def __str__(self) -> str:
        return self.why if self.kind == "gap" else f"{self.end} {format_exact(self.ms)}: {self.why}"


@dataclass(frozen=True)
class Refusal:
    """A length that cannot be had: the rule against it, and the nearest one that can, if there is any."""

    asked_ms: int
    rule: Rule
    nearest_ms: int | None

    def __str__(self) -> str:
        return f"{format_clock(self.asked_ms)} is not possible: {self.rule}"
