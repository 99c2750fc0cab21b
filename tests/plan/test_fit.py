"""Fitting: exact, fair, and by the rule."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import RATE, answered, planned, routine, seconds
from tests.tries import tries
from voiceguide import open_routine
from voiceguide.plan.plan import Plan
from voiceguide.plan.reasons import Refusal


def lengths(plan: Plan) -> dict[str, float]:
    return {step.step: seconds(step.frames) for step in plan.timeline.steps}


def test_at_its_natural_length_every_step_has_its_natural_length() -> None:
    plan = planned("length: 1m..1m30s..2m\nsteps: [{pause: 20s..30s..40s}, {do: knead, for: 40s..60s..80s}]")
    assert lengths(plan) == {"pause": 30.0, "knead": 60.0}


def test_shortening_shares_the_loss_evenly() -> None:
    plan = planned("length: 1m..1m30s..2m\nsteps: [{pause: 20s..30s..40s}, {do: knead, for: 40s..60s..80s}]", 75)
    assert lengths(plan) == {"pause": 25.0, "knead": 50.0}


def test_lengthening_shares_the_gain_evenly_towards_longest() -> None:
    plan = planned("length: 1m..1m30s..2m\nsteps: [{pause: 20s..30s..40s}, {do: knead, for: 40s..60s..100s}]", 115)
    assert lengths(plan) == {"pause": 35.0, "knead": 80.0}


OPTIONAL = """
length: 1m..2m..3m
steps:
  - {do: core, for: 30s..60s..90s}
  - {do: first, for: 10s..20s..30s, optional: 2}
  - {do: second, for: 10s..20s..30s, optional: 4}
  - {do: third, for: 10s..20s..30s, optional: 4}
