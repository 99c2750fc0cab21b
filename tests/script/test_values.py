"""Single values, the tables they come from, and what a script must never do to the reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.reading import bare, right, step, text
from voiceguide.script import breaths, scalars, texts
from voiceguide.script.model import (
    Condition,
    Event,
    Fact,
    Moment,
    Range,
    Repeat,
    Use,
)
from voiceguide.script.read import read
from voiceguide.script.rounds import Counts, Phase
from voiceguide.script.scalars import Scalar, Wrong
from voiceguide.source import NOWHERE, Source
from voiceguide.units import LONGEST_MS, format_clock, format_duration, parse_duration, suggest_duration

# --- single values


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("8s", 8000),
        ("90s", 90_000),
        ("1m30s", 90_000),
        ("1:30", 90_000),
        ("12m", 720_000),
        ("1h", 3_600_000),
        ("5.5s", 5500),
        ("0.001s", 1),
        ("1.5m", 90_000),
        ("1h2m3s", 3_723_000),
        ("1:02:03", 3_723_000),
        ("0:05", 5000),
        ("1:30.5", 90_500),
        ("0s", 0),
    ],
)
def test_a_duration_alone_is_rigid(written: str, ms: int) -> None:
    assert step(f"pause: {written}").pause == Range(ms, ms, ms)


@pytest.mark.parametrize("written", ["35s..60s..1m40s", "0:35..1m..1:40", "35s .. 60s .. 100s", '"35s..60s..100s"'])
def test_a_range_is_shortest_natural_and_longest(written: str) -> None:
    assert step(f"pause: {written}").pause == Range(35_000, 60_000, 100_000)


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        ("3", Counts(3, 3, 3)),
        ("2..4..7", Counts(2, 4, 7)),
        ("0..1..2", Counts(0, 1, 2)),
        ("until 30s left", Counts(0, 1, 10_000, 30_000)),
        ("until 1:30 left", Counts(0, 1, 10_000, 90_000)),
    ],
)
def test_rounds_are_a_number_a_range_or_until(written: str, counts: Counts) -> None:
    repeat = right(f"steps:\n  - repeat: {written}\n    steps: [{{breathe: box}}]\n").steps[0]
    assert isinstance(repeat, Repeat)
    assert repeat.counts == counts


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("half", Moment(share=0.5)),
        ("60%", Moment(share=0.6)),
        ("0%", Moment(share=0.0)),
        ("10s", Moment(ms=10_000)),
        ("-10s", Moment(ms=-10_000)),
        ("0:10", Moment(ms=10_000)),
        ("-0:10", Moment(ms=-10_000)),
    ],
)
def test_a_moment_is_a_share_or_a_time_from_either_end(written: str, moment: Moment) -> None:
    made = step(f"{{say: Stroke., for: 30s, at: [{{{written}: Softly.}}]}}")
    assert made.at == (Event(moment, text("Softly."), NOWHERE),)


@pytest.mark.parametrize(
    ("written", "phases"),
    [
        ("5-0-5-0", [("in", 5000), ("out", 5000)]),
        ("5.5-0-5.5-0", [("in", 5500), ("out", 5500)]),
        ("4-7-8-0", [("in", 4000), ("hold", 7000), ("out", 8000)]),
        ("4-0-6-2", [("in", 4000), ("out", 6000), ("hold", 2000)]),
        ("even", [("in", 5000), ("out", 5000)]),
        ("box", [("in", 4000), ("hold", 4000), ("out", 4000), ("hold", 4000)]),
        ("4-7-8", [("in", 4000), ("hold", 7000), ("out", 8000)]),
        ("resonance", [("in", 5500), ("out", 5500)]),
        ("sigh", [("in", 3000), ("in", 1500), ("out", 7500)]),
        ("night", [("in", 4000), ("out", 6000)]),
    ],
)
def test_a_breath_is_four_numbers_or_a_name(written: str, phases: list[tuple[Any, int]]) -> None:
    breath = step(f"breathe: {written}").breathe
    assert breath.pattern == tuple(Phase(kind, ms) for kind, ms in phases)
    assert breath.length_ms(1) == sum(ms for _, ms in phases)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("sore", Condition("sore", None, False, NOWHERE)),
        ("not sore", Condition("sore", None, True, NOWHERE)),
        ("foot is left", Condition("foot", "left", False, NOWHERE)),
        ("foot is not left", Condition("foot", "left", True, NOWHERE)),
    ],
)
@pytest.mark.parametrize("key", ["when", "unless"])
def test_a_condition_names_a_fact_and_perhaps_an_answer(key: str, written: str, condition: Condition) -> None:
    made = step(f"{{say: Stroke., {key}: {written}}}")
    assert getattr(made, key) == condition
    assert str(condition) == written


def test_a_section_may_have_conditions_too() -> None:
    script = "listener: {sore: {yes or no: no}}\nsteps:\n  - {section: Heel, unless: sore, steps: [{pause: 20s}]}\n"
    section = bare(right(script).steps[0])
    assert section.unless == Condition("sore", None, False, NOWHERE)


def test_a_use_names_a_block_of_this_script_or_of_another() -> None:
    steps = bare(right("steps: [{use: settle}, {use: whole-foot#settle}]\n").steps)
    assert steps == (Use("settle", "", NOWHERE), Use("settle", "whole-foot", NOWHERE))


def test_yaml_never_turns_a_word_into_something_else() -> None:
    routine = right(
        "routine: no\nid: on\nlanguage: no\npurpose: 1:30\nmaterials: [yes, 12, 1.0, null, ~, 2024-01-01]\n"
        "listener: {no: {one of: [yes, no], ask: off}}\nsteps:\n  - {do: no, say: Yes, zone: 0x10, for: 1:30}\n"
    )
    assert (routine.title, routine.id, routine.language, routine.purpose) == ("no", "on", "no", "1:30")
    assert routine.materials == ("yes", "12", "1.0", "null", "~", "2024-01-01")
    assert routine.listener == {"no": Fact(("yes", "no"), "yes", "off")}
    (made,) = bare(routine.steps)
    assert (made.name, made.say, made.zone, made.length) == ("no", text("Yes"), "0x10", Range(90_000, 90_000, 90_000))


# --- tables and properties


EXAMPLES = [
    (scalar, example)
    for home in (scalars, breaths, texts)
    for scalar in vars(home).values()
    if isinstance(scalar, Scalar)
    for example in scalar.examples
]


@pytest.mark.parametrize(("scalar", "example"), EXAMPLES)
def test_every_example_in_the_table_of_values_is_right(scalar: Scalar, example: str) -> None:
    assert not isinstance(scalar.parse(example), Wrong)


@given(st.integers(0, LONGEST_MS))
def test_a_duration_written_by_us_is_read_again(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


@given(st.integers(0, LONGEST_MS // 1000))
def test_a_clock_written_by_us_is_read_again(seconds: int) -> None:
    assert parse_duration(format_clock(seconds * 1000)) == seconds * 1000


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_both_ways_of_writing_a_duration_mean_the_same(hours: int, minutes: int, seconds: int, ms: int) -> None:
    total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
    assert parse_duration(f"{hours}h{minutes}m{seconds}.{ms:03}s") == total
    assert parse_duration(f"{hours}:{minutes:02}:{seconds:02}.{ms:03}") == total


@given(st.text(max_size=20) | st.from_regex(r"\A[0-9]{1,3}[.,: ]?[0-9]{0,4} ?[hmsHMS]?[a-z]{0,5}\Z"))
def test_a_suggested_duration_is_a_duration(written: str) -> None:
    assert suggest_duration(written) == "" or parse_duration(suggest_duration(written)) is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5", "5s"),
        ("5.5", "5.5s"),
        ("5 sec", "5s"),
        ("90sec", "90s"),
        ("8S", "8s"),
        ("2 min", "2m"),
        ("1 hour", "1h"),
        ("1m30", "1m30s"),
        ("1m 30s", "1m30s"),
        ("1 minute 30 seconds", "1m30s"),
    ],
)
def test_a_suggested_duration_is_what_was_meant(written: str, meant: str) -> None:
    assert suggest_duration(written) == meant


# --- what a script must never do


def test_a_number_of_any_length_is_no_crash() -> None:
    assert parse_duration("9" * 5000 + "s") is None


def test_a_message_is_one_line_even_where_a_key_is_not() -> None:
    script = 'routine: Test\nlength: 1m\n"a\\nb": x\n"a\\nb": y\npronounce: {"x\\ny": }\nsteps: [{pause: 1m}]\n'
    _, report = read(Source("test.yaml", script))
    assert [p.message for p in report if "\n" in p.message] == []


def test_a_place_is_never_outside_the_text() -> None:
    _, report = read(Source("test.yaml", "---\n# still to be written"))
    assert [p.span.line for p in report if p.span.line > 2] == []


NESTED = "routine: Test\nlength: 1m\nsteps: [{repeat: 9999, steps: [{repeat: 9999, steps: [{repeat: 9999, steps: [{pause: 1s}]}]}]}]\n"
DOUBLED = "\n".join(
    (
        "routine: Test\nlength: 1m\nblocks:",
        *(f"  b{n}: [{{use: b{n + 1}}}, {{use: b{n + 1}}}]" for n in range(40)),
        "  b40: [{pause: 1s}]\nsteps: [{use: b0}]\n",
    )
)


@pytest.mark.parametrize("script", [NESTED, DOUBLED], ids=["rounds", "blocks"])
def test_a_script_that_unrolls_without_end_is_refused_in_time(script: str, tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(script)
    command = [sys.executable, "-m", "voiceguide", "check", str(tmp_path / "test.yaml")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
