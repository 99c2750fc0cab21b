"""Plug-ins: the one way in which engines and outputs come, built-in or not.

A plug-in is a class named by an entry point and made without arguments. It says whether it is ready without loading
anything heavy. One that cannot even be loaded is a record with a hint, never a crash.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext, suppress
from functools import lru_cache, partial
from threading import Lock, Thread, current_thread, main_thread
from typing import Generic, Literal, Protocol, TypeVar

from voiceguide.columns import line
from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.entries import Entry, entries_of
from voiceguide.nouns import dataclass

SILENT = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
"""What keeps onnxruntime (1.32 and later), huggingface_hub and others from reporting what is done with them."""
log = logging.getLogger(__name__)
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


class PluginError(VoiceguideError):
    """A plug-in did what it must not: the message names it and says what it did."""


PATIENCE_S = 5.0
"""How long a plug-in may take to answer what it should answer in milliseconds."""
LONGEST = 200
"""Signs of a text from a plug-in that are shown."""
T = TypeVar("T")


def shown(text: object) -> str:
    """Return a text from a plug-in in one line, not too long, without anything that acts on a terminal."""
    return line(" ".join(str(text)[: 5 * LONGEST].split()))[:LONGEST]


def said(error: BaseException) -> str:
    """Return the type and the words of *error*, which may have been made to harm too."""
    kind = type(error).__name__
    with suppress(BaseException):
        return shown(f"{kind}: {error}") if str(error) else kind
    return kind


def call(
    who: str,
    what: str,
    work: Callable[[], T],
    *,
    patience_s: float | None = PATIENCE_S,
    passing: tuple[type[BaseException], ...] = (VoiceguideError,),
    apart: bool = True,
) -> T:
    """Return what *work*, a call into the plug-in *who*, gives within *patience_s*; without one, it runs right here.

    1. What it prints goes to standard error, if *apart*, so that a command's output is its own. 2. It runs in a thread
    of its own: so one that hangs is left behind, and what asks to end the process is the plug-in's doing and not the
    listener's. 3. What it raises, but for *passing*, becomes a PluginError that says who did what.
    """
    outcome: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            raised.append(error)

    with _Apart() if apart else nullcontext():
        if patience_s is None:
            run()
        else:
            thread = Thread(target=run, name=f"voiceguide asks {who}", daemon=True)
            thread.start()
            thread.join(patience_s)
    if outcome:
        return outcome[0]
    if not raised:
        raise PluginError(f"{who} hangs: {what} gives no answer in {patience_s:g} s", hint=elsewhere(who))
    (error,) = raised
    interrupted = isinstance(error, KeyboardInterrupt) and patience_s is None and current_thread() is main_thread()
    if isinstance(error, passing) or interrupted:
        raise error
    raise PluginError(f"{who} fails: {what} raises {said(error)}", hint=elsewhere(who)) from error


def wrong(who: str, what: str, found: object, wanted: str) -> PluginError:
    """Return the error that *what* of the plug-in *who* gave *found*, which is no *wanted*."""
    return PluginError(f"{who} fails: {what} gives {_kind(found)}, not {wanted}", hint=elsewhere(who))


def _kind(found: object) -> str:
    return "None" if found is None else f"{'an' if type(found).__name__[:1] in 'aeiou' else 'a'} {type(found).__name__}"


def elsewhere(who: str) -> str:
    """Return the hint to do without the plug-in *who*."""
    return f"use another one, and tell the makers of {who}, or uninstall it"


class _Apart:
    """Has all that is printed go to standard error while any plug-in is being asked."""

    _lock, _within, _stdout = Lock(), 0, sys.stdout

    def __enter__(self) -> None:
        with _Apart._lock:
            if not _Apart._within:
                _Apart._stdout = sys.stdout
                sys.stdout = sys.stderr
            _Apart._within += 1

    def __exit__(self, *_: object) -> None:
        with _Apart._lock:
            _Apart._within -= 1
            if not _Apart._within:
                sys.stdout = _Apart._stdout


P = TypeVar("P", bound=Plugin)


@dataclass(frozen=True)
class Door(Generic[P]):
    """The plug-ins of one entry point *group*, each a *kind*; *noun* and *instead* are for messages.

    *guard* stands between one and all who use it: it is made of the name and the plug-in, and is of the same kind.
    """

    group: str
    kind: type[P]
    noun: str
    instead: str
    guard: Callable[[str, P], P] = lambda name, plugin: plugin

    def installed(self) -> tuple[P | Broken, ...]:
        """Return every plug-in an entry point names, best first, and a record for each that could not be loaded."""
        return _installed(self)

    def ready(self, without: Collection[str] = ()) -> Iterator[P]:
        """Yield the plug-ins that are ready, best first, but for those called *without*."""
        for plugin in self.installed():
            if plugin.name in without:
                continue
            status = plugin.status()
            if isinstance(plugin, self.kind) and status.state == "ready":
                yield plugin
            else:
                why = f"{status.state}; {status.hint}" if status.hint else status.state
                log.debug("%s %s is passed over: %s", self.noun, plugin.name, why)

    def pick(self, name: str, without: Collection[str] = ()) -> P:
        """Return the plug-in called *name*, or for `auto` the best one that is ready, but for those called *without*.

        Raises VoiceguideError, with the plug-in's own hint, if it is unknown or not ready.
        """
        if name == "auto":
            best = next(self.ready(without), None)
            if best is None:
                raise NoneReadyError(f"no {self.noun} is ready", hint=self.instead)
            log.debug("%s %s: the best that is ready", self.noun, best.name)
            return best
        known = self.installed()
        for plugin in known:
            if plugin.name == name:
                status = plugin.status()
                if isinstance(plugin, self.kind) and status.state == "ready":
                    return plugin
                raise VoiceguideError(f"the {self.noun} {name} is not ready ({status.state})", hint=status.hint)
        names = ", ".join(plugin.name for plugin in known)
        raise UsageError(f"there is no {self.noun} {name!r}", hint=f"there are: auto, {names}")


@lru_cache(maxsize=8)
def _installed(door: Door[P]) -> tuple[P | Broken, ...]:
    send_nothing()
    found: dict[str, P | Broken] = {}
    entries: dict[str, Entry] = {}
    for entry in sorted(entries_of(door.group), key=_is_foreign):
        name = shown(entry.name)
        if name in entries and entry.value == entries[name].value:
            continue
        first, name = entries.get(name), _free(name, found)
        entries[name] = entry
        try:
            if first or name == "auto":
                raise ValueError(f"{shown(entry.value)} is called like {first.value if first else 'no plug-in may be'}")
            found[name] = call(name, "loading it", partial(_load, door, name, entry))
        except PluginError as error:
            cause = error.__cause__
            found[name] = Broken(name, Status("failed", said(cause) if cause else error.message))
        except Exception as error:  # a plug-in may fail in any way; that is its record, not our crash
            found[name] = Broken(name, Status("failed", said(error)))
    return tuple(
        sorted(found.values(), key=lambda p: (1, 0, p.name) if isinstance(p, Broken) else (0, -p.rank, p.name))
    )


def _load(door: Door[P], name: str, entry: Entry) -> P:
    made = entry.load()()
    if not isinstance(made, door.kind):
        raise TypeError(f"{entry.value} is no {door.kind.__name__}")
    return door.guard(name, made)


def _free(name: str, taken: Collection[str]) -> str:
    """Return *name*, or with a number after it if it is taken."""
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def _is_foreign(entry: Entry) -> bool:
    return not entry.value.startswith("voiceguide.")
