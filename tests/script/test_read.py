"""Right scripts: every sentence of the language is read into exactly the nouns it means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voiceguide
from voiceguide.folders import bundled
from voiceguide.library.scripts import load
from voiceguide.script import scalars
from voiceguide.script.model import (
    Bed,
    Breath,
    Condition,
    Counts,
    Event,
    Fact,
    Group,
    Item,
    Moment,
    Phase,
    Range,
    Repeat,
    Routine,
    Section,
    Slot,
    Step,
    Text,
    Use,
)
from voiceguide.script.read import read
from voiceguide.script.scalars import Scalar, Wrong
from voiceguide.source import NOWHERE, Source, Span
from voiceguide.units import LONGEST_MS, format_clock, format_duration, parse_duration, suggest_duration

EXAMPLE = """\
routine: Whole-foot self-massage          # title; required
id: whole-foot                            # optional; else the file's stem
language: en                              # BCP 47
purpose: Warm the whole foot, then the heel, then soothe.
family: general                           # relaxing | rehab | general | breathing: sets the hard cap on length
length: 8m..18m..25m                      # shortest offered .. default .. longest offered
posture: Chair with a back; foot on the other thigh, knee to the side.
materials: [plain oil or cream, towel]
sources: [S1-112, S1-118]                 # numbered seed facts (domain.md, section 1)
tags: [firm]                              # screening works on tags (domain.md, 5.1)

voice: {pace: 125 wpm}                    # rate inside sentences; a user setting, never a means of fitting
bed:   {sound: rain, under: 24 dB}        # level below *measured* speech; ducking and fades included
pronounce: {plantar: plan-tar}            # whole words only; respelling works with every engine
listener:                                 # what the script may ask about the listener
  affected: {one of: [left, right, both], default: both, ask: "Which foot is sore?"}
  pregnant: {yes or no: no}
groups:
  zones: together                         # drop all or none
  heel:  keep 2                           # never fewer than two of these
announce:
  - {half: "Half-way. About {remaining} left."}   # snapped to the nearest gap, never inside speech or breath

blocks:                                   # named steps, reusable; `use: other-file#name` takes one from another script
  settle:
    - say: Let your shoulders drop. [2s] Breathe evenly.   # [2s] is an exact silence inside speech
      for: 25s..42s..2m

steps:
  - chime: begin
  - use: settle
  - section: Right and left foot          # a chapter
    each: foot                            # each: foot = [left, right]; or  each: {side: [right, left]}
    between:
      - {chime: change, say: "Now the {side} foot.", for: 15s..20s..30s}
    steps:
      - do: warm                          # short name, used in reports, marks and pictures
        title: Warm strokes
        say: Stroke the whole {side} foot with both hands, sole, inner side, outer side.
        brief: Warm strokes, {side} foot. # shorter wording, used when short or when the listener is returning
        for: 35s..60s..100s               # shortest..natural..longest for the WHOLE step, its speech included
        zone: sole                        # for the picture
        pressure: 3                       # 0..10; never above 6
        at:
          - {half: Lighter is always right.}
          - {-10s: Ten seconds.}
      - do: knead
        say: One hand holds the foot, the other kneads the heel.
        for: 35s..60s..100s
        breathe: {pattern: 4-0-4-0, cue: tone}
      - do: toes
        optional: 4                       # 2..9; the highest number is left out first. No `optional` = never left out
        group: heel
        unless: pregnant                  # when: / unless:  over listener facts and course values
        freed: share                      # share (default) | shorten: what happens to the time
        say: Rub each toe.
        for: 20s..30s..50s
  - repeat: 2..4..7                       # whole rounds only;  repeat: until 30s left  |  repeat: 3
    steps:
      - breathe: 5-0-5-0                  # in-hold-out-hold, seconds; names: even, box, 4-7-8, resonance, sigh, night
  - pause: 5s..20s..1m                    # silence
  - chime: end                            # strikes come with the sound; or  strikes: 3, every: 4s
"""
"""The example of the language's own page, word for word."""


def right(text: str, label: str = "test.yaml") -> Routine:
    """Return the routine of a right script; a title and a length are added if it has none."""
    head = "" if "routine:" in text else "routine: Test\n"
    head += "" if "length:" in text else "length: 1s..1m..25m\n"
    routine, report = read(Source(label, head + text))
    assert routine is not None, str(report)
    assert not report, str(report)
    return routine


