"""The nouns of what comes in whole rounds: breaths, counted strokes, and how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from voiceguide.nouns import dataclass
from voiceguide.source import Span
from voiceguide.timeline import PhaseName

if TYPE_CHECKING:
    from voiceguide.script.model import Text


@dataclass(frozen=True)
class Phase:
    """One part of a breath: in, hold or out."""

    kind: Literal["in", "hold", "out"]
    ms: int


@dataclass(frozen=True)
class Counts:
    """Whole rounds: fewest, natural, most.

    With *until_ms*, as many as fit before that long before the end; with *about_ms*, as many as come nearest to it.
    """

    fewest: int
    natural: int
    most: int
    until_ms: int | None = None
    about_ms: int | None = None


@dataclass(frozen=True)
class BreathCue:
    """How a breath is made audible: `tone`, `words`, `count` or `none`; for so many rounds, or to the end."""

    kind: str
    rounds: int | None = None


@dataclass(frozen=True)
class Breath:
    """A breath pattern, round after round, and how it is made audible.

    With *goal*, the pattern glides from *pattern* in the first round to *goal* in round *over*. *rounds* says how many
    there are; without it, as many as there is room for. *words* are said at phases instead of the usual ones, one after
    the other from round to round. Its tones lie *under_db* below the voice.
    """

    pattern: tuple[Phase, ...]
    cues: tuple[BreathCue, ...] = (BreathCue("tone"),)
    rounds: Counts | None = None
    goal: tuple[Phase, ...] = ()
    over: int = 1
    words: Mapping[PhaseName, tuple[Text, ...]] = field(default_factory=dict)
    under_db: float = 12.0
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    def needs_words(self) -> bool:
        """Tell whether it is paced by words of the language: numbers, or the usual words of a phase."""
        kinds = {cue.kind for cue in self.cues}
        phases = {name for n in (0, self.over) for name, _ in self.named(n)}
        return "count" in kinds or ("words" in kinds and not phases <= self.words.keys())

    def round(self, number: int) -> tuple[Phase, ...]:
        """Return the phases of round *number*, counted from 0. One that is 0 ms long is left out."""
        if not self.goal:
            return self.pattern
        way, whole = min(number, self.over - 1), max(1, self.over - 1)
        glided = (
            Phase(a.kind, a.ms + (2 * way * (b.ms - a.ms) + whole) // (2 * whole))
            for a, b in zip(self.pattern, self.goal, strict=True)
        )
        return tuple(phase for phase in glided if phase.ms)

    def named(self, number: int) -> tuple[tuple[PhaseName, int], ...]:
        """Return the phases of round *number* by their names, with their milliseconds: a second in-breath is `more`."""
        phases = enumerate(self.round(number))
        return tuple(("more" if index and phase.kind == "in" else phase.kind, phase.ms) for index, phase in phases)

    def length_ms(self, rounds: int) -> int:
        """Return how long the first *rounds* rounds are."""
        gliding = min(rounds, self.over) if self.goal else 0
        length = sum(phase.ms for number in range(gliding) for phase in self.round(number))
        return length + (rounds - gliding) * sum(phase.ms for phase in self.round(gliding))

    def rounds_in(self, ms: int) -> int:
        """Return how many whole rounds fit into *ms*, at most as many as it has."""
        most = self.rounds.most if self.rounds else ms
        shortest_ms = min(self.length_ms(1), self.length_ms(self.over + 1) - self.length_ms(self.over))
        low, high = 0, min(most, ms // shortest_ms)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.length_ms(middle) <= ms else (low, middle - 1)
        return low

    def cue(self, number: int) -> str:
        """Return the kind of cue of round *number*, counted from 0."""
        for cue in self.cues:
            if cue.rounds is None or number < cue.rounds:
                return cue.kind
            number -= cue.rounds
        return self.cues[-1].kind

    def texts(self) -> tuple[Text, ...]:
        """Return its own words."""
        return tuple(text for texts in self.words.values() for text in texts)

    def has_holds(self) -> bool:
        """Tell whether the breath is held in it."""
        return any(phase.kind == "hold" and phase.ms for phase in (*self.pattern, *self.goal))


def pattern_text(breath: Breath) -> str:
    """Return the pattern in seconds, as in `5-0-5-0`, or as in `4-0-4-0 to 4-0-6-0` if it glides."""
    return " to ".join(phases_text(phases) for phases in (breath.pattern, breath.goal) if phases)


def phases_text(pattern: Sequence[Phase]) -> str:
    """Return *pattern* as it is written, as in `5-0-5-0` or `3-1+1.5-0-7.5-0`."""
    phases = [phase for phase in pattern if phase.ms]
    seconds = [f"{phase.ms / 1000:g}" for phase in phases]
    more = next((index for index, phase in enumerate(phases) if index and phase.kind == "in"), 0)
    text, rest = "-".join(seconds[: max(1, more)]) + (f"+{seconds[more]}" if more else ""), phases[more + 1 :]
    for kind in ("hold", "out", "hold"):
        fits = bool(rest) and rest[0].kind == kind
        text += f"-{rest.pop(0).ms / 1000:g}" if fits else "-0"
    return text


@dataclass(frozen=True)
class Strokes:
    """Strokes that are counted: one *every_ms*, or one on each out-breath of the step (None).

    *aloud* says which numbers are spoken: `all`, `every second`, `last three` or `none`.
    """

    counts: Counts
    every_ms: int | None
    aloud: str = "all"
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    def spoken(self, strokes: int) -> tuple[int, ...]:
        """Return the numbers that are spoken of *strokes*."""
        return tuple(n for n in range(1, strokes + 1) if _ALOUD[self.aloud](n, strokes))


_ALOUD: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {
        "all": lambda number, strokes: True,
        "every second": lambda number, strokes: number % 2 == 0,
        "last three": lambda number, strokes: number > strokes - 3,
        "none": lambda number, strokes: False,
    }
)
ALOUD = tuple(_ALOUD)
