"""Ten minutes of play with every command: what sounded against what the editions say, what was recorded against both.

`python -m tests.bench.ten_minutes [--minutes M] [--every SECONDS] [--seed N]` plays on a sound server of our own, with a
core kept busy for the second half. Every stretch that plays on in one edition, with no words beside it and outside the
ramps, is mixed once more from the timeline of that edition alone, and compared sample for sample.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.figure import Figure
from tests.bench.hour import SCRIPT, CountedPlayer, command, main
from tests.play.pulse import recorder, speaker
from tests.play.sinks import FRAME, session, until
from tests.play.sounds import common
from voiceguide import Session
from voiceguide.audio.mix import Mixer, to_pcm16
from voiceguide.play.commands import KINDS, Kind, Quit
from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.stand import Stand
from voiceguide.speech.cache import ClipCache
from voiceguide.timeline import Timeline

LEAST_SHARE = 0.5
"""So much of what sounded must have been compared, or the comparison says little."""


class WatchedPlayer(CountedPlayer):
    """A player that keeps what its device was given, with where it stood before and after."""

    def __init__(self, session: Session, output: MiniaudioOutput) -> None:
        super().__init__(session, output)
        self.given: list[tuple[Stand, Stand, bytes]] = []

    def pull(self, frames: int) -> bytes:
        """Return the next *frames* of sound."""
        before = self.heard
        data = super().pull(frames)
        self.given.append((before, self.heard, data))
        return data


def straight(before: Stand, after: Stand, frames: int) -> bool:
    """Tell whether nothing but one edition sounds between these stands, neither coming in nor going out."""
    one = before.edition is after.edition and before.transport.state == after.transport.state == "playing"
    moved = after.here - before.here == after.out - before.out == frames
    opened = all(s.transport.landing is None and s.transport.fade_at == s.transport.ramp for s in (before, after))
    alone = not any(o.begun < after.out and o.end > before.out for o in (*before.overlays, *after.overlays))
    return one and moved and opened and alone and before.volume is after.volume and _level(before, after) is not None


def _level(before: Stand, after: Stand) -> float | None:
    first, last = before.volume.at(before.out), before.volume.at(after.out)
    return first if first == last else None


def compared(session: Session, given: list[tuple[Stand, Stand, bytes]]) -> Iterator[tuple[int, bool]]:
    """Yield the frames of each stretch that can be compared, and whether they are what its edition says."""
    mixers: dict[int, tuple[Timeline, Mixer]] = {}
    for before, after, data in given:
        frames, timeline = len(data) // FRAME, before.edition.timeline
        if not straight(before, after, frames):
            continue
        if id(timeline) not in mixers:
            mixers[id(timeline)] = timeline, Mixer(timeline, session.store.clips(timeline))
        block = mixers[id(timeline)][1].block(before.here, after.here)
        level = _level(before, after)
        block *= np.float32(1.0 if level is None else level)
        yield frames, to_pcm16(block, before.here).astype("<i2", copy=False).tobytes() == data


def figures(minutes: float, every_s: float, seed: int) -> list[Figure]:
    """Return what was seen while it played for so long."""
    chance, given, kinds = random.Random(seed), 0, set[Kind]()
    busy: subprocess.Popen[bytes] | None = None
    with tempfile.TemporaryDirectory() as folder, speaker() as server:
        os.environ.update(server.environment)
        long = session(Path(folder), ClipCache(Path(folder) / "clips"), SCRIPT)
        player = WatchedPlayer(long, MiniaudioOutput())
        with recorder(server) as heard, player:
            until(lambda: player.heard.here > player.rate, "the beginning")
            begun = time.monotonic()
            try:
                while (passed := time.monotonic() - begun) < minutes * 60:
                    if busy is None and passed > minutes * 30:
                        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
                    player.wait(every_s)
                    asked = command(chance, player)
                    kinds.add(type(asked))
                    player.do(asked)
                    given += 1
                player.do(Quit())
                player.do(Quit())
                until(lambda: player.wait(0.1), "the end")
            finally:
                if busy is not None:
                    busy.kill()
                    busy.wait()
            lost = player.underruns
            whole = b"".join(data for _, _, data in player.given)
            until(lambda: heard.data.endswith(bytes(4_800 * FRAME)), "all of the recording", 30)
            recorded = heard.data
        found = list(compared(long, player.given))
    frames = len(whole) // FRAME
    same, share = sum(right for _, right in found), sum(each for each, _ in found) / frames
    skipped = player.rate // 2 * FRAME  # the first milliseconds of a stream may be lost
    begin = recorded.find(whole[skipped : 3 * skipped])
    like = common(recorded[begin:], whole[skipped:]) if begin >= 0 else 0
    sounding = len(whole[skipped:].rstrip(b"\0")) // FRAME
    unused = sorted(kind.__name__ for kind in KINDS if kind not in kinds)
    count = lost.count + lost.late
    return [
        Figure("played", f"{frames / player.rate / 60:.1f} min, {given} commands, not among them: {', '.join(unused)}"),
        Figure("stretches as their editions say", f"{same} of {len(found)}", goal="all", met=same == len(found)),
        Figure("compared", f"{share:.0%} of all frames", goal=f"over {LEAST_SHARE:.0%}", met=share > LEAST_SHARE),
        Figure("recorded as given", f"{like} frames on end of {sounding}", goal="all", met=like >= sounding),
        Figure("underruns, a core busy in the second half", str(count), goal="none", met=count == 0),
    ]


if __name__ == "__main__":
    main(figures, 10)
