"""A program of the same user that means ill: `python -m tests.play.pest SOCKET HOW`."""

from __future__ import annotations

import os
import random
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress


def line(path: str) -> socket.socket:
    """Return a line to *path*, which may not be there yet."""
    end = time.monotonic() + 20
    while True:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(5)
        try:
            line.connect(path)
            return line
        except (FileNotFoundError, ConnectionRefusedError, TimeoutError, BlockingIOError):
            line.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def many(path: str) -> None:
    """Open 1,000 lines, of which as many are kept as there are descriptors for, and ask on none."""
    kept = []
    for number in range(1_000):
        kept.append(line(path))
        if number >= 500:
            kept[number - 500].close()


def garbage(path: str) -> None:
    """Send 100 lines of what is no text."""
    source = random.Random(1)
    for _ in range(100):
        with suppress(OSError), line(path) as one:
            one.sendall(source.randbytes(200) + b"\n")
            one.recv(4096)


def huge(path: str) -> None:
    """Send lines without end."""
    for _ in range(100):
        with suppress(OSError), line(path) as one:
            for _ in range(100):
                one.sendall(b"do hold" * 10_000)


def slow(path: str) -> None:
    """Send one byte after the other, for 6 seconds."""
    lines = [line(path) for _ in range(20)]
    end = time.monotonic() + 6
    while time.monotonic() < end:
        for one in lines:
            with suppress(OSError):
                one.send(b"n", socket.MSG_DONTWAIT)
        time.sleep(0.2)


def deaf(path: str) -> None:
    """Ask and never read: follow, and command what changes nothing."""
    followers = [line(path) for _ in range(10)]
    for one in followers:
        with suppress(OSError):
            one.sendall(b"follow\n")
    for _ in range(100):
        with suppress(OSError):
            line(path).sendall(b"do go-on\n")
            time.sleep(0.02)
    time.sleep(1)


WAYS: dict[str, Callable[[str], None]] = {"many": many, "garbage": garbage, "huge": huge, "slow": slow, "deaf": deaf}

if __name__ == "__main__":
    os.nice(19)  # elsewhere it would have a processor of its own
    WAYS[sys.argv[2]](sys.argv[1])
