"""A bar while speech is made or a file is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.progress

    from voiceguide.speech.synthesizer import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a callback that draws a bar on standard error, made on first use: rich is imported only to wait with."""
    shown: list[rich.progress.Progress] = []
    tasks: dict[str, rich.progress.TaskID] = {}
    live = sys.stderr.isatty()

    def draw(what: str, done: int, total: int) -> None:
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
        live = False
        for bar in shown:
            bar.stop()


def _bar() -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar
