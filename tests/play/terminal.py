"""A terminal of our own (a pseudo one) with a command running in it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.play.pulse import Speaker
from tests.play.sinks import until

OWN_TERMINAL = "import fcntl,os,sys,termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


@dataclass
class Run:
    """The command, running in a terminal of its own. *shown* is what it has written there so far."""

    process: subprocess.Popen[bytes]
    person: int
    program: int
    before: list[object]
    shown: bytearray = field(default_factory=bytearray)
    closed: bool = False

    def __post_init__(self) -> None:
        self.watcher = threading.Thread(target=self._watch)
        self.watcher.start()

    def _watch(self) -> None:
        while not self.closed:
            if select.select([self.person], [], [], 0.02)[0]:
                self.shown += os.read(self.person, 4096)

    def hang_up(self) -> None:
        """Close the window."""
        if not self.closed:
            self.closed = True
            self.watcher.join()
            os.close(self.person)
            os.close(self.program)

    def press(self, keys: bytes) -> None:
        os.write(self.person, keys)

    def wait_for(self, text: str) -> None:
        """Wait until *text* is shown, and forget what came before."""
        until(lambda: text.encode() in self.shown, f"{text!r} (but: {self.shown.decode(errors='replace')[-600:]})")
        del self.shown[: self.shown.index(text.encode())]

    def end(self) -> int:
        """Wait for the end; assert that the terminal is as it was. Returns the exit code."""
        code = self.process.wait(20)
        assert termios.tcgetattr(self.program) == self.before
        return code


@contextmanager
def terminal(server: Speaker | None, command: list[str], **extra: str) -> Iterator[Run]:
    """Run *command* in a terminal of its own."""
    person, inside = pty.openpty()
    before = termios.tcgetattr(inside)
    sounding = server.environment if server else {}
    environment = {**os.environ, **sounding, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **extra}
    with subprocess.Popen(
        [sys.executable, "-c", OWN_TERMINAL, *command],
        env=environment,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    ) as process:
        run = Run(process, person, inside, before)

        try:
            yield run
        finally:
            process.kill()
            run.hang_up()
