"""Advice for authors: every warning has a case that earns it, one that does not, and a way to be allowed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.make import routine
from tests.script.cases import LINTS, Case
from tests.script.test_cases import typed
from voiceguide.author.advice import lint
from voiceguide.author.advice_words import AVOIDED, BREATH_RULE, HAND_WASH, STOP_RULE, TAGS, avoided, sides_named, tells
from voiceguide.author.flow import flow, locate
from voiceguide.author.suppress import silence, silenceable
from voiceguide.codes import CODES
from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.loading import examine, open_routine
from voiceguide.script.scalars import ID, Wrong
from voiceguide.source import Source, Span

WARNINGS = sorted(code for code, row in CODES.items() if row.severity == "warning" and code != "sounds-file")
"""Those of scripts; the one of `sounds.yaml` is shown in tests/library."""
SHIPPED = sorted((Path(__file__).parents[2] / "scripts").glob("*.yaml"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in LINTS.values()])
def test_a_case_is_told_exactly_what_it_expects(case: Case, desk: Path) -> None:
    assert case.told(case.judged(desk), desk) == case.expected


def test_every_warning_has_a_case_of_its_own_and_one_that_does_not_earn_it() -> None:
    for code in WARNINGS:
        assert {said.code for said in LINTS[code].said} == {code}, code
        assert LINTS[f"{code}-fine"].expected == "nothing", code


def test_a_routine_with_warnings_opens_and_examine_alone_gives_no_advice(desk: Path) -> None:
    for case in LINTS.values():
        path = case.path(desk)
        assert open_routine(str(path)).title, case.name
        assert [found.code for found in examine(path)[1]] == [], case.name


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_scripts_earn_no_advice_and_silence_none(path: Path) -> None:
    assert str(examine(path, advise=True)[1]) == ""
    assert "# allow" not in path.read_text("utf-8")


TYPED = ("impossible-range", "unknown-tag", "thumb-of-foot", "hold-with-hands", "side-named", "allow-unknown")


@pytest.mark.parametrize("code", TYPED)
def test_typing_the_first_proposal_of_a_hint_mends_the_script(code: str, tmp_path: Path, desk: Path) -> None:
    before = [p for p in LINTS[code].judged(desk) if p.code == code]
    mended = tmp_path / f"{code}.yaml"
    mended.write_text(typed(before[0].fixes[0]), "utf-8")
    left = [p for p in examine(mended, advise=True)[1] if p.code == code]
    assert len(left) == len(before) - 1


def test_a_script_with_errors_is_given_no_advice(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("routine: The cure\nlength: 1m\nsteps:\n  - pause: 60 # allow no-opening\n", "utf-8")
    assert [p.code for p in examine(path, advise=True)[1]] == ["missing-unit"]


def test_ten_thousand_steps_are_judged_in_under_a_second() -> None:
    step = "  - do: a{0}\n    say: Stroke the whole sole with flat hands, round {0}.\n    for: 20s..30s..60s\n"
    made = routine("steps:\n" + "".join(step.format(n) for n in range(10_000)))
    start = time.process_time()
    found = [p.code for p in lint(made)]
    assert time.process_time() - start < 1
    assert found == ["no-stop-rule", "no-closing", "no-hand-wash"]


@pytest.mark.parametrize(
    ("pressure", "breathe", "holds"),
    [
        ("3", "4-7-8", False),
        ("4", "4-7-8", True),
        ("1..2..4", "4-7-8", True),
        ("4", "{pattern: 4-0-4-0, to: 4-0-6-0, over: 3}", False),
        ("4", "{pattern: 4-0-4-0, to: 4-2-6-0, over: 3}", True),
    ],
)
def test_holding_the_breath_and_pressing_do_not_go_together(pressure: str, breathe: str, holds: bool) -> None:
    made = routine(f"steps: [{{do: knead, for: 1m, pressure: {pressure}, breathe: {breathe}}}]")
    assert ("hold-with-hands" in [p.code for p in lint(made)]) is holds


# --- the words


HEARD = {
    "claim": "cure cures cured curing heal heals healed healing healer treat treats treated treating treatment "
    "treatments remedy remedies detox detoxes detoxify toxin toxins cleanse cleanses cleansing diagnose diagnosis "
    "diagnosing guaranteed guarantees",
    "disease": "diabetes diabetic arthritis arthritic osteoarthritis arthrosis fasciitis spur spurs migraine migraines "
    "headaches cancer tumor tumour insomnia anxiety hypertension sciatica gout fungus varicose oedema bunions",
    "organ": "liver kidneys spleen bladder bowels lungs heart stomach brain thyroid ovaries sinuses",
}
PHRASES = {
    "claim": (
        "therapy for tired legs",
        "therapies against pain",
        "doctor-approved",
        "clinically proven",
        "no side effects",
        "without any side effects",
        "In ten days, your pain",
        "within 3 weeks the stiffness",
        "pain gone in a few days",
        "pain-free in 7 days",
    ),
    "disease": ("high blood pressure", "heel spur", "athlete’s foot", "panic attacks", "hallux valgus"),
    "organ": ("gall bladder",),
    "thumb-of-foot": ("thumb of the foot", "thumbs of your left foot", "thumb of the {side} foot", "the foot's thumb"),
}


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, words in HEARD.items() for word in words.split()])
def test_a_word_to_be_avoided_is_found_whole_in_any_case(code: str, word: str) -> None:
    assert list(avoided(f"So {word.upper()}, they say.")) == [(code, word)]


@pytest.mark.parametrize(("code", "phrase"), [(code, phrase) for code, said in PHRASES.items() for phrase in said])
def test_a_phrase_to_be_avoided_is_found(code: str, phrase: str) -> None:
    assert [found for found, _ in avoided(f"We say: {phrase}.")] == [code]


HARMLESS = (
    "the heel", "heels", "healthy feet", "health", "a treat for tired feet", "treat yourself to a rest",
    "treat your feet to a warm towel", "treat the skin gently", "a secure seat", "pedicure and manicure", "curious",
    "cushion the heel", "retreat", "a treaty", "cleanser", "cleanse your feet", "stroke the sole", "spurt",
    "on the spur of the moment", "press into the small depression", "the healed place", "plan tar", "tox", "liverish",
    "physiotherapy", "after ten days", "two minutes left, then the pain of Monday", "lie on your stomach", "by heart",
    "fill your lungs", "the thumb of your left hand", "hold the foot, thumb below", "no guarantee", "sine curve",
)  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_left_alone(text: str) -> None:
    assert list(avoided(f"Now {text}.")) == []


def test_each_word_of_a_text_is_reported_once() -> None:
    assert list(avoided("It heals, heals and cures.")) == [("claim", "heals"), ("claim", "cures")]


def test_every_code_of_avoided_words_is_a_warning() -> None:
    assert [code for code in AVOIDED if CODES[code].severity != "warning"] == []


def test_questions_to_the_listener_are_free_and_organs_only_concern_two_families() -> None:
    text = """
