"""Whatever pieces two streams come in, each block of the microphone meets what was played then."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.hear.alignment import EARLY, LATE, LOOK, Alignment
from voiceguide.hear.delay import HZ

RATE = 48_000


def played(samples: int) -> bytes:
    """Return so many samples of 16 kHz as a device is given them."""
    return bytes(samples * 3 * 4)


def ramp(start: int, samples: int) -> bytes:
    return (np.arange(start, start + samples) % 30_000).astype("<i2").tobytes()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 1500), st.integers(1, 1500)), min_size=5, max_size=60))
def test_all_of_the_microphone_comes_out_in_order_with_a_reference_as_long(pieces: list[tuple[int, int]]) -> None:
    alignment, at, heard = Alignment(RATE), 0, []
    for mine, other in pieces:
        alignment.play(played(other))
        alignment.hear(ramp(at, mine))
        at += mine
        for block, reference in alignment.blocks():
            assert len(block) == len(reference)
            heard.append(block)
    alignment.play(played(at + HZ))
    heard += [block for block, _ in alignment.blocks()]
    assert np.array_equal(np.concatenate(heard) * 32768, np.arange(at) % 30_000)


def tones(second: int) -> tuple[bytes, bytes]:
    """Return a second that is as loud as its number, as it is played and as it is heard."""
    loud = np.full(RATE, 500 * (second + 1), "<i2")
    return np.repeat(loud, 2).tobytes(), loud[:HZ].tobytes()


def test_a_reference_that_comes_earlier_and_earlier_is_moved_and_that_is_told() -> None:
    alignment, moved = Alignment(RATE), 0
    early = 0
    for _ in range(40 * LOOK // HZ):
        alignment.play(played(HZ + 80))  # 0.5 % faster than the microphone
        alignment.hear(ramp(0, HZ))
        list(alignment.blocks())
        early += 80
        moved += alignment.shift
        alignment.shift = 0
    assert early - moved <= EARLY + 80 * (LOOK // HZ) * 2
    assert moved > 0


def test_where_nothing_is_played_the_microphone_is_heard_all_the_same() -> None:
    alignment = Alignment(RATE)
    heard = 0
    for _ in range(20):
        alignment.hear(ramp(0, HZ // 10))
        heard += sum(len(block) for block, _ in alignment.blocks())
    assert heard >= 2 * HZ - LATE - HZ // 10
