"""Scripts to begin with: they check clean, keep what was typed, add up, and can be as short and as long as they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.need import missing
from voiceguide.author.format import format_script
from voiceguide.author.starter import begin as starter
from voiceguide.author.starter.begin import SIDES, Starter, TooShort, Wanted, clean, short_names, spoken
from voiceguide.cli.new import BREATHS, KINDS, planned, templates
from voiceguide.clip_store import VoiceOptions
from voiceguide.loading import examine
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import CAPS_MS, Each, Repeat, Routine, Section, Step
from voiceguide.script.read import read
from voiceguide.session import Session, compile_session
from voiceguide.source import Source
from voiceguide.speech.piper import PiperEngine

MINUTE_MS = 60_000
MOST_ROUNDS = {"box": 20, "4-7-8": 4, "sigh": 25}


def begin(wanted: Wanted) -> Starter | TooShort:
    return starter.begin(wanted, templates(), planned)


def begun(wanted: Wanted) -> Starter:
    made = begin(wanted)
    assert isinstance(made, Starter), made
    return made


def routine_of(made: Starter, folder: Path) -> Routine:
    """Return the routine of a script that has neither errors nor warnings but those about what was typed."""
    path = folder / "begun.yaml"
    path.write_text(made.text, encoding="utf-8")
    routine, report = examine(path, advise=True)
    assert {found.code for found in report} <= {"read-aloud"}, f"{report}\n\n{made.text}"
    assert routine is not None
    return routine


def session(routine: Routine, length_ms: int, engine: str = "tone") -> Session:
    return compile_session(routine, SessionRequest(length_ms=length_ms), VoiceOptions(engine=engine))


def lengths(made: Starter) -> Iterator[int]:
    """Yield lengths over the whole range, ends included, and odd ones in between."""
    low, mid, high = made.length.shortest, made.length.natural, made.length.longest
    yield from sorted({low, (low + mid) // 2, mid, (mid + high) // 2, high, low + (high - low) * 7 // 9})


def full(routine: Routine, engine: str = "tone") -> Session:
    """Return *routine* at its default length, at which nothing is left out and every text is said in full."""
    made = session(routine, routine.length.natural, engine)
    assert (made.plan.left_out, made.plan.changes) == ((), ())
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "sides", "bed", "chimes"),
    list(product(("massage", "breathing", "rest"), SIDES, ("rain", "stream", "drone", "none"), (True, False))),
)
def test_every_combination_checks_clean_and_can_be_planned(
    kind: str, sides: str, bed: str, chimes: bool, tmp_path: Path
) -> None:
    made = begun(Wanted("Evening", 7 * MINUTE_MS, kind, sides, "hand", bed=bed, chimes=chimes))
    routine = routine_of(made, tmp_path)
    assert routine.length == made.length
    assert full(routine).timeline.frames == 7 * MINUTE_MS * 48
    assert routine.length.shortest <= 4.5 * MINUTE_MS
    assert routine.length.longest == 10.5 * MINUTE_MS
    assert (routine.bed.sound if routine.bed else "none") == bed
    assert ("chime: " in made.text.replace("`chime: ", "")) is chimes
    assert format_script(Source("begun.yaml", made.text)) == made.text
    for length_ms in lengths(made):
        assert session(routine, length_ms).timeline.frames == length_ms * 48


@pytest.mark.parametrize("engine", ["tone", pytest.param("espeak", marks=pytest.mark.slow)])
@pytest.mark.parametrize("minutes", [1, 1.5, 3, 6, 12, 25])
@pytest.mark.parametrize("kind", ["massage", "breathing", "rest"])
def test_the_whole_range_can_be_had_and_the_default_says_everything(
    kind: str, minutes: float, engine: str, tmp_path: Path
) -> None:
    made = begun(Wanted("Any", round(minutes * MINUTE_MS), kind, "none" if kind == "breathing" else "both"))
    routine = routine_of(made, tmp_path)
    for length_ms in lengths(made):
        assert session(routine, length_ms, engine).timeline.frames == length_ms * 48
    full(routine, engine)
    assert made.length.natural == minutes * MINUTE_MS
    assert made.length.longest <= CAPS_MS[routine.family]


@pytest.mark.slow
def test_a_neural_voice_fits_too(tmp_path: Path) -> None:
    if PiperEngine().status().state != "ready":
        missing("piper")
    made = begun(Wanted("Any", 90_000, steps=("stroke the palm",)))
    routine = routine_of(made, tmp_path)
    for length_ms in (made.length.shortest, made.length.natural, made.length.longest):
        assert session(routine, length_ms, "piper").timeline.frames == length_ms * 48


@pytest.mark.parametrize("minutes", [1, 3, 7, 12, 25])
@pytest.mark.parametrize("breath", BREATHS)
def test_every_breath_comes_in_whole_rounds_and_no_more_of_them_than_are_right(
    breath: str, minutes: int, tmp_path: Path
) -> None:
    made = begun(Wanted("Breath", minutes * MINUTE_MS, "breathing", "none", breath=breath))
    routine = routine_of(made, tmp_path)
    cycle = 48 * next(item.steps[0].breathe.length_ms(1) for item in routine.steps if isinstance(item, Repeat))  # type: ignore[union-attr]
    for length_ms in lengths(made):
        rounds = [step for step in session(routine, length_ms).timeline.steps if step.step == "round"]
        assert {step.frames for step in rounds} == {cycle}
        assert len(rounds) <= MOST_ROUNDS.get(breath, 999)
    assert [step.optional for step in routine.steps if isinstance(step, Step) and step.optional] == []


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NASTY = st.sampled_from(
    [
        "a: b", "- dash", "'single'", '"double"', "{brace} [bracket]", "# comment", "\U0001f9b6\u200d\u2640\ufe0f", "no",
        "1:30", "~", "*a", "&b", "!c", "%d", "@e", "`f`", "tab\there", "line\nbreak", "\u2028", "\x85", "$name ${x}",
        "\ufffe", "\\", "Größe", "足を温める", "{side}", "...", "---", "a" * 200, "<<", "key: [", "\ufeff",
    ]
)  # fmt: skip


@settings(deadline=None)
@given((ANYTHING | NASTY).filter(clean), st.lists(ANYTHING | NASTY, max_size=8), st.integers(60, 1500), st.data())
def test_whatever_is_typed_reads_back(title: str, steps: list[str], length_s: int, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["massage", "breathing", "rest"]))
    wanted = Wanted(title, length_s * 1000, kind, data.draw(st.sampled_from(list(SIDES))), steps=tuple(steps))
    wanted = replace(wanted, part=data.draw(st.sampled_from(["foot", "hand"]) | ANYTHING | NASTY))
    made = begin(wanted)
    if isinstance(made, TooShort):
        assert made.least_ms > wanted.length_ms
        wanted = replace(wanted, length_ms=made.least_ms)
        made = begun(wanted)
    assert made.length.natural == wanted.length_ms
    routine, report = read(Source("begun.yaml", made.text))
    assert not report, f"{report}\n\n{made.text}"
    assert routine is not None
    assert format_script(Source("begun.yaml", made.text)) == made.text
    assert routine.title == clean(title)
    assert routine.length == made.length
    full(routine)
    if steps and kind != "breathing":
        section = next(item for item in routine.steps if isinstance(item, Section))
        titles = [step.title for step in section.steps if isinstance(step, Step) and step.name != "take"]
        assert [t.casefold() for t in titles] == [
            (clean(name) or f"Step {n}").casefold() for n, name in enumerate(steps, 1)
        ] or any(len(t.casefold()) != len(t) for t in titles)


@settings(deadline=None)
@given(st.lists(NASTY, min_size=2, max_size=5), st.integers(1, 12))
def test_whatever_is_typed_checks_clean_and_is_planned(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], minutes: int
) -> None:
    wanted = Wanted(steps[0] + "x", minutes * MINUTE_MS, steps=tuple(steps[1:]))
    made = begin(wanted)
    if isinstance(made, TooShort):
        made = begun(replace(wanted, length_ms=made.least_ms))
    routine = routine_of(made, tmp_path_factory.mktemp("typed"))
    for length_ms in (made.length.shortest, made.length.natural, made.length.longest):
        assert session(routine, length_ms).timeline.frames == length_ms * 48


def test_steps_too_many_for_the_time_name_the_time_they_need() -> None:
    names = tuple(f"step number {n}" for n in range(12))
    least = begin(Wanted("T", 2 * MINUTE_MS, steps=names))
    assert least == TooShort(250_000)
    assert isinstance(begin(Wanted("T", 250_000, steps=names)), Starter)
    assert isinstance(begin(Wanted("T", 245_000, steps=names)), TooShort)


@pytest.mark.parametrize(("part", "pair"), [("hand", "hand"), ("foot", "foot"), ("calf", "foot"), ("a" * 170, "foot")])
def test_both_sides_are_a_section_whatever_its_part_is_called(part: str, pair: str, tmp_path: Path) -> None:
    made = begun(Wanted("Evening", 20 * 60_000, part=part))
    section = next(item for item in routine_of(made, tmp_path).steps if isinstance(item, Section))
    assert section.each == Each()
    assert f"\n    each: {pair} " in made.text
    assert part in section.title


def test_short_names_are_ids_and_differ() -> None:
    names = ["Knead the thumb base", "Knead the thumb base", "Größe", "\U0001f9b6", "open", "A_b: c", "of the", "-x-"]
    assert short_names(names, ["open"]) == [
        "knead-thumb-base", "knead-thumb-base-2", "grosse", "step-4", "open-2", "b-c", "of-the", "x",
    ]  # fmt: skip


def test_spoken_names_have_no_marks_of_the_language() -> None:
    assert spoken(" - press [2s] {side}. ") == "press 2s side"
    assert spoken("\U0001f9b6 !") == ""


def test_the_frame_keeps_its_promises(tmp_path: Path) -> None:
    made = begun(Wanted("Evening", 7 * MINUTE_MS, "massage", "both", "foot", ("one", "two", "three", "four")))
    routine = routine_of(made, tmp_path)
    steps = [item for item in routine.steps if isinstance(item, Step)]
    section = next(item for item in routine.steps if isinstance(item, Section))
    assert [step.name for step in steps] == ["begin", "hello", "settle", "rest", "bye", "end"]
    assert [step.name for step in section.steps if isinstance(step, Step)] == ["take", "one", "two", "three", "four"]
    assert [step.optional for step in section.steps if isinstance(step, Step)] == [None, None, None, 2, 3]
    assert [step.chime for step in section.between if isinstance(step, Step)] == ["change"]
    assert (section.each, len(routine.announce)) == (Each(), 1)
    words = {step.name: step.say.parts[0] for step in steps if step.say}
    assert "Stop at sharp pain, numbness, tingling, dizziness" in str(words["hello"])
    assert all(word in str(words["bye"]) for word in ("Wipe both feet dry", "stand up slowly", "wash your hands"))


def test_half_way_is_said_from_six_minutes_on() -> None:
    for kind in ("massage", "breathing", "rest"):
        told = [("remaining" in begun(Wanted("T", s * 1000, kind)).text) for s in (359, 360)]
        assert told == [False, True]


def test_one_side_is_a_section_of_that_side(tmp_path: Path) -> None:
    routine = routine_of(begun(Wanted("T", 5 * MINUTE_MS, sides="right")), tmp_path)
    section = next(item for item in routine.steps if isinstance(item, Section))
    assert (section.each, section.between) == (Each(("right",)), ())
    spoken_words = [cue.text for cue in session(routine, 5 * MINUTE_MS).timeline.cues if cue.side]
    assert spoken_words
    assert not [text for text in spoken_words if "left" in text]


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_yaml_whose_slots_all_have_a_value(kind: str) -> None:
    head, script = yaml.safe_load_all(templates()[kind])
    assert list(script)[-1] == "steps"
    assert head["family"] in CAPS_MS
    assert not re.findall(r"\$[a-z]|# \[", begun(Wanted("T", 7 * MINUTE_MS, kind, bed="none")).text)


def test_what_the_template_says_to_authors_depends_on_the_answers() -> None:
    text = begun(Wanted("T", 7 * MINUTE_MS, language="de", breath="box")).text
    assert "# The words below are English: write them in the language of the voice (de)." in text
    assert "# The breath `box` is not for everybody" in text
    plain = begun(Wanted("T", 7 * MINUTE_MS)).text
    assert not [word for word in ("English", "not for everybody", "allow") if word in plain]
    one = begun(Wanted("T", 7 * MINUTE_MS, sides="left")).text
    assert one.count("# allow unbalanced-sides: ") == 1
