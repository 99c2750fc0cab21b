"""The director on random scripts: whatever is commanded, whenever, the promises of the product hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from tests.make import RATE, measure, planned
from tests.random_scripts import answer, plans
from tests.tries import tries
from voiceguide.address import Address
from voiceguide.plan.plan import Plan
from voiceguide.plan.request import TALKS
from voiceguide.play import commands as c
from voiceguide.play.asides import Aside, beside, placed
from voiceguide.play.director import Outcome, direct
from voiceguide.play.sayings import Finishing, Kept, LessThan, NotPossible, Orientation, Quoted
from voiceguide.play.stand import Edition, Stand
from voiceguide.timeline import Cue, Timeline

unhurried = tries(40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Without shrinking: a failing script of a whole session takes minutes to shrink."""
PLANNING: tuple[c.Command, ...] = (
    c.Next(),
    c.NextSection(),
    c.Longer(),
    c.Shorter(),
    c.Longer(7),
    c.LessTalk(),
    c.MoreTalk(),
    c.Lighter(),
)
PLANNING += (c.Finish(), c.More(1), c.More(5), c.Left(1), c.Left(5), c.KeepEnd(), c.MoveEnd())
MOVING = (c.Hold(), c.GoOn(), c.Toggle(), c.Previous(), c.Again(), c.PreviousSection(), c.Back(), c.Forward())
_MOVES = tuple(map(type, MOVING))
TURNING = (c.Louder(), c.Quieter(), c.MoreBed(), c.LessBed(), c.Where(), c.Stop())
scripts = st.lists(
    st.tuples(st.floats(0, 0.2), st.sampled_from((*PLANNING, *MOVING, *TURNING))), min_size=1, max_size=8
)
"""How far to play on, as a share of the session, and a command then."""


def begun(made: Plan) -> Stand:
    return Stand.of(Edition.of(made))


def on(stand: Stand, share: float) -> Stand:
    return stand.pull(round(share * stand.edition.timeline.frames))[0]


def words(cues: tuple[Cue, ...]) -> list[Cue]:
    return [cue for cue in cues if cue.track == "voice"]


def before(timeline: Timeline, at: int) -> list[tuple[object, ...]]:
    """Return what sounds of *timeline* before frame *at*, but for the bed, which may have been turned."""
    cues = timeline.within(0, at).cues
    return [(q.track, q.clip, q.start, q.frames, q.into, q.gain, q.envelope) for q in cues if q.track != "bed"]


def mandatory(made: Plan, timeline: Timeline, at: int) -> set[Address]:
    """Return the written steps to come that may not be left out and stand in no repeat, whose rounds are free."""
    steps = (step.address for step in timeline.steps if step.address and step.start >= at and not step.address.rounds)
    out = {left.address.written for left in made.left_out}
    return {address for address in steps if address.written not in out}


@unhurried
@given(plans(), scripts)
def test_whatever_is_commanded_the_edition_goes_on_where_it_was_and_no_words_sound_over_others(
    made: Plan, script: list[tuple[float, c.Command]]
) -> None:
    stand = begun(made)
    for share, command in script:
        stand = on(stand, share)
        old, at = stand.edition.timeline, stand.here
        stand = direct(stand, command, answer).stand
        new = stand.edition.timeline
        if new is not old:
            assert before(new, stand.here) == before(old, stand.here)
            assert stand.transport.frames == new.frames or stand.outgoing is not None
            landed, stretches = stand.pull(2 * stand.transport.ramp)
            assert landed.transport.frames == new.frames
            assert all(piece.start <= piece.stop for piece in stretches)
            assert stand.here == at or isinstance(command, _MOVES)  # where an end is kept, a move plans anew too
        said = sorted(words(new.cues), key=lambda cue: cue.start)
        assert all(one.end <= other.start for one, other in pairwise(said))
        assert stand.left == max(0, new.frames - stand.here)


@unhurried
@given(plans(), scripts)
def test_a_kept_end_is_kept_to_the_frame_or_the_new_end_is_said(
    made: Plan, script: list[tuple[float, c.Command]]
) -> None:
    stand = direct(begun(made), c.KeepEnd(), answer).stand
    assert stand.target == made.timeline.frames
    for share, command in script:
        if isinstance(command, c.MoveEnd | c.KeepEnd):
            continue
        stand = on(stand, share)
        outcome = direct(stand, command, answer)
        stand = outcome.stand
        if stand.transport.state != "playing" or stand.target is None or not stand.left:  # skipped to its end
            continue
        ends = stand.out + stand.going + stand.left
        if ends != stand.target:
            assert any(isinstance(saying, Finishing | NotPossible | Kept) for saying in outcome.says), command
            stand = replace(stand, target=ends)


