"""What a listener asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from voiceguide.nouns import dataclass

Talk = Literal["full", "brief", "minimal"]
TALKS: tuple[Talk, ...] = ("full", "brief", "minimal")


@dataclass(frozen=True)
class SessionRequest:
    """What the listener asked for. *length_ms* None is the routine's own default; *bed* None is the script's."""

    length_ms: int | None = None
    talk: Talk = "full"
    facts: Mapping[str, str] = field(default_factory=dict)
    bed: str | None = None
    seed: int = 0


def course(request: SessionRequest, days: int) -> dict[str, int]:
    """Return the `day` of a course that *request* asks for, and how many `days` it has: *days*, if it does not say."""
    usual = {"day": 1, "days": days}
    return {name: int(request.facts.get(name, usual[name])) for name in usual}
