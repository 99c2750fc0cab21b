"""Transcript: everything that is heard, in words and with times: a text alternative to the sound (WCAG 1.2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Literal

from voiceguide.address import Address
from voiceguide.author.titles import Titles
from voiceguide.nouns import dataclass
from voiceguide.plan.plan import Plan
from voiceguide.plan.request import course
from voiceguide.script.rounds import Phase, phases_text
from voiceguide.timeline import Beat, Cue, StepSpan, Timeline
from voiceguide.units import format_duration, frames_clock, frames_to_ms, plural

if TYPE_CHECKING:
    from voiceguide.session import Session

Kind = Literal["words", "chime", "breathing", "silence", "note", "wait"]


@dataclass(frozen=True)
class Line:
    """One thing that is heard, the silence of a step without sound, a note that is only seen, or a wait of live play.

    *start* and *frames* are frames; notes and waits have none. *to* is whom it speaks to.
    """

    start: int
    frames: int
    kind: Kind
    step: str
    title: str
    side: str | None
    text: str
    address: str
    to: str = "self"


def transcript(session: Session) -> tuple[Line, ...]:
    """Return what is heard in *session*, in order: words as they are written, all else in brackets.

    A silence inside words is the exact one of the script. The bed has no line: it is there all the time.
    """
    return tuple(line for _, lines in by_step(session.timeline) for line in lines)


def by_step(timeline: Timeline) -> Iterator[tuple[StepSpan, list[Line]]]:
    """Yield every step of *timeline* with its lines."""
    cues: Mapping[Address | None, list[Cue]] = defaultdict(list)
    beats: Mapping[Address | None, list[Beat]] = defaultdict(list)
    for cue in timeline.cues:
        cues[cue.step].append(cue)
    for beat in timeline.beats:
        beats[beat.step].append(beat)
    for step in timeline.steps:
        heard = list(cues[step.address]) if step.address else []
        scribe = _Scribe(timeline.rate, step, heard)
        lines = [*scribe.spoken(), *scribe.breathing(beats[step.address] if step.address else [])]
        heard_lines = sorted(lines, key=lambda line: line.start) or scribe.silence()
        yield step, [*scribe.note(), *heard_lines, *scribe.wait()]


def to_text(session: Session) -> str:
    """Return the transcript of *session* for people: a heading for every step, and lines of time, side and words."""
    timeline = session.timeline
    whole = frames_clock(timeline.frames, timeline.rate)
    bed = next((f"; all the time, quietly: {cue.text}" for cue in timeline.cues if cue.track == "bed"), "")
    routine, day = session.plan.routine, told_course(session.plan)
    rows = [routine.title, f"{whole}, spoken by {session.spoken_by}{bed}{day}", *filter(None, [routine.note])]
    sides = max((len(step.side) + 2 for step in timeline.steps if step.side), default=0)
    titles = Titles.of(session.plan)
    for step, lines in by_step(timeline):
        if lines:
            to = f" (to {step.to})" if step.to != "self" else ""
            rows += ["", f"{titles.name(step.address, step.title)}{to}"]
        rows += [
            f"{frames_clock(line.start, timeline.rate):>{len(whole)}}  {line.side or '':<{sides}}{line.text}"
            for line in lines
        ]
    return "\n".join(rows)


def told_course(plan: Plan) -> str:
    """Return which day of a course *plan* is for, behind a comma, or an empty text if there is no course."""
    told = "days" in plan.routine.spans or plan.request.facts.keys() & {"day", "days"}
    return "; day {day} of {days}".format(**course(plan.request, plan.routine.days)) if told else ""


def to_record(session: Session) -> dict[str, Any]:
    """Return the transcript of *session* for programs; times are frames at `rate`."""
    return {
        "routine": session.plan.routine.id,
        "title": session.plan.routine.title,
        "language": session.plan.routine.language,
        "rate": session.timeline.rate,
        "frames": session.timeline.frames,
        "engine": session.engine,
        "voice": session.voice,
        "bed": next((cue.text for cue in session.timeline.cues if cue.track == "bed"), None),
        "note": session.plan.routine.note,
        **course(session.plan.request, session.plan.routine.days),
        "lines": [asdict(line) for line in transcript(session)],
    }


@dataclass(frozen=True)
class _Scribe:
    """What is written about one *step* in which *cues* are heard."""

    rate: int
    step: StepSpan
    cues: list[Cue]

    def line(self, start: int, end: int, kind: Kind, text: str) -> Line:
        step = self.step
        return Line(start, end - start, kind, step.step, step.title, step.side, text, str(step.address or ""), step.to)

    def note(self) -> list[Line]:
        """Return the line of what is only seen."""
        start, note = self.step.start, self.step.note
        return [self.line(start, start, "note", f"(note: {note})")] if note else []

    def wait(self) -> list[Line]:
        """Return the line that says that live play waits here."""
        return [self.line(self.step.end, self.step.end, "wait", "[waits for you]")] if self.step.wait else []

    def spoken(self) -> Iterator[Line]:
        """Yield the phrases, their exact silences between their words, and the chimes."""
        rest = [cue for cue in self.cues if cue.track != "breath"]
        for _, group in groupby(rest, key=lambda cue: (cue.track, cue.phrase or cue.text)):
            heard = list(group)
            if heard[0].track == "chime":
                strikes = f", {len(heard)} strikes" if len(heard) > 1 else ""
                yield self.line(heard[0].start, heard[-1].end, "chime", f"[chime: {heard[0].text}{strikes}]")
                continue
            parts = [heard[0].text]
            for before, cue in pairwise(heard):
                ms = frames_to_ms(cue.start - before.end, self.rate)
                silence = format_duration(round(ms, -2) if ms % 50 else ms)  # between counted strokes it is any
                parts += [f"[{silence}]", cue.text]
            yield self.line(heard[0].start, heard[-1].end, "words", " ".join(parts))

    def breathing(self, beats: Sequence[Beat]) -> Iterator[Line]:
        """Yield stretches of paced breathing that sound alike: pattern, whole rounds, and the words that pace them."""
        sounds: dict[int, list[Cue]] = defaultdict(list)
        starts = {beat.start: beat.round for beat in beats}
        number = -1
        for cue in (cue for cue in self.cues if cue.track == "breath"):
            number = starts.get(cue.start, number)
            sounds[number].append(cue)
        rounds = [list(group) for _, group in groupby(beats, key=lambda beat: beat.round)]
        alike: list[list[list[Beat]]] = []
        for beat in rounds:
            last = alike[-1][-1] if alike else None
            if last and last[-1].end == beat[0].start and _how(sounds[last[0].round]) == _how(sounds[beat[0].round]):
                alike[-1].append(beat)
            else:
                alike.append([beat])
        tones = ", tones" if len({_how(sounds[stretch[0][0].round]) for stretch in alike}) > 1 else ""
        for stretch in alike:
            heard = [cue for beat in stretch for cue in sounds[beat[0].round]]
            words = " ".join(dict.fromkeys(cue.text for cue in heard if cue.text))
            how = f": {words}" if words else tones if heard else ", in silence"
            text = f"[breathing {self.pattern(stretch)}, {_which(stretch, len(rounds), len(alike))}{how}]"
            yield self.line(stretch[0][0].start, stretch[-1][-1].end, "breathing", text)

    def pattern(self, stretch: Sequence[Sequence[Beat]]) -> str:
        """Return the pattern of the rounds of *stretch*: where it glides, from where to where in them."""
        if " to " not in self.step.pattern:
            return self.step.pattern
        ends = (stretch[0], stretch[-1])
        return " to ".join(dict.fromkeys(phases_text([self.phase(beat) for beat in beats]) for beats in ends))

    def phase(self, beat: Beat) -> Phase:
        return Phase("in" if beat.phase == "more" else beat.phase, round(frames_to_ms(beat.frames, self.rate), -2))

    def silence(self) -> list[Line]:
        """Return the line of a step without sound."""
        if not self.step.frames:
            return []
        long = format_duration(round(frames_to_ms(self.step.frames, self.rate), -2))
        return [self.line(self.step.start, self.step.end, "silence", f"[silence {long}]")]


def _which(stretch: Sequence[Sequence[Beat]], rounds: int, stretches: int) -> str:
    """Return which of so many *rounds* a stretch has, if it is one of several *stretches*."""
    if stretches == 1:
        return plural(rounds, "round")
    first, last = stretch[0][0].round + 1, stretch[-1][0].round + 1
    return f"round {first} of {rounds}" if first == last else f"rounds {first} to {last} of {rounds}"


def _how(cues: Sequence[Cue]) -> str:
    """Return how a round is heard."""
    return "silence" if not cues else "words" if any(cue.text for cue in cues) else "tones"
