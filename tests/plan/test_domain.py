"""What the domain asks for, each from a script, with exact numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.make import RATE, answered, planned, routine, seconds
from voiceguide import open_routine
from voiceguide.clips import BreathTone, Utterance
from voiceguide.diagnostics import Report
from voiceguide.envelope import Envelope
from voiceguide.loading import examine
from voiceguide.plan.plan import Plan


def cues(plan: Plan, track: str) -> list[tuple[float, str]]:
    return [(seconds(c.start), c.text) for c in plan.timeline.cues if c.track == track]


def said(plan: Plan) -> list[str]:
    return [text for _, text in cues(plan, "voice")]


def lengths(plan: Plan) -> list[tuple[str, str | None, float]]:
    return [(s.step, s.side, seconds(s.frames)) for s in plan.timeline.steps]


def onsets(plan: Plan) -> list[float]:
    """Return when the phases of breathing begin that are heard."""
    return [seconds(c.start) for c in plan.timeline.cues if c.track == "breath"]


# --- the standard session at twelve minutes


def test_whole_foot_at_twelve_minutes_leaves_out_three_steps_on_both_feet_and_touches_no_word() -> None:
    made = open_routine("whole-foot")
    plan = planned(made, 720)
    assert plan.timeline.frames == 720 * RATE == sum(s.frames for s in plan.timeline.steps)
    assert {(i.step, i.side) for i in plan.left_out} == {
        (step, side) for step in ("toes", "arch", "knuck") for side in ("left", "right")
    }
    natural = {(s.step, s.side): s.speech_frames for s in planned(made, 1080).timeline.steps}
    assert all(s.speech_frames == natural[s.step, s.side] for s in plan.timeline.steps)
    assert sum(s.speech_frames for s in plan.timeline.steps) == 239 * RATE


def test_half_way_at_twelve_minutes_goes_into_the_change_of_feet_and_says_about_six_minutes() -> None:
    plan = planned(open_routine("whole-foot"), 720)
    start, words = next(cue for cue in cues(plan, "voice") if cue[1].startswith("Half-way"))
    change = next(s for s in plan.timeline.steps if s.step == "switch")
    assert words == "Half-way. About six minutes left."
    assert seconds(change.start) <= start <= seconds(change.end)


# --- sides

FEET = """
length: 1m..2m40s..5m
listener: {affected: {one of: [left, right, both], default: both}}
steps:
  - section: Feet
    each: %s
    between: [{say: "Now the {side} foot.", for: 20s}]
    steps:
      - {do: hold, say: "Hold the {side} foot with the {other} hand.", for: 30s..60s..90s}
      - {do: lift, say: {left: The left one up., right: The right one up.}, for: 10s}
"""


def test_right_first_swaps_the_words_and_nothing_else() -> None:
    one, two = planned(FEET % "foot", 160), planned(FEET % "right first", 160)
    swapped = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
    mirrored = [" ".join(swapped.get(word, word) for word in text.split(" ")) for text in said(one)]
    assert said(two) == mirrored
    assert said(one)[:2] == ["Hold the left foot with the right hand.", "The left one up."]
    where = [[(c.track, c.start, c.frames) for c in plan.timeline.cues] for plan in (one, two)]
    assert where[0] == where[1]
    assert said(planned(FEET % "{side: [right, left]}", 160)) == said(two)


SORE = """
length: 1m..3m..6m
listener: {affected: {one of: [left, right, both], default: both, ask: Which foot is sore?}}
steps:
  - section: Feet
    each: {first: affected, share: 3 to 1}
    between: [{say: "Now the {side} foot.", for: 20s}]
    steps:
      - {do: hold, say: "Hold the {side} foot.", for: 60s..90s..180s}
      - {do: rub, say: "Rub it. The {other} one rests.", when: side is affected, for: 20s..40s..60s}
