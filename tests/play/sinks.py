"""Real outputs without a device: they ask like one and keep what they are given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np

from voiceguide import Session, VoiceOptions, compile_session, open_routine
from voiceguide.play.output import Buffer, LiveOutput, Source, WholeOutput
from voiceguide.play.player import Player
from voiceguide.plugins import Status
from voiceguide.speech.cache import ClipCache

ODD_SIZES = (1, 480, 7, 961, 2048, 333)
FRAME = 4
"""Bytes a frame."""

SCRIPT = """
routine: A short one
length: 2s..9s..1m
steps:
  - {do: warm, title: Warm strokes, say: One two three., for: 2s..3s..4s, quiet: 0s}
  - {do: knead, say: Four five six seven., for: 2s..3s..4s, quiet: 0s}
  - {name: rest, say: Eight nine., for: 2s..3s..4s}
"""

SOUNDING = """
routine: A sounding one
length: 30s..60s..2m
bed: {sound: rain}
steps:
  - {name: hello, title: Welcome, say: One two three four., for: 10s..20s..1m}
  - {name: air, title: Breathe, breathe: {pattern: 4-0-4-0, cue: tone}, for: 10s..20s..1m}
  - {name: bye, title: Farewell, say: Five six., for: 10s..20s..1m}
"""


def session(folder: Path, cache: ClipCache, script: str = SCRIPT, rate: int = 48_000) -> Session:
    """Return *script* compiled and spoken with the tone engine: a collector asks faster than anybody speaks."""
    path = folder / "short.yaml"
    path.write_text(script, encoding="utf-8")
    compiled = compile_session(open_routine(str(path)), options=VoiceOptions("tone", rate=rate, cache=cache))
    compiled.clips()
    return compiled


def waiting(session: Session, *waits: int) -> Session:
    """Return *session* with a timeline that waits at these frames."""
    timeline = replace(session.timeline, waits=waits)
    return replace(session, plan=replace(session.plan, timeline=timeline))


def until(condition: Callable[[], bool], what: str, deadline_s: float = 20) -> None:
    """Wait for *condition*."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {deadline_s} s"
        time.sleep(0.002)


def after_silence(data: bytes) -> bytes:
    """Return *data* from its first frame on that is more than near-silence."""
    samples = np.frombuffer(data[: len(data) // FRAME * FRAME], "<i2")
    loud = np.flatnonzero(np.abs(samples) > 1)
    return data[int(loud[0]) // 2 * FRAME :] if loud.size else b""


class Collector(LiveOutput):
    """Asks when it is told to, in odd sizes, once as much is ready: a device whose clock is the test."""

    name = "collector"
    title = "Keeps what it is given"
    rank = 0

    def __init__(self) -> None:
        self.data = bytearray()
        self.sizes = cycle(ODD_SIZES)
        self.open = False

    def status(self) -> Status:
        return Status("ready")

    def _start(self, source: Source) -> None:
        self.source = source
        self.open = True

    def _stop(self) -> None:
        self.open = False

    def take(self, player: Player, frames: int) -> None:
        """Pull *frames* in odd sizes, never more than is ready unless the session is over."""
        while frames > 0:
            until(lambda: player.wait(0) or player.ahead > 0 or player.heard.over, "sound")
            size = min(frames, next(self.sizes), player.ahead or frames)
            self.data += self.source.pull(size)
            frames -= size

    def take_all(self, player: Player) -> None:
        """Pull until the player says that it is over."""
        while not player.wait(0):
            self.take(player, 1000)


class WholeCollector(WholeOutput):
    """Takes everything at once, and has played it when it is told so."""

    name = "whole"
    title = "Keeps a finished buffer"
    rank = 0

    def __init__(self) -> None:
        self.data = b""
        self.frames: int | None = 0
        self.stopped = False

    def status(self) -> Status:
        return Status("ready")

    def _start(self, source: Buffer) -> None:
        self.data = source.data

    def _stop(self) -> None:
        self.stopped = True

    def played(self) -> int | None:
        return self.frames
