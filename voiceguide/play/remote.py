"""Remotes: the one door for all that commands a session from outside the terminal, built-in or not.

A remote is a class named by an entry point of the group `voiceguide.remotes`: media keys, a socket, a page. It is
given a desk, whose commands are values and whose `now` is one, and knows nothing else of what plays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol, runtime_checkable

from voiceguide.play.commands import Command, Kind
from voiceguide.play.now import Now
from voiceguide.plugins import Status


class Desk(Protocol):
    """What a remote commands, from any thread."""

    @property
    def offers(self) -> tuple[Kind, ...]:
        """The commands that can be carried out."""

    @property
    def now(self) -> Now:
        """Where the session stands for the listener."""

    def do(self, command: Command) -> None:
        """Carry out *command* as soon as possible; return at once."""

    def watch(self) -> Iterator[Now]:
        """Yield `now` until play has ended: at once, at every change, and once a second while it plays."""


@runtime_checkable
class Tapped(Desk, Protocol):
    """A desk that lets be heard what it plays, and answers with a tone: for a remote that listens to the room."""

    rate: int
    """Frames a second of what is played."""
    tap: Callable[[bytes], None] | None
    """What is to be given all that the device is given, at once, from the device's thread: it must only keep it."""

    def signal(self) -> None:
        """Let a short soft tone sound: something was understood that was not pressed."""


class Remote(ABC):
    """A way to command a session from elsewhere."""

    name: ClassVar[str]
    title: ClassVar[str]
    rank: ClassVar[int] = 0

    @abstractmethod
    def status(self) -> Status:
        """Tell whether this remote can be used here, in a few milliseconds, raising nothing."""

    @abstractmethod
    def start(self, desk: Desk) -> None:
        """Begin to listen, on a thread of its own, and return. Raises OSError, with the reason, if it cannot."""

    @abstractmethod
    def stop(self) -> None:
        """Stop listening and let everything go, wherever `start` got to; leave nothing behind."""
