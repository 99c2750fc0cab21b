"""Shorter wordings are compared as one listener may hear them."""

from __future__ import annotations

import pytest

from tests.make import routine
from voiceguide.author.advice_wordings import longer
from voiceguide.author.flow import every_step


@pytest.mark.parametrize(
    ("wordings", "found"),
    [
        ("say: One two., brief: One.", []),
        ("say: One two., brief: One two three.", ["brief: 3 words where `say:` has 2"]),
        ("say: {returning: One two., else: One two three.}, brief: One.", []),
        (
            "say: {returning: One two., else: One two.}, brief: One two three.",
            ["brief: 3 words where `say:` has 2"],
        ),
        (
            "say: {returning: One two., else: One two three four.}, brief: One two three.",
            ["brief: 3 words where `say:` has 2"],
        ),
        ("say: {returning: One., else: One two three.}, brief: {returning: One., else: One two.}", []),
        ("say: {day is 1..2: One two three., else: One.}, brief: {day is 1: One two., else: One.}", []),
        (
            "say: {day is 1: One two three., else: One.}, brief: {day is 1..2: One two., else: One.}",
            ["brief: 2 words where `say:` has 1"],
        ),
        ("say: {sore is left: One., sore is right: One two.}, brief: {sore is right: One two.}", []),
        ("say: {sore is left: One., else: One two.}, brief: {sore is not left: One two.}", []),
        ("say: {one of: [One., One two three.]}, brief: One two., minimal: One.", []),
        ("say: {one of: [One., One two.]}, minimal: One two three.", ["minimal: 3 words where `say:` has 2"]),
    ],
)
def test_a_shorter_wording_is_no_longer_than_the_fuller_one_that_is_heard_otherwise(
    wordings: str, found: list[str]
) -> None:
    made = routine(f"listener: {{sore: {{one of: [left, right]}}}}\nsteps: [{{name: a, {wordings}}}]\n")
    (step,) = every_step(made)
    assert [f"{key}: {told}" for key, _, _, told in longer(step, made.listener)] == found
