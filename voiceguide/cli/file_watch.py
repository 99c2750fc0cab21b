"""Saved files: which scripts of a folder have been written anew, as soon as they are."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from voiceguide.library.scripts import ENDINGS

STEP_MS, MOST_MS = 20, 200
"""A save is over when nothing has come for STEP: an editor may write in pieces, or write beside and rename. MOST bounds
how long that may go on."""
TICK_MS = 50
"""How often an empty answer is given, so that whoever waits can look at something else."""
LOOK_S = 0.2
"""How often the files are looked at where the system tells nothing, as on many network drives."""

Look = Mapping[Path, tuple[int, int, int]]
"""Scripts with what shows that one has been written anew: time in nanoseconds, size, and number of the file."""


def saved_files(script: Path) -> Iterator[frozenset[str]]:
    """Yield the names of the scripts that were saved beside *script*, or none of them every `TICK_MS`.

    Folders are watched, not files: many editors write a new file and give it the old one's name. What is saved from the
    first answer on is not missed.

    The system's notices only say when to look. They do not come from every drive, and watchfiles' own polling takes two
    saves in the same second for one.
    """
    folders = {script.absolute().parent, script.resolve().parent}
    known, looked = look(folders), time.monotonic()
    for noticed in _notices(folders):
        if noticed or time.monotonic() - looked >= LOOK_S:
            fresh, looked = look(folders), time.monotonic()
            yield frozenset(path.name for path in fresh if fresh[path] != known.get(path))
            known = fresh
        else:
            yield frozenset()


def _notices(folders: Iterable[Path]) -> Iterator[bool]:
    """Yield true when something has happened in *folders*, and false every `TICK_MS`."""
    from watchfiles import watch

    # watchfiles' own error is a RuntimeError; the system may have no watches left to give
    with suppress(OSError, RuntimeError):
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=MOST_MS,
            step=STEP_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            recursive=False,
        ):
            yield bool(changes)
    while True:
        time.sleep(TICK_MS / 1000)
        yield False


def look(folders: Iterable[Path]) -> Look:
    """Return the scripts in *folders* as they are now; hidden files, as some editors make them, are no scripts."""
    found: dict[Path, tuple[int, int, int]] = {}
    for folder in folders:
        with suppress(OSError):  # a folder, or a file, that has just gone
            for entry in os.scandir(folder):
                path = Path(entry.path)
                if path.suffix in ENDINGS and not path.name.startswith("."):
                    with suppress(OSError):
                        stat = path.stat()
                        found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found
