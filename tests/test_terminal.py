"""What reaches a terminal, from any text and any command; and streams that are full, closed, or know few signs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tries import tries
from voiceguide.cli.printing import table, to_json
from voiceguide.columns import cells, fit, line, safe
from voiceguide.diagnostics import Diagnostic, Report, excerpt
from voiceguide.source import Source, Span
from voiceguide.terminal import put

ANY = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\x1b\x07\r\n\t\x9b\u202e\u2066\u200d\u200f\udc80")
)


def dangerous(text: str) -> list[str]:
    """Return what of *text* could do something to a terminal, by categories: another way than the program's."""
    kinds = {"Cc", "Cs", "Zl", "Zp"}
    return [
        f"U+{ord(c):04X}"
        for c in text.replace("\r\n", "\n")
        if (unicodedata.category(c) in kinds and c not in "\n\t")
        or unicodedata.bidirectional(c) in BIDI
        or c == "\ufeff"
    ]


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(ANY)
@example("\x1b]0;x\x07")
def test_what_is_safe_does_nothing_and_stays_itself(text: str) -> None:
    made = safe(text)
    assert dangerous(made) == []
    assert safe(made) == made
    assert not {"\n", "\t", "\r"} & set(line(text))
    assert cells(fit(text, 10)) <= 10
    assert json.loads(to_json({"a": text})) == {"a": text}
    assert dangerous(to_json([text], indent=2)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\rb\r\nc\td\x7f\x85", "a␍b\r\nc\td␡�"),
        ("\u202eRTL\u2066x\u2028y\ufeff", "�RTL�x�y�"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200bb", "a�b"),
        ("שלום!\u200f", "שלום!"),
        ("Fuß\xadsohle", "Fußsohle"),
        ("\udc80\U000e0041", "��"),
    ],
)
def test_letters_stay_and_what_moves_the_cursor_is_a_picture(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text(max_size=300), st.integers(1, 300), st.integers(1, 300))
@tries(50)
def test_an_excerpt_is_two_short_lines_with_the_mark_below_its_place(text: str, column: int, width: int) -> None:
    shown, under = excerpt(Span(Source("x", text.replace("\n", " ").replace("\r", " ")), 1, column, width)).split("\n")
    assert max(map(len, (shown, under))) < 500
    assert dangerous(shown + under) == []
    assert under.rstrip().endswith("^")


def test_a_mark_stands_below_wide_and_invisible_characters() -> None:
    assert excerpt(Span(Source("x", "足\x1bab: c"), 1, 3, 2)) == "    1 | 足␛ab: c\n      |    ^^"


def test_people_are_told_a_hundred_problems_with_errors_first_and_records_have_all(tmp_path: Path) -> None:
    source = Source("many.yaml", "x\n" * 300)
    codes = ["long-silence"] * 250 + ["unknown-key"] * 50
    report = Report.of(Diagnostic(code, Span(source, line, 1), "a", "b") for line, code in enumerate(codes, 1))
    told = str(report).split("\n\n")
    assert [line.split(":")[1] for line in told[:-1]] == [*map(str, range(1, 51)), *map(str, range(251, 301))]
    assert told[-1] == "... and 200 more problems; `check --json` has all of them"
    assert report.summary() == "50 errors, 250 warnings"
    assert len(str(Report(report.problems[:100])).split("\n\n")) == 100
    script = tmp_path / "many.yaml"
    wrong = "".join(f"  - {{say: Halt., when: dizzy-{n}}}\n" for n in range(4000))
    script.write_text(f"routine: Many\nlength: 1m..5m..25m\nsteps:\n{wrong}", "utf-8")
    done = sh(f"$vg check '{script}'")
    assert done.stderr.endswith("\n\n... and 3900 more problems; `check --json` has all of them\n\n4000 errors\n")
    assert len(json.loads(sh(f"$vg check --json '{script}'").stdout)) == 4000


def test_columns_of_a_table_line_up_whatever_is_in_them() -> None:
    made = table(("a", "b"), [("足", "1"), ("x\ny\x1b", "2")])
    assert made.splitlines() == ["a     b", "足    1", "x␊y␛  2"]


def test_a_stream_that_cannot_write_a_sign_gets_the_nearest_one() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    put(stream, "Füße · → ←")
    assert raw.getvalue() == b"F??e - > <"


def sh(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which `$vg` is the program."""
    place = {**os.environ, "vg": f"{sys.executable} -m voiceguide", **environment}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        env=place,
    )


@pytest.mark.parametrize(
    ("command", "code", "stderr"),
    [
        ("$vg list > /dev/full", 3, "voiceguide: cannot write to standard output: No space left on device"),
        ("$vg plan quick-reset --engine tone --json > /dev/full", 3, "voiceguide: cannot write to standard output"),
        ("$vg check nothing.yaml 2> /dev/full", 2, ""),
        ("$vg list > /dev/full 2> /dev/full", 3, ""),
        ("$vg list >&- <&- 2>&-", 0, ""),
        ("$vg plan nothing 2>&-", 2, ""),
        ("$vg play quick-reset --engine tone --output none-such >&- 2>&- <&-", 2, ""),
        ("$vg plan whole-foot --engine tone --json | head -c 1 > /dev/null", 0, ""),
        ("$vg --help > /dev/full", 3, "voiceguide: cannot write to standard output"),
        ("$vg explain | true", 2, "Usage: "),
    ],
)
def test_no_stream_brings_the_program_down(command: str, code: int, stderr: str) -> None:
    done = sh(command)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert (done.returncode, done.stderr[: len(stderr)]) == (code, stderr)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "cp437"},
        {"PYTHONIOENCODING": "cp850"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda e: "-".join(e.values()),
)
def test_every_encoding_can_be_printed_in_and_json_says_the_same_in_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    script = tmp_path / "odd.yaml"
    script.write_text(
        "routine: Füße 足 👣\nlength: 10s..20s..30s\nsteps: [{say: Halt 足 → … dizzy, for: 1s..20s..30s}]",
        encoding="utf-8",
    )
    for command in ("show", "plan", "plan --picture", "transcript", "fit", "check", "format --diff"):
        engine = "" if command.startswith(("show", "check", "format")) else "--engine tone"
        done = sh(f"$vg {command} '{script}' {engine}", **environment)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    records = [json.loads(sh(f"$vg plan '{script}' --engine tone --json", **more).stdout) for more in (environment, {})]
    assert records[0] == records[1]
