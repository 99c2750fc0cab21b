"""The transport: what sounds next, whatever is asked of it and however it is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given

from tests.play.stretches import (
    FRAMES,
    RAMP,
    RATE,
    Script,
    fresh,
    gains,
    merged,
    play,
    pulls,
    run,
    scripts,
    unhurried,
    waits,
)
from voiceguide.play.commands import MOVES, End, GoOn, Hold, Next, Previous, Seek, Toggle
from voiceguide.play.transport import TABLE, State, Stretch, Transport


def test_the_table_answers_every_command_in_every_state() -> None:
    assert set(TABLE) == set(MOVES)
    assert all(set(row) == set(get_args(State)) for row in TABLE.values())


@unhurried
@given(pulls)
def test_uninterrupted_play_is_every_frame_once_and_untouched(sizes: list[int]) -> None:
    end, pieces = play(fresh(), sizes, FRAMES)
    assert merged(pieces) == [Stretch(0, FRAMES)]
    assert end.over


@unhurried
@given(scripts, waits, pulls, pulls)
def test_any_two_ways_to_cut_the_pulls_give_the_same(
    script: Script, wait: list[int], one: list[int], other: list[int]
) -> None:
    first, second = run(script, one, wait), run(script, other, wait)
    assert first[0] == second[0]
    assert merged(first[1]) == merged(second[1])


@unhurried
@given(scripts, waits, pulls)
def test_pulls_are_answered_in_full_and_stay_inside_the_session(
    script: Script, wait: list[int], sizes: list[int]
) -> None:
    _, pieces = run(script, sizes, wait)
    assert sum(piece.frames for piece in pieces) == sum(frames for frames, _ in script) + 500
    sounding = [piece for piece in pieces if piece.fade != "silence"]
    assert all(0 <= piece.start < piece.stop <= FRAMES for piece in sounding)
    assert all(piece.done + piece.frames <= RAMP for piece in sounding if piece.fade != "none")


@unhurried
@given(scripts, waits, pulls)
def test_the_sound_never_jumps_in_level_or_place_except_at_its_own_end(
    script: Script, wait: list[int], sizes: list[int]
) -> None:
    _, pieces = run(script, sizes, wait)
    for before, after in pairwise(merged(pieces)):
        if before.stop == FRAMES and before.fade != "silence":
            continue  # the session ends by itself, so nothing has to go out
        last, first = gains([before])[-1], gains([after])[0]
        assert abs(last - first) <= 1 / RAMP + 1e-9
        if "silence" not in (before.fade, after.fade) and before.stop != after.start:
            assert max(last, first) <= 0.5 / RAMP + 1e-9


def test_a_hold_loses_nothing_both_ramps_add_up_to_one() -> None:
    transport, played = fresh().pull(700)
    transport, held = transport.do(Hold()).pull(100)
    assert (transport.state, transport.at) == ("holding", 700)
    transport, after = transport.do(GoOn()).pull(100)
    assert [*played, *held, *after] == [
        Stretch(0, 700),
        Stretch(700, 710, "out"),
        Stretch(700, 790, "silence"),
        Stretch(700, 710, "in"),
        Stretch(710, 800),
    ]
    out, come = gains([held[0]]), gains([after[0]])
    assert [a + b for a, b in zip(out, come, strict=True)] == pytest.approx([1.0] * RAMP)


def test_going_on_before_the_sound_is_out_turns_it_round_where_it_is() -> None:
    transport, _ = fresh().pull(700)
    transport, out = transport.do(Toggle()).pull(4)
    transport, come = transport.do(Toggle()).pull(10)
    assert [*out, *come] == [Stretch(700, 704, "out"), Stretch(704, 708, "in", 6), Stretch(708, 714)]


def test_a_jump_goes_out_here_and_comes_in_there() -> None:
    transport, _ = fresh().pull(700)
    _, pieces = transport.do(Next()).pull(30)
    assert pieces == [Stretch(700, 710, "out"), Stretch(5_000, 5_010, "in"), Stretch(5_010, 5_020)]


@pytest.mark.parametrize(
    ("at", "goal"),
    [(100, 0), (3_001, 0), (5_000, 0), (7_999, 0), (8_001, 5_000), (9_100, 5_000), (9_600, 9_000), (11_999, 9_000)],
)
def test_previous_is_the_start_of_the_step_if_more_than_3_s_in_else_the_step_before(at: int, goal: int) -> None:
    transport, _ = fresh().do(Hold()).pull(20)
    assert transport.do(Seek(at)).do(Previous()).at == goal


def test_two_quick_presses_of_next_are_two_steps() -> None:
    transport, _ = fresh().pull(700)
    transport, _ = transport.do(Next()).do(Next()).pull(11)
    assert transport.at == 9_001


def test_next_in_the_last_step_ends_it() -> None:
    transport, _ = fresh().pull(10_000)
    transport, pieces = transport.do(Next()).pull(50)
    assert pieces == [Stretch(10_000, 10_010, "out"), Stretch(FRAMES, FRAMES + 40, "silence")]
    assert transport.over


def test_a_jump_while_held_stays_held_and_sounds_from_there_on() -> None:
    transport, _ = fresh().do(Hold()).pull(50)
    transport = transport.do(Next())
    assert (transport.state, transport.at) == ("holding", 5_000)
    assert transport.do(GoOn()).pull(20)[1] == [Stretch(5_000, 5_010, "in"), Stretch(5_010, 5_020)]


def test_quitting_lets_the_sound_out_and_nothing_brings_it_back() -> None:
    transport, _ = fresh().pull(700)
    transport, pieces = transport.do(End()).do(Toggle()).do(Next()).pull(20)
    assert pieces == [Stretch(700, 710, "out"), Stretch(710, 720, "silence")]
    assert transport.over


def test_a_session_without_a_frame_is_over_at_once() -> None:
    assert Transport.of(0, (), RATE).over