"""


def test_affected_right_is_worked_in_full_and_the_left_gets_about_a_third() -> None:
    plan = planned(SORE, 180, facts={"affected": "right"})
    assert lengths(plan) == [
        ("hold", "right", 90.0),
        ("rub", "right", 40.0),
        ("say", "left", 20.0),
        ("hold", "left", 30.0),
    ]
    assert said(plan) == [
        "Hold the right foot.",
        "Rub it. The left one rests.",
        "Now the left foot.",
        "Hold the left foot.",
    ]
    both = planned(SORE, 240)
    assert [side for step, side, _ in lengths(both) if step == "rub"] == ["left", "right"]


def test_one_sided_runs_and_independent_sides() -> None:
    text = SORE.replace("{first: affected, share: 3 to 1}", "affected only")
    assert {side for _, side, _ in lengths(planned(text, 130, facts={"affected": "left"}))} == {"left"}
    alone = "length: 1m..2m..3m\nsteps:\n  - section: F\n    each: foot\n    steps:\n      - {do: a, for: 20s..50s..60s}\n      - {do: b, for: 5s..10s..20s, quiet: 0s, optional: 2%s}\n"
    assert [i.side for i in planned(alone % ", sides: independent", 84).left_out] == ["right"]
    assert [i.side for i in planned(alone % "", 84).left_out] == ["left", "right"]


# --- breathing

KNEAD = "length: 1m..90s..2m\nsteps: [{do: knead, say: One two three four., breathe: {pattern: 4-7-8, cue: words, rounds: 4%s}, for: 60s..90s..2m}]"


def test_four_seven_eight_four_rounds_while_kneading() -> None:
    plan = planned(KNEAD % "", 90)
    t0 = 2.0  # after four words
    rounds = [(0, 4, 11), (19, 23, 30), (38, 42, 49), (57, 61, 68)]
    assert onsets(plan) == [t0 + second for one in rounds for second in one]
    last = [c for c in plan.timeline.cues if c.track == "breath"][-1]
    assert (seconds(last.start) + 8 - t0, last.text) == (76.0, "Breathe out.")


def test_at_a_tempo_of_eight_tenths_four_rounds_end_after_sixty_point_eight_seconds() -> None:
    plan = planned(KNEAD % ", tempo: 0.8s", 90)
    assert onsets(plan)[:4] == [2.0, 2.0 + 3.2, 2.0 + 8.8, 2.0 + 15.2]
    assert onsets(plan)[-1] + 6.4 - 2.0 == pytest.approx(60.8, abs=1e-9)


def test_a_ramp_glides_in_eight_rounds_from_one_pattern_to_another() -> None:
    text = "length: 72s\nsteps: [{name: b, breathe: {pattern: 4-0-4-0, to: 4-0-6-0, over: 8, rounds: 8}}]"
    plan = planned(text, 72)
    tones = [(c.clip.phase, c.frames) for c in plan.timeline.cues if isinstance(c.clip, BreathTone)]
    ins = [frames / RATE for kind, frames in tones if kind == "in"]
    outs = [round(frames / RATE, 3) for kind, frames in tones if kind == "out"]
    assert ins == [4.0] * 8
    assert outs == [4.0, 4.286, 4.571, 4.857, 5.143, 5.429, 5.714, 6.0]
    assert seconds(plan.timeline.frames) == 72.0 == 8 * 4 + 8 * 5


def test_cues_fade_from_words_to_tones_to_silence() -> None:
    text = "length: 60s\nsteps: [{name: b, for: 60s, breathe: {pattern: 5-0-5-0, cue: [words 2, tone 3, none]}}]"
    plan = planned(text, 60)
    assert [(seconds(c.start), bool(c.text)) for c in plan.timeline.cues if c.track == "breath"] == [
        *((float(at), True) for at in (0, 5, 10, 15)),
        *((float(at), False) for at in (20, 25, 30, 35, 40, 45)),
    ]


def test_a_top_up_is_part_of_the_in_breath() -> None:
    plan = planned("length: 24s\nsteps: [{name: b, breathe: {pattern: 3+1.5-0-7.5-0, rounds: 2}}]", 24)
    assert onsets(plan) == [0.0, 3.0, 4.5, 12.0, 15.0, 16.5]


def test_strokes_start_on_the_out_breath_and_are_counted() -> None:
    text = "length: 60s\nsteps: [{do: edge, say: One two., count: 3 on out, breathe: {pattern: 4-0-6-0, rounds: 4}, for: 60s}]"
    assert cues(planned(text, 60), "voice") == [(0.0, "One two."), (5.0, "one."), (15.0, "two."), (25.0, "three.")]


@pytest.mark.parametrize(
    ("aloud", "numbers"),
    [("all", [1, 2, 3, 4, 5, 6]), ("every second", [2, 4, 6]), ("last three", [4, 5, 6]), ("none", [])],
)
def test_counted_strokes_have_a_tempo_and_say_what_is_asked(aloud: str, numbers: list[int]) -> None:
    text = f"length: 60s\nsteps: [{{do: a, say: One two., count: {{strokes: 6, every: 4s, aloud: {aloud}}}, for: 60s}}]"
    assert [start for start, _ in cues(planned(text, 60), "voice")[1:]] == [1.0 + 4 * (n - 1) for n in numbers]


def test_strokes_from_fewest_to_most_take_what_there_is_room_for() -> None:
    text = "length: 20s..60s..90s\nsteps: [{do: a, count: 4..6..10 every 4s, for: 20s..60s..90s}]"
    assert [len(cues(planned(text, length), "voice")) for length in (20, 30, 60)] == [5, 7, 10]


# --- conditions and freed time

POINTS = """
length: 1m..4m..6m
listener: {pregnant: {yes or no: no}}
steps:
  - {do: warm, for: 30s..2m..4m}
  - {do: points, for: 1m..2m..3m, unless: pregnant, freed: %s}
