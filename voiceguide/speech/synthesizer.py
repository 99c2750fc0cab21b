"""The synthesizer: speaks what is missing, on all cores, and keeps it in the cache."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from voiceguide.clips import Recording, Speech, Utterance
from voiceguide.diagnostics import Progress, VoiceguideError, no_progress
from voiceguide.nouns import dataclass
from voiceguide.speech.cache import ClipCache, Head, Kept, digest
from voiceguide.speech.engine import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)
LEAVE_S = 0.5
"""How long sentences that are being spoken may take to come to their end after Ctrl-C."""


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
        self._shapers = lru_cache(maxsize=None)(self._voice_shapers)
        self._recorded = lru_cache(maxsize=None)(self.recordings.fingerprint)

    def voice_of(self, utterance: Utterance) -> str:
        """Return the id of the voice that says *utterance*."""
        return self.speakers.get(utterance.speaker, self.voice)

    def _voice_shapers(self, voice: str) -> tuple[object, ...]:
        engine = self.engine
        return (engine.name, engine.fingerprint(voice), voice, engine.gap_ms, self.rate)

    def address(self, speech: Speech) -> str:
        """Return where the clip of *speech* is kept: a hash of everything that shapes it.

        Raises VoiceguideError if it is a recording that is not there.
        """
        if isinstance(speech, Recording):
            return digest("recording", self._recorded(speech.name), self.rate)
        return digest("speech", *self._shapers(self.voice_of(speech)), *speech.sentences, speech.pace_wpm)

    def lengths(self, speech: Iterable[Speech], progress: Progress = no_progress) -> dict[Speech, int]:
        """Return the frames of every clip, speaking those that are not in the cache unless their length is sure.

        Raises VoiceguideError if the engine fails; clips that were finished before stay in the cache.
        """
        found = {s: self.engine.frames(s.text, self.rate) if isinstance(s, Utterance) else None for s in speech}
        heads = self.heads([s for s, frames in found.items() if frames is None], progress)
        return {s: heads[s].frames if frames is None else frames for s, frames in found.items()}

    def known_length(self, speech: Speech) -> int | None:
        """Return the frames of the clip of *speech* if it is in the cache, or its length is sure; else None."""
        sure = self.engine.frames(speech.text, self.rate) if isinstance(speech, Utterance) else None
        if sure is not None:
            return sure
        head = self.cache.head(self.address(speech))
        return head.frames if head else None

    def heads(self, speech: Iterable[Speech], progress: Progress = no_progress) -> dict[Speech, Head]:
        """Return the numbers of every clip, speaking those that are not in the cache.

        Raises VoiceguideError if the engine fails; clips that were finished before stay in the cache.
        """
        found = {each: self.cache.head(self.address(each)) for each in speech}
        missing = [each for each, head in found.items() if head is None]
        if found:
            log.debug("%d of %d clips are in the cache", len(found) - len(missing), len(found))
        if missing:
            found |= self._speak_all(missing, progress)
            log.debug("%d clips are spoken", len(missing))
            self.cache.prune()
        return {each: head for each, head in found.items() if head is not None}

    def _speak_all(self, missing: list[Speech], progress: Progress) -> dict[Speech, Head]:
        from concurrent.futures import ThreadPoolExecutor, as_completed, wait

        workers = max(1, min(self.engine.workers(os.cpu_count() or 1), len(missing)))
        spoken: dict[Speech, Head] = {}
        progress("speaking", 0, len(missing))
        pool = ThreadPoolExecutor(workers)
        # the longest first: then no core is left with a long one at the end
        jobs = {pool.submit(self.speak, each): each for each in sorted(missing, key=_size, reverse=True)}
        try:
            for job in as_completed(jobs):
                spoken[jobs[job]] = job.result().head
                progress("speaking", len(spoken), len(missing))
        except Exception:
            pool.shutdown(cancel_futures=True)
            raise
        except BaseException:  # Ctrl-C: a sentence may take longer than anybody waits
            pool.shutdown(wait=False, cancel_futures=True)
            end = time.monotonic() + LEAVE_S
            while (left := [job for job in jobs if job.running()]) and time.monotonic() < end:
                self.engine.close()  # again and again: a child process may have been about to begin
                wait(left, LEAVE_S / 10)
            raise
        pool.shutdown()
        return spoken

    def speak(self, speech: Speech) -> Kept:
        """Speak *speech*, put its finished clip into the cache, and return it."""
        from voiceguide.audio.level import speech_clip

        if isinstance(speech, Recording):
            samples, source_hz = self.recordings.samples(speech.name)
            notes = {"text": speech.name}
        else:
            voice = self.voice_of(speech)
            samples, source_hz = self.engine.speak(speech, voice)
            notes = {"text": speech.text, "engine": self.engine.name, "voice": voice}
        return self.cache.put(self.address(speech), speech_clip(samples, source_hz, self.rate), **notes)


def _size(speech: Speech) -> int:
    return len(speech.text) if isinstance(speech, Utterance) else 0
