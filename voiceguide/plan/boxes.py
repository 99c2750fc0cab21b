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
    for index, inside in _by_box(outline, bounds).items():
        box = outline.boxes[index]
        bound = _box_bounds(outline, index, inside, groups, rate)
        made.append(bound)
        if bound.shortest > bound.longest:
            problems.append(_too_short(outline, box, inside, groups, rate))
    return sorted(made, key=lambda b: b.position), problems


def fit_session(
    outline: Outline, bounds: list[Bounds], upper: list[Bounds], groups: Groups, rate: int, frames: int
) -> Fitted | Misfit:
    """Return how *outline* fills exactly *frames*; *upper* is what `storeys` made of *bounds*."""
    whole = _fit(outline, upper, groups, rate, frames, None)
    if isinstance(whole, Misfit) or not outline.boxes:
        return whole
    parts = [whole]
    gaps: dict[int, int] = {}
    for index, inside in _by_box(outline, bounds).items():
        if -1 - index not in whole.frames:
            continue
        part = _fit(outline, inside, groups, rate, whole.frames[-1 - index], index)
        if isinstance(part, Misfit):
            return Misfit(*extent(outline, upper, groups))
        parts.append(part)
        gaps |= dict.fromkeys(outline.boxes[index].after, part.spare) if part.spare else {}
    return Fitted(
        {key: length for part in parts for key, length in part.frames.items()},
        {index: count for part in parts for index, count in part.counts.items()},
        {key: why for part in parts for key, why in part.left_out.items()},
        {**{turn: gap for part in parts for turn, gap in part.gaps.items()}, **gaps},
        whole.spare,
    )


def _fit(
    outline: Outline, bounds: list[Bounds], groups: Groups, rate: int, frames: int, box: int | None
) -> Fitted | Misfit:
    if box in outline.fillers:
        index = outline.fillers[box]
        after = ms_to_frames(outline.rounds[index].repeat.counts.until_ms or 0, rate)
        return fit_until(outline, bounds, groups, frames, (index, after))
    return fit(outline, bounds, groups, frames)


def _by_box(outline: Outline, bounds: list[Bounds]) -> dict[int, list[Bounds]]:
    """Return the bounds of one run of each section with a length, in the order of the sections."""
    inside: dict[int, list[Bounds]] = {}
    for b in bounds:
        if b.turn.box is not None:
            runs = len(outline.boxes[b.turn.box].after)
            inside.setdefault(b.turn.box, []).append(replace(b, occurrences=b.occurrences // runs))
    return dict(sorted(inside.items()))


def _box_bounds(outline: Outline, index: int, inside: list[Bounds], groups: Groups, rate: int) -> Bounds:
    box = outline.boxes[index]
    low, high = _extent(outline, inside, groups, rate)
    length = box.section.length
    written = [ms_to_frames(ms, rate) for ms in ((length.shortest, length.natural, length.longest) if length else ())]
    shortest, longest = max(low, written[0]), min(high, written[2])
    natural = min(max(written[1], shortest), longest)
    key = -1 - index
    turn = Turn(Step(box.section.title, box.section.span), key, None, written=key)
    position = min(b.position for b in inside)
    return Bounds(key, shortest, natural, longest, len(box.after), (shortest,), turn, position, rate=rate)


def _extent(outline: Outline, inside: list[Bounds], groups: Groups, rate: int) -> tuple[int, int]:
    """Return the shortest and longest length of the steps *inside* a section: any length, where rounds fill it."""
    index = outline.fillers.get(inside[0].turn.box)
    if index is None:
        return extent(outline, inside, groups)
    r = outline.rounds[index]
    head = [b for b in inside if b.position < r.after[0] and index not in b.turn.repeats]
    return extent(outline, head, groups)[0] + ms_to_frames(r.repeat.counts.until_ms or 0, rate), 1 << 60


def _too_short(outline: Outline, box: Box, inside: list[Bounds], groups: Groups, rate: int) -> Diagnostic:
    section = box.section
    low, high = (frames_to_ms(frames, rate) for frames in _extent(outline, inside, groups, rate))
    longest = section.length.longest if section.length else 0
    short = low > longest
    expected = f"steps that fit {format_clock(longest)} in `{section.title}`"
    found = f"at least {low / 1000:.1f}s" if short else f"at most {high / 1000:.1f}s"
    meant = format_duration(-(-low // 1000) * 1000 if short else high // 1000 * 1000)
    hint = f"let `for:` {'reach' if short else 'begin at'} {meant}"
    return problem("section-too-short", section.spans["for"], hint, expected=expected, found=found)
