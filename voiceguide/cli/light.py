"""Light: values of the command line read without pydantic.

typer reads every value through pydantic, which takes 55 ms to import: half as long as a plan of a short script. What
is asked for here is words, numbers, paths and switches. Whatever is none of them, or is wrong, goes typer's own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args


def lighten(command: Any, kinds: Mapping[str, Any]) -> Any:
    """Return *command*, whose parameters read their values as *kinds*, types by name, say: `int`, `list[str] | None`.

    Those that it has beside them (`--help`) are switches.
    """
    its_own = command.get_params
    light: set[int] = set()

    def get_params(context: Any) -> Any:
        parameters = its_own(context)
        for parameter in parameters:
            if hasattr(parameter, "get_runtime_param") and id(parameter) not in light:
                light.add(id(parameter))
                parameter.process_value = _reader(parameter, kinds.get(parameter.name, bool))
        return parameters

    command.get_params = get_params
    return command


def _reader(parameter: Any, kind: Any) -> Any:
    """Return what reads a value of *parameter* in the place of its own `process_value`."""
    careful = parameter.process_value
    bare = _bare(kind)
    several = parameter.multiple or parameter.nargs == -1

    def process_value(context: Any, value: Any) -> Any:
        if parameter.required and value in (None, (), []):
            return careful(context, value)
        if value is None:
            read: Any = () if several else None
        elif several:
            read = [_read(bare, one) for one in value]
        else:
            read = _read(bare, value)
        if read is None is not value or (several and None in read):
            return careful(context, value)
        return parameter.callback(context, parameter, read) if parameter.callback else read

    return process_value


def _bare(kind: Any) -> Any:
    """Return the type that is inside *kind*: of its metadata, its None, its list."""
    while parts := [part for part in get_args(kind) if part is not type(None)]:
        kind = parts[0]
    return kind


def _read(kind: Any, value: Any) -> Any:
    """Return *value* as a *kind*, or None if that is not a matter of course."""
    if isinstance(value, kind):
        return value
    if isinstance(value, str) and (kind is Path or (kind is int and value.isascii() and value.isdecimal())):
        return kind(value)
    return None
