"""Terminal: the one door through which everything printed goes, so that nothing printed can do anything to a terminal.

A text may come from a script, a path, a plug-in or the environment, and may hold what moves the cursor, retitles the
window or turns words round. What a stream has no sign for is written with the nearest one. A stream that cannot be
written to is the environment's failure, and a reader that has gone is none.

How much is told is one number, the level of the logger `voiceguide`: results and errors always, remarks (`note`) unless
it is WARNING or more, and at DEBUG what every room logs of its work.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from voiceguide.columns import line, safe
from voiceguide.diagnostics import VoiceguideError

_ASCII = str.maketrans("━─·→←↑↓…‘’“”–—", "#--><^v.''\"\"--")
"""The nearest signs that every terminal has."""


def echo(text: object = "", *, nl: bool = True, err: bool = False) -> None:
    """Print *text* on standard output, or on standard error; a path in one line, whatever it is called.

    Goes on in silence if the reader has gone. Raises VoiceguideError if the stream cannot be written to.
    """
    stream = sys.stderr if err else sys.stdout
    with suppress(BrokenPipeError):
        _write(stream, (line(str(text)) if isinstance(text, Path) else safe(str(text))) + "\n" * nl)


LOG = logging.getLogger("voiceguide")


def tell(level: int) -> None:
    """Tell results and errors, and what else *level* lets pass: a level of `logging`."""
    LOG.setLevel(level)
    if level <= logging.DEBUG and not any(isinstance(handler, _Details) for handler in LOG.handlers):
        LOG.addHandler(_Details())


class _Details(logging.Handler):
    """Tells on standard error what is logged, with the seconds since the start and since what was told before."""

    _before_ms = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Tell *record*."""
        passed_ms, self._before_ms = record.relativeCreated - self._before_ms, record.relativeCreated
        echo(f"{record.relativeCreated / 1000:7.3f} s  +{passed_ms / 1000:.3f}  {record.getMessage()}", err=True)


def hushed() -> bool:
    """Tell whether only results and errors are wanted."""
    return LOG.level >= logging.WARNING


def note(text: object, *, err: bool = False) -> None:
    """Print *text*, a remark and no result, as `echo` does, unless only results are wanted."""
    if not hushed():
        echo(text, err=err)


def echo_bytes(content: bytes) -> None:
    """Print a whole text file as it is; on a terminal, as `echo` does."""
    if is_terminal(sys.stdout) or not hasattr(sys.stdout, "buffer"):
        echo(content.decode(), nl=False)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        failed(sys.stdout, error)


def put(stream: TextIO, text: str) -> None:
    """Write *text* at once. Ends the process, quietly, if the reader has gone."""
    draw(stream, safe(text))


def draw(stream: TextIO, text: str) -> None:
    """Write *text* as `put` does, with the control sequences in it: for pictures, whose words have been made safe."""
    try:
        _write(stream, text)
    except BrokenPipeError:
        raise SystemExit(0) from None


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        failed(stream, error)


MOST_CELLS = 500
"""How wide or high a terminal is taken to be at most, whatever COLUMNS and LINES say."""


def size(stream: TextIO) -> tuple[int, int]:
    """Return the columns and lines of the terminal *stream*: what COLUMNS and LINES or it says, else 80 and 24."""
    here = (0, 0)
    with suppress(OSError, ValueError, AttributeError):
        here = os.get_terminal_size(stream.fileno())

    def told(name: str, here: int, usual: int) -> int:
        given = os.environ.get(name, "")[:9]
        return min((int(given) if given.isdecimal() else 0) or here or usual, MOST_CELLS)

    return told("COLUMNS", here[0], 80), told("LINES", here[1], 24)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether *stream* is a terminal. The null device of Windows says so, too, and is none."""
    with suppress(OSError, ValueError):
        return stream is not None and stream.isatty() and (sys.platform != "win32" or _console(stream))
    return False


def draws(stream: TextIO) -> bool:
    """Tell whether *stream* is a terminal that understands escape sequences: on Windows they are switched on here."""
    understood = os.environ.get("TERM") != "dumb" and is_terminal(stream)
    return understood and (sys.platform != "win32" or _console(stream, switch_on=4))


def shows(stream: TextIO, signs: str) -> bool:
    """Tell whether *stream* has signs of its own for all of *signs*."""
    try:
        signs.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def colours() -> bool:
    """Tell whether colours are wanted: everywhere but where NO_COLOR is set."""
    return not os.environ.get("NO_COLOR")


def _console(stream: TextIO, *, switch_on: int = 0) -> bool:
    """Tell whether *stream* is a console of Windows, and whether it could be given the mode *switch_on*."""
    if sys.platform != "win32":
        return False
    import ctypes
    import msvcrt

    kernel = ctypes.windll.kernel32
    handle, mode = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno())), ctypes.c_uint32()
    known = bool(kernel.GetConsoleMode(handle, ctypes.byref(mode)))
    return known and (not switch_on or bool(kernel.SetConsoleMode(handle, mode.value | switch_on)))


def failed(stream: TextIO, error: OSError) -> None:
    """Raise what a failure to write to *stream* is, and have nothing more written to it, not even at the end."""
    if error.errno == errno.EIO:  # a terminal whose window was closed
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    # on Windows the end of a pipe that has gone is an invalid argument
    if isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL):
        raise BrokenPipeError(*error.args) from error
    where = "standard error" if stream is sys.stderr else "standard output"
    hint = "see that the disk is not full, or let it go elsewhere"
    raise VoiceguideError(f"cannot write to {where}: {error.strerror}", hint=hint) from error


def stand_in() -> None:
    """Give the process the standard streams that it was started without.

    Otherwise they are None, and the next file that is opened, such as a session that is being exported, gets the
    number of one of them: whatever a library prints would go into it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - it takes the number that is free
            setattr(sys, name, stream)
