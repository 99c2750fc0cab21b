"""Stand: where a playing stands, as one value: what sounds next of which edition, what beside it, how loud.

An edition is a session as it is planned now. A command may come to another one: the same up to where the listener is,
and planned anew from there. So play crosses from one to the next at any frame up to that, and nothing is heard of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from voiceguide.address import Address
from voiceguide.envelope import FLAT, Envelope, product
from voiceguide.nouns import dataclass
from voiceguide.plan.plan import Plan
from voiceguide.play.commands import GoOn
from voiceguide.play.overlay import Overlay, held_bed
from voiceguide.play.transport import RAMP_MS, Stretch, Transport
from voiceguide.timeline import Timeline
from voiceguide.units import db_to_gain, ms_to_frames

TURN_MS = 200
"""How long the bed takes to another level."""


@dataclass(frozen=True, eq=False)
class Edition:
    """A session as it is planned now: *timeline* is what is played, *plan* what it was made of.

    *turns* are the levels of the bed: from that frame on, so many dB more or less. A timeline without a plan can be
    played, and cannot be planned anew. One that is not *certain* is a guess from its first words on, and is played no
    further.
    """

    timeline: Timeline
    plan: Plan | None = None
    turns: tuple[tuple[int, int], ...] = ()
    certain: bool = True

    @classmethod
    def of(cls, plan: Plan, turns: tuple[tuple[int, int], ...] = (), *, certain: bool = True) -> Edition:
        """Return the edition of *plan* with its bed turned."""
        return cls(turned(plan.timeline, turns) if turns else plan.timeline, plan, turns, certain)

    @cached_property
    def first_words(self) -> int:
        """Where the first of its words or tones of breath begin."""
        spoken = (cue.start for cue in self.timeline.cues if cue.track in ("voice", "breath"))
        return min(spoken, default=self.timeline.frames)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where its steps begin."""
        return tuple(step.start for step in self.timeline.steps)


def turned(timeline: Timeline, turns: Iterable[tuple[int, int]]) -> Timeline:
    """Return *timeline* with its beds so many dB louder from each frame of *turns* on."""
    ramp = ms_to_frames(TURN_MS, timeline.rate)
    points = [(0, 1.0)]
    for frame, level_db in turns:
        frame = max(frame, points[-1][0] + 1)
        points += [(frame, points[-1][1]), (frame + ramp, db_to_gain(level_db))]
    shape = Envelope(tuple(points))
    cues = (
        replace(cue, envelope=product(cue.envelope, shape, start=cue.start, stop=cue.end))
        if cue.track == "bed"
        else cue
        for cue in timeline.cues
    )
    return replace(timeline, cues=tuple(cues))


@dataclass(frozen=True)
class Begin:
    """How a playing begins: at *frame*, at a volume of so many dB, with the *turns* of its bed.

    With *held*, it begins as a hold that has lasted for so many frames of play, and goes on as one does.
    """

    frame: int = 0
    held: int = 0
    volume_db: int = 0
    turns: tuple[tuple[int, int], ...] = ()


ANEW = Begin()
"""From the first frame on, as it is planned."""