@unhurried
@given(plans(), st.lists(st.tuples(st.floats(0, 0.2), st.sampled_from(PLANNING)), min_size=1, max_size=8))
def test_nothing_that_was_heard_is_said_again_unasked(made: Plan, script: list[tuple[float, c.Command]]) -> None:
    stand = begun(made)
    heard: list[tuple[object, ...]] = []
    for share, command in [*script, (1.0, c.GoOn())]:
        first, stand = stand.here, on(stand, share)
        timeline = stand.edition.timeline
        heard += [
            (cue.step, cue.phrase, cue.clip, cue.text, cue.start)
            for cue in words(timeline.cues)
            if first <= cue.start < stand.here and not cue.paced and not cue.announced and not cue.into
        ]
        stand = direct(stand, command, answer).stand
    several = [each[:3] for each in heard if heard.count(each) > 1]
    assert several == []


@unhurried
@given(plans(), st.floats(0.05, 0.95), st.sampled_from((c.Longer(), c.Shorter(), c.More(1), c.LessTalk(), c.Left(2))))
def test_what_may_not_be_left_out_stays_whatever_end_is_asked_for(made: Plan, share: float, command: c.Command) -> None:
    stand = on(begun(made), share)
    at = stand.here
    new = direct(stand, command, answer).stand
    kept = mandatory(made, stand.edition.timeline, at)
    optional = {o.address.written for o in new.edition.plan.left_out} if new.edition.plan else set()
    left = {step.address for step in new.edition.timeline.steps if step.address}
    assert {address for address in kept - left if address.written not in optional} == set()


FEET = """
routine: Feet
length: 2m..5m..12m
bed: {sound: rain, under: 24 dB}
groups: {heel: keep 1}
steps:
  - {name: hello, say: Stop at any pain., for: 10s..15s..30s, tags: [safety]}
  - section: Feet
    each: foot
    between: [{name: switch, say: "Now the {side} foot.", for: 10s..12s..20s}]
    steps:
      - {do: warm, say: "Warm it, {side}. {pressure} of ten.", pressure: 2..3..4, for: 20s..40s..120s}
      - {do: knead, say: Knead it with both thumbs now., brief: Knead it., for: 20s..40s..120s, optional: 3, group: heel}
      - {do: circle, say: Circle., for: 20s..40s..120s, optional: 4, group: heel}
  - section: End
    steps:
      - {name: rest, say: Rest., for: 10s..15s..30s}
      - {name: bye, say: Take your time and stand up slowly., for: 10s..15s..30s}
"""


def at(name: str, side: str | None = None, into_s: float = 8) -> Stand:
    """Return the stand so many seconds into a step of the routine above, at five minutes."""
    made = planned(FEET, 300)
    start = next(step.start for step in made.timeline.steps if (step.step, step.side) == (name, side))
    return begun(made).pull(start + round(into_s * RATE))[0]


def told(stand: Stand, command: c.Command) -> Outcome:
    return direct(stand, command, measure())


def spans(stand: Stand) -> dict[tuple[str, str | None], int]:
    return {(step.step, step.side): step.frames for step in stand.edition.timeline.steps}


