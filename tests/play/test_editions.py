"""Editions as they sound: what the device is given is what the editions say, sample for sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.play.sinks import FRAME, Collector, session, until
from tests.play.sounds import sounding
from voiceguide.play import commands as c
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.overlay import Overlay
from voiceguide.play.player import Player
from voiceguide.speech.cache import ClipCache

PREROLL = PREROLL_MS * 48
SCRIPT = """
routine: A calm one
length: 20s..60s..5m
bed: {sound: rain, under: 24 dB}
steps:
  - {do: warm, title: Warm strokes, say: One two three., brief: One., for: 8s..20s..60s}
  - {do: knead, say: Four five six seven., brief: Four., for: 8s..20s..60s}
  - {name: rest, say: Eight nine., for: 4s..20s..60s}
"""
STEADY = (
    c.Longer(5),
    c.More(1),
    c.LessTalk(),
    c.KeepEnd(),
    c.Shorter(3),
    c.MoreBed(),
    c.MoveEnd(),
    c.Left(1),
    c.LessBed(),
)
"""Commands that move nobody: a session that is only planned anew is heard from its first frame to its last."""


def test_a_session_that_is_planned_anew_again_and_again_is_its_last_edition(tmp_path: Path, cache: ClipCache) -> None:
    calm = session(tmp_path, cache, SCRIPT)
    sink = Collector()
    beside: set[Overlay] = set()
    with Player(calm, sink) as player:
        sink.take(player, PREROLL + 96_000)
        for command in STEADY:
            known = player._feeder._performance.bookmark.news
            player.do(command)
            until(lambda known=known: player._feeder._performance.bookmark.news > known, "the command")  # type: ignore[misc]
            sink.take(player, 120_000)
            beside |= set(player._feeder._performance.bookmark.overlays)
        while not player.heard.over:
            sink.take(player, 5_000)
            beside |= set(player._feeder._performance.bookmark.overlays)
        sink.take_all(player)
        edition = player.heard.edition
        assert player.underruns.count == 0
    assert not any(overlay.held for overlay in beside), "it never had to hold for an answer"
    assert len(edition.turns) == 2
    heard = np.frombuffer(bytes(sink.data[PREROLL * FRAME :]), "<i2").reshape(-1, 2)
    wanted = np.frombuffer(sounding(calm, edition.timeline), "<i2").reshape(-1, 2)
    heard = heard[: len(wanted)].copy()
    assert len(heard) == edition.timeline.frames
    spoken = 0
    for overlay in beside:  # what was answered sounds over it, and is no part of it
        heard[overlay.begun : overlay.end] = wanted[overlay.begun : overlay.end]
        spoken += overlay.end - overlay.begun
    assert spoken < len(heard) // 2
    assert np.array_equal(heard, wanted)
