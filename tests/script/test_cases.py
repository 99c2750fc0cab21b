"""Every wrong script of tests/cases is told exactly what is wrong with it: place, code, words and hint."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import voiceguide
from tests.script.cases import ALL, CASES, FOLDER, LINTS, Case, themes
from tests.script.messages import NOT_SHOWN, examples
from voiceguide.cli.app import app
from voiceguide.codes import CODES
from voiceguide.diagnostics import Fix


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES.values()])
def test_a_wrong_script_is_told_what_is_wrong_and_nothing_else(case: Case, desk: Path) -> None:
    assert case.told(case.judged(desk), desk) == case.expected


def test_every_case_is_there_once_and_says_what_it_expects() -> None:
    assert len(CASES) + len(LINTS) == len(ALL) == sum(map(len, themes(ALL).values())) > 440
    assert [case.name for case in ALL if not case.said and case.expected != "nothing"] == []
    assert [case.name for case in CASES.values() if not case.said] == ["blocks-for-others"]
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    known = {f"{theme}.md" for theme in themes(ALL)} | {f"bytes/{case.name}.yaml" for case in themes(ALL)["bytes"]}
    assert {name for name in files - known if not name.startswith("uses/")} == {"README.md", "lints/README.md"}
    assert known <= files


def test_every_error_of_the_table_of_codes_has_a_case() -> None:
    errors = {name for name, code in CODES.items() if code.severity == "error"}
    covered = {said.code for case in CASES.values() for said in case.said if said.severity == "error"}
    # those of sounds need files: tests/library shows them
    assert covered == errors - {"bad-sound", "unknown-sound"}


# --- what a hint tells the author to type


def typed(fix: Fix) -> str:
    """Return the script with the text of *fix* in place of what it marks."""
    assert fix.span is not None
    lines = list(fix.span.source.lines)
    line = lines[fix.span.line - 1]
    start = fix.span.column - 1
    lines[fix.span.line - 1] = f"{line[:start]}{fix.text}{line[start + fix.span.width :]}"
    return "\n".join(lines)


@pytest.mark.parametrize("theme", themes(CASES.values()))
def test_typing_the_first_thing_that_a_hint_says_mends_the_script(theme: str, desk: Path) -> None:
    for case in themes(CASES.values())[theme]:
        report = case.judged(desk)
        for found in report:
            fix = found.fixes[0] if found.fixes else Fix("")
            if fix.text is not None and "in one line" not in fix.words:
                mended = desk / "cases" / "mended.yaml"
                mended.write_text(typed(fix), "utf-8")
                _, after = voiceguide.examine(mended)
                others = [(p.code, p.message) for p in report if p != found]
                left = [(p.code, p.message) for p in after if (p.code, p.message) not in others]
                assert left == [], f"{case.name}, typing `{fix.text}`"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in ALL if case.right])
def test_the_right_version_of_a_case_has_no_problem_left(case: Case, desk: Path) -> None:
    right = case.path(desk).with_name("right.yaml")
    right.write_text(case.mended(), "utf-8")
    _, report = voiceguide.examine(right, advise=case.advised)
    assert [found.code for found in report] == []


def test_every_code_is_shown_by_an_example_or_is_known_to_have_none() -> None:
    assert set(CODES) - set(examples()) == NOT_SHOWN


# --- the command line


def check(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voiceguide", "check", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.parametrize("name", ["unit-missing-in-range", "many-names-unknown", "text-mistake-after-emoji", "utf-16"])
def test_check_prints_the_same_as_json_and_gives_1(name: str, desk: Path) -> None:
    path = CASES[name].path(desk)
    result = CliRunner().invoke(app, ["check", "--json", str(path)])
    records = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [list(record) for record in records] == [
        ["path", "line", "column", "severity", "code", "message", "hint", "expected", "found", "fixes"] for _ in records
    ]
    assert {record["path"] for record in records} == {str(path)}
    keys = ("line", "column", "severity", "code", "message", "hint")
    assert [tuple(record[key] for key in keys) for record in records] == [
        (said.line, said.column, said.severity, said.code, said.message, said.hint) for said in CASES[name].said
    ]


def test_the_program_prints_json_and_gives_1(desk: Path) -> None:
    path = str(CASES["bed-unknown"].path(desk))
    result = check("--json", path)
    assert (result.returncode, result.stderr) == (1, "")
    assert json.loads(result.stdout) == [
        {
            "path": path,
            "line": 3,
            "column": 6,
            "severity": "error",
            "code": "unknown-bed",
            "message": "expected a bed, found `rian`",
            "hint": "did you mean `rain`?",
            "expected": "a bed",
            "found": "`rian`",
            "fixes": [{"line": 3, "column": 6, "width": 4, "text": "rain", "certain": True}],
        }
    ]


def test_the_problems_of_several_files_come_in_one_list(desk: Path) -> None:
    paths = [str(CASES[name].path(desk)) for name in ("pressure-7", "bed-unknown")]
    result = CliRunner().invoke(app, ["check", "--json", *paths])
    assert [(r["path"], r["code"]) for r in json.loads(result.stdout)] == [
        (paths[1], "unknown-bed"),
        (paths[0], "pressure-too-high"),
    ]


def test_a_script_without_problems_gives_an_empty_list_and_0(desk: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--json", str(LINTS["base-fine"].path(desk))])
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_a_warning_alone_is_printed_and_gives_0(desk: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--json", str(LINTS["no-effect"].path(desk))])
    assert (result.exit_code, [r["severity"] for r in json.loads(result.stdout)]) == (0, ["warning"])


def test_a_file_that_is_not_there_gives_2_and_no_traceback(desk: Path) -> None:
    result = check(str(desk / "nowhere.yaml"))
    assert result.returncode == 2
    assert result.stderr.startswith("voiceguide: there is no file")


def test_a_problem_for_people_shows_the_line_underlined_and_the_hint(desk: Path) -> None:
    (found,) = CASES["unit-missing-in-range"].judged(desk)
    found = replace(found, span=replace(found.span, source=replace(found.span.source, label="feet.yaml")))
    assert str(found).split("\n") == [
        "feet.yaml:7:15: error[missing-unit]: expected a duration with its unit, such as `8s` or `1m30s`, found `30`",
        "    7 |     for: 20s..30..60s",
        "      |               ^^",
        "      = write `30s`",
    ]
