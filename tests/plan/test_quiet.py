"""Steps that are as long as their words and then their quiet: no `for:`, no sums."""

from __future__ import annotations

import pytest

from tests.make import planned, seconds
from voiceguide.plan.plan import Plan

REST = "{name: rest, pause: 1s..10s..10m}"


def long(plan: Plan, name: str) -> list[float]:
    return [seconds(step.frames) for step in plan.timeline.steps if step.step == name]


@pytest.mark.parametrize(
    ("step", "at_shortest", "natural", "at_longest"),
    [
        ("{do: a, say: One two., quiet: 3s..5s..20s}", 4, 6, 21),
        ("{do: a, say: One two., quiet: 3s}", 4, 4, 4),
        ('{name: a, say: "One two. [2s] Three.", quiet: 1s..2s..3s}', 4.5, 5.5, 6.5),
        ("{do: a, quiet: 3s..5s..20s}", 3, 5, 20),
        ("{name: a, say: One two three four., brief: One., quiet: 3s..5s..20s}", 3.5, 7, 22),
        ("{name: a, say: One two three four., brief: One., quiet: 3s}", 5, 5, 5),
        ("{name: a, chime: begin, say: One two., quiet: 3s..5s..20s}", 8, 10, 25),
        ("{name: a, chime: begin, quiet: 3s..5s..20s}", 6, 6, 20),
        ("{name: a, say: One two., at: [{half: Three four.}], quiet: 3s..5s..20s}", 5, 7, 22),
        ("{name: a, say: One two., breathe: 5-0-5-0, quiet: 3s..20s..40s}", 11, 21, 41),
        ("{name: a, say: One two., breathe: {pattern: 5-0-5-0, rounds: 2}, quiet: 3s..20s..40s}", 21, 21, 41),
        ("{do: a, say: One two., count: 2..3..4 every 2s, quiet: 3s..8s..10s}", 5, 9, 11),
    ],
)
def test_a_step_is_as_long_as_its_words_and_its_quiet(
    step: str, at_shortest: float, natural: float, at_longest: float
) -> None:
    script = f"length: 1s..{natural + 10}s..10m\nsteps: [{step}, {REST}]\n"
    lengths = at_shortest + 1, natural + 10, at_longest + 600
    assert [long(planned(script.replace("10m\n", "20m\n"), s), "a")[0] for s in lengths] == [
        at_shortest,
        natural,
        at_longest,
    ]


def test_a_repeat_and_both_sides_take_the_longest_words() -> None:
    told = "say: {left: One., right: One two three.}, quiet: 2s..3s..4s"
    feet = f"{{section: Feet, each: foot, between: [{{name: b, say: Now., quiet: 1s..2s..3s}}], steps: [{{do: a, {told}}}]}}"
    plan = planned(f"length: 1s..21.5s..10m\nsteps: [{feet}, {REST}]\n")
    assert (long(plan, "a"), long(plan, "b")) == ([4.5, 4.5], [2.5])
    rounds = "{repeat: 2, steps: [{name: a, say: 'Round {round}.', quiet: 2s..3s..4s}]}"
    assert long(planned(f"length: 1s..18s..10m\nsteps: [{rounds}, {REST}]\n"), "a") == [4, 4]


def test_the_side_that_gets_less_gets_less_quiet_but_never_under_the_least() -> None:
    feet = "{section: Feet, each: {first: left, share: 2 to 1}, steps: [{do: a, say: One two., quiet: 3s..8s..20s}]}"
    assert long(planned(f"length: 1s..24s..10m\nsteps: [{feet}, {REST}]\n"), "a") == [9, 5]


def test_talk_says_less_and_takes_as_long() -> None:
    script = f"length: 1s..17s..10m\nsteps: [{{name: a, say: One two three four., brief: One., quiet: 5s}}, {REST}]\n"
    assert long(planned(script, 17), "a") == long(planned(script, 17, talk="brief"), "a") == [7]


def test_quiet_may_be_a_parameter() -> None:
    block = "blocks: {b: {with: {time: 1s..2s..3s}, steps: [{do: a, say: One., quiet: '{time}'}]}}\n"
    assert long(planned(f"{block}length: 1s..12.5s..10m\nsteps: [use: b, {REST}]\n"), "a") == [2.5]