"""


@pytest.mark.parametrize(("freed", "length_s"), [("share", 240.0), ("shorten", 120.0)])
def test_points_skipped_in_pregnancy_share_their_time_or_shorten_the_session(freed: str, length_s: float) -> None:
    assert seconds(planned(POINTS % freed, 240).timeline.frames) == 240.0
    assert seconds(planned(POINTS % freed, 240, facts={"pregnant": "yes"}).timeline.frames) == length_s


def test_a_section_left_out_may_shorten_the_session_by_both_its_sides() -> None:
    text = "length: 1m..3m..6m\nlistener: {pregnant: {yes or no: no}}\nsteps:\n  - {do: warm, for: 30s..2m..4m}\n  - section: P\n    each: foot\n    unless: pregnant\n    freed: shorten\n    steps: [{do: p, for: 30s}]\n"
    assert seconds(planned(text, 180, facts={"pregnant": "yes"}).timeline.frames) == 120.0


FREED = """
length: 1m..3m..6m
listener: {pregnant: {yes or no: no}}
blocks:
  press:
    with: {part: heel, time: needed}
    steps: [{do: press, say: "Press the {side} {part}.", for: "{time}"}, {name: breath, say: And breathe out.}]
steps:
  - {name: rest, pause: 30s..2m..5m}
  - %s
"""


@pytest.mark.parametrize(
    ("item", "length_s"),
    [
        ("{name: told, say: One two three four., unless: pregnant, freed: shorten}", 178.0),
        ("{name: bell, chime: end, unless: pregnant, freed: shorten}", 172.0),
        ("{name: air, breathe: {pattern: 4-0-6-0, rounds: 3}, unless: pregnant, freed: shorten}", 150.0),
        ("{section: S, each: foot, unless: pregnant, freed: shorten, between: [{name: b, say: Change.}],"
         " steps: [{use: press, with: {time: 20s}}]}", 180 - 2 * (20 + 1.5) - 0.5),
        ("{repeat: 2..3..4, unless: pregnant, freed: shorten,"
         " steps: [{name: r, say: \"Round {round} of {rounds}.\"}]}", 174.0),
        ("{section: S, each: {first: left, share: 2 to 1}, unless: pregnant, freed: shorten,"
         " steps: [{do: a, for: 20s}]}", 150.0),
    ],
)  # fmt: skip
def test_what_is_left_out_frees_what_it_would_have_taken(item: str, length_s: float) -> None:
    text = FREED % item
    assert seconds(planned(text, 180).timeline.frames) == 180.0
    assert seconds(planned(text, 180, facts={"pregnant": "yes"}).timeline.frames) == length_s


def test_what_needs_a_step_goes_with_it() -> None:
    text = """
