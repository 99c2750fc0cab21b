"""Timeline + clips -> Block: any stretch of a session, computed from nothing but frame numbers.

The mix has no memory: every sample is a function of its frame number, summed in the order of tracks and cues. So
blocks of any size join to the same sound, bit for bit, and live play, export and seeking are one function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voiceguide.anchor import CLIP_PEAK
from voiceguide.clips import ClipId
from voiceguide.envelope import Envelope
from voiceguide.timeline import TRACKS, Cue, Timeline
from voiceguide.units import db_to_gain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Block = NDArray[np.float32]
    Samples = Block | tuple[Block, ...]
    """Of a clip, shape (frames, channels); or of each layer of a bed, which go round each in its own time."""

_TABLE = 1 << 16
"""Frames in the table of dither; a power of two, so that blocks of that size never wrap."""


_HIGHEST = np.float32(CLIP_PEAK * db_to_gain(-1))
"""Highest sample of layers together, a moment in minutes; a true peak is hardly 1 dB higher than the samples of it."""


class Mixer:
    """The mix of one timeline: a pure function of frames, with its cues sorted once."""

    def __init__(self, timeline: Timeline, clips: Mapping[ClipId, Samples]) -> None:
        self.timeline = timeline
        self.clips = clips
        order = {name: index for index, name in enumerate(TRACKS)}
        # by where their clips would begin, so that cues that were cut are still added up in the same order
        self._cues = sorted(timeline.cues, key=lambda cue: (order[cue.track], cue.start - cue.into))
        self._starts = np.array([cue.start for cue in self._cues], np.int64)
        self._ends = np.array([cue.end for cue in self._cues], np.int64)

    def block(self, start: int, stop: int) -> Block:
        """Return frames *start* to *stop* (exclusive), shape (frames, 2), float32. Silence outside the session."""
        out = np.zeros((stop - start, 2), np.float32)
        for index in np.flatnonzero((self._starts < stop) & (self._ends > start)):
            self._add(self._cues[index], out, start, stop)
        return out

    def _add(self, cue: Cue, out: Block, start: int, stop: int) -> None:
        first, last = max(cue.start, start), min(cue.end, stop, self.timeline.frames)
        gain = np.float32(cue.gain)
        samples = self.clips[cue.clip]
        for a, b, piece in _sounding(samples, cue, first, last):
            for c, d, factor in ramps(cue.envelope, a, b):
                out[c - start : d - start] += piece[c - a : d - a] * (factor * gain)


def mix(timeline: Timeline, clips: Mapping[ClipId, Samples], start: int, stop: int) -> Block:
    """Return frames *start* to *stop* of *timeline*, shape (frames, 2), float32 in about -1..1."""
    return Mixer(timeline, clips).block(start, stop)


def _pieces(samples: Block, cue: Cue, first: int, last: int) -> Iterator[tuple[int, int, Block]]:
    """Yield the samples under frames *first* to *last* of a cue, piece by piece where a loop comes round."""
    size = len(samples)
    while first < last:
        at = first - cue.start + cue.into
        at = at % size if cue.loop else at
        end = min(last, first + size - at)
        if end <= first:
            return
        yield first, end, samples[at : at + end - first]
        first = end


def _sounding(samples: Samples, cue: Cue, first: int, last: int) -> Iterator[tuple[int, int, Block]]:
    """Yield what sounds under frames *first* to *last* of a cue; layers as one piece, summed in their order."""
    if not isinstance(samples, tuple):
        yield from _pieces(samples, cue, first, last)
    elif first < last:
        total = np.zeros((last - first, samples[0].shape[1]), np.float32)
        for layer in samples:
            for a, b, piece in _pieces(layer, cue, first, last):
                total[a - first : b - first] += piece
        np.clip(total, -_HIGHEST, _HIGHEST, out=total)
        yield first, last, total


def ramps(envelope: Envelope, start: int, stop: int) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Yield stretches of *start* to *stop* with their gain: a number where it is flat, shape (frames, 1) elsewhere."""
    for first, end, origin, gain, slope in envelope.segments(start, stop):
        if slope:
            along = np.arange(first - origin, end - origin, dtype=np.float64) * slope + gain
            yield first, end, along.astype(np.float32)[:, None]
        else:
            yield first, end, np.float32(gain).reshape(1)


@lru_cache(maxsize=1)
def _dither() -> NDArray[np.float32]:
    """Return the table of triangular dither, one quantum high, for both channels.

    A counter-based generator with a written seed: the same on every machine and every run.
    """
    random = np.random.Generator(np.random.Philox(20_241))
    return (random.random((_TABLE, 2), np.float32) - random.random((_TABLE, 2), np.float32)).astype(np.float32)


def to_pcm16(block: Block, start: int) -> NDArray[np.int16]:
    """Return *block*, which begins at frame *start*, as dithered 16 bit samples of the same shape."""
    table = _dither()
    out = block * np.float32(32767.0)
    done = 0
    while done < len(out):
        at = (start + done) % _TABLE
        count = min(len(out) - done, _TABLE - at)
        out[done : done + count] += table[at : at + count, : out.shape[1]]
        done += count
    np.rint(out, out=out)
    np.clip(out, -32768, 32767, out=out)
    return out.astype(np.int16)


def to_pcm24(block: Block, start: int) -> NDArray[np.uint8]:
    """Return *block* as 24 bit samples, little endian, shape (frames, channels * 3). They need no dither."""
    wide = np.clip(np.rint(block.astype(np.float64) * 8388607.0), -8388608, 8388607).astype("<i4")
    parts = np.ascontiguousarray(wide).view(np.uint8).reshape(len(block), -1, 4)[:, :, :3]
    return np.ascontiguousarray(parts.reshape(len(block), -1))
