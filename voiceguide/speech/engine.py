"""Engines: the one door through which voices come, built-in or not.

An engine is a class named by an entry point of the group `voiceguide.engines`. It says whether it is ready without
loading anything heavy, lists its voices, and turns one sentence into samples. Everything around that (trimming,
pauses between sentences, checking) is done once, in `Engine.speak`.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.nouns import dataclass
from voiceguide.plugins import PATIENCE_S, Door, NoneReadyError, Status
from voiceguide.speech.reply import ReplyError, speech_of
from voiceguide.units import resampled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.clips import Utterance
    from voiceguide.speech.voice_files import Flaw


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Voice:
    """A voice of an engine. *id* is what `--voice` takes; *language* is BCP 47."""

    id: str
    title: str
    language: str
    licence: str = ""


class Engine(ABC):
    """A way to turn text into speech.

    A subclass gives the class variables, `status`, `voices`, `fingerprint` and `_speak`. Nothing heavy may be
    imported before `_speak` is called for the first time.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    rank: ClassVar[int]
    """`auto` takes the ready engine with the highest rank."""
    deterministic: ClassVar[bool]
    """The same utterance gives the same samples every time, in any order, in any process."""
    padded: ClassVar[bool] = True
    """Its samples come with silence around them, which `speak` trims."""
    patience_s: ClassVar[float] = PATIENCE_S
    """How long `status`, `voices` and the like may take; after that it counts as hanging, and is left behind."""
    gap_ms: ClassVar[int] = 700
    """Pause between the sentences of one utterance (docs/sources.md, speech)."""

    @abstractmethod
    def status(self) -> Status:
        """Tell whether this engine can speak here, in a few milliseconds, raising nothing."""

    @abstractmethod
    def voices(self) -> tuple[Voice, ...]:
        """List the voices that can be used now, the default one first."""

    def flaws(self) -> tuple[Flaw, ...]:
        """List the files that should be voices of this engine and cannot be used."""
        return ()

    @abstractmethod
    def fingerprint(self, voice: str) -> str:
        """Return everything about this engine and *voice* that shapes the sound: versions, model hash, settings."""

    @abstractmethod
    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        """Return the mono samples of one sentence, float32 in -1..1, and their rate in Hz."""

    def _length(self, sentence: str, voice: str, pace_wpm: int) -> tuple[int, int] | None:
        """Return how many samples `_speak` will give for *sentence*, and their rate in Hz, or None if that is not sure.

        An engine that tells must tell in a fraction of the time of speaking, and must not be `padded`.
        """
        return None

    def foretell(self, utterance: Utterance, voice: str, rate: int) -> int | None:
        """Return how many frames at *rate* Hz the finished clip of *utterance* has, if that is sure without speaking.

        It has the frames of its sentences, `gap_ms` between them, brought to *rate*.
        """
        frames = hz = 0
        for number, sentence in enumerate(utterance.sentences):
            told = self._length(sentence, voice, utterance.pace_wpm)
            if told is None or (number and told[1] != hz):
                return None
            length, hz = told
            frames += length + (hz * self.gap_ms // 1000 if number else 0)
        return resampled(frames, hz, rate) if hz else None

    def workers(self, cores: int) -> int:
        """Return how many threads may call `speak` at once to use *cores* cores well."""
        return cores

    def close(self) -> None:  # noqa: B027 - most engines hold nothing
        """Let go of models and child processes. The engine may be used again afterwards."""

    def pick_voice(self, wanted: str, language: str) -> str:
        """Return the id of *wanted*, or of the first voice that speaks *language*, or of the first one.

        Raises VoiceguideError if *wanted* is not among the voices, or is one that cannot be used.
        """
        known = self.voices()
        if wanted:
            if any(voice.id == wanted for voice in known):
                return wanted
            for flaw in self.flaws():
                if flaw.path.name.startswith(f"{wanted}."):
                    raise VoiceguideError(f"the voice {wanted} cannot be used: {flaw}", hint=flaw.hint)
            names = ", ".join(voice.id for voice in known[:12]) or "none"
            raise UsageError(f"{self.name} has no voice {wanted!r}", hint=f"it has: {names}")
        fitting = [voice for voice in known if speaks(voice, language)]
        exact = [voice for voice in fitting if voice.language.lower() == language.lower()]
        chosen = (*exact, *fitting, *known)
        return chosen[0].id if chosen else ""

    def other_voice(self, taken: Collection[str], language: str) -> str:
        """Return the id of a voice for *language* that is not among *taken*, or the last of these if there is none."""
        others = [known.id for known in self.voices() if known.id not in taken and speaks(known, language)]
        return others[0] if others else list(taken)[-1]

    def speak(self, utterance: Utterance, voice: str) -> tuple[NDArray[np.float32], int]:
        """Return the mono samples of *utterance*, float32 in -1..1, and their rate in Hz.

        1. Each of its sentences is spoken by `_speak`. 2. What comes is checked (`reply.py`):
        mono or made so, one rate, finite, not silent, not endless. 3. Silence around it is trimmed if the engine
        pads. 4. They are joined with `gap_ms` between them.

        Raises VoiceguideError if the engine gives nothing that can be heard.
        """
        import numpy as np

        from voiceguide.audio.clip import trim

        parts: list[NDArray[np.float32]] = []
        rate = 0
        for sentence in utterance.sentences:
            try:
                samples, hz = speech_of(self._speak(sentence, voice, utterance.pace_wpm), sentence)
                if rate and hz != rate:
                    raise ReplyError(f"a rate of {hz} Hz, after {rate} Hz for the sentence before")
            except ReplyError as error:
                raise VoiceguideError(
                    f"{self.name} gave no usable sound for {sentence!r}: {error}",
                    hint="try another voice or --engine espeak",
                ) from error
            if self.padded:
                samples = trim(samples, hz)
            if parts:
                parts.append(np.zeros(hz * self.gap_ms // 1000, np.float32))
            parts.append(samples)
            rate = hz
        if not parts:
            raise VoiceguideError(f"there is nothing to say in {utterance.text!r}")
        return np.concatenate(parts), rate


_SAME = {"cmn": "zh", "nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi"}
"""Languages that are called by two names."""


def speaks(voice: Voice, language: str) -> bool:
    """Tell whether *voice* speaks *language*, of whatever region; one of `mul` speaks all."""
    known, asked = (_SAME.get(base, base) for base in (tag.split("-")[0].lower() for tag in (voice.language, language)))
    return known in (asked, "mul")


def _guarded(name: str, engine: Engine) -> Engine:
    from voiceguide.speech.guarded import GuardedEngine

    return GuardedEngine(name, engine)


ENGINES = Door("voiceguide.engines", Engine, "engine", "run `voiceguide voices` to see why", _guarded)  # type: ignore[type-abstract]
installed = ENGINES.installed


def pick_engine(name: str, language: str = "", voice: str = "", without: Collection[str] = ()) -> Engine:
    """Return the engine called *name*.

    For `auto` it is the best one that is ready and has the *voice* asked for, or a voice for *language*, or else the
    best one that has any; those called *without* do not count. An engine of tones speaks no language in particular.

    Raises VoiceguideError, with the engine's own hint, if it is unknown or not ready.
    """
    if name != "auto":
        log.debug("engine %s: as asked for", name)
        return ENGINES.pick(name)
    best: Engine | None = None
    for engine, known in _speaking(without):
        best = best or engine
        if voice:
            with suppress(VoiceguideError):
                engine.pick_voice(voice, language)
                log.debug("engine %s: the best that is ready and has the voice %s", engine.name, voice)
                return engine
        elif not language or has_language(known, language):
            log.debug("engine %s: the best that is ready and has a voice for %s", engine.name, language or "something")
            return engine
        log.debug("engine %s is passed over: it has no voice %s", engine.name, voice or f"for {language}")
    if best is None:
        raise NoneReadyError(f"no {ENGINES.noun} is ready", hint=ENGINES.instead)
    log.debug("engine %s: the best that is ready; none has a voice %s", best.name, voice or f"for {language}")
    return best


def _speaking(without: Collection[str] = ()) -> Iterator[tuple[Engine, tuple[Voice, ...]]]:
    """Yield the engines that are ready with their voices, best first; `voiceguide voices` says why others are not."""
    for engine in ENGINES.ready(without):
        with suppress(VoiceguideError):
            if known := engine.voices():
                yield engine, known


def has_language(voices: Collection[Voice], language: str) -> bool:
    """Tell whether one of *voices* speaks *language* in particular."""
    return any(voice.language != "mul" and speaks(voice, language) for voice in voices)


def foreign(engine: Engine, voice: str, language: str) -> str:
    """Return what to say if *voice* of *engine* does not speak *language*, as the end of a sentence, or nothing."""
    known = {one.id: one for one in engine.voices()}
    spoken = known.get(voice) or known.get(voice.partition("+")[0])
    if spoken is None or spoken.language == "und" or speaks(spoken, language):
        return ""
    own = [f"--voice {one.id}" for one in known.values() if speaks(one, language)]
    others = (f"--engine {other.name}" for other, voices in _speaking([engine.name]) if has_language(voices, language))
    way = next(chain(own, others), "no engine that is ready here does: docs/engines.md, Adding voices")
    return f"speaks {spoken.language}, and the script is in {language}: {way}"
