"""Peak memory of an export: 20 minutes, and four hours, which must need no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.place import LENGTH, ROUTINE, Place
from tests.bench.run import Run, mebibytes

MOST_BYTES = 150 << 20
HOURS = 4
FOUR_HOURS_BYTES = HOURS * 3600 * 48_000 * 4


def figures(place: Place) -> Iterator[Figure]:
    """Yield the peak of both."""
    target = place.folder / "memory.wav"
    assert place.exported  # the clips are in the cache
    yield _figure("20 min", place.voiceguide("export", ROUTINE, "--length", LENGTH, "-o", str(target)))
    target.unlink()
    room = shutil.disk_usage(place.folder).free > 2 * FOUR_HOURS_BYTES
    words = ["-m", "tests.bench.long_session", ROUTINE, LENGTH, str(HOURS), *([str(target)] if room else [])]
    how = "" if room else ", computed and dropped: too little room for the file"
    yield _figure(f"{HOURS} h{how}", place.python(*words))
    target.unlink(missing_ok=True)


def _figure(what: str, took: Run) -> Figure:
    measured = f"{mebibytes(took.peak_bytes)}, in {took.times}"
    return Figure(
        f"peak memory of an export, {what}", measured, goal="at most 150 MiB", met=took.peak_bytes <= MOST_BYTES
    )
