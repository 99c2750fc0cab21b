"""Nouns: the decorator `dataclass`, at a third of its price.

Python's own writes and compiles six methods for every frozen class as it is defined: with 140 classes, a third of the
time of a short plan. Five of them are made here without compiling, and `__init__` is compiled when the first value is
made. All else is as in `dataclasses`: fields, defaults, `replace`, equality, hash, repr, pickles.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(noun=None, /, *, frozen=False, eq=True, **others):
        """Return *noun* as the dataclass that `dataclasses.dataclass` would make of it."""
        if not frozen or others:
            return dataclasses.dataclass(noun, frozen=frozen, eq=eq, **others)
        return (lambda noun: _frozen(noun, eq)) if noun is None else _frozen(noun, eq)


def _frozen(noun: Any, eq: bool) -> Any:
    """Return *noun* with its fields, and with the methods that it does not write itself."""
    noun.__doc__ = noun.__doc__ or noun.__name__  # or `dataclasses` writes one, from a signature
    dataclasses.dataclass(noun, init=False, repr=False, eq=False)
    fields = dataclasses.fields(noun)
    methods: dict[str, Callable[..., Any]] = {
        "__init__": _first_init(noun),
        "__repr__": _repr,
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
    }
    if eq:
        methods["__eq__"] = _equal(_values(field.name for field in fields if field.compare))
        hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
        methods["__hash__"] = _hash(_values(hashed))
    for name, method in methods.items():
        if name not in noun.__dict__:
            setattr(noun, name, method)
    return noun


def _values(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes the attributes *names* of a value, as a tuple."""
    match tuple(names):
        case ():
            return lambda value: ()
        case (name,):
            return lambda value: (getattr(value, name),)
        case several:
            return attrgetter(*several)


def _equal(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hash(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    return lambda self: hash(values(self))


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _first_init(noun: Any) -> Callable[..., None]:
    """Return the `__init__` of the first value of *noun*: it puts the compiled one into its place."""

    def init(self: object, *args: Any, **kwargs: Any) -> None:
        noun.__init__ = _compiled(noun)
        noun.__init__(self, *args, **kwargs)

    return init


def _compiled(noun: Any) -> Callable[..., None]:
    """Return the `__init__` that sets every field of *noun*, from an argument or by its default."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": dataclasses.MISSING}
    arguments, body = ["self"], ["pass"]
    for field in dataclasses.fields(noun):
        name, value = field.name, field.name
        if made := field.default_factory is not dataclasses.MISSING:
            known[f"_made_{name}"] = field.default_factory
            value = f"_made_{name}() if {name} is _none else {name}" if field.init else f"_made_{name}()"
        elif usual := field.default is not dataclasses.MISSING:
            known[f"_usual_{name}"] = field.default
        if field.init:
            arguments.append(f"{name}=_none" if made else f"{name}=_usual_{name}" if usual else name)
        if field.init or made:
            body.append(f"_set(self, {name!r}, {value})")
    if hasattr(noun, "__post_init__"):
        body.append("self.__post_init__()")
    exec(f"def __init__({', '.join(arguments)}):\n " + "\n ".join(body), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{noun.__qualname__}.__init__"
    return init
