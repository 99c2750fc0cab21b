"""A session told in lines of words, as a screen reader reads them and a log keeps them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace

from tests.make import planned
from voiceguide.play.commands import COMMANDS, KINDS, Quit, Toggle
from voiceguide.play.now import Now
from voiceguide.play.plain import Lines, Plain, spelt

SCRIPT = """
routine: A short one
steps:
  - {chime: begin}
  - section: Feet
    each: foot
    steps:
      - {do: warm, title: Warm strokes, say: Stroke the foot., for: 30s}
  - {do: breathe, title: Even breaths, say: Breathe., breathe: 4-1-6-0, for: 40s}
  - {name: rest, say: Rest., note: Lie down., for: 1m}
"""
RATE = 48_000
TIMELINE = planned(SCRIPT, 166).timeline


def at(second: float, **more: object) -> Now:
    return replace(Now(TIMELINE, round(second * RATE), "playing"), **more)  # type: ignore[arg-type]


def told(moments: Iterable[tuple[float, Now]]) -> list[str]:
    """Return what is told of *moments*, each with the second of the day at which it is shown."""
    stream, day = io.StringIO(), [0.0]
    plain = Plain(stream, seconds=lambda: day[0])
    for day[0], now in moments:
        plain.show(now)
    return stream.getvalue().splitlines()


def test_a_session_is_told_as_it_is_heard_and_nothing_twice() -> None:
    stream, day = io.StringIO(), [0.0]
    plain = Plain(stream, seconds=lambda: day[0])
    shown = 0
    while day[0] < 166:
        now = at(day[0])
        plain.show(now)
        day[0] += plain.soon(now)
        shown += 1
    assert shown < 20  # it is woken when something begins, and not in between
    assert stream.getvalue().splitlines() == [
        "0:00 step: Begin, 6 seconds",
        "0:00 chime",
        "0:06 section: Feet: left",
        "0:06 step: Warm strokes, left, 30 seconds",
        "0:06 Stroke the foot.",
        "0:07 quiet for 29 seconds",
        "0:36 section: Feet: right",
        "0:36 step: Warm strokes, right, 30 seconds",
        "0:36 Stroke the foot.",
        "0:37 quiet for 29 seconds",
        "1:06 step: Even breaths, 40 seconds",
        "1:06 Breathe.",
        "1:06 breathe: in 4 seconds, hold 1 second, out 6 seconds, 3 times",
        "1:46 step: Rest, 1 minute",
        "1:46 note: Lie down.",
        "1:46 Rest.",
        "1:46 quiet for 1 minute",
    ]


def test_however_often_it_is_looked_at_it_tells_the_same() -> None:
    often = told((tick / 50, at(tick / 50)) for tick in range(166 * 50))
    seldom = told((float(second), at(second)) for second in range(166))
    assert often == seldom
    assert len(often) == 17


def test_a_jump_is_told_by_where_it_leads_not_by_what_lies_between() -> None:
    moments = [at(20), at(20.1), at(120.5), at(120.6), at(36), at(36.1)]
    lines = told((0.1 * count, now) for count, now in enumerate(moments))
    assert lines == [
        "0:20 section: Feet: left",
        "0:20 in the step: Warm strokes, left, 16 seconds left",
        "2:00 in the step: Rest, 46 seconds left",
        "2:00 note: Lie down.",
        "0:36 section: Feet: right",
        "0:36 step: Warm strokes, right, 30 seconds",
        "0:36 Stroke the foot.",
    ]


def test_who_goes_elsewhere_while_it_is_held_is_told_when_it_goes_on() -> None:
    moments = [at(6), at(7, state="holding"), at(40, state="holding"), at(40.1)]
    lines = told((0.1 * count, now) for count, now in enumerate(moments))
    assert lines[-3:] == [
        "0:40 going on",
        "0:40 section: Feet: right",
        "0:40 in the step: Warm strokes, right, 26 seconds left",
    ]


def test_states_and_answers_are_told_in_words_and_once() -> None:
    held = at(10, state="holding")
    moments = [
        at(10),
        held,
        held,
        replace(held, leaving=True),
        replace(held, leaving=True, answer="Left heel.", news=3),
        replace(held, away="unplugged", answer="Left heel.", news=3),
        replace(held, away="unplugged", answer="Left heel.", news=3, returns=True),
        replace(held, answer="Left heel.", news=3),
        at(10, answer="Left heel.", news=3),
        at(10, answer="Left heel.", news=4, volume_db=-3),
        at(10, answer="Left heel.", news=5, bed_db=3, talk="brief"),
        at(10, answer="Left heel.", news=6, keeps_end=True),
        at(10, answer="Left heel.", news=6, state="ended", keeps_end=True),
    ]
    lines = told((0.01 * count, now) for count, now in enumerate(moments))
    assert [line.removeprefix("0:10 ") for line in lines][2:] == [
        "held: press space to go on",
        "held: press q again to end, space to go on",
        "answer: Left heel.",
        "no sound device: unplugged. It is looked for",
        "no sound device: unplugged. It goes on when back",
        "held: press space to go on",
        "going on",
        "volume 3 decibels down",
        "volume as it was",
        "bed 3 decibels up",
        "brief talk from here on",
        "bed as it was",
        "full talk from here on",
        "the end stays where it is",
        "ended early",
    ]


def test_what_it_waits_for_before_the_first_word_is_told_and_then_the_session() -> None:
    lines = told([(0, at(0, making="the first words")), (1, at(0, making="the first words")), (2, at(0.1))])
    assert lines == ["0:00 one moment: the first words", "0:00 step: Begin, 6 seconds", "0:00 chime"]


def test_a_hold_for_an_answer_is_told_by_the_answer() -> None:
    held = at(10, state="holding", answering=True, answer="Left heel.", news=1)
    assert told([(0, at(9.9)), (0.1, held), (3, held), (3.1, at(10, answer="Left heel.", news=1))])[2:] == [
        "0:10 answer: Left heel."
    ]


def test_words_that_were_begun_in_another_plan_are_not_told_again() -> None:
    spliced = TIMELINE.spliced(TIMELINE, round(6.2 * RATE))
    assert spliced != TIMELINE
    assert told([(0, at(6)), (0.5, replace(at(6.5), timeline=spliced))])[-1] == "0:06 Stroke the foot."


def test_another_length_is_told() -> None:
    longer = replace(TIMELINE, frames=TIMELINE.frames + 30 * RATE)
    assert told([(0, at(7)), (0.1, replace(at(7), timeline=longer))])[-1] == "0:07 3 minutes 9 seconds left now"


def test_rounds_and_strikes_that_follow_upon_each_other_are_told_together() -> None:
    script = """
