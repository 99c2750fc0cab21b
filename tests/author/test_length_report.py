"""The length report: exact thresholds, nothing hidden, little spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.make import CHIMES, RATE, answered, measure, routine
from tests.tries import tries
from voiceguide import open_routine
from voiceguide.address import Address
from voiceguide.author.length_report import LengthReport, RoundsAt, Sample, Stretch, compared
from voiceguide.author.length_samples import length_report
from voiceguide.diagnostics import Report
from voiceguide.plan.expand import expand
from voiceguide.plan.outline import Durations, Occurrence, Outline
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.reasons import ByCondition, Refusal, Rule, TooLittleTime
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine


def asked(made: Routine, answer: object = None) -> LengthReport | Refusal | Report:
    return length_report(made, SessionRequest(), answer or measure())  # type: ignore[arg-type]


def reported(made: str | Routine, answer: object = None) -> LengthReport:
    found = asked(routine(made) if isinstance(made, str) else made, answer)
    assert isinstance(found, LengthReport), str(found)
    return found


def told(found: LengthReport) -> list[tuple[str, int, int, str, tuple[str, ...]]]:
    return [(row.step, s.below_s, s.from_s, s.what, s.sides) for row, s in found.changes()]


def states(found: LengthReport, second: int) -> dict[tuple[str, str | None], str]:
    """Return what the report says of *second*: every written step and side that is not as asked."""
    return {
        (str(row.address), side): s.what
        for row in found.rows
        for s in row.stretches
        if s.from_s <= second < s.below_s
        for side in s.sides or (None,)
    }


def planned_states(made: Plan, rows: set[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    heard = {(str(step.address.written), step.side) for step in made.timeline.steps if step.address}
    found: dict[tuple[str, str | None], str] = {(str(c.address.written), c.side): c.talk for c in made.changes}
    gone = {(str(item.address.written), item.side) for item in made.left_out}
    found |= {key: "in-part" if key in heard else "left-out" for key in gone}
    assert all(
        (str(item.address.written), item.side) in rows or isinstance(item.why, ByCondition) for item in made.left_out
    )
    return {key: what for key, what in found.items() if key in rows}


def assert_true(found: LengthReport, made: Routine, answer: object = None) -> None:
    """Assert that *found* is what planning says at every second of the declared range."""
    rows = {(str(row.address), side) for row in found.rows for side in row.sides or (None,)}
    for second in range(-(-made.length.shortest // 1000), made.length.longest // 1000 + 1):
        truth = run(plan(made, SessionRequest(length_ms=second * 1000)), answer or measure())  # type: ignore[arg-type]
        inside = found.shortest_s <= second <= found.longest_s
        possible = inside and not any(gap.from_s <= second < gap.below_s for gap in found.gaps)
        assert isinstance(truth, Plan) == possible, second
        if isinstance(truth, Plan):
            assert states(found, second) == planned_states(truth, rows), second


def test_a_step_goes_where_what_remains_would_sit_below_half_way() -> None:
    # with `b` 30s..60s..90s: half-way is 45s
    found = reported("""
length: 20s..1m..1m30s
steps: [{name: a, pause: 20s..40s..60s}, {name: b, pause: 10s..20s..30s, optional: 3}]""")
    assert (found.shortest_s, found.default_s, found.longest_s) == (20, 60, 90)
    assert [(row.step, stretch) for row, stretch in found.changes()] == [
        ("b", Stretch(45, 20, "left-out", TooLittleTime(3), None))
    ]


def test_a_step_says_less_where_its_words_and_its_quiet_need_more() -> None:
    # ten words and the quiet take 5s + 6s, four words and the quiet 2s + 6s
    found = reported("""
length: 5s..12s..30s
steps: [{do: rub, say: a b c d e f g h i j, brief: a b c d, for: 8s..12s..20s}]""")
    assert (found.shortest_s, found.longest_s) == (8, 20)
    assert told(found) == [("rub", 11, 8, "brief", ())]


def test_both_sides_are_one_stretch_and_a_group_goes_together() -> None:
    found = reported("""
