"""Overlays: what sounds outside the timeline of a session: words beside it, a soft tone, the bed of a hold.

An overlay has a small timeline of its own, which begins at a frame of play: of what the device is given, counted from
the first. The session lies under it, ducked while words sound, and is as it was afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voiceguide.clips import BreathTone, ClipId
from voiceguide.envelope import FLAT, Envelope
from voiceguide.nouns import dataclass
from voiceguide.timeline import Cue, Timeline
from voiceguide.units import db_to_gain, ms_to_frames

DUCK_MS = 150
"""How long the session takes to go down before words beside it, and to come back."""
DUCKED_DB = -12.0
RISE_MS, FALL_MS = 1_200, 300
"""The bed of a hold comes in so slowly that the hold is heard first, and goes out under what comes in."""
HELD_BED_DB = -3.0
"""A hold's bed lies so far under that of the session's silences."""
APART_MS = 400
"""Silence between two asides."""
SIGNAL_MS, SIGNAL_DB = 180, -10.0
"""How long the tone is that says that something was understood, and how far it is under one of a breath."""
_FOR_EVER_S = 1 << 24


@dataclass(frozen=True, eq=False)
class Overlay:
    """*timeline*, from frame *begun* of play on, coming in within *rise* frames.

    Once *ended*, it goes out within *fall* frames; else it sounds to its own end. *ducks* is the envelope of the
    session's gain under it, in frames of play.
    """

    timeline: Timeline
    begun: int
    rise: int = 0
    fall: int = 0
    ended: int | None = None
    ducks: Envelope = FLAT
    held: bool = False

    @property
    def end(self) -> int:
        """The first frame of play at which nothing of it sounds any more."""
        whole = self.begun + self.timeline.frames
        return whole if self.ended is None else min(whole, self.ended + self.fall)

    @property
    def gain(self) -> Envelope:
        """Its own gain over the frames of play."""
        points = [(self.begun, 0.0), (self.begun + self.rise, 1.0)] if self.rise else [(self.begun, 1.0)]
        shape = Envelope(tuple(points))
        if self.ended is None:
            return shape
        if self.ended <= self.begun + self.rise:
            points = [(self.begun, 0.0)] if self.ended > self.begun and self.rise else []
        fading = ((self.ended, shape.at(self.ended)), (self.ended + max(1, self.fall), 0.0))
        return Envelope((*(point for point in points if point[0] < self.ended), *fading))

    def over(self, out: int) -> bool:
        """Tell whether nothing of it sounds from frame *out* of play on."""
        return self.end <= out

    def ending(self, out: int) -> Overlay:
        """Return it as it goes out from frame *out* of play on."""
        return self if self.ended is not None else replace(self, ended=max(out, self.begun))


def held_bed(timeline: Timeline, at: int, out: int) -> Overlay | None:
    """Return the bed of *timeline* as it lies at frame *at*, going round and round, from frame *out* of play on."""
    rate = timeline.rate
    cue = next((cue for cue in timeline.cues if cue.track == "bed" and cue.start <= at < cue.end and cue.loop), None)
    if cue is None:
        return None
    frames = _FOR_EVER_S * rate
    gain = cue.gain * cue.envelope.highest * db_to_gain(HELD_BED_DB)
    bed = replace(cue, start=0, frames=frames, into=cue.into + at - cue.start, gain=gain, envelope=FLAT)
    rise, fall = (ms_to_frames(ms, rate) for ms in (RISE_MS, FALL_MS))
    return Overlay(Timeline(rate, frames, (bed,)), out, rise, fall, held=True)


def signal(rate: int) -> ClipId:
    """Return the tone that says that something was understood."""
    return BreathTone("in", ms_to_frames(SIGNAL_MS, rate))


def tone_beside(rate: int, out: int) -> Overlay:
    """Return the `signal`, from frame *out* of play on."""
    frames = ms_to_frames(SIGNAL_MS, rate)
    cue = Cue("chime", signal(rate), 0, frames, gain=db_to_gain(SIGNAL_DB))
    return Overlay(Timeline(rate, frames, (cue,)), out, fall=ms_to_frames(10, rate))


def words_beside(words: Sequence[tuple[ClipId, int]], text: str, rate: int, out: int, *, duck: bool) -> Overlay:
    """Return *words*, clips with their frames, one after the other, from frame *out* of play on.

    With *duck* the session goes down before them, and comes back after them.
    """
    ramp = ms_to_frames(DUCK_MS, rate)
    cues, at = [], ramp
    for clip, frames in words:
        cues.append(Cue("voice", clip, at, frames, phrase="aside", text=text))
        at += frames + ramp
    down = db_to_gain(DUCKED_DB)
    ducks = Envelope(((out, 1.0), (out + ramp, down), (out + at - ramp, down), (out + at, 1.0))) if duck else FLAT
    return Overlay(Timeline(rate, at, tuple(cues)), out, fall=ms_to_frames(10, rate), ducks=ducks)
