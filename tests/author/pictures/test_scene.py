"""What a picture shows: boxes by lane, in milliseconds."""

from __future__ import annotations

import pytest

from tests.author.pictures.scenes import SILENT, drawn, tiny
from tests.make import planned
from voiceguide.author.pictures.scene import Scene, bands, scene


def spans(picture: Scene, lane: str) -> list[tuple[str, float, float, str]]:
    boxes = (box for box in picture.boxes if box.lane == lane)
    return [(box.kind, box.start_ms / 1000, box.end_ms / 1000, box.label) for box in boxes]


def test_every_lane_has_its_boxes() -> None:
    picture = tiny()
    assert picture.lanes() == ("chapter", "side", "step", "voice", "breath", "chime", "bed")
    assert spans(picture, "chapter") == [
        ("chapter", 0, 26, "Bell"), ("chapter", 26, 33, "Feet: left"), ("chapter", 33, 40, "Feet: right"),
    ]  # fmt: skip
    assert spans(picture, "side") == [("left", 26, 33, "left"), ("right", 33, 40, "right")]
    assert spans(picture, "step") == [
        ("step", 0, 6, "Bell"), ("step", 6, 16, "Sit"), ("step", 16, 26, "Air"),
        ("left", 26, 33, "Rub"), ("right", 33, 40, "Rub"),
    ]  # fmt: skip
    assert spans(picture, "voice") == [
        ("speech", 6, 8, ""), ("quiet", 8, 16, "8 s"),
        ("speech", 26, 27, ""), ("quiet", 27, 33, "6 s"),
        ("speech", 33, 34, ""), ("quiet", 34, 40, "6 s"),
    ]  # fmt: skip
    assert spans(picture, "chime") == [("chime", 0, 6, "")]


def test_breath_rises_stays_and_falls() -> None:
    found = [(box.kind, box.start_ms, box.end_ms, box.heights) for box in tiny().lane("breath")]
    assert found == [
        ("in", 16_000, 20_000, (0.0, 1.0)),
        ("hold", 20_000, 21_000, (1.0, 1.0)),
        ("out", 21_000, 26_000, (1.0, 0.0)),
    ]


def breath(text: str) -> list[tuple[str, float, float, tuple[float, float]]]:
    boxes = drawn(f"length: 60s\nsteps:\n  - {{name: a, for: 60s, breathe: {text}}}", 60).lane("breath")
    return [(box.kind, box.start_ms / 1000, box.end_ms / 1000, box.heights) for box in boxes]


def test_two_breaths_in_share_one_rise() -> None:
    found = breath("{pattern: sigh, rounds: 1}")
    assert [(kind, heights) for kind, _, _, heights in found] == [
        ("in", (0.0, 2 / 3)), ("in", (2 / 3, 1.0)), ("out", (1.0, 0.0)),
    ]  # fmt: skip


def test_breath_is_held_at_the_top_and_rests_at_the_bottom() -> None:
    found = breath("{pattern: box, rounds: 2}")
    assert found == [
        ("in", 0, 4, (0.0, 1.0)), ("hold", 4, 8, (1.0, 1.0)), ("out", 8, 12, (1.0, 0.0)),
        ("in", 16, 20, (0.0, 1.0)), ("hold", 20, 24, (1.0, 1.0)), ("out", 24, 28, (1.0, 0.0)),
    ]  # fmt: skip


def test_rounds_are_drawn_as_they_are_guided() -> None:
    """Words as speech, tones as slopes, and rounds that nothing guides any more not at all."""
    found = breath("{pattern: 4-0-4-0, rounds: 7, cue: [words 3, tone 2, none]}")
    words, tones = ([box for box in found if (box[0] == "speech") is which] for which in (True, False))
    assert [box[1] for box in words] == [0, 4, 8, 12, 16, 20]
    assert [box[:3] for box in tones] == [("in", 24, 28), ("out", 28, 32), ("in", 32, 36), ("out", 36, 40)]


def test_a_tip_says_step_side_times_and_words() -> None:
    tips = [box.tip for box in tiny().boxes if box.kind == "speech"]
    assert tips[1] == "Rub (left)\n0:26.0 to 0:27.0, 0:01.0 long\nGo on."


def test_rounds_that_follow_each_other_share_a_box() -> None:
    text = "length: 20s..60s..2m\nsteps:\n  - repeat: 6\n    steps: [{do: r, title: Round, for: 10s}]\n"
    assert spans(drawn(text, 60), "step") == [("step", 0, 60, "Round ×6")]


def test_a_block_used_twice_is_two_boxes() -> None:
    text = """
length: 20s..40s..60s
blocks:
  rest: [{name: r, title: Rest, pause: 10s}]
steps:
  - use: rest
  - use: rest
  - repeat: 2
    steps: [{use: rest}]
"""
    assert [box[1:] for box in spans(drawn(text, 40), "step")] == [
        (0, 10, "Rest"), (10, 20, "Rest"), (20, 40, "Rest ×2"),
    ]  # fmt: skip


def test_both_sides_of_a_step_are_two_boxes() -> None:
    text = "length: 20s\nsteps: [{section: Feet, each: foot, steps: [{do: r, title: Rub, for: 10s}]}]"
    assert spans(drawn(text, 20), "step") == [("left", 0, 10, "Rub"), ("right", 10, 20, "Rub")]