length: 1m
steps:
  - {repeat: 3, steps: [{name: a, title: Press, pause: 10s}]}
  - {chime: change}
  - {chime: change}
  - {name: b, say: Rest., for: 5s..18s..40s}
"""
    timeline = planned(script, 60).timeline
    lines = told((float(second), Now(timeline, second * RATE, "playing")) for second in range(60))
    assert lines[:2] == ["0:00 step: Press, 3 times, 30 seconds", "0:00 quiet for 30 seconds"]
    assert [line for line in lines if "chime" in line] == ["0:30 chime, 4 times"]


def test_times_are_spelt_out() -> None:
    assert [spelt(ms) for ms in (0, 499, 1000, 60_000, 80_400, 3_661_000)] == [
        "0 seconds",
        "0 seconds",
        "1 second",
        "1 minute",
        "1 minute 20 seconds",
        "1 hour 1 minute 1 second",
    ]


def test_no_line_has_a_sign_that_is_read_out_or_moves_a_cursor() -> None:
    lines = told([(0, at(0)), (1, at(1, answer="Go\x1b[2J on.\nNow.", news=1))])
    assert lines[-1] == "0:01 answer: Go␛[2J on. Now."
    assert not set("".join(told((float(second), at(second)) for second in range(166)))) & set("·━─█▀▄░→←…")


def test_elsewhere_each_step_is_one_line_as_it_begins_with_its_note() -> None:
    stream = io.StringIO()
    screen = Lines(stream)
    for second in (0, 1, 35.9, 36, 45, 106, 107):
        screen.show(at(second))
    assert stream.getvalue() == (
        "0:00 Begin\n0:06 Warm strokes · LEFT\n0:36 Warm strokes · RIGHT\n1:46 Rest\n     Lie down.\n"
    )


def test_elsewhere_a_wait_is_a_line_before_the_step_that_it_lets_begin() -> None:
    stream = io.StringIO()
    screen = Lines(stream)
    wait = at(36, state="holding", waiting=True)
    for shown in (at(6), wait, wait, at(36), at(20), wait, at(107)):
        screen.show(shown)
    assert stream.getvalue().splitlines() == [
        "0:06 Warm strokes · LEFT",
        "0:36 waiting for you: press space to go on",
        "0:36 Warm strokes · RIGHT",
        "0:06 Warm strokes · LEFT",
        "0:36 waiting for you: press space to go on",
        "1:46 Rest",
        "     Lie down.",
    ]


def test_where_there_are_keys_it_says_how_to_be_told_of_them_and_names_their_signs() -> None:
    stream = io.StringIO()
    plain = Plain(stream, KINDS)
    plain.show(at(10))
    assert stream.getvalue().splitlines()[0] == "0:10 press space to hold, question mark to be told all keys"
    begun = len(stream.getvalue())
    assert [plain.pressed(key) for key in ("k", "?")] == [False, True]
    for _ in range(2):
        plain.show(at(10))  # once
    lines = stream.getvalue()[begun:].splitlines()
    assert lines[:3] == [
        "space or enter: hold; go on",
        "right arrow or n or Page Down: the next step",
        "left arrow or b or Page Up: the beginning of this step; within its first three seconds, the step before",
    ]
    assert "right bracket: the next section" in lines
    assert "comma: 10 seconds back" in lines
    assert lines[-1] == "Ctrl-C: end"
    assert len(lines) == len([row for row in COMMANDS if row.keys]) + 2


def test_where_every_key_holds_or_none_does_it_says_so() -> None:
    for offered, line in (
        ((Toggle,), "0:10 press any key to hold, and to go on"),
        ((Quit,), "0:10 press question mark to be told all keys"),
        ((), "0:10 section: Feet: left"),
    ):
        stream = io.StringIO()
        Plain(stream, offered).show(at(10))
        assert stream.getvalue().splitlines()[0] == line