length: 30s..2m..3m
listener: {reach: {yes or no: yes}}
steps:
  - {do: core, for: 20s..60s..120s}
  - {do: find, for: 10s..30s..60s, optional: 4, when: reach}
  - {do: glide, for: 10s..30s..60s, optional: 2, needs: find}
"""
    assert [i.step for i in planned(text, 50).left_out] == ["find", "glide"]
    gone = planned(text, 100, facts={"reach": "no"}).left_out
    assert [(i.step, str(i.why)) for i in gone] == [("find", "when: reach"), ("glide", "needs find")]


# --- rounds that fill

WAVES = """
length: 50s..3m20s..4m
steps:
  - repeat: until 30s left
    steps: [{do: wave, for: 25s, quiet: 0s}]
  - {name: close, say: Now rest., for: 30s}
"""
SECTION = """
length: 1m..5m..8m
steps:
  - section: Waves
    for: %ds
    steps:
      - repeat: until 30s left
        steps: [{do: wave, for: 25s, quiet: 0s}]
      - {name: close, say: Now rest., for: 30s}
  - {pause: 0s..100s..8m}
"""


@pytest.mark.parametrize(("length_s", "waves", "quiet"), [(200, 6, 20.0), (60, 1, 5.0), (50, 0, 20.0)])
def test_waves_fill_a_block_up_to_thirty_seconds_before_its_end(length_s: int, waves: int, quiet: float) -> None:
    for text, whole in ((WAVES, length_s), (SECTION % length_s, 300)):
        plan = planned(text, whole)
        names = [s.step for s in plan.timeline.steps]
        assert names.count("wave") == waves
        close = next(s for s in plan.timeline.steps if s.step == "close")
        assert (seconds(close.start), seconds(close.frames)) == (length_s - 30.0, 30.0)
        before = [s.end for s in plan.timeline.steps if s.step == "wave"]
        assert seconds(close.start - max(before, default=0)) == quiet
        assert [note.code for note in plan.notes] == ["no-round"] * (waves == 0)


def test_about_a_duration_is_the_nearest_number_of_whole_rounds() -> None:
    text = "length: 1m..3m..6m\nsteps:\n  - repeat: about 2m\n    steps: [{breathe: 4-7-8}]\n  - {pause: 0s..60s..5m}\n"
    assert [s.step for s in planned(text, 180).timeline.steps].count("breathe") == 6


def test_what_lasts_about_a_duration_may_stand_before_waves_that_fill_the_rest() -> None:
    rest = WAVES.partition("steps:\n")[2]
    text = f"length: 1m..4m..6m\nsteps:\n  - repeat: about 1m\n    steps: [{{breathe: box}}]\n{rest}"
    names = [s.step for s in planned(text, 240).timeline.steps]
    assert (names.count("breathe"), names.count("wave")) == (4, 5)  # 64 s, 125 s, 21 s of silence and 30 s


# --- chimes


@pytest.mark.parametrize(("strikes", "length_s"), [(1, 4.0), (2, 8.0), (3, 12.0)])
def test_one_two_and_three_strikes_count_their_tails(strikes: int, length_s: float) -> None:
    text = (
        f"length: {length_s}s..1m..2m\nsteps: [{{chime: end, strikes: {strikes}, every: 4s}}, {{pause: 0s..30s..2m}}]"
    )
    assert seconds(planned(text, 60).timeline.steps[0].frames) == length_s


def test_a_longer_chime_fits_its_step_or_is_an_error_and_never_a_longer_session() -> None:
    text = "length: 1m\nsteps: [{chime: end, strikes: 3, every: 4s, for: %s}, {pause: 0s..48s..2m}]"
    plan = planned(text % "8s..10s..14s", 60)
    assert (seconds(plan.timeline.frames), seconds(plan.timeline.steps[0].frames)) == (60.0, 12.0)
    report = answered(routine(text % "8s..10s..11s"), 60)
    assert isinstance(report, Report)
    assert [(p.code, p.message) for p in report] == [
        ("chime-too-long", "expected at most 11s in `end`, found 12.0s of chime")
    ]


# --- people


def test_two_addressees_have_two_voices() -> None:
    text = """
