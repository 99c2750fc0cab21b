"""Asking for the length report: what is decided at every length, while unrolling, measuring and speaking little.

The solver tells down to which length its decisions hold. Where that is no further than the length itself (rounds,
several wordings, live times) every second is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from voiceguide.address import Address
from voiceguide.author.length_report import (
    IN_PART,
    LEFT_OUT,
    Against,
    Key,
    LengthReport,
    RoundsAt,
    Sample,
    What,
    Why,
    compared,
    steps_of,
)
from voiceguide.clips import Speech
from voiceguide.diagnostics import Progress, Report, no_progress
from voiceguide.plan.decide import Decision, decide
from voiceguide.plan.limits import Misfit
from voiceguide.plan.measured import Known
from voiceguide.plan.outline import Durations, Occurrence, Outline
from voiceguide.plan.parts import parts_of
from voiceguide.plan.plan import run, true_range, unbounded
from voiceguide.plan.reasons import Refusal, Rule
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine
from voiceguide.units import frames_to_ms

Answer = Callable[[Outline], Durations]
BUDGET = 40_000
"""Occurrences looked at, about two seconds' worth: up to there every second of the range is asked."""
LASTING = 4
"""How many times as many may be looked at where they need not be unrolled anew."""


def length_report(
    routine: Routine, request: SessionRequest, answer: Answer, progress: Progress = no_progress
) -> LengthReport | Refusal | Report:
    """Return what changes where in the declared range of *routine*, or why no length of it can be had.

    *answer* speaks. Sentences that only other lengths than the routine's own have are estimated, but both sides of
    every change are confirmed with sentences that were really spoken.
    """
    lengths = Lengths(routine, request, answer)
    first, length = lengths.first, routine.length
    if isinstance(first, Report):
        return first
    seconds = range(-(-length.shortest // 1000), length.longest // 1000 + 1)
    occurrences = lengths.outline.occurrences
    stride_s = 1
    if isinstance(first, Misfit) or first.down_to_ms == length.natural:
        most = len(occurrences) * (length.longest // length.natural if lengths.outline.rounds else 1)
        stride_s += len(seconds) * most // (BUDGET * (LASTING if lengths.known else 1))
    while made := compared(lengths.read, seconds, occurrences, round(length.natural / 1000), stride_s, progress):
        edges = made.edges()
        unsure = sorted(second for second in lengths.estimates if edges & {second, second + 1})
        if not unsure:
            return _with_numbers(made, lengths)
        for second in unsure:
            lengths.confirm(second)
    rule = first.rule if isinstance(first, Misfit) else Rule("gap")
    return Refusal(length.natural, rule, None)


def _with_numbers(made: LengthReport, lengths: Lengths) -> LengthReport:
    """Return *made* with the rounds at three lengths, the rules at both ends, and what the steps come to."""
    outline, durations = lengths.outline, lengths.durations
    three = [lengths.decided(second) for second in (made.shortest_s, made.default_s, made.longest_s)]
    rounds = tuple(_rounds(outline.occurrences, [_counts(each) for each in three if isinstance(each, Decision)]))
    natural_ms = steps_ms = None
    if all(r.repeat.counts.until_ms is None for r in outline.rounds):
        natural = {part.number: part.glue.natural for part in parts_of(outline, durations)[0]}
        natural_ms = frames_to_ms(sum(natural[o.part] for o in outline.occurrences), durations.rate)
    free, asked = unbounded(lengths.routine), replace(lengths.request, length_ms=None)
    offered = run(decide(free, asked), lengths.speak)
    if isinstance(offered, Decision):
        steps_ms = run(true_range(free, asked, offered), lengths.speak)
    ends = (lengths.read(second) for second in (made.shortest_s - 1, made.longest_s + 1))
    rules = tuple(why for why in ends if not isinstance(why, Sample))
    return replace(made, rounds=rounds, rules=rules, natural_ms=natural_ms, steps_ms=steps_ms)


def _sample(made: Decision | Misfit | Report, second: int) -> Sample | Against:
    if not isinstance(made, Decision):
        return made.rule if isinstance(made, Misfit) else made
    off: dict[Key, tuple[What, Why]] = {}
    left_out = (*made.outline.left_out, *made.layout.left_out)
    heard = _counts(made) if left_out else {}
    for out in left_out:
        key = out.address.written, out.side
        off[key] = (IN_PART if key in heard else LEFT_OUT, out.why)
    for change in made.layout.changes:
        off.setdefault((change.address.written, change.side), (change.talk, change.why))
    down_to_ms = max(made.down_to_ms, made.limits[0].ms)
    return Sample(off, second if made.said else min(second, -(-down_to_ms // 1000)))


def _counts(made: Decision) -> Mapping[Key, int]:
    return Counter((i.occurrence.address.written, i.occurrence.address.side) for i in made.layout.scheduled)


def _rounds(occurrences: Iterable[Occurrence], counts: Sequence[Mapping[Key, int]]) -> Iterator[RoundsAt]:
    """Yield the repeats whose rounds change with the length; *counts* are those at three lengths."""
    together: dict[tuple[int, ...], list[Address]] = {}
    most: dict[tuple[int, ...], list[int]] = {}
    for address, same in steps_of(occurrences).items():
        repeats = tuple(r.repeat for r in same[0].rounds)
        found = [each.get((address, same[0].address.side), 0) for each in counts]
        if repeats and len(set(found)) > 1:
            together.setdefault(repeats, []).append(address)
            most[repeats] = [max(pair) for pair in zip(most.get(repeats, found), found, strict=True)]
    for repeats, steps in together.items():
        shortest, default, longest = most[repeats]
        yield RoundsAt(tuple(steps), (shortest, default, longest))


class Lengths:
    """One routine decided at any length in whole seconds, with little speaking.

    *first* is what its own length comes to, for which everything is spoken; *outline* what was asked first. At seconds
    with *estimates*, sentences that were never spoken are estimated from those that were. *known* holds no estimate.
    """

    def __init__(self, routine: Routine, request: SessionRequest, answer: Answer) -> None:
        self.routine, self.request = routine, request
        self.known: Known = {}
        self.estimates: dict[int, dict[Speech, int]] = {}
        self.outline: Outline = Outline(())
        self.durations: Durations = Durations(0, {}, {})
        self._answer = answer
        self._words: dict[Speech, str] = {}
        self._samples: dict[int, Sample | Against] = {}
        self._second = 0
        self.first = run(decide(routine, replace(request, length_ms=None), known=self.known), self.speak)

    def read(self, second: int) -> Sample | Against:
        """Return what a length of *second* seconds comes to, or what is against it."""
        if second not in self._samples:
            self._samples[second] = _sample(self.decided(second), second)
        return self._samples[second]

    def decided(self, second: int) -> Decision | Misfit | Report:
        """Return what is decided for *second* seconds."""
        before, self._second = set(self.known), second
        made = run(
            decide(self.routine, replace(self.request, length_ms=second * 1000), known=self.known), self._estimate
        )
        for key in self.known.keys() - before if second in self.estimates else ():
            del self.known[key]
        return made

    def confirm(self, second: int) -> None:
        """Have everything spoken that *second* seconds need, and forget what wrong estimates led to."""
        run(decide(self.routine, replace(self.request, length_ms=second * 1000), known=self.known), self.speak)
        speech = self.durations.speech
        for other, estimates in [*self.estimates.items()]:
            wrong = any(speech.get(clip, frames) != frames for clip, frames in estimates.items())
            if wrong:
                self._samples.pop(other, None)
            if wrong or estimates.keys() <= speech.keys():
                del self.estimates[other]

    def speak(self, outline: Outline) -> Durations:
        """Return the lengths that *outline* asks for, spoken where they are not known."""
        begun = self.durations.rate > 0
        if begun and not self._new(outline) and outline.chimes() <= self.durations.chimes.keys():
            return self.durations
        found, had = self._answer(outline), self.durations
        self.outline = self.outline if begun else outline
        self._words |= outline.written()
        self.durations = Durations(found.rate, {**had.speech, **found.speech}, {**had.chimes, **found.chimes})
        return self.durations

    def _new(self, outline: Outline) -> dict[Speech, str]:
        return {clip: words for clip, words in outline.written().items() if clip not in self._words}

    def _estimate(self, outline: Outline) -> Durations:
        new = self._new(outline)
        if not new or not outline.chimes() <= self.durations.chimes.keys():
            return self.speak(outline)
        words = sum(len(text.split()) for text in self._words.values())
        frames = sum(self.durations.speech[clip] for clip in self._words)
        estimate = {clip: len(text.split()) * frames // max(1, words) for clip, text in new.items()}
        self.estimates.setdefault(self._second, {}).update(estimate)
        return replace(self.durations, speech={**estimate, **self.durations.speech})
