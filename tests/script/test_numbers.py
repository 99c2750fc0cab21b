"""Things of one name in one list are numbered, so that a name and a number say which is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.script.build import slug
from voiceguide.script.link import link, numbered
from voiceguide.script.model import ForEach, Item, Repeat, Section, Step, Use
from voiceguide.script.read import read
from voiceguide.script.rounds import Counts
from voiceguide.source import NOWHERE, Source

SCRIPT = """\
routine: Numbers
length: 5m
blocks:
  rest: [{name: rub, say: One.}, {name: rub, say: Two.}]
steps:
  - {name: rub, say: One.}
  - repeat: 2
    steps: [{name: rub, say: Two.}, {use: rest}]
  - {use: rest}
  - section: Rub
    each: foot
    between: [{name: rub, say: Over.}, {name: rub, say: Over again.}]
    steps: [{name: rub, say: One.}, {repeat: 2, steps: [{name: rub, say: Two.}]}, {name: rub, say: Three.}]
  - {name: rub, say: Four.}
"""


def name_of(item: Step | Section | Use) -> str:
    return slug(item.title) if isinstance(item, Section) else item.name


def flat(items: tuple[Item, ...]) -> Iterator[Step | Section | Use]:
    """Yield what is in one list: neither a repeat nor what stands between two sides is one of its own."""
    for item in items:
        if isinstance(item, Repeat):
            yield from flat(item.steps)
        elif not isinstance(item, ForEach):
            yield item


def lists(items: tuple[Item, ...]) -> Iterator[list[Step | Section | Use]]:
    found = list(flat(items))
    yield found
    for item in found:
        if isinstance(item, Section):
            yield from lists((*item.steps, *item.between))


def test_what_is_called_the_same_in_one_list_is_counted_and_repeats_and_between_are_no_lists() -> None:
    routine, _ = read(Source("numbers.yaml", SCRIPT))
    assert routine is not None
    top, inside = lists(routine.steps)
    assert [(name_of(item), item.nth) for item in top] == [
        *(("rub", 1), ("rub", 2), ("rest", 1), ("rest", 2), ("rub", 3), ("rub", 4)),
    ]
    assert [(name_of(item), item.nth) for item in inside] == [("rub", number) for number in range(1, 6)]
    assert [item.nth for item in flat(routine.blocks["rest"].items)] == [1, 2]


def test_uses_that_linking_gives_one_name_are_counted_together() -> None:
    other = "routine: Other\nlength: 5m\nblocks: {a: [{say: A.}], b: [{use: a}, {use: other#a}]}\nsteps: [{say: B.}]\n"
    routine, _ = read(Source("numbers.yaml", SCRIPT))
    lender, _ = read(Source("other.yaml", other))
    assert routine is not None
    assert lender is not None
    linked = link(routine, {"other": lender}).blocks["other#b"]
    assert [(name_of(item), item.nth) for item in flat(linked.items)] == [("other#a", 1), ("other#a", 2)]


NAMES = st.sampled_from(["rub", "rest", "say"])
LEAVES = NAMES.map(lambda name: Step(name, NOWHERE)) | NAMES.map(lambda name: Use(name, "", NOWHERE))


def _branches(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(items, max_size=5).map(tuple)
    sections = st.builds(
        lambda name, *parts: Section(name.title(), parts[0], NOWHERE, between=parts[1]), NAMES, several, several
    )
    return sections | several.map(lambda steps: Repeat(Counts(1, 1, 1), steps, NOWHERE))


@given(st.lists(st.recursive(LEAVES, _branches, max_leaves=25), max_size=8).map(tuple))
def test_in_every_list_each_name_is_counted_from_1_on_without_gaps(items: tuple[Item, ...]) -> None:
    for found in lists(numbered(items)):
        for name in {name_of(item) for item in found}:
            numbers = [item.nth for item in found if name_of(item) == name]
            assert numbers == list(range(1, len(numbers) + 1))
    assert numbered(items) == items  # nothing else is changed
    again = numbered(numbered(items))
    assert numbered(again) is again
