"""Waits: frames at which the session holds by itself until the listener goes on."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.play.stretches import FRAMES, RAMP, RATE, Script, fresh, merged, play, pulls, scripts, unhurried, waits
from voiceguide.play.commands import End, GoOn, Hold, Move, Next, Previous, Seek, Toggle
from voiceguide.play.transport import Stretch, Transport

WAIT = 5_000
"""Where a step ends and the next one begins."""

apart = st.lists(st.integers(RAMP + 1, 3_000), min_size=1, max_size=4).map(
    lambda steps: [wait for wait in accumulate(steps) if wait < FRAMES - RAMP]
)
"""Waits that are further from each other, and from the end, than a ramp."""
answers: st.SearchStrategy[list[tuple[int, Move]]] = st.lists(
    st.tuples(st.integers(RAMP, 400), st.sampled_from([GoOn(), Toggle(), Next()])), min_size=4, max_size=4
)
"""How long the listener lets it wait, and what is pressed then."""
held = st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from([Toggle(), Hold(), GoOn()])), max_size=20)
"""Scripts without a jump."""
forward = st.lists(
    st.tuples(st.integers(0, 3_000), st.sampled_from([Toggle(), Hold(), GoOn(), Next()])),
    max_size=20,
)
"""Scripts that never go back."""


def waiting() -> Transport:
    """Return a transport that has been waiting for 90 frames."""
    transport, _ = fresh([WAIT]).pull(WAIT + 100)
    assert transport.waiting
    return transport


def waited(script: Script, wait: list[int]) -> tuple[Transport, list[int]]:
    """Follow *script* frame by frame; return where each waiting was, in order, and the transport at the end."""
    transport, out = fresh(wait), []
    for frames, command in [*script, (100, Hold())]:
        for size in [1] * min(frames, 50) + [frames - min(frames, 50)]:
            before, (transport, _) = transport, transport.pull(size)
            out += [transport.here] if transport.waiting and not before.waiting else []
        transport = transport.do(command)
    return transport, out


@unhurried
@given(apart, answers, pulls)
def test_it_holds_exactly_at_each_wait_and_every_frame_of_the_session_is_heard_once(
    wait: list[int], presses: list[tuple[int, Move]], sizes: list[int]
) -> None:
    transport, begun = Transport.of(FRAMES, [0, *wait], RATE, wait), 0
    heard: list[Stretch] = []
    expected = [Stretch(0, wait[0])]
    for at, (long, press), stop in zip(wait, presses, [*wait[1:], FRAMES], strict=False):
        transport, pieces = play(transport, sizes, at - begun + long)
        assert (transport.state, transport.waiting, transport.at) == ("holding", True, at)
        transport, heard, begun = transport.do(press), heard + pieces, at
        silence = [Stretch(at, at + long - RAMP, "silence")] if long > RAMP else []
        expected += [Stretch(at, at + RAMP, "out"), *silence, Stretch(at, at + RAMP, "in"), Stretch(at + RAMP, stop)]
    transport, pieces = play(transport, sizes, FRAMES - begun)
    assert merged([*heard, *pieces]) == expected
    assert transport.over


@unhurried
@given(scripts, waits, pulls)
def test_nothing_plays_over_a_wait_whatever_is_commanded(script: Script, wait: list[int], sizes: list[int]) -> None:
    transport = fresh(wait)
    for frames, command in script:
        transport, pieces = play(transport, sizes, frames)
        playing = [piece if piece.fade in ("none", "in") else None for piece in merged(pieces)]
        for at in transport.waits:
            assert not any(piece and piece.start < at < piece.stop for piece in playing)
            assert not any(a and b and a.stop == at == b.start for a, b in pairwise(playing))
        transport = transport.do(command)


@unhurried
@given(scripts, waits, pulls)
def test_whatever_is_commanded_it_waits_only_where_it_should_and_never_while_it_moves(
    script: Script, wait: list[int], sizes: list[int]
) -> None:
    transport = fresh(wait)
    for frames, command in script:
        later, _ = play(transport, sizes, frames)
        transport = later.do(command)
        for now in (later, transport):
            assert 0 <= now.at <= FRAMES
            assert 0 <= now.fade_at <= RAMP
            assert not now.waiting or (now.state == "holding" and now.here in wait and not now.jumping)
            assert now.state != "ended" or now.landing is None


@unhurried
@given(held, waits)
def test_without_jumps_no_wait_is_missed_and_none_comes_twice(script: Script, wait: list[int]) -> None:
    transport, out = waited(script, wait)
    assert out == [at for at in transport.waits if at < transport.here or (at == transport.here and at in out)]


@unhurried
@given(forward, waits)
def test_unless_one_goes_back_no_wait_comes_twice(script: Script, wait: list[int]) -> None:
    _, out = waited(script, wait)
    assert all(one < other for one, other in pairwise(out))


@pytest.mark.parametrize("long", range(RAMP))
def test_going_on_before_the_sound_is_out_turns_it_round_where_it_is(long: int) -> None:
    transport, out = fresh([WAIT]).pull(WAIT + long)
    transport, come = transport.do(GoOn()).pull(100)
    assert not transport.waiting
    heard = merged([*out, *come])
    assert heard[0] == Stretch(0, WAIT if long else WAIT + 100)
    assert all(before.stop == after.start for before, after in pairwise(heard))


def test_going_on_while_it_does_not_wait_does_nothing() -> None:
    transport, _ = fresh([WAIT]).pull(4_000)
    assert transport.do(GoOn()) == transport
    assert transport.do(GoOn()).pull(1_100)[0].waiting


def test_a_hold_while_it_waits_changes_nothing() -> None:
    assert waiting().do(Hold()) == waiting()


def test_next_while_it_waits_is_the_step_that_begins_there() -> None:
    _, pieces = waiting().do(Next()).pull(20)
    assert pieces == [Stretch(WAIT, WAIT + RAMP, "in"), Stretch(WAIT + RAMP, WAIT + 20)]


def test_next_before_the_wait_goes_over_it() -> None:
    transport, _ = fresh([WAIT]).pull(4_000)
    transport, _ = transport.do(Next()).pull(500)
    assert (transport.state, transport.at) == ("playing", WAIT + 490)


def test_previous_while_it_waits_plays_the_step_once_more_and_waits_again() -> None:
    transport, pieces = waiting().do(Previous()).pull(20)
    assert pieces == [Stretch(0, RAMP, "in"), Stretch(RAMP, 20)]
    transport, _ = transport.pull(WAIT)
    assert (transport.waiting, transport.at) == (True, WAIT)


@pytest.mark.parametrize(("goal", "waits_there"), [(4_000, True), (4_999, True), (WAIT, False), (5_001, False)])
def test_whoever_seeks_to_before_the_wait_waits_again_and_past_it_does_not(goal: int, waits_there: bool) -> None:
    for transport in (fresh([WAIT]), waiting(), waiting().do(GoOn()).pull(2_000)[0]):
        assert transport.do(Seek(goal)).pull(2_000)[0].waiting == waits_there


def test_a_hold_as_soon_as_one_has_gone_on_does_not_lead_back_before_the_wait() -> None:
    transport, _ = fresh([WAIT]).pull(WAIT + 4)
    transport, _ = transport.do(GoOn()).pull(1)
    transport, _ = transport.do(Hold()).pull(100)
    assert (transport.waiting, transport.at) == (False, WAIT)
    assert not transport.do(GoOn()).pull(100)[0].waiting


def test_a_hold_that_goes_out_over_the_wait_does_not_pass_it_even_if_one_goes_on_at_once() -> None:
    transport, _ = fresh([WAIT]).pull(WAIT - 3)
    transport, out = transport.do(Hold()).pull(6)
    transport, after = transport.do(GoOn()).pull(20)
    assert merged([*out, *after])[:3] == [
        Stretch(WAIT - 3, WAIT + 7, "out"),
        Stretch(WAIT - 3, WAIT, "in"),
        Stretch(WAIT, WAIT + 3, "out", 7),
    ]
    assert transport.waiting


def test_quitting_while_it_waits_ends_it() -> None:
    transport = waiting().do(End())
    assert transport.over
    assert not transport.waiting


def test_neither_the_beginning_nor_the_end_waits() -> None:
    assert fresh([0, FRAMES]) == fresh()
