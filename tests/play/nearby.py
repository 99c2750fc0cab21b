"""Sessions that other programs reach: a runtime folder of our own, and lines to its sockets, asked by hand."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a runtime folder of our own, with a short name, and return the folder of the sockets in it."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder) / "voiceguide"


def line_to(folder: Path, pid: int = 0) -> socket.socket:
    """Return a line to the session of *pid*, or of this process."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.connect(str(folder / f"{pid or os.getpid()}.sock"))  # without a limit, it waits for its turn
    line.settimeout(20)
    return line


def read_all(line: socket.socket) -> list[Any]:
    """Return what is answered on *line* until it is closed."""
    data = b""
    try:
        while piece := line.recv(1 << 16):
            data += piece
    except ConnectionResetError:  # more was sent than was read
        pass
    line.close()
    return [json.loads(each) for each in data.splitlines()]


def asked(folder: Path, request: bytes) -> list[Any]:
    """Return what is answered to *request*, as it is."""
    line = line_to(folder)
    try:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it does not even take it all
    return read_all(line)