length: 20s
voices: {receiver: {voice: another, pace: 110 wpm}}
steps:
  - {name: a, to: giver, say: Warm your hands., for: 10s}
  - {name: b, to: receiver, say: Breathe out., for: 10s}
"""
    clips = [c.clip for c in planned(text, 20).timeline.cues if c.track == "voice"]
    assert clips == [Utterance(("Warm your hands.",), "en", 125), Utterance(("Breathe out.",), "en", 110, "receiver")]


def test_who_comes_back_is_told_less_and_hears_their_own_variant() -> None:
    text = """
length: 40s
steps:
  - {name: a, say: {returning: Welcome back., else: Welcome to this session.}, for: 20s}
  - {name: b, say: Hold the foot with both hands., brief: Hold it., for: 20s}
"""
    assert said(planned(text, 40)) == ["Welcome to this session.", "Hold the foot with both hands."]
    assert said(planned(text, 40, facts={"returning": "yes"})) == ["Welcome back.", "Hold it."]


def test_variants_rotate_with_the_seed_and_the_day() -> None:
    text = "length: 20s\nsteps: [{name: a, say: {one of: [One., Two., Three.]}, for: 20s}]"
    assert [said(planned(text, 20, seed=seed)) for seed in range(4)] == [["One."], ["Two."], ["Three."], ["One."]]
    assert said(planned(text, 20, facts={"day": "2"})) == ["Two."]


def test_pressure_and_words_follow_the_day_of_a_course_and_the_listeners_wish() -> None:
    text = """
length: 20s
steps:
  - do: knead
    pressure: {day is 1..2: 1..2..3, else: 3..4..5}
    say: {pressure is 1..2: "Lightly, {pressure} of ten.", else: "Firmer, {pressure} of ten, day {day} of {days}."}
    for: 20s
"""
    course = {"day": "6", "days": "10"}
    assert said(planned(text, 20)) == ["Lightly, two of ten."]
    assert said(planned(text, 20, facts=course)) == ["Firmer, four of ten, day six of ten."]
    assert said(planned(text, 20, facts={**course, "touch": "lighter"})) == ["Firmer, three of ten, day six of ten."]


def test_blocks_take_parameters_in_words_and_in_values() -> None:
    text = """
length: 1m..2m..3m
blocks:
  circles:
    with: {part: needed, time: 20s..30s..40s, hand: "{other} hand"}
    steps: [{do: circles, say: "Circles on the {part}, {hand}.", for: "{time}"}]
steps:
  - section: F
    each: foot
    steps:
      - {use: circles, with: {part: outer heel}}
      - {use: circles, with: {part: "{side} toes", time: 30s}}
