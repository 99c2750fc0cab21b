"""Checking and planning scripts of up to 100,000 steps with the tone engine: the time, and how it grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.bench.figure import Figure, at_most
from tests.bench.place import Place
from tests.bench.run import alternate, seconds

MOST_S = {"check": 2.0, "plan": 3.0}
"""For 10,000 steps."""
FEW, MANY, MOST = 1_000, 10_000, 100_000
MOST_GROWTH = 1.5
"""How much more a step may cost among `MOST` steps than among `MANY`: linear, but for what memory costs."""
HEAD = "routine: Growth\nlength: 24m..24m30s..25m\nsteps:\n  - {name: open, chime: begin, say: Stop at pain., for: 10s..20s..24m}\n"
TAIL = "  - {name: close, say: Wipe your feet and wash your hands., for: 10s..20s..24m}\n"


def optional(steps: int) -> str:
    """Return *steps* that all speak, most of which have to go."""
    line = "  - {{do: s{0}, say: Stroke number {0} slowly., for: 5s..9s..20s, quiet: 1s, optional: {1}}}\n"
    return HEAD + "".join(line.format(n, 2 + n % 8) for n in range(steps)) + TAIL


def kept(steps: int) -> str:
    """Return *steps* that all stay: short silences, and every hundredth a word."""
    ms = 600_000 // steps
    line = "  - {{name: s{0}, pause: {1}s..{2}s..{3}s}}\n"
    word = "  - {{name: s{0}, say: Slowly., for: 0.5s..0.6s..0.8s}}\n"
    span = (ms / 2000, ms / 1000, ms / 500)
    return HEAD + "".join((line if n % 100 else word).format(n, *span) for n in range(steps)) + TAIL


def sections(steps: int) -> str:
    """Return *steps* in sections for both feet, each with a repeat, an announcement and a group."""
    ms = 600_000 // steps
    lines = []
    for n in range(steps // 10):
        lines.append(f"  - section: Part {n}\n    each: foot\n    at: [{{half: Softer.}}]\n    steps:\n")
        lines += [f"      - {{name: a{n}-{i}, pause: {ms / 2000}s..{ms / 1000}s..{ms / 250}s}}\n" for i in range(2)]
        lines.append(f"      - {{name: b{n}, say: Slowly now., for: 5s..6s..9s, optional: {2 + n % 3}, group: b{n}}}\n")
        lines.append(f"      - repeat: 1..1..3\n        steps: [{{name: c{n}, pause: {ms / 1000}s}}]\n")
    groups = "groups:\n" + "".join(f"  b{n}: together\n" for n in range(steps // 10))
    return HEAD.replace("steps:\n", f"{groups}steps:\n") + "".join(lines) + TAIL


SHAPES: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {"optional": optional, "kept": kept, "sections": sections}
)


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time of both commands for each shape, and what a step costs among more and more of them."""
    for shape, script in SHAPES.items():
        paths = {steps: place.folder / f"{shape}-{steps}.yaml" for steps in (FEW, MANY, MOST)}
        for steps, path in paths.items():
            path.write_text(script(steps), "utf-8")
        for command, most_s in MOST_S.items():
            yield from _grown(place, command, shape, paths, most_s)


def _grown(place: Place, command: str, shape: str, paths: Mapping[int, Path], most_s: float) -> Iterator[Figure]:
    options = ("--engine", "tone", "--json") if command == "plan" else ()
    jobs = {str(n): (lambda path=path: place.voiceguide(command, str(path), *options)) for n, path in paths.items()}
    took = alternate(min(3, place.runs), bare=lambda: place.voiceguide("--help"), **jobs)
    each_us = {n: (took[str(n)].cpu_s - took["bare"].cpu_s) / n * 1e6 for n in paths}
    whole_s = took[str(MANY)].wall_s
    growing = ", ".join(f"{n:,}: {us:.0f} us" for n, us in each_us.items())
    name = f"{command}, {shape}"
    yield Figure(f"{name}, {MANY:,} steps", seconds(whole_s), "", "", f"at most {seconds(most_s)}", whole_s <= most_s)
    yield at_most(f"{name}, a step of {MOST:,}", growing, f"of {MANY:,}", each_us[MOST] / each_us[MANY], MOST_GROWTH)