def bare(value: Any) -> Any:
    """Return *value* without the places it was written at, so that nouns can be compared with nouns."""
    if isinstance(value, Span):
        return NOWHERE
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: bare(getattr(value, f.name)) for f in fields(value) if f.name != "spans"})
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.items()}
    return value


def text(*parts: str | Slot | int) -> Text:
    return Text(parts, NOWHERE)


def slot(name: str) -> Slot:
    return Slot(name, NOWHERE)


def step(written: str) -> Any:
    """Return the only step of a script, without places."""
    return bare(
        right(
            f"listener:\n  sore: {{yes or no: no}}\n  foot: {{one of: [left, right]}}\nsteps:\n  - {written}\n"
        ).steps[0]
    )


@pytest.fixture(scope="module")
def example() -> Routine:
    return right(EXAMPLE, "example.yaml")


# --- the example of the language, section by section


def test_the_example_of_the_language_has_no_problem(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(EXAMPLE, "utf-8")
    routine, report = voiceguide.examine(tmp_path / "example.yaml")
    assert str(report) == ""
    assert routine is not None


def test_the_head_says_what_the_routine_is(example: Routine) -> None:
    assert (example.title, example.id, example.language) == ("Whole-foot self-massage", "whole-foot", "en")
    assert example.purpose == "Warm the whole foot, then the heel, then soothe."
    assert (example.family, example.length) == ("general", Range(480_000, 1_080_000, 1_500_000))
    assert example.posture == "Chair with a back; foot on the other thigh, knee to the side."
    assert example.materials == ("plain oil or cream", "towel")
    assert example.sources == ("S1-112", "S1-118")
    assert example.tags == ("firm",)


def test_the_head_says_how_it_sounds(example: Routine) -> None:
    assert example.pace_wpm == 125
    assert example.bed == Bed("rain", 24.0)
    assert example.pronounce == {"plantar": "plan-tar"}


def test_the_head_says_what_may_be_asked(example: Routine) -> None:
    assert example.listener == {
        "affected": Fact(("left", "right", "both"), "both", "Which foot is sore?"),
        "pregnant": Fact(("yes", "no"), "no"),
    }


def test_groups_are_together_or_keep_a_number(example: Routine) -> None:
    assert bare(example.groups) == {"zones": Group(True, 0, NOWHERE), "heel": Group(False, 2, NOWHERE)}


def test_an_announcement_is_an_event_of_the_session(example: Routine) -> None:
    said = text("Half-way. About ", slot("remaining"), " left.")
    assert bare(example.announce) == (Event(Moment(share=0.5), said, NOWHERE),)


def test_a_block_is_a_list_of_steps(example: Routine) -> None:
    said = text("Let your shoulders drop. ", 2000, " Breathe evenly.")
    settle = Step("say", NOWHERE, title="Say", say=said, length=Range(25_000, 42_000, 120_000))
    assert bare(example.blocks) == {"settle": (settle,)}


def test_the_steps_are_what_is_written_in_order(example: Routine) -> None:
    assert [type(item) for item in example.steps] == [Step, Use, Section, Repeat, Step, Step]
    begin, settle, _, _, pause, end = bare(example.steps)
    assert begin == Step("begin", NOWHERE, title="Begin", chime="begin")
    assert settle == Use("settle", "", NOWHERE)
    assert pause == Step("pause", NOWHERE, title="Pause", pause=Range(5000, 20_000, 60_000))
    assert end == Step("end", NOWHERE, title="End", chime="end")


def test_a_section_runs_for_each_foot_with_a_change_between(example: Routine) -> None:
    section = bare(example.steps[2])
    assert (section.title, section.each) == ("Right and left foot", ("left", "right"))
    said = text("Now the ", slot("side"), " foot.")
    length = Range(15_000, 20_000, 30_000)
    assert section.between == (Step("change", NOWHERE, title="Change", chime="change", say=said, length=length),)


def test_a_step_with_do_has_hands_at_work_and_six_seconds_of_quiet(example: Routine) -> None:
    section = bare(example.steps[2])
    assert section.steps[0] == Step(
        "warm",
        NOWHERE,
        title="Warm strokes",
        hands=True,
        say=text("Stroke the whole ", slot("side"), " foot with both hands, sole, inner side, outer side."),
        brief=text("Warm strokes, ", slot("side"), " foot."),
        length=Range(35_000, 60_000, 100_000),
        quiet_ms=6000,
        zone="sole",
        pressure=3,
        at=(
            Event(Moment(share=0.5), text("Lighter is always right."), NOWHERE),
            Event(Moment(ms=-10_000), text("Ten seconds."), NOWHERE),
        ),
    )


def test_a_step_breathes_to_a_pattern(example: Routine) -> None:
    section = bare(example.steps[2])
    assert section.steps[1] == Step(
        "knead",
        NOWHERE,
        title="Knead",
        hands=True,
        say=text("One hand holds the foot, the other kneads the heel."),
        length=Range(35_000, 60_000, 100_000),
        quiet_ms=6000,
        breathe=Breath((Phase("in", 4000), Phase("out", 4000)), "tone"),
    )


def test_an_optional_step_has_a_group_and_a_condition(example: Routine) -> None:
    section = bare(example.steps[2])
    assert section.steps[2] == Step(
        "toes",
        NOWHERE,
        title="Toes",
        hands=True,
        say=text("Rub each toe."),
        length=Range(20_000, 30_000, 50_000),
        quiet_ms=6000,
        optional=4,
        group="heel",
        unless=Condition("pregnant", None, False, NOWHERE),
    )


def test_a_repeat_has_whole_rounds(example: Routine) -> None:
    breath = Step("breathe", NOWHERE, title="Breathe", breathe=Breath((Phase("in", 5000), Phase("out", 5000))))
    assert bare(example.steps[3]) == Repeat(Counts(2, 4, 7), (breath,), NOWHERE)


# --- what may be left unsaid, and what may be said shorter


def test_what_is_left_unsaid_has_its_default() -> None:
    routine = right("steps:\n  - say: Let go.\n", "some/where/Evening Feet.yaml")
    assert (routine.id, routine.language, routine.family, routine.pace_wpm) == ("evening-feet", "en", "general", 125)
    assert (routine.bed, routine.listener, routine.groups, routine.announce, routine.blocks) == (None, {}, {}, (), {})
    assert routine.purpose == routine.posture == ""
    assert routine.materials == routine.sources == routine.tags == ()


@pytest.mark.parametrize(
    ("written", "each"),
    [
        ("foot", ("left", "right")),
        ("{side: [left, right]}", ("left", "right")),
        ("{side: [right, left]}", ("right", "left")),
        ("{side: [right]}", ("right",)),
        ("\n      side:\n      - right\n      - left", ("right", "left")),
    ],
)
def test_each_is_foot_or_an_order_of_sides(written: str, each: tuple[str, ...]) -> None:
    section = right(f"steps:\n  - section: Feet\n    each: {written}\n    steps:\n      - pause: 20s\n").steps[0]
    assert isinstance(section, Section)
    assert section.each == each


def test_breathe_is_a_pattern_or_a_mapping_with_its_cue() -> None:
    assert step("breathe: box") == step("breathe: {pattern: box}") == step("breathe: {cue: tone, pattern: 4-4-4-4}")
    assert step("breathe: {pattern: box, cue: count}").breathe.cue == "count"


def test_bed_is_a_name_or_a_mapping_with_its_level_and_none_is_silence() -> None:
    steps = "\nsteps:\n  - pause: 20s\n"
    assert right("bed: rain" + steps).bed == right("bed: {sound: rain}" + steps).bed == Bed("rain", 24.0)
    assert right("bed: {sound: rain, under: 30dB}" + steps).bed == Bed("rain", 30.0)
    assert right("bed: none" + steps).bed is None


@pytest.mark.parametrize(
    ("written", "name", "title"),
    [
        ("{do: warm-up, for: 30s}", "warm-up", "Warm up"),
        ("{name: hello, say: Welcome.}", "hello", "Hello"),
        ("{say: Welcome., title: First words}", "first-words", "First words"),
        ("{chime: begin, say: Welcome.}", "begin", "Begin"),
        ("{say: Welcome.}", "say", "Say"),
        ("{pause: 20s}", "pause", "Pause"),
        ("{breathe: box}", "breathe", "Breathe"),
    ],
)
def test_a_step_is_called_by_the_best_name_it_has(written: str, name: str, title: str) -> None:
    made = step(written)
    assert (made.name, made.title) == (name, title)


def test_quiet_is_six_seconds_with_do_and_none_elsewhere_unless_it_is_said() -> None:
    assert step("{do: warm, for: 30s}").quiet_ms == 6000
    assert step("{name: warm, say: Stroke., for: 30s}").quiet_ms == 0
    assert step("{do: warm, for: 30s, quiet: 2.5s}").quiet_ms == 2500
    assert step("{say: Stroke., for: 30s, quiet: 4s}").quiet_ms == 4000


def test_a_chime_may_say_its_strikes() -> None:
    made = step("{chime: end, strikes: 3, every: 4s}")
    assert (made.chime, made.strikes, made.every_ms) == ("end", 3, 4000)


def test_a_step_may_have_three_wordings() -> None:
    made = step("{say: Stroke the sole., brief: Stroke it., minimal: Stroke.}")
    assert (made.say, made.brief, made.minimal) == (text("Stroke the sole."), text("Stroke it."), text("Stroke."))


def test_lists_and_mappings_may_be_written_in_lines_or_in_brackets() -> None:
    lines = "materials:\n  - oil\n  - towel\nvoice:\n  pace: 125 wpm\nsteps:\n  -\n    pause: 20s\n"
    assert bare(right(lines)) == bare(right("materials: [oil, towel]\nvoice: {pace: 125 wpm}\nsteps: [{pause: 20s}]\n"))


# --- single values


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("8s", 8000),
        ("90s", 90_000),
        ("1m30s", 90_000),
        ("1:30", 90_000),
        ("12m", 720_000),
        ("1h", 3_600_000),
        ("5.5s", 5500),
        ("0.001s", 1),
        ("1.5m", 90_000),
        ("1h2m3s", 3_723_000),
        ("1:02:03", 3_723_000),
        ("0:05", 5000),
        ("1:30.5", 90_500),
        ("0s", 0),
    ],
)
def test_a_duration_alone_is_rigid(written: str, ms: int) -> None:
    assert step(f"pause: {written}").pause == Range(ms, ms, ms)


