"""The studio: speaks what is missing, on all cores, and keeps it in the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property

from voiceguide.plan.outline import Utterance
from voiceguide.speech.cache import ClipCache, Head, digest
from voiceguide.speech.engine import Engine

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def no_progress(what: str, done: int, total: int) -> None:
    """Show nothing."""


class Studio:
    """One engine and voice, finishing clips at one rate."""

    def __init__(self, engine: Engine, voice: str, rate: int, cache: ClipCache) -> None:
        self.engine = engine
        self.voice = voice
        self.rate = rate
        self.cache = cache

    @cached_property
    def _shapers(self) -> tuple[object, ...]:
        engine = self.engine
        return (engine.name, engine.fingerprint(self.voice), self.voice, engine.gap_ms, self.rate)

    def address(self, utterance: Utterance) -> str:
        """Return where the clip of *utterance* is kept: a hash of everything that shapes it."""
        return digest("speech", *self._shapers, utterance.text, utterance.pace_wpm)

    def heads(self, utterances: Iterable[Utterance], progress: Progress = no_progress) -> dict[Utterance, Head]:
        """Return the numbers of every clip, speaking those that are not in the cache.

        Raises VoiceguideError if the engine fails; clips that were finished before stay in the cache.
        """
        found = {utterance: self.cache.head(self.address(utterance)) for utterance in utterances}
        missing = [utterance for utterance, head in found.items() if head is None]
        if missing:
            found |= self._speak_all(missing, progress)
            self.cache.prune()
        return {utterance: head for utterance, head in found.items() if head is not None}

    def _speak_all(self, missing: list[Utterance], progress: Progress) -> dict[Utterance, Head]:
        workers = max(1, min(self.engine.workers(os.cpu_count() or 1), len(missing)))
        spoken: dict[Utterance, Head] = {}
        progress("speaking", 0, len(missing))
        with ThreadPoolExecutor(workers) as pool:
            # the longest first: then no core is left with a long one at the end
            jobs = {pool.submit(self.speak, u): u for u in sorted(missing, key=lambda u: -len(u.text))}
            try:
                for job in as_completed(jobs):
                    spoken[jobs[job]] = job.result()
                    progress("speaking", len(spoken), len(missing))
            finally:
                pool.shutdown(cancel_futures=True)
        return spoken

    def speak(self, utterance: Utterance) -> Head:
        """Speak *utterance*, put its finished clip into the cache, and return its numbers."""
        from voiceguide.audio.level import speech_clip

        samples, source_hz = self.engine.speak(utterance, self.voice)
        clip = speech_clip(samples, source_hz, self.rate)
        notes = {"text": utterance.text, "engine": self.engine.name, "voice": self.voice}
        return self.cache.put(self.address(utterance), clip, **notes)