def test_a_silence_is_a_gap_and_no_step() -> None:
    picture = drawn(SILENT, 50)
    assert spans(picture, "step") == [("step", 0, 10, "A"), ("step", 10, 26, "Rub ×2"), ("step", 40, 50, "C")]
    quiet = [(box.tip.partition("\n")[0], box.label) for box in picture.lane("voice") if box.kind == "quiet"]
    assert quiet == [
        ("quiet, A", "10 s"),
        ("quiet, Rub", "7 s"),
        ("quiet, Rub", "7 s"),
        ("quiet", "14 s"),
        ("quiet, C", "10 s"),
    ]


def test_spoken_breath_is_speech_in_the_breath_lane() -> None:
    text = "length: 60s\nsteps: [{name: a, for: 12s, breathe: {pattern: 4-2-6-0, cue: words}}, {pause: 48s}]"
    assert spans(drawn(text, 60), "breath") == [("speech", 0, 1, ""), ("speech", 4, 4.5, ""), ("speech", 6, 7, "")]


def test_short_silences_are_not_quiet() -> None:
    text = "length: 10s\nsteps: [{name: a, say: 'One. [900ms] Two. [1s] Three.', for: 10s}]".replace("900ms", "0.9s")
    assert [box[:3] for box in spans(drawn(text, 10), "voice") if box[0] == "quiet"] == [
        ("quiet", 1.9, 2.9), ("quiet", 3.4, 10),
    ]  # fmt: skip


def test_shares_are_parts_of_the_session() -> None:
    picture = tiny()
    assert [picture.share(kind) for kind in ("speech", "quiet", "chime")] == [10, 50, 15]
    assert picture.share("in", "hold", "out") == 25


def test_the_bed_is_a_level_under_the_words_that_ducks_and_fades() -> None:
    picture = tiny()
    (curve,) = picture.curves
    assert picture.bed_db == (-30.0, -15.0)
    assert [round(curve.at(ms), 1) for ms in (0, 4000, 7000, 12_000, 40_000)] == [-60, -19.3, -24.3, -19.3, -60]
    # half-way through a straight fade of gain the level is 6 dB down, not at the middle of the dB
    assert curve.at(1500) == pytest.approx(curve.at(3000) - 6.02, abs=0.01)
    assert curve.at(40_001) == -60


TWO_BEDS = """
length: 60s..2m..4m
bed: rain
steps:
  - chime: begin
  - section: One
    steps: [{name: a, say: Breathe as you like., for: 20s..50s..100s}]
  - section: Two
    bed: stream
    steps: [{name: b, say: Rest here now., for: 20s..50s..100s}]
"""


def test_two_beds_are_two_levels_that_duck_fade_and_cross() -> None:
    timeline = planned(TWO_BEDS, 120).timeline
    rain, stream = scene(timeline, "Test").curves
    assert [curve.cue.text for curve in (rain, stream)] == ["rain", "stream"]
    begin, end = stream.cue.start * 1000 / timeline.rate, rain.cue.end * 1000 / timeline.rate
    assert begin < end
    assert [rain.at(ms) for ms in (0, end, end + 1, 120_000)] == [-60] * 4
    assert [stream.at(ms) for ms in (0, begin - 1, begin, 120_000)] == [-60] * 4
    full, ducked = rain.at(30_000), rain.at(7000)
    assert ducked < full - 3
    middle = (begin + end) / 2
    assert -60 < rain.at(middle) < full
    assert -60 < stream.at(middle) < full


def test_a_curve_has_a_point_wherever_the_level_bends() -> None:
    timeline = planned(TWO_BEDS, 120).timeline
    for curve in scene(timeline, "Test").curves:
        ends = [frame * 1000 / timeline.rate for frame in (curve.cue.start, curve.cue.end)]
        points = list(curve.points(0, 120_000))
        assert [points[0][0], points[-1][0]] == ends
        assert points == sorted(points, key=lambda point: point[0])
        assert [db for _, db in points] == [curve.at(ms) for ms, _ in points]
        bends = {frame * 1000 / timeline.rate for frame, _ in curve.cue.envelope.points}
        assert {ms for ms in bends if ends[0] <= ms <= ends[1]} <= {ms for ms, _ in points}
    assert list(curve.points(0, 1000)) == []


def test_without_bed_or_breath_there_is_no_lane_for_them() -> None:
    assert drawn("steps: [{name: a, say: One., for: 60s}]", 60).lanes() == ("chapter", "step", "voice")


def test_bands_end_between_steps_where_they_can() -> None:
    assert bands(tiny(), 1) == ((0, 40_000),)
    assert bands(tiny(), 2) == ((0, 16_000), (16_000, 40_000))
    long = drawn("length: 60s\nsteps: [{pause: 60s}]", 60)
    assert bands(long, 3) == ((0, 20_000), (20_000, 40_000), (40_000, 60_000))


@pytest.mark.parametrize("count", range(1, 12))
def test_bands_cover_the_session_once(count: int) -> None:
    found = bands(tiny(), count)
    assert len(found) <= count
    assert [start for start, _ in found] == [0, *(end for _, end in found[:-1])]
    assert found[-1][1] == 40_000
