"""Keys: single keys from a terminal, without waiting for Enter, as commands. Whatever happens, it is put back."""

from __future__ import annotations

import math
import os
import re
import sys
import time
from _thread import interrupt_main
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Thread
from types import MappingProxyType
from typing import Any

from voiceguide.play.commands import BINDINGS, Command, Toggle
from voiceguide.terminal import is_terminal

LOOK_S = 60.0
"""How often somebody who waits for keys looks whether they are still wanted; `close` is heard at once."""
ESCAPE_S = 0.05
"""How long the rest of an arrow key may take after its first byte, as over a slow line."""
APART_S = 0.7
"""Where any key will do, keys that come sooner after one another are one push: a knuckle falls on three of them."""
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-9;?]*[@-~]?|O[@-~]?)?")
"""A key that has no character: ECMA-48, 5.4, and the application mode of DEC terminals; or Escape itself."""
SEQUENCES: Mapping[bytes, str] = MappingProxyType(
    {b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"5~": "pageup", b"6~": "pagedown"}
)
"""Keys by what ends their sequence."""
NAMES: Mapping[str, str] = MappingProxyType({" ": "space", "\r": "enter", "\n": "enter", "\x1b": "escape"})
WINDOWS: Mapping[str, str] = MappingProxyType(
    {"H": "up", "P": "down", "M": "right", "K": "left", "I": "pageup", "Q": "pagedown"}
)
"""The second character of a special key, as `msvcrt.getwch` gives it."""
SPECIAL = "special"
"""A key that has neither a name nor a character."""


class Keys(ABC):
    """A source of keys."""

    closed = False
    """Nothing comes any more."""
    seconds = staticmethod(time.monotonic)
    """What the time between two keys is measured with."""

    @abstractmethod
    def read(self, timeout_s: float) -> str | None:
        """Return the next key (`space`, `left`, `special`, or a character), or None after *timeout_s*."""

    def commands(self, other: Callable[[str], object] = bool, *, any_key: bool = False) -> Iterator[Command]:
        """Yield what the keys command, as they are pressed, until they are closed; give *other* those that do not.

        With *any_key*, every one of them holds and goes on.
        """
        last_s = -math.inf
        while not self.closed:
            key = self.read(LOOK_S) or ""
            if any_key and key:
                before_s, last_s = last_s, self.seconds()
                if last_s - before_s < APART_S:
                    continue
            command = Toggle() if any_key and key else BINDINGS.get(key)
            if command and not self.closed:
                yield command
            elif key and not self.closed:
                other(key)

    def close(self) -> None:
        """Have `commands` end."""
        self.closed = True


class NoKeys(Keys):
    """Where there is no terminal, there are no keys; time passes all the same."""

    closed = True

    def read(self, timeout_s: float) -> str | None:
        """Return None after *timeout_s*."""
        time.sleep(timeout_s)
        return None


