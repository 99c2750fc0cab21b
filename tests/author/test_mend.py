"""`check --fix` types what is certain and nothing else: less is wrong afterwards, and nothing new."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.script.cases import ALL, CASES, Case, themes
from voiceguide.author.mend import certain, mend, with_ends
from voiceguide.cli.app import app
from voiceguide.diagnostics import Report, ScriptError, UsageError
from voiceguide.library.scripts import decode, load
from voiceguide.loading import judge
from voiceguide.source import Source


def judged(source: Source, path: Path) -> Report:
    return judge(source, path)[1]


def counted(report: Report) -> Counter[tuple[str, str]]:
    return Counter((found.code, found.message) for found in report.errors or report)


def fix(*args: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["check", *map(str, args)])
    return done.exit_code, done.stdout, done.stderr


def fixable(cases: Iterable[Case], desk: Path) -> Iterator[tuple[Source, Path]]:
    """Yield the scripts of *cases* that have a certain fix, and where they lie."""
    for case in cases:
        path = case.path(desk)
        try:
            source = load(path)
        except ScriptError:
            continue
        if certain(source, judged(source, path)):
            yield source, path


def test_most_slips_have_a_certain_fix(desk: Path) -> None:
    assert len(list(islice(fixable(ALL, desk), 96))) == 96


@pytest.mark.parametrize("theme", themes(ALL))
def test_what_has_a_certain_fix_is_mended_and_nothing_new_is_wrong(theme: str, desk: Path) -> None:
    for source, path in fixable(themes(ALL)[theme], desk):
        mended_in_full(source, path)


def mended_in_full(source: Source, path: Path) -> None:
    before, mended = judged(source, path), mend(source, lambda made: judged(made, path))
    after = judged(mended, path)
    assert counted(after) < counted(before) or not after.errors, path.stem
    assert certain(mended, after) == [], path.stem
    assert mend(mended, lambda made: judged(made, path)) == mended, path.stem  # once is enough
    assert len(mended.lines) == len(source.lines), path.stem
    untouched = {found.span.line for found in before}
    for number, (old, new) in enumerate(zip(source.lines, mended.lines, strict=True), 1):
        assert old == new or number in untouched, path.stem


SLIPS = b"""\xef\xbb\xbfroutine: Slips  # a title\r
lenght: 1m30s..2m..3m   # misspelt\r
steps:\r
  # a comment on its own\r
  - {name: rest, say: 'Sit [2 s] down', for: 20}   # no unit\r
  - breathe: 5\xe2\x80\x930\xe2\x80\x935\xe2\x80\x930 # dashes\r
  - pause: 10s-1m-5m"""


def test_a_file_keeps_its_comments_its_line_ends_its_mark_and_its_lack_of_a_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "slips.yaml"
    path.write_bytes(SLIPS)
    code, out, _ = fix(path, "--fix")
    assert code == 0
    assert path.read_bytes() == (
        SLIPS.replace(b"lenght", b"length")
        .replace(b"[2 s]", b"[2s]")
        .replace(b"20}", b"20s}")
        .replace("5–0–5–0".encode(), b"5-0-5-0")
        .replace(b"10s-1m-5m", b"10s..1m..5m")
    )
    assert "\n-lenght: 1m30s..2m..3m   # misspelt\n+length: 1m30s..2m..3m   # misspelt\n" in out
    assert fix(path, "--fix")[:2] == (0, "")


def test_with_diff_nothing_is_written_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    path = tmp_path / "slips.yaml"
    path.write_bytes(SLIPS)
    code, out, err = fix(path, "--fix", "--diff")
    assert (code, path.read_bytes()) == (1, SLIPS)
    assert "+  - pause: 10s..1m..5m\n" in out
    assert "error[unknown-key]" in err
    assert isinstance(CliRunner().invoke(app, ["check", str(path), "--diff"]).exception, UsageError)


def test_records_stay_alone_on_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "slips.yaml"
    path.write_bytes(SLIPS)
    code, out, err = fix(path, "--fix", "--json")
    assert (code, {record["severity"] for record in json.loads(out)}) == (0, {"warning"})
    assert err.startswith(f"--- {path}\n+++ {path}\n@@")


@pytest.fixture
def place(tmp_path: Path) -> Callable[[str], Path]:
    """Return what writes the script of a case to where it can be mended."""

    def written(name: str) -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(CASES[name].script)
        return path

    return written


def test_what_is_not_certain_is_left_and_told(place: Callable[[str], Path]) -> None:
    for name in ("unit-missing-in-length", "about-without-unit", "pressure-7", "range-falls", "duration-negative"):
        path = place(name)
        assert (fix(path, "--fix")[:2], path.read_bytes()) == ((1, ""), CASES[name].script)


def test_a_comment_that_ran_into_a_value_is_not_lost(place: Callable[[str], Path]) -> None:
    path = place("duration-comment-without-space")
    assert fix(path, "--fix")[:2] == (1, "")
    assert "20s# silence" in path.read_text("utf-8")


def test_a_fix_that_brings_another_mistake_is_not_typed_but_the_others_are(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    words = "Stroke the sole " * 30
    path.write_text(
        f"routine: Two\nlength: 1m..2m..9m\nsteps:\n  - {{say: {words}, for: 5}}\n  - {{chime: begn}}\n  - pause: 1s..1m..9m\n"
    )
    code, out, err = fix(path, "--fix")
    assert code == 1
    assert "for: 5}" in path.read_text()
    assert "- {chime: begin}" in path.read_text()
    assert "error[missing-unit]" in err
    assert out.count("\n+ ") == 1


def test_mistakes_in_another_script_are_not_typed_into_this_one(tmp_path: Path) -> None:
    other = "routine: Other\nlength: 1m\nblocks: {a: [{chime: begn}]}\nsteps: [{pause: 1m}]\n"
    (tmp_path / "other.yaml").write_text(other)
    path = tmp_path / "mine.yaml"
    path.write_text("routine: Mine\nlength: 1m..2m..5m\nsteps: [{use: other#a}, {pause: 1s..1m..5m}]\n")
    before = path.read_bytes()
    assert fix(path, "--fix")[:2] == (1, "")
    assert (path.read_bytes(), (tmp_path / "other.yaml").read_text()) == (before, other)


def test_what_is_no_text_is_told_and_left(place: Callable[[str], Path]) -> None:
    path = place("utf-16")
    code, out, err = fix(path, "--fix")
    assert (code, out, path.read_bytes()) == (1, "", CASES["utf-16"].script)
    assert "not-utf-8" in err


@given(st.lists(st.sampled_from(["a: b", "", "\n", "\r\n", "\r", " ", "é"])).map("".join), st.booleans())
def test_the_ends_of_lines_come_back(text: str, marked: bool) -> None:
    raw = "\ufeff" * marked + text
    assert with_ends(raw, decode(raw.encode(), "a")) == raw
