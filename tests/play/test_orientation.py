"""Where a session stands, as it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voiceguide.address import Address
from voiceguide.play.now import Now
from voiceguide.play.orientation import orientation
from voiceguide.spoken.said import spoken
from voiceguide.timeline import StepSpan, Timeline

RATE = 1000
STEPS = (
    StepSpan(Address((), "warm", side="left"), "Warm strokes", 0, 60_000),
    StepSpan(Address((), "knead", side="right"), "Knead the heel.", 60_000, 120_000),
    StepSpan(Address((), "rest"), "Rest", 180_000, 120_000),
)
TIMELINE = Timeline(RATE, 300_000, (), STEPS)


@pytest.mark.parametrize(
    ("at", "english", "german"),
    [
        (
            20_000,
            "Warm strokes, left side, forty seconds more. About five minutes left in all.",
            "Warm strokes, links, noch vierzig Sekunden. Insgesamt noch etwa fünf Minuten.",
        ),
        (
            60_000,
            "Knead the heel, right side, about two minutes more. About four minutes left in all.",
            "Knead the heel, rechts, noch etwa zwei Minuten. Insgesamt noch etwa vier Minuten.",
        ),
        (
            175_000,
            "Knead the heel, right side. About two minutes left in all.",
            "Knead the heel, rechts. Insgesamt noch etwa zwei Minuten.",
        ),
        (200_000, "Rest. About one and a half minutes left.", "Rest. Noch etwa eineinhalb Minuten."),
        (259_000, "Rest. Forty seconds left.", "Rest. Noch vierzig Sekunden."),
        (299_500, "This is the end.", "Das ist das Ende."),
    ],
)
def test_where_it_is_and_how_long_is_left(at: int, english: str, german: str) -> None:
    now = Now(TIMELINE, at, "holding", title="A session")
    assert orientation(now, "en-GB") == english
    assert orientation(now, "de") == german
    assert orientation(now, "sw") == english
    assert " ".join(spoken(english, "en").sentences) == english, "it is said as it is written"


def test_while_it_waits_it_is_the_step_that_has_ended() -> None:
    now = Now(TIMELINE, 60_000, "holding", waiting=True)
    assert orientation(now, "en") == "Warm strokes, left side. I am waiting for you. About four minutes left in all."
    assert orientation(now, "de") == "Warm strokes, links. Ich warte auf Sie. Insgesamt noch etwa vier Minuten."


def test_before_the_first_step_it_is_the_session() -> None:
    late = replace(TIMELINE, steps=STEPS[1:])
    assert orientation(Now(late, 0, "playing", title="A session"), "en") == "A session. About five minutes left in all."
