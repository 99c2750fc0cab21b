"""Whole processes, timed from outside, and compared in turns so that a machine that slows down slows all of them.

The peak that the system reports for a process includes what its parent held when it was started: so whoever measures
memory imports nothing large.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
_PEAK_BYTES = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in: kibibytes, but bytes on macOS."""


@dataclass(frozen=True)
class Run:
    """What one process (or several, one after the other) took. *cpu_s* is user and system time together."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    said: str = ""

    @property
    def times(self) -> str:
        """Both times, for people."""
        return f"{seconds(self.wall_s)} ({seconds(self.cpu_s)} CPU)"

    def then(self, after: Run) -> Run:
        """Return this run and the one *after* it as one."""
        peak = max(self.peak_bytes, after.peak_bytes)
        return Run(self.wall_s + after.wall_s, self.cpu_s + after.cpu_s, peak, self.said + after.said)


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    return f"{value * 1000:.0f} ms" if value < 0.9995 else f"{value:.2f} s"


def mebibytes(value: int) -> str:
    """Return a size in MiB."""
    return f"{value / (1 << 20):.0f} MiB"


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run *command* to its end; *said* is what it printed. Raises RuntimeError if it fails."""
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        file.seek(0)
        said = file.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\nfailed with {process.returncode}:\n{said[-2000:]}")
    return Run(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss * _PEAK_BYTES, said)


def alternate(runs: int, **jobs: Callable[[], Run]) -> dict[str, Run]:
    """Do all *jobs* in turns, *runs* times; return the median of each, by its name."""
    took: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            took[name].append(job())
    return {name: typical(found) for name, found in took.items()}


def typical(runs: Sequence[Run]) -> Run:
    """Return the median of the times and the largest peak."""
    wall_s, cpu_s = (median(values) for values in zip(*((r.wall_s, r.cpu_s) for r in runs), strict=True))
    return Run(wall_s, cpu_s, max(r.peak_bytes for r in runs), runs[-1].said)
