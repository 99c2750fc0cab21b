"""Glue: the one value for what may be shortened and stretched, with its arithmetic. Lengths are frames."""

from __future__ import annotations

from typing import NamedTuple


class Glue(NamedTuple):
    """Shortest, natural and longest length. All equal: rigid."""

    shortest: int
    natural: int
    longest: int

    def plus(self, other: Glue, times: int = 1) -> Glue:
        """Return both one after the other, the *other* so many *times* (which may be negative)."""
        return Glue(
            self.shortest + other.shortest * times,
            self.natural + other.natural * times,
            self.longest + other.longest * times,
        )

    def share(self, whole: Glue, frames: int) -> int:
        """Return where between its own bounds this lies if *frames* lies between those of *whole*, rounded down."""
        if frames <= whole.natural:
            room, used = whole.natural - whole.shortest, frames - whole.shortest
            return self.shortest + (self.natural - self.shortest) * used // room if room else self.shortest
        room, used = whole.longest - whole.natural, frames - whole.natural
        return self.natural + (self.longest - self.natural) * used // room if room else self.natural

    def holds(self, frames: int) -> bool:
        """Tell whether it can be *frames* long."""
        return self.shortest <= frames <= self.longest

    def at_least(self, frames: int) -> Glue:
        """Return the same, but never shorter than *frames*."""
        shortest = max(self.shortest, frames)
        return Glue(shortest, max(self.natural, shortest), max(self.longest, shortest))

    def at_most(self, frames: int) -> Glue:
        """Return the same, but never longer than *frames*."""
        longest = min(self.longest, frames)
        return Glue(min(self.shortest, longest), min(self.natural, longest), longest)


def rigid(frames: int) -> Glue:
    """Return what has one length."""
    return Glue(frames, frames, frames)


NOTHING = Glue(0, 0, 0)
