"""Limits: the pattern of one matches the numbers within it and no others."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.limits import BED_LEVEL, TEMPO, Limit, caps_told


@given(st.integers(0, 1200), st.integers(0, 1200))
def test_a_pattern_matches_what_is_within_and_nothing_else(one: int, other: int) -> None:
    limit = Limit(min(one, other), max(one, other))
    pattern = re.compile(limit.pattern())
    assert [n for n in range(1300) if pattern.fullmatch(str(n))] == [n for n in range(1300) if n in limit]


def test_a_limit_is_said_with_its_unit() -> None:
    assert str(BED_LEVEL) == "from 20 dB to 60 dB"
    assert TEMPO.quoted == "from `0.4s` to `3s`"
    none = "The family other, which is no massage, has none: up to 12 hours"
    assert caps_told() == f"relaxing 15:00, rehab and heel-course 20:00, all others 25:00. {none}"
