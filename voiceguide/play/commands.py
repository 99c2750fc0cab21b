"""Commands: what can be asked of a session that plays, as values. Keys are one source of them among others.

One table names them. The key bindings, the line of keys on the screen and the rows of the documentation are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import astuple, fields
from types import MappingProxyType
from typing import get_args

from voiceguide.diagnostics import UsageError
from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Hold:
    """Let the sound go out and stay here."""


@dataclass(frozen=True)
class GoOn:
    """Go on from a hold or a wait."""


@dataclass(frozen=True)
class Toggle:
    """Hold, or go on if it is held."""


@dataclass(frozen=True)
class Next:
    """Go to the next step."""


@dataclass(frozen=True)
class Previous:
    """Go to the beginning of this step, or, near it, to the step before."""


@dataclass(frozen=True)
class Seek:
    """Go to *frame* of the session; one outside is brought inside."""

    frame: int


@dataclass(frozen=True)
class Quit:
    """Let the sound go out and end."""


Command = Hold | GoOn | Toggle | Next | Previous | Seek | Quit
Kind = type[Command]
KINDS: tuple[Kind, ...] = get_args(Command)


@dataclass(frozen=True)
class Row:
    """A command: its *name*, what it does (*doc*), its *keys*, and what the screen says of them, also while *held*."""

    name: str
    kind: Kind
    doc: str
    keys: tuple[str, ...] = ()
    shown: str = ""
    held: str = ""


COMMANDS: tuple[Row, ...] = (
    Row("hold", Hold, "hold"),
    Row("go-on", GoOn, "go on"),
    Row("toggle", Toggle, "hold; go on", ("space", "enter"), "space hold", "space go on"),
    Row("next", Next, "the next step", ("right", "n"), "→ next"),
    Row(
        "previous",
        Previous,
        "the beginning of this step; within its first three seconds, the step before",
        ("left", "b"),
        "← back",
    ),
    Row("seek", Seek, "a frame of the session, such as `seek 48000`"),
    Row("quit", Quit, "quit", ("q",), "q quit"),
)
_ARROWS = MappingProxyType({"left": "left arrow", "right": "right arrow"})


def key_line(offered: Collection[Kind] = KINDS, *, held: bool = False) -> str:
    """Return what the screen says of the keys for the commands *offered*."""
    rows = (row for row in COMMANDS if row.shown and row.kind in offered)
    return " · ".join(row.held if held and row.held else row.shown for row in rows)


def key_rows() -> list[str]:
    """Return the rows of the documentation's table of keys."""
    return [
        f"| {', '.join(f'`{key}`' if len(key) == 1 else _ARROWS.get(key, key) for key in row.keys)} | {row.doc} |"
        for row in COMMANDS
        if row.keys
    ]


def write_command(command: Command) -> str:
    """Return *command* as text: its name, then its numbers."""
    name = next(row.name for row in COMMANDS if row.kind is type(command))
    return " ".join((name, *map(str, astuple(command))))


def read_command(text: str) -> Command:
    """Return the command that *text* writes. Raises UsageError, with what there is, for anything else."""
    name, *numbers = text.split(" ")
    kind = next((row.kind for row in COMMANDS if row.name == name), None)
    if kind is None:
        raise UsageError(f"there is no command {name!r}", hint=f"there are: {', '.join(row.name for row in COMMANDS)}")
    wanted = [field.name for field in fields(kind)]
    if len(numbers) != len(wanted) or not all(re.fullmatch("-?[0-9]+", number) for number in numbers):
        raise UsageError(f"{text!r} is no {name}", hint=f"write {' '.join((name, *map(str.upper, wanted)))}")
    return kind(*map(int, numbers))


BINDINGS: Mapping[str, Command] = MappingProxyType(
    {key: read_command(row.name) for row in COMMANDS for key in row.keys}
)
"""Commands by key, as `Keys.read` names keys."""
