"""Fitted outline -> Timeline: every cue at its frame, every track with its gain over time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.plan.bounds import chime_frames, phrase_frames
from voiceguide.plan.breath import Beat, Stage, breath_beats, stroke_starts
from voiceguide.plan.levels import CHIME_GAIN, BedRun, bed_cues, quiet_levels
from voiceguide.plan.outline import Material, Outline, Phrase, SpokenEvent, Turn
from voiceguide.script.model import Moment
from voiceguide.source import Span
from voiceguide.timeline import Cue, Envelope, Mark, StepSpan, Timeline, TrackName
from voiceguide.units import db_to_gain, format_clock, frames_to_ms, ms_to_frames

MARGIN_MS = 600
"""Silence kept on both sides of words that are put into a gap."""
LAST_MS = 20_000
"""Nothing is announced in the last 20 seconds (domain 7.16)."""
TOLERANCE_MS = 60_000
"""Words that find no gap this near to their moment are not said: they would no longer be true (domain 7.16)."""


@dataclass(frozen=True)
class Laid:
    """A turn with its place: start and length in frames, the wording chosen, and its index in the outline."""

    turn: Turn
    start: int
    frames: int
    wording: Phrase | None
    mark: str = ""
    index: int = 0

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


def schedule(
    outline: Outline, laid: list[Laid], material: Material, frames: int, beds: list[BedRun], fade_ms: int
) -> tuple[Timeline, list[int | None], list[Diagnostic]]:
    """Return the timeline of *laid* turns, *frames* long, and where each announcement of *outline* came to lie.

    One that found no place lies nowhere (None), and a warning, returned last, says so. *beds* say which bed lies under
    which frames; all sound fades out over the last *fade_ms*.
    """
    desk = _Desk(outline, material, frames, _words_end(laid, material))
    for item in laid:
        desk.turn(item)
    announced = [desk.announce(event, laid) for event in outline.announcements]
    speech = sum(cue.frames for cue in desk.cues if cue.text and cue.track in ("voice", "breath"))
    unders = [bed.under_db for bed, _, _ in beds if bed]
    tone = quiet_levels(speech, frames, max(unders, default=60.0)).tone
    cues = [replace(cue, gain=tone) if cue.track == "breath" and not cue.text else cue for cue in desk.cues]
    cues.sort(key=lambda cue: (cue.start, cue.track))
    fade = ms_to_frames(fade_ms, material.rate)
    heard = [(cue.start, cue.end) for cue in cues if cue.track in ("voice", "breath")]
    lying = bed_cues(beds, heard, speech, frames, material.rate, fade)
    envelopes: dict[TrackName, Envelope] = {}
    if fade:
        last = Envelope(((max(0, frames - fade), 1.0), (frames, 0.0)))
        envelopes = {"voice": last, "breath": last, "chime": last}
    if len(lying) == 1 and lying[0].envelope:
        envelopes["bed"] = lying[0].envelope
        lying = [replace(lying[0], envelope=None)]
    steps, marks = tuple(desk.steps), tuple(_marks(laid))
    waits = tuple(item.end for item in laid if item.turn.step.wait)
    made = Timeline(material.rate, frames, (*lying, *cues), steps, marks, tuple(envelopes.items()))
    places = [place if isinstance(place, int) else None for place in announced]
    return replace(made, waits=waits), places, [note for note in announced if isinstance(note, Diagnostic)]


def _words_end(laid: list[Laid], material: Material) -> dict[int, int]:
    """Return for each key of a paced step how far into it the words last in that of its turns that says most.

    Pacing begins there in all of them, so that no side gets a breath more because its name is shorter.
    """
    ends: dict[int, int] = {}
    for item in laid:
        if item.turn.step.breathe or item.turn.step.count:
            spoken = phrase_frames(item.wording, material) if item.wording else 0
            end = chime_frames(item.turn, material)[1] + spoken
            ends[item.turn.key] = max(end, ends.get(item.turn.key, 0))
    return ends


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
    words_end: Mapping[int, int]
    cues: list[Cue] = field(default_factory=list)
    steps: list[StepSpan] = field(default_factory=list)
    paced: list[tuple[int, int]] = field(default_factory=list)

    def ms(self, ms: int) -> int:
        return ms_to_frames(ms, self.material.rate)

    def turn(self, laid: Laid) -> None:
        step, first = laid.turn.step, len(self.cues)
        self.chime(laid)
        spoken_end = laid.start + chime_frames(laid.turn, self.material)[1]
        if laid.wording:
            spoken_end = self.phrase(laid.wording, spoken_end, laid)
        spoken_end = max(spoken_end, laid.start + self.words_end.get(laid.turn.key, 0))
        busy = [(laid.start, spoken_end)]
        if step.count or (step.breathe and step.breathe.rounds):
            busy += self.pace(laid, [(spoken_end, laid.end)])
        for event in laid.turn.events:
            busy.append(self.event(event, laid, busy))
        if step.breathe and not step.count and not step.breathe.rounds:
            self.pace(laid, _gaps(busy, laid.start, laid.end))
        speech = sum(cue.frames for cue in self.cues[first:] if cue.track == "voice")
        self.steps.append(StepSpan(step.name, step.title, laid.turn.side, laid.start, laid.frames, speech, step.span))

    def pace(self, laid: Laid, gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Lay breaths and counted strokes into *gaps*; return where nothing else may go."""
        step, rate = laid.turn.step, self.material.rate
        stage = Stage(laid.turn, self.outline.breath_words, self.material)
        taken, done = [], 0
        beats: list[Beat] = []
        for start, end in gaps:
            here = breath_beats(step.breathe, start, end, rate, done) if step.breathe else []
            if here and step.breathe:
                self.cues += stage.breath_cues(step.breathe, here)
                taken.append((here[0].start, here[-1].end))
                done = here[-1].round + 1
                beats += here
        if step.count and gaps:
            starts, end = stroke_starts(step.count, *gaps[0], beats, rate)
            self.cues += stage.stroke_cues(step.count, starts, end)
            taken += [(starts[0], end)] if starts else []
        self.paced += taken
        return taken

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
        under_db = turn.step.under_db
        gain = 1.0 if track != "chime" else CHIME_GAIN if under_db is None else db_to_gain(-under_db)
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

    def announce(self, event: SpokenEvent, laid: list[Laid]) -> int | Diagnostic | None:
        """Lay words due in the session or in a section into the next gap, or if there is none soon, the nearest.

        Never inside speech, a chime, a round of breathing or the last 20 s. Returns where they begin, a warning if
        there is no gap, or None if their section is not heard at all.
        """
        start, end = 0, self.frames
        if event.scope is not None:
            scope = self.outline.scopes[event.scope]
            first, stop = (bisect_left(laid, index, key=lambda item: item.index) for index in (scope.first, scope.stop))
            laid = laid[first:stop]
            if not laid:
                return None
            start, end = laid[0].start, laid[-1].end
        length = phrase_frames(event.phrase, self.material)
        due = start + _due(event.moment, end - start, self.material.rate)
        within = self.ms(TOLERANCE_MS)
        near = bisect_left(laid, due - within, key=lambda item: item.end)
        far = bisect_right(laid, due + within, key=lambda item: item.start)
        gaps = self.free(laid[near:far], length)
        found = _next(list(gaps), due, length, self.ms(MARGIN_MS), within)
        if found is None or abs(found - due) > within:
            expected = f"a silence of {length / self.material.rate:.1f}s near {format_clock(self.clock_ms(due))}"
            return problem("no-gap", event.phrase.span, expected=expected, found="none, so it is not said")
        home = next(item for (first, last), item in gaps.items() if first <= found < last)
        first = len(self.cues)
        self.phrase(event.phrase, found, home)
        for cue in self.cues[first:]:
            insort(self.busy, (cue.start, cue.end))
            self.longest = max(self.longest, cue.frames)
        return found

    def clock_ms(self, frames: int) -> int:
        return frames_to_ms(frames, self.material.rate)

    def free(self, laid: list[Laid], length: int) -> dict[tuple[int, int], Laid]:
        """Return the gaps of *laid* turns in which *length* frames of words leave the hands their quiet."""
        last = self.frames - self.ms(LAST_MS)
        gaps: dict[tuple[int, int], Laid] = {}
        for item in laid:
            placed = self.steps[bisect_right(self.step_starts, item.start) - 1]
            if item.frames - placed.speech_frames - length < self.ms(item.turn.step.quiet_ms):
                continue
            first = bisect_left(self.busy, (item.start - self.longest, 0))
            near = self.busy[first : bisect_left(self.busy, (item.end, 0))]
            gaps |= dict.fromkeys(_gaps(near, item.start, min(item.end, last)), item)
        return gaps

    @cached_property
    def busy(self) -> list[tuple[int, int]]:
        """Where nothing may be announced, sorted: first asked for when every turn has been laid."""
        return sorted([*((cue.start, cue.end) for cue in self.cues), *self.paced])

    @cached_property
    def longest(self) -> int:
        return max((end - start for start, end in self.busy), default=0)

    @cached_property
    def step_starts(self) -> list[int]:
        return [placed.start for placed in self.steps]


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


def _next(gaps: list[tuple[int, int]], due: int, length: int, margin: int, within: int) -> int | None:
    """Return the first start from *due* on at which *length* fits, or the nearest if that is not *within* reach."""
    later = [(max(start, due - margin), end) for start, end in gaps if end - margin - length >= due]
    found = _nearest(later, due, length, margin)
    return found if found is not None and found - due <= within else _nearest(gaps, due, length, margin)


def _nearest(gaps: list[tuple[int, int]], due: int, length: int, margin: int) -> int | None:
    """Return the start nearest to *due* at which *length* fits into a gap with *margin* on both sides."""
    starts = [
        min(max(due, start + margin), end - margin - length)
        for start, end in gaps
        if end - start >= length + 2 * margin
    ]
    return min(starts, key=lambda start: abs(start - due), default=None)
