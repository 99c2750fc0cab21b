"""Outputs: the one door to sound devices, built-in or not.

An output is a class named by an entry point of the group `voiceguide.outputs`. It says whether it is ready without
loading anything heavy, and plays what a `Source` gives it. What goes wrong there is told in one place, `Output.start`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar, Protocol

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.sound import FRAME_BYTES
from voiceguide.plugins import Broken, Door, Status

EXPORT = "voiceguide export ROUTINE -o FILE.wav"
INSTEAD = f"make a file and play it elsewhere: {EXPORT}"


class Source(Protocol):
    """What an output plays: interleaved 16 bit stereo, little endian, at *rate* frames a second."""

    @property
    def rate(self) -> int:
        """Frames a second."""

    def pull(self, frames: int) -> bytes:
        """Return the next *frames*, at once, from any thread: for outputs that ask while they play."""

    def whole(self) -> Iterator[bytes]:
        """Yield everything, as fast as it can be made: for outputs that play one finished buffer."""


class Silence:
    """A source that only shows whether there is a device."""

    rate = 48_000

    def pull(self, frames: int) -> bytes:
        """Return silence."""
        return bytes(frames * FRAME_BYTES)

    def whole(self) -> Iterator[bytes]:
        """Yield 10 ms of silence."""
        yield self.pull(self.rate // 100)


class Output(ABC):
    """A way to make sound heard.

    A subclass gives the class variables, `status`, `_start` and `_stop`. Nothing heavy may be imported before `_start`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    rank: ClassVar[int]
    """`auto` takes the ready output with the highest rank."""
    keeps_ms: ClassVar[int] = 0
    """How much sound the device keeps: if it asks later than that, it has run dry. 0 where that is not known."""
    live: ClassVar[bool] = True
    """It pulls while it plays. One that plays a finished buffer cannot hold or move; it also gives `played`."""

    @abstractmethod
    def status(self) -> Status:
        """Tell whether this output can be used here, in a few milliseconds, raising nothing."""

    @abstractmethod
    def _start(self, source: Source) -> None:
        """Open the device and begin to play *source*; raise OSError, with the reason, if there is none."""

    @abstractmethod
    def _stop(self) -> None:
        """Stop at once and let the device go, wherever `_start` got to."""

    def played(self) -> int | None:
        """Return how many frames have been heard, or None at the end. Only outputs that are not live need it."""
        return None

    def start(self, source: Source) -> None:
        """Begin to play *source*, and return while it plays.

        1. An output that is not ready refuses with its own hint. 2. `_start` opens the device. 3. If it cannot,
        everything is let go and the reason is told together with another way to hear the session.

        Raises VoiceguideError.
        """
        status = self.status()
        if status.state != "ready":
            raise VoiceguideError(f"the output {self.name} is not ready ({status.state})", hint=status.hint)
        try:
            self._start(source)
        except OSError as error:
            self.stop()
            raise VoiceguideError(
                f"there is no sound device to play on ({self.name}: {error})", hint=INSTEAD
            ) from error
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """Find out, in about 0.2 s, whether there is a device, by opening it. Raises VoiceguideError like `start`."""
        self.start(Silence())
        self.stop()

    def stop(self) -> None:
        """Stop playing and let the device go. It never fails, and may be called again."""
        with suppress(OSError):
            self._stop()


OUTPUTS = Door("voiceguide.outputs", Output, "output", INSTEAD)  # type: ignore[type-abstract]


def installed_outputs() -> tuple[Output | Broken, ...]:
    """Return every output, best first, and a record for each that could not be loaded."""
    return OUTPUTS.installed()


def pick_output(name: str) -> Output:
    """Return the output called *name*, or for `auto` the best one that is ready.

    Raises VoiceguideError, with the output's own hint, if it is unknown or not ready.
    """
    return OUTPUTS.pick(name)
