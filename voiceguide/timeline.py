"""Timeline: the shape that everything after `plan` speaks. Times are frames at `rate`; ends are exclusive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from voiceguide.source import NOWHERE, Span

TrackName = Literal["voice", "breath", "chime", "bed"]
TRACKS: tuple[TrackName, ...] = ("voice", "breath", "chime", "bed")
"""Every track, in the order in which they are summed."""


@dataclass(frozen=True)
class Envelope:
    """A gain over time: linear between points `(frame, gain)`, flat before the first and after the last."""

    points: tuple[tuple[int, float], ...] = ((0, 1.0),)

    def earlier(self, frames: int) -> Envelope:
        """Return the same gains *frames* earlier."""
        return Envelope(tuple((frame - frames, gain) for frame, gain in self.points))


FLAT = Envelope()


@dataclass(frozen=True)
class Cue:
    """One sounding of a clip.

    *clip* is the key under which the mixer finds the samples. *frames* may be longer than the clip only where
    *loop* is true: then the clip repeats without a seam. *gain* is linear. *start* is negative only in a part of a
    session (`Timeline.between`), for what began before it.
    """

    track: TrackName
    clip: str
    start: int
    frames: int
    step: str = ""
    side: str | None = None
    text: str = ""
    span: Span = NOWHERE
    gain: float = 1.0
    loop: bool = False
    envelope: Envelope | None = None
    """Its own gain over time, in place of that of its track; the frames are those of the session."""

    @property
    def end(self) -> int:
        """The first frame after the cue."""
        return self.start + self.frames


@dataclass(frozen=True)
class Mark:
    """A chapter: it lasts until the next one."""

    title: str
    start: int
    span: Span = NOWHERE


@dataclass(frozen=True)
class StepSpan:
    """A step where it came to lie. *speech_frames* counts its voice cues; the rest is quiet, chime or breath."""

    step: str
    title: str
    side: str | None
    start: int
    frames: int
    speech_frames: int
    span: Span = NOWHERE

    @property
    def end(self) -> int:
        """The first frame after the step."""
        return self.start + self.frames


@dataclass(frozen=True)
class Timeline:
    """A session, ready to be mixed: *frames* long at *rate*, its cues ordered by start.

    *envelopes* gives a gain over time for whole tracks (ducking and fades); a track without one is flat.
    *gain* is the session's one linear gain. *waits* are the frames at which live play holds until the listener goes
    on: ends of steps that wait. A file knows nothing of them.
    """

    rate: int
    frames: int
    cues: tuple[Cue, ...]
    steps: tuple[StepSpan, ...] = ()
    marks: tuple[Mark, ...] = ()
    envelopes: tuple[tuple[TrackName, Envelope], ...] = ()
    gain: float = 1.0
    waits: tuple[int, ...] = ()

    def envelope(self, track: TrackName) -> Envelope:
        """Return the gain over time of *track*."""
        return dict(self.envelopes).get(track, FLAT)

    def only(self, *tracks: TrackName) -> Timeline:
        """Return the same session with only these tracks sounding: a stem."""
        return replace(self, cues=tuple(cue for cue in self.cues if cue.track in tracks))

    def between(self, start: int, stop: int) -> Timeline:
        """Return frames *start* to *stop* (exclusive) as a timeline of its own that sounds the same, bit by bit.

        What began earlier goes on where it was: such a cue, and such a point of an envelope, has a negative time. What
        lasts longer is cut. Steps and chapters that lie only partly inside are cut at both ends.
        """
        start, stop = max(0, start), min(stop, self.frames)

        def inside(first: int, end: int) -> bool:
            return max(first, start) < min(end, stop)

        ends = (*(mark.start for mark in self.marks[1:]), self.frames)
        return replace(
            self,
            frames=max(0, stop - start),
            cues=tuple(
                replace(
                    cue,
                    start=cue.start - start,
                    frames=min(cue.end, stop) - cue.start,
                    envelope=cue.envelope and cue.envelope.earlier(start),
                )
                for cue in self.cues
                if inside(cue.start, cue.end)
            ),
            steps=tuple(_cut(step, start, stop) for step in self.steps if inside(step.start, step.end)),
            marks=tuple(
                replace(mark, start=max(0, mark.start - start))
                for mark, end in zip(self.marks, ends, strict=False)
                if inside(mark.start, end)
            ),
            envelopes=tuple((name, envelope.earlier(start)) for name, envelope in self.envelopes),
            waits=tuple(frame - start for frame in self.waits if start < frame <= stop),
        )


def _cut(step: StepSpan, start: int, stop: int) -> StepSpan:
    first, last = max(step.start, start), min(step.end, stop)
    speech = min(step.speech_frames, last - first)
    return replace(step, start=first - start, frames=last - first, speech_frames=speech)
