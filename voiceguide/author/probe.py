"""Planning one routine at many lengths while speaking little: what is not known is estimated from what is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voiceguide.author.ladder import Ladder, Rung, ladder, rung
from voiceguide.diagnostics import Report
from voiceguide.plan.bounds import bounds
from voiceguide.plan.outline import Chime, Material, Outline, SessionRequest, Utterance
from voiceguide.plan.plan import Answer, Plan, Refusal, converse, plan, unbounded
from voiceguide.script.model import Routine
from voiceguide.units import frames_to_ms

BUDGET = 40_000
"""Turns planned, about two seconds' worth: up to there every second of the range is planned."""


class Probe:
    """One routine, planned at any length in whole seconds.

    *answer* speaks. It is asked about the routine's own length first. Sentences that other lengths would have (those
    which say a time) are estimated by their words, unless `confirm` has them spoken.
    """

    def __init__(self, routine: Routine, request: SessionRequest, answer: Callable[[Outline], Material]) -> None:
        self.routine = routine
        self.request = request
        self._answer = answer
        self._lengths: dict[Utterance, int] = {}
        self._chimes: dict[str, Chime] = {}
        self._rate = 1
        self._seen: dict[int, Rung | str] = {}
        self._guesses: dict[int, dict[Utterance, int]] = {}
        self._second = 0
        self._first: tuple[Outline, Material] | None = None
        self.default: Answer = converse(plan(routine, replace(request, length_ms=None)), self._ask)

    @property
    def outline(self) -> Outline:
        """The routine unrolled at its own length, with its natural rounds."""
        return self._first[0] if self._first else Outline(())

    def natural_ms(self) -> int | None:
        """Return the sum of all steps at its natural length, in milliseconds; None if rounds fill the time."""
        if self._first is None or any(r.repeat.counts.until_ms is not None for r in self.outline.rounds):
            return None
        frames = sum(bound.natural * bound.occurrences for bound in bounds(*self._first)[0])
        return frames_to_ms(frames, self._rate)

    def steps_ms(self) -> tuple[int, int] | None:
        """Return the shortest and longest length that the steps can have whatever `length:` offers, in milliseconds."""
        length_ms = frames_to_ms(self.default.timeline.frames, self._rate) if isinstance(self.default, Plan) else None
        answer = converse(plan(unbounded(self.routine), replace(self.request, length_ms=length_ms)), self._ask)
        return answer.range_ms if isinstance(answer, Plan) else None

    def read(self, second: int) -> Rung | str:
        """Return what a length of *second* seconds comes to, or the rule against it."""
        if second not in self._seen:
            self._seen[second] = _read(self._plan(second, self._estimate))
        return self._seen[second]

    def guessed(self, second: int) -> bool:
        """Tell whether what was read at *second* rests on an estimate."""
        return second in self._guesses

    def confirm(self, second: int) -> None:
        """Have everything spoken that *second* seconds need, and forget what wrong estimates led to."""
        self._plan(second, self._ask)
        for other, guesses in [*self._guesses.items()]:
            if any(self._lengths.get(utterance, frames) != frames for utterance, frames in guesses.items()):
                del self._guesses[other], self._seen[other]
            elif guesses.keys() <= self._lengths.keys():
                del self._guesses[other]

    def _plan(self, second: int, answer: Callable[[Outline], Material]) -> Answer:
        self._second = second
        return converse(plan(self.routine, replace(self.request, length_ms=second * 1000)), answer)

    def _ask(self, outline: Outline) -> Material:
        if self._first and self._rings(outline) and all(u in self._lengths for u in outline.utterances()):
            return Material(self._rate, self._lengths, self._chimes)
        material = self._answer(outline)
        self._rate = material.rate
        self._lengths |= material.lengths
        self._chimes |= material.chimes
        self._first = self._first or (outline, material)
        return material

    def _rings(self, outline: Outline) -> bool:
        """Tell whether all chimes of *outline* are known."""
        return outline.chimes() <= self._chimes.keys()

    def _estimate(self, outline: Outline) -> Material:
        new = [utterance for utterance in outline.utterances() if utterance not in self._lengths]
        if not new or not self._rings(outline):
            return self._ask(outline)
        words = sum(len(known.text.split()) for known in self._lengths)
        frames = sum(self._lengths.values())
        guess = {utterance: len(utterance.text.split()) * frames // max(1, words) for utterance in new}
        # announcements lie in gaps and never change a step: an estimate of them is as good as the clip
        spoken = set(replace(outline, announcements=()).utterances())
        matters = {utterance: length for utterance, length in guess.items() if utterance in spoken}
        if matters:
            self._guesses.setdefault(self._second, {}).update(matters)
        return Material(self._rate, guess | self._lengths, self._chimes)


def _read(made: Answer) -> Rung | str:
    match made:
        case Plan():
            return rung(made)
        case Refusal():
            return made.rule.partition(": ")[2] or made.rule
        case Report():
            return made.problems[0].message


def survey(probe: Probe, progress: Callable[[str, int, int], None]) -> Ladder | None:
    """Return the ladder of the whole declared range, or None if no length of it can be had.

    Both sides of every change are confirmed with sentences that were really spoken.
    """
    length = probe.routine.length
    seconds = range(-(-length.shortest // 1000), length.longest // 1000 + 1)
    if not seconds:
        return None
    stride_s = 1 + len(seconds) * len(probe.outline.turns) // BUDGET
    default_s = min(max(round(length.natural / 1000), seconds[0]), seconds[-1])
    total = len(seconds) // stride_s
    done: set[int] = set()

    def read(second: int) -> Rung | str:
        done.add(second)
        progress("planning", min(len(done), total), total)
        return probe.read(second)

    while True:
        made = ladder(read, seconds, probe.outline.turns, default_s, stride_s)
        if made is None:
            return None
        beside = {second for edge in made.edges() for second in (edge - 1, edge) if second in seconds}
        unsure = sorted(second for second in beside if probe.guessed(second))
        if not unsure:
            return made
        for second in unsure:
            probe.confirm(second)
