"""Units: parsed strictly, rounded once, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.spoken.english import ENGLISH
from voiceguide.units import (
    LONGEST_MS,
    db_to_gain,
    format_clock,
    format_duration,
    frames_to_ms,
    ms_to_frames,
    parse_duration,
    suggest_duration,
)


@pytest.mark.parametrize(
    ("text", "ms"),
    [("8s", 8000), ("90s", 90_000), ("1m30s", 90_000), ("1:30", 90_000), ("12m", 720_000), ("1h", 3_600_000)]
    + [("5.5s", 5500), ("1:02:03", 3_723_000), ("0:00.125", 125), ("1.5m", 90_000), ("0s", 0), ("1h30m", 5_400_000)],
)
def test_durations_are_read(text: str, ms: int) -> None:
    assert parse_duration(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "1m30",
        "5 sec",
        "s",
        "1:3",
        "1:60",
        "-5s",
        "5s ",
        "30s1m",
        "1.5",
        "25h",
        "1.0005s",
        "5S",
        "٣s",
        "1e3s",
        ".5s",
    ],
)
def test_what_is_not_a_duration_is_not_guessed(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5", "5s"),
        ("1m30", "1m30s"),
        ("5 sec", "5s"),
        ("2 min", "2m"),
        ("1h 20", "1h20m"),
        ("x", ""),
        ("5,5s", "5.5s"),
        ("0:75", "1m15s"),
        ("500ms", "0.5s"),
    ],
)
def test_a_suggestion_is_what_was_meant(text: str, meant: str) -> None:
    assert suggest_duration(text) == meant


@given(st.integers(0, LONGEST_MS))
def test_what_is_formatted_reads_back(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


@given(st.text(max_size=12))
def test_every_suggestion_is_a_duration(text: str) -> None:
    assert suggest_duration(text) == "" or parse_duration(suggest_duration(text)) is not None


@given(st.integers(0, LONGEST_MS), st.sampled_from([8000, 11_025, 22_050, 44_100, 48_000, 96_000]))
def test_milliseconds_survive_frames_and_frames_are_the_nearest(ms: int, rate: int) -> None:
    frames = ms_to_frames(ms, rate)
    assert frames_to_ms(frames, rate) == ms
    assert abs(frames * 1000 - ms * rate) <= 500


def test_clocks_and_gains() -> None:
    assert [format_clock(ms) for ms in (0, 61_999, 3_600_000)] == ["0:00", "1:01", "1:00:00"]
    assert format_clock(61_950, tenths=True) == "1:01.9"
    assert db_to_gain(0) == 1.0
    assert db_to_gain(-20) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (360, "six minutes"),
        (384, "six minutes"),
        (150, "two and a half minutes"),
        (120, "two minutes"),
        (89, "ninety seconds"),
    ]
    + [
        (84, "eighty seconds"),
        (60, "one minute"),
        (44, "forty seconds"),
        (5, "five seconds"),
        (1, "one second"),
        (4000, "sixty-seven minutes"),
    ],
)
def test_times_are_spoken_rounded(seconds: int, spoken: str) -> None:
    assert ENGLISH.duration(seconds * 1000, "") == spoken
