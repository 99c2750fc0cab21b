"""Scheduling: where cues come to lie, and what the bed does around them."""

from __future__ import annotations

import pytest

from tests.make import RATE, planned, routine, seconds
from voiceguide.clips import BedSound, BreathTone, Utterance
from voiceguide.plan.expand import expand
from voiceguide.plan.plan import Plan
from voiceguide.plan.request import SessionRequest


def cues(plan: Plan, track: str) -> list[tuple[float, float, str]]:
    return [(seconds(c.start), seconds(c.frames), c.text) for c in plan.timeline.cues if c.track == track]


def test_words_come_first_in_a_step_and_exact_silences_stay_exact() -> None:
    plan = planned("steps: [{name: a, say: 'One two. [2s] Three.', for: 60s}]")
    assert cues(plan, "voice") == [(0.0, 1.0, "One two."), (3.0, 0.5, "Three.")]
    assert plan.timeline.steps[0].speech_frames == 1.5 * RATE


def test_words_wait_for_the_tail_of_the_last_strike() -> None:
    plan = planned("steps: [{name: a, chime: change, say: Go., for: 60s}]")
    assert cues(plan, "chime") == [(0.0, 3.0, "change"), (1.2, 3.0, "change")]
    assert cues(plan, "voice") == [(3.2, 0.5, "Go.")]


def test_strikes_and_their_distance_can_be_given() -> None:
    plan = planned("length: 10s..20s..30s\nsteps: [{chime: end, strikes: 3, every: 4s, for: 20s}]", 20)
    assert [start for start, _, _ in cues(plan, "chime")] == [0.0, 4.0, 8.0]


def test_a_chime_alone_is_as_long_as_it_sounds() -> None:
    plan = planned("length: 8s\nsteps: [{chime: end}]", 8)
    assert seconds(plan.timeline.steps[0].frames) == 8.0


def test_breath_tones_follow_the_words_in_whole_rounds() -> None:
    plan = planned("steps: [{name: a, say: One two., for: 60s, breathe: 4-2-6-0}]", 60)
    tones = [(c.clip, seconds(c.start)) for c in plan.timeline.cues if c.track == "breath"]
    assert tones[:4] == [
        (BreathTone("in", 192_000), 1.0),
        (BreathTone("out", 288_000), 7.0),
        (BreathTone("in", 192_000), 13.0),
        (BreathTone("out", 288_000), 19.0),
    ]
    assert len(tones) == 2 * 4  # 59 s hold four rounds of 12 s; the rest is silence


def test_breath_words_are_spoken_at_their_phases_and_a_top_up_has_its_own() -> None:
    plan = planned("steps: [{name: a, for: 12s, breathe: {pattern: sigh, cue: words}}, {pause: 48s}]", 60)
    assert cues(plan, "breath") == [
        (0.0, 1.0, "Breathe in."),
        (4.5, 1.0, "Breathe out."),
    ]  # "And a little more." is two seconds long and does not fit into one and a half


def test_counts_are_a_second_apart() -> None:
    plan = planned("steps: [{name: a, for: 10s, breathe: {pattern: 5-0-5-0, cue: count}}, {pause: 50s}]", 60)
    assert [(start, text) for start, _, text in cues(plan, "breath")] == [
        (float(n), f"{word}.") for n, word in enumerate(["one", "two", "three", "four", "five"] * 2)
    ]


def test_events_of_a_step_lie_as_near_to_their_moment_as_its_silence_allows() -> None:
    text = "steps: [{do: a, say: One two., for: 60s, at: [{half: Half.}, {-10s: Ten seconds.}, {0.2s: At once.}]}]"
    assert cues(planned(text, 60), "voice") == [
        (0.0, 1.0, "One two."),
        (1.0, 1.0, "At once."),
        (30.0, 0.5, "Half."),
        (50.0, 1.0, "Ten seconds."),
    ]


def test_the_words_of_events_count_as_speech_of_their_step() -> None:
    plan = planned("steps: [{do: a, say: One two., for: 60s, at: [{half: Half.}]}]", 60)
    assert plan.timeline.steps[0].speech_frames == 1.5 * RATE


