"""What a picture shows: boxes by lane, in milliseconds."""

from __future__ import annotations

import pytest

from tests.author.pictures.scenes import drawn, tiny
from voiceguide.author.pictures.scene import Scene, bands


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


def test_two_breaths_in_share_one_rise() -> None:
    found = drawn("length: 12s\nsteps: [{name: a, for: 12s, breathe: sigh}]", 12).lane("breath")
    assert [(box.kind, box.heights) for box in found][:2] == [("in", (0.0, 2 / 3)), ("in", (2 / 3, 1.0))]
    assert [box.heights[1] for box in found if box.kind == "out"] == [0.0] * sum(box.kind == "out" for box in found)


def test_a_tip_says_step_side_times_and_words() -> None:
    tips = [box.tip for box in tiny().boxes if box.kind == "speech"]
    assert tips[1] == "Rub (left)\n0:26.0 to 0:27.0, 0:01.0 long\nGo on."


def test_rounds_that_follow_each_other_share_a_box() -> None:
    text = "length: 20s..60s..2m\nsteps:\n  - repeat: 6\n    steps: [{do: r, title: Round, for: 10s}]\n"
    assert spans(drawn(text, 60), "step") == [("step", 0, 60, "Round ×6")]


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
    assert picture.bed_db == (-35.0, -20.0)
    assert [round(curve.at(ms), 1) for ms in (0, 4000, 7000, 12_000, 40_000)] == [-60, -21.2, -25.8, -21.2, -60]
    # half-way through a straight fade of gain the level is 6 dB down, not at the middle of the dB
    assert curve.at(1500) == pytest.approx(curve.at(3000) - 6.02, abs=0.01)
    assert curve.at(40_001) == -60


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
