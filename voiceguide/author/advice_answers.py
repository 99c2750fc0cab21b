"""Routine -> problems that only other listeners meet: other answers, other days, another voice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations

from voiceguide.author.advice_lengths import MOST_STEPS, listed
from voiceguide.author.flow import every, every_step
from voiceguide.clips import Speech, Utterance
from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.nouns import dataclass
from voiceguide.plan.decide import Decision, decide
from voiceguide.plan.limits import Misfit
from voiceguide.plan.measured import TIMES, Known
from voiceguide.plan.outline import Durations, Measure, Outline
from voiceguide.plan.plan import Answer, Plan, plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.request import TALKS, SessionRequest
from voiceguide.script.model import ALWAYS, Condition, Each, Routine, Slot, Variants
from voiceguide.source import Span
from voiceguide.units import format_exact

BUDGET = 20_000
"""Steps looked at, about a second's worth: all single changes, and pairs of them, until there have been so many."""
Change = tuple[str, str]
"""What is asked, and another answer than the assumed one; or `talk` and another than full."""


def slow_s(pace_wpm: int) -> float:
    """Return the seconds a word within which espeak, the slower of two engines, speaks nine of ten sentences.

    Measured over those of the shipped scripts: 0.79 at 80 words a minute, 0.63 at 125, 0.41 at 200 (docs/sources.md).
    """
    return min(0.35 + 35 / pace_wpm, 79 / pace_wpm)


def lint_room(routine: Routine, natural: Answer, measure: Measure) -> Iterator[Diagnostic]:
    """Yield a warning for each step whose words fit as *measure* estimates them, but not as a slow voice says them."""
    if not _few(natural):
        return

    def slowly(outline: Outline) -> Durations:
        found = measure(outline)
        slow = {clip: _slow(clip, text, found) for clip, text in outline.written().items()}
        return replace(found, speech=slow)

    made = run(decide(routine, SessionRequest(), known={}), slowly)
    for found in made if isinstance(made, Report) else ():
        expected = f"{found.expected} with a slow voice, too"
        yield Diagnostic("little-room", found.span, expected, found.found, found.fixes)


def _slow(clip: Speech, text: str, found: Durations) -> int:
    if not isinstance(clip, Utterance):
        return found.speech[clip]
    seconds = len(text.split()) * slow_s(clip.pace_wpm)
    return max(found.speech[clip], round(seconds * found.rate))


@dataclass(frozen=True)
class _Tried:
    """What became of three lengths: the steps whose words do not fit, and by name the lengths that cannot be had."""

    report: Report
    refused: Mapping[str, int]
    steps: int


def lint_answers(routine: Routine, natural: Answer, measure: Measure) -> Iterator[Diagnostic]:
    """Yield what is wrong with *routine* only where a listener answers otherwise than is assumed, or comes another day.

    The default length and both ends are decided for each other answer to a question that matters, and for each two of
    them. *natural* is the plan of the default, *measure* tells how long words are.
    """
    if not _few(natural):
        return
    usual = _tried(routine, (), measure)
    changes, left = _changes(routine), BUDGET - usual.steps
    pairs = ((one, other) for one, other in combinations(changes, 2) if one[0] != other[0])
    bad: dict[Change, set[str]] = {}
    for asked in chain(((change,) for change in changes), pairs):
        if left <= 0:
            return
        tried = _tried(routine, asked, measure)
        left -= tried.steps
        with_it = " and ".join(f"`{name}: {value}`" for name, value in asked)
        known = set(usual.refused).union(*(bad.get(change, ()) for change in asked))
        for found in () if "words" in known else tried.report:
            yield replace(found, expected=f"{found.expected} with {with_it}")
        new = {name: ms for name, ms in tried.refused.items() if name not in known}
        if len(asked) == 1:
            bad[asked[0]] = {*tried.refused, *(["words"] if tried.report else [])}
        if new:
            yield _refused(routine, asked, with_it, new, measure)


def _few(natural: Answer) -> bool:
    return isinstance(natural, Plan) and len(natural.timeline.steps) + len(natural.left_out) <= MOST_STEPS


