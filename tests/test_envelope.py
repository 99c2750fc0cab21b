"""Envelopes: stretches of straight lines that agree, at every frame, with the gain asked for alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voiceguide.envelope import FLAT, Envelope, joined

gains = st.floats(0, 4, allow_nan=False, width=32)
shapes = st.dictionaries(st.integers(-60, 120), gains, min_size=1, max_size=7).map(
    lambda points: Envelope(tuple(sorted(points.items())))
)
frames = st.integers(-90, 150)


def by_segments(envelope: Envelope, start: int, stop: int) -> list[float]:
    """Return the gain at every frame from *start* to *stop*; the segments must be end to end and not empty."""
    found: list[float] = []
    for first, end, origin, gain, slope in envelope.segments(start, stop):
        assert first == start + len(found)
        assert first < end
        found += [gain + slope * (frame - origin) for frame in range(first, end)]
    return found


@given(shapes, frames, frames)
def test_segments_agree_with_the_gain_at_every_frame_whatever_the_stretch(
    envelope: Envelope, start: int, stop: int
) -> None:
    found = by_segments(envelope, start, stop)
    assert len(found) == max(0, stop - start)
    assert found == pytest.approx([envelope.at(frame) for frame in range(start, stop)], abs=1e-6)


@given(shapes, frames, frames, frames, frames)
def test_the_gain_at_a_frame_is_the_same_to_the_bit_in_every_stretch_that_holds_it(
    envelope: Envelope, one: int, two: int, three: int, four: int
) -> None:
    a, b, c, d = sorted((one, two, three, four))
    assert by_segments(envelope, a, d)[b - a : c - a] == by_segments(envelope, b, c)


@given(shapes, frames)
def test_it_is_linear_between_its_points_and_flat_beyond_them(envelope: Envelope, frame: int) -> None:
    points = envelope.points
    inside = [pair for pair in pairwise(points) if pair[0][0] <= frame <= pair[1][0]]
    if inside:
        (f0, g0), (f1, g1) = inside[0]
        assert envelope.at(frame) == pytest.approx(g0 + (g1 - g0) * (frame - f0) / (f1 - f0), abs=1e-6)
    else:
        assert envelope.at(frame) == (points[0][1] if frame < points[0][0] else points[-1][1])


@given(shapes, frames)
def test_it_never_passes_its_highest_gain_and_reaches_it(envelope: Envelope, frame: int) -> None:
    assert envelope.at(frame) <= envelope.highest + 1e-6
    assert envelope.highest in [envelope.at(at) for at, _ in envelope.points]


@given(shapes, st.integers(-1000, 1000), frames)
def test_moved_it_is_the_same_later(envelope: Envelope, later: int, frame: int) -> None:
    assert envelope.moved(later).at(frame + later) == envelope.at(frame)
    assert envelope.moved(later).moved(-later) == envelope


@given(shapes, shapes, frames, st.integers(1, 40))
def test_joined_it_goes_from_the_old_to_the_new_without_a_step(
    old: Envelope, new: Envelope, at: int, ramp: int
) -> None:
    assume(at + ramp < 150)
    both = joined(old, new, at, ramp)
    assert both.at(at) == old.at(at)
    for frame in range(at + ramp, 150):
        assert both.at(frame) == pytest.approx(new.at(frame), abs=1e-6)


def test_where_nothing_is_said_it_is_one() -> None:
    assert (FLAT, FLAT.highest) == (Envelope(), 1.0)
    assert list(FLAT.segments(-5, 7)) == [(-5, 0, -5, 1.0, 0.0), (0, 7, 0, 1.0, 0.0)]
    assert by_segments(FLAT, -5, 7) == [1.0] * 12
