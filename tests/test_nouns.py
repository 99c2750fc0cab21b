"""`dataclass` of the house is that of Python, for all that frozen classes are used for here."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, field, fields, replace
from functools import cached_property
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.nouns import dataclass


def declare(decorate: Callable[..., Any]) -> dict[str, Any]:
    """Return the same four classes, made by *decorate*."""

    @decorate(frozen=True)
    class Plain:
        """With one of everything."""

        a: int
        b: Any = "usual"
        given: Mapping[str, int] = field(default_factory=dict)
        place: int = field(default=7, compare=False)
        secret: Any = field(default=None, repr=False, hash=False)
        length: int = field(init=False, repr=False, compare=False)
        made: list[int] = field(init=False, default_factory=list, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(str(self.b)))

        @cached_property
        def twice(self) -> int:
            return 2 * self.a

    @decorate(frozen=True)
    class Single:
        one: Any

    @decorate(frozen=True)
    class Nothing:
        pass

    @decorate(frozen=True, eq=False)
    class Own:
        x: int = 0

        def __repr__(self) -> str:
            return "its own"

    return {kind.__name__: kind for kind in (Plain, Single, Nothing, Own)}


OURS, PYTHONS = declare(dataclass), declare(dataclasses.dataclass)
Plain, Single, Nothing, Own = OURS.values()


@dataclass(frozen=True)
class Travelling:
    """One that can be found by its name, as pickles need."""

    words: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


def outcome(work: Callable[[], Any]) -> str:
    """Return what *work* gives, or what it raises and how it says so."""
    try:
        return repr(work())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


some = st.none() | st.integers(-2, 2) | st.just(nan) | st.text(max_size=2)


@given(st.lists(some, max_size=6), st.dictionaries(st.sampled_from(["a", "b", "place", "secret", "what"]), some))
def test_values_are_made_shown_and_refused_in_the_same_way(values: list[Any], named: dict[str, Any]) -> None:
    for name in OURS:
        ours, pythons = (outcome(lambda kind=kinds[name]: kind(*values, **named)) for kinds in (OURS, PYTHONS))  # type: ignore[misc]
        assert ours == pythons


@given(st.lists(st.tuples(some, some, some), min_size=2, max_size=2))
def test_values_are_equal_and_hashed_in_the_same_way(two: list[tuple[Any, Any, Any]]) -> None:
    def compared(kinds: dict[str, Any]) -> list[Any]:
        plain = [kinds["Plain"](a, b, (), place=c, secret=c) for a, b, c in two]
        single = [kinds["Single"](a) for a, _, _ in two]
        hashes = [hash(one) for one in (*plain, *single, kinds["Nothing"]())]
        return [plain[0] == plain[1], single[0] == single[1], plain[0] == single[0], hashes]

    assert compared(OURS) == compared(PYTHONS)
    assert Own() != Own()
    assert outcome(lambda: hash(Single([]))) == outcome(lambda: hash(PYTHONS["Single"]([])))


def test_fields_are_those_of_python_and_replace_uses_them() -> None:
    for name in OURS:
        ours, pythons = (
            [(f.name, f.type, f.init, f.compare) for f in fields(kinds[name])] for kinds in (OURS, PYTHONS)
        )
        assert ours == pythons
        assert OURS[name].__match_args__ == PYTHONS[name].__match_args__
    changed = replace(Plain(1, given={"x": 1}), b="else")
    assert (changed, changed.length, dataclasses.is_dataclass(Nothing)) == (Plain(1, "else", {"x": 1}), 4, True)
    assert dataclasses.asdict(Single(Single(1))) == {"one": {"one": 1}}


def test_what_is_frozen_is_not_changed_but_may_remember() -> None:
    plain, pythons = Plain(3), PYTHONS["Plain"](3)
    for name in ("a", "unknown"):
        assert outcome(lambda n=name: setattr(plain, n, 1)) == outcome(lambda n=name: setattr(pythons, n, 1))  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'a'"):
        del plain.a
    assert (plain.twice, plain.twice, plain.a) == (6, 6, 3)


def test_values_travel_and_are_copied() -> None:
    value = Travelling(("a", "b"), {"c": 1})
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == value


def test_a_default_made_by_a_call_is_made_for_each_value() -> None:
    assert Plain(1).given is not Plain(1).given
    assert Plain(1).made is not Plain(1).made


def test_a_value_that_holds_itself_can_be_shown() -> None:
    held: list[Any] = []
    held.append(Single(held))
    assert repr(held[0]).endswith("Single(one=[...])")


def test_a_method_is_compiled_when_the_first_value_is_made() -> None:
    @dataclass(frozen=True)
    class Fresh:
        a: int

    before = Fresh.__init__
    assert (Fresh(1).a, Fresh(a=2).a, Fresh.__init__ is before) == (1, 2, False)


def test_what_is_not_frozen_is_made_by_python() -> None:
    @dataclass
    class Counter:
        count: int = 0

    counter = Counter()
    counter.count += 1
    assert repr(counter).endswith("Counter(count=1)")
