"""Export of 20 minutes from the cache, against a plain write of the same bytes and against ffmpeg."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ffmpeg_mix import ASKED, FfmpegMix
from tests.bench.figure import Figure, MissingError, at_most
from tests.bench.place import LENGTH, ROUTINE, Place
from tests.bench.run import Run, alternate

NAME = "export, 20 min"
MOST_WRITES, LEAST_FFMPEG = 12, 5


def figures(place: Place) -> Iterator[Figure]:
    """Yield both comparisons, measured in turns."""
    model, ours, plain = place.exported, place.folder / "ours.wav", place.folder / "plain.wav"

    def export() -> Run:
        _settle(ours)
        return place.voiceguide("export", ROUTINE, "--length", LENGTH, "--quiet", "-o", str(ours))

    def write() -> Run:
        _settle(plain)
        return place.python(str(Path(__file__).with_name("plain_write.py")), str(model), str(plain))

    jobs = {"export": export, "write": write}
    try:
        rival = FfmpegMix(place)
        jobs["ffmpeg"] = rival.run
        reason = ""
    except MissingError as missing:
        reason = str(missing)
    took = alternate(place.runs, **jobs)
    plain.unlink()
    ratio = took["export"].wall_s / took["write"].wall_s
    yield at_most(NAME, took["export"].times, f"plain write {took['write'].times}", ratio, MOST_WRITES)
    if reason:
        yield Figure(f"{NAME}, against ffmpeg", f"not measured: {reason}")
        return
    faster = took["ffmpeg"].wall_s / took["export"].wall_s
    less = took["ffmpeg"].cpu_s / took["export"].cpu_s
    yield Figure(
        f"{NAME}, against ffmpeg",
        took["export"].times,
        f"ffmpeg {took['ffmpeg'].times}",
        f"{faster:.1f} x faster, {less:.1f} x less CPU",
        f"at least {LEAST_FFMPEG} x faster",
        faster >= LEAST_FFMPEG,
    )
    place.notes.append(f"{ASKED}\nOurs measures {rival.measure(ours)}, ffmpeg's {rival.measure(rival.target)}.")
    ours.unlink()
    rival.target.unlink()


def _settle(target: Path) -> None:
    """Remove what an earlier run wrote, and have the system write what it still holds back, before the next one."""
    target.unlink(missing_ok=True)
    os.sync()
