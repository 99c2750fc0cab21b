"""Sockets: where other programs of the same user find the sessions that play, and how they ask them.

    runtime folder/voiceguide/PID.sock      one for each process that plays

One line is asked, `now`, `follow` or `do COMMAND`, and lines of JSON are answered. The folder lets nobody else in.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.plugins import Status

PATIENCE_S = 5.0
"""How long a session may take to answer: its computer may be busy."""
PART_S = 60.0
"""After so long a socket that nobody has given its name yet was left by a process that was killed."""


def sockets_status() -> Status:
    """Tell whether this system, as Python knows it, has sockets with a path: Windows has none."""
    ready = hasattr(socket, "AF_UNIX")
    return Status("ready") if ready else Status("missing-library", "Python has no Unix sockets on this system")


def sockets_folder() -> Path:
    """Return the folder of the sockets, which is made if need be, and which nobody else can look into.

    Raises OSError if it cannot be made, or is somebody else's.
    """
    with warnings.catch_warnings():  # it warns where the system has none, and names one in the temporary folder
        warnings.simplefilter("ignore")
        folder = platformdirs.user_runtime_path("voiceguide", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise PermissionError(f"{folder} is not a folder of yours")
    if stat.S_IMODE(status.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def playing() -> dict[int, dict[str, Any]]:
    """Return the sessions that play, by process: what `now` gives of each. Sockets that nobody answers are removed."""
    found: dict[int, dict[str, Any]] = {}
    with suppress(OSError):
        for path in sorted(sockets_folder().glob("*.sock")):
            with suppress(OSError, ValueError):
                if _answers(path):
                    found[int(path.stem)] = ask(int(path.stem), "now")
    return found


def clear_away() -> None:
    """Remove the sockets of processes that were killed."""
    folder = sockets_folder()
    for path in folder.glob("*.sock"):
        _answers(path)
    for path in folder.glob("*.part"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > PART_S:
                path.unlink()


def _answers(path: Path) -> bool:
    """Tell whether somebody listens at *path*. If it is sure that nobody does, the socket is removed."""
    try:
        _connected(path).close()
    except ConnectionRefusedError:
        path.unlink(missing_ok=True)
        return False
    except OSError:
        return False
    return True


def _connected(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(PATIENCE_S)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                line.connect(str(path))
                return line
            except BlockingIOError:  # many others come in at this moment
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)
    except BaseException:
        line.close()
        raise


def ask(pid: int, request: str) -> dict[str, Any]:
    """Return what the session of the process *pid* answers to *request*. Raises OSError if it answers nothing."""
    return next(answers(pid, request, PATIENCE_S), {})


def answers(pid: int, request: str, patience_s: float | None = None) -> Iterator[dict[str, Any]]:
    """Yield all that the session of the process *pid* answers to *request*, until it ends.

    Raises OSError if it is not there or, for *patience_s*, answers nothing.
    """
    with _connected(sockets_folder() / f"{pid}.sock") as line:
        line.settimeout(patience_s)
        with suppress(BrokenPipeError):  # it is told why in what it says
            line.sendall(f"{request}\n".encode())
        with line.makefile("rb") as replies, suppress(ConnectionResetError):
            for reply in replies:
                yield json.loads(reply)


def session_of(pid: int) -> int:
    """Return the process of the session that is meant: *pid*, or, for 0, the only one.

    Raises VoiceguideError if none plays, and UsageError if it is not clear which, or there is no such one.
    """
    if (status := sockets_status()).state != "ready":
        raise VoiceguideError("a session cannot be reached from elsewhere", hint=status.hint)
    found = playing()
    if not found:
        raise VoiceguideError("no session plays", hint="begin one: voiceguide play ROUTINE")
    which = "; ".join(f"--session {each} ({now['title']})" for each, now in found.items())
    if pid and pid not in found:
        raise UsageError(f"no session plays in process {pid}", hint=f"there is: {which}")
    if not pid and len(found) > 1:
        raise UsageError(f"{len(found)} sessions play", hint=f"say which: {which}")
    return pid or next(iter(found))
