"""Saves: which scripts of a folder have been written anew, as soon as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voiceguide.diagnostics import VoiceguideError
from voiceguide.library.scripts import ENDINGS

STEP_MS, MOST_MS = 20, 200
"""A save is over when nothing has come for STEP: an editor may write in pieces, or write beside and rename. MOST bounds
how long that may go on."""
TICK_MS = 50
"""How often an empty answer is given, so that whoever waits can look at something else."""
POLL_MS = 100
"""How often files are looked at where the system tells nothing (`WATCHFILES_FORCE_POLLING`)."""


def saves(script: Path) -> Iterator[frozenset[str]]:
    """Yield the names of the scripts that were saved beside *script*, or none of them every `TICK_MS`.

    Folders are watched, not files: many editors write a new file and give it the old one's name. What is saved from the
    first answer on is not missed. Raises VoiceguideError if the folder cannot be watched, KeyboardInterrupt on a signal
    whose handler raised.
    """
    from watchfiles import Change, watch

    folders = {script.absolute().parent, script.resolve().parent}
    try:
        for changes in watch(
            *folders,
            watch_filter=lambda change, path: change is not Change.deleted and _is_script(Path(path)),
            debounce=MOST_MS,
            step=STEP_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            poll_delay_ms=POLL_MS,
            recursive=False,
        ):
            yield frozenset(Path(path).name for _, path in changes)
    except (OSError, RuntimeError) as error:  # watchfiles' own error is a RuntimeError
        hint = "set WATCHFILES_FORCE_POLLING=1 to have the files looked at again and again"
        raise VoiceguideError(f"cannot watch {script.parent}: {error}", hint=hint) from error


def _is_script(path: Path) -> bool:
    return path.suffix in ENDINGS and not path.name.startswith(".")
