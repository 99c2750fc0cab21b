"""How loud a session is, from what is known of its clips: nothing has to be rendered to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from voiceguide.audio.clip import Facts
from voiceguide.audio.loudness import CELL_MS, integrated
from voiceguide.clips import ClipId
from voiceguide.timeline import Cue, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float64]


def programme_db(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> float:
    """Return the integrated loudness of all that sounds in *timeline*, in LUFS as a stereo file; of silence, -120."""
    return integrated(session_cells(timeline, facts))


def speech_db(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> float | None:
    """Return the integrated loudness of the words of *timeline* with the silences between them cut out; None without.

    In LUFS, as a stereo file.
    """
    words = timeline.words()
    cells = [own for cue in words.cues for _, own in _sounding(words, cue, facts)]
    return integrated(np.concatenate(cells).astype(np.float32)) if cells else None


def session_cells(timeline: Timeline, facts: Mapping[ClipId, Facts]) -> NDArray[np.float32]:
    """Return the K-weighted energy of each 50 ms of *timeline*, its tracks added up as if they were unrelated.

    A clip that starts inside a cell counts from the nearest cell: 25 ms at most, which moves the result by less
    than 0.05 LU.
    """
    total = np.zeros(-(-timeline.frames // _per_cell(timeline)), np.float64)
    for cue in timeline.cues:
        for first, own in _sounding(timeline, cue, facts):
            total[first : first + len(own)] += own
    return total.astype(np.float32)


def _per_cell(timeline: Timeline) -> int:
    return timeline.rate * CELL_MS // 1000


def _sounding(timeline: Timeline, cue: Cue, facts: Mapping[ClipId, Facts]) -> Iterator[tuple[int, Cells]]:
    """Yield the first cell of the session in which *cue* sounds, and the energies that it gives from there on."""
    per_cell = _per_cell(timeline)
    own = facts[cue.clip].cells.astype(np.float64)
    first, skip = ((frames + per_cell // 2) // per_cell for frames in (cue.start, cue.into))
    count = min(-(-cue.frames // per_cell), -(-timeline.frames // per_cell) - first)
    if cue.loop:
        # a loop's last cell may be cut short: leave it out rather than count it as quieter than it is
        whole = own[:-1] if len(own) > 1 else own
        own = np.resize(np.roll(whole, -skip), max(0, count))
    else:
        own = own[skip : skip + max(0, count)]
    if len(own):
        yield first, own * cue.gain**2 * _power(cue, first, len(own), per_cell)


def _power(cue: Cue, first: int, count: int, per_cell: int) -> Cells:
    middles = (np.arange(first, first + count) + 0.5) * per_cell
    power = np.empty(count)
    for start, stop, origin, gain, slope in cue.envelope.segments(int(middles[0]), int(middles[-1]) + 1):
        here = slice(*np.searchsorted(middles, (start, stop)))
        power[here] = (gain + slope * (middles[here] - origin)) ** 2
    return power
