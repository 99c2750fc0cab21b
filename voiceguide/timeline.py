"""Timeline: the shape that everything after `plan` speaks. Times are frames at `rate`; ends are exclusive."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from voiceguide.address import Address
from voiceguide.clips import ClipId
from voiceguide.envelope import FLAT, Envelope
from voiceguide.nouns import dataclass
from voiceguide.source import NOWHERE, Span

TrackName = Literal["voice", "breath", "chime", "bed"]
TRACKS: tuple[TrackName, ...] = ("voice", "breath", "chime", "bed")
"""Every track, in the order in which they are summed."""
PhaseName = Literal["in", "more", "hold", "out"]


@dataclass(frozen=True)
class Cue:
    """One sounding of a clip.

    It begins *into* frames of the clip. *frames* may be longer than what is left of it only where *loop* is true: then
    the clip repeats without a seam. *gain* is linear, *envelope* its gain over time on top of that; the frames of the
    envelope are those of the session.

    *step* is the address of the step in which it sounds (None for a bed), *phrase* which words of it: a wording
    (`full`, `brief`, `minimal`), `at 1` for the first of its events, `announce 1`, `count` or `breath`; empty where
    there are none. *text* are the words as written with live values filled in, or the name of a chime or bed. What is
    *announced* lies in that step only because there was room.
    """

    track: TrackName
    clip: ClipId
    start: int
    frames: int
    step: Address | None = None
    phrase: str = ""
    text: str = ""
    span: Span = NOWHERE
    gain: float = 1.0
    loop: bool = False
    envelope: Envelope = FLAT
    into: int = 0
    announced: bool = False

    @property
    def end(self) -> int:
        """The first frame after the cue."""
        return self.start + self.frames

    @property
    def side(self) -> str | None:
        """The side of its step."""
        return self.step.side if self.step else None

    @property
    def paced(self) -> bool:
        """Whether it guides a breath or counts strokes: of those there are as many as there is time for."""
        return self.phrase in ("breath", "count")

    def between(self, start: int, stop: int) -> Cue | None:
        """Return what sounds of it from frame *start* to *stop* (exclusive), or None."""
        first, last = max(self.start, start), min(self.end, stop)
        if first >= last:
            return None
        if (first, last) == (self.start, self.end):
            return self
        return replace(self, start=first, frames=last - first, into=self.into + first - self.start)


@dataclass(frozen=True)
class Chapter:
    """A stretch with a title: it lasts until the next one."""

    title: str
    start: int
    span: Span = NOWHERE


@dataclass(frozen=True)
class StepSpan:
    """A step where it came to lie. *speech_frames* counts its voice cues; the rest is quiet, chime or breath.

    Without an *address* it is a silence that belongs to no written step. *pattern* is the breath that paces it, *to*
    whom it speaks; with *wait*, live play waits at its end. *note* is seen and not heard. *zone* is
    the part of the foot. What is *kept* (safety, a change of sides) is not skipped unheard in live play.
    """

    address: Address | None
    title: str
    start: int
    frames: int
    speech_frames: int = 0
    span: Span = NOWHERE
    pattern: str = ""
    to: str = "self"
    wait: bool = False
    note: str = ""
    zone: str = ""
    kept: bool = False

    @property
    def end(self) -> int:
        """The first frame after the step."""
        return self.start + self.frames

    @property
    def step(self) -> str:
        """The step's own name."""
        return self.address.name if self.address else SILENCE

    @property
    def remarks(self) -> str:
        """What people should know of it besides its title and its length: whom it speaks to, and that it waits."""
        return ", ".join([f"to {self.to}"] * (self.to != "self") + ["waits for you"] * self.wait)

    @property
    def side(self) -> str | None:
        """The side that it is done on."""
        return self.address.side if self.address else None


SILENCE = "silence"
"""The name, for people and programs, of what belongs to no step."""


@dataclass(frozen=True)
class Beat:
    """One phase of one round of breath, whether it sounds or not. *round* counts from 0 within its step."""

    phase: PhaseName
    start: int
    frames: int
    round: int
    step: Address

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


