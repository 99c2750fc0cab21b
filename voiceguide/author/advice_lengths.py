"""Routine + plans -> warnings about times: silences that are too long, and lengths that cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from voiceguide.author.flow import flow
from voiceguide.diagnostics import Diagnostic, Fix, problem
from voiceguide.limits import OTHER
from voiceguide.plan.plan import Answer, Plan
from voiceguide.plan.reasons import Refusal, TooLittleTime
from voiceguide.script.model import Routine
from voiceguide.source import Span
from voiceguide.timeline import Timeline
from voiceguide.units import format_clock, format_duration, frames_to_ms

LONGEST_SILENCE_MS = 45_000
"""Hands-free listeners think that a session has stopped if nothing is heard for longer (docs/sources.md, silences)."""
SLACK_MS = 5_000
"""How far the estimate of speech may be off: a voice pauses between sentences, the estimate does not."""
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


def lint_range(routine: Routine, natural: Answer, replan: Callable[[int], Answer]) -> Iterator[Diagnostic]:
    """Yield a warning if the steps of *routine* cannot be brought to a length that its `length:` offers.

    Another one names the steps that are left out at the default length. *natural* is what planning that came to;
    *replan* plans a length, in milliseconds, as if `length:` offered any.
    """
    length, span = routine.length, routine.spans["length"]
    left_out = natural.left_out if isinstance(natural, Plan) else ()
    gone = {out.step for out in left_out if isinstance(out.why, TooLittleTime)}
    if gone:
        expected = "a default length at which every step has room"
        found = f"{format_clock(length.natural)}, which leaves out {', '.join(f'`{name}`' for name in sorted(gone))}"
        hint = "make the default longer, or the steps shorter; `voiceguide fit` shows when each of them goes"
        yield problem("default-too-short", span, hint, expected=expected, found=found)
    few = not isinstance(natural, Plan) or len(natural.timeline.steps) + len(natural.left_out) <= MOST_STEPS
    default_ms, default = length.natural, replan(length.natural) if few else natural
    if isinstance(default, Refusal) and default.nearest_ms is not None:
        default_ms, default = default.nearest_ms, replan(default.nearest_ms)
    if not isinstance(default, Plan):
        return
    low, high = default.range_ms
    ends = [
        min(-(-max(low, length.shortest) // 1000) * 1000, default_ms),
        max(min(high, length.longest) // 1000 * 1000, default_ms),
    ]
    if few:
        for index, asked in enumerate(ends):
            answer = replan(asked)
            ends[index] = (answer.nearest_ms or asked) if isinstance(answer, Refusal) else asked
    offers = (
        ("shortest", length.shortest, ends[0]),
        ("default", length.natural, default_ms),
        ("longest", length.longest, ends[1]),
    )
    wrong = [f"{name} {format_clock(offered)}" for name, offered, had in offers if abs(offered - had) >= 1000]
    if wrong:
        expected = f"lengths from {format_clock(ends[0])} to {format_clock(ends[1])}, which the steps can have"
        fixed = ends[0] == ends[1]
        meant = "..".join(format_duration(ms) for ms in (ends[:1] if fixed else (ends[0], default_ms, ends[1])))
        found = ", ".join(wrong[:-1]) + (" and " if wrong[1:] else "") + wrong[-1]
        fix = Fix("write {}, or change the steps", meant)
        yield problem("impossible-range", span, fix, expected=expected, found=found)
