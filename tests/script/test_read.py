"""Right scripts: every sentence of the language is read into exactly the nouns it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voiceguide
from tests.script.reading import EXAMPLE, bare, right, slot, step, text
from voiceguide.files import bundled
from voiceguide.library.scripts import load
from voiceguide.script.model import (
    Bed,
    Block,
    Condition,
    Each,
    Event,
    Fact,
    Group,
    Item,
    Moment,
    Range,
    Repeat,
    Routine,
    Section,
    Step,
    Touch,
    Use,
)
from voiceguide.script.read import read
from voiceguide.script.rounds import Breath, BreathCue, Counts, Phase
from voiceguide.source import NOWHERE, Span

"""The example of the language's own page, word for word."""


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
    assert bare(example.blocks) == {"settle": Block((settle,))}


def test_the_steps_are_what_is_written_in_order(example: Routine) -> None:
    assert [type(item) for item in example.steps] == [Step, Use, Section, Repeat, Step, Step]
    begin, settle, _, _, pause, end = bare(example.steps)
    assert begin == Step("begin", NOWHERE, title="Begin", chime="begin")
    assert settle == Use("settle", "", NOWHERE)
    assert pause == Step("pause", NOWHERE, title="Pause", pause=Range(5000, 20_000, 60_000))
    assert end == Step("end", NOWHERE, title="End", chime="end")


def test_a_section_runs_for_each_foot_with_a_change_between(example: Routine) -> None:
    section = bare(example.steps[2])
    assert (section.title, section.each) == ("Right and left foot", Each())
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
        quiet=Range(6000, 6000, 6000),
        zone="sole",
        pressure=Touch(3, 3, 3),
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
        quiet=Range(6000, 6000, 6000),
        breathe=Breath((Phase("in", 4000), Phase("out", 4000))),
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
        quiet=Range(6000, 6000, 6000),
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
        ("foot", Each()),
        ("{side: [left, right]}", Each(("left", "right"))),
        ("{side: [right, left]}", Each(("right", "left"))),
        ("{side: [right]}", Each(("right",))),
        ("right first", Each(lead="right")),
        ("affected only", Each(lead="affected", only=True)),
        ("{first: affected, share: 3 to 1}", Each(lead="affected", share=(3, 1))),
        ("\n      side:\n      - right\n      - left", Each(("right", "left"))),
    ],
)
def test_each_is_foot_or_an_order_of_sides(written: str, each: Each) -> None:
    section = right(f"steps:\n  - section: Feet\n    each: {written}\n    steps:\n      - pause: 20s\n").steps[0]
    assert isinstance(section, Section)
    assert section.each == each


def test_breathe_is_a_pattern_or_a_mapping_with_its_cue() -> None:
    assert step("breathe: box") == step("breathe: {pattern: box}") == step("breathe: {cue: tone, pattern: 4-4-4-4}")
    assert step("breathe: {pattern: box, cue: count}").breathe.cues == (BreathCue("count"),)


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
    assert step("{do: warm, for: 30s}").quiet.shortest == 6000
    assert step("{name: warm, say: Stroke., for: 30s}").quiet.shortest == 0
    assert step("{do: warm, for: 30s, quiet: 2.5s}").quiet.shortest == 2500
    assert step("{say: Stroke., for: 30s, quiet: 4s}").quiet.shortest == 4000


def test_a_chime_may_say_its_strikes() -> None:
    made = step("{chime: end, strikes: 3, every: 4s}")
    assert (made.chime, made.strikes, made.every_ms) == ("end", 3, 4000)


def test_a_step_may_have_three_wordings() -> None:
    made = step("{say: Stroke the sole., brief: Stroke it., minimal: Stroke.}")
    assert (made.say, made.brief, made.minimal) == (text("Stroke the sole."), text("Stroke it."), text("Stroke."))


def test_lists_and_mappings_may_be_written_in_lines_or_in_brackets() -> None:
    lines = "materials:\n  - oil\n  - towel\nvoice:\n  pace: 125 wpm\nsteps:\n  -\n    pause: 20s\n"
    assert bare(right(lines)) == bare(right("materials: [oil, towel]\nvoice: {pace: 125 wpm}\nsteps: [{pause: 20s}]\n"))


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
        (">-\n      Let your\n      shoulders   drop.\n\n      Rest.", ("Let your shoulders drop.\nRest.",)),
        ("|\n      Let go.\n      [2s]\n      Rest.", ("Let go.\n", 2000, "\nRest.")),
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
    spans = [*places(example.blocks["settle"].items), *places(example.steps)]
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
    assert bare(routine.blocks["there#settle"].items[0]) == Use("rest", "there", NOWHERE)
    assert [span.source.label for span in places(routine.blocks["there#rest"].items)] == [str(tmp_path / "there.yaml")]
