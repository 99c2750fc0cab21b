"""A sound server of our own: PulseAudio with a sink that goes nowhere, and a recorder on it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from tests.need import program
from tests.play.sinks import FRAME, after_silence, until

RATE = 48_000
SINK = (f"rate={RATE}", "format=s16le", "channels=2")
P = ParamSpec("P")


@dataclass
class Speaker:
    """A running sound server; *environment* is what a program needs to play on it, *command* what starts it."""

    server: subprocess.Popen[bytes]
    environment: dict[str, str]
    command: list[str]

    def control(self, *command: str) -> str:
        """Carry out *command* of pactl; return what it answers."""
        environment = {**os.environ, **self.environment}
        line = [program("pactl"), *command]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=True, timeout=20).stdout

    def unplug(self) -> None:
        """Remove the sink."""
        (line,) = [line for line in self.control("list", "short", "modules").splitlines() if "sink_name=t" in line]
        self.control("unload-module", line.split()[0])

    def plug(self, name: str = "t") -> None:
        """Add a sink called *name*."""
        self.control(
            "load-module",
            "module-null-sink",
            f"sink_name={name}",
            *SINK,
            f"sink_properties=device.description={name}-sink",
        )

    def kill(self) -> None:
        """Kill the server."""
        self.server.kill()
        self.server.wait()

    def start(self) -> None:
        """Start it again."""
        Path(self.environment["PULSE_SERVER"].removeprefix("unix:")).unlink(missing_ok=True)
        environment = {**os.environ, **self.environment}
        self.server = subprocess.Popen(self.command, env=environment, stderr=subprocess.DEVNULL)
        until(Path(self.environment["PULSE_SERVER"].removeprefix("unix:")).exists, "the sound server's start")


@dataclass
class Recorder:
    """What has been heard so far, and when each piece of it arrived."""

    pieces: list[tuple[float, bytes]] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        """Everything that has been heard."""
        return b"".join(piece for _, piece in list(self.pieces))

    @property
    def frames(self) -> int:
        """How many whole frames have been heard."""
        return sum(len(piece) for _, piece in list(self.pieces)) // FRAME

    def sounding(self) -> bytes:
        """Return what was heard from the first frame that sounds on."""
        return after_silence(self.data)

    def wait_for_silence(self, frames: int) -> None:
        """Wait until the last *frames* heard are silence."""
        until(lambda: (data := self.data).endswith(bytes(frames * FRAME)) and any(data), "silence at the end", 30)


def undisturbed(test: Callable[P, None]) -> Callable[P, None]:
    """Have *test* try up to three times: on a busy machine the sound server itself now and then loses sound.

    Every try is held to the bit. What the player spoiled would be spoilt in all three.
    """

    @wraps(test)
    def tried(*args: P.args, **kwargs: P.kwargs) -> None:
        for last in (False, False, True):
            try:
                return test(*args, **kwargs)
            except AssertionError:
                if last:
                    raise
        raise AssertionError

    return tried


@contextmanager
def speaker() -> Iterator[Speaker]:
    """Start a sound server on a socket of its own; skip where there is none."""
    pulseaudio = program("pulseaudio")
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "p.sock"
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        options += [f"--load=module-null-sink sink_name=t rate={RATE} format=s16le channels=2"]
        options += [f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1"]
        own = {"PULSE_SERVER": f"unix:{socket}", "XDG_RUNTIME_DIR": folder, "HOME": folder}
        environment = {**os.environ, **own}
        command = [pulseaudio, *options]
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        running = Speaker(server, own, command)
        try:
            until(socket.exists, "the sound server's start")
            yield running
        finally:
            running.kill()


@contextmanager
def recorder(on: Speaker) -> Iterator[Recorder]:
    """Record what *on* plays."""
    command = [program("parec"), "--device=t.monitor", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=2"]
    environment = {**os.environ, **on.environment}
    heard = Recorder()
    with subprocess.Popen(
        [*command, "--latency-msec=20"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parec:
        assert parec.stdout is not None
        descriptor = parec.stdout.fileno()

        def listen() -> None:
            while piece := os.read(descriptor, 1 << 16):
                heard.pieces.append((time.monotonic(), piece))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            until(lambda: bool(heard.pieces), "the start of the recording")
            yield heard
        finally:
            parec.kill()
            listener.join()