@pytest.mark.parametrize("written", ["35s..60s..1m40s", "0:35..1m..1:40", "35s .. 60s .. 100s", '"35s..60s..100s"'])
def test_a_range_is_shortest_natural_and_longest(written: str) -> None:
    assert step(f"pause: {written}").pause == Range(35_000, 60_000, 100_000)


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        ("3", Counts(3, 3, 3)),
        ("2..4..7", Counts(2, 4, 7)),
        ("0..1..2", Counts(0, 1, 2)),
        ("until 30s left", Counts(0, 1, 10_000, 30_000)),
        ("until 1:30 left", Counts(0, 1, 10_000, 90_000)),
    ],
)
def test_rounds_are_a_number_a_range_or_until(written: str, counts: Counts) -> None:
    repeat = right(f"steps:\n  - repeat: {written}\n    steps: [{{breathe: box}}]\n").steps[0]
    assert isinstance(repeat, Repeat)
    assert repeat.counts == counts


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("half", Moment(share=0.5)),
        ("60%", Moment(share=0.6)),
        ("0%", Moment(share=0.0)),
        ("10s", Moment(ms=10_000)),
        ("-10s", Moment(ms=-10_000)),
        ("0:10", Moment(ms=10_000)),
        ("-0:10", Moment(ms=-10_000)),
    ],
)
def test_a_moment_is_a_share_or_a_time_from_either_end(written: str, moment: Moment) -> None:
    made = step(f"{{say: Stroke., for: 30s, at: [{{{written}: Softly.}}]}}")
    assert made.at == (Event(moment, text("Softly."), NOWHERE),)


