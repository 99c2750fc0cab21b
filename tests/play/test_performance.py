"""The performance: the stretches of the transport, and every change told when it happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.play.stretches import (
    FRAMES,
    RATE,
    STARTS,
    Script,
    commands,
    fresh,
    merged,
    play,
    pulls,
    run,
    scripts,
    unhurried,
    waits,
)
from voiceguide.address import Address
from voiceguide.play.commands import End, GoOn, Hold, Move, Next, Seek
from voiceguide.play.performance import Changed, Effect, Ended, Flush, Performance, Say
from voiceguide.play.transport import State, Stretch
from voiceguide.timeline import StepSpan, Timeline

Standing = tuple[int, State, bool]
near: st.SearchStrategy[Move] = st.one_of(
    commands, st.builds(Seek, st.sampled_from([place - off for place in (*STARTS, FRAMES) for off in (30, 12, 3, 0)]))
)
close = st.lists(st.tuples(st.integers(0, 40), near), max_size=20)
"""Scripts that stay near to where steps begin and the session ends."""


def performance(waits: list[int] | tuple[int, ...] = ()) -> Performance:
    ends = (*STARTS[1:], FRAMES)
    steps = tuple(
        StepSpan(Address((), f"step{start}"), f"Step {start}", start, end - start)
        for start, end in zip(STARTS, ends, strict=True)
    )
    return Performance(Timeline(RATE, FRAMES, (), steps, waits=tuple(waits)))


def perform(made: Performance, script: Script, sizes: list[int]) -> tuple[list[Stretch], list[tuple[int, Effect]]]:
    """Follow *script*; return the stretches, and the effects with the frame after which they were told."""
    out: list[Stretch] = []
    told: list[tuple[int, Effect]] = []
    done = 0
    for frames, command in [*script, (500, GoOn())]:
        left = frames
        while left:
            for size in sizes:
                pieces, effects = made.pull(min(size, left))
                out += pieces
                told += [(done + effect.after, effect) for effect in effects if not isinstance(effect, Flush | Say)]
                done += min(size, left)
                left -= min(size, left)
        told += [(done, effect) for effect in made.handle(command)]
    return out, told


@unhurried
@given(scripts, waits, pulls, pulls)
def test_it_gives_the_stretches_of_the_transport(
    script: Script, wait: list[int], one: list[int], other: list[int]
) -> None:
    made = performance(wait)
    pieces, _ = perform(made, script, one)
    transport, alone = run(script, other, wait)
    assert made.bookmark.transport == transport.do(GoOn())
    assert merged(pieces) == merged(alone)


@unhurried
@given(close, waits, pulls)
def test_every_change_is_told_at_its_frame_and_nothing_else_is(
    script: Script, wait: list[int], sizes: list[int]
) -> None:
    made, watched = performance(wait), performance(wait)
    _, told = perform(made, script, sizes)
    expected: list[tuple[int, object]] = []
    done, before = 0, watched.now.told
    for frames, command in [*script, (500, GoOn())]:
        for _ in range(frames):
            watched.rewind(watched.bookmark.pull(1)[0])
            done += 1
            if watched.now.told != before:
                expected.append((done, before := watched.now.told))
        watched.handle(command)
        if watched.now.told != before:
            expected.append((done, before := watched.now.told))
    assert [(at, effect.now.told) for at, effect in told if isinstance(effect, Changed)] == expected


@unhurried
@given(close, waits, pulls)
def test_its_end_is_told_once_when_nothing_sounds_any_more(script: Script, wait: list[int], sizes: list[int]) -> None:
    made = performance(wait)
    pieces, told = perform(made, [*script, (0, End())], sizes)
    ends = [at for at, effect in told if isinstance(effect, Ended)]
    assert len(ends) == 1
    done = 0
    for piece in pieces:
        assert done < ends[0] or piece.fade == "silence"
        done += piece.frames


@unhurried
@given(close, near, waits)
def test_what_is_stored_is_taken_back_only_if_something_else_would_sound(
    script: Script, command: Move, wait: list[int]
) -> None:
    made = performance(wait)
    perform(made, script, [7])
    before = made.bookmark
    effects = made.handle(command)
    assert (Flush() in effects) == (made.bookmark != before) == bool(effects)


@unhurried
@given(scripts, waits, pulls)
def test_from_a_mark_it_goes_on_as_it_did(script: Script, wait: list[int], sizes: list[int]) -> None:
    made = performance(wait)
    bookmark = made.bookmark
    first = perform(made, script, sizes)
    made.rewind(bookmark)
    assert perform(made, script, sizes) == first


def test_a_step_begins_at_its_first_frame_and_a_wait_belongs_to_the_step_that_has_ended() -> None:
    made = performance([5_000])
    (changed,) = [effect for effect in made.pull(5_050)[1] if isinstance(effect, Changed)]
    assert (changed.after, changed.now.index, changed.now.waiting) == (5_000, 0, True)
    assert [effect.now.standing for effect in made.handle(GoOn()) if isinstance(effect, Changed)] == [
        (1, "playing", False)
    ]


def test_a_jump_is_told_at_once_and_not_again_where_it_lands() -> None:
    made = performance()
    made.pull(100)
    effects = made.handle(Next())
    assert [effect.now.step.title for effect in effects if isinstance(effect, Changed) and effect.now.step] == [
        "Step 5000"
    ]
    assert made.pull(1_000)[1] == ()


def test_a_hold_that_reaches_into_the_next_step_stays_in_this_one() -> None:
    made = performance()
    made.pull(4_995)
    made.handle(Hold())
    assert made.pull(100)[1] == ()
    assert made.now.index == 0


def test_uninterrupted_it_tells_each_step_and_the_end() -> None:
    _, effects = performance().pull(FRAMES + 10)
    assert [(effect.after, effect.now.index) for effect in effects if isinstance(effect, Changed)] == [
        *((start, index) for index, start in enumerate(STARTS) if start),
        (FRAMES, 3),
    ]
    assert effects[-1] == Ended(FRAMES)
    assert play(fresh(), [FRAMES + 10], FRAMES + 10)[0].over
