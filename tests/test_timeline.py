"""Parts of a timeline, and two timelines joined: what lies in them, and that they sound as they did."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.make import planned
from tests.tries import tries
from voiceguide.address import Address
from voiceguide.audio.mix import Mixer
from voiceguide.clips import BedSound, BreathTone, ChimeSound, ClipId, Utterance
from voiceguide.envelope import FLAT, Envelope
from voiceguide.timeline import TRACKS, Beat, Chapter, Cue, StepSpan, Timeline

RAIN, BOWL = BedSound("rain"), ChimeSound("bowl")
ONE, TWO, THREE = Utterance(("one",)), Utterance(("two",)), Utterance(("three",))
A, B, C = Address((), "a"), Address(("s",), "b", side="left"), Address((), "c")
RISING = Envelope(((0, 0.0), (400, 1.0)))
WHOLE = Timeline(
    rate=48_000,
    frames=1000,
    cues=(
        Cue("bed", RAIN, 0, 1000, loop=True, envelope=RISING),
        Cue("chime", BOWL, 10, 300, A),
        Cue("voice", ONE, 200, 100, B),
        Cue("voice", TWO, 350, 100, B),
        Cue("voice", THREE, 500, 100, C, into=20),
    ),
    steps=(StepSpan(A, "A", 0, 200), StepSpan(B, "B", 200, 300, 200), StepSpan(C, "C", 500, 500, 100)),
    chapters=(Chapter("first", 0), Chapter("second", 450)),
    beats=(Beat("in", 600, 100, 0, C), Beat("out", 700, 100, 0, C), Beat("in", 800, 100, 1, C)),
    waits=(200, 500, 1000),
)


def test_a_step_takes_its_cues_along_and_what_still_sounds_from_before() -> None:
    part = WHOLE.between(200, 500)
    assert (part.rate, part.frames) == (48_000, 300)
    assert [(cue.clip, cue.start, cue.frames, cue.into) for cue in part.cues] == [
        (RAIN, 0, 300, 200),
        (BOWL, 0, 110, 190),
        (ONE, 0, 100, 0),
        (TWO, 150, 100, 0),
    ]
    assert part.steps == (StepSpan(B, "B", 0, 300, 200),)
    assert part.chapters == (Chapter("first", 0), Chapter("second", 250))
    assert part.cues[0].envelope.points == ((-200, 0.0), (200, 1.0))
    assert part.waits == (300,)


def test_what_lies_only_partly_inside_is_cut_at_both_ends() -> None:
    part = WHOLE.between(380, 550)
    assert [(cue.clip, cue.start, cue.end, cue.into) for cue in part.cues] == [
        (RAIN, 0, 170, 380),
        (TWO, 0, 70, 30),
        (THREE, 120, 170, 20),
    ]
    assert [(step.step, step.start, step.end, step.speech_frames) for step in part.steps] == [
        ("b", 0, 120, 120),
        ("c", 120, 170, 50),
    ]
    assert part.waits == (120,)


def test_within_everything_stays_where_it_lies() -> None:
    part = WHOLE.within(380, 850)
    assert part.frames == 1000
    assert [(cue.clip, cue.start, cue.end, cue.into) for cue in part.cues] == [
        (RAIN, 380, 850, 380),
        (TWO, 380, 450, 30),
        (THREE, 500, 600, 20),
    ]
    assert [(step.step, step.start, step.end) for step in part.steps] == [("b", 380, 500), ("c", 500, 850)]
    assert part.chapters == (Chapter("first", 380), Chapter("second", 450))
    assert part.cues[0].envelope == RISING
    assert part.beats == WHOLE.beats[:2]  # the third is not over
    assert part.waits == (500,)


def test_a_part_of_a_part_is_a_part_of_the_whole() -> None:
    assert WHOLE.between(100, 900).between(280, 450) == WHOLE.between(380, 550)
    assert WHOLE.within(100, 900).within(380, 550) == WHOLE.within(380, 550)


def test_all_of_it_is_the_same_and_nothing_of_it_is_empty() -> None:
    assert WHOLE.between(-5, 2000) == WHOLE.within(-5, 2000) == WHOLE
    for at in (0, 400, 1000):
        empty = WHOLE.between(at, at)
        assert (empty.frames, empty.cues, empty.steps, empty.chapters, empty.beats) == (0, (), (), (), ())


def test_joined_to_itself_it_says_what_it_said() -> None:
    for at in range(0, 1001, 10):
        joined = WHOLE.spliced(WHOLE, at)
        assert (joined.steps, joined.chapters, joined.beats, joined.waits) == (
            WHOLE.steps,
            WHOLE.chapters,
            WHOLE.beats,
            WHOLE.waits,
        ), at


def test_joined_to_a_later_plan_a_step_under_way_is_one_step_and_what_is_over_stays() -> None:
    later = replace(
        WHOLE,
        frames=1200,
        cues=(Cue("voice", THREE, 700, 100, C),),
        steps=(StepSpan(A, "A", 0, 200), StepSpan(B, "B", 200, 500, 200), StepSpan(C, "C", 700, 500, 100)),
        chapters=(Chapter("first", 0), Chapter("second", 650)),
        beats=(),
        waits=(700, 1200),
    )
    joined = WHOLE.spliced(later, 400)
    assert joined.frames == 1200
    assert joined.steps == later.steps
    assert joined.chapters == (Chapter("first", 0), Chapter("second", 650))
    assert joined.waits == (200, 700, 1200)
    assert [(cue.clip, cue.start, cue.end) for cue in joined.cues] == [
        (RAIN, 0, 400),
        (BOWL, 10, 310),
        (ONE, 200, 300),
        (TWO, 350, 400),
        (THREE, 700, 800),
    ]
    assert WHOLE.spliced(replace(later, steps=(StepSpan(A, "A", 0, 1200),)), 400).steps == (
        StepSpan(A, "A", 0, 200),
        StepSpan(B, "B", 200, 200, 200),
        StepSpan(A, "A", 400, 800),
    )


# That it sounds the same

FRAMES = 600
SIZES: dict[ClipId, tuple[int, int]] = {ONE: (97, 1), TWO: (160, 1), BOWL: (211, 2), RAIN: (53, 2)}
SIZES |= {BreathTone("in", 120): (120, 1), ChimeSound("bell"): (400, 2)}
RANDOM = np.random.default_rng(11)
CLIPS: dict[ClipId, NDArray[np.float32]] = {
    clip: RANDOM.random(size, np.float32) - np.float32(0.5) for clip, size in SIZES.items()
}
envelopes = st.just(FLAT) | st.dictionaries(
    st.integers(-100, FRAMES + 100), st.floats(0, 2, width=32), min_size=1, max_size=5
).map(lambda points: Envelope(tuple(sorted(points.items()))))


@st.composite
def cues(draw: st.DrawFn) -> Cue:
    track, clip = draw(st.sampled_from(TRACKS)), draw(st.sampled_from(list(SIZES)))
    start, loop, size = draw(st.integers(0, FRAMES - 1)), draw(st.booleans()), SIZES[clip][0]
    into = draw(st.integers(0, size - 1))
    most = FRAMES - start if loop else min(FRAMES - start, size - into)
    gain, envelope = draw(st.floats(0, 2, width=32)), draw(envelopes)
    frames = draw(st.integers(1, most))
    return Cue(track, clip, start, frames, gain=gain, loop=loop, envelope=envelope, into=into)


timelines = st.lists(cues(), max_size=9).map(
    lambda found: Timeline(8000, FRAMES, tuple(sorted(found, key=lambda cue: (cue.start, cue.track))))
)
places = st.integers(-20, FRAMES + 20)
bits = tries(300)


def sound(timeline: Timeline, start: int = 0, stop: int = FRAMES) -> bytes:
    return Mixer(timeline, CLIPS).block(start, stop).tobytes()


@bits
@given(timelines, places, places)
def test_a_part_sounds_the_same_bit_by_bit(whole: Timeline, one: int, other: int) -> None:
    start, stop = max(0, min(one, other)), min(FRAMES, max(one, other))
    part = whole.between(min(one, other), max(one, other))
    assert part.frames == max(0, stop - start)
    assert all(0 <= cue.start < cue.end <= part.frames for cue in part.cues)
    assert sound(part, 0, part.frames) == sound(whole, start, max(start, stop))


@bits
@given(timelines, places, places)
def test_what_is_within_sounds_as_it_did_and_all_else_is_silent(whole: Timeline, one: int, other: int) -> None:
    start, stop = sorted((max(0, min(one, FRAMES)), max(0, min(other, FRAMES))))
    part = whole.within(one, other) if one <= other else whole.within(other, one)
    assert sound(part, start, stop) == sound(whole, start, stop)
    assert not any(sound(part, 0, start) + sound(part, stop, FRAMES))


@bits
@given(timelines, timelines, st.integers(0, FRAMES))
def test_joined_at_any_frame_it_sounds_as_the_old_before_and_as_the_new_after(
    old: Timeline, new: Timeline, at: int
) -> None:
    joined = old.spliced(new, at)
    assert sound(joined, 0, at) == sound(old, 0, at)
    assert sound(joined, at, FRAMES) == sound(new, at, FRAMES)
    assert all(cue.end <= at or cue.start >= at for cue in joined.cues)


@bits
@given(timelines, st.integers(0, FRAMES), st.integers(0, FRAMES))
def test_joined_to_itself_it_sounds_as_it_did(whole: Timeline, at: int, again: int) -> None:
    assert sound(whole.spliced(whole, at).spliced(whole, again)) == sound(whole)


SCRIPT = """
bed: rain
steps:
  - {name: settle, say: One two., for: 20s..30s..60s, breathe: 4-0-6-0}
  - section: Feet
    each: foot
    steps: [{do: rub, say: Rub the foot., for: 20s..30s..60s, wait: yes}, {pause: 5s..10s..20s}]
  - {chime: end, for: 10s..12s..20s}
"""


@tries(60)
@given(st.integers(0, 100 * 48_000), st.sampled_from([80, 100, 122, 180]))
def test_a_planned_session_joined_to_another_is_still_end_to_end(at: int, length_s: int) -> None:
    old, new = planned(SCRIPT, 100).timeline, planned(SCRIPT, length_s).timeline
    at = min(at, new.frames)
    joined = old.spliced(new, at)
    assert joined.frames == new.frames
    assert (joined.steps[0].start, joined.steps[-1].end) == (0, new.frames)
    assert all(one.start < one.end == two.start for one, two in pairwise(joined.steps))
    starts = [chapter.start for chapter in joined.chapters]
    assert starts == sorted(set(starts))
    assert all(beat.end <= at or beat.start >= at or beat in new.beats for beat in joined.beats)
    assert list(joined.waits) == sorted(set(joined.waits))
