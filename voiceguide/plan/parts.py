"""Outline + durations -> parts: what every written step needs and allows, the numbers that the solver works with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.nouns import dataclass
from voiceguide.plan.glue import NOTHING, Glue
from voiceguide.plan.outline import ChimeLength, Durations, Occurrence, Outline, Phrase, SpokenEvent
from voiceguide.script.model import Event, Range, Step
from voiceguide.script.rounds import Breath, Counts
from voiceguide.source import Span
from voiceguide.units import format_duration, frames_to_ms, ms_to_frames


@dataclass(frozen=True)
class Part:
    """The occurrences of a written step that are equally long, *glue* frames each.

    *needs* is the room that each wording takes, the quiet for the hands included. *first* is the first occurrence,
    *position* its index. *breath* is the pattern that paces it where no hands are at work; then *needs* has its first
    rounds in it, and *rate* turns its milliseconds into frames.
    """

    number: int
    glue: Glue
    needs: tuple[int, ...]
    first: Occurrence
    position: int
    breath: Breath | None = None
    rate: int = 1

    @property
    def step(self) -> Step:
        """The step as it is written."""
        return self.first.step

    def whole_rounds(self, frames: int) -> tuple[int, int]:
        """Return the lengths on both sides of *frames* that end with a whole round, however much is said in it."""
        if self.breath is None:
            return frames, frames
        first = next((need for need in self.needs if need <= frames), min(self.needs))
        rounds = self.breath.rounds.fewest if self.breath.rounds else 1
        speech = first - ms_to_frames(self.breath.length_ms(rounds), self.rate)
        fitting = max(rounds, self.breath.rounds_in((frames - speech) * 1000 // self.rate))
        below, above = (speech + ms_to_frames(self.breath.length_ms(n), self.rate) for n in (fitting, fitting + 1))
        below = max(self.glue.shortest, min(below, self.glue.longest))
        return below, above if self.glue.holds(above) else below


def phrase_frames(phrase: Phrase, durations: Durations) -> int:
    """Return how long *phrase* sounds, its exact silences included."""
    return sum(
        ms_to_frames(part, durations.rate) if isinstance(part, int) else durations.speech[part.clip]
        for part in phrase.parts
    )


def strikes(ring: Step | Event, chime: ChimeLength, rate: int) -> tuple[int, int]:
    """Return how often the chime of *ring* is struck, and every how many frames."""
    every_ms = chime.every_ms if ring.every_ms is None else ring.every_ms
    return ring.strikes or chime.strikes, ms_to_frames(every_ms, rate)


def chime_frames(ring: Step | Event, durations: Durations) -> tuple[int, int]:
    """Return how long the chime of *ring* sounds, and after how long words may follow it."""
    if not ring.chime:
        return 0, 0
    chime = durations.chimes[ring.chime]
    times, every = strikes(ring, chime, durations.rate)
    before_last = (times - 1) * every
    return before_last + chime.frames, before_last + chime.decay


def event_frames(due: SpokenEvent, durations: Durations) -> int:
    """Return how long the chime and the words of *due* sound, the tail included."""
    rings, decayed = chime_frames(due.event, durations)
    return max(rings, decayed + phrase_frames(due.phrase, durations))


def parts_of(outline: Outline, durations: Durations) -> tuple[list[Part], list[Diagnostic]]:
    """Return every part of *outline* in the order of hearing, and a diagnostic for each whose words do not fit."""
    same: dict[int, list[Occurrence]] = {}
    first: dict[int, int] = {}
    for position, occurrence in enumerate(outline.occurrences):
        same.setdefault(occurrence.part, []).append(occurrence)
        first.setdefault(occurrence.part, position)
    made: list[Part] = []
    problems: list[Diagnostic] = []
    for number, occurrences in same.items():
        part = _part(number, occurrences, first[number], durations)
        made.append(part)
        if part.glue.shortest > part.glue.longest:
            problems.append(_too_long(part, durations))
    said = [occurrence for occurrence in outline.occurrences if occurrence.breath_words]
    problems += [problem for occurrence in said for problem in _long_words(occurrence, durations)]
    return made, problems


def _long_words(occurrence: Occurrence, durations: Durations) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each of its own words that is longer than the phase of a breath that it is for."""
    breath, told = occurrence.step.breathe, set[Phrase]()
    if breath is None:
        return
    # after these rounds, everything comes again
    known = breath.over + sum(cue.rounds or 0 for cue in breath.cues)
    most = known + max(len(own) for own in occurrence.breath_words.values())
    for number in range(min(most, breath.rounds.most) if breath.rounds else most):
        for name, ms in breath.named(number) if breath.cue(number) == "words" else ():
            own = occurrence.breath_word(name, number)
            if own and own not in told and phrase_frames(own, durations) > ms * durations.rate // 1000:
                told.add(own)
                seconds = phrase_frames(own, durations) / durations.rate
                expected = f"at most {format_duration(ms)} for `{name}` in `{occurrence.step.name}`"
                ways = "shorten the words", f"lengthen that part of the pattern to {math.ceil(seconds)} seconds"
                yield problem("speech-too-long", own.span, *ways, expected=expected, found=f"{seconds:.1f}s of speech")


