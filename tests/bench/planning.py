"""Planning 25 minutes when the length of everything spoken is in the cache, in process time."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.place import ROUTINE, Place
from tests.bench.run import alternate, seconds

MOST_S = 0.3
LENGTH = "25:00"


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time of the command, and of its parts inside one process."""
    words = ("plan", ROUTINE, "--length", LENGTH, "--json")
    place.voiceguide(*words)  # has everything spoken
    took = alternate(place.runs, plan=lambda: place.voiceguide(*words), bare=lambda: place.python("-c", "pass"))
    whole = took["plan"]
    yield Figure(
        "plan, 25 min, whole command",
        f"{seconds(whole.cpu_s)} CPU ({seconds(whole.wall_s)})",
        f"bare interpreter {seconds(took['bare'].cpu_s)} CPU",
        f"{whole.cpu_s / took['bare'].cpu_s:.1f} x",
        "at most 300 ms CPU",
        whole.cpu_s <= MOST_S,
    )
    parts = json.loads(place.python("-m", "tests.bench.plan_alone", ROUTINE, LENGTH, str(place.runs)).said)
    texts = ", ".join(f"{name} {seconds(value)}" for name, value in parts.items() if name != "planning")
    yield Figure("plan, 25 min, planning alone", f"{seconds(parts['planning'])} CPU", f"around it: {texts}")
