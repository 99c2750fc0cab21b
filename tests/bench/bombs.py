"""Scripts that were made to take long: how much more `check` takes for twice as many of each construct."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.bench.figure import Figure
from tests.bench.place import Place
from tests.bench.run import seconds
from voiceguide.loading import examine

HEAD = "routine: Bomb\nlength: 1m..5m..25m\n"
MOST_S, MOST_GROWTH = 2.0, 2.5
"""For a script of 300 KB, and for twice as many: linear, but for what memory costs."""
WHOLE_BYTES = 300_000


def _many(head: str, line: str, between: str = "", tail: str = "\n") -> Callable[[int], str]:
    return lambda count: HEAD + head + between.join(line.format(n, n * 7919 % 9973) for n in range(count)) + tail


_STEP = "steps: [{say: Halt., for: 1s..1m..25m}]\n"
BOMBS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "unknown facts": _many("steps:\n", "  - {{say: Halt., when: dizzy-{1}-{0}}}\n"),
        "unknown keys": _many("steps:\n", "  - say: Halt.\n    key{1}x{0}: 1\n"),
        "unknown live values": _many("steps:\n", "  - say: Halt {{v{1}x{0}}}\n"),
        "unknown tags": _many("tags: [", "tag{1}x{0}", ", ", f"]\n{_STEP}"),
        "live values of one text": _many("steps:\n  - say: ", "a {{side}} "),
        "keys of one line": _many("steps:\n  - {say: Halt., ", "x{0}: 1", ", ", "}\n"),
        "keys twice": _many(_STEP, "purpose: x{0}\n"),
        "anchors": _many("steps:\n", "  - &a{0} {{say: Halt.}}\n"),
        "facts and wordings": lambda count: (
            _many("listener:\n", "  f{0}: {{yes or no: no}}\n", tail="")(count)
            + "steps:\n  - say:\n"
            + "".join(f"      f{n}: Halt {n}.\n" for n in range(count))
            + "      else: Go.\n    for: 1s..1m..25m\n"
        ),
        "silences": _many("steps:\n  - say: Halt. ", "[2s] a "),
        "comments that allow": _many("steps:\n", "  # allow no-stop-rule: x{0}\n", tail="  - say: Halt.\n"),
        "dashes for hyphens": _many("steps:\n", "  – say: Halt {0}.\n"),
    }
)


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time of 300 KB of each, and what it is to that of half of them."""
    for name, script in BOMBS.items():
        count = 2 * (WHOLE_BYTES * 500 // len(script(1000)))
        paths = {part: place.folder / f"bomb-{part}.yaml" for part in ("half", "whole")}
        paths["half"].write_text(script(count // 2), "utf-8")
        paths["whole"].write_text(script(count), "utf-8")
        half_s, whole_s = (min(_checked(path) for _ in range(min(3, place.runs))) for path in paths.values())
        met = whole_s <= MOST_S and whole_s <= MOST_GROWTH * half_s
        goal, growth = f"at most {seconds(MOST_S)} and {MOST_GROWTH:g} x", f"{whole_s / half_s:.1f} x"
        yield Figure(f"check, 300 KB of {name}", f"{seconds(whole_s)} CPU", "half of them", growth, goal, met)


def _checked(path: Path) -> float:
    """Return the process time of checking the script at *path* and telling people what is wrong with it."""
    began = time.process_time()
    str(examine(path, advise=True)[1])
    return time.process_time() - began