"""


@pytest.mark.parametrize(
    ("length_s", "gone"),
    [(120, []), (90, []), (89, ["third"]), (75, ["third"]), (74, ["second", "third"]), (60, ["second", "third"])],
)
def test_the_highest_number_goes_first_and_of_equals_the_last_until_half_way(length_s: float, gone: list[str]) -> None:
    plan = planned(OPTIONAL, length_s)
    assert sorted(item.step for item in plan.left_out) == gone
    assert sum(lengths(plan).values()) == length_s


def test_a_group_together_goes_as_a_whole_on_both_sides() -> None:
    plan = planned(
        "length: 1m..3m..4m\ngroups: {zones: together}\nsteps:\n  - section: Feet\n    each: foot\n    steps:\n"
        "      - {do: core, for: 20s..40s..60s}\n      - {do: a, for: 10s..20s..30s, optional: 2, group: zones}\n"
        "      - {do: b, for: 10s..20s..30s, optional: 3, group: zones}\n",
        70,
    )
    assert {(i.step, i.side) for i in plan.left_out} == {(s, side) for s in "ab" for side in ("left", "right")}
    assert str(plan.left_out[0].why) == "optional 2, with its group zones: too little time"


def test_a_group_keeps_at_least_as_many_as_it_says() -> None:
    steps = "".join(f"  - {{do: s{n}, for: 10s..30s..40s, optional: {n}, group: heel}}\n" for n in range(2, 6))
    plan = planned(f"length: 30s..2m..3m\ngroups: {{heel: keep 2}}\nsteps:\n{steps}", 30)
    assert sorted(item.step for item in plan.left_out) == ["s4", "s5"]


def test_sides_are_equal_to_the_sample_even_where_the_length_is_odd() -> None:
    text = "length: 1m..2m..3m\nsteps:\n  - {pause: 1s..2s..3s}\n  - section: F\n    each: foot\n    steps:\n"
    text += "".join(f"      - {{do: s{n}, for: 10s..17s..31s}}\n" for n in range(3))
    plan = planned(text, 100.001)
    left = [s.frames for s in plan.timeline.steps if s.side == "left"]
    assert left == [s.frames for s in plan.timeline.steps if s.side == "right"]
    assert sum(s.frames for s in plan.timeline.steps) == plan.timeline.frames == 100_001 * 48


def test_paced_breathing_takes_whole_rounds_and_leaves_the_rest_to_other_silences() -> None:
    text = "length: 30s..1m..3m\nsteps:\n  - {say: One two three four., name: settle, for: 15s..35s..90s, breathe: 5-0-5-0}\n"
    plan = planned(text + "  - {pause: 10s..30s..90s}\n", 62)
    assert lengths(plan) == {"settle": 32.0, "pause": 30.0}


def test_repeats_are_whole_and_take_their_share() -> None:
    text = "length: 30s..1m40s..3m\nsteps:\n  - repeat: 2..4..7\n    steps: [{breathe: 5-0-5-0}]\n  - {pause: 10s..60s..80s}\n"
    for length_s, rounds in ((100, 4), (70, 3), (30, 2), (150, 7)):
        plan = planned(text, length_s)
        assert sum(step.step == "breathe" for step in plan.timeline.steps) == rounds
        assert plan.timeline.frames == length_s * RATE == sum(s.frames for s in plan.timeline.steps)


def test_until_fills_with_whole_rounds_and_ends_exactly_that_long_before_the_end() -> None:
    text = (
        "length: 50s..3m20s..4m\nsteps:\n  - repeat: until 30s left\n    steps: [{do: wave, for: 25s, quiet: 0s}]\n"
        "  - {name: close, say: Now rest., for: 30s}\n"
    )
    plan = planned(text, 200)
    silence, close = plan.timeline.steps[-2:]
    assert [s.step for s in plan.timeline.steps].count("wave") == 6
    assert seconds(close.start) == 170.0
    assert (silence.address, silence.step, seconds(silence.frames)) == (None, "silence", 20.0)
    assert silence.end == close.start
    assert plan.timeline.frames == 200 * RATE
    assert [s.step for s in planned(text, 60).timeline.steps].count("wave") == 1
    assert [s.step for s in planned(text, 50).timeline.steps].count("wave") == 0


def test_a_step_takes_its_brief_wording_where_the_full_one_leaves_too_little_quiet() -> None:
    text = f"length: 20s..40s..60s\nsteps:\n  - {{do: a, say: {'word ' * 30}, brief: word word, for: 10s..40s..60s}}\n"
    full, brief = planned(text, 21), planned(text, 20.9)
    assert (full.timeline.steps[0].speech_frames, full.changes) == (15 * RATE, ())
    assert brief.timeline.steps[0].speech_frames == RATE
    assert [(c.step, c.talk) for c in brief.changes] == [("a", "brief")]


def test_talk_changes_what_is_said_and_never_when_a_step_begins() -> None:
    made = open_routine("whole-foot")
    plans = [planned(made, 720, talk=talk) for talk in ("full", "brief", "minimal")]
    places = [[(s.step, s.side, s.start, s.frames) for s in plan.timeline.steps] for plan in plans]
    assert places[0] == places[1] == places[2]
    speech = [sum(s.speech_frames for s in plan.timeline.steps) for plan in plans]
    assert speech[0] > 1.5 * speech[1] >= 1.5 * speech[2]


@pytest.mark.parametrize(
    ("length_s", "rule", "nearest_s"),
    [(240, "shortest 8:00: declared range", 480), (1800, "longest 25:00: general cap", 1500)],
)
def test_a_length_out_of_range_is_refused_with_the_rule_and_the_nearest(
    length_s: float, rule: str, nearest_s: int
) -> None:
    answer = answered(open_routine("whole-foot"), length_s)
    assert isinstance(answer, Refusal)
    assert (str(answer.rule), answer.nearest_ms) == (rule, nearest_s * 1000)


def test_a_length_that_the_steps_cannot_take_is_refused_with_the_reason() -> None:
    made = routine("length: 10s..1m..5m\nsteps: [{do: a, for: 20s..30s..40s}]")
    for length_s, rule, nearest_s in (
        (15, "shortest 0:20: speech and quiet of the steps never left out", 20),
        (60, "longest 0:40: every silence at its longest", 40),
    ):
        answer = answered(made, length_s)
        assert isinstance(answer, Refusal)
        assert (str(answer.rule), answer.nearest_ms) == (rule, nearest_s * 1000)


def test_words_that_do_not_fit_are_an_error_that_names_both_numbers_and_the_ways_out() -> None:
    from voiceguide.diagnostics import Report

    answer = answered(routine(f"steps: [{{do: a, say: {'word ' * 30}, for: 10s..15s..20s}}]"))
    assert isinstance(answer, Report)
    assert answer.problems[0].message == "expected at most 20s in `a`, found 15.0s of speech and 6.0s of quiet"
    assert answer.problems[0].hint == "let `for:` reach 21s; or give a shorter `brief:`; or lessen `quiet:`"


ROUTINES = ("whole-foot", "quick-reset", "inner-arch-line", "even-breath")


@pytest.mark.slow
@pytest.mark.parametrize("name", ROUTINES)
def test_every_second_of_the_range_is_exact_equal_on_both_sides_and_without_overlap(name: str) -> None:
    made = open_routine(name)
    spoken = {}
    for length_s in range(made.length.shortest // 1000, made.length.longest // 1000 + 1):
        timeline = planned(made, length_s).timeline
        assert timeline.frames == length_s * RATE == sum(s.frames for s in timeline.steps)
        starts = 0
        for step in timeline.steps:
            assert step.start == starts
            starts = step.end
        left = [(s.step, s.frames) for s in timeline.steps if s.side == "left"]
        assert left == [(s.step, s.frames) for s in timeline.steps if s.side == "right" and s.step != "switch"]
        voice = [cue for cue in timeline.cues if cue.track == "voice"]
        assert all(a.end <= b.start for a, b in pairwise(voice))
        assert all(cue.frames == len(cue.text.split()) * RATE // 2 for cue in voice)
        breaths = [cue for cue in timeline.cues if cue.track == "breath"]
        assert not any(b.start < v.end and v.start < b.end for b in breaths for v in voice if v.step == b.step)
        spoken[length_s] = len(voice)
    assert len(spoken) == (made.length.longest - made.length.shortest) // 1000 + 1


WORKED = {  # what each routine becomes at other lengths
    ("whole-foot", 480): "toes arch knuck pinch tips edge ankle",
    ("whole-foot", 720): "toes arch knuck",
    ("whole-foot", 780): "toes arch",
    ("whole-foot", 1500): "",
    ("quick-reset", 180): "edge heel",
    ("quick-reset", 240): "edge",
    ("quick-reset", 480): "",
    ("inner-arch-line", 300): "rest tender glide z1 z2 z3 z4",
    ("inner-arch-line", 480): "rest tender glide",
    ("inner-arch-line", 900): "",
}


@pytest.mark.parametrize(("name", "length_s"), WORKED)
def test_what_is_left_out_is_what_the_tables_say(name: str, length_s: int) -> None:
    plan = planned(open_routine(name), length_s)
    assert {item.step for item in plan.left_out} == set(WORKED[name, length_s].split())


def test_the_worked_example_of_twelve_minutes() -> None:
    plan = planned(open_routine("whole-foot"), 720)
    steps = plan.timeline.steps
    assert [(s.step, s.side) for s in steps[:5]] == [(n, None) for n in ("open", "hello", "settle")] + [
        ("pos", "left"),
        ("warm", "left"),
    ]
    settle = next(s for s in steps if s.step == "settle")
    assert seconds(settle.frames) == 32.0  # 12 s of words and two whole breaths
    assert sum(s.speech_frames for s in steps) == 239 * RATE


texts = st.lists(
    st.tuples(
        st.integers(0, 12), st.tuples(*[st.integers(0, 40)] * 3), st.sampled_from([None, 2, 3, 4]), st.booleans()
    ),
    min_size=1,
    max_size=7,
)


@tries(150)
@given(texts, st.booleans(), st.integers(1, 600_000))
def test_any_script_is_refused_or_filled_to_the_frame(
    steps: list[tuple[int, tuple[int, int, int], int | None, bool]], sides: bool, length_ms: int
) -> None:
    rows = []
    for index, (words, span, optional, paced) in enumerate(steps):
        low, natural, high = sorted(span)
        row = f"name: s{index}, for: {low + 1}s..{natural + 6}s..{high + 20}s"
        row += f", say: {'word ' * words}" if words else ""
        row += f", optional: {optional}" if optional else ""
        rows.append(f"- {{{row}{', breathe: 4-0-4-0' if paced else ', pressure: 1, zone: sole'}}}")
    rows = [row if "say" in row or "breathe" in row else row.replace("name", "do") for row in rows]
    inside = "\n".join(f"      {row}" for row in rows)
    body = f"  - section: S\n    each: foot\n    steps:\n{inside}" if sides else inside.replace("      ", "  ")
    answer = answered(routine(f"length: 1s..5m..10m\nsteps:\n{body}\n"), length_ms / 1000)
    if isinstance(answer, Plan):
        timeline = answer.timeline
        assert timeline.frames == length_ms * 48
        assert 0 <= timeline.frames - sum(s.frames for s in timeline.steps) < 2 * len(timeline.steps)
        assert [s.frames for s in timeline.steps if s.side == "left"] == [
            s.frames for s in timeline.steps if s.side == "right"
        ]
        assert answer.range_ms[0] <= length_ms <= answer.range_ms[1]


@pytest.mark.parametrize(("length_s", "rounds"), [(60, 3), (52, 3), (50, 2), (44, 2), (80, 3), (82, 4), (100, 4)])
def test_paced_breathing_takes_the_rounds_nearest_to_its_share(length_s: int, rounds: int) -> None:
    text = "length: 44s..60s..100s\nsteps: [{name: b, breathe: {pattern: 5-0-5-0, rounds: 2..3..4}}, {pause: 20s..30s..60s}]"
    plan = planned(text, length_s)
    assert [seconds(step.frames) for step in plan.timeline.steps] == [rounds * 10.0, length_s - rounds * 10.0]


@given(st.integers(11, 40), st.integers(0, 40), st.integers(0, 40), st.integers(40, 160))
def test_paced_steps_keep_to_their_range_whatever_the_length(low: int, more: int, most: int, length_s: int) -> None:
    lengths = f"{low}s..{low + more}s..{low + more + most}s"
    text = (
        f"length: 10s..60s..10m\nsteps: [{{name: b, say: One., breathe: even, for: {lengths}}}, {{pause: 0s..30s..3m}}]"
    )
    answer = answered(routine(text), length_s)
    assert isinstance(answer, Plan | Refusal), str(answer)
    if isinstance(answer, Plan):
        first, second = (step.frames for step in answer.timeline.steps)
        assert low * RATE <= first <= (low + more + most) * RATE
        assert first + second == length_s * RATE


@pytest.mark.parametrize("length_s", [235, 250, 257, 300, 480, 1200])
def test_a_length_that_rounds_forbid_is_refused_with_one_that_they_allow(length_s: int) -> None:
    text = "length: 3m..8m..20m\nsteps: [{repeat: 3, steps: [{pause: 60s}]}, {pause: 20s..24s..30s}, {repeat: until 30s left, steps: [{pause: 10s}]}, {pause: 30s}]"
    answer = answered(routine(text), length_s)
    if isinstance(answer, Refusal):
        assert answer.nearest_ms in (230_000, 234_000)
        answer = answered(routine(text), answer.nearest_ms / 1000)
    assert isinstance(answer, Plan)
