"""Re-planning: what has been heard stays, and the rest is fitted again under all rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.make import RATE, measure, planned, routine, seconds
from tests.random_scripts import answer, broken_promises, plans
from tests.tries import tries
from voiceguide import SessionRequest, VoiceOptions, compile_session, open_routine
from voiceguide.address import Address
from voiceguide.clips import ClipId
from voiceguide.plan.plan import Answer, Plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.replan import Heard, replan
from voiceguide.session import renderer
from voiceguide.speech.cache import ClipCache
from voiceguide.timeline import Cue, Timeline

unhurried = tries(150)


def again(made: Plan, at: int, left: int, step: Address | None = None) -> Answer:
    return run(replan(made, Heard(at, step), left), answer)


def whole(timeline: Timeline, at: int) -> Timeline:
    """Return *timeline* with the cues that were cut in two at frame *at* joined again."""
    before = {(c.clip, c.step, c.phrase, c.into + c.frames): c for c in timeline.cues if c.end == at}
    later = {c: before.get((c.clip, c.step, c.phrase, c.into)) for c in timeline.cues if c.start == at and c.into}
    joined = [replace(c, start=b.start, frames=b.frames + c.frames, into=b.into) for c, b in later.items() if b]
    halves = {id(c) for pair in later.items() if pair[1] for c in pair}
    cues = [c for c in timeline.cues if id(c) not in halves]
    return replace(timeline, cues=tuple(sorted((*cues, *joined), key=lambda cue: cue.start)))


def sounds_before(timeline: Timeline, at: int) -> list[tuple[object, ...]]:
    cues = timeline.within(0, at).cues
    return [(c.track, c.clip, c.start, c.frames, c.into, c.gain, c.envelope) for c in cues]


def words(cues: Iterable[Cue]) -> list[tuple[object, ...]]:
    return [(c.step, c.phrase, c.text) for c in cues if c.track == "voice" and c.phrase != "count"]


@unhurried
@given(plans(), st.floats(0, 1), st.floats(0.5, 1.6))
def test_any_rest_of_any_script_is_fitted_exactly_and_repeats_nothing(old: Plan, share: float, more: float) -> None:
    at = round(share * old.timeline.frames)
    left = round(more * (old.timeline.frames - at))
    found = again(old, at, left)
    if isinstance(found, Refusal):
        assume(found.nearest_ms is not None)
        left = (found.nearest_ms or 0) * (RATE // 1000) - at
        found = again(old, at, left)
    assert isinstance(found, Plan), str(found)
    new = found.timeline
    assert new.frames == at + left
    assert sounds_before(new, at) == sounds_before(old.timeline, at)
    over = {step.address.written for step in old.timeline.steps if step.address and step.end <= at}
    broken = [
        line
        for line in broken_promises(replace(found, timeline=whole(new, at)), None)
        if not any(line.startswith(f"{address}: left") for address in over)
    ]
    assert broken == []
    heard = words(cue for cue in old.timeline.cues if cue.start < at)
    to_come = words(cue for cue in old.timeline.cues if cue.start >= at)
    repeated = [
        w for w in words(c for c in new.cues if c.start >= at and not c.into) if w in heard and w not in to_come
    ]
    assert repeated == []


@unhurried
@given(plans(), st.floats(0, 1))
def test_with_the_time_that_was_planned_anyway_the_rest_can_always_be_had(old: Plan, share: float) -> None:
    at = round(share * old.timeline.frames)
    assert isinstance(again(old, at, old.timeline.frames - at), Plan)


FEET = """
length: 2m..5m..12m
groups: {heel: keep 1}
steps:
  - {name: hello, say: Hello and welcome., for: 10s..15s..30s}
  - section: Feet
    each: foot
    between: [{say: "Now the {side} foot.", for: 10s..12s..20s}]
    steps:
      - {do: warm, say: Warm., for: 20s..40s..120s}
      - {do: knead, say: Knead., for: 20s..40s..120s, optional: 3, group: heel}
      - {do: circle, say: Circle., for: 20s..40s..120s, optional: 4, group: heel}
  - {name: bye, say: Take your time and stand up slowly., for: 10s..15s..30s}
