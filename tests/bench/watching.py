"""From saving a script to the changed plan on standard output, in a `watch` that is running."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from statistics import median

from tests.bench.figure import Figure
from tests.bench.place import ROUTINE, Place
from tests.bench.run import ROOT, seconds

MOST_S = 0.5
LENGTH = "25:00"
SAVES = 20
ENGINES = ("tone", "espeak", "piper")
DEADLINE_S = 120
"""For the first plan, which has everything spoken."""
_FOR = re.compile(r"(do: warm\n.*?for: 35s\.\.)\d+s", re.DOTALL)


def figures(place: Place) -> Iterator[Figure]:
    """Yield the median and the worst time of `SAVES` saves with each engine, everything spoken being in the cache."""
    for engine in ENGINES:
        took, said = _measure(place, engine)
        yield Figure(
            f"watch, 25 min, {engine}",
            f"{seconds(median(took))}, worst {seconds(max(took))} of {len(took)} saves",
            f"planning and telling alone {seconds(median(said))}",
            "",
            "worst at most 500 ms",
            max(took) <= MOST_S,
        )


def _measure(place: Place, engine: str) -> tuple[list[float], list[float]]:
    """Return how long it took from each rename to the changed plan, and what the program says that it took itself."""
    folder = place.folder / f"watch-{engine}"
    folder.mkdir()
    script = folder / f"{ROUTINE}.yaml"
    shutil.copyfile(ROOT / "scripts" / script.name, script)
    text = script.read_text(encoding="utf-8")
    took, said = [], []
    with _watching(place, script, engine) as lines:
        _wait_for(lines, "planned in", DEADLINE_S)
        for number in range(SAVES):
            beside = folder / "saved"
            beside.write_text(_FOR.sub(rf"\g<1>{61 + number % 30}s", text), encoding="utf-8")
            began = time.monotonic()
            beside.replace(script)
            changed, line = _wait_for(lines, "  Warm strokes (left, right): ")
            if "->" not in line:
                raise RuntimeError(f"not the change that was made: {line}")
            took.append(changed - began)
            said.append(int(_wait_for(lines, "planned in")[1].split()[2]) / 1000)
    return took, said


@contextmanager
def _watching(place: Place, script: Path, engine: str) -> Iterator[Queue[tuple[float, str]]]:
    """Run `watch` on *script*; give its lines with the time at which each came."""
    words = ("watch", str(script), "--engine", engine, "--length", LENGTH, "--no-play")
    command = [sys.executable, "-m", "voiceguide", *words]
    lines: Queue[tuple[float, str]] = Queue()
    with subprocess.Popen(
        command, env=place.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        stream = process.stdout

        def listen() -> None:
            for line in stream:
                lines.put((time.monotonic(), line))

        ear = threading.Thread(target=listen, daemon=True)
        ear.start()
        try:
            yield lines
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(DEADLINE_S)
            ear.join()


def _wait_for(lines: Queue[tuple[float, str]], start: str, deadline_s: float = 10) -> tuple[float, str]:
    """Return the next line that begins with *start*, and when it came."""
    end = time.monotonic() + deadline_s
    while True:
        try:
            when, line = lines.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            raise RuntimeError(f"{start!r} did not come within {deadline_s} s") from None
        if line.startswith(start):
            return when, line.rstrip()