@pytest.mark.parametrize(
    ("written", "phases"),
    [
        ("5-0-5-0", [("in", 5000), ("out", 5000)]),
        ("5.5-0-5.5-0", [("in", 5500), ("out", 5500)]),
        ("4-7-8-0", [("in", 4000), ("hold", 7000), ("out", 8000)]),
        ("4-0-6-2", [("in", 4000), ("out", 6000), ("hold", 2000)]),
        ("even", [("in", 5000), ("out", 5000)]),
        ("box", [("in", 4000), ("hold", 4000), ("out", 4000), ("hold", 4000)]),
        ("4-7-8", [("in", 4000), ("hold", 7000), ("out", 8000)]),
        ("resonance", [("in", 5500), ("out", 5500)]),
        ("sigh", [("in", 3000), ("in", 1500), ("out", 7500)]),
        ("night", [("in", 4000), ("out", 6000)]),
    ],
)
def test_a_breath_is_four_numbers_or_a_name(written: str, phases: list[tuple[Any, int]]) -> None:
    breath = step(f"breathe: {written}").breathe
    assert breath.pattern == tuple(Phase(kind, ms) for kind, ms in phases)
    assert breath.cycle_ms == sum(ms for _, ms in phases)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("sore", Condition("sore", None, False, NOWHERE)),
        ("not sore", Condition("sore", None, True, NOWHERE)),
        ("foot is left", Condition("foot", "left", False, NOWHERE)),
        ("foot is not left", Condition("foot", "left", True, NOWHERE)),
    ],
)
@pytest.mark.parametrize("key", ["when", "unless"])
def test_a_condition_names_a_fact_and_perhaps_an_answer(key: str, written: str, condition: Condition) -> None:
    made = step(f"{{say: Stroke., {key}: {written}}}")
    assert getattr(made, key) == condition
    assert str(condition) == written


