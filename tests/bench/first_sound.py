"""From the command to the first sound, from the cache, on a sound server of our own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.figure import Figure
from tests.bench.place import LENGTH, ROUTINE, Place
from tests.bench.run import ROOT, seconds
from tests.bench.server import Heard, listening, server

MOST_S = 0.4
LEAD_S = 0.3
"""Silence that the player leads in with, for devices that swallow what comes while they wake."""
DEADLINE_S = 20


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time to the first buffer, to the session's first frame, and to what a recorder hears."""
    assert place.exported  # the clips are in the cache
    environment = {**place.environment, **_probe(place.folder)}
    with server(place) as own, listening(place, own) as heard:
        took = [_play(place.folder, {**environment, **own}, heard) for _ in range(place.runs)]
    asked, given, sounded = (median(values) for values in zip(*took, strict=True))
    goal = "at most 400 ms"
    yield Figure("play, to the first buffer", seconds(asked), "its lead-in of silence", "", goal, asked <= MOST_S)
    for what, value in (("to the session's first frame", given), ("to what a recorder hears", sounded)):
        less = value - LEAD_S
        measured = f"{seconds(value)}, less the lead-in {seconds(less)}"
        yield Figure(f"play, {what}", measured, "300 ms of silence before it", "", goal, less <= MOST_S)


def _probe(folder: Path) -> dict[str, str]:
    """Install the output that notes when it is asked, as any plug-in would be; return where it is found."""
    home = folder / "plug-in"
    record = home / "bench_probe-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-probe\nVersion: 1\n", encoding="utf-8")
    entry = "[voiceguide.outputs]\nprobe = tests.bench.probe:Probe\n"
    (record / "entry_points.txt").write_text(entry, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(home), str(ROOT)]), "BENCH_NOTES": str(folder / "notes.json")}


def _play(folder: Path, environment: dict[str, str], heard: Heard) -> tuple[float, float, float]:
    """Play until it is heard; return the three times in seconds since the command."""
    notes = folder / "notes.json"
    notes.unlink(missing_ok=True)
    heard.forget()
    command = [sys.executable, "-m", "voiceguide", "play", ROUTINE, "--length", LENGTH, "--output", "probe", "--quiet"]
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL) as process:
        try:
            while heard.first is None or not notes.exists():
                if process.poll() is not None or time.monotonic() > began + DEADLINE_S:
                    raise RuntimeError(f"nothing was heard of {' '.join(command)}")
                time.sleep(0.005)
        finally:
            process.send_signal(signal.SIGTERM)
    heard.wait_for_silence()
    noted = json.loads(notes.read_text(encoding="utf-8"))
    return noted["asked"] - began, noted["given"] - began, heard.first - began