def test_an_announcement_goes_into_the_nearest_gap_and_says_what_is_left() -> None:
    text = "announce: [{half: About {remaining} left.}]\nsteps: [{name: a, say: " + "word " * 130 + ", for: 2m}]"
    text = text.replace("{half: About {remaining} left.}", '{half: "About {remaining} left."}')
    plan = planned("length: 1m..2m..4m\n" + text, 120)
    assert cues(plan, "voice")[-1] == (65.6, 2.0, "About fifty seconds left.")


def test_nothing_is_announced_in_the_last_twenty_seconds_or_without_a_gap() -> None:
    text = 'length: 1m..1m..4m\nannounce: [{-5s: "Soon."}]\nsteps: [{name: a, say: Go., for: 60s}]'
    assert cues(planned(text, 60), "voice")[-1] == (38.9, 0.5, "Soon.")
    full = 'length: 1m..1m..4m\nannounce: [{-5s: "Soon."}]\nsteps: [{name: a, say: ' + "word " * 119 + ", for: 60s}]"
    assert len(cues(planned(full, 60), "voice")) == 1


def test_an_announcement_leaves_the_hands_their_quiet() -> None:
    text = (
        'length: 1m..1m40s..4m\nannounce: [{45s: "Half."}]\nsteps:\n  - {do: a, say: %s, for: 50s}\n  - {pause: 50s}\n'
    )
    fits, not_fits = planned(text % ("word " * 87), 100), planned(text % ("word " * 88), 100)
    assert cues(fits, "voice")[-1] == (45.0, 0.5, "Half.")  # 43.5 + 0.5 s of words leave 6 s of quiet
    assert cues(not_fits, "voice")[-1] == (50.6, 0.5, "Half.")


