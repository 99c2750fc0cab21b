"""Live play on a sound server of our own: from a command to its sound, and what is lost while another core is busy.

`python -m tests.bench.live [COMMANDS [SECONDS]]` prints, for several lengths of what the device keeps, the median and
the 95th percentile of the time from `GoOn` to the first sample that is recorded, and the underruns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure, table
from tests.play.pulse import Recorder, recorder, speaker
from tests.play.sinks import FRAME, session, until
from tests.play.sounds import sounding
from voiceguide.play.commands import GoOn, Hold, Seek
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.player import Player
from voiceguide.speech.cache import ClipCache

KEPT_MS = (40, 80, 120)
GOAL_MS = 100
SCRIPT = f"""
routine: A long one
length: 2s..3m..5m
steps:
  - {{do: talk, title: Talk, say: {"One two three four five six seven eight. " * 20}, for: 2s..3m..5m}}
"""


def delay_ms(player: Player, heard: Recorder, reference: bytes) -> float | None:
    """Hold and go on; return how long after the command the sound came, or None where it was quiet there."""
    until(lambda: any(heard.pieces[-1][1]), "sound", 30)
    player.do(Hold())
    until(lambda: player.now.state == "holding" and not any(heard.data[-4_800 * FRAME :]), "the hold")
    at = player.heard.here
    if not any(reference[at * FRAME : (at + 96) * FRAME]):
        player.do(Seek(at + 4_800))
        player.do(GoOn())
        return None
    known, begun = len(heard.pieces), time.monotonic()
    player.do(GoOn())
    until(lambda: any(any(piece) for _, piece in heard.pieces[known:]), "the sound")
    return 1000 * (next(when for when, piece in heard.pieces[known:] if any(piece)) - begun)


def measured(kept_ms: int, commands: int, seconds: float) -> list[Figure]:
    """Return both figures for a device that keeps *kept_ms*, with one core busy."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with tempfile.TemporaryDirectory() as folder, speaker() as server:
            os.environ.update(server.environment)
            long = session(Path(folder), ClipCache(Path(folder) / "clips"), SCRIPT)
            reference, output = sounding(long, long.timeline), MiniaudioOutput()
            output.choose(latency_ms=kept_ms)
            with recorder(server) as heard, Player(long, output) as player:
                until(lambda: player.heard.here > 4_800, "the beginning")
                end = time.monotonic() + seconds
                delays: list[float] = []
                tries = 0
                while len(delays) < commands and tries < commands * 3:
                    tries += 1
                    delay = delay_ms(player, heard, reference)
                    delays += [delay] if delay is not None else []
                    if player.heard.here > long.timeline.frames // 2:
                        player.do(Seek(0))
                until(lambda: time.monotonic() > end, "the end", seconds + 60)
                lost = player.underruns
    finally:
        busy.kill()
        busy.wait()
    delays.sort()
    p50, p95 = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
    count = lost.count + lost.late
    return [
        Figure(
            f"command to sound, {kept_ms} ms kept",
            f"p50 {p50:.0f} ms, p95 {p95:.0f} ms of {len(delays)}",
            goal=f"p95 at most {GOAL_MS} ms",
            met=p95 <= GOAL_MS,
        ),
        Figure(f"underruns, {kept_ms} ms kept", f"{count} in {seconds:g} s", goal="none", met=count == 0),
    ]


if __name__ == "__main__":
    commands, seconds = (*(int(text) for text in sys.argv[1:]), *(100, 60)[len(sys.argv) - 1 :])
    for kept_ms in KEPT_MS:
        print(table(measured(kept_ms, commands, seconds)), flush=True)
