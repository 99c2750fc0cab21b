"""Levels are distances from the voice: on random whole scripts, at any length and any talk."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.make import CHIMES, RATE, answered, planned, routine
from tests.random_scripts import answer, routines
from tests.tries import tries
from voiceguide.anchor import CLIP_PEAK, FAINT, PEAK, TONE_PEAK
from voiceguide.clips import BreathTone
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine
from voiceguide.timeline import Cue, Timeline
from voiceguide.units import gain_to_db

LENGTHS = st.integers(1000, 1_500_000)
TALKS = st.sampled_from(("full", "brief", "minimal"))


def made(routine: Routine, length_ms: int, talk: str) -> Plan:
    found = run(plan(routine, SessionRequest(length_ms=length_ms, talk=talk)), answer)  # type: ignore[arg-type]
    if not isinstance(found, Plan) and (nearest := getattr(found, "nearest_ms", None)):
        found = run(plan(routine, SessionRequest(length_ms=nearest, talk=talk)), answer)  # type: ignore[arg-type]
    assume(isinstance(found, Plan))
    assert isinstance(found, Plan)
    return found


def peaks(cue: Cue) -> list[tuple[int, int, float]]:
    """Return stretches of *cue* (from, to, peak) that its clip cannot exceed, whatever it is."""
    if cue.track == "bed":
        inner = [frame for frame, _ in cue.envelope.points if cue.start < frame < cue.end]
        bends = sorted({cue.start, *inner, cue.end})
        highest = CLIP_PEAK * cue.gain
        return [(a, b, highest * max(cue.envelope.at(a), cue.envelope.at(b))) for a, b in pairwise(bends)]
    if cue.track == "chime":
        decay, highest = cue.start + CHIMES[cue.text].decay, CLIP_PEAK * cue.gain
        return [(cue.start, decay, highest), (decay, cue.end, highest * FAINT)]
    return [(cue.start, cue.end, cue.gain * (TONE_PEAK if isinstance(cue.clip, BreathTone) else CLIP_PEAK))]


def highest(line: Timeline) -> float:
    """Return the most that the peaks of what sounds together in *line* add up to."""
    stretches = [stretch for cue in line.cues for stretch in peaks(cue)]
    edges = sorted(edge for start, end, peak in stretches for edge in ((end, -peak), (start, peak)))
    now = top = 0.0
    for _, change in edges:
        now += change
        top = max(top, now)
    return top


@tries(60)
@given(routines(), LENGTHS, TALKS)
def test_no_session_can_pass_its_peak(routine: Routine, length_ms: int, talk: str) -> None:
    assert highest(made(routine, length_ms, talk).timeline) <= PEAK * 1.000_001


@tries(60)
@given(routines(), LENGTHS, TALKS, LENGTHS, TALKS)
def test_no_length_and_no_talk_changes_a_level(
    routine: Routine, length_ms: int, talk: str, other_ms: int, other_talk: str
) -> None:
    one, other = (made(routine, ms, words).timeline for ms, words in ((length_ms, talk), (other_ms, other_talk)))
    levels = [{(cue.track, cue.span): cue.gain for cue in line.cues} for line in (one, other)]
    both = levels[0].keys() & levels[1].keys()
    assert {key: levels[0][key] for key in both} == {key: levels[1][key] for key in both}
    assert {cue.gain for line in (one, other) for cue in line.words().cues} <= {1.0}


def test_levels_are_what_the_script_says() -> None:
    script = (
        "length: 1s..2m..25m\nbed: {sound: rain, under: 30 dB}\n"
        "steps: [{chime: begin, under: 10 dB}, {say: Hello., for: 20s},"
        " {breathe: {pattern: even, rounds: 2, under: 15 dB}}, {chime: begin}, {breathe: {pattern: even, rounds: 1}}, {pause: 1s..50s..2m}]"
    )
    line = planned(script).timeline
    under = {(cue.track, round(gain_to_db(cue.gain), 2)) for cue in line.cues}
    assert under == {("bed", -30.3), ("chime", -10), ("chime", -6), ("breath", -15), ("breath", -12), ("voice", 0)}
    bed = next(cue for cue in line.cues if cue.track == "bed")
    assert gain_to_db(bed.envelope.highest) == pytest.approx(5.0)


@pytest.mark.parametrize(("under", "rise"), [(20, 2), (23, 5), (40, 5)])
def test_in_silence_a_bed_rises_but_never_nearer_than_18_db(under: int, rise: int) -> None:
    line = planned(
        f"bed: {{sound: rain, under: {under} dB}}\nsteps: [{{say: Hello.}}, {{pause: 1s..60s..2m}}]"
    ).timeline
    assert gain_to_db(line.cues[0].envelope.highest) == pytest.approx(rise)


def test_a_chime_struck_too_fast_gives_way_and_it_is_said() -> None:
    found = planned("steps: [{chime: end, strikes: 6, every: 0.5s}, {say: Now., for: 20s..50s..60s}]")
    gains = {cue.gain for cue in found.timeline.cues if cue.track == "chime"}
    softer = -6 - gain_to_db(gains.pop())
    assert not gains
    assert softer == pytest.approx(7.77, abs=0.1)  # six full peaks, in room for less than three
    note = f"expected strikes that do not add up, found a chime made softer by {softer:.1f} dB"
    assert [note.message for note in found.notes] == [note]


def test_beds_that_follow_each_other_never_add_up_to_more_than_one() -> None:
    sections = "".join(
        f"\n  - {{section: S{n}, bed: {bed}, steps: [{{pause: {seconds}s}}]}}"
        for n, (bed, seconds) in enumerate((("rain", 20), ("stream", 1), ("drone", 2), ("none", 3), ("rain", 40)))
    )
    line = planned("length: 1s..66s..25m\nsteps:" + sections).timeline
    beds = [replace(cue, gain=1.0) for cue in line.cues if cue.track == "bed"]
    assert len(beds) == 4
    for frame in range(0, line.frames, RATE // 10):
        sounding = [cue for cue in beds if cue.start <= frame < cue.end]
        assert len(sounding) <= 2
        assert sum(cue.envelope.at(frame) for cue in sounding) <= 10 ** (5 / 20) + 1e-9


def test_a_bed_that_comes_or_goes_still_makes_room_for_words() -> None:
    script = (
        "length: 1s..1m..2m\nbed: rain\nsteps: [{say: One two three four., for: 10s},"
        " {section: S, bed: stream, steps: [{say: Five six seven eight nine ten., for: 50s}]}]"
    )
    line = planned(script, 60).timeline
    for word in line.words().cues:
        for bed in (cue for cue in line.cues if cue.track == "bed"):
            for frame in range(max(word.start, bed.start), min(word.end, bed.end), RATE // 10):
                assert bed.envelope.at(frame) <= 1.0 + 1e-9


def test_all_dies_away_over_a_quiet_ending() -> None:
    found = answered(routine("bed: rain\nfade: 10s\nsteps: [{say: Hello there., for: 5s}, {pause: 55s}]"), 60)
    assert isinstance(found, Plan)
    bed = next(cue for cue in found.timeline.cues if cue.track == "bed")
    half = bed.envelope.at(55 * RATE) / bed.envelope.highest
    assert (half, bed.envelope.at(60 * RATE)) == pytest.approx((0.5, 0.0))
