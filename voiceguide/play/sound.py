"""Sound: what a stand says sounds, made samples: the session's stretches, ducked, and what sounds beside them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from voiceguide.clip_store import AtHand
from voiceguide.envelope import FLAT, Envelope
from voiceguide.play.stand import Stand
from voiceguide.play.transport import RAMP_MS, Stretch
from voiceguide.units import ms_to_frames

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.session import Session
    from voiceguide.timeline import Timeline

    Samples = NDArray[np.float32]
    Render = Callable[[int, int], Samples]

FRAME_BYTES = 4
"""Bytes a frame: two channels of 16 bits."""
FAINT_AFTER_MS = 10_000
"""A hold without a bed is silence; from then on near-silence, or speakers fall asleep and swallow what comes next."""
_NOISE_FRAMES = 1 << 14
_QUANTA = [step.to_bytes(2, "little", signed=True) for step in (-1, 0, 1)]
_KEPT = 8
"""Timelines whose mixers are kept: that of the edition, and of what sounds beside it."""


def near_silence(frames: int, start: int = 0) -> bytes:
    """Return *frames* of noise, one quantum high, from frame *start* of it on: it is not heard, and wakes speakers."""
    table = _noise()
    first = start % _NOISE_FRAMES * FRAME_BYTES
    return (table * (frames // _NOISE_FRAMES + 2))[first : first + frames * FRAME_BYTES]


@lru_cache(maxsize=1)
def _noise() -> bytes:
    quanta = [left + right for left in _QUANTA for right in _QUANTA]
    return b"".join(Random(_NOISE_FRAMES).choices(quanta, k=_NOISE_FRAMES))


class Sound:
    """The sound of *session* and its editions. Nothing is mixed or loaded before it is asked for.

    Nothing is made for it either: clips that are not at hand are silent.

    With *scaled*, the volume is applied to the samples: for a device that has none of its own.
    """

    def __init__(self, session: Session, *, scaled: bool = True) -> None:
        self._clips = AtHand(session.store)
        self._ramp = ms_to_frames(RAMP_MS, session.timeline.rate)
        self._scaled = scaled
        self._mixers: OrderedDict[int, tuple[Timeline, Render]] = OrderedDict()

    def render(self, before: Stand, stretches: Sequence[Stretch], after: Stand) -> bytes:
        """Return *stretches*, which lie between two stands, as interleaved 16 bit stereo, little endian.

        What sounds beside them is that of *after*: it knows of all that began or ended between the two.
        """
        made, out, outgoing = [], before.out, before.outgoing
        for stretch in stretches:
            outgoing = outgoing if stretch.fade == "out" else None
            made.append(self._stretch(stretch, after, out, outgoing or after.edition.timeline))
            out += stretch.frames
        return b"".join(made)

    def _stretch(self, stretch: Stretch, stand: Stand, out: int, timeline: Timeline) -> bytes:
        import numpy as np

        from voiceguide.audio.mix import to_pcm16

        stop = out + stretch.frames
        beside = [o for o in stand.overlays if o.begun < stop and o.end > out]
        if stretch.fade == "silence" and not beside:
            long = stand.held > ms_to_frames(FAINT_AFTER_MS, stand.edition.timeline.rate)
            return near_silence(stretch.frames, out) if long else bytes(stretch.frames * FRAME_BYTES)
        if stretch.fade == "silence":
            block, first = np.zeros((stretch.frames, 2), np.float32), out
        else:
            block, first = self._mixer(timeline)(stretch.start, stretch.stop), stretch.start
        if stretch.fade in ("in", "out"):
            # half a frame in from both ends, so that going out and coming in add up to one at every frame
            along = (np.arange(stretch.done, stretch.done + stretch.frames, dtype=np.float32) + 0.5) / self._ramp
            block *= (along if stretch.fade == "in" else 1 - along)[:, None].astype(np.float32)
        for overlay in beside:
            _scale(block, overlay.ducks, out)
        for overlay in beside:
            own = self._mixer(overlay.timeline)(out - overlay.begun, stop - overlay.begun)
            _scale(own, overlay.gain, out)
            block += own
        _scale(block, stand.volume if self._scaled else FLAT, out)
        return to_pcm16(block, first).astype("<i2", copy=False).tobytes()

    def _mixer(self, timeline: Timeline) -> Render:
        known = self._mixers.get(id(timeline))
        if known is None or known[0] is not timeline:
            from voiceguide.audio.mix import Mixer

            known = timeline, Mixer(timeline, self._clips).block
            self._mixers[id(timeline)] = known
            while len(self._mixers) > _KEPT:
                self._mixers.popitem(last=False)
        self._mixers.move_to_end(id(timeline))
        return known[1]


def _scale(block: Samples, envelope: Envelope, start: int) -> None:
    """Bring *block*, which begins at frame *start* of play, to the gain that *envelope* has there, in place."""
    from voiceguide.audio.mix import ramps

    if envelope is FLAT:
        return
    for first, end, factor in ramps(envelope, start, start + len(block)):
        block[first - start : end - start] *= factor
