"""A part of a timeline: what lies in it, and where."""

from __future__ import annotations

from voiceguide.timeline import Cue, Envelope, Mark, StepSpan, Timeline

WHOLE = Timeline(
    rate=48_000,
    frames=1000,
    cues=(
        Cue("bed", "rain", 0, 1000, loop=True),
        Cue("chime", "bowl", 10, 300),
        Cue("voice", "one", 200, 100),
        Cue("voice", "two", 350, 100),
        Cue("voice", "three", 500, 100),
    ),
    steps=(
        StepSpan("a", "A", None, 0, 200, 0),
        StepSpan("b", "B", "left", 200, 300, 200),
        StepSpan("c", "C", None, 500, 500, 100),
    ),
    marks=(Mark("first", 0), Mark("second", 450)),
    envelopes=(("bed", Envelope(((0, 0.0), (400, 1.0)))),),
    gain=0.5,
)


def test_a_step_takes_its_cues_along_and_what_still_sounds_from_before() -> None:
    part = WHOLE.between(200, 500)
    assert (part.rate, part.frames, part.gain) == (48_000, 300, 0.5)
    assert [(cue.clip, cue.start, cue.frames) for cue in part.cues] == [
        ("rain", -200, 500),
        ("bowl", -190, 300),
        ("one", 0, 100),
        ("two", 150, 100),
    ]
    assert [(step.step, step.start, step.frames, step.speech_frames) for step in part.steps] == [("b", 0, 300, 200)]
    assert [(mark.title, mark.start) for mark in part.marks] == [("first", 0), ("second", 250)]
    assert part.envelope("bed").points == ((-200, 0.0), (200, 1.0))


def test_what_lies_only_partly_inside_is_cut_at_both_ends() -> None:
    part = WHOLE.between(380, 550)
    assert [(cue.clip, cue.start, cue.end) for cue in part.cues] == [
        ("rain", -380, 170),
        ("two", -30, 70),
        ("three", 120, 170),
    ]
    assert [(step.step, step.start, step.end, step.speech_frames) for step in part.steps] == [
        ("b", 0, 120, 120),
        ("c", 120, 170, 50),
    ]


def test_all_of_it_is_the_same_and_nothing_of_it_is_empty() -> None:
    assert WHOLE.between(-5, 2000) == WHOLE
    empty = WHOLE.between(400, 400)
    assert (empty.frames, empty.cues, empty.steps, empty.marks) == (0, (), (), ())
