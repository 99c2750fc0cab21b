"""The JSON Schema of scripts: an independent validator accepts every right script and refuses what structure shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.need import missing
from tests.script.cases import CASES, USES, Case
from tests.tries import tries
from voiceguide.author.schema import schema
from voiceguide.cli.app import app
from voiceguide.script import breaths, scalars, texts
from voiceguide.script.grammar import KINDS
from voiceguide.script.read import read_all
from voiceguide.script.scalars import Scalar, Wrong
from voiceguide.script.shapes import Key
from voiceguide.source import Source

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = sorted((ROOT / "scripts").glob("*.yaml"))

# --- right and wrong scripts, told by another program

MORE_THAN_STRUCTURE = {
    "swallowed",
    "nothing-to-say",
    "no-words",
    "side-ending",
    # names that must exist somewhere
    *("unknown-bed", "unknown-block", "unknown-chime", "unknown-fact", "unknown-group", "unknown-value"),
    *("block-loop", "value-out-of-place", "unknown-recording", "unknown-side", "unknown-step", "parameter"),
    # lengths that must be added up or compared
    *("speech-too-long", "chime-too-long", "section-too-short", "length-over-cap", "nested-length", "too-many-steps"),
    # what a loader of YAML has forgotten
    "anchor",
}
"""Codes of mistakes that no schema shows."""

EXCEPTIONS = {
    **dict.fromkeys(
        ("escape-in-a-title", "marks-that-turn-words-round", "soft-hyphen-in-a-name"),
        "no schema shows what cannot be seen",
    ),
    "choice-default-not-among-answers": "compares a value with the values of another key",
    "condition-on-unknown-answer": "the answers are in another place",
    "condition-without-answer": "that the fact has answers is said in another place",
    "clash-quiet-range-with-for": "a rule between the spelling of one value and another key",
    "count-falls": "an order of numbers",
    "range-falls": "an order of durations",
    "condition-on-a-day-without-a-number": "what a fact may be compared with is said in another place",
    "cue-rounds-missing-in-the-middle": "an order of entries in a list",
    "list-with-a-section-of-its-own-length-or-rounds-that-fill-the-time": "how long a copy is depends on the others",
    "list-with-a-value-that-does-not-fit": "what a parameter is for is said in the steps",
    "moment-every-few-seconds": "a least duration",
    "parameter-that-does-not-fit": "what a parameter is for is said in the block",
    "pressure-range-falls": "an order of numbers",
    "strokes-beside-a-pattern": "a rule between the spelling of one value and another key",
    "strokes-on-out-without-a-pattern": "a rule between the spelling of one value and another key",
    "strokes-without-time-between": "a least duration",
    "tempo-too-fast": "a least duration",
    "count-until-twice": "one open-ended repeat leaves no time to another: their places in the session matter",
    "duration-over-a-day": "a sum",
    "duration-too-fine": "a fraction that need not end in whole milliseconds",
    "event-twice-at-one-moment": "two spellings of one moment are two keys",
    "moment-outside-the-session": "compares a moment with a length",
    "moment-outside-the-step": "compares a moment with a length",
    "tag-of-yaml": "the loader has applied the tag, which leaves a text",
    "utf-16": "the loader reads other encodings, too",
    "yaml-merge-key": "the loader has merged the keys",
}
"""Cases with another code that are accepted all the same, and why."""


@dataclass(frozen=True)
class Told:
    """What the validator refused: files by their paths, and cases by their names."""

    paths: frozenset[str]
    names: frozenset[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, desk: Path) -> Told:
    """Run check-jsonschema once over all the scripts and cases."""
    home = tmp_path_factory.mktemp("schema") / "voiceguide.schema.json"
    home.write_text(json.dumps(schema()), "utf-8")
    names = {str(case.path(desk)): name for name, case in CASES.items()}
    result = validator("--output-format", "json", "--schemafile", str(home), *map(str, [*SCRIPTS, *USES]), *names)
    said = json.loads(result.stdout)
    found = {problem["filename"] for problem in (*said["errors"], *said["parse_errors"])}
    return Told(frozenset(found - set(names)), frozenset(names[path] for path in found & set(names)))


def validator(*args: str) -> subprocess.CompletedProcess[str]:
    if find_spec("check_jsonschema") is None:
        missing("check-jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def errors(case: Case) -> set[str]:
    """Return the codes of the errors that *case* expects."""
    return {said.code for said in case.said if said.severity == "error"}


def test_every_bundled_script_and_every_case_of_use_is_accepted(told: Told) -> None:
    assert len(SCRIPTS) > 1
    assert [path.name for path in [*SCRIPTS, *USES] if str(path) in told.paths] == []


def test_exactly_the_cases_with_a_mistake_of_structure_are_refused(told: Told) -> None:
    structural = {name for name, case in CASES.items() if errors(case) - MORE_THAN_STRUCTURE}
    assert sorted(set(EXCEPTIONS) - structural) == []
    assert sorted(told.names) == sorted(structural - set(EXCEPTIONS))


def test_it_is_a_schema(tmp_path: Path) -> None:
    home = tmp_path / "voiceguide.schema.json"
    home.write_text(json.dumps(schema()), "utf-8")
    result = validator("--check-metaschema", str(home))
    assert (result.returncode, result.stderr) == (0, "")


ACCEPTED = """\
routine: 2024-01-01
version: 1.5
length: 1m..2m..3m
tags: [3, true]
pronounce: {3: three}
voices: {giver: another}
listener:
  pregnant: {yes or no: no}
  affected: {one of: [left, right], ask: Which?}
