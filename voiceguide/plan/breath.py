"""Paced time: whole rounds of a breath pattern, and counted strokes, laid into a stretch of silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceguide.address import Address
from voiceguide.clips import BreathTone
from voiceguide.plan.outline import Durations, Occurrence, Words
from voiceguide.script.rounds import Breath, Strokes
from voiceguide.source import Span
from voiceguide.timeline import Beat, Cue, TrackName
from voiceguide.units import db_to_gain, ms_to_frames


def breath_beats(breath: Breath, step: Address, start: int, end: int, rate: int, done: int = 0) -> list[Beat]:
    """Return the phases of as many whole rounds of *breath* as fit between *start* and *end*, *done* being over.

    Phases start at multiples of their own lengths from the start of the stretch, so rounding never adds up.
    """
    beats: list[Beat] = []
    at_ms = 0
    most = breath.rounds.most if breath.rounds else None
    while most is None or done < most:
        phases = breath.named(done)
        if start + ms_to_frames(at_ms + sum(ms for _, ms in phases), rate) > end:
            break
        for name, ms in phases:
            first = start + ms_to_frames(at_ms, rate)
            at_ms += ms
            beats.append(Beat(name, first, start + ms_to_frames(at_ms, rate) - first, done, step))
        done += 1
    return beats


class Pacing:
    """What every cue that paces a step needs to know of its surroundings."""

    def __init__(self, occurrence: Occurrence, words: Mapping[str, Words], durations: Durations) -> None:
        self.occurrence, self.words, self.durations = occurrence, words, durations
        self.tone_gain = db_to_gain(-occurrence.step.breathe.under_db) if occurrence.step.breathe else 0.0

    def breath_cues(self, breath: Breath, beats: list[Beat]) -> Iterator[Cue]:
        """Yield the cues of *beats*."""
        span = breath.spans.get("pattern", self.occurrence.step.span)
        for beat in beats:
            yield from _CUES[breath.cue(beat.round)](self, beat, span)

    def stroke_cues(self, strokes: Strokes, starts: list[int], end: int) -> Iterator[Cue]:
        """Yield the spoken numbers of strokes that begin at *starts*; the last one is over at *end*."""
        span = strokes.spans.get("strokes", self.occurrence.step.span)
        for number in strokes.spoken(len(starts)):
            room = (starts[number] if number < len(starts) else end) - starts[number - 1]
            yield from self._word("voice", "count", self.words[str(number)], starts[number - 1], room, span)

    def tone(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield a tone that glides through *beat*; a hold is silent."""
        if beat.phase != "hold":
            clip = BreathTone("out" if beat.phase == "out" else "in", beat.frames)
            address, gain = self.occurrence.address, self.tone_gain
            yield Cue("breath", clip, beat.start, beat.frames, address, "breath", span=span, gain=gain)

    def spoken(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield the word for *beat*: one of the step's own, or else the usual one."""
        own = self.occurrence.breath_word(beat.phase, beat.round)
        words, span = (own.parts[0], own.span) if own else (self.words[beat.phase], span)
        yield from self._word("breath", "breath", words, beat.start, beat.frames, span)

    def counted(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield the seconds of *beat*, counted."""
        second = self.durations.rate
        for count in range(beat.frames // second):
            start, words = beat.start + count * second, self.words[str(count + 1)]
            yield from self._word("breath", "breath", words, start, second, span)

    def silent(self, beat: Beat, span: Span) -> Iterator[Cue]:
        """Yield nothing."""
        return iter(())

    def _word(
        self, track: TrackName, phrase: str, words: Words | int, start: int, room: int, span: Span
    ) -> Iterator[Cue]:
        """Yield *words* as a cue if they are over before *room* is."""
        if isinstance(words, int):
            return
        length = self.durations.speech[words.clip]
        if length <= room:
            yield Cue(track, words.clip, start, length, self.occurrence.address, phrase, words.written, span)


_CUES = {"tone": Pacing.tone, "words": Pacing.spoken, "count": Pacing.counted, "none": Pacing.silent}


def stroke_starts(strokes: Strokes, start: int, end: int, beats: list[Beat], rate: int) -> tuple[list[int], int]:
    """Return when the strokes between *start* and *end* begin, and when the last one is over.

    Those on the out-breath begin with the out-breaths of *beats*.
    """
    most = strokes.counts.most
    if strokes.every_ms is None:
        outs = [beat for beat in beats if beat.phase == "out"][:most]
        return [beat.start for beat in outs], outs[-1].end if outs else start
    count = min(most, (end - start) * 1000 // (strokes.every_ms * rate))
    starts = [start + ms_to_frames(number * strokes.every_ms, rate) for number in range(count + 1)]
    return starts[:-1], starts[-1]
