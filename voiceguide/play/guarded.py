"""What stands between an output and all who use it: whatever the output does, it is an answer or a PluginError."""

from __future__ import annotations

import logging
from typing import Any, get_args

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.output import AnyOutput, Buffer, Device, LiveOutput, Source, WholeOutput
from voiceguide.plugins import PluginError, State, Status, call, shown, wrong

START_S, STOP_S = 15.0, 2.0
"""How long a device may take to open, as a wireless one does, and to be let go."""


class _Guard:
    """What both kinds of outputs have in common."""

    _inner: Any
    name: Any

    def _describe(self, name: str, inner: AnyOutput) -> None:
        """Take what *inner* says of itself. Raises TypeError if it is not what an output says."""
        self._inner, self._hung = inner, ""
        self.plugged = not type(inner).__module__.startswith("voiceguide.")
        self.name, self.title, self.rank = name, shown(inner.title), inner.rank
        if type(self.rank) is not int:
            raise TypeError("its rank is no number")

    def status(self) -> Status:
        """Return its status, or `failed` with what it did instead of telling it."""
        try:
            found = self._hung or call(self.name, "status", self._inner.status, apart=self.plugged)
            if found == self._hung:
                return Status("failed", self._hung)
            if not isinstance(found, Status) or found.state not in get_args(State):
                raise wrong(self.name, "status", getattr(found, "state", found), "a Status")
        except VoiceguideError as error:
            self._hung = error.message
            return Status("failed", error.message)
        return Status(found.state, shown(found.hint))

    def _start(self, source: Any) -> None:
        passing = (VoiceguideError, OSError)
        call(self.name, "_start", lambda: self._inner._start(source), patience_s=START_S, passing=passing)

    def _stop(self) -> None:
        try:
            call(self.name, "_stop", self._inner._stop, patience_s=STOP_S, passing=(OSError,))
        except PluginError as error:  # there is nothing more to be had from it
            logging.getLogger("voiceguide").warning("%s", error.message)


class GuardedLive(_Guard, LiveOutput):
    """A live output that answers in time, or fails by name."""

    def __init__(self, name: str, inner: LiveOutput) -> None:
        """Take what *inner* says of itself."""
        self._describe(name, inner)
        self.latency_ms = inner.latency_ms
        if type(self.latency_ms) is not int:
            raise TypeError("its latency_ms is no number")

    def _start(self, source: Source) -> None:
        self._inner.on_move = self.on_move
        super()._start(source)

    def devices(self) -> tuple[Device, ...]:
        """Return the devices that can be chosen. Raises OSError."""
        found = call(self.name, "devices", self._inner.devices, patience_s=STOP_S, passing=(VoiceguideError, OSError))
        if not all(isinstance(device, Device) for device in found):
            raise wrong(self.name, "devices", found, "Devices")
        return tuple(Device(shown(device.name), bool(device.usual)) for device in found)

    def choose(self, device: str = "", latency_ms: int = 0) -> None:
        """Play on *device*, keeping *latency_ms* there, from the next start on."""
        call(self.name, "choose", lambda: self._inner.choose(device, latency_ms), patience_s=STOP_S)
        self.device, self.latency_ms = device or self.device, self._inner.latency_ms


class GuardedWhole(_Guard, WholeOutput):
    """An output of finished sound that answers in time, or fails by name."""

    def __init__(self, name: str, inner: WholeOutput) -> None:
        """Take what *inner* says of itself."""
        self._describe(name, inner)

    def _start(self, source: Buffer) -> None:
        super()._start(source)

    def played(self) -> int | None:
        """Return how far it is; raises PluginError if it does not tell."""
        found = call(self.name, "played", self._inner.played, apart=self.plugged)
        if found is not None and type(found) is not int:
            raise wrong(self.name, "played", found, "a number of frames")
        return found


def guarded(name: str, output: AnyOutput) -> AnyOutput:
    """Return *output* under guard. Raises TypeError if it is of neither kind."""
    if isinstance(output, LiveOutput):
        return GuardedLive(name, output)
    if isinstance(output, WholeOutput):
        return GuardedWhole(name, output)
    raise TypeError(f"{type(output).__name__} is neither a LiveOutput nor a WholeOutput")