family: {family}
listener:
  sick: {{yes or no: no, ask: Has a doctor treated your arthritis?}}
steps: [{{chime: begin}}, {{say: Think of your kidneys.}}]
"""
    for family, codes in (("reflex", ["organ"]), ("points", ["organ"]), ("general", [])):
        assert [p.code for p in lint(routine(text.format(family=family)))] == codes


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        (STOP_RULE, "Stop at sharp pain.", True),
        (STOP_RULE, "If anything hurts, ease off.", True),
        (STOP_RULE, "Numb or tingling? Stop.", True),
        (STOP_RULE, "Don’t stop, even if it hurts.", False),
        (STOP_RULE, "Do not stop at pain.", False),
        (STOP_RULE, "Lighter is always right.", False),
        (STOP_RULE, "Stop when the chime sounds.", False),
        (BREATH_RULE, "Dizzy, tingling or short of air? Breathe normally.", True),
        (BREATH_RULE, "If you feel faint, go back to your own breathing.", True),
        (BREATH_RULE, "Stop at pain or dizziness.", False),
        (BREATH_RULE, "Breathe normally.", False),
        (HAND_WASH, "Wipe both feet dry.", True),
        (HAND_WASH, "Then wash your hands.", True),
        (HAND_WASH, "Let the day be washed away.", False),
    ],
)
def test_words_of_care_are_recognized(rule: tuple[str, str], text: str, found: bool) -> None:
    assert tells(text, rule) is found


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("your left foot", {"left": "left foot"}),
        ("the right inner heel and the left hand", {"right": "right inner heel", "left": "left hand"}),
        ("Lighter is always right. Foot down.", {}),
        ("two minutes left", {}),
        ("what is left on the foot, right on the heel", {}),
    ],
)
def test_sides_are_named_with_a_part_of_the_body(text: str, sides: dict[str, str]) -> None:
    assert sides_named(text) == sides


def test_tags_are_ids_with_a_meaning() -> None:
    assert [tag for tag, meaning in TAGS.items() if isinstance(ID.parse(tag), Wrong) or not meaning] == []


# --- the order of hearing, and places


def test_flow_meets_every_step_once_in_the_order_of_hearing_from_both_ends() -> None:
    made = routine(
        """
