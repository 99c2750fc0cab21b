"""What is promised of every plan, tried on whole scripts at random and at lengths within and around their range."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.random_scripts import answer, broken_promises, routines
from tests.tries import tries
from voiceguide.diagnostics import Report
from voiceguide.plan.plan import Answer, Plan, plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine

CASES = Path(__file__).parent / "cases"
unhurried = tries(120)


def made(routine: Routine, length_ms: int | None, **request: object) -> Answer:
    return run(plan(routine, SessionRequest(length_ms=length_ms, **request)), answer)  # type: ignore[arg-type]


@unhurried
@given(routines(), st.sampled_from(("full", "brief", "minimal")), st.integers(1000, 1_500_000))
def test_every_plan_of_every_script_keeps_its_promises(routine: Routine, talk: str, length_ms: int) -> None:
    found = made(routine, length_ms, talk=talk)
    if isinstance(found, Plan):
        assert broken_promises(found, length_ms) == []


@unhurried
@given(routines(), st.floats(0, 1))
def test_both_ends_of_what_is_possible_can_be_had_and_so_can_much_between(routine: Routine, share: float) -> None:
    found = made(routine, None)
    assume(isinstance(found, Plan))
    assert isinstance(found, Plan)
    low, high = found.range_ms
    for length_ms in (low, high):
        end = made(routine, length_ms)
        assert isinstance(end, Plan), f"{length_ms}: {end}"
        assert broken_promises(end, length_ms) == []
    between = made(routine, low + round(share * (high - low)))
    assert not isinstance(between, Plan) or broken_promises(between, low + round(share * (high - low))) == []


@unhurried
@given(routines(), st.integers(1000, 1_500_000))
def test_the_nearest_length_that_a_refusal_names_can_be_had(routine: Routine, length_ms: int) -> None:
    found = made(routine, length_ms)
    if isinstance(found, Refusal) and found.nearest_ms is not None:
        nearest = made(routine, found.nearest_ms)
        assert isinstance(nearest, Plan), f"{length_ms}: {found}, nearest {found.nearest_ms}: {nearest}"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_scripts_that_went_wrong_once_keep_every_promise_now(path: Path) -> None:
    from voiceguide.script.link import link
    from voiceguide.script.read import read
    from voiceguide.source import Source

    routine, report = read(Source(str(path), path.read_text(encoding="utf-8")))
    assert routine is not None, str(report)
    routine, tried = link(routine, {}), 0
    for length_ms in (None, *range(1000, 1_500_000, 61_007)):
        found = made(routine, length_ms)
        assert not isinstance(found, Report)
        if isinstance(found, Refusal):
            assert found.nearest_ms is not None
            length_ms, found = found.nearest_ms, made(routine, found.nearest_ms)
        assert isinstance(found, Plan)
        asked_ms = routine.length.natural if length_ms is None else length_ms
        assert broken_promises(found, asked_ms) == []
        tried += 1
    assert tried > 20
