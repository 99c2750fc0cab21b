"""Limits: which lengths can be had, and which are near to one that cannot."""

from __future__ import annotations

from collections.abc import Iterable

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.nouns import dataclass
from voiceguide.plan.body import Body
from voiceguide.plan.reasons import Rule
from voiceguide.plan.solve import Trail, extent, solve, surely
from voiceguide.plan.task import Task
from voiceguide.script.model import CAPS_MS, Routine
from voiceguide.units import format_clock, format_duration, frames_to_ms, ms_to_frames

MOST_NEAR = 12
"""How many lengths are named that may be the nearest one."""
LOOK = 60_000
"""How many parts are looked at, length by length, for one that can be had."""


@dataclass(frozen=True)
class Misfit:
    """A length that cannot be had: the rule against it, and lengths that may be the nearest one that can."""

    asked_ms: int
    rule: Rule
    near_ms: tuple[int, ...]


def declared(routine: Routine) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that *routine* offers."""
    length, cap = routine.length, CAPS_MS[routine.family]
    low = Rule("declared", "shortest", length.shortest)
    if length.longest >= cap:
        return low, Rule("cap", "longest", cap, routine.family)
    return low, Rule("declared", "longest", length.longest)


def reach(routine: Routine, body: Body, task: Task) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that *routine* offers and *body* reaches, gaps left aside."""
    low, high = declared(routine)
    least, most = extent(body)
    low_ms, high_ms = -(-(least + task.freed) * 1000 // task.rate), (most + task.freed) * 1000 // task.rate
    if low_ms > low.ms:
        low = Rule("need", "shortest", low_ms)
    if high_ms < high.ms:
        high = Rule("reach", "longest", high_ms)
    return low, high


def limits(routine: Routine, body: Body, task: Task, asked_ms: int) -> tuple[Rule, Rule]:
    """Return the shortest and the longest length that can be had with this voice; *asked_ms* can."""
    low, high = reach(routine, body, task)
    if low.kind == "declared" and not _fits(body, task, low.ms):
        near = [ms for ms in _near(routine, body, task, low.ms, Trail()) if low.ms < ms < asked_ms]
        low = Rule("gap", "shortest", min(near, default=asked_ms))
    if high.kind != "reach" and not _fits(body, task, high.ms):
        near = [ms for ms in _near(routine, body, task, high.ms, Trail()) if asked_ms < ms < high.ms]
        high = Rule("gap", "longest", max(near, default=asked_ms))
    return low, high


def _fits(body: Body, task: Task, ms: int) -> bool:
    frames = ms_to_frames(ms, task.rate) - task.freed
    return surely(body, frames) or solve(body, frames, Trail()) is not None


def misfit(routine: Routine, asked_ms: int, body: Body, task: Task, trail: Trail | None) -> Misfit:
    """Return the rule against a length, and the lengths near it if there is a *trail* that leads there."""
    low, high = reach(routine, body, task)
    rule = low if asked_ms < low.ms else high if asked_ms > high.ms else Rule("gap")
    return Misfit(asked_ms, rule, _near(routine, body, task, asked_ms, trail) if trail else ())


def _near(routine: Routine, body: Body, task: Task, asked_ms: int, trail: Trail) -> tuple[int, ...]:
    """Return lengths near *asked_ms* that *body* can have, the nearest first, whole seconds before others."""
    ends, most = declared(routine), extent(body)
    solve(body, ms_to_frames(asked_ms, task.rate) - task.freed, trail)

    def fits(ms: int) -> bool:
        return ends[0].ms <= ms <= ends[1].ms and _fits(body, task, ms)

    near: set[int] = set()
    for frames in {*trail.near, *most}:
        ms, between = divmod((frames + task.freed) * 1000, task.rate)
        near |= {ms, ms + bool(between), ms // 1000 * 1000, -(-ms // 1000) * 1000}
    found = [ms for ms in near if fits(ms)]
    if not found:
        steps = LOOK // max(1, len(body.elements))
        around = (asked_ms // 1000 * 1000 + way * step * 1000 for step in range(steps) for way in (1, -1))
        found = [next((ms for ms in around if fits(ms)), -1)]
    nearest = sorted((ms for ms in found if ms >= 0), key=lambda ms: abs(ms - asked_ms) + 1000 * bool(ms % 1000))
    return tuple(nearest[:MOST_NEAR])


def too_short(body: Body, task: Task) -> Iterable[Diagnostic]:
    """Yield a diagnostic for each section whose steps do not fit its own length."""
    for element in body.elements:
        if element.inside is None or element.glue.shortest <= element.glue.longest:
            continue
        section = task.outline.timed[element.inside.number].section
        low, high = (frames_to_ms(frames, task.rate) for frames in extent(element.inside))
        longest = section.length.longest if section.length else 0
        short = low > longest
        expected = f"steps that fit {format_clock(longest)} in `{section.title}`"
        found = f"at least {low / 1000:.1f}s" if short else f"at most {high / 1000:.1f}s"
        meant = format_duration(-(-low // 1000) * 1000 if short else high // 1000 * 1000)
        hint = f"let `for:` {'reach' if short else 'begin at'} {meant}"
        yield problem("section-too-short", section.spans["for"], hint, expected=expected, found=found)
