"""`python -m tests.bench` measures what the program promises, on this machine, now. It prints and never fails."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.bench import (
    bombs,
    cold,
    export,
    first_sound,
    growth,
    lengths,
    memory,
    planning,
    promises,
    startup,
    synthesis,
    watching,
)
from tests.bench.figure import Figure, MissingError, summary, table
from tests.bench.place import Place

BENCHES: Mapping[str, Callable[[Place], Iterator[Figure]]] = MappingProxyType(
    {
        "bombs": bombs.figures,
        "cold": cold.figures,
        "export": export.figures,
        "growth": growth.figures,
        "lengths": lengths.figures,
        "memory": memory.figures,
        "help": startup.figures,
        "plan": planning.figures,
        "play": first_sound.figures,
        "promises": promises.figures,
        "speech": synthesis.figures,
        "watch": watching.figures,
    }
)
RUNS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, action="append", help="measure this; may be given several times")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each command (default: %(default)s)")
    parser.add_argument("--verbose", action="store_true", help="also say what --help imports")
    wanted = parser.parse_args()
    began = time.monotonic()
    head = machine()
    with tempfile.TemporaryDirectory(prefix="voiceguide-bench-") as folder:
        place = Place(Path(folder), max(1, wanted.runs), wanted.verbose)
        found = [figure for name in wanted.only or BENCHES for figure in measure(name, place)]
    took = f"whole processes, medians of {place.runs} runs in turns; all of it took {time.monotonic() - began:.0f} s"
    print("\n\n".join([head, table(found), *place.notes, took, "\n".join(map(summary, found))]))


def measure(name: str, place: Place) -> Iterator[Figure]:
    """Yield the figures of the benchmark *name*; what cannot be measured is a figure that says so."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    try:
        yield from BENCHES[name](place)
    except MissingError as missing:
        yield Figure(name, f"not measured: {missing}")
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        yield Figure(name, "not measured: it failed, see above")


def machine() -> str:
    """Describe this machine and how busy it is."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load}"


if __name__ == "__main__":
    main()
