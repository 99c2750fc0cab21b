"""What only other listeners meet: their answers, two of them together, other days."""

from __future__ import annotations

import pytest

from tests.make import answered, measure, routine
from voiceguide.author.advice_answers import lint_answers

LISTENER = """length: 20s..30s..40s
listener:
  sore: {yes or no: no}
  new: {yes or no: no}
  side: {one of: [left, right]}
"""
REST = "{name: rest, pause: 10s..20s..30s}"


def found(steps: str) -> list[str]:
    made = routine(f"{LISTENER}steps: [{steps}]\n")
    return [f"{p.span.line} {p.code}: {p.message}" for p in lint_answers(made, answered(made), measure())]


@pytest.mark.parametrize(
    "steps",
    [
        f"{REST}, {{pause: 10s, unless: sore, freed: shorten}}, {{pause: 0s..10s..30s}}",
        f"{REST}, {{name: a, pause: 10s, when: sore}}, {{pause: 0s..10s..20s}}",
        f"{REST}, {{say: '{{side}}', for: 0.5s..10s..10s}}",
    ],
)
def test_answers_that_leave_every_length_possible_are_let_be(steps: str) -> None:
    assert found(steps) == []


def test_an_answer_that_takes_time_away_is_named_at_its_question() -> None:
    assert found(f"{REST}, {{name: a, pause: 10s, unless: sore}}") == [
        "4 impossible-answer: expected lengths that can be had with `sore: yes`, "
        "found longest 0:40 (the nearest is 0:30)"
    ]


def test_an_answer_that_needs_more_time_is_named() -> None:
    assert found(f"{REST}, {{name: a, pause: 10s..10s..20s}}, {{name: b, pause: 5s, when: side is right}}") == [
        "6 impossible-answer: expected lengths that can be had with `side: right`, "
        "found shortest 0:20 (the nearest is 0:25)"
    ]


def test_two_answers_together_are_named_where_neither_alone_is_wrong() -> None:
    steps = "{name: a, pause: 5s, unless: sore}, {name: b, pause: 5s, unless: new}, {name: rest, pause: 10s..20s..35s}"
    assert found(steps) == [
        "5 impossible-answer: expected lengths that can be had with `sore: yes` and `new: yes`, "
        "found longest 0:40 (the nearest is 0:35)"
    ]


def test_a_day_is_named_at_the_length() -> None:
    steps = "{name: a, say: Go., for: {day is 1..3: 10s..20s..40s, else: 10s..20s..30s}}, {pause: 0s..10s..10s}"
    assert found(steps.replace("40s, else", "30s, else").replace("..30s}}", "..20s}}")) == [
        "2 impossible-answer: expected lengths that can be had with `day: 4`, found longest 0:40 (the nearest is 0:30)"
    ]


def test_words_that_do_not_fit_for_another_answer_are_an_error_with_that_answer() -> None:
    words = "say: {sore: One two three four five six., else: One two.}"
    assert found(f"{REST}, {{name: a, {words}, for: 2s}}, {{pause: 0s..8s..10s}}") == [
        "7 speech-too-long: expected at most 2s in `a` with `sore: yes`, found 3.0s of speech"
    ]
