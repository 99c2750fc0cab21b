"""What is promised of plans, tried on thousands of random scripts; and what fitting a rest again costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from statistics import quantiles

from tests.bench.figure import Figure
from tests.bench.place import ROUTINE, Place
from tests.random_scripts import answer, broken_promises, random_routine
from voiceguide import SessionRequest, VoiceOptions, open_routine
from voiceguide.clip_store import ClipStore
from voiceguide.diagnostics import Report
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.replan import Heard, replan
from voiceguide.script.model import Routine
from voiceguide.speech.cache import ClipCache

PLANS, REPLANS = 10_000, 200
MOST_MS = 50.0


def figures(place: Place) -> Iterator[Figure]:
    """Yield how many plans broke a promise, and the time of a re-plan of 25 minutes."""
    plans, refusals, broken, wrong = _tried()
    yield Figure(
        "plans of random scripts",
        f"{plans} plans, {broken} broken promises",
        f"{refusals} refusals, {wrong} nearest lengths or ends that cannot be had",
        goal="none broken, none wrong",
        met=not broken and not wrong,
    )
    took = sorted(_replanned(place))
    middle, high = quantiles(took, n=20)[9], quantiles(took, n=20)[18]
    yield Figure(
        "replan, 25 min, clips known",
        f"{middle:.1f} ms CPU",
        f"95 % within {high:.1f} ms, {len(took)} moments",
        goal=f"under {MOST_MS:.0f} ms",
        met=high < MOST_MS,
    )


def _tried() -> tuple[int, int, int, int]:
    """Return how many plans were made and lengths refused, how many of them broke a promise, and were wrong."""
    plans = refusals = broken = wrong = seed = 0
    while plans < PLANS:
        seed += 1
        dice = Random(seed)
        routine = random_routine(dice)
        first = routine and _plan(routine, None)
        if routine is None or not isinstance(first, Plan | Refusal):
            continue
        lengths = [dice.randint(1000, 1_500_000)]
        if isinstance(first, Plan):
            low, high = first.range_ms
            lengths += [low, high, *(dice.randint(low, high) for _ in range(3))]
        for length_ms in lengths:
            made = _plan(routine, length_ms)
            if isinstance(made, Plan):
                plans += 1
                broken += bool(broken_promises(made, length_ms))
                continue
            refusals += 1
            wrong += isinstance(first, Plan) and length_ms in first.range_ms
            nearest = made.nearest_ms if isinstance(made, Refusal) else None
            wrong += nearest is not None and not isinstance(_plan(routine, nearest), Plan)
    return plans, refusals, broken, wrong


def _plan(routine: Routine, length_ms: int | None) -> Plan | Refusal | Report:
    return run(plan(routine, SessionRequest(length_ms=length_ms)), answer)


def _replanned(place: Place) -> Iterator[float]:
    """Yield the process time of re-plans at random moments, in milliseconds, every length of speech being known."""
    routine, dice = open_routine(ROUTINE), Random(1)
    store = ClipStore(routine, VoiceOptions("tone", cache=ClipCache(place.folder / "replan")))
    known: dict[tuple[object, ...], Durations] = {}

    def durations(outline: Outline) -> Durations:
        key = outline.clips()
        if key not in known:
            known[key] = store.durations(outline)
        return known[key]

    old = run(plan(routine, SessionRequest(length_ms=25 * 60_000)), durations)
    assert isinstance(old, Plan)
    whole = old.timeline.frames
    for _ in range(REPLANS):
        at = dice.randrange(whole * 9 // 10)
        left = round((whole - at) * dice.uniform(0.7, 1.0))
        run(replan(old, Heard(at), left), durations)
        began = time.process_time()
        run(replan(old, Heard(at), left), durations)
        yield (time.process_time() - began) * 1000
