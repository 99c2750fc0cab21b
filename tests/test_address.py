"""Addresses: each prints as a text that leads back to it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import planned
from voiceguide import open_routine
from voiceguide.address import Address, label

words = st.from_regex(r"[^/:#\n]+", fullmatch=True)
parts = st.builds(label, words, st.integers(1, 12))
sides = st.none() | st.sampled_from(["left", "right"]) | st.from_regex(r"[^/:.0-9\n][^/:.\n]*", fullmatch=True)
rounds = st.lists(st.integers(1, 200), max_size=3).map(tuple)
addresses = st.builds(Address, st.lists(parts, max_size=3).map(tuple), words, st.integers(1, 12), sides, rounds)


@given(addresses)
def test_every_address_prints_and_parses_back(address: Address) -> None:
    assert Address.parse(str(address)) == address


@given(addresses, addresses)
def test_two_addresses_never_print_alike(one: Address, other: Address) -> None:
    assert (str(one) == str(other)) == (one == other)


@given(addresses)
def test_the_step_as_written_has_neither_side_nor_round(address: Address) -> None:
    written = address.written
    assert (written.side, written.rounds) == (None, ())
    assert (written.path, written.name, written.nth) == (address.path, address.name, address.nth)
    assert written.written is written
    assert str(address).startswith(str(written))


@given(st.text(st.sampled_from("ab#:/.012 left"), max_size=14) | st.text(max_size=20))
def test_any_text_is_refused_or_is_how_its_address_prints(text: str) -> None:
    try:
        said = str(Address.parse(text))
        right = said == text
    except ValueError as refused:
        said = str(refused)
        right = repr(text) in said
    assert right, said


@pytest.mark.parametrize(
    "junk",
    [
        "", "/", ":", "#", "rub/", "/rub", "heel//rub", "rub:", "rub#", "rub#0", "rub#1", "rub#02", "rub#2#3", "#2",
        "rub:left/", "rub:/3", "rub:left:3", "rub:left/3/4", "rub:3/left", "rub:left/03", "rub:1..2", "rub:.1",
        "rub:1.", "rub:left/1..2", "rub:3left", "rub:left/x", "rub#x", "heel:left/rub",
    ],
)  # fmt: skip
def test_junk_is_refused(junk: str) -> None:
    with pytest.raises(ValueError, match="expected an address such as heel/rub#2:left/3, found"):
        Address.parse(junk)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("rub", Address((), "rub")),
        ("heel/rub#2:left/3", Address(("heel",), "rub", 2, "left", (3,))),
        ("settle/breathe:2.4", Address(("settle",), "breathe", rounds=(2, 4))),
        ("feet#2/circles/rub:right", Address(("feet#2", "circles"), "rub", side="right")),
    ],
)
def test_they_look_like_this(text: str, address: Address) -> None:
    assert (Address.parse(text), str(address)) == (address, text)


ODD = """
length: 30s..4m..10m
blocks: {rub: [{do: rub, for: 10s..20s..30s}, {repeat: 2, steps: [{do: rub, for: 10s..20s..30s}]}]}
steps:
  - {use: rub}
  - {use: rub}
  - section: "!!"
    each: foot
    between: [{do: rub, for: 5s..10s..20s}]
    steps: [{do: rub, for: 10s..20s..30s}, {use: rub}]
  - section: "?"
    steps: [{repeat: 2, steps: [{do: rub, for: 5s..10s..20s}, {repeat: 2, steps: [{do: rub, for: 5s..10s..20s}]}]}]
  - {section: "足 #2/b:c", steps: [{do: rub, for: 5s..10s..20s}]}
"""


@pytest.mark.parametrize("name", ["whole-foot", "quick-reset", "inner-arch-line", "even-breath", ""])
def test_every_occurrence_has_an_address_of_its_own_that_can_be_written_down(name: str) -> None:
    plan = planned(open_routine(name) if name else ODD)
    found = [step.address for step in plan.timeline.steps if step.address] + [out.address for out in plan.left_out]
    assert len(set(map(str, found))) == len(found) > 0
    assert [Address.parse(str(address)) for address in found] == found
