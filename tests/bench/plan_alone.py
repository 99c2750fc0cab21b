"""Time the parts of planning inside one process: `python -m tests.bench.plan_alone ROUTINE LENGTH RUNS`.

Prints the median process time in seconds of each part, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median

from voiceguide import SessionRequest, VoiceOptions, open_routine
from voiceguide.clip_store import ClipStore
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.units import parse_duration


def timed(work: Callable[[], object], runs: int) -> float:
    """Return the median process time of *work* in seconds."""
    took = []
    for _ in range(runs):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return median(took)


def main(name: str, length: str, runs: int) -> None:
    """Time reading, answering from the cache, and planning with answers that are known."""
    routine, request = open_routine(name), SessionRequest(length_ms=parse_duration(length))
    store = ClipStore(routine, VoiceOptions())
    asked: list[tuple[Outline, Durations]] = []

    def answer(outline: Outline) -> Durations:
        asked.append((outline, store.durations(outline)))
        return asked[-1][1]

    assert isinstance(run(plan(routine, request), answer), Plan)

    def again() -> None:
        answers = (durations for _, durations in asked)
        run(plan(routine, request), lambda _: next(answers))

    parts: dict[str, Callable[[], object]] = {
        "reading the script": lambda: open_routine(name),
        "lengths from the cache": lambda: [store.durations(outline) for outline, _ in asked],
        "planning": again,
    }
    print(json.dumps({part: timed(work, runs) for part, work in parts.items()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
