"""Fitting in two storeys: the session as a whole, then each section that has a length of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.plan.bounds import Bounds
from voiceguide.plan.fit import Fitted, Misfit, extent, fit, fit_until
from voiceguide.plan.outline import Box, Outline, Turn
from voiceguide.script.model import Group, Step
from voiceguide.units import format_clock, format_duration, frames_to_ms, ms_to_frames

Groups = Mapping[str, Group]


def storeys(outline: Outline, bounds: list[Bounds], groups: Groups, rate: int) -> tuple[list[Bounds], list[Diagnostic]]:
    """Return the bounds of the session with each section that has a length as one of them, and what does not fit.

    Such a section has the key -1 - its index.
    """
    if not outline.boxes:
        return bounds, []
    made, problems = [b for b in bounds if b.turn.box is None], []
    for index, box in enumerate(outline.boxes):
        inside = _inside(outline, bounds, index)
        bound = _box_bounds(outline, box, inside, groups, rate)
        if not inside:
            continue
        bound = replace(bound, key=-1 - index)
        made.append(bound)
        if bound.shortest > bound.longest:
            problems.append(_too_short(outline, box, inside, groups, rate))
    return sorted(made, key=lambda b: b.position), problems


def fit_session(
    outline: Outline, bounds: list[Bounds], upper: list[Bounds], groups: Groups, rate: int, frames: int
) -> Fitted | Misfit:
    """Return how *outline* fills exactly *frames*; *upper* is what `storeys` made of *bounds*."""
    whole = _fit(outline, upper, groups, rate, frames, None)
    if isinstance(whole, Misfit):
        return whole
    for index, box in enumerate(outline.boxes):
        length = whole.frames.get(-1 - index)
        if length is None:
            continue
        part = _fit(outline, _inside(outline, bounds, index), groups, rate, length, index)
        if isinstance(part, Misfit):
            return Misfit(*extent(outline, upper, groups))
        whole = Fitted(
            {**whole.frames, **part.frames},
            {**whole.counts, **part.counts},
            {**whole.left_out, **part.left_out},
            {**whole.gaps, **part.gaps, **(dict.fromkeys(box.after, part.spare) if part.spare else {})},
            whole.spare,
        )
    return whole


def _fit(
    outline: Outline, bounds: list[Bounds], groups: Groups, rate: int, frames: int, box: int | None
) -> Fitted | Misfit:
    for index, r in enumerate(outline.rounds):
        after_ms = r.repeat.counts.until_ms
        if after_ms is not None and r.box == box:
            return fit_until(outline, bounds, groups, frames, (index, ms_to_frames(after_ms, rate)))
    return fit(outline, bounds, groups, frames)


def _inside(outline: Outline, bounds: list[Bounds], index: int) -> list[Bounds]:
    """Return the bounds of one run of a section with a length."""
    runs = len(outline.boxes[index].after)
    return [replace(b, occurrences=b.occurrences // runs) for b in bounds if b.turn.box == index]


def _box_bounds(outline: Outline, box: Box, inside: list[Bounds], groups: Groups, rate: int) -> Bounds:
    low, high = _extent(outline, inside, groups, rate)
    length = box.section.length
    written = [ms_to_frames(ms, rate) for ms in ((length.shortest, length.natural, length.longest) if length else ())]
    shortest, longest = max(low, written[0]), min(high, written[2])
    natural = min(max(written[1], shortest), longest)
    turn = Turn(Step(box.section.title, box.section.span), -1, None, written=-1)
    position = min((b.position for b in inside), default=0)
    return Bounds(-1, shortest, natural, longest, len(box.after), (shortest,), turn, position, rate=rate)


def _extent(outline: Outline, inside: list[Bounds], groups: Groups, rate: int) -> tuple[int, int]:
    """Return the shortest and longest length of the steps *inside* a section: any length, where rounds fill it."""
    for index, r in enumerate(outline.rounds):
        if r.repeat.counts.until_ms is not None and inside and r.box == inside[0].turn.box:
            stop = r.after[0]
            head = [b for b in inside if b.position < stop and index not in b.turn.repeats]
            return extent(outline, head, groups)[0] + ms_to_frames(r.repeat.counts.until_ms, rate), 1 << 60
    return extent(outline, inside, groups)


def _too_short(outline: Outline, box: Box, inside: list[Bounds], groups: Groups, rate: int) -> Diagnostic:
    section = box.section
    low, high = (frames_to_ms(frames, rate) for frames in _extent(outline, inside, groups, rate))
    longest = section.length.longest if section.length else 0
    short = low > longest
    expected = f"steps that fit {format_clock(longest)} in `{section.title}`"
    found = f"at least {low / 1000:.1f}s" if short else f"at most {high / 1000:.1f}s"
    meant = format_duration(-(-low // 1000) * 1000 if short else high // 1000 * 1000)
    hint = f"let `for:` {'reach' if short else 'begin at'} {meant}"
    return problem("section-too-short", section.spans["for"], expected=expected, found=found, hint=hint)