@dataclass(frozen=True)
class Timeline:
    """A session, ready to be mixed: *frames* long at *rate*, its cues ordered by start, its steps end to end.

    *waits* are the frames at which live play holds until the listener goes on: ends of steps that wait. A file knows
    nothing of them.
    """

    rate: int
    frames: int
    cues: tuple[Cue, ...]
    steps: tuple[StepSpan, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    beats: tuple[Beat, ...] = ()
    waits: tuple[int, ...] = ()

    def only(self, *tracks: TrackName) -> Timeline:
        """Return the same session with only these tracks sounding: a stem."""
        return replace(self, cues=tuple(cue for cue in self.cues if cue.track in tracks))

    def words(self) -> Timeline:
        """Return the same session with only its words sounding, those that pace a breath included."""
        return replace(self, cues=tuple(cue for cue in self.cues if cue.text and cue.track in ("voice", "breath")))

    def within(self, start: int, stop: int) -> Timeline:
        """Return the same session with only what lies from frame *start* to *stop* (exclusive), where it lies.

        Steps and chapters that lie only partly inside are cut at both ends.
        """
        start, stop = max(0, start), min(stop, self.frames)

        def inside(first: int, end: int) -> bool:
            return max(first, start) < min(end, stop)

        ends = (*(chapter.start for chapter in self.chapters[1:]), self.frames)
        return replace(
            self,
            cues=tuple(cut for cue in self.cues if (cut := cue.between(start, stop))),
            steps=tuple(_cut(step, start, stop) for step in self.steps if inside(step.start, step.end)),
            chapters=tuple(
                replace(chapter, start=max(chapter.start, start))
                for chapter, end in zip(self.chapters, ends, strict=False)
                if inside(chapter.start, end)
            ),
            beats=tuple(beat for beat in self.beats if start <= beat.start and beat.end <= stop),
            waits=tuple(frame for frame in self.waits if start < frame <= stop),
        )

    def between(self, start: int, stop: int) -> Timeline:
        """Return frames *start* to *stop* (exclusive) as a timeline of its own that sounds the same, bit by bit."""
        start, stop = max(0, start), min(stop, self.frames)
        part = self.within(start, stop)
        return replace(
            part,
            frames=max(0, stop - start),
            cues=tuple(replace(cue, start=cue.start - start, envelope=cue.envelope.moved(-start)) for cue in part.cues),
            steps=tuple(replace(step, start=step.start - start) for step in part.steps),
            chapters=tuple(replace(chapter, start=chapter.start - start) for chapter in part.chapters),
            beats=tuple(replace(beat, start=beat.start - start) for beat in part.beats),
            waits=tuple(frame - start for frame in part.waits),
        )

    def spliced(self, later: Timeline, at: int) -> Timeline:
        """Return this session up to frame *at*, and *later* from there on.

        What sounds across is cut in two, to the same samples. A step, a chapter or a beat
        that is under way in both is one.
        """
        before, after = self.within(0, at), later.within(at, later.frames)
        steps, chapters = (*before.steps, *after.steps), (*before.chapters, *after.chapters)
        under_way = [step for step in later.steps if step.start < at < step.end]
        if under_way and before.steps and before.steps[-1].address == under_way[0].address:
            begun = before.steps[-1].start
            whole = replace(under_way[0], start=begun, frames=under_way[0].end - begun)
            steps = (*before.steps[:-1], whole, *after.steps[1:])
        opened = [chapter for chapter in later.chapters if chapter.start < at]
        if opened and before.chapters and after.chapters[:1] == (replace(opened[-1], start=at),):
            same = (opened[-1].title, opened[-1].span) == (before.chapters[-1].title, before.chapters[-1].span)
            chapters = (*before.chapters, *after.chapters[1:]) if same else chapters
        across = (beat for beat in later.beats if beat.start < at < beat.end and beat in self.beats)
        return replace(
            later,
            cues=(*before.cues, *after.cues),
            steps=steps,
            chapters=chapters,
            beats=(*before.beats, *across, *after.beats),
            waits=(*before.waits, *after.waits),
        )


def _cut(step: StepSpan, start: int, stop: int) -> StepSpan:
    first, last = max(step.start, start), min(step.end, stop)
    speech = min(step.speech_frames, last - first)
    return replace(step, start=first, frames=last - first, speech_frames=speech)
