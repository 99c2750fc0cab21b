"""Whatever stands in a script, reading it gives a routine or a report, and never anything else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import voiceguide
from tests.tries import tries
from voiceguide.codes import CODES
from voiceguide.diagnostics import Report, ScriptError, UsageError
from voiceguide.files import bundled
from voiceguide.library.scripts import load
from voiceguide.script import scalars, texts
from voiceguide.script.grammar import KINDS
from voiceguide.script.model import Routine
from voiceguide.script.read import read
from voiceguide.script.shapes import Choose, Items, Key, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.source import Source

SCRIPTS = [path.read_text("utf-8") for path in sorted(bundled("scripts").glob("*.yaml"))]
LINE_ENDS = "\r\x85\u2028\u2029"
"""Ends of lines for YAML, though not for us: a script with them is told a wrong line (see yaml-line-separator-in-text)."""


def fuzz(examples: int) -> settings:
    """Return the settings of a test that runs *examples* times."""
    return tries(examples, suppress_health_check=[HealthCheck.too_slow])


def judge(report: Report) -> None:
    """Check that every problem of *report* can be shown: in order, inside its text, with a known code."""
    found = list(report)
    assert len(found) == len(set(found))
    assert [(p.span.source.label, p.span.line, p.span.column) for p in found] == sorted(
        (p.span.source.label, p.span.line, p.span.column) for p in found
    )
    for p in found:
        lines = p.span.source.lines
        assert p.code in CODES
        assert p.severity in ("error", "warning")
        assert p.message
        assert 1 <= p.span.line <= len(lines)
        assert 1 <= p.span.column <= len(lines[p.span.line - 1]) + 1
        assert p.span.width >= 1
        assert str(p).startswith(f"{p.span}: {p.severity}[{p.code}]: {p.message}\n")
        assert set(p.to_dict()) == {
            *("path", "line", "column", "severity", "code", "message", "hint", "expected", "found", "fixes")
        }
    assert isinstance(str(report), str)


def judge_both(routine: Routine | None, report: Report) -> None:
    """Check *report*, and that there is a routine exactly if it holds no error."""
    judge(report)
    assert (routine is None) == bool(report.errors)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a script that each example writes anew."""
    return tmp_path_factory.mktemp("fuzz") / "script.yaml"


def examined(text: str, desk: Path) -> None:
    desk.write_text(text, "utf-8", newline="\n")
    judge(voiceguide.examine(desk)[1])


# --- arbitrary text and bytes


WORDS = "routine: ¦length: ¦steps:¦\n¦  ¦- ¦- say: ¦{¦}¦[¦]¦: ¦'¦\"¦#¦&a ¦*a¦!t ¦|\n¦>-\n¦..¦8s¦1:30¦---\n¦...\n¦\t¦\ufeff¦\0¦🦶¦? ¦%YAML 1.2\n"


def without_other_line_ends(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, LINE_ENDS)))


def is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def typed(text: str) -> str:
    """Return *text* as an editor would save it: with a line end at its end, and with no other kind of line end."""
    return without_other_line_ends(text) + "\n"


@fuzz(300)
@given(st.text(max_size=80).map(typed))
@example("")
@example("\ufeff")
@example("\ufeffroutin: x")
@example("#")
@example("? a\n: b\n? c")
@example("[" * 100)
@example("{a: " * 100)
@example("a: |")
@example("a: >\n b\n\tc")
@example("a: \x00")
@example("é: \x07")
@example("- " * 60)
def test_any_text_is_read(text: str) -> None:
    judge_both(*read(Source("text.yaml", text)))


@fuzz(400)
@given(st.lists(st.sampled_from(WORDS.split("¦")) | st.text(max_size=3), max_size=25).map("".join).map(typed))
def test_any_text_that_looks_like_yaml_is_read(text: str) -> None:
    judge_both(*read(Source("text.yaml", text)))


