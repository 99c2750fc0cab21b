"""The echo of what is played is found, however late, followed by whatever clock, and taken out; words stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voiceguide.hear.canceller import BLOCK, Canceller
from voiceguide.hear.delay import HZ, LONGEST, STRETCH, Delay, likeness
from voiceguide.hear.echo import Echo
from voiceguide.hear.trial_room import heard_at, response

Sound = NDArray[np.float32]


def babble(seconds: float, seed: int) -> Sound:
    """Return noise that comes and goes as speech does."""
    random = np.random.default_rng(seed)
    frames = int(seconds * HZ)
    knots = np.arange(0, frames + 2000, 2000)
    loud = np.interp(np.arange(frames), knots, random.uniform(0, 1, len(knots)) ** 2)
    coloured = np.convolve(random.standard_normal(frames + 2), (0.5, 0.4, 0.3), "valid")
    return (0.1 * loud * coloured).astype(np.float32)


def power_db(sound: Sound) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean() + 1e-20))


def cleaned(heard: Sound, reference: Sound, echo: Echo) -> Sound:
    whole = len(heard) // BLOCK * BLOCK
    pairs = ((heard[i : i + BLOCK], reference[i : i + BLOCK]) for i in range(0, whole, BLOCK))
    return np.concatenate([echo.clean(*pair) for pair in pairs])


@settings(deadline=None, max_examples=30)
@given(st.floats(10, 460), st.integers(0, 1000))
def test_a_delay_is_found_to_a_fraction_of_a_sample(delay_ms: float, seed: int) -> None:
    reference = babble((STRETCH + LONGEST) / HZ, seed)
    samples = delay_ms * HZ / 1000
    places = np.arange(len(reference)) - samples
    heard = np.interp(places, np.arange(len(reference)), reference).astype(np.float32)[-STRETCH:]
    found = likeness(heard, reference)
    assert found is not None
    assert abs(found - samples) < 0.5


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_sounds_that_have_nothing_to_do_with_each_other_are_not_alike(seed: int) -> None:
    assert likeness(babble(STRETCH / HZ, seed), babble((STRETCH + LONGEST) / HZ, seed + 5000)) is None


@pytest.mark.parametrize(("delay_ms", "ppm"), [(50, 100), (180, 0), (300, -100)])
def test_an_echo_is_taken_out_by_whatever_clock_it_comes(delay_ms: float, ppm: float) -> None:
    reference = babble(30, 1)
    microphone = heard_at(reference, np.random.default_rng(2), delay_ms=delay_ms, ppm=ppm)
    echo = Echo()
    left = cleaned(microphone, reference, echo)
    late = slice(12 * HZ, len(left))
    assert power_db(left[late]) < power_db(microphone[: len(left)][late]) - 20
    assert abs(echo.delay.drift_ppm - ppm) < 10
    assert echo.only


def test_the_words_of_whoever_speaks_meanwhile_are_left_as_they_are() -> None:
    reference, words = babble(30, 3), babble(30, 4)
    words[: 20 * HZ] = 0
    echo_heard = heard_at(reference, np.random.default_rng(5), delay_ms=120, ppm=40)
    left = cleaned(echo_heard + words, reference, Echo())
    spoken = slice(21 * HZ, len(left))
    error = left[spoken] - words[: len(left)][spoken]
    assert power_db(error) < power_db(words[spoken]) - 10
    assert power_db(echo_heard[spoken]) > power_db(words[spoken]) - 6  # it was about as loud as they are


def test_without_an_echo_nothing_is_touched() -> None:
    words, reference = babble(8, 6), babble(8, 7)
    assert np.array_equal(cleaned(words, reference, Echo()), words[: len(words) // BLOCK * BLOCK])


def test_another_room_is_learnt_anew() -> None:
    reference = babble(40, 8)
    first, second = (heard_at(reference, np.random.default_rng(9), delay_ms=ms, ppm=0) for ms in (80, 240))
    microphone = np.concatenate((first[: 20 * HZ], second[20 * HZ :]))
    echo = Echo()
    left = cleaned(microphone, reference, echo)
    assert abs(echo.delay.last / HZ * 1000 - 240) < 6  # the way through the room is 3 ms
    assert power_db(left[-8 * HZ :]) < power_db(microphone[-8 * HZ :]) - 20


def test_a_look_that_is_off_does_not_move_the_delay() -> None:
    delay = Delay()
    reference = babble(10, 10)
    for second in range(4):
        part = reference[second * HZ : second * HZ + STRETCH + LONGEST]
        delay.look((second + 3) * HZ, np.roll(part, 800)[-STRETCH:], part)
    assert delay.known
    part = reference[4 * HZ : 4 * HZ + STRETCH + LONGEST]
    assert not delay.look(7 * HZ, np.roll(part, 3000)[-STRETCH:], part)
    assert round(delay.at(7 * HZ)) == 800


def test_a_canceller_finds_the_room_itself() -> None:
    room = response(np.random.default_rng(11))[: 4 * BLOCK]
    reference = np.random.default_rng(12).standard_normal(10 * HZ).astype(np.float32) * 0.1
    heard = np.convolve(reference, room)[: len(reference)].astype(np.float32)
    canceller = Canceller()
    left = np.concatenate(
        [canceller.clean(heard[i : i + BLOCK], reference[i : i + BLOCK]) for i in range(0, len(heard) - BLOCK, BLOCK)]
    )
    assert power_db(left[-HZ:]) < power_db(heard[-HZ:]) - 30
