"""Transcript: everything that is heard, in words and with times: a text alternative to the sound (WCAG 1.2.1)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Literal

from voiceguide.author.written import every_step
from voiceguide.script.rounds import Breath, pattern_text
from voiceguide.source import Span
from voiceguide.timeline import Cue, StepSpan
from voiceguide.units import format_clock, format_duration, frames_to_ms, plural

if TYPE_CHECKING:
    from voiceguide.session import Session

Kind = Literal["words", "chime", "breathing", "silence"]
TONE = "glide:"
"""What the keys of breath tones begin with."""


@dataclass(frozen=True)
class Line:
    """One thing that is heard, or the silence of a step without sound. *start* and *frames* are frames."""

    start: int
    frames: int
    kind: Kind
    step: str
    title: str
    side: str | None
    text: str


def transcript(session: Session) -> tuple[Line, ...]:
    """Return what is heard in *session*, in order: words as they are written, all else in brackets.

    A silence inside words is the exact one of the script. The bed has no line: it is there all the time.
    """
    timeline, routine = session.timeline, session.plan.routine
    patterns = {
        step.breathe.spans.get("pattern", step.span): step.breathe for step in every_step(routine) if step.breathe
    }
    scribe = _Scribe(timeline.rate, patterns, routine.pronounce)
    starts = [placed.start for placed in timeline.steps]
    homes: dict[int, list[Cue]] = {}
    for cue in timeline.cues:
        if cue.track != "bed":
            homes.setdefault(max(0, bisect_right(starts, cue.start) - 1), []).append(cue)
    return tuple(
        line for index, placed in enumerate(timeline.steps) for line in scribe.lines(placed, homes.get(index, []))
    )


def to_text(session: Session) -> str:
    """Return the transcript of *session* for people: a heading for every step, and lines of time, side and words."""
    timeline = session.timeline

    def clock(frames: int) -> str:
        return format_clock(frames_to_ms(frames, timeline.rate))

    bed = next((f"; all the time, quietly: {cue.text}" for cue in timeline.cues if cue.track == "bed"), "")
    rows = [session.plan.routine.title, f"{clock(timeline.frames)}, spoken by {session.spoken_by}{bed}"]
    lines = transcript(session)
    wide = len(clock(timeline.frames))
    sides = max((len(line.side) + 2 for line in lines if line.side), default=0)
    for (_, title, _), heard in groupby(lines, key=lambda line: (_step_at(session, line), line.title, line.side)):
        rows += ["", title]
        rows += [f"{clock(line.start):>{wide}}  {line.side or '':<{sides}}{line.text}" for line in heard]
    return "\n".join(rows)


def _step_at(session: Session, line: Line) -> int:
    return bisect_right(session.timeline.steps, line.start, key=lambda placed: placed.start)


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
        "lines": [vars(line) for line in transcript(session)],
    }


@dataclass(frozen=True)
class _Scribe:
    """What writing the lines of a step needs to know: breath patterns by place, and respellings."""

    rate: int
    patterns: Mapping[Span, Breath]
    pronounce: Mapping[str, str]

    def lines(self, placed: StepSpan, cues: Sequence[Cue]) -> Iterator[Line]:
        """Yield the lines of one step from its *cues*."""
        silent = True
        for _, group in groupby(sorted(cues, key=lambda cue: cue.start), key=_belongs):
            heard, silent = tuple(group), False
            first, last = heard[0], heard[-1]
            kind, text = _WRITERS[first.track](self, heard)
            yield Line(first.start, last.end - first.start, kind, placed.step, placed.title, placed.side, text)
        if silent and placed.frames:
            text = f"[silence {format_duration(round(frames_to_ms(placed.frames, self.rate), -2))}]"
            yield Line(placed.start, placed.frames, "silence", placed.step, placed.title, placed.side, text)

    def words(self, cues: tuple[Cue, ...]) -> tuple[Kind, str]:
        """Return a phrase, its exact silences between its parts."""
        parts = [as_written(cues[0].text, self.pronounce)]
        for before, cue in pairwise(cues):
            ms = frames_to_ms(cue.start - before.end, self.rate)
            silence = format_duration(round(ms, -2) if ms % 50 else ms)  # between counted strokes it is any
            parts += [f"[{silence}]", as_written(cue.text, self.pronounce)]
        return "words", " ".join(parts)

    def chime(self, cues: tuple[Cue, ...]) -> tuple[Kind, str]:
        """Return the name of a chime, and how often it is struck if more than once."""
        strikes = f", {len(cues)} strikes" if len(cues) > 1 else ""
        return "chime", f"[chime: {cues[0].text}{strikes}]"

    def breathing(self, cues: tuple[Cue, ...]) -> tuple[Kind, str]:
        """Return a stretch of paced breathing: pattern, whole rounds, and the words that pace it, if any."""
        breath = self.patterns.get(cues[0].span)
        pattern = f" {pattern_text(breath)}" if breath else ""
        spoken = dict.fromkeys(as_written(cue.text, self.pronounce) for cue in cues if cue.text)
        words = f": {' '.join(spoken)}" if spoken else ""
        return "breathing", f"[breathing{pattern}, {plural(rounds(cues, breath), 'round')}{words}]"


_WRITERS = {"voice": _Scribe.words, "chime": _Scribe.chime, "breath": _Scribe.breathing}


def _belongs(cue: Cue) -> tuple[object, ...]:
    """Return what neighbouring cues of one step have in common if they are one thing to a listener."""
    return (cue.track, {"voice": cue.span, "chime": cue.text}.get(cue.track))


def rounds(cues: Sequence[Cue], breath: Breath | None) -> int:
    """Return how many whole rounds a stretch of breath *cues* holds: how often what comes first comes again."""
    tones = [cue.clip.split(":")[1] for cue in cues if cue.clip.startswith(TONE)]
    if tones:  # a second in-breath right after the first one, as in a sigh, begins no round
        return sum(kind == tones[0] and before != kind for before, kind in zip(["", *tones], tones, strict=False))
    counted = breath is not None and any(cue.kind == "count" for cue in breath.cues)
    phases = sum(phase.ms >= 1000 for phase in breath.pattern) if breath and counted else 1
    return sum(cue.text == cues[0].text for cue in cues) // max(1, phases)


def as_written(text: str, pronounce: Mapping[str, str]) -> str:
    """Return *text* with respelt words as the script writes them: what is read is not what the engine is given."""
    for word, respelt in pronounce.items():
        text = re.sub(
            rf"(?P<first>\A|[.!?…]\s+)?(?<!\w){re.escape(respelt)}(?!\w)",
            lambda found, word=word: (  # type: ignore[misc]
                word if found["first"] is None else found["first"] + word[:1].upper() + word[1:]
            ),
            text,
            flags=re.IGNORECASE,
        )
    return text
