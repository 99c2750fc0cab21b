"""A sound server with a sink that goes nowhere, and an ear on it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.bench.place import Place

RATE = 48_000
QUIET_S = 0.5
DEADLINE_S = 10


class Heard:
    """When the first sound came."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.last = 0.0
        self.listening = False

    def take(self, piece: bytes) -> None:
        """Look at a *piece* that has just come: its first sound came earlier by what follows it."""
        now = time.monotonic()
        self.listening = True
        loud = np.flatnonzero(np.abs(np.frombuffer(piece[: len(piece) // 2 * 2], "<i2")) > 1)  # more than near-silence
        if loud.size:
            self.last = now
            self.first = self.first or now - (len(piece) // 2 - int(loud[0])) // 2 / RATE

    def forget(self) -> None:
        """Begin anew."""
        self.first = None

    def wait_for_silence(self) -> None:
        """Wait until nothing has been heard for a while."""
        _until(lambda: time.monotonic() - self.last > QUIET_S, "silence")


@contextmanager
def server(place: Place) -> Iterator[dict[str, str]]:
    """Start PulseAudio on a socket of its own; give what a program needs to play on it. Raises MissingError."""
    folder = Path(tempfile.mkdtemp(prefix="pulse-", dir=place.folder))
    socket = folder / "p.sock"
    command = [place.program("pulseaudio"), "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    command += [f"--load=module-null-sink sink_name=t rate={RATE} format=s16le channels=2"]
    command += [f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1"]
    own = {"PULSE_SERVER": f"unix:{socket}", "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    with subprocess.Popen(command, env={**place.environment, **own}, stderr=subprocess.DEVNULL) as process:
        try:
            _until(socket.exists, "the sound server's start")
            yield own
        finally:
            process.kill()


@contextmanager
def listening(place: Place, own: dict[str, str]) -> Iterator[Heard]:
    """Listen to the server *own*. Raises MissingError."""
    command = [place.program("parec"), "--device=t.monitor", "--raw", "--format=s16le", f"--rate={RATE}"]
    command += ["--channels=2", "--latency-msec=10"]
    heard = Heard()
    with subprocess.Popen(command, env={**place.environment, **own}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        descriptor = process.stdout.fileno()

        def listen() -> None:
            while piece := os.read(descriptor, 1 << 16):
                heard.take(piece)

        ear = threading.Thread(target=listen, daemon=True)
        ear.start()
        try:
            _until(lambda: heard.listening, "the start of the recording")
            yield heard
        finally:
            process.kill()
            ear.join()


def _until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come within {DEADLINE_S} s")
        time.sleep(0.005)
