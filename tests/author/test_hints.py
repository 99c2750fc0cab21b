"""Lengths that a hint proposes can be had: typed, the finding is gone, and no refusal has come in its place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from tests.random_scripts import answer, routines
from tests.tries import tries
from voiceguide.author.advice_lengths import lint_range
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Range, Routine
from voiceguide.script.scalars import RANGE


def asked(routine: Routine, length_ms: int) -> object:
    return run(plan(routine, SessionRequest(length_ms=length_ms)), answer)


@given(routines())
@tries(60)
def test_a_proposed_range_can_be_had_at_its_three_lengths(routine: Routine) -> None:
    for found in lint_range(routine, run(plan(routine, SessionRequest()), answer), answer):
        for fix in found.fixes if found.code == "impossible-range" else ():
            if fix.text is None:
                continue
            made = RANGE.parse(fix.text)
            assert isinstance(made, Range)
            mended = replace(routine, length=made)
            for ms in (made.shortest, made.natural, made.longest):
                assert isinstance(asked(mended, ms), Plan), fix.text
            again = lint_range(mended, run(plan(mended, SessionRequest()), answer), answer)
            assert "impossible-range" not in [other.code for other in again], fix.text


@given(routines())
@tries(60)
def test_the_nearest_length_of_a_refusal_can_be_had(routine: Routine) -> None:
    for ms in (routine.length.shortest, routine.length.natural, routine.length.longest):
        refused = asked(routine, ms)
        if isinstance(refused, Refusal) and refused.nearest_ms is not None:
            assert isinstance(asked(routine, refused.nearest_ms), Plan)