@fuzz(200)
@given(
    st.binary(max_size=60)
    | st.tuples(st.sampled_from(SCRIPTS), st.integers(0, 2000), st.binary(max_size=4)).map(
        lambda t: t[0].encode()[: t[1]] + t[2] + t[0].encode()[t[1] :]
    )
)
@example("routine: Füße".encode("latin-1"))
@example("routine: Füße".encode("utf-16"))
@example(b"\r\n\r\xff")
@example(b"\xef\xbb\xbf\xff")
def test_any_bytes_are_loaded_or_refused(desk: Path, raw: bytes) -> None:
    if any(end.encode() in raw for end in LINE_ENDS[1:]):
        return
    desk.write_bytes(raw)
    try:
        source = load(desk)
    except ScriptError as error:
        judge(error.report)
        codes = [p.code for p in error.report]
    else:
        judge_both(*read(source))
        codes = []
    assert codes == ([] if is_utf_8(raw) else ["not-utf-8"])


def test_a_script_that_is_not_there_is_the_only_thing_that_raises(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "is a folder"), (tmp_path / "nowhere.yaml", "there is no file")):
        with pytest.raises(UsageError, match=message):
            voiceguide.examine(path)


# --- structures built from the grammar


NAMES = st.sampled_from(["settle", "warm", "zones", "heel"])
POOLS = {
    "chime": ("begin", "change", "end"),
    "sound": ("rain", "none"),
    "use": ("settle", "warm", "whole-foot#settle", "script#settle"),
    "when": ("heel", "not heel", "zones is left", "zones is yes"),
    "unless": ("warm", "settle is not right"),
    "repeat": ("3", "2..4..7", "0..1..2", "until 30s left"),
    "length": ("1s..30s..25m", "1s..2m..15m", "5m", "1s..10m..25m"),
    "for": ("5s..10s..20s", "30s", "1s..1m..5m", "0s..20s..10m", "0s"),
    "pause": ("0s..10s..5m", "20s", "1:30"),
    "bed": ("rain", "none"),
    "one of": ("left", "right", "both"),
}
"""Values that have a meaning beside their type: names that something else in the script may have."""
TEXTS = (
    "Let go.",
    "The {side} foot.",
    "[2s] {remaining} left, {round} of {rounds}.",
    "At {pressure}, {heel}.",
    "{nobody}",
)
JUNK = st.one_of(
    st.sampled_from(
        ["", " ", "5", "-1", "1m30", "5 sec", "no", "1:30", "{", "[2s", "]", "..", "2..4", "left", "ä" * 60, "a\nb"]
    ),
    st.integers(-5, 12),
    st.none(),
    st.booleans(),
    st.floats(-10, 10),
    st.text(max_size=8).map(without_other_line_ends),
    st.lists(st.integers(0, 9), max_size=2),
    st.dictionaries(st.sampled_from(["a", "say", "half", "30s"]), st.integers(0, 9), max_size=2),
)


NEEDS = {
    "do": "for",
    "brief": "say",
    "minimal": "say",
    "at": "for",
    "strikes": "chime",
    "every": "chime",
    "under": "chime",
    "recorded": "say",
    "group": "optional",
}
CLASHES = {"pause": ("say", "brief", "minimal", "for", "at", "breathe", "chime", "strikes", "every"), "do": ("name",)}


def scalar(key: str, wanted: scalars.Scalar) -> st.SearchStrategy[Any]:
    if key in POOLS:
        return st.sampled_from(POOLS[key])
    if wanted is texts.SPOKEN:
        return st.sampled_from(TEXTS)
    return NAMES if wanted in (scalars.ID, scalars.BLOCK) else st.sampled_from(wanted.examples)


def rarely(strange: st.SearchStrategy[Any], usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 150).flatmap(lambda n: strange if n == 150 else usual)


@cache
def value(key: str, wanted: Type, depth: int) -> st.SearchStrategy[Any]:
    """Return values of the type *wanted*, and now and then junk."""
    match wanted:
        case scalars.Scalar():
            made = scalar(key, wanted)
        case ListOf():
            made = st.lists(value(key, wanted.of, depth), min_size=wanted.least, max_size=3, unique_by=str)
        case MapOf():
            made = st.dictionaries(scalar("", wanted.key), value("", wanted.value, depth), max_size=3)
        case Nested():
            made = mapping(wanted.kind, depth)
            if wanted.short:
                made = value(key, wanted.short, depth) | made
        case OneOrMore():
            made = scalar(key, wanted.of) | st.lists(scalar(key, wanted.of), min_size=1, max_size=3)
        case Choose():
            cases = st.dictionaries(scalar("", texts.CASE), scalar(key, wanted.of), min_size=1, max_size=3)
            made = scalar(key, wanted.of) | rarely(cases, scalar(key, wanted.of))
        case Items():
            kinds = wanted.kinds if depth else tuple(kind for kind in wanted.kinds if kind in ("step", "use"))
            made = st.lists(
                st.sampled_from(kinds).flatmap(lambda kind: mapping(kind, depth - 1)), min_size=1, max_size=3
            )
    return rarely(JUNK, made)