def test_longer_here_is_so_on_both_feet_and_the_end_moves_by_both() -> None:
    stand = at("warm", "left")
    after = told(stand, c.Longer())
    old, new = spans(stand), spans(after.stand)
    assert new["warm", "left"] - old["warm", "left"] == 30 * RATE
    assert new["warm", "right"] == new["warm", "left"]
    assert after.stand.left - stand.left == 60 * RATE
    assert after.says == (Finishing((after.stand.left * 1000 + RATE // 2) // RATE),)


def test_longer_with_a_kept_end_takes_the_time_from_the_rest() -> None:
    stand = told(at("warm", "left"), c.KeepEnd()).stand
    after = told(stand, c.Longer())
    assert after.stand.left == stand.left
    assert after.says == ()
    assert spans(after.stand)["warm", "left"] - spans(stand)["warm", "left"] >= 30 * RATE


def test_shorter_here_never_cuts_words() -> None:
    stand = at("warm", "left", 1)
    new = told(stand, c.Shorter(600)).stand
    said = max(cue.end for cue in words(new.edition.timeline.cues) if cue.step and cue.step.name == "warm")
    assert all(
        step.end >= max(cue.end for cue in words(new.edition.timeline.cues) if cue.step == step.address)
        for step in new.edition.timeline.steps
        if step.step == "warm"
    )
    assert said <= new.edition.timeline.frames
    assert spans(new)["warm", "left"] < spans(stand)["warm", "left"]


def test_what_is_skipped_on_one_foot_is_as_short_on_the_other_or_the_difference_is_said() -> None:
    after = told(at("knead", "left"), c.Next())
    new = spans(after.stand)
    same = new["knead", "left"] == new["knead", "right"]
    assert same or any(isinstance(saying, LessThan) for saying in after.says)


def test_five_minutes_left_and_five_more_are_exact() -> None:
    stand = at("warm", "left")
    for command, left in ((c.Left(3), 180 * RATE), (c.More(2), stand.left + 120 * RATE)):
        assert told(stand, command).stand.left == left


def test_an_end_that_cannot_be_had_comes_as_near_as_it_can_and_is_said() -> None:
    stand = at("bye", into_s=1)
    after = told(stand, c.More(60))
    assert after.stand.left < stand.left + 3600 * RATE
    assert isinstance(after.says[0], Finishing | NotPossible)


def test_what_keeps_people_safe_is_not_skipped_unheard() -> None:
    stand = begun(planned(FEET, 300)).pull(RATE)[0]
    first = told(stand, c.Next())
    assert first.stand.here == stand.here
    assert [type(saying) for saying in first.says] == [Kept]
    second = told(first.stand, c.Next())
    assert second.stand.here == stand.here
    assert second.stand.edition.timeline.steps[1].start == stand.here
    assert told(begun(planned(FEET, 300)).pull(14 * RATE)[0], c.Next()).says == ()  # its words have been heard


def test_a_skipped_section_stops_at_the_change_of_feet_and_the_closing_is_reached() -> None:
    stand = at("warm", "left")
    here = told(stand, c.NextSection()).stand
    assert [step.step for step in here.edition.timeline.steps if step.start == here.here] == ["switch"]
    done = told(at("warm", "right"), c.Finish())
    assert [step.step for step in done.stand.edition.timeline.steps if step.start == done.stand.here] == ["bye"]
    assert isinstance(done.says[0], Finishing)


def test_less_talk_says_less_and_ends_when_it_would_have() -> None:
    stand = at("warm", "left")
    new = told(stand, c.LessTalk()).stand
    assert new.left == stand.left
    assert new.edition.plan
    assert new.edition.plan.request.talk == "brief"
    texts = [cue.text for cue in words(new.edition.timeline.cues) if cue.step and cue.step.name == "knead"]
    assert texts == ["Knead it."] * 2
    assert told(told(new, c.MoreTalk()).stand, c.MoreTalk()).stand.edition.plan.request.talk == TALKS[0]  # type: ignore[union-attr]


def test_lighter_gives_the_lighter_wording_now_and_in_the_rest() -> None:
    after = told(at("warm", "left"), c.Lighter())
    quoted = [saying for saying in after.says if isinstance(saying, Quoted)]
    assert [part.written for part in quoted[0].phrase.parts if not isinstance(part, int)] == [
        "Warm it, left. two of ten."
    ]
    texts = [cue.text for cue in words(after.stand.edition.timeline.cues) if cue.step and cue.step.name == "warm"]
    assert texts == ["Warm it, left. three of ten.", "Warm it, right. two of ten."]
    assert told(at("rest"), c.Lighter()).says == (NotPossible("lighter"),)


def test_again_is_the_last_instruction_from_where_its_phrase_begins() -> None:
    stand = at("knead", "left", 20)
    frame = next(
        q.start for q in stand.edition.timeline.cues if q.step and q.step.name == "knead" and q.track == "voice"
    )
    assert told(stand, c.Again()).stand.here == frame


@pytest.mark.parametrize(("held_s", "back"), [(2, False), (10, True)])
def test_after_a_hold_it_goes_on_where_it_was_or_with_its_phrase(held_s: int, back: bool) -> None:
    stand = at("knead", "left", 1.2)
    phrase = next(
        q.start for q in stand.edition.timeline.cues if q.step and q.step.name == "knead" and q.track == "voice"
    )
    held = told(stand, c.Hold()).stand.pull(held_s * RATE)[0]
    assert held.transport.state == "holding"
    assert held.here == stand.here
    gone_on = told(held, c.GoOn()).stand
    assert gone_on.here == (phrase if back else stand.here)
    assert gone_on.transport.state == "playing"


def test_after_a_long_hold_it_says_first_where_it_is() -> None:
    held = told(at("knead", "left", 1.2), c.Toggle()).stand.pull(90 * RATE)[0]
    asked = told(held, c.Toggle())
    assert asked.says == (Orientation(goes_on=True),)
    assert asked.stand.transport.state == "holding"
    said = placed(asked.stand, Aside(((words(held.edition.timeline.cues)[0].clip, 2 * RATE),), "Knead. Left.", True))
    assert said.pull(2 * RATE)[0].transport.state == "holding"
    assert said.pull(4 * RATE)[0].transport.state == "playing"


def test_a_hold_keeps_the_bed_and_going_on_ends_it() -> None:
    held = told(at("knead", "left"), c.Hold()).stand
    assert [overlay.held for overlay in held.overlays] == [True]
    on_again = told(held.pull(RATE)[0], c.GoOn()).stand.pull(RATE)[0]
    assert all(overlay.over(on_again.out) for overlay in on_again.overlays)


@unhurried
@given(plans(), st.floats(0, 0.9), st.integers(1, 8))
def test_words_beside_a_session_are_never_over_its_words(made: Plan, share: float, seconds: int) -> None:
    stand = on(begun(made), share)
    if stand.transport.state == "ended":
        return
    clip = words(made.timeline.cues)[0].clip if words(made.timeline.cues) else None
    if clip is None:
        return
    after = placed(stand, Aside(((clip, seconds * RATE),), "An answer."))
    overlay = next(o for o in after.overlays if not o.held)
    while after.out < overlay.end:
        now = after
        after, stretch = after.first(480)
        cue = overlay.timeline.cues[0]
        sounding = now.out < overlay.begun + cue.end and after.out > overlay.begun + cue.start
        if sounding and stretch.fade == "none":
            said = words(after.edition.timeline.cues)
            assert not any(q.start < stretch.stop and q.end > stretch.start for q in said)


def test_quitting_takes_two_and_going_on_takes_it_back() -> None:
    stand = at("warm", "left")
    once = told(stand, c.Quit()).stand
    assert (once.transport.state, once.leaving) == ("holding", True)
    assert told(once, c.Quit()).stand.transport.state == "ended"
    back = told(once.pull(480)[0], c.GoOn()).stand
    assert (back.transport.state, back.leaving, back.here) == ("playing", False, stand.here)
    assert told(stand, c.Stop()).stand.leaving


def test_who_asks_faster_than_anybody_speaks_hears_the_first_answer_and_the_last() -> None:
    held = told(at("knead", "left"), c.Hold()).stand.pull(RATE)[0]
    clip = words(held.edition.timeline.cues)[0].clip
    for number in range(100):
        held = placed(held, Aside(((clip, RATE),), f"Answer {number}.", goes_on=True))
    spoken = [overlay for overlay in held.overlays if not overlay.held]
    assert [beside(overlay) for overlay in spoken] == ["Answer 0.", "Answer 99."]
    assert max(spoken[-1].end, held.resuming or 0) - held.out < 6 * RATE
    assert all(one.end <= other.begun for one, other in pairwise(spoken))


def test_what_goes_out_while_it_lands_in_a_shorter_edition_is_what_was_playing() -> None:
    begun = at("knead", "left")
    late = begun.moved(begun.transport.do(c.Seek(begun.edition.timeline.frames - RATE))).pull(RATE // 2)[0]
    back = told(late, c.Seek(RATE)).stand
    shorter = told(back, c.Left(1)).stand
    assert shorter.edition.timeline.frames < late.here
    assert shorter.outgoing is late.edition.timeline
    after, stretches = shorter.pull(RATE // 50)
    assert [(piece.fade, piece.start) for piece in stretches] == [("out", late.here), ("in", RATE)]
    assert after.outgoing is None
    assert after.transport.frames == after.edition.timeline.frames
