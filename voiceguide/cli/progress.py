"""A bar while speech is made or a file is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceguide.speech.studio import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a progress callback that draws a bar on standard error once there is something to wait for."""
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    """A bar made on first use, so that rich is imported only where somebody waits."""

    def __init__(self) -> None:
        self._shown: object = None
        self._closed = False
        self._tasks: dict[str, object] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        # a session keeps this callback: a bed prepared while it is played must not draw a bar that nobody takes away
        if self._closed or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        if self._shown is None:
            columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
            self._shown.start()
        bar: Progress = self._shown  # type: ignore[assignment]
        if what not in self._tasks:
            self._tasks[what] = bar.add_task(what, total=total)
        bar.update(self._tasks[what], completed=done)  # type: ignore[arg-type]

    def close(self) -> None:
        """Take the bar away, for good."""
        self._closed = True
        if self._shown is not None:
            self._shown.stop()  # type: ignore[attr-defined]
