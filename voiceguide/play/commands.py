"""Commands: what can be asked of a session that plays, as values. Keys are one source of them among others.

One table names them. Key bindings, media keys, the socket, spoken words, the remote, the line of keys on the screen and
the rows of the documentation are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import astuple, fields
from functools import lru_cache
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
class End:
    """Let the sound go out and end, now."""


@dataclass(frozen=True)
class Again:
    """Hear the last instruction once more, from where its phrase begins."""


@dataclass(frozen=True)
class NextSection:
    """Go to the next section."""


@dataclass(frozen=True)
class PreviousSection:
    """Go to the beginning of this section, or, near it, to the section before."""


@dataclass(frozen=True)
class Back:
    """Go back by so many *seconds*."""

    seconds: int = 10


@dataclass(frozen=True)
class Forward:
    """Go forward by so many *seconds*."""

    seconds: int = 10


@dataclass(frozen=True)
class Longer:
    """Stay in this step for so many *seconds* more."""

    seconds: int = 30


@dataclass(frozen=True)
class Shorter:
    """Stay in this step for so many *seconds* less."""

    seconds: int = 30


@dataclass(frozen=True)
class Louder:
    """Turn the volume up."""


@dataclass(frozen=True)
class Quieter:
    """Turn the volume down."""


@dataclass(frozen=True)
class MoreBed:
    """Turn the bed up."""


@dataclass(frozen=True)
class LessBed:
    """Turn the bed down."""


@dataclass(frozen=True)
class MoreTalk:
    """Have more said from here on."""


@dataclass(frozen=True)
class LessTalk:
    """Have less said from here on."""


@dataclass(frozen=True)
class Where:
    """Be told where the session is and how long it still takes."""


@dataclass(frozen=True)
class Lighter:
    """Be told the gentler way of this step, where the script has one."""


@dataclass(frozen=True)
class Finish:
    """Go to the closing words."""


@dataclass(frozen=True)
class More:
    """End so many *minutes* later."""

    minutes: int = 5


@dataclass(frozen=True)
class Left:
    """End so many *minutes* from now."""

    minutes: int = 5


@dataclass(frozen=True)
class KeepEnd:
    """Let the end stay where it is, whatever is skipped, repeated or held."""


@dataclass(frozen=True)
class MoveEnd:
    """Let the end move with what is skipped, repeated or held."""


@dataclass(frozen=True)
class Stop:
    """Let the sound go out at once, as for a sharp pain. Going on takes it back; quitting ends."""


@dataclass(frozen=True)
class Quit:
    """Hold, and end if it is said again."""


Move = Hold | GoOn | Toggle | Next | Previous | Seek | End
"""What a transport carries out by itself: it needs no words and no other plan."""
Command = (
    Move
    | Again
    | NextSection
    | PreviousSection
    | Back
    | Forward
    | Longer
    | Shorter
    | Louder
    | Quieter
    | MoreBed
    | LessBed
    | MoreTalk
    | LessTalk
    | Where
    | Lighter
    | Finish
    | More
    | Left
    | KeepEnd
    | MoveEnd
    | Stop
    | Quit
)
Kind = type[Command]
KINDS: tuple[Kind, ...] = get_args(Command)
MOVES: tuple[Kind, ...] = get_args(Move)


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
    Row("next", Next, "the next step", ("right", "n", "pagedown"), "→ next"),
    Row(
        "previous",
        Previous,
        "the beginning of this step; within its first three seconds, the step before",
        ("left", "b", "pageup"),
        "← back",
    ),
    Row("seek", Seek, "a frame of the session, such as `seek 48000`"),
    Row("end", End, "end now"),
    Row("again", Again, "the last instruction once more", ("a",), "a again"),
    Row("next-section", NextSection, "the next section", ("]",), "] next section"),
    Row(
        "previous-section",
        PreviousSection,
        "the beginning of this section, or the section before",
        ("[",),
        "[ section back",
    ),
    Row("back", Back, "10 seconds back", (",",), ", 10 s back"),
    Row("forward", Forward, "10 seconds forward", (".",), ". 10 s on"),
    Row("longer", Longer, "30 seconds more for this step", ("l",), "l longer"),
    Row("shorter", Shorter, "30 seconds less for this step", ("s",), "s shorter"),
    Row("louder", Louder, "louder", ("up", "+"), "↑ louder"),
    Row("quieter", Quieter, "quieter", ("down", "-"), "↓ quieter"),
    Row("more-bed", MoreBed, "more of the bed", ("2",), "2 more bed"),
    Row("less-bed", LessBed, "less of the bed", ("1",), "1 less bed"),
    Row("more-talk", MoreTalk, "more is said from here on", ("4",), "4 more talk"),
    Row("less-talk", LessTalk, "less is said from here on", ("3",), "3 less talk"),
    Row("where", Where, "where am I, and how long is left: spoken", ("w",), "w where"),
    Row("lighter", Lighter, "the gentler way, where the script has one", ("g",), "g gentler"),
    Row("finish", Finish, "go to the closing words", ("f",), "f finish"),
    Row("more", More, "five more minutes", ("5",), "5 five minutes more"),
    Row("left", Left, "five minutes left: end five minutes from now", ("t",), "t five minutes left"),
    Row("keep-end", KeepEnd, "the end stays where it is, whatever is skipped or held", ("e",), "e keep the end"),
    Row("move-end", MoveEnd, "the end moves with what is skipped or held", ("d",), "d move the end"),
    Row("stop", Stop, "stop at once; going on takes it back", ("x", "escape"), "x stop"),
    Row("quit", Quit, "quit: press it twice", ("q",), "q quit"),
)
_ARROWS = MappingProxyType(
    {
        "left": "left arrow",
        "right": "right arrow",
        "up": "up arrow",
        "down": "down arrow",
        "pageup": "Page Up",
        "pagedown": "Page Down",
        "escape": "Escape",
    }
)


FIRST: tuple[Kind, ...] = (
    *(Toggle, Next, Previous, Again, Where, Longer, Shorter, Louder, Quieter, Stop, Quit, Back, Forward, Lighter),
    *(LessTalk, MoreTalk, LessBed, MoreBed, Finish, Left, More, NextSection, PreviousSection, KeepEnd, MoveEnd),
)
"""Which keys a screen shows first, in the order in which it shows them, as far as there is room."""
HELP = "? all keys"


def key_lines(offered: Collection[Kind], width: int, most: int, *, held: bool = False) -> list[str]:
    """Return what the screen says of keys in at most so many lines of *width* cells, the most useful ones first.

    How to quit, and where all keys are told, is always among them.
    """
    return _key_lines(frozenset(offered), width, most, held)


@lru_cache(maxsize=32)
def _key_lines(offered: frozenset[Kind], width: int, most: int, held: bool) -> list[str]:
    rows = {row.kind: row for row in COMMANDS if row.shown and row.kind in offered}
    shown = [(kind, row.held if held and row.held else row.shown) for kind in FIRST if (row := rows.get(kind))]
    while True:
        lines = [""]
        for text in [*(text for _, text in shown), *([HELP] if len(offered) > 3 else [])]:
            joined = f"{lines[-1]} · {text}" if lines[-1] else text
            lines[-1:] = [joined] if len(joined) <= width or not lines[-1] else [lines[-1], text]
        droppable = [index for index, (kind, _) in enumerate(shown) if kind not in (Toggle, Quit)]
        if len(lines) <= most or not droppable:
            return lines[:most]
        del shown[droppable[-1]]


def key_name(key: str) -> str:
    """Return what people call *key*."""
    return _ARROWS.get(key, key)


def key_rows() -> list[str]:
    """Return the rows of the documentation's table of keys."""
    return [
        f"| {', '.join(f'`{key}`' if len(key) == 1 else key_name(key) for key in row.keys)} | {row.doc} |"
        for row in COMMANDS
        if row.keys
    ]


def write_command(command: Command) -> str:
    """Return *command* as text: its name, then its numbers."""
    name = next(row.name for row in COMMANDS if row.kind is type(command))
    return " ".join((name, *map(str, astuple(command))))


def read_command(text: str) -> Command:
    """Return the command that *text* writes; numbers that have a usual value may be left out.

    Raises UsageError, with what there is, for anything else.
    """
    name, *numbers = text.split(" ")
    kind = next((row.kind for row in COMMANDS if row.name == name), None)
    if kind is None:
        raise UsageError(f"there is no command {name!r}", hint=f"there are: {', '.join(row.name for row in COMMANDS)}")
    wanted = [field.name for field in fields(kind)]
    if not numbers and kind is not Seek:
        return kind()  # type: ignore[call-arg]
    if len(numbers) != len(wanted) or not all(re.fullmatch("-?[0-9]{1,12}", number) for number in numbers):
        raise UsageError(f"{text!r} is no {name}", hint=f"write {' '.join((name, *map(str.upper, wanted)))}")
    return kind(*map(int, numbers))


BINDINGS: Mapping[str, Command] = MappingProxyType(
    {key: read_command(row.name) for row in COMMANDS for key in row.keys}
)
"""Commands by key, as `Keys.read` names keys."""
