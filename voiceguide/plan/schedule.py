"""Fitted outline -> Timeline: every cue at its frame, every track with its gain over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from voiceguide.plan.bounds import chime_frames, phrase_frames
from voiceguide.plan.breath import breath_cues
from voiceguide.plan.levels import CHIME_GAIN, bed_envelope, quiet_levels
from voiceguide.plan.outline import Material, Outline, Phrase, SpokenEvent, Turn
from voiceguide.script.model import Bed, Moment
from voiceguide.source import Span
from voiceguide.timeline import Cue, Envelope, Mark, Placed, Timeline, TrackName
from voiceguide.units import ms_to_frames

MARGIN_MS = 600
"""Silence kept on both sides of words that are put into a gap."""
LAST_MS = 20_000
"""Nothing is announced in the last 20 seconds (domain 7.16)."""


@dataclass(frozen=True)
class Laid:
    """A turn with its place: start and length in frames, and the wording chosen."""

    turn: Turn
    start: int
    frames: int
    wording: Phrase | None
    mark: str = ""

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


def schedule(outline: Outline, laid: list[Laid], material: Material, frames: int, bed: Bed | None) -> Timeline:
    """Return the timeline of *laid* turns, *frames* long."""
    desk = _Desk(outline, material, frames)
    for item in laid:
        desk.turn(item)
    for event in outline.announcements:
        desk.announce(event, laid)
    speech = sum(cue.frames for cue in desk.cues if cue.text and cue.track in ("voice", "breath"))
    tone, under, rest = quiet_levels(speech, frames, bed.under_db if bed else 60.0)
    cues = [replace(cue, gain=tone) if cue.track == "breath" and not cue.text else cue for cue in desk.cues]
    cues.sort(key=lambda cue: (cue.start, cue.track))
    envelopes: tuple[tuple[TrackName, Envelope], ...] = ()
    if bed:
        span = bed.spans["sound"]
        cues.insert(0, Cue("bed", f"sound:{bed.sound}", 0, frames, text=bed.sound, span=span, gain=under, loop=True))
        heard = [(cue.start, cue.end) for cue in cues if cue.track in ("voice", "breath")]
        envelopes = (("bed", bed_envelope(heard, frames, material.rate, rest / under)),)
    return Timeline(material.rate, frames, tuple(cues), tuple(desk.steps), tuple(_marks(laid)), envelopes)


def _marks(laid: list[Laid]) -> Iterator[Mark]:
    inside = False
    for index, item in enumerate(laid):
        title = item.mark or ("" if inside and item.turn.side else item.turn.step.title if inside or not index else "")
        if title:
            yield Mark(title, item.start, item.turn.step.span)
        inside = item.turn.side is not None


@dataclass
class _Desk:
    """Where cues are laid out; every method adds to the lists."""

    outline: Outline
    material: Material
    frames: int
    cues: list[Cue] = field(default_factory=list)
    steps: list[Placed] = field(default_factory=list)

    def ms(self, ms: int) -> int:
        return ms_to_frames(ms, self.material.rate)

    def turn(self, laid: Laid) -> None:
        step, first = laid.turn.step, len(self.cues)
        self.chime(laid)
        spoken_end = laid.start + chime_frames(laid.turn, self.material)[1]
        if laid.wording:
            spoken_end = self.phrase(laid.wording, spoken_end, laid)
        busy = [(laid.start, spoken_end)]
        for event in laid.turn.events:
            busy.append(self.event(event, laid, busy))
        if step.breathe:
            for start, end in _gaps(busy, laid.start, laid.end):
                self.cues += breath_cues(step.breathe, start, end, laid.turn, self.outline.breath_words, self.material)
        speech = sum(cue.frames for cue in self.cues[first:] if cue.track == "voice")
        self.steps.append(Placed(step.name, step.title, laid.turn.side, laid.start, laid.frames, speech, step.span))

    def chime(self, laid: Laid) -> None:
        step = laid.turn.step
        if not step.chime:
            return
        chime = self.material.chimes[step.chime]
        every = self.ms(chime.every_ms if step.every_ms is None else step.every_ms)
        for strike in range(step.strikes or chime.strikes):
            start = laid.start + strike * every
            self.put("chime", f"sound:{step.chime}", start, chime.frames, laid.turn, step.chime, step.spans["chime"])

    def put(self, track: TrackName, clip: str, start: int, frames: int, turn: Turn, text: str, span: Span) -> None:
        gain = CHIME_GAIN if track == "chime" else 1.0
        self.cues.append(Cue(track, clip, start, frames, turn.step.name, turn.side, text, span, gain))

    def phrase(self, phrase: Phrase, start: int, laid: Laid) -> int:
        for part in phrase.parts:
            if isinstance(part, int):
                start += self.ms(part)
                continue
            length = self.material.lengths[part]
            self.put("voice", part.key, start, length, laid.turn, part.text, phrase.span)
            start += length
        return start

    def event(self, event: SpokenEvent, laid: Laid, busy: list[tuple[int, int]]) -> tuple[int, int]:
        """Lay words due inside a step as near to their moment as its silences allow; return where they lie."""
        length = phrase_frames(event.phrase, self.material)
        due = laid.start + _due(event.moment, laid.frames, self.material.rate)
        start = _nearest(_gaps(busy, laid.start, laid.end), due, length, 0)
        if start is None:  # bounds() made room for all events together, so the gaps can only be badly cut
            start = max(end for _, end in busy)
        return start, self.phrase(event.phrase, start, laid)

    def announce(self, event: SpokenEvent, laid: list[Laid]) -> None:
        """Lay words due in the session into the nearest gap: never inside speech, chime, breath or the last 20 s."""
        length = phrase_frames(event.phrase, self.material)
        busy = [(cue.start, cue.end) for cue in self.cues]
        last = self.frames - self.ms(LAST_MS)
        gaps: dict[tuple[int, int], Laid] = {}
        for item, placed in zip(laid, self.steps, strict=True):
            if item.frames - placed.speech_frames - length >= self.ms(item.turn.step.quiet_ms):
                near = [span for span in busy if span[0] < item.end and span[1] > item.start]
                gaps |= dict.fromkeys(_gaps(near, item.start, min(item.end, last)), item)
        due = _due(event.moment, self.frames, self.material.rate)
        start = _nearest(list(gaps), due, length, self.ms(MARGIN_MS))
        if start is not None:
            home = next(item for (first, end), item in gaps.items() if first <= start < end)
            self.phrase(event.phrase, start, home)


def _due(moment: Moment, frames: int, rate: int) -> int:
    if moment.share is not None:
        return round(moment.share * frames)
    offset = ms_to_frames(abs(moment.ms), rate)
    return frames - offset if moment.ms < 0 else offset


def _gaps(busy: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return what is free of *busy* between *start* and *end*."""
    free = []
    for first, last in sorted(busy):
        if first > start:
            free.append((start, min(first, end)))
        start = max(start, last)
    if start < end:
        free.append((start, end))
    return [(a, b) for a, b in free if b > a]


def _nearest(gaps: list[tuple[int, int]], due: int, length: int, margin: int) -> int | None:
    """Return the start nearest to *due* at which *length* fits into a gap with *margin* on both sides."""
    starts = [
        min(max(due, start + margin), end - margin - length)
        for start, end in gaps
        if end - start >= length + 2 * margin
    ]
    return min(starts, key=lambda start: abs(start - due), default=None)
