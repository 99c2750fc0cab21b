"""What stands between an engine and all who use it: whatever the engine does, it is an answer or a PluginError.

Nothing else is called on an engine that came through the door. `Engine.speak` is inherited: it asks `_speak` here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, get_args

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.plugins import LONGEST, PluginError, State, Status, call, elsewhere, shown, wrong
from voiceguide.speech.engine import Engine, Voice
from voiceguide.speech.voice_files import Flaw

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.clips import Utterance

MOST_VOICES = 10_000
T = TypeVar("T")


class GuardedEngine(Engine):
    """An engine that answers in time and in the right types, or fails by name."""

    def __init__(self, name: str, inner: Engine) -> None:
        """Take what *inner* says of itself. Raises TypeError if it is not what an engine says."""
        self._inner = inner
        self._hung: PluginError | None = None
        self._own = type(inner).__module__.startswith("voiceguide.")
        self.name, self.title = name, shown(inner.title)  # type: ignore[misc]
        self.rank, self.gap_ms = inner.rank, inner.gap_ms  # type: ignore[misc]
        self.padded, self.deterministic = bool(inner.padded), bool(inner.deterministic)  # type: ignore[misc]
        self.patience_s = inner.patience_s  # type: ignore[misc]
        numbers = {"rank": self.rank, "gap_ms": self.gap_ms, "patience_s": self.patience_s}
        for what, number in numbers.items():
            if not isinstance(number, int | float) or not math.isfinite(number):
                raise TypeError(f"its {what} is no number")

    def status(self) -> Status:
        """Return its status, or `failed` with what it did instead of telling it."""
        try:
            found = self._ask("status", self._inner.status)
            if not isinstance(found, Status) or found.state not in get_args(State):
                raise wrong(self.name, "status", getattr(found, "state", found), "a Status")
        except VoiceguideError as error:
            return Status("failed", error.message)
        return Status(found.state, shown(found.hint))

    def voices(self) -> tuple[Voice, ...]:
        """Return its voices, each id once. Raises VoiceguideError if they cannot be had."""
        found = self._ask("voices", lambda: _listed(self._inner.voices()))
        known = [voice for voice in found or () if isinstance(voice, Voice)]
        if found is None or len(known) != len(found):
            odd = next((voice for voice in found or () if not isinstance(voice, Voice)), None)
            raise wrong(self.name, "voices", odd, "Voices")
        for voice in known:
            for text in (voice.id, voice.title, voice.language, voice.licence):
                if not isinstance(text, str) or not text.isprintable() or len(text) > LONGEST:
                    raise wrong(self.name, "voices", text, f"texts of up to {LONGEST} signs that can be printed")
        return tuple({voice.id: voice for voice in reversed(known) if voice.id}.values())[::-1]

    def flaws(self) -> tuple[Flaw, ...]:
        """Return its flaws, if it tells any."""
        with suppress(VoiceguideError):
            found = self._ask("flaws", lambda: _listed(self._inner.flaws())) or ()
            return tuple(flaw for flaw in found if isinstance(flaw, Flaw))
        return ()

    def fingerprint(self, voice: str) -> str:
        """Return its fingerprint."""
        return self._text("fingerprint", lambda: self._inner.fingerprint(voice))

    def pick_voice(self, wanted: str, language: str) -> str:
        """Return the voice that it picks. Raises PluginError if there is none."""
        if type(self._inner).pick_voice is Engine.pick_voice:
            found = super().pick_voice(wanted, language)
        else:
            found = self._text("pick_voice", lambda: self._inner.pick_voice(wanted, language))
        if not found:
            raise PluginError(f"{self.name} says that it is ready and has no voice", hint=elsewhere(self.name))
        return found

    def other_voice(self, taken: Collection[str], language: str) -> str:
        """Return another voice that it has."""
        if type(self._inner).other_voice is Engine.other_voice:
            return super().other_voice(taken, language)
        return self._text("other_voice", lambda: self._inner.other_voice(taken, language))

    def workers(self, cores: int) -> int:
        """Return how many threads it likes, at least 1."""
        found = self._ask("workers", lambda: self._inner.workers(cores))
        if type(found) is not int:
            raise wrong(self.name, "workers", found, "a number of threads")
        return max(1, found)

    def close(self) -> None:
        """Have it let go; what goes wrong there does not matter any more."""
        with suppress(VoiceguideError):
            self._ask("close", self._inner.close)

    def speak(self, utterance: Utterance, voice: str) -> tuple[NDArray[np.float32], int]:
        """Return what `Engine.speak` does; raises PluginError if the engine gives nothing that can be heard."""
        try:
            return super().speak(utterance, voice)
        except (PluginError, UsageError):
            raise
        except VoiceguideError as error:
            raise PluginError(error.message, hint=error.hint) from error

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        def speak() -> tuple[NDArray[np.float32], int]:
            return self._inner._speak(sentence, voice, pace_wpm)

        # without a limit: one that hangs cannot be told from one that is slow
        return call(self.name, "_speak", speak, patience_s=None, apart=not self._own)

    def _length(self, sentence: str, voice: str, pace_wpm: int) -> tuple[int, int] | None:
        def length() -> tuple[int, int] | None:
            return self._inner._length(sentence, voice, pace_wpm)

        found = call(self.name, "_length", length, patience_s=None, apart=not self._own)
        if found is None:
            return None
        if not isinstance(found, tuple) or [type(number) for number in found] != [int, int] or min(found) < 1:
            raise wrong(self.name, "_length", found, "a number of samples and a rate")
        return found

    def _text(self, what: str, work: Callable[[], str]) -> str:
        found = self._ask(what, work)
        if not isinstance(found, str):
            raise wrong(self.name, what, found, "a text")
        return found

    def _ask(self, what: str, work: Callable[[], T]) -> T:
        """Return what *work* gives; one that has hung is not asked again."""
        if self._hung:
            raise self._hung
        try:
            return call(self.name, what, work, patience_s=self.patience_s, apart=not self._own)
        except PluginError as error:
            if error.__cause__ is None:
                self._hung = error
            raise


def _listed(found: object) -> list[object] | None:
    return None if found is None else list(islice(found, MOST_VOICES))  # type: ignore[call-overload]