blocks:
  plain: [pause: 1:30]
  open:
    with: {time: needed, press: 3}
    steps:
      - {do: warm, say: 12, for: "{time}", pressure: "{press}", breathe: "{breath}"}
bed: {sound: rain, under: 30dB}
steps:
  - {do: warm, say: {pregnant: Softly., else: Well.}, for: 8s, pressure: 3, optional: 2}
  - {name: two, say: {one of: [One., Two.]}, pressure: 2..3..4, optional: "4", when: not pregnant, needs: warm}
  - {say: A [1.5s] {side}., breathe: {pattern: box, cue: [words 3, none], to: 4-0-6-0, over: 8, rounds: 10}}
  - {section: 1, each: foot, between: [say: Change.], steps: [{repeat: 3, steps: [use: plain]}]}
  - {use: open, with: {time: 8s, press: 3}, unless: affected is left, freed: share}
  - {say: Strokes., count: 6 every 4s, at: [half: Half., -1s: Nearly.], for: 1m, chime: begin, strikes: 3, under: 12 dB}
""".replace("A [1.5s] {side}.", '"A [1.5s] {side}."')

REFUSED = {
    "an addressee": "voices: {nurse: another}",
    "a parameter where none may stand": 'length: "{time}"',
    "nothing": "purpose:",
    "a number with a fraction": "tags: [1.5]",
    "a negative number": "tags: [-3]",
    "a truth that is no answer": "listener: {pregnant: {yes or no: true}}",
    "a glide without its rounds": "blocks: {b: [breathe: {pattern: box, to: even}]}",
    "strokes without time": "blocks: {b: [{say: A., count: {strokes: 6}}]}",
    "strokes too strong": "blocks: {b: [{say: A., pressure: 7}]}",
    "one answer": "blocks: {b: [say: {one of: [A.]}]}",
    "a use between sides": "blocks: {b: [{section: S, each: foot, between: [use: b], steps: [say: A.]}]}",
}
"""Lines that make a right script wrong."""
NO_TEXTS = {"a null": "purpose: ~", "a null by name": "pronounce: {plantar: null}", "a fraction": "id: 1e-3"}
"""Lines that are right, but not texts to a loader."""


def test_spellings_that_a_loader_takes_for_no_texts(tmp_path: Path) -> None:
    right = {"right": ACCEPTED}
    start = "routine: R\nsteps: [say: A.]\n"
    lines = {**REFUSED, **NO_TEXTS}
    wrong = {name: f"{start}{line}\n{'' if 'length' in line else 'length: 1m'}\n" for name, line in lines.items()}
    paths = []
    for name, text in {**right, **wrong, "start": start + "length: 1m\n"}.items():
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(text, "utf-8")
    home = tmp_path / "voiceguide.schema.json"
    home.write_text(json.dumps(schema()), "utf-8")
    result = validator("--output-format", "json", "--schemafile", str(home), *map(str, paths))
    said = json.loads(result.stdout)
    assert said["parse_errors"] == []
    assert [name for name, text in wrong.items() if not read_all(Source(name, text))[1].errors] == [*NO_TEXTS]
    assert read_all(Source("right", ACCEPTED))[1].errors == ()
    assert sorted({Path(problem["filename"]).stem for problem in said["errors"]}) == sorted(lines), said["errors"]


# --- patterns

SCALARS = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
    for module in (scalars, breaths, texts)
    for name, value in vars(module).items()
    if isinstance(value, Scalar)
}
_PIECES = sorted({piece for s in SCALARS.values() for e in s.examples for piece in re.findall(r"[a-z]+|\d+|\W", e)})


@pytest.mark.parametrize("name", SCALARS)
def test_every_example_is_accepted_and_matches(name: str) -> None:
    scalar = SCALARS[name]
    assert scalar.examples
    assert [text for text in scalar.examples if isinstance(scalar.parse(text), Wrong)] == []
    assert [text for text in scalar.examples if not re.search(scalar.pattern, text)] == []


def test_every_pattern_says_something_and_is_anchored() -> None:
    keyed = {key.type for kind in KINDS.values() for key in kind.keys if isinstance(key.type, Scalar)}
    patterns = {scalar.pattern for scalar in (*SCALARS.values(), *keyed)}
    assert [pattern for pattern in patterns if not pattern.startswith("^")] == []


@tries(400)
@given(st.lists(st.sampled_from([*_PIECES, "0", "1", "5s", "1m", "..", " ", "\n", "[", "]", "S1-"]), max_size=9))
def test_what_is_accepted_matches(pieces: list[str]) -> None:
    text = "".join(pieces)
    accepted = [s for s in SCALARS.values() if text.strip() and not isinstance(s.parse(text), Wrong)]
    assert [s.expected for s in accepted if not re.search(s.pattern, text)] == []


@tries(400)
@given(st.data())
def test_what_is_nearly_an_example_and_accepted_matches(data: st.DataObject) -> None:
    scalar = data.draw(st.sampled_from(list(SCALARS.values())))
    text = data.draw(st.sampled_from(scalar.examples))
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.sampled_from(_PIECES)) + text[at + data.draw(st.integers(0, 2)) :]
    if changed.strip() and not isinstance(scalar.parse(changed), Wrong):
        assert re.search(scalar.pattern, changed)


# --- the document itself


def test_every_key_is_explained() -> None:
    definitions = schema()["definitions"]
    for kind in KINDS.values():
        told = {name: made["description"] for name, made in definitions[kind.name]["properties"].items()}
        assert told == {key.name: key.doc for key in kind.keys}
        assert definitions[kind.name]["additionalProperties"] is False


def test_choices_are_listed() -> None:
    family = schema()["definitions"]["routine"]["properties"]["family"]
    key: Key | None = KINDS["routine"].key("family")
    assert key is not None
    assert isinstance(key.type, Scalar)
    assert family == {"description": key.doc, "type": "string", "enum": list(key.type.examples)}


def test_the_command_prints_it_and_writes_it(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["schema"])
    assert (printed.exit_code, json.loads(printed.stdout)) == (0, schema())
    home = tmp_path / "voiceguide.schema.json"
    written = CliRunner().invoke(app, ["schema", "-o", str(home)])
    assert (written.exit_code, written.stdout) == (0, f"{home}\n")
    assert home.read_text("utf-8") == printed.stdout
