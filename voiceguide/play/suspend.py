"""Suspend: Ctrl-Z holds the session, gives terminal and device back and stops the process; `fg` comes back, held.

Where signals or jobs are unknown to the system, nothing of it happens.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from voiceguide.play.commands import Command, Hold
from voiceguide.play.now import Now
from voiceguide.terminal import is_terminal

HOLD_S = 1.0
"""How long the session may take to be held before the process is stopped in any case."""


class Resting(Protocol):
    """What lets go of a sound device for a while."""

    def do(self, command: Command) -> None:
        """Carry out *command*."""

    def rest(self) -> None:
        """Let the device go."""

    def wake(self) -> None:
        """Take it again, now or as soon as it is there."""


class Suspension:
    """Whether the process was asked to stop, and how it does so, between two drawings."""

    def __init__(self) -> None:
        self.asked = self.returned = False
        self._since: float | None = None
        self._before, self._ours = _modes(), None

    def settle(self, now: Now, player: Resting, leave: Callable[[], None]) -> None:
        """Stop here if that was asked for and the session is held by *now*; have it held if it is not.

        *leave* gives the screen back.
        """
        if self._ours is None:
            self._ours = _modes()
        if self.asked:
            if self._since is None:
                self._since = time.monotonic()
                player.do(Hold())
            if now.state == "playing" and time.monotonic() - self._since < HOLD_S:
                return
            leave()
            player.rest()
            self.returned, self._since = True, None
            _put_back(self._before)
            _stop()
            self.asked = False
            self._come_back()
            player.wake()
        elif self.returned:  # somebody else had stopped it, and who knows what the terminal shows
            leave()
            self._come_back()

    def soon(self) -> float:
        """Return after how many seconds `settle` wants to be asked again."""
        return 0.05 if self.asked else 60.0

    def _come_back(self) -> None:
        self.returned = False
        _put_back(self._ours)  # in the background this stops the process once more, until it comes to the front


@contextmanager
def suspending(look: Callable[[], None]) -> Iterator[Suspension]:
    """Give what tells that the process is to stop; *look* has it asked at once."""
    suspension = Suspension()

    def stop(*_: object) -> None:
        suspension.asked = True
        look()

    def go_on(*_: object) -> None:
        suspension.returned = True
        look()

    before: dict[int, Any] = {}
    # a shell without jobs has its children ignore it: nobody could bring them back
    if hasattr(signal, "SIGTSTP") and signal.getsignal(signal.SIGTSTP) == signal.SIG_DFL:
        with suppress(ValueError):  # signals belong to the main thread
            before = {n: signal.signal(n, to) for n, to in ((signal.SIGTSTP, stop), (signal.SIGCONT, go_on))}
    try:
        yield suspension
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop() -> None:
    """Stop the process until it is told to go on; not at all where nobody could tell it, as the system knows."""
    if hasattr(signal, "SIGTSTP"):
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, before)


def _modes() -> Any:
    """Return the modes of the terminal at standard input, or None."""
    if sys.platform == "win32" or not is_terminal(sys.stdin):
        return None
    import termios

    with suppress(termios.error):
        return termios.tcgetattr(sys.stdin.fileno())
    return None


def _put_back(modes: Any) -> None:
    if modes is not None and sys.platform != "win32":
        import termios

        with suppress(termios.error):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, modes)
