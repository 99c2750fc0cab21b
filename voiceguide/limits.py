"""Limits: the least and the most that a script may ask for, each declared once.

Parsers, the words of messages, the patterns of the schema, the reference and the explanations of codes are made of
these. What the numbers rest on is in docs/sources.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Limit:
    """The least and the most, both allowed, and the *unit* that is written behind them."""

    low: float
    high: float
    unit: str = ""

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"from {self.low:g}{self.unit} to {self.high:g}{self.unit}"

    @property
    def quoted(self) -> str:
        """The same with its ends as they are written in a script."""
        return f"from `{self.low:g}{self.unit}` to `{self.high:g}{self.unit}`"

    def pattern(self) -> str:
        """Return a regular expression, without brackets, that matches all whole numbers within and no others."""
        low, parts = int(self.low), []
        while low <= self.high:
            size = 1  # numbers that differ in their last digits only are matched at once
            while low and low % (size * 10) == 0 and low + size * 10 - 1 <= self.high:
                size *= 10
            head, first = divmod(low // size, 10)
            last = min(9, first + (int(self.high) - low + 1) // size - 1)
            parts.append(f"{head or ''}[{first}-{last}]" + "[0-9]" * (len(str(size)) - 1))
            low = (head * 10 + last + 1) * size
        return "|".join(parts)


BED_LEVEL = Limit(20, 60, " dB")
CHIME_LEVEL = Limit(6, 40, " dB")
"""Of breath tones, too."""
PACE = Limit(60, 300, " wpm")
TEMPO = Limit(0.4, 3, "s")
PRESSURE = Limit(0, 6)
OPTIONAL = Limit(2, 9)
STRIKES = Limit(1, 12)
RAMP = Limit(2, 100)
DAYS = Limit(1, 999)
STROKES = Limit(1, 100)
"""In one step: nobody counts further."""

SOUND_RATE = Limit(8000, 384_000, " Hz")
"""Of a sound file, or of what an engine gives: from the telephone to the studio. 1 Hz is a broken header."""
SOUND_LENGTHS: Mapping[str, Limit] = MappingProxyType(
    {"chime": Limit(0.05, 120, "s"), "bed": Limit(1, 600, "s"), "recording": Limit(0.1, 600, "s")}
)
"""Of a sound file, by what it is used for. A click is no chime, and a bed that repeats many times a second is a buzz.
At most: no bell rings for two minutes; beds and recordings are held in memory whole (docs/sound.md)."""

OTHER = "other"
"""The family of what is no massage: meditation, yoga, timers, sleep. No cap for health's sake bounds it."""
CAPS_MS: Mapping[str, int] = MappingProxyType(
    {
        "relaxing": 15 * 60_000,
        "rehab": 20 * 60_000,
        "heel-course": 20 * 60_000,
        "general": 25 * 60_000,
        "reflex": 25 * 60_000,
        "points": 25 * 60_000,
        "partner": 25 * 60_000,
        "breathing": 25 * 60_000,
        OTHER: 12 * 60 * 60_000,
    }
)
"""The hard cap of each family. It covers both sides. That of `OTHER` is the longest session that there is."""


def caps_told() -> str:
    """Return the caps in words, the shortest first."""
    shared: dict[int, list[str]] = {}
    for family, cap_ms in CAPS_MS.items():
        if family != OTHER:
            shared.setdefault(cap_ms, []).append(family)
    *few, longest = sorted(shared)
    told = [f"{' and '.join(shared[cap])} {cap // 60_000}:00" for cap in few]
    none = f"The family {OTHER}, which is no massage, has none: up to {CAPS_MS[OTHER] // 3_600_000} hours"
    return f"{', '.join(told)}, all others {longest // 60_000}:00. {none}"
