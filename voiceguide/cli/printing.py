"""What commands print, and how: tables, records, clocks, and what a terminal can show."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from voiceguide.units import format_clock, frames_to_ms

if TYPE_CHECKING:
    from voiceguide.session import Session


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, right: tuple[int, ...] = ()) -> str:
    """Return *rows* under *head* in columns of equal width; the columns *right* are set flush right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [c.rjust(n) if i in right else c.ljust(n) for i, (c, n) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def print_records(records: Any) -> None:
    """Print *records* as JSON that people can read too."""
    typer.echo(json.dumps(records, ensure_ascii=False, indent=2))


def print_or_write(text: str, target: Path | None) -> None:
    """Print *text*; or write it to *target*, whole or not at all, and print where that is."""
    from voiceguide.files import target_file, whole_file

    if target is None:
        typer.echo(text)
        return
    with whole_file(target_file(target)) as file:
        file.write(f"{text}\n".encode())
    typer.echo(target.resolve())


def session_clock(session: Session, frames: int) -> str:
    """Return *frames* of *session* as `m:ss.t`."""
    return format_clock(frames_to_ms(frames, session.timeline.rate), tenths=True)


def can_print(characters: str) -> bool:
    """Tell whether standard output has these *characters*."""
    try:
        characters.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
