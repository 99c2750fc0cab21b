"""A session of which nothing was ever spoken: how long its plan takes, its first sound and its first word."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from tests.bench.figure import Figure, MissingError
from tests.bench.first_sound import LEAD_S
from tests.bench.place import ROUTINE, Place
from tests.bench.run import ROOT, seconds
from tests.bench.server import Heard, listening, server
from voiceguide import VoiceguideError
from voiceguide.speech.engine import pick_engine

PLAN_S, SOUND_S, WORD_S, WARM_S = 3.0, 2.0, 4.0, 0.5
LISTEN_S = 15
"""So long it plays on after its first word, to see that nothing is missing."""
WORDS = ("play", ROUTINE, "--engine", "piper", "--plain")
FIRST_WORDS = "Welcome."
DEADLINE_S = 30


def figures(place: Place) -> Iterator[Figure]:
    """Yield the time of the plan, to the first sound and word with an empty cache, and to the first sound with a full one."""
    try:
        pick_engine("piper").pick_voice("", "en")
    except VoiceguideError as error:
        raise MissingError(error.message) from error

    def plan() -> float:
        _forget(place)
        return place.voiceguide("plan", ROUTINE, "--engine", "piper").wall_s

    plan()  # what lies in the system's own cache is not what is measured
    took = median(plan() for _ in range(place.runs))
    yield Figure("plan, nothing spoken", seconds(took), goal=f"at most {PLAN_S:g} s", met=took <= PLAN_S)
    with server(place) as own, listening(place, own) as heard:
        environment = {**place.environment, **own}
        played = []
        for _ in range(place.runs):
            _forget(place)
            played.append(_play(environment, heard, LISTEN_S))
        place.voiceguide("export", ROUTINE, "--engine", "piper", "-o", str(place.folder / "spoken.wav"))
        warm = [_play(environment, heard, 0.1) for _ in range(place.runs)]
    sound, word = (median(values) for values in list(zip(*played, strict=True))[:2])
    gaps = sum(one[2] for one in played)
    yield Figure(
        "play, nothing spoken, first sound", seconds(sound), goal=f"at most {SOUND_S:g} s", met=sound <= SOUND_S
    )
    yield Figure("play, nothing spoken, first word", seconds(word), goal=f"at most {WORD_S:g} s", met=word <= WORD_S)
    yield Figure(f"gaps in {LISTEN_S} s after it, {place.runs} times", str(gaps), goal="none", met=not gaps)
    first = median(one[0] for one in warm) - LEAD_S
    measured = f"{seconds(first)} and the lead-in of silence"
    yield Figure("play, all spoken, first sound", measured, goal=f"at most {WARM_S * 1000:g} ms", met=first <= WARM_S)


def _forget(place: Place) -> None:
    shutil.rmtree(place.environment["VOICEGUIDE_CACHE"], ignore_errors=True)


def _play(environment: dict[str, str], heard: Heard, on_s: float) -> tuple[float, float, int]:
    """Play until *on_s* after the first word; return when sound and word came, since the command, and the gaps."""
    heard.forget()
    word_s, said = 0.0, ""
    began = time.monotonic()
    command = [sys.executable, "-m", "voiceguide", *WORDS]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if line.rstrip().endswith(FIRST_WORDS) and not word_s:
                word_s = time.monotonic() - began
                time.sleep(on_s)
                process.send_signal(signal.SIGINT)
            if time.monotonic() > began + DEADLINE_S + on_s:
                process.kill()
    gaps = re.search(r", (no|\d+) gaps?", said)
    if heard.first is None or not word_s or gaps is None:
        raise RuntimeError(f"{' '.join(command)} said only:\n{said}")
    heard.wait_for_silence()
    return heard.first - began, word_s, 0 if gaps[1] == "no" else int(gaps[1])
