"""Speak sentences with the bare engine and through the synthesizer: `python -m tests.bench.speak_alone ENGINE ROUTINE COUNT RUNS`.

Prints the median time in seconds of each way as JSON, or what is missing.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from voiceguide import SessionRequest, VoiceguideError, open_routine
from voiceguide.clips import Utterance
from voiceguide.plan.plan import plan
from voiceguide.plugins import Status
from voiceguide.speech.cache import ClipCache
from voiceguide.speech.engine import Engine, Voice, pick_engine
from voiceguide.speech.synthesizer import Synthesizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 48_000


class Limited(Engine):
    """*engine*, for so many threads."""

    padded = False

    def __init__(self, engine: Engine, workers: int) -> None:
        self.name, self.title, self.rank = engine.name, engine.title, engine.rank  # type: ignore[misc]
        self.deterministic, self.gap_ms = engine.deterministic, engine.gap_ms  # type: ignore[misc]
        self._engine = engine
        self._workers = workers

    def status(self) -> Status:
        return self._engine.status()

    def voices(self) -> tuple[Voice, ...]:
        return self._engine.voices()

    def fingerprint(self, voice: str) -> str:
        return self._engine.fingerprint(voice)

    def workers(self, cores: int) -> int:
        return self._workers

    def speak(self, utterance: Utterance, voice: str) -> tuple[NDArray[np.float32], int]:
        return self._engine.speak(utterance, voice)

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        return self._engine._speak(sentence, voice, pace_wpm)


def sentences(name: str, most: int) -> tuple[list[Utterance], str]:
    """Return *most* sentences of 8 to 24 words from a routine, each once, and its language."""
    routine = open_routine(name)
    spoken = [clip for clip in next(plan(routine, SessionRequest())).clips() if isinstance(clip, Utterance)]
    found = dict.fromkeys(replace(said, sentences=(each,)) for said in spoken for each in said.sentences)
    return [said for said in found if 8 <= len(said.text.split()) <= 24][:most], routine.language


def main(engine_name: str, routine: str, most: int, runs: int) -> Mapping[str, float | str]:
    """Time all ways in turns; return their medians."""
    try:
        engine = pick_engine(engine_name)
    except VoiceguideError as error:
        return {"missing": error.message}
    said, language = sentences(routine, most)
    voice = engine.pick_voice("", language)
    speech_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        fresh = count()

        def synthesizer(workers: int, utterances: list[Utterance]) -> None:
            cache = ClipCache(Path(folder) / str(next(fresh)))
            assert len(Synthesizer(Limited(engine, workers), voice, RATE, cache).heads(utterances)) == len(utterances)

        def bare() -> None:
            nonlocal speech_s
            speech_s = sum(len(samples) / hz for samples, hz in (engine.speak(one, voice) for one in said))

        ways: dict[str, Callable[[], None]] = {
            "bare": bare,
            "one": lambda: synthesizer(1, said),
            "two": lambda: synthesizer(2, said),
        }
        synthesizer(2, said[:2])  # loads the voice and the libraries
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(runs):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                took[name].append(time.perf_counter() - began)
    engine.close()
    return {name: median(found) for name, found in took.items()} | {"sentences": len(said), "speech_s": speech_s}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
