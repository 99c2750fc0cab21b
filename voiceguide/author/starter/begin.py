"""SessionRequest -> the text of a script, or how long it would have to be at least."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voiceguide.author.starter.budget import budget, least_ms
from voiceguide.author.starter.pieces import LAYOUTS, SIDES, Pieces, Wanted, pieces
from voiceguide.author.starter.words import ANY_PART, KINDS, PARTS
from voiceguide.author.starter.write import write
from voiceguide.script.model import CAPS_MS, Range

SHORTEST_MS, LONGEST_MS = 60_000, max(CAPS_MS.values())
"""No session is begun that is shorter or longer."""
STEP_MS = 24_000
"""Where the steps are not named, there are as many as have about this long each."""


@dataclass(frozen=True)
class Starter:
    """A script to begin with: its text, the lengths that it offers, and the names of its steps."""

    text: str
    length: Range
    steps: tuple[str, ...]


@dataclass(frozen=True)
class TooShort:
    """The steps do not fit into the length: this one, in milliseconds, is the shortest that they do fit."""

    least_ms: int


def begin(wanted: Wanted) -> Starter | TooShort:
    """Return a script as *wanted*, whose words are meant to be replaced and which checks clean before they are.

    Its natural lengths sum to *wanted.length_ms*, which is from SHORTEST_MS to LONGEST_MS.
    """
    names = wanted.steps or usual_steps(wanted)
    wanted = replace(wanted, part=" ".join(wanted.part.split()))
    made = _fitting(wanted, names)
    if isinstance(made, TooShort):
        return made
    family = family_of(wanted)
    timed, length = budget(made.all(), wanted.length_ms, CAPS_MS[family])
    return Starter(write(wanted, made, timed, length, family), length, names)


def usual_steps(wanted: Wanted) -> tuple[str, ...]:
    """Return the names of the steps that such a session usually has, as many as there is time for."""
    kind = KINDS[wanted.kind]
    names = (kind.paired if SIDES[wanted.sides] else kind.names) or (
        PARTS.get(wanted.part, ANY_PART).names if kind.steps else ()
    )
    for count in range(len(names), 1, -1):
        made = pieces(wanted, names[:count], LAYOUTS[0])
        working = [piece for piece in made.inside if piece.work]
        room_ms = wanted.length_ms - least_ms([piece for piece in made.all() if not piece.work])
        if room_ms >= STEP_MS * sum(piece.times for piece in working) and room_ms >= least_ms(working):
            return names[:count]
    return names[:1]


def family_of(wanted: Wanted) -> str:
    """Return the family of such a session: that of its kind, or `general` where this is too long for it."""
    family = KINDS[wanted.kind].family
    return family if wanted.length_ms <= CAPS_MS[family] else "general"


def _fitting(wanted: Wanted, names: tuple[str, ...]) -> Pieces | TooShort:
    least = 0
    for layout in LAYOUTS:
        made = pieces(wanted, names, layout)
        least = least_ms(made.all())
        if least <= wanted.length_ms:
            return made
    return TooShort(-(-least // 5000) * 5000)