def freed_frames(outline: Outline, durations: Durations) -> int:
    """Return how long the steps of `outline.freed` would have been, in frames, had they been there."""
    if not outline.freed:
        return 0
    found, _ = parts_of(replace(outline, occurrences=tuple(each for each, _ in outline.freed)), durations)
    natural = {part.number: part.glue.natural for part in found}
    return sum(natural[each.part] * times for each, times in outline.freed)


def _part(number: int, same: Sequence[Occurrence], position: int, durations: Durations) -> Part:
    first = same[0]
    step, rate, weight = first.step, durations.rate, first.weight
    rings, decayed = chime_frames(step, durations)
    paced, least_paced = _paced(step, rate)
    events = max([sum([event_frames(due, durations) for due in o.events]) for o in same]) if step.at else 0
    speech = [
        decayed + max([phrase_frames(occurrence.wordings[k][1], durations) for occurrence in same])
        for k in range(len(first.wordings))
    ] or [decayed if events else 0]
    least = max(ms_to_frames(step.quiet.shortest, rate), least_paced)
    needs = tuple(max(rings, frames + events + least) for frames in speech)
    allowed = step.length or step.pause
    if allowed:
        glue = _glue(allowed, weight, rate)
    else:  # as long as its full words and what follows them; short of time, its shortest words do
        elastic = step.quiet.shortest < step.quiet.longest
        quiet = _glue(step.quiet, weight if elastic else (1, 1), rate)
        words = min(speech) if elastic else speech[0], speech[0], speech[0]
        after = (max(pair) for pair in zip(quiet, paced, strict=True))
        glue = Glue(*(max(rings, sum(pair) + events) for pair in zip(words, after, strict=True)))
    shortest = max(glue.shortest, min(needs))
    natural = max(glue.natural, shortest)
    # a share of the time never takes away what speech and quiet need
    longest = max(glue.longest, natural) if weight != (1, 1) else glue.longest
    breath = step.breathe if step.breathe and not step.hands else None
    return Part(number, Glue(shortest, natural, longest), needs, first, position, breath, rate)


def _glue(length: Range, weight: tuple[int, int], rate: int) -> Glue:
    """Return *length*, or that share of it, in frames."""
    values = length.shortest, length.natural, length.longest
    return Glue(*[ms_to_frames(ms * weight[0] // weight[1], rate) for ms in values])


def _paced(step: Step, rate: int) -> tuple[Glue, int]:
    """Return how long breathing and counted strokes take, and what must have room."""
    breath, strokes = step.breathe, step.count
    if breath:
        rounds = breath.rounds or Counts(1, 1, 1)
        spans = Glue(*(ms_to_frames(breath.length_ms(n), rate) for n in (rounds.fewest, rounds.natural, rounds.most)))
        return spans, spans.shortest if breath.rounds or not step.hands else 0
    if strokes and strokes.every_ms:
        counts, every = strokes.counts, ms_to_frames(strokes.every_ms, rate)
        return Glue(*(n * every for n in (counts.fewest, counts.natural, counts.most))), counts.fewest * every
    return NOTHING, 0


def _too_long(part: Part, durations: Durations) -> Diagnostic:
    step, rate = part.step, durations.rate
    paced_ms = frames_to_ms(_paced(step, rate)[1], rate)
    quiet_ms = step.quiet.shortest if step.quiet.shortest >= paced_ms else 0
    rings_ms = frames_to_ms(chime_frames(step, durations)[0], rate)
    needed_ms = frames_to_ms(min(part.needs), rate)
    ringing = rings_ms == needed_ms
    paced_ms = 0 if quiet_ms or ringing else paced_ms
    quiet_ms = 0 if ringing else quiet_ms
    speech_ms = 0 if ringing else needed_ms - quiet_ms - paced_ms
    paced = "breathing" if step.breathe else "counting"
    times = ((rings_ms * ringing, "chime"), (speech_ms, "speech"), (quiet_ms, "quiet"), (paced_ms, paced))
    found = " and ".join(f"{ms / 1000:.1f}s of {what}" for ms, what in times if ms)
    allowed = step.length or step.pause
    longest = format_duration(allowed.longest) if allowed else "its own length"
    needed = format_duration(-(-needed_ms // 1000) * 1000)
    ways = [f"let `for:` reach {needed}"]
    ways += ["strike it less often, or choose a shorter chime"] if ringing else []
    if speech_ms:
        ways.append("shorten the text" if "brief" in step.spans else "give a shorter `brief:`")
    if paced_ms:
        ways.append("choose a shorter pattern" if step.breathe else "count fewer strokes")
    if quiet_ms:
        ways.append("lessen `quiet:`")
    code = "chime-too-long" if ringing else "speech-too-long"
    expected = f"at most {longest} in `{step.name}`"
    place: Span = step.spans.get("for", step.span)
    return problem(code, place, *ways, expected=expected, found=found)
