"""An output without a device that asks as one does, in real time, and notes where the session stands at each asking.

What it notes is in a file at once, so it outlives the process however that ends. Now and then it commands something.
"""

from __future__ import annotations

import os
import time
from random import Random
from threading import Event, Thread

from voiceguide.play import commands as c
from voiceguide.play.output import LiveOutput, Source
from voiceguide.play.player import Player
from voiceguide.plugins import Status

ASK_MS = 10
COMMANDS: tuple[c.Command, ...] = (
    c.Hold(),
    c.GoOn(),
    c.GoOn(),
    c.Again(),
    c.Longer(5),
    c.Shorter(5),
    c.Back(),
    c.Previous(),
    c.Louder(),
    c.Quieter(),
    c.LessBed(),
    c.MoreBed(),
    c.LessTalk(),
    c.MoreTalk(),
    c.More(1),
)


class Tally(LiveOutput):
    """Asks every 10 ms, and notes the time and the frame."""

    name = "tally"
    title = "Notes where the session stands"
    rank = -1

    def __init__(self) -> None:
        self._left = Event()

    def status(self) -> Status:
        return Status("ready")

    def _start(self, source: Source) -> None:
        self._left.clear()
        Thread(target=self._ask, args=(source,), daemon=True).start()

    def _stop(self) -> None:
        self._left.set()

    def _ask(self, source: Source) -> None:
        player = getattr(getattr(source, "line", None), "fed", None)
        if not isinstance(player, Player):  # the trial whether there is a device
            return
        frames, pick = source.rate * ASK_MS // 1000, Random(os.environ.get("BENCH_SEED"))
        notes = os.open(os.environ["BENCH_TALLY"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        due, after_s = time.monotonic(), float(os.environ.get("BENCH_EVERY_S", "1e9"))
        told = due + pick.expovariate(1 / after_s)
        while not self._left.is_set():
            source.pull(frames)
            stand = player.heard
            os.write(notes, f"{time.monotonic():.4f} {stand.here} {stand.out} {stand.transport.state}\n".encode())
            if time.monotonic() >= told:
                player.do(pick.choice(COMMANDS))
                told += pick.expovariate(1 / after_s)
            due += ASK_MS / 1000
            time.sleep(max(0.0, due - time.monotonic()))