length: 40s..2m..3m
groups: {zones: together}
steps:
  - {name: a, pause: 20s..40s..60s}
  - section: Feet
    each: foot
    steps:
      - {do: x, for: 10s..20s..30s}
      - {do: y, for: 5s..10s..15s, optional: 2, group: zones}
      - {do: z, for: 5s..10s..15s, optional: 2, group: zones}""")
    both = ("left", "right")  # 64s..120s..180s with the quiet of six seconds, so half-way is 92s
    assert told(found) == [("y", 92, 40, "left-out", both), ("z", 92, 40, "left-out", both)]
    assert [row.group for row in found.rows] == ["", "", "zones", "zones"]


def test_lengths_between_rigid_rounds_are_gaps() -> None:
    found = reported("""
length: 5s..32s..1m
steps: [{name: a, pause: 1s..2s..4s}, {repeat: 1..3..4, steps: [{name: r, pause: 10s}]}]""")
    assert (found.shortest_s, found.longest_s) == (11, 44)
    assert [(gap.from_s, gap.below_s) for gap in found.gaps] == [(15, 21), (25, 31), (35, 41)]
    assert found.gaps[0].why == Rule("gap")
    assert found.rounds == (RoundsAt((Address((), "r"),), (1, 3, 4)),)


@pytest.mark.slow
def test_the_rules_beside_the_range_are_those_of_planning() -> None:
    found = reported("length: 10s..20s..3m\nsteps: [{do: rub, say: a b c d e f g h i j, for: 10s..20s..40s}]")
    assert (found.shortest_s, found.longest_s) == (11, 40)
    assert found.rules == (Rule("need", "shortest", 11_000), Rule("reach", "longest", 40_000))
    assert found.natural_ms == 20_000
    assert found.steps_ms == (11_000, 40_000)
    assert reported("steps: [{repeat: until 5s left, steps: [{pause: 5s}]}]").natural_ms is None


def test_no_possible_length_is_a_refusal() -> None:
    found = asked(routine("length: 1m..2m..3m\nsteps: [{pause: 5s..10s..20s}]"))
    assert found == Refusal(120_000, Rule("reach", "longest", 20_000), None)


def test_wordings_that_come_and_go_with_whole_breaths_are_all_told() -> None:
    text = """