"""


def lengths(made: Plan) -> dict[tuple[str, str | None], float]:
    return {(step.step, step.side): seconds(step.frames) for step in made.timeline.steps}


def asked(made: Plan, at_s: float, left_s: float, step: str | None = None) -> Answer:
    heard = Heard(round(at_s * RATE), Address.parse(step) if step else None)
    return run(replan(made, heard, round(left_s * RATE)), measure())


def test_a_longer_rest_stretches_what_is_to_come_and_not_what_was() -> None:
    old = planned(FEET, 300)
    new = asked(old, 5, 355)
    assert isinstance(new, Plan)
    assert seconds(new.timeline.frames) == 360
    assert lengths(new)["warm", "left"] == lengths(new)["warm", "right"] > lengths(old)["warm", "left"]


def test_a_shorter_rest_leaves_out_what_is_optional_on_both_feet() -> None:
    old = planned(FEET, 300)
    new = asked(old, 5, 145)
    assert isinstance(new, Plan)
    assert {(o.step, o.side) for o in new.left_out} == {("circle", "left"), ("circle", "right")}


def test_what_was_heard_on_one_foot_is_not_left_out_on_the_other() -> None:
    old = planned(FEET, 300)
    change = next(step.start for step in old.timeline.steps if step.title == "Say")
    new = asked(old, seconds(change), 130)
    assert isinstance(new, Plan)
    assert new.left_out == ()
    refused = asked(old, seconds(change), 60)
    assert isinstance(refused, Refusal)


def test_the_second_foot_keeps_the_lengths_of_the_first_where_the_rest_allows() -> None:
    old = planned(FEET, 300)
    change = next(step.start for step in old.timeline.steps if step.title == "Say")
    new = asked(old, seconds(change), seconds(old.timeline.frames - change) + 10)
    assert isinstance(new, Plan)
    found = lengths(new)
    assert [found[name, "left"] for name in ("warm", "knead", "circle")] == [
        found[name, "right"] for name in ("warm", "knead", "circle")
    ]
    assert found["bye", None] > lengths(old)["bye", None]


def test_a_step_that_is_skipped_ends_and_the_next_one_begins_at_once() -> None:
    old = planned(FEET, 300)
    new = asked(old, 20, 260, "feet/knead:left")
    assert isinstance(new, Plan)
    assert [(s.step, s.side, seconds(s.start)) for s in new.timeline.steps][1:3] == [
        ("warm", "left", lengths(old)["hello", None]),
        ("knead", "left", 20.0),
    ]


def test_words_under_way_are_never_cut_and_their_step_lasts_at_least_as_long() -> None:
    made = routine(
        "length: 5s..20s..1m\nsteps: [{name: a, say: One two three four five six., for: 4s..10s..30s}, {name: b, say: Bye., for: 2s..10s..20s}]"
    )
    old = planned(made, 20)
    new = asked(old, 1, 6)
    assert isinstance(new, Plan)
    assert lengths(new)["a", None] >= 3
    assert sum(cue.frames for cue in new.timeline.cues if cue.text.startswith("One")) == 3 * RATE


def test_the_spliced_session_sounds_as_the_old_one_before_and_has_no_click_after(cache: ClipCache) -> None:
    session = compile_session(
        open_routine("whole-foot"), SessionRequest(length_ms=12 * 60_000), VoiceOptions("tone", cache=cache)
    )
    old = session.plan
    for at in (3_000_000, 9_876_543, 20_000_001):
        new = run(replan(old, Heard(at), old.timeline.frames - at + 45 * RATE), session.store.durations)
        assert isinstance(new, Plan)
        clips = session.store.clips(new.timeline)
        was, now = renderer(old, session.clips()), renderer(new, clips)
        for start in range(max(0, at - 6 * RATE), at, RATE):
            stop = min(start + RATE, at)
            assert np.array_equal(was(start, stop), now(start, stop))
        assert _bed_step(now, clips, at) < 0.01


def _bed_step(block: object, clips: object, at: int) -> float:
    """Return the largest step from one sample to the next around frame *at*, beyond what is usual there."""
    sound = block(at - RATE // 10, at + RATE // 10)  # type: ignore[operator]
    steps = np.abs(np.diff(sound.mean(axis=1)))
    middle = len(steps) // 2
    return float(steps[middle - 2 : middle + 2].max() - np.percentile(steps, 99.9))


def test_a_bed_goes_on_in_the_same_place_at_the_same_level() -> None:
    old = planned("bed: rain\n" + FEET, 300)
    new = asked(old, 100, 240)
    assert isinstance(new, Plan)
    at = 100 * RATE
    before = next(cue for cue in new.timeline.cues if cue.track == "bed" and cue.end == at)
    after = next(cue for cue in new.timeline.cues if cue.track == "bed" and cue.start == at)
    assert after.into == before.into + before.frames
    assert after.envelope.at(at) == before.envelope.at(at)
    assert after.gain == before.gain
    clip: ClipId = after.clip
    assert clip == before.clip
