"""Phrases: what is said for each command, by language. A closed set: nothing else can be understood.

They are chosen to sound unlike one another: a recogniser must not take one for another in noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voiceguide.nouns import dataclass
from voiceguide.play import commands as c
from voiceguide.play.commands import COMMANDS, Command, Kind

UNSPOKEN: Mapping[Kind, str] = MappingProxyType(
    {
        c.Toggle: "pause and go on are two phrases",
        c.Seek: "nobody speaks in frames",
        c.End: "stop, and quit said twice, end what should end",
    }
)
"""Commands that are not spoken, and why."""


@dataclass(frozen=True)
class Spoken:
    """What is said in one language: first *wake*, which wakes, then one of *phrases*; *alone* needs no waking."""

    wake: str
    phrases: Mapping[str, Command]
    alone: Mapping[str, Command]

    def said(self) -> dict[str, Command]:
        """Return all that can be said, as it is written, `Guide, go on.`, with what it commands."""
        return {f"{self.wake}, {phrase}.": command for phrase, command in self.phrases.items()} | self.said_alone()

    def said_alone(self) -> dict[str, Command]:
        """Return what can be said without waking, as it is written."""
        return {f"{phrase}!": command for phrase, command in self.alone.items()}


ENGLISH = Spoken(
    "Guide",
    MappingProxyType(
        {
            "pause": c.Hold(),
            "go on": c.GoOn(),
            "continue": c.GoOn(),
            "again": c.Again(),
            "repeat that": c.Again(),
            "next step": c.Next(),
            "previous step": c.Previous(),
            "next section": c.NextSection(),
            "one section back": c.PreviousSection(),
            "ten seconds back": c.Back(),
            "ten seconds forward": c.Forward(),
            "longer here": c.Longer(),
            "shorter here": c.Shorter(),
            "volume up": c.Louder(),
            "volume down": c.Quieter(),
            "more background": c.MoreBed(),
            "less background": c.LessBed(),
            "more talk": c.MoreTalk(),
            "less talk": c.LessTalk(),
            "where am I": c.Where(),
            "how much longer": c.Where(),
            "gentler": c.Lighter(),
            "finish now": c.Finish(),
            "five more minutes": c.More(),
            "end in five minutes": c.Left(),
            "keep the end": c.KeepEnd(),
            "move the end": c.MoveEnd(),
            "stop": c.Stop(),
            "end the session": c.Quit(),
        }
    ),
    MappingProxyType({"stop": c.Stop()}),
)
LANGUAGES: Mapping[str, Spoken] = MappingProxyType({"en": ENGLISH})
"""What is said, by language. Another language is another row, and a recogniser that knows it."""


def phrase_rows(spoken: Spoken) -> list[str]:
    """Return the rows of the documentation's table of what is said."""
    rows = []
    for row in COMMANDS:
        said = [phrase for phrase, command in spoken.phrases.items() if type(command) is row.kind]
        if said:
            rows.append(f"| {', '.join(said)} | {row.doc} |")
    return rows
