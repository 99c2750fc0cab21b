"""Routine + plans -> warnings about times: silences that are too long, and lengths that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceguide.author.flow import flow
from voiceguide.diagnostics import Diagnostic, Fix, problem
from voiceguide.limits import OTHER
from voiceguide.plan.outline import Measure
from voiceguide.plan.plan import Answer, Plan, plan, run, unbounded
from voiceguide.plan.reasons import Refusal, TooLittleTime
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine
from voiceguide.source import Span
from voiceguide.timeline import Timeline
from voiceguide.units import format_duration, format_exact, frames_to_ms

LONGEST_SILENCE_MS = 45_000
"""Hands-free listeners think that a session has stopped if nothing is heard for longer (docs/sources.md, silences)."""
SLACK_MS = 5_000
"""How far the estimate of speech may be off: a voice pauses between sentences, the estimate does not."""
ELASTIC = "let silences be elastic, as in `quiet: 5s..10s..40s` after words: no one length suits every voice"
LEAST_PLAY_MS = 1000
"""Steps that leave less between their shortest and longest have one length, which depends on the voice."""
MOST_STEPS = 2000
"""Sessions of more steps are not planned again to try both ends; the sums of their steps must do."""


def lint_silences(routine: Routine, timeline: Timeline) -> Iterator[Diagnostic]:
    """Yield a warning for each written step that holds most of a silence longer than `LONGEST_SILENCE_MS`.

    Only somebody with busy hands is lost in a silence: meditation and timers are let be. Everything but the bed, which
    can be turned off, is a sign of life. The lengths of words are estimates, so a silence must be too long by more than
    `SLACK_MS`.
    """
    if routine.family == OTHER or not any(visit.step.hands for visit in flow(routine)):
        return
    warned: set[Span] = set()
    heard = [(cue.start, cue.end) for cue in timeline.cues if cue.track != "bed"]
    quiet_from = 0
    for start, end in (*heard, (timeline.frames, timeline.frames)):
        silence_ms = frames_to_ms(start - quiet_from, timeline.rate)
        if silence_ms > LONGEST_SILENCE_MS + SLACK_MS:
            middle = (quiet_from + start) // 2
            placed = next((step for step in timeline.steps if step.start <= middle < step.end), None)
            if placed is not None and placed.span not in warned:
                warned.add(placed.span)
                expected = f"a sign of life at least every {format_duration(LONGEST_SILENCE_MS)}"
                found = f"{format_duration(silence_ms // 1000 * 1000)} of silence in `{placed.step}`"
                hint = "let a word sound in between, as in `at: [{half: Lighter is always right.}]`, or shorten it"
                yield problem("long-silence", placed.span, hint, expected=expected, found=found)
        quiet_from = max(quiet_from, end)


def lint_range(routine: Routine, natural: Answer, measure: Measure) -> Iterator[Diagnostic]:
    """Yield a warning if the steps of *routine* cannot be brought to a length that its `length:` offers.

    Another one names the steps that are left out at the default length. *natural* is what planning that came to;
    *measure* tells how long words are. What is proposed has been planned.
    """
    length, span, free = routine.length, routine.spans["length"], unbounded(routine)

    def replan(length_ms: int) -> Answer:
        return run(plan(free, SessionRequest(length_ms=length_ms)), measure)

    left_out = natural.left_out if isinstance(natural, Plan) else ()
    gone = {out.step for out in left_out if isinstance(out.why, TooLittleTime)}
    if gone:
        expected = "a default length at which every step has room"
        found = f"{format_exact(length.natural)}, which leaves out {', '.join(f'`{name}`' for name in sorted(gone))}"
        hint = "make the default longer, or the steps shorter; `voiceguide fit` shows when each of them goes"
        yield problem("default-too-short", span, hint, expected=expected, found=found)
    few = not isinstance(natural, Plan) or len(natural.timeline.steps) + len(natural.left_out) <= MOST_STEPS
    default_ms, default = length.natural, replan(length.natural) if few else natural
    if isinstance(default, Refusal) and default.nearest_ms is not None:
        default_ms, default = default.nearest_ms, replan(default.nearest_ms)
    if isinstance(default, Refusal):
        expected = f"a length that the steps can have, near {format_exact(length.natural)}"
        yield problem("impossible-range", span, ELASTIC, expected=expected, found=f"none: {default.rule}")
    if not isinstance(default, Plan):
        return
    low, high = default.range_ms
    first = length.shortest if low <= length.shortest <= high else min(-(-low // 1000) * 1000, default_ms)
    last = length.longest if low <= length.longest <= high else max(high // 1000 * 1000, default_ms)
    if few:
        first, last = (_had(replan(ms), ms, default_ms) for ms in (first, last))
    three = min(first, default_ms), default_ms, max(last, default_ms)
    offered = length.shortest, length.natural, length.longest
    names = "shortest", "default", "longest"
    wrong = [f"{name} {format_exact(a)}" for name, a, b in zip(names, offered, three, strict=True) if a != b]
    if wrong:
        ends = " to ".join(format_exact(ms) for ms in (three[0], three[2]))
        expected = f"lengths from {ends}, which the steps can have"
        meant = "..".join(map(format_duration, three[:1] if three[0] == three[2] else three))
        spoken = any(cue.text for cue in default.timeline.cues if cue.track == "voice")
        fix = ELASTIC if spoken and high - low < LEAST_PLAY_MS else Fix("write {}, or change the steps", meant)
        yield problem("impossible-range", span, fix, expected=expected, found=listed(wrong))


def _had(answer: Answer, asked_ms: int, default_ms: int) -> int:
    """Return *asked_ms* if *answer* says that it can be had, else the nearest that can."""
    if isinstance(answer, Plan):
        return asked_ms
    near = answer.nearest_ms if isinstance(answer, Refusal) else None
    return default_ms if near is None else near


def listed(parts: Sequence[str]) -> str:
    """Return *parts* as people list them: `a, b and c`."""
    return ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1]
