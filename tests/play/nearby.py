"""Sessions that other programs reach: a runtime folder of our own, and lines to its sockets, asked by hand."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.stage import Clocked
from voiceguide import Session
from voiceguide.play.player import Player
from voiceguide.play.socket_remote import SocketRemote


@contextmanager
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a runtime folder of our own, with a short name, and return the folder of the sockets in it."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder) / "voiceguide"


def installed(folder: Path) -> Path:
    """Install in *folder* the remotes that `pyproject.toml` names, for checkouts that were installed before; return it."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = project["entry-points"]["voiceguide.remotes"]
    info = folder / "remotes" / "remotes-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: remotes\nVersion: 1\n", encoding="utf-8")
    lines = ["[voiceguide.remotes]", *(f"{name} = {value}" for name, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return info.parent


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


class Playing:
    """A session on a device with a clock, and its socket."""

    def __init__(self, session: Session) -> None:
        self.remote, self.player = SocketRemote(), Player(session, Clocked(), waits=False)

    def __enter__(self) -> Player:
        self.player.__enter__()
        self.player.prepare()
        self.remote.start(self.player)
        return self.player

    def __exit__(self, *_: object) -> None:
        self.remote.stop()
        self.player.__exit__()
