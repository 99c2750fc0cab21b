"""Plug-ins: the one way in which engines and outputs come, built-in or not.

A plug-in is a class named by an entry point and made without arguments. It says whether it is ready without loading
anything heavy. One that cannot even be loaded is a record with a hint, never a crash.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Generic, Literal, Protocol, TypeVar

from voiceguide.diagnostics import UsageError, VoiceguideError

SILENT = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
"""What keeps onnxruntime (1.32 and later), huggingface_hub and others from reporting what is done with them."""
State = Literal["ready", "missing-library", "no-voices", "failed"]


def send_nothing() -> None:
    """Tell all libraries of this process, and of those that it starts, to report nothing to their makers.

    It must be said before they are imported. So it is said before any plug-in is loaded, which may import them.
    """
    os.environ.update(SILENT)


@dataclass(frozen=True)
class Status:
    """Whether a plug-in can be used here, and if not, what to do about it."""

    state: State
    hint: str = ""


@dataclass(frozen=True)
class Broken:
    """A plug-in that could not be loaded."""

    name: str
    reason: Status

    def status(self) -> Status:
        """Tell why."""
        return self.reason


class Plugin(Protocol):
    """What every plug-in has."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    @property
    def rank(self) -> int:
        """`auto` takes the ready one with the highest rank."""

    def status(self) -> Status:
        """Tell whether it can be used here, in a few milliseconds, raising nothing."""


class NoneReadyError(VoiceguideError):
    """No plug-in of a kind can be used here."""


P = TypeVar("P", bound=Plugin)


@dataclass(frozen=True)
class Door(Generic[P]):
    """The plug-ins of one entry point *group*, each a *kind*; *noun* and *instead* are for messages."""

    group: str
    kind: type[P]
    noun: str
    instead: str

    def installed(self) -> tuple[P | Broken, ...]:
        """Return every plug-in an entry point names, best first, and a record for each that could not be loaded."""
        return _installed(self)

    def pick(self, name: str) -> P:
        """Return the plug-in called *name*, or for `auto` the best one that is ready.

        Raises VoiceguideError, with the plug-in's own hint, if it is unknown or not ready.
        """
        known = self.installed()
        for plugin in known:
            ready = isinstance(plugin, self.kind) and name in ("auto", plugin.name) and plugin.status().state == "ready"
            if ready and isinstance(plugin, self.kind):
                return plugin
            if plugin.name == name:
                status = plugin.status()
                raise VoiceguideError(f"the {self.noun} {name} is not ready ({status.state})", hint=status.hint)
        if name == "auto":
            raise NoneReadyError(f"no {self.noun} is ready", hint=self.instead)
        names = ", ".join(plugin.name for plugin in known)
        raise UsageError(f"there is no {self.noun} {name!r}", hint=f"there are: auto, {names}")


@lru_cache(maxsize=8)
def _installed(door: Door[P]) -> tuple[P | Broken, ...]:
    send_nothing()
    found: dict[str, P | Broken] = {}
    for entry in entry_points(group=door.group):
        try:
            made = entry.load()()
            if not isinstance(made, door.kind):
                raise TypeError(f"{entry.value} is no {door.kind.__name__}")
            found[entry.name] = made
        except Exception as error:  # a plug-in may fail in any way; that is its record, not our crash
            found[entry.name] = Broken(entry.name, Status("failed", f"{type(error).__name__}: {error}"))
    return tuple(sorted(found.values(), key=lambda p: (1 if isinstance(p, Broken) else -p.rank, p.name)))
