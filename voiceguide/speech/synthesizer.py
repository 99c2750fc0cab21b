"""The synthesizer: speaks what is missing, on all cores, and keeps it in the cache."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from voiceguide.clips import Recording, Speech, Utterance
from voiceguide.diagnostics import Progress, VoiceguideError, no_progress
from voiceguide.nouns import dataclass
from voiceguide.plugins import PluginError, elsewhere
from voiceguide.speech.cache import ClipCache, Head, Kept, digest
from voiceguide.speech.engine import Engine
from voiceguide.units import resampled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)
S = TypeVar("S", bound=Speech)
T = TypeVar("T")
LOOK_S = 0.1
"""How often it looks whether anybody still needs it."""
OFF_MS = 50
"""How much a clip may be longer or shorter than was foretold."""
LEAVE_S = 0.5
"""How long sentences that are being spoken may take to come to their end after Ctrl-C."""


class StoppedError(Exception):
    """Nobody needs any more what was being made."""


def _no_samples(name: str) -> tuple[NDArray[np.float32], int]:
    raise VoiceguideError(f"there is no recording {name!r}")


@dataclass(frozen=True)
class Recordings:
    """Where recordings come from: a hash of the content by name, and the mono samples with their rate in Hz.

    Both raise VoiceguideError if there is no such recording.
    """

    fingerprint: Callable[[str], str] = str
    samples: Callable[[str], tuple[NDArray[np.float32], int]] = _no_samples


@dataclass(eq=False)
class Synthesizer:
    """One engine, finishing clips at one rate: in *voice*, or in that of their speaker among *speakers*.

    *recordings* gives what is heard in place of speech.
    """

    engine: Engine
    voice: str
    rate: int
    cache: ClipCache
    speakers: Mapping[str, str] = field(default_factory=dict)
    recordings: Recordings = Recordings()

    def __post_init__(self) -> None:
        self._stops = 0
        self._shapers = lru_cache(maxsize=None)(self._voice_shapers)
        self._recorded = lru_cache(maxsize=None)(self.recordings.fingerprint)
        self._addresses = lru_cache(maxsize=None)(self._address)

    def stop(self) -> None:
        """Have whoever waits for clips or lengths in other threads wait no longer: StoppedError is raised there."""
        self._stops += 1

    def voice_of(self, utterance: Utterance) -> str:
        """Return the id of the voice that says *utterance*."""
        return self.speakers.get(utterance.speaker, self.voice)

    def _voice_shapers(self, voice: str) -> tuple[object, ...]:
        engine = self.engine
        return (engine.name, engine.fingerprint(voice), voice, engine.gap_ms, self.rate)

    @cached_property
    def _lengths(self) -> dict[str, int]:
        return self.cache.lengths()

    def address(self, speech: Speech) -> str:
        """Return where the clip of *speech* is kept: a hash of everything that shapes it.

        Raises VoiceguideError if it is a recording that is not there.
        """
        return self._addresses(speech)

    def _address(self, speech: Speech) -> str:
        if isinstance(speech, Recording):
            return digest("recording", self._recorded(speech.name), self.rate)
        return digest("speech", *self._shapers(self.voice_of(speech)), *speech.sentences, speech.pace_wpm)

    def lengths(self, speech: Iterable[Speech], progress: Progress = no_progress) -> dict[Speech, int]:
        """Return the frames of every clip; those that are not known are foretold, or spoken if that cannot be.

        Raises VoiceguideError if the engine fails; what was known before stays known.
        """
        found = {each: self.known_length(each) for each in speech}
        unknown = [each for each, frames in found.items() if frames is None]
        if unknown:
            self._foretell([each for each in unknown if isinstance(each, Utterance)], progress)
            found |= {each: self.known_length(each) for each in unknown}
        heads = self.heads([each for each, frames in found.items() if frames is None], progress)
        return {each: heads[each].frames if frames is None else frames for each, frames in found.items()}

    def known_length(self, speech: Speech) -> int | None:
        """Return the frames of the clip of *speech* if they were foretold, or it is in the cache; else None."""
        address = self.address(speech)
        if address not in self._lengths and (head := self.cache.head(address)):
            self._lengths[address] = head.frames
        return self._lengths.get(address)

    def _foretell(self, unknown: list[Utterance], progress: Progress) -> None:
        """Find out the lengths of *unknown*, as far as the engine can tell them without speaking."""
        if not unknown or self._foretold(shortest := min(unknown, key=_size)) is None:
            return
        log.debug("the lengths of %d clips are foretold", len(unknown))
        self._on_all_cores(self._foretold, [one for one in unknown if one != shortest], progress, "measuring words")
        self.cache.add_lengths({key: self._lengths[key] for key in map(self.address, unknown) if key in self._lengths})

    def _foretold(self, speech: Utterance) -> int | None:
        frames = self.engine.foretell(speech, self.voice_of(speech), self.rate)
        if frames is not None:
            self._lengths[self.address(speech)] = frames
        return frames

    def heads(self, speech: Iterable[Speech], progress: Progress = no_progress) -> dict[Speech, Head]:
        """Return the numbers of every clip, speaking those that are not in the cache.

        Raises VoiceguideError if the engine fails; clips that were finished before stay in the cache.
        """
        found = {each: self.cache.head(self.address(each)) for each in speech}
        missing = [each for each, head in found.items() if head is None]
        if found:
            log.debug("%d of %d clips are in the cache", len(found) - len(missing), len(found))
        if missing:
            made = self._on_all_cores(self.speak, missing, progress, "speaking")
            found |= {each: kept.head for each, kept in made.items()}
            log.debug("%d clips are spoken", len(missing))
            self.cache.prune()
        return {each: head for each, head in found.items() if head is not None}

    def _on_all_cores(self, work: Callable[[S], T], items: Iterable[S], progress: Progress, doing: str) -> dict[S, T]:
        """Return what *work* makes of each of *items*, as many at once as the engine likes."""
        from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

        # the longest first: then no core is left with a long one at the end
        ordered = sorted(items, key=_size, reverse=True)
        done: dict[S, T] = {}
        progress(doing, 0, len(ordered))
        stops = self._stops
        pool = ThreadPoolExecutor(max(1, min(self.engine.workers(os.cpu_count() or 1), len(ordered))))
        jobs = {pool.submit(work, each): each for each in ordered}
        try:
            left = set(jobs)
            while left:
                ready, left = wait(left, LOOK_S, FIRST_COMPLETED)
                if self._stops != stops:
                    raise StoppedError
                for job in ready:
                    done[jobs[job]] = job.result()
                    progress(doing, len(done), len(ordered))
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, StoppedError):
                pool.shutdown(cancel_futures=True)
                raise
            # Ctrl-C, or nobody needs it any more: a sentence may take longer than anybody waits
            pool.shutdown(wait=False, cancel_futures=True)
            end = time.monotonic() + LEAVE_S
            while (left := {job for job in jobs if job.running()}) and time.monotonic() < end:
                self.engine.close()  # again and again: a child process may have been about to begin
                wait(left, LEAVE_S / 10)
            raise
        pool.shutdown()
        return done

    def speak(self, speech: Speech) -> Kept:
        """Speak *speech*, put its finished clip into the cache, and return it; two threads do not make it twice."""
        return self.cache.made(self.address(speech), lambda: self._speak(speech))

    def _speak(self, speech: Speech) -> Kept:
        from voiceguide.audio.level import speech_clip

        if isinstance(speech, Recording):
            samples, source_hz = self.recordings.samples(speech.name)
            notes = {"text": speech.name}
        else:
            voice = self.voice_of(speech)
            samples, source_hz = self._as_foretold(speech, *self.engine.speak(speech, voice))
            notes = {"text": speech.text, "engine": self.engine.name, "voice": voice}
        return self.cache.put(self.address(speech), speech_clip(samples, source_hz, self.rate), **notes)

    def _as_foretold(self, speech: Utterance, samples: NDArray[np.float32], hz: int) -> tuple[NDArray[np.float32], int]:
        """Return the *samples* of *speech*, as long as was foretold, if it was: sessions are planned with that length.

        Another processor may round otherwise: a few milliseconds of silence more or less are no fault. Raises
        PluginError if it is off by more than `OFF_MS`.
        """
        import numpy as np

        foretold = self._lengths.get(self.address(speech))
        if foretold is None or foretold == (made := resampled(len(samples), hz, self.rate)):
            return samples, hz
        near = foretold * hz // self.rate
        frames = next((n for n in range(near - 1, near + 3) if resampled(n, hz, self.rate) == foretold), 0)
        if abs(made - foretold) * 1000 > OFF_MS * self.rate or not frames:
            who, rule = self.engine.name, f"foretells {foretold} frames for {speech.text!r} and gives {made}"
            raise PluginError(f"{who} fails: it {rule}", hint=elsewhere(who))
        return np.pad(samples[:frames], (0, max(0, frames - len(samples)))), hz


def _size(speech: Speech) -> int:
    return len(speech.text) if isinstance(speech, Utterance) else 0
