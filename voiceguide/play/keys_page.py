"""The page of all keys, which the screen shows instead of a session when it is asked for. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Collection

from voiceguide.columns import cells
from voiceguide.play.commands import COMMANDS, Kind, key_name
from voiceguide.play.notices import left, notice
from voiceguide.play.now import Now
from voiceguide.play.styles import BOLD, DIM, Look, beside, cut, styled

_HERE = ("?", "this page, and back")
OTHERS = (("Ctrl-Z", "hold, and leave; fg returns"), ("Ctrl-C", "end"))
"""Keys that command no session."""
_APART = 3


def keys_page(now: Now, look: Look, offered: Collection[Kind]) -> list[str]:
    """Return the page for the commands *offered*, in as few columns and as many words as there is room for."""
    width = look.width - 2 * look.margin
    where = notice(now).line or f"{left(now, now.timeline.frames)} left"
    top = beside(styled(BOLD, "Keys · ? goes back", width), styled(DIM, where, width), width)
    room = max(1, look.height - 2)
    for columns, short in ((1, False), (2, False), (2, True), (1, True)):
        column = (width - _APART * (columns - 1)) // columns
        rows = [row for entry in _entries(offered, short) for row in _entry(*entry, column)]
        if len(rows) <= room * columns and column >= 28:
            break
    tall = min(room, -(-len(rows) // columns))
    page = [rows[index * tall : (index + 1) * tall] for index in range(columns)]
    body = [
        (" " * _APART).join(_padded(part[row] if row < len(part) else "", column) for part in page)
        for row in range(tall)
    ]
    return [cut((" " * look.margin + row).rstrip(), look.width) for row in (top, "", *body)][: look.height]


def _entries(offered: Collection[Kind], short: bool) -> list[tuple[str, str]]:
    """Return every key with what it does, or, in *short*, with what the screen says of it."""
    rows = [row for row in COMMANDS if row.keys and row.kind in offered]
    does = [row.shown.partition(" ")[2] if short else row.doc for row in rows]
    return [*zip((", ".join(map(key_name, row.keys)) for row in rows), does, strict=True), _HERE, *OTHERS]


def _entry(keys: str, doc: str, width: int) -> list[str]:
    """Return what *keys* do in one line, or two where it is long."""
    lead = 18 if width >= 56 else 12
    short = keys if cells(keys) < lead else keys.split(", ")[0]
    rows = textwrap.wrap(doc, max(8, width - lead)) or [""]
    return [f"{short if index == 0 else '':{lead}}{row}" for index, row in enumerate(rows)]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