"""
    plan = planned(text, 120)
    assert said(plan)[:2] == ["Circles on the outer heel, right hand.", "Circles on the left toes, right hand."]
    assert [frames for _, _, frames in lengths(plan)] == [30.0, 30.0] * 2


# --- words for a breath


def breath_words(plan: Plan) -> list[tuple[float, str]]:
    return cues(plan, "breath")


def test_own_words_are_said_at_their_phases_in_turn_from_round_to_round_and_the_usual_ones_elsewhere() -> None:
    words = "{in: [Calm., Warm and soft.], out: Let go.}"
    plan = planned(f"length: 30s\nsteps: [{{breathe: {{pattern: 4-2-4-0, words: {words}, rounds: 3}}}}]", 30)
    assert breath_words(plan) == [
        *((0.0, "Calm."), (4.0, "Hold."), (6.0, "Let go.")),
        *((10.0, "Warm and soft."), (14.0, "Hold."), (16.0, "Let go.")),
        *((20.0, "Calm."), (24.0, "Hold."), (26.0, "Let go.")),
    ]


def test_own_words_go_on_through_the_rounds_of_a_repeat_and_know_where_they_are() -> None:
    words = '{in: ["One, {side}.", "Two, {side}."], out: "Round {round}."}'
    step = f"{{breathe: {{pattern: 4-0-4-0, words: {words}}}}}"
    plan = planned(
        f"length: 24s\nsteps: [{{section: S, each: left only, steps: [{{repeat: 3, steps: [{step}]}}]}}]", 24
    )
    said = ["One, left.", "Round one.", "Two, left.", "Round two.", "One, left.", "Round three."]
    assert [text for _, text in breath_words(plan)] == said


@pytest.mark.parametrize(
    ("breathe", "found"),
    [
        ("{pattern: 4-0-4-0, words: {in: Nine words are a lot for four short seconds.}}", "4s for `in` in `breathe`"),
        ("{pattern: 4-0-4-0, to: 2-0-6-0, over: 3, words: {in: These are six words. Yes.}}", "2s for `in`"),
        ("{pattern: 2-0-2-0, cue: [tone 4, words 1, none], words: {in: [A., B., C., D., A a a a a.]}}", "2s for `in`"),
    ],
)
def test_own_words_that_are_longer_than_their_phase_are_an_error(breathe: str, found: str) -> None:
    answer = answered(routine(f"steps: [{{breathe: {breathe}, for: 60s}}]"), 60)
    assert isinstance(answer, Report)
    assert f"expected at most {found}" in str(answer)


def test_own_words_that_are_not_said_need_not_fit() -> None:
    cue = "cue: [words 1, tone 1, words 1]"
    words = "{in: [A., This would be far too long., B.]}"
    plan = planned(f"length: 12s\nsteps: [{{breathe: {{pattern: 2-0-2-0, {cue}, words: {words}, rounds: 3}}}}]", 12)
    assert [text for _, text in breath_words(plan) if text in ("A.", "B.")] == ["A.", "B."]


def test_a_breath_is_held_before_its_top_up() -> None:
    plan = planned("length: 24s\nsteps: [{breathe: {pattern: 3-1+1.5-0-6.5-0, rounds: 2}}]", 24)
    beats = [(beat.phase, seconds(beat.start), seconds(beat.frames)) for beat in plan.timeline.beats[:4]]
    assert beats == [("in", 0.0, 3.0), ("hold", 3.0, 1.0), ("more", 4.0, 1.5), ("out", 5.5, 6.5)]
    assert plan.timeline.steps[0].pattern == "3-1+1.5-0-6.5-0"


# --- courses and pace


def test_the_head_says_how_many_days_there_are_and_the_listener_which_it_is() -> None:
    text = 'length: 30s\ndays: 10\nsteps: [{name: a, say: "Day {day} of {days}.", for: 30s}]'
    assert said(planned(text, 30)) == ["Day one of ten."]
    assert said(planned(text, 30, facts={"day": "3"})) == ["Day three of ten."]
    assert said(planned(text, 30, facts={"day": "3", "days": "5"})) == ["Day three of five."]


def test_the_pace_of_a_step_is_for_all_its_words_and_for_no_others() -> None:
    one = "{name: a, to: giver, pace: 90 wpm, say: One., for: 9s, at: [{half: Two.}], breathe: {pattern: 2-0-2-0, words: {in: In.}}}"
    plan = planned(
        f"length: 20s\nvoices: {{giver: {{voice: another, pace: 110 wpm}}}}\nsteps: [{one}, {{to: giver, say: Three., for: 11s}}]",
        20,
    )
    paces = {cue.text: cue.clip.pace_wpm for cue in plan.timeline.cues if isinstance(cue.clip, Utterance)}
    assert paces == {"One.": 90, "Two.": 90, "In.": 90, "Breathe out.": 125, "Three.": 110}


# --- lists

LIST = """
length: 30s..60s..3m
blocks: {soften: {with: {part: needed}, steps: [{name: soften, title: "Soften the {part}", say: "Soften {part}.", for: 5s..10s..30s}]}}
steps:
  - section: Feet
    each: foot
    steps:
      - for each of: [{part: heel, time: 10s}, {part: toes, time: 5s}, {part: heel, time: 2s}]
        steps:
          - {name: feel, say: "The {side} {part}.", for: "{time}", optional: 2}
          - {use: soften, with: {part: "{part}"}, unless: part is toes}