def test_a_section_may_have_conditions_too() -> None:
    script = "listener: {sore: {yes or no: no}}\nsteps:\n  - {section: Heel, unless: sore, steps: [{pause: 20s}]}\n"
    section = bare(right(script).steps[0])
    assert section.unless == Condition("sore", None, False, NOWHERE)


def test_a_use_names_a_block_of_this_script_or_of_another() -> None:
    steps = bare(right("steps: [{use: settle}, {use: whole-foot#settle}]\n").steps)
    assert steps == (Use("settle", "", NOWHERE), Use("settle", "whole-foot", NOWHERE))


def test_yaml_never_turns_a_word_into_something_else() -> None:
    routine = right(
        "routine: no\nid: on\nlanguage: no\npurpose: 1:30\nmaterials: [yes, 12, 1.0, null, ~, 2024-01-01]\n"
        "listener: {no: {one of: [yes, no], ask: off}}\nsteps:\n  - {do: no, say: Yes, zone: 0x10, for: 1:30}\n"
    )
    assert (routine.title, routine.id, routine.language, routine.purpose) == ("no", "on", "no", "1:30")
    assert routine.materials == ("yes", "12", "1.0", "null", "~", "2024-01-01")
    assert routine.listener == {"no": Fact(("yes", "no"), "yes", "off")}
    (made,) = bare(routine.steps)
    assert (made.name, made.say, made.zone, made.length) == ("no", text("Yes"), "0x10", Range(90_000, 90_000, 90_000))


# --- texts


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Let go.", ("Let go.",)),
        ("'[2s] Let go.'", (2000, " Let go.")),
        ("Let go. [1:30]", ("Let go. ", 90_000)),
        ("Let go. [0.5s][2s] Rest.", ("Let go. ", 500, 2000, " Rest.")),
        ("'{side}, {other}: [2s] go.'", (slot("side"), ", ", slot("other"), ": ", 2000, " go.")),
        (
            "The {which-foot} foot (softly), 50% & more; 3 < 4!",
            ("The ", slot("which-foot"), " foot (softly), 50% & more; 3 < 4!"),
        ),
        ("'It''s: fine.'", ("It's: fine.",)),
        ('"A \\"soft\\" hand"', ('A "soft" hand',)),
        (">-\n      Let your\n      shoulders   drop.\n\n      Rest.", ("Let your shoulders drop. Rest.",)),
        ("|\n      Let go.\n      [2s]\n      Rest.", ("Let go. ", 2000, " Rest.")),
        ("Grüße 🦶 an die Füße", ("Grüße 🦶 an die Füße",)),
    ],
)
def test_a_text_is_words_live_values_and_silences(written: str, parts: tuple[Any, ...]) -> None:
    assert step(f"say: {written}").say == text(*parts)