length: 30s..1m..2m
steps:
  - {name: hello, say: a b c d e f g h i j k l m n, brief: a b c d, for: 3s..7s..9s}
  - {repeat: 1..4..9, steps: [{name: round, breathe: 5-0-5-0}]}
  - {name: rest, pause: 5s..13s..25s}"""
    found = reported(text)
    assert len([s for row, s in found.changes() if row.step == "hello" and s.then == ""]) > 1
    assert_true(found, routine(text))


Pattern = Mapping[int, dict[tuple[tuple[str, ...], str | None], str]]


def samples(pattern: Pattern, reach: Mapping[int, int] | None = None) -> Callable[[int], Sample]:
    def read(second: int) -> Sample:
        off = {(Address(path, "x"), side): (what, TooLittleTime(2)) for (path, side), what in pattern[second].items()}
        return Sample(off, (reach or {}).get(second, second))  # type: ignore[arg-type]

    return read


def occurrences(text: str) -> tuple[Occurrence, ...]:
    return expand(routine(text), SessionRequest()).occurrences


def test_a_step_that_comes_back_and_sides_that_differ_are_told_apart() -> None:
    made = occurrences("steps: [{section: Feet, each: foot, steps: [{do: x, for: 10s..20s..30s}]}]")
    feet = ("feet",)
    gone = {(feet, "left"): "left-out", (feet, "right"): "left-out"}
    pattern = {1: {}, 2: gone, 3: gone, 4: {(feet, "left"): "left-out"}, 5: {}}
    found = compared(samples(pattern), range(1, 6), made, 5)  # type: ignore[arg-type]
    assert found is not None
    assert [(s.below_s, s.from_s, s.then, s.sides) for _, s in found.changes()] == [
        (5, 2, "", ("left",)),
        (4, 2, "", ("right",)),
    ]


@pytest.mark.parametrize("stride_s", [1, 7, 60, 10_000])
def test_a_change_is_found_to_the_second_however_far_apart_the_samples_are(stride_s: int) -> None:
    pattern = {s: {((), None): "left-out"} if s < 137 else {} for s in range(30, 501)}
    made = occurrences("steps: [{name: x, pause: 5s}]")
    found = compared(samples(pattern), range(30, 501), made, 500, stride_s)  # type: ignore[arg-type]
    assert found is not None
    assert told(found) == [("x", 137, 30, "left-out", ())]


def test_where_a_decision_says_how_far_down_it_holds_nothing_is_asked_between() -> None:
    made = occurrences("steps: [{name: x, pause: 5s}]")
    pattern = {s: {((), None): "left-out"} if s < 137 else {} for s in range(30, 501)}
    read, seen = samples(pattern, {500: 300, 299: 137, 136: 0}), list[int]()  # type: ignore[arg-type]

    def noted(second: int) -> Sample:
        seen.append(second)
        return read(second)

    found = compared(noted, range(30, 501), made, 500)
    assert found is not None
    assert told(found) == [("x", 137, 30, "left-out", ())]
    assert set(seen) == {500, 299, 136}


RANGES = st.tuples(st.integers(2, 12), st.integers(0, 12), st.integers(0, 15)).map(
    lambda n: f"{n[0]}s..{n[0] + n[1]}s..{n[0] + n[1] + n[2]}s"
)
STEPS = st.lists(
    st.tuples(
        RANGES, st.sampled_from(["", ", optional: 2", ", optional: 5", ", optional: 5, group: g"]), st.booleans()
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@tries(25)
@given(
    STEPS, st.booleans(), st.sampled_from(["together", "keep 1"]), st.booleans(), st.sampled_from([" {remaining}", ""])
)
def test_the_report_is_what_planning_says_at_every_second(
    steps: list[tuple[str, str, bool]], sides: bool, rule: str, breath: bool, live: str
) -> None:
    words = f'say: "a b c d e f{live}", brief: a b, for'
    lines = [f"{{name: s{i}, {words if talks else 'pause'}: {r}{o}}}" for i, (r, o, talks) in enumerate(steps)]
    inner = [f"{'      ' * sides}  - {line}" for line in lines]
    text = f"length: 5s..30s..1m\ngroups: {{g: {rule}}}\nsteps:\n"
    text += "  - section: Feet\n    each: foot\n    steps:\n" * sides + "\n".join(inner) + "\n"
    text += "  - {repeat: 1..2..3, steps: [{name: round, breathe: 3-0-3-0}]}\n" * breath
    made = routine(text)
    found = asked(made)
    assume(not isinstance(found, Report))
    if isinstance(found, LengthReport):
        assert_true(found, made)
    else:
        assert not any(isinstance(answered(made, second), Plan) for second in range(5, 61))


EVERY_SECOND = {
    "rounds of which some have more": """
length: 20s..1m..3m
steps:
  - repeat: 1..3..6
    steps: [{do: rub, for: 5s..8s..9s}, {name: more, pause: 10s..11s..12s, when: round is 2..4}]
  - {name: opt, pause: 5s..10s..20s, optional: 3}""",
    "other words in other rounds": """
length: 20s..1m..2m30s
steps:
  - repeat: 1..4..9
    steps:
      - name: told
        say: {one of: ["One.", "One two three four five six seven eight nine."]}
        brief: One.
        for: 5s..8s..9s
  - {name: opt, pause: 5s..10s..20s, optional: 3}""",
    "rounds that are said": """
length: 20s..1m..2m
steps:
  - {repeat: 1..4..9, steps: [{name: told, say: "Round {round} of {rounds}.", for: 3s..6s..9s}]}
  - {name: opt, pause: 5s..10s..20s, optional: 3}""",
    "a total that is said, and rounds beside an announced time": """
