"""`--help`, against an interpreter that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, at_most
from tests.bench.place import Place
from tests.bench.run import alternate

MOST = 12
"""120 ms where the bare interpreter takes 10."""
TIMES = 4
"""It is short, so it is run so many times as often as the rest."""
SHOWN = 15


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time of `--help`."""
    place.voiceguide("--help")  # compiles what is not compiled yet
    took = alternate(
        TIMES * place.runs, help=lambda: place.voiceguide("--help"), bare=lambda: place.python("-c", "pass")
    )
    ratio = took["help"].wall_s / took["bare"].wall_s
    yield at_most("--help", took["help"].times, f"bare interpreter {took['bare'].times}", ratio, MOST)
    if place.verbose:
        said = place.python("-X", "importtime", "-m", "voiceguide", "--help").said
        place.notes.append(f"--help imports, by their own time:\n{_slowest(said)}")


def _slowest(said: str) -> str:
    """Return the modules that `-X importtime` found slowest."""
    rows = [line.removeprefix("import time:").split("|") for line in said.splitlines() if "import time:" in line]
    found = sorted(((int(own), name.strip()) for own, _, name in rows if own.strip().isdigit()), reverse=True)
    return "\n".join(f"  {own / 1000:6.1f} ms  {name}" for own, name in found[:SHOWN])