def _refused(
    routine: Routine, asked: tuple[Change, ...], with_it: str, lengths: Mapping[str, int], measure: Measure
) -> Diagnostic:
    told, ways = [], [f"`voiceguide fit` with {' '.join(f'--set {n}={v}' for n, v in asked)} shows what can be had"]
    for name, ms in lengths.items():
        answer = run(plan(routine, _request(asked, ms)), measure)
        near = answer.nearest_ms if isinstance(answer, Refusal) else None
        nearest = "no length near it can be had" if near is None else f"the nearest is {format_exact(near)}"
        told.append(f"{name} {format_exact(ms)} ({nearest})")
        longest = isinstance(answer, Refusal) and answer.rule.end == "longest"
        ways = [*dict.fromkeys((_LONGER if longest else _SHORTER, *ways))]
    places = [span for name, _ in asked if (span := _question(routine, name))]
    expected = f"lengths that can be had with {with_it}"
    return problem(
        "impossible-answer", (places or [routine.spans["length"]])[-1], *ways, expected=expected, found=listed(told)
    )


_LONGER = "let other silences stretch further, or let what goes take its time with it: `freed: shorten`"
_SHORTER = "let a step be `optional:`, or a silence be shorter"


def _question(routine: Routine, name: str) -> Span | None:
    """Return where the question *name* is asked, if the script asks it."""
    fact = routine.listener.get(name)
    return next(iter(fact.spans.values()), None) if fact else None


def _tried(routine: Routine, asked: tuple[Change, ...], measure: Measure) -> _Tried:
    known: Known = {}
    length, refused, report, steps = routine.length, dict[str, int](), Report(), 0
    for name, ms in (("default", length.natural), ("shortest", length.shortest), ("longest", length.longest)):
        made = run(decide(routine, _request(asked, ms), known=known), measure)
        if isinstance(made, Report):
            report += made
        elif isinstance(made, Misfit):
            refused[name] = ms
        steps += len(made.outline.occurrences) if isinstance(made, Decision) else 100
        steps += sum(len(fact.choices) for fact in routine.listener.values())  # each may be looked at, too
    return _Tried(report, refused, steps)


def _request(asked: tuple[Change, ...], length_ms: int) -> SessionRequest:
    facts = dict(asked)
    talk = facts.pop("talk", "full")
    return SessionRequest(length_ms, next(t for t in TALKS if t == talk), facts)


def _changes(routine: Routine) -> list[Change]:
    """Return every other answer to what *routine* asks, as far as it makes a difference, and the days that do."""
    parts = routine.steps, routine.blocks
    conditions = list(every(Condition, parts))
    slots = {slot.name for slot in every(Slot, (parts, routine.announce))}
    asked = {name for c in conditions for name in (c.fact, c.value or "")} | slots
    asked |= {each.lead for each in every(Each, parts)}
    shorter = any(step.brief or step.minimal or step.open.keys() & {"brief", "minimal"} for step in every_step(routine))
    asked |= {"returning"} if shorter else set()
    facts = {**ALWAYS, **routine.listener}
    found = [(n, v) for n, fact in facts.items() if n in asked for v in fact.choices if v != fact.default]
    if "day" not in routine.listener:
        found += [("day", str(day)) for day in _days(routine, conditions)]
    if shorter and slots & TIMES and "talk" not in facts:
        found += [("talk", talk) for talk in TALKS[1:]]
    return found


def _days(routine: Routine, conditions: list[Condition]) -> list[int]:
    """Return the days, but the first, on which something may be otherwise than on the day before."""
    days: set[int] = set()
    for condition in conditions:
        if condition.fact == "day" and condition.value:
            low, _, high = condition.value.partition("..")
            days |= {int(low), int(high or low) + 1}
    turns = [len(told.cases) for told in every(Variants, (routine.steps, routine.blocks)) if told.rotate]
    days |= {*range(2, max(turns, default=1) + 1)}
    return sorted(day for day in days if 1 < day <= (routine.days if routine.days > 1 else 999))