def test_left_then_right_swaps_the_words_and_nothing_else() -> None:
    text = "length: 1m..2m..4m\nsteps:\n  - section: S\n    each: {side: [%s]}\n    between: [{say: Now the {side} foot., for: 20s}]\n    steps: [{do: a, say: Take the {side} foot. Rest the {other} one., for: 50s}]\n"
    text = text.replace("say: Now the {side} foot.", 'say: "Now the {side} foot."').replace(
        "say: Take the {side} foot. Rest the {other} one.", 'say: "Take the {side} foot. Rest the {other} one."'
    )
    one, two = planned(text % "left, right", 120), planned(text % "right, left", 120)
    swap = str.maketrans({"l": "l"})
    said = [(c.start, c.frames, c.text.translate(swap)) for c in one.timeline.cues]
    other = [
        (c.start, c.frames, c.text.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right"))
        for c in two.timeline.cues
    ]
    assert said == other
    assert said[0][2] == "Take the left foot. Rest the right one."


CONDITION = """
length: 1m..4m..6m
listener: {pregnant: {yes or no: no}, affected: {one of: [left, right, both], default: both}}
steps:
  - {do: warm, for: 30s..2m..4m}
  - {do: points, for: 1m..2m..3m, unless: pregnant, freed: %s}
  - {pause: 0s, when: affected is left}
"""


@pytest.mark.parametrize(("freed", "length_s"), [("share", 240), ("shorten", 120)])
def test_what_a_condition_takes_out_is_shared_or_shortens(freed: str, length_s: float) -> None:
    plan = planned(CONDITION % freed, 240, facts={"pregnant": "yes"})
    assert seconds(plan.timeline.frames) == length_s
    assert [(i.step, str(i.why)) for i in plan.left_out] == [
        ("points", "unless: pregnant"),
        ("pause", "when: affected is left"),
    ]


def test_pronunciation_replaces_whole_words_in_what_is_spoken() -> None:
    made = routine("pronounce: {tho: though, plantar: plan-tar}\nsteps: [{say: Tho a thought of the Plantar arch.}]")
    assert [u.text for u in expand(made, SessionRequest()).clips() if isinstance(u, Utterance)] == [
        "though a thought of the plan-tar arch."
    ]


def test_rounds_and_pressure_and_elapsed_time_are_live() -> None:
    text = (
        "length: 1m..3m..5m\nsteps:\n  - {pause: 1m}\n  - repeat: 2\n    steps:\n"
        '      - {name: r, say: "Round {round} of {rounds}, {elapsed} gone.", for: 30s}\n'
        '  - {do: p, say: "Pressure {pressure}, {remaining} left.", pressure: 3, for: 1m}\n'
    )
    assert [text for _, _, text in cues(planned(text, 180), "voice")] == [
        "Round one of two, one minute gone.",
        "Round two of two, one and a half minutes gone.",
        "Pressure three, one minute left.",
    ]


def test_blocks_are_put_in_where_they_are_used_and_each_use_is_fitted_on_its_own() -> None:
    text = "length: 20s..1m..2m\nblocks: {rest: [{do: rest, for: 10s..30s..60s, optional: 2}]}\nsteps: [{use: rest}, {use: rest}]"
    assert len(planned(text, 60).timeline.steps) == 2
    assert len(planned(text, 30).timeline.steps) == 1


def test_the_bed_is_down_before_the_first_word_and_comes_back_after_the_last() -> None:
    plan = planned(f"bed: rain\nsteps: [{{pause: 20s}}, {{name: a, say: {'word ' * 40}, for: 40s}}]", 60)
    (bed,) = (cue for cue in plan.timeline.cues if cue.track == "bed")
    envelope = dict(bed.envelope.points)
    first, last = 20 * RATE, 40 * RATE
    assert envelope[first - 200 * 48] == envelope[last + 400 * 48] == 1.0
    assert envelope[first - 800 * 48] == envelope[last + 2200 * 48] == pytest.approx(10 ** (5 / 20))
    assert (envelope[0], envelope[60 * RATE]) == (0.0, 0.0)


def test_another_bed_or_none_moves_no_word() -> None:
    text = "bed: rain\nsteps: [{pause: 20s}, {name: a, say: One two., for: 40s}]"
    voices = [cues(planned(text, 60, bed=bed), "voice") for bed in (None, "none", "drone")]
    assert voices[0] == voices[1] == voices[2]
    assert [c.clip for c in planned(text, 60, bed="drone").timeline.cues if c.track == "bed"] == [BedSound("drone")]
    assert cues(planned(text, 60, bed="none"), "bed") == []


def test_every_cue_carries_the_place_of_the_words_that_caused_it() -> None:
    plan = planned("steps:\n  - {pause: 20s}\n  - {name: a, say: One two., for: 40s}\n", 60)
    assert [c.span.line for c in plan.timeline.cues] == [5]


def test_sections_and_the_steps_around_them_are_chapters() -> None:
    text = "length: 10s..40s..60s\nsteps:\n  - {pause: 5s, title: Rest}\n  - section: Feet\n    each: foot\n    steps: [{do: a, for: 10s..15s..20s}]\n  - {pause: 5s, title: Bye}\n"
    assert [(m.title, seconds(m.start)) for m in planned(text, 40).timeline.chapters] == [
        ("Rest", 0.0),
        ("Feet: left", 5.0),
        ("Feet: right", 20.0),
        ("Bye", 35.0),
    ]


def test_what_comes_between_the_sides_belongs_to_the_chapter_of_the_second() -> None:
    text = "length: 60s\nsteps:\n  - section: Feet\n    each: foot\n    between: [{say: Change sides., for: 10s}]\n    steps: [{do: a, for: 25s}]\n"
    assert [(m.title, seconds(m.start)) for m in planned(text, 60).timeline.chapters] == [
        ("Feet: left", 0.0),
        ("Feet: right", 25.0),
    ]


def test_a_block_of_another_script_may_say_a_live_time() -> None:
    from voiceguide.script.link import link

    other = routine(
        'routine: Other\nlength: 1m\nblocks:\n  tell: [{name: tell, say: "{elapsed} gone.", for: 30s}]\nsteps: [{pause: 1m}]\n'
    )
    made = routine("length: 30s..1m..2m\nsteps: [{pause: 30s}, {use: other#tell}]")
    plan = planned(link(made, {"other": other}), 60)
    assert [text for _, _, text in cues(plan, "voice")] == ["thirty seconds gone."]


def test_both_sides_breathe_at_the_same_time_into_their_step_however_long_their_words_are() -> None:
    text = """
steps:
  - section: Feet
    each: foot
    steps: [{do: a, say: {side is left: One two three., else: One.}, for: 33s, breathe: 4-0-4-0}]
"""
    plan = planned(text, 66)
    tones = [seconds(c.start) for c in plan.timeline.cues if c.track == "breath"]
    assert tones == [start + at for start in (0.0, 33.0) for at in (1.5, 5.5, 9.5, 13.5, 17.5, 21.5)]
