"""Finding and loading scripts by id or path."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from voiceguide.diagnostics import Report, ScriptError, UsageError, VoiceguideError, problem
from voiceguide.files import bundled, existing_file, is_plain, read_bytes, users
from voiceguide.script.model import Routine
from voiceguide.script.read import read
from voiceguide.source import Source, Span

ENDINGS = (".yaml", ".yml")
log = logging.getLogger(__name__)


def find_script(name: str) -> Path:
    """Return the script that *name* means: a path as it is, or an id, looked for among the user's own first.

    Raises UsageError if there is none.
    """
    path = Path(name)
    if path.suffix in ENDINGS or len(path.parts) != 1:
        return existing_file(path, "give the path of a script, or an id from `voiceguide list`")
    by_stem = {path.stem: path for path in reversed(list(all_scripts()))}
    known = by_stem if name in by_stem else {routine.id: path for path, routine in all_routines()}
    if name in known:
        log.debug("%s is %s", name, known[name])
        return known[name]
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "there are: " + ", ".join(sorted(known))
    raise UsageError(f"there is no routine {name!r}", hint=hint)


def all_routines() -> list[tuple[Path, Routine]]:
    """Return every routine of the library with its path, by id; the user's hides a bundled one of the same id.

    Scripts with errors are passed over: `voiceguide check` tells what is wrong with them.
    """
    found: dict[str, tuple[Path, Routine]] = {}
    for path in all_scripts():
        try:
            routine, report = read(load(path))
        except (ScriptError, VoiceguideError) as error:  # which may have gone by now, or be closed to us
            log.debug("passed over: %s", error)
            continue
        if routine is None:
            log.debug("passed over: %s, %s", path, report.summary())
        elif found.setdefault(routine.id, (path, routine))[0] != path:
            log.debug("passed over: %s, hidden by %s", path, found[routine.id][0])
    return [found[name] for name in sorted(found)]


def find_beside(script: str, path: Path) -> Path | None:
    """Return the script *script* from the folder of the script at *path*, else from the library, or None.

    *script* is an id, so no path can leave these folders.
    """
    beside = [path.parent / (script + ending) for ending in ENDINGS]
    known = [p for p in all_scripts() if p.stem == script]
    return next((p for p in (*beside, *known) if is_plain(p)), None)


def all_scripts() -> Iterator[Path]:
    """Yield the paths of all scripts in the library, the user's first.

    Folders, pipes, devices, links to nowhere (as editors make for a lock) and hidden files are passed over.
    """
    for folder in (users("scripts"), bundled("scripts")):
        with suppress(OSError):  # a folder that is not there, or that nobody may look into
            yield from sorted(path for path in folder.iterdir() if path.suffix in ENDINGS and is_plain(path))


def load(path: Path, label: str = "") -> Source:
    """Return the text of the script at *path*.

    Raises UsageError if there is no file, VoiceguideError if it cannot be opened, ScriptError if it is not UTF-8.
    """
    return decode(read_bytes(path), label or str(path))


def decode(raw: bytes, label: str) -> Source:
    """Return the text of a script from its bytes, with `\\n` for every line end and without a byte order mark.

    Raises ScriptError if it is not UTF-8.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", errors="replace")
        source = Source(label, raw.decode("utf-8", errors="replace"))
        lines = Source("", before).lines
        span = Span(source, len(lines), len(lines[-1]) + 1)
        wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        found = "UTF-16" if wide else f"the byte 0x{raw[error.start]:02x}"
        hint = "save the file as UTF-8"
        raise ScriptError(Report((problem("not-utf-8", span, hint, expected="UTF-8 text", found=found),))) from error
    return Source(label, text.replace("\r\n", "\n").replace("\r", "\n"))
