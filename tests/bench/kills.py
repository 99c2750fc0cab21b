"""`python -m tests.bench.kills` kills a session that plays, at random moments, and goes on with it each time.

Every process is the real program with an output that has no device and asks in real time, and now and then commands
something; the next process is the session that goes on, and the next victim. Then the writer alone is killed thousands
of times in the middle of its writing. It ends with 1 if a store was ever half-written, or if ever a session went on
elsewhere than it should.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from shutil import rmtree
from statistics import median

from tests.bench.run import ROOT
from voiceguide.files import cache_folder
from voiceguide.places import Keep, Place, heard_file, load_plan, places, read_place, sessions_folder, utc
from voiceguide.plan.plan import Plan
from voiceguide.play.resuming import AT_ONCE_MS, goes_on_at
from voiceguide.speech.cache import ClipCache

MOST_S = 2.0
DEADLINE_S = 60
PLAY = ("play", "whole-foot", "--length", "25m", "--engine")
ANYTHING = ("--output", "tally", "--quiet")
SURE_MS = 500
"""So near to the limit nobody outside knows which rule the program took."""


@dataclass(frozen=True)
class Note:
    """Where the session stood when the output had asked: the time, the frame and the frames of play."""

    at_s: float
    here: int
    out: int
    state: str


@dataclass(frozen=True)
class Kill:
    """One kill, in seconds: how far its place was from where it stopped, and where it went on from there.

    *off_s* is how long before the kill it had stood where the place says, or how far it had gone since: the lesser one.
    If the place is still the one that the victim went on from, it is how much was heard of that since, if that is less.
    """

    off_s: float
    away_s: float
    from_stop_s: float
    as_promised: bool


def install(folder: Path) -> dict[str, str]:
    """Install the output, as any package would; return the environment in which it is found."""
    record = folder / "plug-in" / "bench_tally-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-tally\nVersion: 1\n", encoding="utf-8")
    entry = "[voiceguide.outputs]\ntally = tests.bench.tally:Tally\n"
    (record / "entry_points.txt").write_text(entry, encoding="utf-8")
    own = {"BENCH_TALLY": str(folder / "tally"), "BENCH_EVERY_S": "1.5"}
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join([str(folder / "plug-in"), str(ROOT)])}


def noted(path: Path) -> list[Note]:
    """Return what the output has noted: whole lines, each from one writing."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    fields = (line.split() for line in lines)
    return [Note(float(at), int(here), int(out), state) for at, here, out, state in fields]


def half_written() -> list[str]:
    """Return what is wrong with the stores: nothing, ever."""
    wrong: list[str] = []
    for folder in sessions_folder().glob("*"):
        place = read_place(folder)
        if place is not None and load_plan(place) is None:
            wrong.append(f"the plan of {folder}")
        if place is None and (folder / "place.json").exists():
            wrong.append(f"{folder}/place.json: {(folder / 'place.json').read_bytes()[:200]!r}")
    for line in heard_file().read_text(encoding="utf-8").splitlines() if heard_file().exists() else []:
        try:
            json.loads(line)
        except ValueError:
            wrong.append(f"{heard_file()}: {line[:200]!r}")
    cache = ClipCache(cache_folder())
    return wrong + [str(path) for path, _ in cache.files() if cache.head(path.stem) is None]


def kills(folder: Path, count: int, seed: int, engine: str = "tone", *, cold: bool = False) -> Iterator[Kill]:
    """Kill a session *count* times at random moments, and yield what became of each.

    *engine* speaks; if *cold*, nothing is spoken yet whenever a process begins. One in eight is killed as it starts, too
    early to be heard: where it goes on does not change by that.
    """
    pick, environment, tally = Random(seed), install(folder), folder / "tally"
    seen: list[Note] = []
    killed_s, left = 0.0, count
    victims: Place | None = None
    while left:
        place = next(iter(places()), None)
        if seen and place is None:  # it had come to its end
            seen = []
        tally.unlink(missing_ok=True)
        if cold:
            rmtree(cache_folder(), ignore_errors=True)
        words = [sys.executable, "-m", "voiceguide", *(("resume",) if place else (*PLAY, engine)), *ANYTHING]
        environment["BENCH_SEED"] = str(pick.random())
        with subprocess.Popen(words, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL) as process:
            try:
                if pick.random() < 1 / 8:
                    time.sleep(pick.uniform(0, 1))
                else:
                    first = _first(process, tally, heard=place is None)
                    if seen and place:
                        yield _kill(killed_s, seen, place, first, stayed=place == victims)
                        left -= 1
                    time.sleep(pick.uniform(0, 0.3) if pick.random() < 0.3 else pick.uniform(0.3, 4))
            finally:
                process.kill()  # or who stops here would wait for it
                process.wait()
        if heard := noted(tally):
            seen, killed_s, victims = heard, time.monotonic(), place
        if wrong := half_written():
            raise SystemExit("half-written: " + "; ".join(wrong))


def _first(process: subprocess.Popen[bytes], tally: Path, *, heard: bool) -> Note:
    """Return the first note of *process*: where it begins; with *heard*, as soon as something has been heard too."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found = noted(tally)
        if found and (found[-1].out or not heard):
            return found[0]
        if process.poll() is not None:
            raise SystemExit(f"it ended by itself, with {process.returncode}")
        time.sleep(0.02)
    raise SystemExit("nothing is played")


def _kill(killed_s: float, seen: list[Note], place: Place, first: Note, *, stayed: bool) -> Kill:
    plan, rate, last = load_plan(place), place.rate, seen[-1]
    assert plan is not None
    near = [note.at_s for note in seen if abs(note.here - place.at) <= rate // 50]
    off_s = min(killed_s - near[-1] if near else 1e9, abs(last.here - place.at) / rate, *[last.out / rate] * stayed)
    began = datetime.fromisoformat(utc()).timestamp() - (time.monotonic() - first.at_s)
    away_s = began - datetime.fromisoformat(place.when).timestamp()
    rules = [0, AT_ONCE_MS]
    if abs(away_s * 1000 - AT_ONCE_MS) > SURE_MS:
        rules = [0] if away_s * 1000 < AT_ONCE_MS else [AT_ONCE_MS]
    expected = {goes_on_at(plan.timeline, place.at, away_ms) for away_ms in rules}
    return Kill(off_s, away_s, (first.here - last.here) / rate, first.here in expected)


def hammer(count: int, seed: int) -> tuple[int, int]:
    """Kill a process that only writes places and plans *count* times; return how many had written, and left litter."""
    place = places()[0]
    made = load_plan(place)
    assert made is not None
    plan = replace(made, timeline=made.timeline.between(0, 10 * place.rate))  # a short one, to be written often
    pick, wrote, littered = Random(seed), 0, 0
    place = _write(plan, place, 1)
    for _ in range(count):
        child = os.fork()
        if child == 0:
            _write(plan, place, 1 << 60)
        time.sleep(pick.uniform(0.0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = read_place(sessions_folder() / place.session)
        if found is None or found != _numbered(place, found.at, found.plan) or half_written():
            raise SystemExit(f"the place is gone, or mixed: {found}, {half_written()}")
        wrote += found.at > place.at
        littered += any((sessions_folder() / place.session).glob(".*.part"))
        place = found
    return wrote, littered


def _write(plan: Plan, place: Place, times: int) -> Place:
    """Write *place* with other numbers so many *times*, and return the last one."""
    keep, pick = Keep(place.session), Random()
    for _ in range(times):
        at = place.at + 1
        other = replace(plan, timeline=replace(plan.timeline, frames=plan.timeline.frames + at))
        place = _numbered(place, at, keep.plan(other) if pick.random() < 0.2 or times == 1 else place.plan)
        keep.place(place)
        keep.only(place.plan)
    keep.close()
    return place


def _numbered(place: Place, at: int, plan: str) -> Place:
    """Return *place* with *at* everywhere, and as long as it says: what is mixed of two is told."""
    return replace(place, at=at, length=at, into=at, heard={f"step {n}": at for n in range(at % 50)}, plan=plan)


def main() -> None:
    """Kill, go on, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kills of a session (default: %(default)s)")
    parser.add_argument("--writer", type=int, default=2000, help="kills of the writer alone (default: %(default)s)")
    parser.add_argument("--engine", default="tone", help="who speaks (default: %(default)s)")
    parser.add_argument("--cold", action="store_true", help="let nothing be spoken yet whenever a process begins")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voiceguide-kills-") as folder:
        os.environ["VOICEGUIDE_HOME"], os.environ["VOICEGUIDE_CACHE"] = f"{folder}/home", f"{folder}/cache"
        done = list(kills(Path(folder), wanted.kills, wanted.seed, wanted.engine, cold=wanted.cold))
        print(summary(done))
        wrote, littered = hammer(wanted.writer, wanted.seed)
        print(f"{wanted.writer} kills of the writer alone: {wrote} had written, none half-written")
        print(f"  {littered} left a whole file under its first name, which the next one clears away")
    if any(kill.off_s > MOST_S or not kill.as_promised for kill in done):
        raise SystemExit(1)


def summary(done: list[Kill]) -> str:
    """Return what became of the kills, in words."""
    off = sorted(kill.off_s for kill in done)
    soon = [kill for kill in done if kill.away_s * 1000 < AT_ONCE_MS - SURE_MS]
    at_once = sorted(abs(kill.from_stop_s) for kill in soon)
    lines = [
        f"{len(done)} kills, no store half-written",
        f"  the place on disk: {median(off):.2f} s from where it stopped (median), {off[-1]:.2f} s at most",
        f"  {sum(kill.off_s > MOST_S for kill in done)} further than {MOST_S:g} s",
        f"  went on as promised: {sum(kill.as_promised for kill in done)} of {len(done)}",
    ]
    if at_once:
        lines.append(
            f"  within 3 s ({len(soon)}): went on {median(at_once):.2f} s from there, {at_once[-1]:.2f} s at most"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
