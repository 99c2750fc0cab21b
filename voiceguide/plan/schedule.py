"""Fitted outline -> Timeline: every cue at its frame, with its gain over time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from voiceguide.clips import ChimeSound
from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.envelope import Envelope
from voiceguide.nouns import dataclass
from voiceguide.plan.breath import Pacing, breath_beats, stroke_starts
from voiceguide.plan.levels import BedRun, bed_cues, chime_gain
from voiceguide.plan.outline import Durations, Occurrence, Outline, Phrase, SpokenEvent
from voiceguide.plan.parts import chime_frames, event_frames, phrase_frames, strikes
from voiceguide.plan.reasons import Change, LeftOut
from voiceguide.plan.request import Talk
from voiceguide.script.model import Event, Moment, Step
from voiceguide.script.rounds import pattern_text
from voiceguide.timeline import Beat, Chapter, Cue, StepSpan, Timeline
from voiceguide.units import frames_clock, gain_to_db, ms_to_frames

MARGIN_MS = 600
"""Silence kept on both sides of words that are put into a gap."""
LAST_MS = 20_000
"""Nothing is announced in the last 20 seconds (docs/sources.md)."""
TOLERANCE_MS = 60_000
"""Words that find no gap this near to their moment are not said: they would no longer be true (docs/sources.md)."""
Busy = list[tuple[int, int]]
"""Stretches of frames, from and to, in which nothing more may sound."""


@dataclass(frozen=True)
class Scheduled:
    """An occurrence with its place: start and length in frames, the wording chosen, and its position in the outline.

    *begun* is what a listener has heard of it, or hears, already: that lies where it lay.
    """

    occurrence: Occurrence
    start: int
    frames: int
    wording: Phrase | None
    chapter: str = ""
    position: int = 0
    begun: Begun | None = None

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


@dataclass(frozen=True)
class Begun:
    """What has begun of a step before frame *at*, with the whole of the wording *talk* that has begun."""

    at: int
    cues: tuple[Cue, ...] = ()
    beats: tuple[Beat, ...] = ()
    talk: Talk | None = None

    def spoken_end(self, planned: int) -> int:
        """Return where its words end and pacing may begin, if that is *planned* for what has not begun."""
        words = (cue.end for cue in self.cues if cue.phrase == self.talk)
        return min((beat.start for beat in self.beats), default=max(words, default=planned))


@dataclass(frozen=True)
class Laid:
    """A schedule: the timeline without its bed, where announcements lie (None: nowhere), and what could not be had."""

    timeline: Timeline
    announced: tuple[int | None, ...]
    notes: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Layout:
    """What is *scheduled*; *silences* (start, frames) that belong to no step; changed wordings; steps left out."""

    scheduled: tuple[Scheduled, ...]
    silences: tuple[tuple[int, int], ...]
    changes: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]


def schedule(outline: Outline, layout: Layout, durations: Durations, frames: int) -> Laid:
    """Return the timeline of *layout*, *frames* long."""
    scheduled, silences = layout.scheduled, layout.silences
    desk = _Desk(outline, durations, frames, _words_end(scheduled, durations))
    for item in scheduled:
        desk.step(item)
    announced = [desk.announce(event, scheduled) for event in outline.announcements]
    steps = [*desk.steps, *(StepSpan(None, "Silence", start, length) for start, length in silences)]
    steps.sort(key=lambda step: step.start)
    cues = sorted(desk.cues, key=lambda cue: (cue.start, cue.track))
    waits = tuple(item.end for item in scheduled if item.occurrence.step.wait)
    timeline = Timeline(
        durations.rate, frames, tuple(cues), tuple(steps), tuple(_chapters(scheduled)), tuple(desk.beats), waits
    )
    notes = (*desk.notes, *(note for note in announced if isinstance(note, Diagnostic)))
    return Laid(timeline, tuple(at if isinstance(at, int) else None for at in announced), notes)


def with_beds(timeline: Timeline, beds: list[BedRun], fade: int) -> Timeline:
    """Return *timeline* with its beds, and all sound fading out over the last *fade*.

    *beds* say which bed lies under which frames.
    """
    cues, frames = timeline.cues, timeline.frames
    if fade:
        ending = Envelope(((frames - fade, 1.0), (frames, 0.0)))
        cues = tuple(replace(cue, envelope=ending) if cue.end > frames - fade else cue for cue in cues)
    heard = [(cue.start, cue.end) for cue in cues if cue.track in ("voice", "breath")]
    return replace(timeline, cues=(*bed_cues(beds, heard, frames, timeline.rate, fade), *cues))


def _words_end(scheduled: Iterable[Scheduled], durations: Durations) -> dict[int, int]:
    """Return for each paced part how far into it the words last in that occurrence that says most.

    Pacing begins there in all of them, so that no side gets a breath more because its name is shorter.
    """
    ends: dict[int, int] = {}
    for item in scheduled:
        step = item.occurrence.step
        if step.breathe or step.count:
            spoken = phrase_frames(item.wording, durations) if item.wording else 0
            end = chime_frames(step, durations)[1] + spoken
            ends[item.occurrence.part] = max(end, ends.get(item.occurrence.part, 0))
    return ends


def _chapters(scheduled: Iterable[Scheduled]) -> Iterator[Chapter]:
    inside = False
    for index, item in enumerate(scheduled):
        step, side = item.occurrence.step, item.occurrence.address.side
        title = item.chapter or ("" if inside and side else step.title if inside or not index else "")
        if title:
            yield Chapter(title, item.start, step.span)
        inside = side is not None


@dataclass
class _Desk:
    """Where cues are laid out; every method adds to the lists."""

    outline: Outline
    durations: Durations
    frames: int
    words_end: Mapping[int, int]
    cues: list[Cue] = field(default_factory=list)
    steps: list[StepSpan] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    paced: Busy = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)

    def ms(self, ms: int) -> int:
        return ms_to_frames(ms, self.durations.rate)

    def step(self, item: Scheduled) -> None:
        occurrence, step, first = item.occurrence, item.occurrence.step, len(self.cues)
        self.chime(step, item.start, occurrence)
        spoken_end = item.start + chime_frames(step, self.durations)[1]
        if item.wording:
            spoken_end = self.phrase(item.wording, spoken_end, occurrence)
        spoken_end = max(spoken_end, item.start + self.words_end.get(occurrence.part, 0))
        spoken_end = item.begun.spoken_end(spoken_end) if item.begun else spoken_end
        busy: Busy = [(item.start, spoken_end)]
        begun = item.begun.cues if item.begun else ()
        mine = {item.wording.name if item.wording else "", "", "count", "breath"}
        busy += [(cue.start, cue.end) for cue in begun if cue.phrase not in mine]
        said = {cue.phrase for cue in begun}
        events = [event for event in occurrence.events if event.phrase.name not in said]
        if step.count or (step.breathe and step.breathe.rounds):
            # room is kept for what is still to be said
            kept = sum(event_frames(event, self.durations) for event in events)
            busy += self.pace(item, [(spoken_end, item.end - kept)])
        busy += self.events(events, item, busy)
        if step.breathe and not step.count and not step.breathe.rounds:
            self.pace(item, _gaps(busy, item.start, item.end))
        if item.begun:
            self.keep(item, item.begun, first)
        speech = sum(cue.frames for cue in self.cues[first:] if cue.track == "voice")
        pattern = pattern_text(step.breathe) if step.breathe else ""
        told = step.span, pattern, step.to, step.wait, step.note, step.zone, occurrence.kept
        self.steps.append(StepSpan(occurrence.address, step.title, item.start, item.frames, speech, *told))

    def keep(self, item: Scheduled, begun: Begun, first: int) -> None:
        """Put what has begun of a step into the place of what was laid before that moment."""
        later = [cue for cue in self.cues[first:] if cue.start >= begun.at and cue.phrase != (begun.talk or ".")]
        self.cues[first:] = [*begun.cues, *later]
        mine = [beat for beat in self.beats if beat.step == item.occurrence.address]
        kept = [beat for beat in mine if beat.start >= begun.at]
        self.beats[len(self.beats) - len(mine) :] = [*begun.beats, *kept]

    def pace(self, item: Scheduled, gaps: Busy) -> Busy:
        """Lay breaths and counted strokes into *gaps*; return where nothing else may go."""
        occurrence, step, rate = item.occurrence, item.occurrence.step, self.durations.rate
        pacing = Pacing(occurrence, self.outline.pacing_words, self.durations)
        taken, done = [], 0
        beats: list[Beat] = []
        for start, end in gaps:
            here = breath_beats(step.breathe, occurrence.address, start, end, rate, done) if step.breathe else []
            if here and step.breathe:
                self.cues += pacing.breath_cues(step.breathe, here)
                taken.append((here[0].start, here[-1].end))
                done = here[-1].round + 1
                beats += here
        if step.count and gaps:
            starts, end = stroke_starts(step.count, *gaps[0], beats, rate)
            self.cues += pacing.stroke_cues(step.count, starts, end)
            taken += [(starts[0], end)] if starts else []
        self.beats += beats
        self.paced += taken
        return taken

    def chime(
        self, ring: Step | Event, start: int, occurrence: Occurrence, phrase: str = "", *, announced: bool = False
    ) -> None:
        if not ring.chime:
            return
        chime = self.durations.chimes[ring.chime]
        times, every = strikes(ring, chime, self.durations.rate)
        gain, wanted = chime_gain(ring, chime, times, every)
        if gain < wanted:
            expected, found = "strikes that do not add up", f"a chime made softer by {gain_to_db(wanted / gain):.1f} dB"
            self.notes.append(problem("chime-softer", ring.spans["chime"], expected=expected, found=found))
        words = occurrence.address, phrase, ring.chime, ring.spans["chime"], gain
        for at in (start + strike * every for strike in range(times)):
            self.cues.append(Cue("chime", ChimeSound(ring.chime), at, chime.frames, *words, announced=announced))

    def event(self, due: SpokenEvent, start: int, occurrence: Occurrence, *, announced: bool = False) -> int:
        """Lay the chime and the words of *due* from *start* on; return where they are over."""
        self.chime(due.event, start, occurrence, due.phrase.name, announced=announced)
        spoken = start + chime_frames(due.event, self.durations)[1]
        self.phrase(due.phrase, spoken, occurrence, announced=announced)
        return start + event_frames(due, self.durations)

    def phrase(self, phrase: Phrase, start: int, occurrence: Occurrence, *, announced: bool = False) -> int:
        for part in phrase.parts:
            if isinstance(part, int):
                start += self.ms(part)
                continue
            length = self.durations.speech[part.clip]
            words = occurrence.address, phrase.name, part.written, phrase.span
            self.cues.append(Cue("voice", part.clip, start, length, *words, announced=announced))
            start += length
        return start

    def events(self, events: Sequence[SpokenEvent], item: Scheduled, busy: Busy) -> Busy:
        """Lay words due inside a step as near to their moments as its silences allow; return where they lie.

        Each leaves room for those that come after it. One that finds no room is left out, and a warning says so.
        """
        rate = self.durations.rate
        due = [(item.start + _due(event.event.moment, item.frames, rate), event) for event in events]
        due.sort(key=lambda pair: pair[0])
        lengths = [event_frames(event, self.durations) for _, event in due]
        from_frame = item.begun.at if item.begun else item.start
        laid: Busy = []
        for number, (moment, event) in enumerate(due):
            gaps = _gaps([*busy, *laid], from_frame, item.end)
            start = _nearest(gaps, moment, lengths[number], 0)
            rest = sum(lengths[number + 1 :])
            if start is not None and rest and len(gaps) == 1:
                start = max(gaps[0][0], min(start, gaps[0][1] - rest - lengths[number]))
            if start is None:
                self.notes.append(_no_gap(event, lengths[number] / rate, f"in `{item.occurrence.step.name}`"))
                continue
            laid.append((start, self.event(event, start, item.occurrence)))
            from_frame = max(from_frame, laid[-1][1]) if len(gaps) == 1 else from_frame
        return laid

    def announce(self, event: SpokenEvent, scheduled: Sequence[Scheduled]) -> int | Diagnostic | None:
        """Lay words due in the session or in a section into the next gap, or if there is none soon, the nearest.

        Never inside speech, a chime, a round of breathing or the last 20 s. Returns where they begin, a warning if
        there is no gap, or None if their section is not heard at all.
        """
        start, end = 0, self.frames
        if event.scope is not None:
            scope = self.outline.scopes[event.scope]
            first, stop = (
                bisect_left(scheduled, position, key=lambda item: item.position)
                for position in (scope.first, scope.stop)
            )
            scheduled = scheduled[first:stop]
            if not scheduled:
                return None
            start, end = scheduled[0].start, scheduled[-1].end
        length = event_frames(event, self.durations)
        due = start + _due(event.event.moment, end - start, self.durations.rate)
        within = self.ms(TOLERANCE_MS)
        near = bisect_left(scheduled, due - within, key=lambda item: item.end)
        far = bisect_right(scheduled, due + within, key=lambda item: item.start)
        gaps = self.free(scheduled[near:far], length)
        found = _next(list(gaps), due, length, self.ms(MARGIN_MS), within)
        if found is None or abs(found - due) > within:
            return _no_gap(event, length / self.durations.rate, f"near {frames_clock(due, self.durations.rate)}")
        home = next(item for (first, last), item in gaps.items() if first <= found < last)
        first = len(self.cues)
        self.event(event, found, home.occurrence, announced=True)
        for cue in self.cues[first:]:
            insort(self.busy, (cue.start, cue.end))
            self.longest = max(self.longest, cue.frames)
        return found

    def free(self, scheduled: Sequence[Scheduled], length: int) -> dict[tuple[int, int], Scheduled]:
        """Return the gaps of *scheduled* steps in which *length* frames of words leave the hands their quiet."""
        last = self.frames - self.ms(LAST_MS)
        gaps: dict[tuple[int, int], Scheduled] = {}
        for item in scheduled:
            placed = self.steps[bisect_right(self.step_starts, item.start) - 1]
            if item.frames - placed.speech_frames - length < self.ms(item.occurrence.step.quiet.shortest):
                continue
            first = bisect_left(self.busy, (item.start - self.longest, 0))
            near = self.busy[first : bisect_left(self.busy, (item.end, 0))]
            begin = max(item.start, item.begun.at) if item.begun else item.start
            gaps |= dict.fromkeys(_gaps(near, begin, min(item.end, last)), item)
        return gaps

    @cached_property
    def busy(self) -> Busy:
        """Where nothing may be announced, sorted: first asked for when every step has been laid."""
        return sorted([*((cue.start, cue.end) for cue in self.cues), *self.paced])

    @cached_property
    def longest(self) -> int:
        return max((end - start for start, end in self.busy), default=0)

    @cached_property
    def step_starts(self) -> list[int]:
        return [placed.start for placed in self.steps]


def _no_gap(due: SpokenEvent, seconds: float, where: str) -> Diagnostic:
    found = f"none, so it is not {'said' if due.phrase.parts else 'struck'}"
    return problem("no-gap", due.phrase.span, expected=f"a silence of {seconds:.1f}s {where}", found=found)


def _due(moment: Moment, frames: int, rate: int) -> int:
    if moment.share is not None:
        return round(moment.share * frames)
    offset = ms_to_frames(abs(moment.ms), rate)
    return frames - offset if moment.ms < 0 else offset


def _gaps(busy: Busy, start: int, end: int) -> Busy:
    """Return what is free of *busy* between *start* and *end*."""
    free = []
    for first, last in sorted(busy):
        if first > start:
            free.append((start, min(first, end)))
        start = max(start, last)
    if start < end:
        free.append((start, end))
    return [(a, b) for a, b in free if b > a]


def _next(gaps: Busy, due: int, length: int, margin: int, within: int) -> int | None:
    """Return the first start from *due* on at which *length* fits, or the nearest if that is not *within* reach."""
    later = [(max(start, due - margin), end) for start, end in gaps if end - margin - length >= due]
    found = _nearest(later, due, length, margin)
    return found if found is not None and found - due <= within else _nearest(gaps, due, length, margin)


def _nearest(gaps: Busy, due: int, length: int, margin: int) -> int | None:
    """Return the start nearest to *due* at which *length* fits into a gap with *margin* on both sides."""
    starts = [
        min(max(due, start + margin), end - margin - length)
        for start, end in gaps
        if end - start >= length + 2 * margin
    ]
    return min(starts, key=lambda start: abs(start - due), default=None)
