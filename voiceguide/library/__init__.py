"""The library: scripts and sounds, the user's own first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voiceguide.diagnostics import ScriptError
from voiceguide.library.scripts import all_scripts, load
from voiceguide.script.model import Routine
from voiceguide.script.read import read


def routines() -> Iterator[tuple[Path, Routine]]:
    """Yield every routine of the library with its path, by id; a user's routine hides a bundled one of the same id.

    Scripts with errors are passed over: `voiceguide check` tells what is wrong with them.
    """
    found: dict[str, tuple[Path, Routine]] = {}
    for path in all_scripts():
        try:
            routine, _ = read(load(path))
        except ScriptError:
            continue
        if routine is not None:
            found.setdefault(path.stem, (path, routine))
    yield from (found[name] for name in sorted(found))