length: 20s..1m..2m
announce: [{half: "{remaining} left."}]
steps:
  - {do: rub, say: "We have {total} for this.", brief: "{total}.", for: 8s..12s..30s}
  - {repeat: 1..4..9, steps: [{name: rest, pause: 3s..6s..9s}]}
  - {name: opt, pause: 5s..10s..20s, optional: 3}""",
    "rounds until the end": """
length: 20s..1m..2m
steps:
  - {do: rub, say: a b c d e f, brief: a b, for: 8s..12s..30s, optional: 4}
  - {repeat: until 15s left, steps: [{breathe: 4-0-4-0}]}
  - {name: close, say: a b c d e f, brief: a b, for: 5s..15s..30s}""",
    "a section with a length, a block used twice, freed time": """
length: 30s..1m30s..3m
listener: {pregnant: {yes or no: yes}}
blocks: {pair: [{do: rub, say: a b c d e f, brief: a b, for: 8s..10s..20s, optional: 4}, {do: hold, for: 7s..12s..20s}]}
steps:
  - {use: pair}
  - {section: Long, for: 10s..20s..40s, steps: [{name: x, pause: 5s..9s..30s}, {name: y, pause: 5s..9s..30s, optional: 5}]}
  - {name: told, say: a b c., unless: pregnant, freed: shorten}
  - {use: pair}""",
    "a half of the time for one side": """
length: 30s..1m30s..3m
listener: {affected: {one of: [left, right, both], default: left}}
steps:
  - section: Feet
    each: {first: affected, share: 2 to 1}
    steps: [{do: rub, say: a b c d, brief: a, for: 8s..20s..40s}, {do: opt, for: 8s..20s..40s, optional: 4}]""",
    "nothing that depends on rounds or words, but breath": """
length: 30s..1m30s..3m
steps:
  - {name: air, say: a b, breathe: 4-0-4-0, for: 20s..30s..60s}
  - {do: rub, say: a b c d, brief: a, for: 10s..20s..40s, optional: 3}
  - {do: opt, for: 8s..20s..40s, optional: 4}""",
}


@pytest.mark.parametrize("name", EVERY_SECOND)
def test_every_second_is_true_whatever_depends_on_the_length(name: str) -> None:
    made = routine(EVERY_SECOND[name])
    found = reported(made)
    assert found.stride_s == 1
    assert found.changes()
    assert_true(found, made)


def test_whole_foot_loses_its_steps_where_planning_leaves_them_out() -> None:
    made = open_routine("whole-foot")
    found = reported(made)
    changes = [(row.step, s) for row, s in found.changes()]
    assert [step for step, _ in changes] == ["toes", "arch", "knuck", "pinch", "tips", "edge", "ankle"]
    for step, stretch in changes:
        assert (stretch.what, stretch.sides, stretch.then) == ("left-out", ("left", "right"), None)
        above, below = answered(made, stretch.below_s), answered(made, stretch.below_s - 1)
        assert isinstance(above, Plan)
        assert isinstance(below, Plan)
        assert step not in {item.step for item in above.left_out}
        assert step in {item.step for item in below.left_out}


@pytest.mark.slow
def test_estimates_are_confirmed_and_little_is_spoken() -> None:
    """A voice whose words are not equally long: what it has not said yet is estimated, and said where it matters."""
    made = routine("""
length: 20s..2m..10m
steps:
  - {name: long, pause: 10s..1m..10m}
  - {do: rub, say: "There are about {remaining} left for you now.", brief: "{remaining} left", for: 8s..12s..30s}
  - {name: opt, pause: 5s..20s..1m, optional: 2}""")
    spoken: set[str] = set()

    def answer(outline: Outline) -> Durations:
        lengths = {clip: len(words) ** 2 * RATE // 350 for clip, words in outline.written().items()}
        spoken.update(outline.written().values())
        return Durations(RATE, lengths, CHIMES)

    found = reported(made, answer)
    few = len(spoken)
    assert told(found)
    assert_true(found, made, answer)
    assert few < len(spoken)
