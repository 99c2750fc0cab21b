"""The session's one gain, from what is known of its clips: nothing has to be rendered to find it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from voiceguide.audio.clip import Facts
from voiceguide.audio.level import TAIL_DB
from voiceguide.audio.loudness import CELL_MS, integrated
from voiceguide.clips import ClipId
from voiceguide.timeline import Cue, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET_DB = -16.0
"""Integrated loudness of a session in LUFS, as a stereo file (docs/sources.md, levels)."""
CEILING_DB = -1.6
"""Highest true peak of a session in dBTP: 0.1 dB under what is promised, for the rounding of other meters."""

_TAIL_PEAK = 2 * 10 ** (-TAIL_DB / 20)
"""No peak in a clip's tail is higher than this share of its highest: the tail is `TAIL_DB` down in energy, and the
crest of what decays is not twice that of what was struck."""


def session_cells(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> NDArray[np.float32]:
    """Return the K-weighted energy of each 50 ms of *timeline*, its tracks added up as if they were unrelated.

    A clip that starts inside a cell counts from the nearest cell: 25 ms at most, which moves the result by less
    than 0.05 LU.
    """
    per_cell = timeline.rate * CELL_MS // 1000
    total = np.zeros(-(-timeline.frames // per_cell), np.float64)
    for cue in timeline.cues:
        own = facts[cue.clip].cells.astype(np.float64)
        first, skip = ((frames + per_cell // 2) // per_cell for frames in (cue.start, cue.into))
        count = min(-(-cue.frames // per_cell), len(total) - first)
        if cue.loop:
            # a loop's last cell may be cut short: leave it out rather than count it as quieter than it is
            whole = own[:-1] if len(own) > 1 else own
            own = np.resize(np.roll(whole, -skip), count)
        else:
            own = own[skip : skip + count]
        total[first : first + len(own)] += own * cue.gain**2 * _power(cue, first, len(own), per_cell)
    return (total * timeline.gain**2).astype(np.float32)


def _power(cue: Cue, first: int, count: int, per_cell: int) -> NDArray[np.float64]:
    frames = np.array([point[0] for point in cue.envelope.points], np.float64)
    gains = np.array([point[1] for point in cue.envelope.points], np.float64)
    power: NDArray[np.float64] = np.interp((np.arange(first, first + count) + 0.5) * per_cell, frames, gains) ** 2
    return power


def session_peak(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> float:
    """Return a linear true peak that *timeline* cannot exceed: the sum of the peaks of what may sound together."""
    edges: list[tuple[int, float]] = []
    for cue in timeline.cues:
        known = facts[cue.clip]
        # the bed is at its lowest under words; where it rises there is nothing else to add it to
        peak = known.peak * cue.gain * (1.0 if cue.track == "bed" else cue.envelope.highest)
        tail = cue.end if cue.loop else max(cue.start, min(cue.end, cue.start + known.tail - cue.into))
        faint = peak * _TAIL_PEAK
        edges += [(cue.start, peak), (tail, faint - peak), (cue.end, -faint)]
    now = top = 0.0
    for _, change in sorted(edges):
        now += change
        top = max(top, now)
    return top


def session_gain(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> float:
    """Return the linear gain that brings *timeline* to `TARGET_DB`, or as near as `CEILING_DB` allows."""
    if not timeline.cues:
        return 1.0
    loudness_db = integrated(session_cells(timeline, facts))
    if loudness_db <= -70:
        return 1.0
    wanted = 10 ** ((TARGET_DB - loudness_db) / 20)
    return float(min(wanted, 10 ** (CEILING_DB / 20) / session_peak(timeline, facts)))