class PosixKeys(Keys):
    """Keys from the terminal *descriptor*, which must be in cbreak mode."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._bytes = b""
        self._woken, self._waker = os.pipe()

    def __del__(self) -> None:
        os.close(self._woken)
        os.close(self._waker)

    def close(self) -> None:
        """Have `commands` end, even while it waits for a key."""
        super().close()
        os.write(self._waker, b" ")

    def read(self, timeout_s: float) -> str | None:
        """Return the next key, or None after *timeout_s*."""
        if not self._bytes and not self._more(timeout_s):
            return None
        if self._bytes.startswith(b"\x1b"):
            return self._special()
        taken, self._bytes = self._bytes, b""
        text = taken.decode(errors="ignore")
        self._bytes = text[1:].encode()
        return NAMES.get(text[:1], text[:1].lower()) or None

    def _special(self) -> str:
        """Return the key whose sequence has begun to come."""
        while re.fullmatch(rb"\x1b(?:\[[0-9;?]*|O)?", self._bytes) and self._more(ESCAPE_S):
            pass
        found = _SEQUENCE.match(self._bytes)
        assert found is not None  # it begins with Escape
        sequence, self._bytes = found[0], self._bytes[found.end() :]
        return "escape" if sequence == b"\x1b" else SEQUENCES.get(sequence[2:], SPECIAL)

    def _more(self, timeout_s: float) -> bool:
        import select

        if self.closed or self._descriptor not in select.select([self._descriptor, self._woken], [], [], timeout_s)[0]:
            return False
        try:
            fresh = os.read(self._descriptor, 64)
        except OSError:
            fresh = b""
        if not fresh:  # the terminal is gone: from then on there are no keys
            self.closed = True
        self._bytes += fresh
        return bool(fresh)


class WindowsKeys(Keys):
    """Keys from a Windows console; those that were pressed before are passed over."""

    def __init__(self) -> None:
        import msvcrt  # type: ignore[import-not-found, unused-ignore]

        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]

    def read(self, timeout_s: float) -> str | None:
        """Return the next key, or None after *timeout_s*."""
        import msvcrt  # type: ignore[import-not-found, unused-ignore]

        end = time.monotonic() + timeout_s
        while not msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            if self.closed or time.monotonic() >= end:
                return None
            time.sleep(0.02)
        key: str = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
        if key in ("\x00", "\xe0"):
            return WINDOWS.get(msvcrt.getwch(), SPECIAL)  # type: ignore[attr-defined, unused-ignore]
        if key == "\x03":
            interrupt_main()
        return NAMES.get(key, key.lower())


def has_keys() -> bool:
    """Tell whether somebody can press keys: standard input is a terminal, and ours (not in the background)."""
    if not is_terminal(sys.stdin):
        return False
    return sys.platform == "win32" or (find_spec("termios") is not None and not _in_background(sys.stdin.fileno()))


@contextmanager
def open_keys() -> Iterator[Keys]:
    """Give the keys of the terminal at standard input, or none if there are none to be had."""
    if not has_keys():
        yield NoKeys()
    elif sys.platform == "win32":
        yield WindowsKeys()
    else:
        descriptor = sys.stdin.fileno()
        with cbreak(descriptor):
            yield PosixKeys(descriptor)


@contextmanager
def keys_to(
    do: Callable[[Command], None], other: Callable[[str], object] = bool, *, any_key: bool = False
) -> Iterator[None]:
    """Have the keys of the terminal command *do*, from a thread of their own, as long as the context lasts.

    *other* is given the keys that command nothing. With *any_key*, each of them holds and goes on.
    """
    with open_keys() as keys:

        def listen() -> None:
            for command in keys.commands(other, any_key=any_key):
                do(command)

        listener = Thread(target=listen, name="voiceguide keys", daemon=True)
        listener.start()
        try:
            yield
        finally:
            keys.close()
            listener.join(timeout=1)


def left_by_killed() -> bool:
    """Tell whether a player that was killed left the terminal at standard input as it was while it played."""
    if sys.platform == "win32" or not has_keys():
        return False
    import termios

    return _left_by_killed(termios.tcgetattr(sys.stdin.fileno()))


def _left_by_killed(attributes: list[Any]) -> bool:
    """Tell it from the *attributes* of a terminal: no shell gives it without lines and echo."""
    import termios

    return not attributes[3] & (termios.ICANON | termios.ECHO)


def _in_background(descriptor: int) -> bool:
    """Tell whether the terminal belongs to another job: whoever changed it then would be stopped."""
    try:
        return os.getpgrp() != os.tcgetpgrp(descriptor)
    except OSError:  # a terminal that controls no jobs
        return False


@contextmanager
def cbreak(descriptor: int) -> Iterator[None]:
    """Have the terminal *descriptor* hand over keys at once and not show them, and put it back afterwards.

    Ctrl-C goes on sending its signal. Ctrl-Z does so only where it is handled: a program that is simply stopped would
    keep the device, and the terminal as it is.
    """
    import signal
    import termios
    import tty

    before = termios.tcgetattr(descriptor)
    if _left_by_killed(before):
        before[3] |= termios.ICANON | termios.ECHO
    termios.tcflush(descriptor, termios.TCIFLUSH)  # keys that were pressed before mean nothing here
    try:
        tty.setcbreak(descriptor, termios.TCSANOW)
        if not callable(signal.getsignal(signal.SIGTSTP)):
            changed = termios.tcgetattr(descriptor)
            changed[6][termios.VSUSP] = bytes([os.fpathconf(descriptor, "PC_VDISABLE")])
            termios.tcsetattr(descriptor, termios.TCSANOW, changed)
        yield
    finally:
        with suppress(termios.error):
            termios.tcflush(descriptor, termios.TCIFLUSH)  # keys meant for the player do not go to the shell
            termios.tcsetattr(descriptor, termios.TCSANOW, before)  # even while output is stopped (Ctrl-S)
