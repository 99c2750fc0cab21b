"""Outputs: the one door to sound devices, built-in or not.

An output is a class named by an entry point of the group `voiceguide.outputs`. It says whether it is ready without
loading anything heavy, and plays what it is given. What goes wrong there is told in one place, `Output.start`.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.nouns import dataclass
from voiceguide.play.sound import FRAME_BYTES
from voiceguide.plugins import Door, NoneReadyError, Status

EXPORT = "voiceguide export ROUTINE -o FILE.wav"


def instead(command: str = EXPORT, *, again: bool = False) -> str:
    """Return the hint that *command* writes a file to be played elsewhere, and to try *again* before."""
    return f"{'play it again, or ' if again else ''}make a file and play it elsewhere: {command}"


class NoSoundError(VoiceguideError):
    """Nothing can be heard here. *again* says that another try may help; a file can be played elsewhere in any case."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message, hint=instead(again=again))
        self.again = again


class Source(Protocol):
    """What a live output asks for sound: interleaved 16 bit stereo, little endian, at *rate* frames a second."""

    @property
    def rate(self) -> int:
        """Frames a second."""

    def pull(self, frames: int) -> bytes:
        """Return the next *frames*, at once, from any thread."""


class Silence:
    """A source that only shows whether there is a device."""

    rate = 48_000

    def pull(self, frames: int) -> bytes:
        """Return silence."""
        return bytes(frames * FRAME_BYTES)


@dataclass(frozen=True)
class Buffer:
    """Finished sound: *data* as a `Source` gives it, all at once."""

    data: bytes
    rate: int


S = TypeVar("S")


class Output(ABC, Generic[S]):
    """A way to make sound heard: a `LiveOutput` or a `WholeOutput`, which differ in what they play.

    A subclass of one of them gives the class variables, `status`, `_start` and `_stop`. Nothing heavy may be imported
    before `_start`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    rank: ClassVar[int]
    """`auto` takes the ready output with the highest rank."""
    plugged: bool = False
    """Whether it came from another package."""

    @abstractmethod
    def status(self) -> Status:
        """Tell whether this output can be used here, in a few milliseconds, raising nothing."""

    @abstractmethod
    def _start(self, source: S) -> None:
        """Open the device and begin to play *source*; raise OSError, with the reason, if there is none."""

    @abstractmethod
    def _stop(self) -> None:
        """Stop at once and let the device go, wherever `_start` got to."""

    @abstractmethod
    def _trial(self) -> S:
        """Return a little silence."""

    def start(self, source: S) -> None:
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
            raise NoSoundError(f"there is no sound device to play on ({self.name}: {error})") from error
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """Find out, in about 0.2 s, whether there is a device, by opening it. Raises VoiceguideError like `start`."""
        self.start(self._trial())
        self.stop()

    def stop(self) -> None:
        """Stop playing and let the device go. It never fails, and may be called again."""
        with suppress(OSError):
            self._stop()


@dataclass(frozen=True)
class Device:
    """A sound device by its *name*; *usual* is the one that is used unless another is chosen."""

    name: str
    usual: bool = False


class LiveOutput(Output[Source]):
    """Asks for sound while it plays: that asking is the clock."""

    latency_ms: int = 0
    """How much sound the device keeps: if it asks later than that, it has run dry. 0 where that is not known."""
    device: str = ""
    """The device that was chosen, by its name or a part of it; else the system chooses."""
    on_move: Callable[[], None] | None = None
    """What is to be called, from any thread, when the sound has moved to another device while it plays."""

    def devices(self) -> tuple[Device, ...]:
        """Return the devices that can be chosen, none if this output does not know. Raises OSError."""
        return ()

    def choose(self, device: str = "", latency_ms: int = 0) -> None:
        """Play on *device*, keeping *latency_ms* there, from the next start on; nothing given, as it was."""
        self.device = device or self.device

    def _trial(self) -> Source:
        return Silence()


class WholeOutput(Output[Buffer]):
    """Plays one finished buffer: it cannot hold or move."""

    @abstractmethod
    def played(self) -> int | None:
        """Return how many frames have been heard, or None at the end."""

    def _trial(self) -> Buffer:
        return Buffer(bytes(Silence.rate // 100 * FRAME_BYTES), Silence.rate)


AnyOutput = LiveOutput | WholeOutput


def _guarded(name: str, output: AnyOutput) -> AnyOutput:
    from voiceguide.play.guarded import guarded

    return guarded(name, output)


OUTPUTS: Door[AnyOutput] = Door("voiceguide.outputs", Output, "output", instead(), _guarded)  # type: ignore[arg-type]
installed_outputs = OUTPUTS.installed


def pick_output(name: str) -> AnyOutput:
    """Return the output called *name*, or for `auto` the best one that is ready, and opens if it is a plug-in.

    Raises VoiceguideError, with the output's own hint, if it is unknown or not ready; NoSoundError if none is.
    """
    for output in OUTPUTS.ready() if name == "auto" else ():
        try:
            if output.plugged:
                output.check()
        except VoiceguideError as error:
            logging.getLogger("voiceguide").warning("%s", error.message)
            continue
        return output
    try:
        return OUTPUTS.pick(name)
    except NoneReadyError as error:
        raise NoSoundError(error.message) from error


@lru_cache(maxsize=1)
def quieten_alsa() -> Any:
    """Keep ALSA from printing for the rest of the process; what it reports as a result is still seen.

    Returns the silent handler, which the cache keeps alive, or None where there is no ALSA.
    """
    if sys.platform != "linux":
        return None
    kind = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    silent = kind(lambda *_: None)
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(silent)
    except (OSError, AttributeError):
        return None
    return silent
