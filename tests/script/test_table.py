"""Every construct of the language has a case that uses it, a case that misuses it, and its place in docs/keys.md.

What there is comes from the grammar table itself, so a key without all of these fails here by its name. The cases of
use are the scripts in tests/cases/uses: small ones, each of which shows a family of constructs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from tests.script.cases import CASES, FOLDER, USES, Case, Said
from tests.script.reading import bare
from tests.script.table import Place, constructs, places, plain, values
from voiceguide import LengthError, Routine, SessionRequest, VoiceOptions, compile_session
from voiceguide.diagnostics import ScriptError
from voiceguide.library.scripts import load
from voiceguide.loading import examine
from voiceguide.script.grammar import KINDS
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.tree import Node, compose
from voiceguide.units import frames_to_ms

TONE = VoiceOptions(engine="tone")


@cache
def root_of(path: Path) -> Node:
    root, _ = compose(load(path))
    assert root is not None
    return root


# --- used


@pytest.mark.parametrize("path", USES, ids=[path.stem for path in USES])
def test_a_case_of_use_is_right_and_can_be_planned_at_its_own_length(path: Path) -> None:
    routine, report = examine(path)
    assert str(report) == ""
    assert routine is not None
    plan = compile_session(routine, options=TONE).plan
    assert frames_to_ms(plan.timeline.frames, TONE.rate) == routine.length.natural
    assert str(plan.notes) == ""


def test_every_construct_and_every_value_that_the_table_knows_is_used() -> None:
    used = {construct for path in USES for place in places(root_of(path)) for construct in place.constructs}
    assert sorted((constructs() | values()) - used) == []


def test_every_live_value_is_used() -> None:
    texts = "".join(path.read_text("utf-8") for path in USES)
    assert [name for name in LIVE_VALUES if f"{{{name}}}" not in texts] == []


UNHEARD = {
    *("routine.version", "routine.reviewed", "routine.purpose", "routine.note", "routine.posture", "routine.materials"),
    *("routine.sources", "routine.tags", "routine.id", "step.tags", "fact.ask"),
    "routine.family",  # which only forbids lengths
}
"""Keys that tell somebody something, and change nothing that is heard."""


def test_every_key_does_something_for_without_it_another_session_is_heard(tmp_path: Path) -> None:
    desk = Path(shutil.copytree(FOLDER / "uses", tmp_path / "uses"))
    left = {f"{kind.name}.{key.name}" for kind in KINDS.values() for key in kind.keys}
    for path in USES:
        root = root_of(path)
        whole = heard(root, desk)
        for place in places(root):
            if place.named and left & set(place.constructs) and heard(without(root, place.node), desk) != whole:
                left -= set(place.constructs)
    assert left == UNHEARD


def heard(root: Node, desk: Path) -> list[object]:
    """Return what is heard of the script *root* on several request, or why nothing is."""
    path = desk / "changed.yaml"
    path.write_text(written(root), "utf-8")
    routine, _ = examine(path)
    return [session(routine, request) for request in several(routine)] if routine else []


def several(routine: Routine) -> tuple[SessionRequest, ...]:
    others = {name: next(c for c in fact.choices if c != fact.default) for name, fact in routine.listener.items()}
    return (
        SessionRequest(),
        SessionRequest(length_ms=routine.length.shortest),
        SessionRequest(talk="minimal"),
        SessionRequest(facts=others),
    )


def session(routine: Routine, request: SessionRequest) -> object:
    try:
        return bare(compile_session(routine, request, TONE).timeline)
    except (ScriptError, LengthError) as error:
        return str(error)


def without(node: Node, name: Node) -> Node:
    """Return *node* without the key *name*."""
    pairs = tuple((key, without(value, name)) for key, value in node.pairs if key is not name)
    return replace(node, items=tuple(without(item, name) for item in node.items), pairs=pairs)


def written(node: Node) -> str:
    """Return *node* as YAML in one line."""
    if node.kind == "list":
        return f"[{', '.join(map(written, node.items))}]"
    if node.kind == "mapping":
        return "{" + ", ".join(f"{written(name)}: {written(value)}" for name, value in node.pairs) + "}"
    return json.dumps(node.text, ensure_ascii=False)


# --- misused


_MEANT = re.compile(r"did you mean `(.+)`\?")


def test_every_construct_is_misused_by_a_case(desk: Path) -> None:
    assert sorted(constructs() - {construct for case in CASES.values() for construct in misused(case, desk)}) == []


def misused(case: Case, desk: Path) -> Iterator[str]:
    """Yield the constructs on which the errors that *case* expects lie."""
    try:
        root, of_yaml = compose(load(case.path(desk)))
    except ScriptError:
        return
    parts = list(places(root)) if root else []
    elsewhere = {(p.span.line, p.span.column) for p in of_yaml}
    for said in case.said:
        if said.severity != "error" or said.script or (said.line, said.column) in elsewhere:
            continue
        hit = [part for part in parts if _holds(part, said)]
        if hit:
            yield from hit[-1].constructs
            meant = _MEANT.fullmatch(said.hint)
            if meant and said.code == "unknown-key":
                yield f"{hit[-1].constructs[-1]}.{meant[1]}"


def _holds(part: Place, said: Said) -> bool:
    """Tell whether *part* begins where *said* is or before, so that the last of such parts is where the error lies.

    A mapping begins where the name of its first key does, which is meant only if it is there twice.
    """
    begin, at = (part.node.span.line, part.node.span.column), (said.line, said.column)
    return begin < at or (begin == at and (not part.named or said.code == "duplicate-key"))


# --- documented


@dataclass(frozen=True)
class Page:
    """docs/keys.md, as text by title of its sections."""

    sections: dict[str, str]

    def row(self, told: str) -> str:
        """Return the row of a key (`step.say`), or of a type of single values by what is expected of it."""
        kind, _, key = told.partition(".")
        known = kind in KINDS
        title, first = (KINDS[kind].title.capitalize(), f"`{key}`") if known else ("Single values", told)
        rows = [row for row in self.sections[title].split("\n") if row.startswith(f"| {first} | ")]
        assert len(rows) == 1, told
        return rows[0]


@pytest.fixture(scope="module")
def page() -> Page:
    text = (FOLDER.parent.parent / "docs" / "keys.md").read_text("utf-8")
    return Page(dict(section.split("\n", 1) for section in text.split("\n## ")[1:]))


def test_every_kind_has_its_section_and_every_key_its_row(page: Page) -> None:
    rows = {title: re.findall(r"^\| `([^`]+)` \|", text, re.M) for title, text in page.sections.items()}
    keys = {kind.title.capitalize(): [key.name for key in kind.keys] for kind in KINDS.values()}
    assert rows == {**keys, "Single values": [], "Live values": [f"{{{name}}}" for name in LIVE_VALUES]}


TOLD = {
    "one": "; or a ",
    "list": "; or a list of such",
    "conditions": "; or a mapping from conditions to such",
    "one of": ", or `one of:` and a list",
    "short": ", or ",
    "mapping": f"({'|'.join(kind.title for kind in KINDS.values())}), or ",
    "parameter": "; or a parameter, as in ",
}
"""What the row of a key says of each form that its value may take."""


def test_every_form_is_told_in_the_row_of_its_key(page: Page) -> None:
    forms = [construct.split(": ") for construct in constructs() if ": " in construct]
    assert [(home, form) for home, form in forms if not re.search(TOLD[form], page.row(home))] == []


def test_every_value_that_the_table_knows_is_told(page: Page) -> None:
    known = [value.split(" = ") for value in values()]
    titles = {name: kind.title for name, kind in KINDS.items()}
    assert [v for v in known if v[1] not in plain(page.row(v[0])) and titles.get(v[1], "?") not in page.row(v[0])] == []
