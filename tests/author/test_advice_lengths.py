"""What only lengths can show: chimes cut short, silences too long, lengths that cannot be had."""

from __future__ import annotations

from tests.make import answered, measure, planned, routine
from voiceguide.author.advice_lengths import ELASTIC, MOST_STEPS, lint_range, lint_silences


def silences(rest: str, head: str = "", key: str = "do") -> list[str]:
    rest = rest.replace("name:", f"{key}:")
    made = planned(f"{head}length: 1s..2m..5m\nsteps:\n  - chime: begin\n{rest}  - chime: end\n")
    return [found.message.partition("found ")[2] for found in lint_silences(made.routine, made.timeline)]


def test_a_silence_of_over_fifty_seconds_is_found_with_or_without_a_bed() -> None:
    rest = "  - {name: rest, say: Rest., for: 10s..106s..3m}\n"
    assert silences(rest) == ["1m45s of silence in `rest`"]
    assert silences(rest, head="bed: rain\n") == ["1m45s of silence in `rest`"]


def test_words_chimes_and_breath_are_signs_of_life() -> None:
    half = "at: [{half: Still here.}]"
    assert silences(f"  - {{name: rest, say: Rest., for: 1m..106s..3m, {half}}}\n") == [
        "52s of silence in `rest`"
    ]  # one warning for one written step
    assert silences("  - {name: rest, say: Rest., for: 54s}\n  - chime: change\n  - pause: 47.8s\n") == [
        "53s of silence in `rest`"
    ]
    assert silences("  - {name: rest, say: Rest., for: 1m..106s..3m, breathe: even}\n") == []
    assert silences("  - repeat: 2..7..9\n    steps: [{say: One., for: 10s..15s..30s}]\n") == []


def test_a_step_on_both_sides_is_warned_of_once() -> None:
    sides = "  - section: Feet\n    each: foot\n    steps: [{do: warm, say: Warm., for: 20s..53s..90s}]\n"
    assert silences(sides) == ["52s of silence in `warm`"]


def test_silences_where_no_hands_are_busy_are_left_alone() -> None:
    rest = "  - {name: rest, say: Rest., for: 10s..106s..3m}\n"
    assert silences(rest, key="name") == []
    assert silences(rest, head="family: other\n") == []


def ranges(length: str, steps: str) -> list[tuple[str, str]]:
    made = routine(f"length: {length}\nsteps: {steps}\n")
    natural = answered(made)
    found = lint_range(made, natural, measure())
    return [(p.message.partition("expected ")[2], p.hint) for p in found]


def test_a_range_that_the_steps_can_have_is_let_be() -> None:
    assert ranges("10s..30s..1m", "[{pause: 10s..30s..1m}]") == []
    assert ranges("20s", "[{pause: 20s}]") == []


def test_an_end_that_the_steps_cannot_have_is_named_with_what_they_can() -> None:
    wide = "lengths from 0:10 to 1:00, which the steps can have, found shortest 0:05 and longest 2:00"
    assert ranges("5s..30s..2m", "[{pause: 10s..30s..1m}]") == [
        (wide, "write `10s..30s..1m`, or change the steps"),
    ]
    long = "lengths from 0:10 to 1:00, which the steps can have, found longest 2:00"
    assert ranges("10s..30s..2m", "[{pause: 10s..30s..1m}]") == [(long, "write `10s..30s..1m`, or change the steps")]


def test_a_default_that_cannot_be_had_is_named_and_a_whole_range_proposed() -> None:
    can = "lengths from 0:10 to 1:00, which the steps can have, found"
    ten = "write `10s..1m..1m`, or change the steps"
    assert ranges("10s..90s..2m", "[{pause: 10s..30s..1m}]") == [(f"{can} default 1:30 and longest 2:00", ten)]
    assert ranges("2m..3m..4m", "[{pause: 10s..30s..1m}]") == [
        (f"{can} shortest 2:00, default 3:00 and longest 4:00", ten)
    ]


def test_a_length_that_only_one_voice_has_is_not_proposed() -> None:
    can = "lengths from 0:04.5 to 0:04.5, which the steps can have, found shortest 0:01, default 5:00 and longest 25:00"
    nine = "say: One two three four five six seven eight nine."
    assert ranges("1s..5m..25m", f"[{{{nine}}}]") == [(can, ELASTIC)]
    assert ranges("1s..5m..25m", "[pause: 4.5s]") == [(can, "write `4.5s`, or change the steps")]


def test_a_length_that_is_missed_by_less_than_a_second_is_missed() -> None:
    can = "lengths from 0:20.4 to 0:20.4, which the steps can have, found shortest 0:20, default 0:20 and longest 0:20"
    assert ranges("20s", "[pause: 20.4s]") == [(can, "write `20.4s`, or change the steps")]


def test_optional_steps_count_at_the_long_end_only() -> None:
    assert ranges("10s..20s..30s", "[{pause: 10s}, {say: Rest., optional: 2, for: 5s..10s..20s}]") == []


def test_steps_without_room_at_the_default_length_are_named() -> None:
    steps = "[{pause: 10s}, {name: b, pause: 10s, optional: 2}, {name: a, pause: 10s, optional: 3}]"
    assert ranges("10s..20s..30s", steps) == [
        (
            "a default length at which every step has room, found 0:20, which leaves out `a`",
            "make the default longer, or the steps shorter; `voiceguide fit` shows when each of them goes",
        )
    ]
    assert ranges("10s..30s..30s", steps) == []


def test_sessions_of_very_many_steps_are_judged_by_their_sums() -> None:
    steps = f"[{{repeat: {MOST_STEPS + 1}, steps: [{{pause: 0.1s..0.2s..0.3s}}]}}]"
    ends = "lengths from 3:21 to 10:00, which the steps can have, found shortest 3:00"
    assert ranges("3m..6m40.2s..10m", steps) == [(ends, "write `3m21s..6m40.2s..10m`, or change the steps")]
