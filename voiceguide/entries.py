"""Entries: what installed packages name for others, and their versions, without `importlib.metadata`.

That takes a tenth of a short plan, most of it for a parser of e-mails, which nothing here is. What lies in folders, as
pip puts it there, is read here; for archives, eggs and finders of other kinds it is asked all the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any

from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Entry:
    """A *name*, and where what it stands for is: `package.module:attribute`."""

    name: str
    value: str

    def load(self) -> Any:
        """Import the module and return the attribute, or the module if there is none."""
        module, _, attribute = (part.strip() for part in self.value.partition("[")[0].partition(":"))
        return reduce(getattr, filter(None, attribute.split(".")), import_module(module))


def entries_of(group: str) -> tuple[Entry, ...]:
    """Return the entries of *group*, of every package the first one found; what cannot be read is passed over."""
    found = _lying_in_folders(group)
    return tuple(_found_anyhow(group) if found is None else found)


def version(package: str) -> str:
    """Return the version of the installed *package*. Raises PackageNotFoundError if it is not."""
    wanted = _plain(package)
    for name, number, _ in _in_folders() or ():
        if name == wanted and number:
            return number
    from importlib import metadata

    return metadata.version(package)


def _lying_in_folders(group: str) -> list[Entry] | None:
    """Return the entries of *group*, or None if not all packages that can be imported lie in plain folders."""
    packages = _in_folders()
    if packages is None:
        return None
    found: list[Entry] = []
    for _, _, info in packages:
        with (
            suppress(OSError, UnicodeDecodeError),
            open(os.path.join(info, "entry_points.txt"), encoding="utf-8") as file,
        ):
            found += _listed(file.read(), group)
    return found


def _in_folders() -> list[tuple[str, str, str]] | None:
    """Return the name, the version and the folder of facts of each package, or None if some lie elsewhere."""
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return None
    found: dict[str, tuple[str, str, str]] = {}
    for place in sys.path:
        try:
            entries = os.listdir(place or ".")
        except NotADirectoryError:
            return None
        except OSError:
            continue
        if place.endswith(".egg"):
            return None
        for entry in entries:
            stem, ending = os.path.splitext(entry)
            if ending.lower() in (".dist-info", ".egg-info"):
                name, number, *_ = (*stem.split("-"), "")
                found.setdefault(_plain(name), (_plain(name), number, os.path.join(place, entry)))
    return list(found.values())


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _listed(text: str, group: str) -> Iterator[Entry]:
    """Yield the entries of *group* in *text*, the contents of an `entry_points.txt`."""
    within = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("[") and line.endswith("]"):
            within = line[1:-1]
        elif within == group and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield Entry(name.strip(), value.strip())


def _found_anyhow(group: str) -> Iterator[Entry]:
    from importlib.metadata import distributions

    seen: set[str] = set()
    for distribution in distributions():
        with suppress(Exception):  # one package whose files are damaged
            if distribution.name not in seen:
                seen.add(distribution.name)
                yield from (Entry(entry.name, entry.value) for entry in distribution.entry_points.select(group=group))
