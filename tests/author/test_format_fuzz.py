"""Whatever a script says and however it is set out, formatting keeps what it means, its comments, and what it formatted."""

from __future__ import annotations

import re
from typing import Any

import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.author.house_style import tree
from tests.script.cases import CASES
from tests.script.reading import EXAMPLE, bare
from tests.script.test_read_fuzz import SCRIPTS, fuzz, mapping, slipped
from voiceguide.author.format import format_script
from voiceguide.author.layout import lay_out
from voiceguide.diagnostics import ScriptError
from voiceguide.library.scripts import decode
from voiceguide.script.read import read
from voiceguide.source import Source

WRITTEN = []
for case in CASES.values():
    try:
        WRITTEN.append(decode(case.script, case.name).text)
    except ScriptError:
        continue


def judge(text: str) -> None:
    """Check everything that is promised of formatting *text*."""
    source = Source("judged.yaml", text)
    routine, report = read(source)
    formatted = format_script(source)
    if routine is None:
        assert formatted == report
        return
    assert isinstance(formatted, str)
    assert bare(read(Source("judged.yaml", formatted))[0]) == bare(routine)
    assert lay_out(tree(formatted)).comments() == lay_out(tree(text)).comments()
    assert format_script(Source("judged.yaml", formatted)) == formatted
    assert formatted == formatted.rstrip(" \t\n") + "\n"
    assert not any(line.endswith((" ", "\t")) for line in formatted.split("\n"))


def test_what_is_promised_holds_for_every_script_there_is() -> None:
    readable = [text for text in (*SCRIPTS, EXAMPLE, *WRITTEN) if read(Source("judged.yaml", text))[0] is not None]
    assert len(readable) > 40
    for text in readable:
        judge(text)


def written(tree: Any, flow: bool | None, style: str | None, width: int) -> str:
    """Return *tree* as YAML, set out in some way that no author may have thought of."""
    return str(
        yaml.safe_dump(
            tree, sort_keys=False, allow_unicode=True, default_flow_style=flow, default_style=style, width=width
        )
    )


SET_OUT = st.builds(
    written,
    mapping("routine", 2),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, None, '"', "'", "|", ">"]),
    st.sampled_from([20, 60, 1000]),
)
ANY = st.sampled_from([*SCRIPTS, EXAMPLE]) | st.sampled_from(WRITTEN) | SET_OUT
NOTES = ("# note", "#", "#: {a}", "# - say: x", "#!x", "# 'it", "# é🦶")


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a script with comments and blank lines put in wherever YAML may have them, and these comments."""
    text, notes = draw(ANY), []
    for number in range(draw(st.integers(1, 6))):
        lines = text.split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        note = f"{draw(st.sampled_from(NOTES))}<{number}>"
        where = draw(st.sampled_from(["above", "beside", "blank", "inside", "tag"]))
        match where:
            case "above":
                lines.insert(at, " " * draw(st.integers(0, 12)) + note)
            case "beside":
                lines[at] += " " * draw(st.integers(1, 12)) + note
            case "blank":
                lines.insert(at, "")
            case "tag":  # which says nothing, and may be followed by a comment
                lines[at] = re.sub("^( *(- )?[a-z]+: )(?=.)", rf"\1! {note}\n{' ' * 30}", lines[at])
            case "inside":  # behind a bracket, a comma, a colon or a dash
                places = [i + 1 for i, char in enumerate(lines[at]) if char in "[{,:-"]
                if places:
                    place = draw(st.sampled_from(places))
                    lines[at] = f"{lines[at][:place]} {note}\n  {' ' * draw(st.integers(0, 12))}{lines[at][place:]}"
        changed = "\n".join(lines)
        before, after = (read(Source("judged.yaml", t))[0] for t in (text, changed))
        if after is not None and bare(before) == bare(after):
            text = changed
            notes += [note] * (note in changed)
    return text, notes


@fuzz(150)
@given(SET_OUT)
@example("{routine: x, length: 1m, steps: [pause: 1m]}")
@example('? "routine"\n: ! "x"\n? length\n: 1m\nsteps: [{"pause":"1m"}]\n')
@example("%YAML 1.1\n--- # a\nroutine: x\nlength: 1m\nsteps: [pause: 1m]\n... # b\n# c")
def test_what_is_promised_holds_however_a_script_is_set_out(text: str) -> None:
    judge(text)


@fuzz(150)
@given(commented())
@example(("routine: x\nlength: ! # a\n  1m\nsteps: ! # b\n- pause: ! >- # c\n    1m\n", ["# a", "# b", "# c"]))
def test_what_is_promised_holds_wherever_comments_stand(written: tuple[str, list[str]]) -> None:
    text, notes = written
    judge(text)
    formatted = format_script(Source("judged.yaml", text))
    if isinstance(formatted, str):
        assert [note for note in notes if formatted.count(note) != 1] == []


@fuzz(150)
@given(slipped())
def test_what_is_promised_holds_for_slips_of_the_pen(text: str) -> None:
    judge(text)


TEXTS = st.text(st.sampled_from("ab \n'\"\\:#-?,[]{}|>%@`&*!~é🦶\u00a0\t=<."), min_size=1, max_size=12)
LONG = st.lists(TEXTS | st.sampled_from(["word", "a longer word", "it: "]), min_size=1, max_size=30).map(" ".join)


@fuzz(300)
@given(TEXTS | LONG, st.sampled_from([None, '"', "'", "|", ">"]), st.booleans())
@example("x\n\n", "|", False)
@example("x\ny\n", ">", False)
@example(" x", "|", False)
@example(":\n\xa0", "|", False)
@example("\x07\x85\u2028\ufeff", '"', False)
def test_what_is_promised_holds_for_every_text(text: str, style: str | None, flow: bool) -> None:
    assume(text.strip())
    steps = {"steps": [{"pause": "1m", "title": text, "zone": text}]}
    head = {"routine": text, "length": "1m", "purpose": text, "materials": [text, text], "pronounce": {text: text}}
    judge(written(head | steps, flow, style, 60))
