"""A fit laid out: every step that is kept in its place with the wording that fits, and what became of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voiceguide.plan.outline import Outline
from voiceguide.plan.parts import Part
from voiceguide.plan.reasons import Change, LeftOut, TooWordy
from voiceguide.plan.request import TALKS, Talk
from voiceguide.plan.schedule import Begun, Layout, Scheduled
from voiceguide.plan.solve import TICK, Fit


def lay(
    outline: Outline,
    parts: Sequence[Part],
    fit: Fit,
    talk: Talk,
    *,
    position: int = 0,
    start: int = 0,
    begun: Begun | None = None,
) -> Layout:
    """Return *outline* from *position* on, which begins at frame *start*, laid out by *fit*.

    The fit counts the rounds of every repeat. *begun* is what has begun of the step at *position*.
    """
    wordings = {
        part.number: _wording(part, fit.frames[part.number], talk) for part in parts if part.number in fit.frames
    }
    scheduled: list[Scheduled] = []
    silences: list[tuple[int, int]] = []
    changes: list[Change] = []
    left_out: list[LeftOut] = []
    chapter = ""
    for index in range(position, len(outline.occurrences)):
        occurrence = outline.occurrences[index]
        step, address = occurrence.step, occurrence.address
        if index in fit.silences:
            silences.append((start, fit.silences[index]))
            start += fit.silences[index]
        if any(r.number > fit.counts[r.repeat] for r in occurrence.rounds):
            continue
        chapter = occurrence.chapter or chapter
        if occurrence.part not in fit.frames:
            why = fit.left_out[occurrence.part]
            left_out.append(LeftOut(address, step.name, step.title, why, step.span))
            continue
        chosen, wanted = wordings[occurrence.part]
        if begun and begun.talk and index == position:
            chosen = [name for name, _ in occurrence.wordings].index(begun.talk)
        phrase = occurrence.wordings[chosen][1] if occurrence.wordings else None
        if chosen != wanted:
            wordy = TooWordy(occurrence.wordings[wanted][0], "quiet" if step.quiet.shortest else "step")
            changes.append(Change(address, step.title, occurrence.wordings[chosen][0], wordy, step.span))
        here = begun if index == position else None
        scheduled.append(Scheduled(occurrence, start, fit.frames[occurrence.part], phrase, chapter, index, here))
        chapter = ""
        start += fit.frames[occurrence.part]
    rest = fit.silences.get(len(outline.occurrences), 0)
    if 0 < rest <= TICK and scheduled and scheduled[-1].occurrence.address.side is None:
        scheduled[-1] = replace(scheduled[-1], frames=scheduled[-1].frames + rest)
    elif rest:
        silences.append((start, rest))
    return Layout(tuple(scheduled), tuple(silences), tuple(changes), tuple(left_out))


def _wording(part: Part, frames: int, talk: Talk) -> tuple[int, int]:
    """Return the index of the wording that *frames* leave room for, and of the one that is asked for."""
    given = [name for name, _ in part.first.wordings]
    if not given:
        return 0, 0
    asked = TALKS.index(talk)
    order = [TALKS.index(name) for name in given]
    wanted = sorted(range(len(given)), key=lambda i: (order[i] < asked, abs(order[i] - asked)))
    return next((i for i in wanted if part.needs[i] <= frames), wanted[0]), wanted[0]