@pytest.mark.parametrize(
    "written",
    [
        "The {side} foot, and the {other} one.",
        "'It''s the {side} foot: then the {other} one.'",
        '"Tab\\tand \\u00e9: the {side} foot, then the {other} one."',
        ">-\n      Now the {side} foot.\n      Then the {other} one.",
        ">\n      Now the {side} foot.\n\n      Then the {other} one.\n",
        "|\n      Now the {side} foot.\n      Then the {other} one.",
        "|2-\n          Now the {side} foot.\n          Then the {other} one.",
        "Now the {side}\n      foot, then\n      the {other} one.",
        "'Now the\n\n      {side} foot, then the {other} one.'",
        '"Now the {side} foot, \\\n      then the {other} one."',
        "🦶🏽 Füße, the {side}, the {other}.",
        "The {side} foot.  # not the {other} one\n    brief: The {other} foot.",
    ],
)
def test_a_live_value_knows_where_it_was_written(written: str) -> None:
    routine = right(f"steps:\n  - say: {written}\n")
    (made,) = routine.steps
    assert isinstance(made, Step)
    slots = [found for said in (made.say, made.brief) if said for found in said.slots()]
    assert [found.name for found in slots] == ["side", "other"]
    for found in slots:
        span = found.span
        line = span.source.line(span.line)
        assert line[span.column - 1 : span.column - 1 + span.width] == "{" + found.name + "}"
        assert "#" not in line[: span.column]


def test_the_same_live_value_twice_has_two_places() -> None:
    (made,) = right("steps:\n  - say: '{side} and {side}, and\n      {side}'\n").steps
    assert isinstance(made, Step)
    assert made.say is not None
    assert [(found.span.line, found.span.column) for found in made.say.slots()] == [(4, 11), (4, 22), (5, 7)]


def test_a_comment_in_front_of_a_folded_text_is_no_part_of_it() -> None:
    (made,) = right("steps:\n  - say: >  # about {side}\n      The {side} foot.\n").steps
    assert isinstance(made, Step)
    assert made.say is not None
    assert [(found.span.line, found.span.column) for found in made.say.slots()] == [(5, 11)]


def places(items: tuple[Item, ...]) -> list[Span]:
    found = []
    for item in items:
        found.append(item.span)
        if isinstance(item, Section):
            found += places(item.between) + places(item.steps)
        if isinstance(item, Repeat):
            found += places(item.steps)
    return found


def test_every_step_knows_where_it_was_written(example: Routine) -> None:
    spans = [*places(example.blocks["settle"]), *places(example.steps)]
    written = [span.source.line(span.line)[span.column - 1 :][: span.width] for span in spans]
    assert written == [
        "say",
        "chime",
        "settle",
        "section",
        "chime",
        "do",
        "do",
        "do",
        "repeat",
        "breathe",
        "pause",
        "chime",
    ]


def test_every_value_knows_where_it_was_written(example: Routine) -> None:
    section = example.steps[2]
    assert isinstance(section, Section)
    warm = section.steps[0]
    assert isinstance(warm, Step)
    places = {key: (span.line, span.column, span.width) for key, span in warm.spans.items()}
    assert places == {
        "do": (37, 13, 4),
        "title": (38, 16, 12),
        "say": (39, 14, 75),
        "brief": (40, 16, 26),
        "for": (41, 14, 14),
        "zone": (42, 15, 4),
        "pressure": (43, 19, 1),
        "at": (45, 11, 1),
    }


