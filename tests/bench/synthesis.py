"""Thirty sentences spoken into an empty cache: what the synthesizer adds to the engine, and what a second worker gives."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.place import ROUTINE, Place
from tests.bench.run import seconds

SENTENCES = 30
MOST_OVERHEAD = 10
ENGINES = ("piper", "espeak")
LONGEST = 3
"""Runs of it are long, so there are no more."""


def figures(place: Place) -> Iterator[Figure]:
    """Yield the overhead and the speed-up of each engine."""
    for engine in ENGINES:
        words = (engine, ROUTINE, str(SENTENCES), str(min(place.runs, LONGEST)))
        took = json.loads(place.python("-m", "tests.bench.speak_alone", *words).said.splitlines()[-1])
        if "missing" in took:
            yield Figure(f"speech, {engine}", f"not measured: {took['missing']}")
            continue
        yield from _compared(engine, took)


def _compared(engine: str, took: dict[str, float]) -> Iterator[Figure]:
    one, two, bare = took["one"], took["two"], took["bare"]
    percent = 100 * (one / bare - 1)
    goal, met = (f"at most {MOST_OVERHEAD} %", percent <= MOST_OVERHEAD) if engine == "piper" else ("", None)
    name = f"speech, {engine}, {took['sentences']:.0f} sentences"
    each = f"{seconds(one)} ({1000 * one / took['sentences']:.0f} ms each, {took['speech_s'] / one:.0f} x real time)"
    yield Figure(f"{name}, one worker", each, f"bare engine {seconds(bare)}", f"{percent:+.1f} %", goal, met)
    yield Figure(f"{name}, two workers", seconds(two), f"one worker {seconds(one)}", f"{one / two:.2f} x faster")