def chosen_keys(kind: str, chosen: list[Key], mend: bool) -> list[Key]:
    """Return the keys of a mapping of *kind*: *chosen* ones, and those it cannot do without; *mend* what clashes."""
    names = {key.name: key for key in [*(key for key in KINDS[kind].keys if key.required), *chosen]}
    if not mend:
        return list(names.values())
    if kind == "fact":
        names = {key: names[key] for key in names if key == "ask"}
        names["one of"] = KINDS["fact"].keys[0]
    if kind == "step":
        for one, others in CLASHES.items():
            names = {key: names[key] for key in names if one not in names or key not in others}
        for one, other in NEEDS.items():
            found = KINDS["step"].key(other)
            if one in names and found:
                names[other] = found
    if kind == "section" and "each" not in names:
        names.pop("between", None)
    return list(names.values())


@cache
def mapping(kind: str, depth: int) -> st.SearchStrategy[Any]:
    """Return mappings of *kind*: most of them right, some with keys that clash, and a few with strange ones."""
    keys = KINDS[kind].keys
    marked = [key for key in keys if key.name in KINDS[kind].marks]
    drawn: st.SearchStrategy[list[Key]] = st.lists(st.sampled_from(keys), max_size=5)
    if marked:
        drawn = st.tuples(st.sampled_from(marked), drawn).map(lambda pair: [pair[0], *pair[1]])
    mend = st.integers(0, 30).map(lambda n: n < 30)
    made = st.tuples(drawn, mend).flatmap(
        lambda pair: st.fixed_dictionaries(
            {key.name: value(key.name, key.type, depth) for key in chosen_keys(kind, *pair)}
        )
    )
    strange = st.dictionaries(st.sampled_from(["sya", "steps", "half", "Side", "a\nb"]), JUNK, max_size=1)
    return st.tuples(made, rarely(strange, st.just({}))).map(lambda pair: pair[0] | pair[1])


def dumped(tree: object) -> str:
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=60))


@fuzz(250)
@given(mapping("routine", 3).map(dumped))
def test_any_structure_built_from_the_keys_of_the_language_is_examined(desk: Path, text: str) -> None:
    examined(text, desk)


@fuzz(200)
@given(
    st.recursive(
        JUNK,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(sorted({k.name for kind in KINDS.values() for k in kind.keys})), inner, max_size=4
            )
        ),
        max_leaves=12,
    ).map(dumped)
)
def test_any_structure_at_all_is_read(text: str) -> None:
    judge_both(*read(Source("text.yaml", text)))


# --- the shipped scripts, with slips of the pen


@st.composite
def slipped(draw: st.DrawFn) -> str:
    """Return a shipped script with a few lines or characters deleted, doubled, swapped or put in."""
    text = draw(st.sampled_from(SCRIPTS))
    for _ in range(draw(st.integers(1, 4))):
        lines = draw(st.booleans())
        parts = text.split("\n") if lines else list(text)
        at = draw(st.integers(0, max(0, len(parts) - 2)))
        match draw(st.sampled_from(["delete", "double", "swap", "put in"])):
            case "delete":
                parts[at : at + 1] = []
            case "double":
                parts[at:at] = parts[at : at + 1]
            case "swap":
                parts[at : at + 2] = parts[at : at + 2][::-1]
            case "put in":
                parts.insert(
                    at,
                    draw(
                        st.sampled_from(["\t", ":", "-", "'", '"', "[", "}", "#", " ", "é", "🦶", "\u00a0", "&", "!"])
                    ),
                )
        text = ("\n" if lines else "").join(parts)
    return text


@fuzz(250)
@given(slipped())
def test_a_slip_of_the_pen_in_a_shipped_script_never_breaks_the_reader(desk: Path, text: str) -> None:
    examined(text, desk)