blocks: {ring: [{chime: begin, name: ring}]}
steps:
  - use: ring
  - section: Feet
    each: foot
    between: [{say: Change., name: change}]
    steps: [{say: One., name: one}, {repeat: 2, steps: [{say: Two., name: two}]}]
  - use: ring
"""
    )
    assert [visit.step.name for visit in flow(made)] == ["ring", "one", "two", "change"]
    assert [visit.step.name for visit in flow(made, backwards=True)] == ["ring", "two", "one", "change"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("say: It cures you.", (1, 9, 5)),
        ("say: >-\n  Some words,\n  and it Cures you.", (3, 10, 5)),
        ('say: "secure, it cures"', (1, 18, 5)),
        ("say: nothing of the kind", (1, 6, 9)),
    ],
)
def test_words_are_located_in_their_value_over_lines(text: str, place: tuple[int, int, int]) -> None:
    span = locate(Span(Source("a.yaml", text), 1, 6, 9), "cures")
    assert (span.line, span.column, span.width) == place


# --- allowing


def allowed(text: str, *lines: int, code: str = "claim") -> list[tuple[int, str]]:
    """Return line and code of what is left of a warning at each of *lines*."""
    source = Source("a.yaml", text)
    report = Report.of(problem(code, Span(source, line, 1), expected="x", found="y") for line in lines)
    return [(found.span.line, found.code) for found in silence(source, report)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: x # allow claim: why", 1),
        ("# allow claim: why\na: x", 2),
        ("# allow claim: why\n\n# a remark\na: x", 4),
        ("a: x # allow disease, claim: why", 1),
        ("a: >- # allow claim: why\n  x\n  y", 3),
        ("# allow claim: why\na: |\n  x\n  y\nb: z", 4),
        ('a: "x # y" # allow claim: why', 1),
        ("a: 'it''s # x' # allow claim: why", 1),
        ("a: x\n  y # allow claim: why", 1),
        ("a: {b: x, c: y} # allow claim: why", 1),
        ("a: größer 😀 # allow claim: why", 1),
        ("b: x\r\n# allow claim: why\r\na: x\r\n", 3),
    ],
)
def test_a_comment_allows_on_its_line_and_on_the_one_below(text: str, line: int) -> None:
    left = allowed(text, line)
    assert [code for _, code in left if code != "allow-unused"] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: "x # allow claim: why"', 1),
        ("a: 'x # allow claim: why'", 1),
        ("a: >-\n  x\n  # allow claim: why\n  y", 4),
        ("a: |\n  # allow claim: why\n  y", 3),
        ("a: x# allow claim: why", 1),
        ("a: x # allowing claim: why", 1),
        ('a: "x\n  # allow claim: why\n  y"', 3),
    ],
)
def test_what_is_no_comment_allows_nothing_and_is_not_judged(text: str, line: int) -> None:
    assert allowed(text, line) == [(line, "claim")]


def test_a_comment_allows_only_its_own_line_and_its_own_code() -> None:
    assert allowed("a: x # allow claim: why\nb: y", 1, 2) == [(2, "claim")]
    assert allowed("a: x # allow disease: why", 1) == [(1, "claim"), (1, "allow-unused")]
    assert allowed("a: x # allow time: why", 1) == [(1, "claim"), (1, "allow-unknown")]
    assert allowed("a: x # allow more time", 1) == [(1, "claim")]
    assert allowed("a: x # allow claim because I say so", 1) == [(1, "allow-reason")]


def test_errors_are_never_allowed_and_then_comments_are_not_judged() -> None:
    assert allowed("a: x # allow duration, claim: why", 1, code="duration") == [(1, "duration")]


def test_warnings_of_another_script_are_allowed_there() -> None:
    here, other = Source("a.yaml", "a: x"), Source("b.yaml", "b: y # allow claim: why\nc: z # allow disease: why")
    found: Diagnostic = problem("claim", Span(other, 1, 1), expected="x", found="y")
    assert list(silence(here, Report((found,)))) == []


def test_advice_can_be_allowed_and_what_is_said_about_allowing_cannot() -> None:
    assert [code for code in WARNINGS if not silenceable(code)] == ["allow-reason", "allow-unknown", "allow-unused"]