"""


def test_steps_come_for_each_entry_of_a_list_each_copy_with_its_own_address_title_and_length() -> None:
    plan = planned(LIST, 74)
    left = [step for step in plan.timeline.steps if step.side == "left"]
    assert [(str(step.address), step.title, seconds(step.frames)) for step in left] == [
        ("feet/heel/feel:left", "Feel: heel", 10.0),
        ("feet/heel/soften/soften:left", "Soften the heel", 10.0),
        ("feet/toes/feel:left", "Feel: toes", 5.0),
        ("feet/heel#2/feel:left", "Feel: heel", 2.0),
        ("feet/heel#2/soften/soften:left", "Soften the heel", 10.0),
    ]
    assert said(plan)[:3] == ["The left heel.", "Soften heel.", "The left toes."]
    assert [(str(out.address), str(out.why)) for out in plan.left_out] == [
        ("feet/toes/soften:left", "unless: part is toes"),
        ("feet/toes/soften:right", "unless: part is toes"),
    ]


def test_a_copy_is_left_out_alone_but_on_both_sides() -> None:
    gone = [str(out.address) for out in planned(LIST, 63).left_out if "toes" not in str(out.address)]
    assert gone == ["feet/heel#2/feel:left", "feet/heel#2/feel:right"]


# --- announcements


def test_announcements_come_every_five_minutes_but_not_in_the_last_twenty_seconds() -> None:
    text = 'length: 1m..15m..20m\nannounce: [{every 5m: "{elapsed} gone."}]\nsteps: [{pause: 1m..15m..20m}]'
    assert cues(planned(text, 900), "voice") == [(300.0, "five minutes gone."), (600.0, "ten minutes gone.")]


@pytest.mark.parametrize(
    ("length_s", "expected"),
    [
        (1500.0, [300.0, 600.0, 900.0, 1200.0]),  # 25:00 is the end itself
        (1221.0, [300.0, 600.0, 900.0, 1197.4]),  # 21 s before the end, 20 of which stay silent
        (1220.0, [300.0, 600.0, 900.0, 1196.4]),
        (1219.0, [300.0, 600.0, 900.0]),
    ],
)
def test_a_chime_comes_every_five_minutes_and_the_last_one_is_not_lost(length_s: float, expected: list[float]) -> None:
    text = "length: 1m..20m..25m\nannounce: [{every 5m: {chime: change, strikes: 1}}]\n"
    made = routine(text + "steps: [{pause: 1m..20m..25m}]")
    assert [start for start, _ in cues(planned(made, length_s), "chime")] == expected


def test_an_announced_chime_rings_out_before_the_next_words_and_its_own_words_wait_for_it() -> None:
    announced = 'announce: [{58s: {chime: begin, under: 12 dB, say: "Half."}}]\n'
    text = f"length: 2m\n{announced}steps: [{{pause: 60s}}, {{name: a, say: One two., for: 60s}}]"
    plan = planned(text, 120)
    assert cues(plan, "chime") == [(61.6, "begin")]  # six seconds do not fit before the words
    assert cues(plan, "voice") == [(60.0, "One two."), (65.6, "Half.")]
    assert [round(cue.gain, 4) for cue in plan.timeline.cues if cue.track == "chime"] == [0.2512]


def test_a_chime_at_a_moment_of_a_step_or_a_section_finds_its_silence() -> None:
    step = "{name: a, say: One two., for: 40s, at: [{2s: {chime: change}}, {-10s: Ten.}]}"
    plan = planned(
        f"length: 40s\nsteps: [{{section: S, at: [{{half: {{chime: end, strikes: 1}}}}], steps: [{step}]}}]", 40
    )
    # 40 s of a session of 40 s: the last 20 stay without announcements, the others keep to their step
    assert cues(plan, "chime") == [(2.0, "change"), (3.2, "change"), (15.4, "end")]
    assert cues(plan, "voice") == [(0.0, "One two."), (30.0, "Ten.")]


def test_room_is_kept_for_a_chime_due_in_a_step() -> None:
    made = answered(routine("steps: [{name: a, say: One two., for: 5s, at: [{half: {chime: change}}]}]"), 5)
    assert "at most 5s in `a`, found 5.2s of speech" in str(made)


def test_a_chime_without_a_gap_is_reported_as_not_struck() -> None:
    text = "length: 1m\nannounce: [{half: {chime: begin}}]\nsteps: [{name: a, say: " + "word " * 119 + ", for: 60s}]"
    assert [note.message for note in planned(text, 60).notes] == [
        "expected a silence of 6.0s near 0:30, found none, so it is not struck"
    ]


def test_a_moment_of_a_section_counts_from_its_start() -> None:
    text = 'length: 1m..3m..5m\nsteps:\n  - {pause: 1m}\n  - section: S\n    at: [{60%: "{elapsed} gone."}]\n    steps: [{pause: 0s..100s..5m}]\n  - {pause: 20s}\n'
    assert cues(planned(text, 180), "voice") == [(120.0, "two minutes gone.")]


def test_nothing_is_announced_inside_a_round_of_breathing() -> None:
    text = 'length: 1m..2m..3m\nannounce: [{half: "Half."}]\nsteps: [{name: b, breathe: {pattern: 4-7-8, rounds: 4}}, {pause: 44s}]'
    assert cues(planned(text, 120), "voice") == [(76.6, "Half.")]


def test_an_announcement_without_a_gap_is_reported() -> None:
    text = 'length: 1m..1m..4m\nannounce: [{half: "Soon."}]\nsteps: [{name: a, say: ' + "word " * 119 + ", for: 60s}]"
    assert [(n.code, n.message) for n in planned(text, 60).notes] == [
        ("no-gap", "expected a silence of 0.5s near 0:30, found none, so it is not said")
    ]


# --- sound


def test_a_section_has_its_own_bed_and_they_cross() -> None:
    text = "length: 60s\nbed: rain\nsteps:\n  - {pause: 20s}\n  - section: S\n    bed: drone\n    steps: [{pause: 20s}]\n  - {section: T, bed: none, steps: [{pause: 20s}]}\n"
    beds = [(c.text, seconds(c.start), seconds(c.end)) for c in planned(text, 60).timeline.cues if c.track == "bed"]
    assert beds == [("rain", 0.0, 22.0), ("drone", 18.0, 42.0)]


def test_a_quiet_ending_fades_everything() -> None:
    step = "{name: a, say: One., chime: begin, breathe: even, at: [{-10s: Two.}], for: 52s}"
    plan = planned(f"length: 60s\nfade: 30s\nbed: rain\nsteps: [{step}, {{chime: end, for: 8s}}]", 60)
    late, early = Envelope(((30 * RATE, 1.0), (60 * RATE, 0.0))), Envelope(((0, 1.0),))
    for track in ("voice", "breath", "chime"):
        sounding = [cue for cue in plan.timeline.cues if cue.track == track]
        assert {cue.envelope for cue in sounding} == {late, early}
        assert all(cue.envelope == (late if cue.end > 30 * RATE else early) for cue in sounding)
    (bed,) = (cue for cue in plan.timeline.cues if cue.track == "bed")
    assert bed.envelope.points[-1] == (60 * RATE, 0.0)


def test_waves_may_fill_each_section_that_has_a_length(tmp_path: Path) -> None:
    section = "  - section: {0}\n    for: 60s\n    steps: [{{repeat: until 10s left, steps: [{{do: {0}, for: 10s}}]}}, {{pause: 10s}}]\n"
    script = tmp_path / "waves.yaml"
    script.write_text("routine: Waves\nlength: 5m\nsteps:\n" + "".join(section.format(name) for name in "abcde"))
    assert [str(examine(script)[1]) for _ in range(5)] == [""] * 5