@dataclass(frozen=True)
class Stand:
    """Where a playing stands after *out* frames of play.

    *held_at* is the frame of play at which a hold began, *resuming* the one at which it goes on by itself. The end of
    the session stays at frame *target* of play, if there is one. *leaving* tells a hold that a second `quit` ends,
    *insisted* the step that must be heard and was to be skipped once already. *waits* tells whether it holds at waits.
    A *stalled* one is held until the sound is there that comes next: nobody commanded that, and it goes on by itself.
    *outgoing* is the timeline whose sound goes out while the session lands in another edition, not the same there.
    *volume* is the gain of the whole over the frames of play, which comes to *volume_db*.
    """

    transport: Transport
    edition: Edition
    out: int = 0
    overlays: tuple[Overlay, ...] = ()
    held_at: int | None = None
    resuming: int | None = None
    target: int | None = None
    leaving: bool = False
    stalled: bool = False
    outgoing: Timeline | None = None
    insisted: Address | None = None
    volume_db: int = 0
    volume: Envelope = FLAT
    bed_db: int = 0
    understood: str = ""
    answer: str = ""
    news: int = 0
    waits: bool = True

    @classmethod
    def of(cls, edition: Edition, *, waits: bool = True, begin: Begin = ANEW) -> Stand:
        """Return the stand where a playing of *edition* begins, which holds at its waits, unless *waits* is false."""
        timeline = edition.timeline
        transport = Transport.of(timeline.frames, edition.starts, timeline.rate, timeline.waits if waits else ())
        at = max(0, min(begin.frame, timeline.frames))
        # in the middle of a sound it comes in, as after a hold
        transport = replace(transport, at=at, fade_at=0 if at or begin.held else transport.fade_at)
        held = replace(transport, state="holding") if begin.held else transport
        level_db, turns = begin.volume_db, begin.turns
        volume = Envelope(((0, db_to_gain(level_db)),)) if level_db else FLAT
        return cls(
            held,
            edition,
            held_at=-begin.held if begin.held else None,
            volume_db=level_db,
            volume=volume,
            bed_db=turns[-1][1] if turns else 0,
            waits=waits,
        )

    @property
    def over(self) -> bool:
        """Nothing will sound any more."""
        return self.transport.over and all(overlay.over(self.out) for overlay in self.overlays)

    @property
    def here(self) -> int:
        """Where the session stands for the listener."""
        return self.transport.here

    @property
    def left(self) -> int:
        """The frames of the session that are still to come."""
        return max(0, self.edition.timeline.frames - self.here)

    @property
    def going(self) -> int:
        """The frames of play in which the sound still goes out before it lands elsewhere."""
        transport = self.transport
        return 0 if transport.landing is None else min(transport.fade_at, transport.frames - transport.at)

    @property
    def held(self) -> int:
        """For how many frames of play it has been held."""
        return 0 if self.held_at is None else self.out - self.held_at

    def moved(self, transport: Transport) -> Stand:
        """Return this stand with another *transport*, and what follows from it at once."""
        return replace(self, transport=transport)._settled()

    def onto(self, edition: Edition) -> Stand:
        """Return this stand on another *edition*, which is the same up to here."""
        timeline, old = edition.timeline, self.transport
        new = Transport.of(timeline.frames, edition.starts, timeline.rate, timeline.waits if self.waits else ())
        outgoing = None if old.landing is None else self.outgoing or self.edition.timeline
        frames = new.frames if outgoing is None else max(new.frames, outgoing.frames)  # until it has landed
        transport = replace(old, frames=frames, starts=new.starts, waits=new.waits)
        return replace(self, edition=edition, outgoing=outgoing).moved(transport)

    def louder(self, level_db: int) -> Stand:
        """Return this stand at another volume, reached without a click."""
        ramp = ms_to_frames(RAMP_MS, self.edition.timeline.rate)
        points = ((self.out, self.volume.at(self.out)), (self.out + ramp, db_to_gain(level_db)))
        return replace(self, volume_db=level_db, volume=Envelope(points))

    def beside(self, overlay: Overlay) -> Stand:
        """Return this stand with one more thing that sounds outside the timeline."""
        return replace(self, overlays=(*self.overlays, overlay))

    def pull(self, frames: int) -> tuple[Stand, list[Stretch]]:
        """Return the stand *frames* later and what sounds of the session until then."""
        now, stretches = self, []
        while frames > 0:
            now, stretch = now.first(frames)
            stretches.append(stretch)
            frames -= stretch.frames
        return now, stretches

    def first(self, frames: int) -> tuple[Stand, Stretch]:
        """Return the stand after the first stretch of the next *frames*, and that stretch."""
        if self.resuming is not None and self.resuming > self.out:
            frames = min(frames, self.resuming - self.out)
        transport, stretch = self.transport.first(frames)
        return replace(self, transport=transport, out=self.out + stretch.frames)._settled(), stretch

    def swept(self) -> Stand:
        """Return this stand without the overlays that are over."""
        left = tuple(overlay for overlay in self.overlays if not overlay.over(self.out))
        return self if len(left) == len(self.overlays) else replace(self, overlays=left)

    def _settled(self) -> Stand:
        """Return this stand with what follows at once: a hold has its bed, and ends when it is to; the end is quiet."""
        now, transport = self, self.transport
        if now.outgoing is not None and transport.landing is None:
            transport = replace(transport, frames=now.edition.timeline.frames)
            now = replace(now, transport=transport, outgoing=None)
        if now.resuming is not None and now.resuming <= now.out:
            transport = transport.do(GoOn()) if transport.state == "holding" else transport
            now = replace(now, transport=transport, resuming=None)
        holding = transport.state == "holding"
        if holding and now.held_at is None:
            bed = held_bed(now.edition.timeline, transport.here, now.out)
            now = replace(now, held_at=now.out, overlays=(*now.overlays, bed) if bed else now.overlays)
        elif not holding and now.held_at is not None:
            now = replace(now, held_at=None, leaving=False, stalled=False)
        if transport.state == "ended" or not holding:
            ending = transport.state == "ended"
            overlays = tuple(o.ending(now.out) if o.held or ending else o for o in now.overlays)
            if any(a is not b for a, b in zip(overlays, now.overlays, strict=True)):
                now = replace(now, overlays=overlays)
        return now