# --- files


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a byte order mark", lambda raw: b"\xef\xbb\xbf" + raw),
        ("the line ends of Windows", lambda raw: raw.replace(b"\n", b"\r\n")),
        ("the line ends of old Macs", lambda raw: raw.replace(b"\n", b"\r")),
        ("no line end at the end", lambda raw: raw.rstrip(b"\n")),
        ("a line of dashes first", lambda raw: b"---\n" + raw),
    ],
)
def test_the_bytes_around_a_script_do_not_matter(name: str, change: Any, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_bytes(change(EXAMPLE.encode()))
    routine, report = read(load(path))
    assert not report, str(report)
    assert bare(routine) == bare(right(EXAMPLE, "example.yaml"))


@pytest.mark.parametrize("path", sorted(bundled("scripts").glob("*.yaml")), ids=lambda path: str(path.stem))
def test_a_bundled_script_has_no_problem(path: Path) -> None:
    routine, report = voiceguide.examine(path)
    assert str(report) == ""
    assert routine is not None
    assert routine.id == path.stem


def test_a_block_of_another_script_brings_the_blocks_it_uses(tmp_path: Path) -> None:
    head = "routine: Test\nlength: 1s..1m..25m\n"
    there = "blocks:\n  settle: [{use: rest}, {say: Let go.}]\n  rest: [{pause: 1s..1m..25m}]\nsteps: [{use: settle}]\n"
    (tmp_path / "there.yaml").write_text(head + there)
    here = tmp_path / "here.yaml"
    here.write_text(head + "blocks:\n  rest: [{say: Not this one.}]\nsteps: [{use: there#settle}]\n")
    routine, report = voiceguide.examine(here)
    assert str(report) == ""
    assert routine is not None
    assert bare(routine.blocks["there#settle"][0]) == Use("rest", "there", NOWHERE)
    assert [span.source.label for span in places(routine.blocks["there#rest"])] == [str(tmp_path / "there.yaml")]


# --- tables and properties


EXAMPLES = [
    (name, example)
    for name, scalar in vars(scalars).items()
    if isinstance(scalar, Scalar)
    for example in scalar.examples
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_in_the_table_of_values_is_right(name: str, example: str) -> None:
    scalar: Scalar = getattr(scalars, name)
    assert not isinstance(scalar.parse(example), Wrong)


@given(st.integers(0, LONGEST_MS))
def test_a_duration_written_by_us_is_read_again(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


@given(st.integers(0, LONGEST_MS // 1000))
def test_a_clock_written_by_us_is_read_again(seconds: int) -> None:
    assert parse_duration(format_clock(seconds * 1000)) == seconds * 1000


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_both_ways_of_writing_a_duration_mean_the_same(hours: int, minutes: int, seconds: int, ms: int) -> None:
    total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
    assert parse_duration(f"{hours}h{minutes}m{seconds}.{ms:03}s") == total
    assert parse_duration(f"{hours}:{minutes:02}:{seconds:02}.{ms:03}") == total


@given(st.text(max_size=20) | st.from_regex(r"\A[0-9]{1,3}[.,: ]?[0-9]{0,4} ?[hmsHMS]?[a-z]{0,5}\Z"))
def test_a_suggested_duration_is_a_duration(written: str) -> None:
    assert suggest_duration(written) == "" or parse_duration(suggest_duration(written)) is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5", "5s"),
        ("5.5", "5.5s"),
        ("5 sec", "5s"),
        ("90sec", "90s"),
        ("8S", "8s"),
        ("2 min", "2m"),
        ("1 hour", "1h"),
        ("1m30", "1m30s"),
        ("1m 30s", "1m30s"),
        ("1 minute 30 seconds", "1m30s"),
    ],
)
def test_a_suggested_duration_is_what_was_meant(written: str, meant: str) -> None:
    assert suggest_duration(written) == meant


# --- what a script must never do


def test_a_number_of_any_length_is_no_crash() -> None:
    assert parse_duration("9" * 5000 + "s") is None


def test_a_message_is_one_line_even_where_a_key_is_not() -> None:
    script = 'routine: Test\nlength: 1m\n"a\\nb": x\n"a\\nb": y\npronounce: {"x\\ny": }\nsteps: [{pause: 1m}]\n'
    _, report = read(Source("test.yaml", script))
    assert [p.message for p in report if "\n" in p.message] == []


def test_a_place_is_never_outside_the_text() -> None:
    _, report = read(Source("test.yaml", "---\n# still to be written"))
    assert [p.span.line for p in report if p.span.line > 2] == []


NESTED = "routine: Test\nlength: 1m\nsteps: [{repeat: 9999, steps: [{repeat: 9999, steps: [{repeat: 9999, steps: [{pause: 1s}]}]}]}]\n"
DOUBLED = "\n".join(
    (
        "routine: Test\nlength: 1m\nblocks:",
        *(f"  b{n}: [{{use: b{n + 1}}}, {{use: b{n + 1}}}]" for n in range(40)),
        "  b40: [{pause: 1s}]\nsteps: [{use: b0}]\n",
    )
)


@pytest.mark.parametrize("script", [NESTED, DOUBLED], ids=["rounds", "blocks"])
def test_a_script_that_unrolls_without_end_is_refused_in_time(script: str, tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(script)
    command = [sys.executable, "-m", "voiceguide", "check", str(tmp_path / "test.yaml")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=3, check=False)
    assert result.returncode == 1
