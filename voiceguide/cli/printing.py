"""What commands print, and how: tables, records, clocks, a bar while one waits, and what a terminal can show."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.columns import UNSAFE, cells, line, safe
from voiceguide.terminal import LOG, echo, is_terminal, note
from voiceguide.units import frames_clock

if TYPE_CHECKING:
    import rich.progress

    from voiceguide.diagnostics import Progress
    from voiceguide.session import Session


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, right: tuple[int, ...] = ()) -> str:
    """Return *rows* under *head* in columns of equal width; the columns *right* are set flush right."""
    shown = [tuple(map(line, row)) for row in (head, *rows)]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    lines = []
    for row in shown:
        gaps = [" " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)]
        parts = [gap + cell if i in right else cell + gap for i, (cell, gap) in enumerate(zip(row, gaps, strict=True))]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def picked(noun: object, names: str, **others: Any) -> dict[str, Any]:
    """Return a record of *names*, separated by spaces: what *noun* calls so, or one of the *others*."""
    return {name: others[name] if name in others else getattr(noun, name) for name in names.split()}


def print_records(records: Any) -> None:
    """Print *records* as JSON that people can read too."""
    echo(to_json(records, indent=2))


def to_json(records: Any, indent: int | None = None) -> str:
    """Return *records* as JSON; what a terminal may not be given, or standard output does not have, is escaped."""
    text = json.dumps(records, ensure_ascii=False, indent=indent)
    if not can_print(text):
        text = json.dumps(records, indent=indent)
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def print_or_write(text: str, target: Path | None) -> None:
    """Print *text*; or write it to *target*, whole or not at all, and print where that is."""
    from voiceguide.files import target_file, whole_file

    if target is None:
        echo(text)
        return
    with whole_file(target_file(target)) as file:
        file.write(f"{safe(text)}\n".encode())
    note(target.resolve())


def tell_remarks(remarks: Iterable[str]) -> None:
    """Say on standard error what the listener should know about who speaks."""
    for remark in remarks:
        note(remark, err=True)


def session_clock(session: Session, frames: int) -> str:
    """Return *frames* of *session* as `m:ss.t`."""
    return frames_clock(frames, session.timeline.rate, tenths=True)


def can_print(characters: str) -> bool:
    """Tell whether standard output has these *characters*."""
    try:
        characters.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@contextmanager
def progress_bar(first: Callable[[], None] | None = None) -> Iterator[Progress]:
    """Give a callback that draws a bar on standard error, made on first use: rich is imported only to wait with.

    There is none where only results are wanted, nor where details are told. It calls *first* when it is called for
    the first time.
    """
    shown: list[rich.progress.Progress] = []
    tasks: dict[str, rich.progress.TaskID] = {}
    live = is_terminal(sys.stderr) and LOG.level in (logging.NOTSET, logging.INFO)

    def draw(what: str, done: int, total: int) -> None:
        nonlocal first
        if first:
            before, first = first, None
            before()
        # a session keeps this callback: a bed prepared while it is played must not draw a bar that nobody takes away
        if not live:
            return
        if not shown:
            shown.append(_bar())
        if what not in tasks:
            tasks[what] = shown[0].add_task(what, total=total)
        shown[0].update(tasks[what], completed=done)

    try:
        yield draw
    finally:
        live, first = False, None
        for bar in shown:
            bar.stop()


def _bar() -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar
