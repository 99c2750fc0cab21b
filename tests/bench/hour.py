"""Live play over long: memory, threads, files, the clock and underruns while every few seconds something is commanded.

`python -m tests.bench.hour [--minutes M] [--every SECONDS] [--seed N]` plays on a sound server of our own. All commands
but those that end a session are given, in an order that *seed* fixes.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figure import Figure, table
from tests.bench.run import mebibytes
from tests.play.pulse import speaker
from tests.play.sinks import session, until
from voiceguide.play import commands as c
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.speech.cache import ClipCache

STEPS = 60
SCRIPT = "\n".join(
    (
        "routine: A long one",
        "family: other",
        "length: 5m..60m..3h",
        "bed: {sound: rain, under: 24 dB}",
        "steps:",
        *(
            f"  - {{do: step{i}, title: Step {i}, say: One two three four number {i}., brief: Number {i}.,"
            " for: 5s..60s..3m}"
            for i in range(STEPS)
        ),
    )
)
ENDING = (c.End, c.Quit, c.Finish, c.NextSection)
"""What is not given: it ends this session, which has no sections, at once or soon."""
NEAR_END_S = 60
MOST_GROWTH_BYTES = 20 << 20
MOST_FILES = 200
"""macOS lets a process of a usual shell have 256 of them."""
MOST_DRIFT_MS = 200
"""What the device and its server may hold of what they asked for, and a look between two of their askings."""


@dataclass(frozen=True)
class Look:
    """What the process holds at one moment, children by their ids, and how many frames the device has asked for.

    *resident* leaves out what lies in files: of clips that are mapped the system keeps in memory what it likes.
    """

    at: float
    resident: int
    threads: frozenset[str]
    files: int
    children: str
    asked: int


class CountedPlayer(Player):
    """A player that counts what its device asks for."""

    asked = 0

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        self.asked += frames
        return super().pull(frames)


def look(asked: int = 0) -> Look:
    """Look at this process."""
    gc.collect()
    own = Path("/proc/self")
    resident, shared = map(int, (own / "statm").read_text(encoding="ascii").split()[1:3])
    children = (own / f"task/{os.getpid()}/children").read_text(encoding="ascii").strip()
    names = frozenset(thread.name for thread in threading.enumerate())
    return Look(
        time.monotonic(),
        (resident - shared) * os.sysconf("SC_PAGE_SIZE"),
        names,
        len(os.listdir(own / "fd")),
        children,
        asked,
    )


def command(chance: random.Random, player: CountedPlayer) -> c.Command:
    """Return the next command: what brings a session that is held, or near its end, back to play; else any."""
    frames = player.heard.edition.timeline.frames
    if player.heard.here > frames - NEAR_END_S * player.rate:
        return c.Seek(0)
    if player.heard.edition.timeline.frames < 10 * NEAR_END_S * player.rate:
        return c.More(30)
    if player.now.state != "playing":
        return c.GoOn()
    kind = chance.choice([kind for kind in c.KINDS if kind not in ENDING])
    return c.Seek(chance.randrange(frames // 2)) if kind is c.Seek else kind()  # type: ignore[call-arg]


@dataclass(frozen=True)
class Play:
    """What was seen while it played, how many commands were given, and the part of a core that it took."""

    looks: list[Look]
    given: int
    over: bool
    underruns: int
    busy: float
    rate: int


def play(folder: Path, minutes: float, every_s: float, chance: random.Random) -> Play:
    """Play for so long. The session, with the clips that it has in hand, is let go with it."""
    long = session(folder, ClipCache(folder / "clips"), SCRIPT)
    looks, given, over = list[Look](), 0, False
    begun, cpu = time.monotonic(), time.process_time()
    player = CountedPlayer(long, MiniaudioOutput())
    with player:
        until(lambda: player.heard.here > player.rate, "the beginning")
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end and not over:
            over = player.wait(min(every_s, max(0.0, end - time.monotonic())))
            player.do(command(chance, player))
            given += 1
            looks.append(look(player.asked))
        lost = player.underruns
        busy = (time.process_time() - cpu) / (time.monotonic() - begun)
    return Play(looks, given, over, lost.count + lost.late, busy, player.rate)


def figures(minutes: float, every_s: float, seed: int) -> list[Figure]:
    """Return what was measured while it played for so long."""
    with tempfile.TemporaryDirectory() as folder, speaker() as server:
        os.environ.update(server.environment)
        before = look()
        seen = play(Path(folder), minutes, every_s, random.Random(seed))
        after = look()
    looks = seen.looks
    early, late = looks[len(looks) // 4], looks[-1]
    growth = late.resident - early.resident
    drift = 1000 * ((late.asked - early.asked) / seen.rate - (late.at - early.at))
    most = max(each.files for each in looks)
    left = sorted(after.threads - before.threads)
    new = set(after.children.split()) - set(before.children.split())
    hours = (late.at - early.at) / 3600
    return [
        Figure(
            "played",
            f"{(late.at - looks[0].at) / 60:.1f} min, {seen.given} commands",
            goal="to the end",
            met=not seen.over,
        ),
        Figure(
            "memory of its own, after a quarter and at the end",
            f"{mebibytes(early.resident)}, {mebibytes(late.resident)}: {growth / 2**20:+.1f} MiB in {hours:.2f} h",
            goal=f"at most {mebibytes(MOST_GROWTH_BYTES)} more",
            met=growth <= MOST_GROWTH_BYTES,
        ),
        Figure("threads, most", f"{max(len(each.threads) for each in looks)}; first {len(looks[0].threads)}"),
        Figure(
            "open files, first and most",
            f"{looks[0].files}, {most}",
            goal=f"at most {MOST_FILES}",
            met=most <= MOST_FILES,
        ),
        Figure(
            "what was asked for against the system's clock",
            f"{drift:+.0f} ms",
            goal=f"at most {MOST_DRIFT_MS} ms",
            met=abs(drift) <= MOST_DRIFT_MS,
        ),
        Figure("underruns", f"{seen.underruns}", goal="none", met=seen.underruns == 0),
        Figure("one core, busy", f"{100 * seen.busy:.1f} %, with the looking"),
        Figure(
            "left behind",
            f"threads {left}, children {len(new)}, files {after.files - before.files}",
            goal="nothing",
            met=not left and not new and after.files <= before.files,
        ),
    ]


def main(figures: Callable[[float, float, int], list[Figure]], minutes: float) -> None:
    """Print the *figures* of so many minutes as the command line asks for them, or of *minutes*."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--every", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(table(figures(options.minutes, options.every, options.seed)), flush=True)


if __name__ == "__main__":
    main(figures, 60)
