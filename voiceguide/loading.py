"""Opening a script: found, read, linked with the blocks of others, and checked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from voiceguide.author.flow import every, flow
from voiceguide.clips import Utterance
from voiceguide.diagnostics import Fault, Report, ScriptError, UsageError
from voiceguide.library.scripts import find_beside, find_script, load
from voiceguide.library.sounds import SoundFile, all_sounds, judge_index, recordings
from voiceguide.plan.outline import ChimeLength, Durations, Measure, Outline
from voiceguide.plan.plan import Answer, Plan, plan, run
from voiceguide.plan.request import SessionRequest
from voiceguide.script.check import Sounds, check
from voiceguide.script.link import link, scripts_used
from voiceguide.script.model import Event, Routine, Step
from voiceguide.script.read import read, read_all
from voiceguide.script.sound_index import NAME as SOUNDS_YAML
from voiceguide.source import Source
from voiceguide.speech.tone import tone_frames
from voiceguide.units import ms_to_frames

_RATE = 48_000
log = logging.getLogger(__name__)
Speaking = Callable[[Routine], Measure]
"""Gives, for a routine, what measures its words with a voice."""
_NO_CHIME = ChimeLength(0, 0, 1, 0)
"""Stands for chimes whose length does not matter."""


def open_routine(name: str) -> Routine:
    """Return the routine that *name* (an id or a path) means, read, linked and checked.

    Raises ScriptError with the report of all problems, VoiceguideError if there is no such script.
    """
    path = find_script(name)
    if path.name == SOUNDS_YAML:
        raise UsageError(f"{path} tells of sounds, and is no routine", hint=f"check it with: voiceguide check {path}")
    routine, report = examine(path)
    if routine is None or report.errors:
        raise ScriptError(report)
    return routine


def examine(path: Path, *, advise: bool = False, speaking: Speaking | None = None) -> tuple[Routine | None, Report]:
    """Return the routine at *path*, or None if it has errors, and the report of every problem.

    Speech is measured as half a second a word, so that steps whose words cannot fit are found too, before anything
    is spoken; with *speaking*, words are as long as that voice makes them. With *advise*, a script without errors is
    given advice too, and comments in it silence warnings.
    Raises VoiceguideError if the file is not there or cannot be opened.
    """
    try:
        source = load(path)
    except ScriptError as error:
        return None, error.report
    return judge(source, path, advise=advise, speaking=speaking)


def judge(
    source: Source, path: Path, *, advise: bool = True, speaking: Speaking | None = None
) -> tuple[Routine | None, Report]:
    """Return what `examine` does of the text *source*, which stands for what is written at *path*."""
    routine, report = _examine(source, path, advise, speaking)
    if advise:
        from voiceguide.author.suppress import silence

        report = silence(source, report)
    log.debug("%s is read and checked", path)
    return routine, report


def _examine(source: Source, path: Path, advise: bool, speaking: Speaking | None) -> tuple[Routine | None, Report]:
    if path.name == SOUNDS_YAML:
        return None, judge_index(source, path.parent)[1]
    try:
        routine, report = read_all(source)
        if routine is None:
            return None, report
        routine = link(routine, _others(routine, path))
    except ScriptError as error:
        return None, error.report
    sounds = all_sounds().values()
    chimes, beds = (frozenset(s.name for s in sounds if kind in s.kinds) for kind in ("chime", "bed"))
    beside = recordings(path)

    def fault(kind: str, name: str) -> Fault | None:
        return (beside if kind == "recording" else all_sounds())[name].fault(kind)

    report += check(routine, Sounds(chimes, beds, frozenset(beside), fault))
    if not report.errors:
        measure = (speaking or (lambda spoken: _estimate(_chimes(spoken))))(routine)
        natural = run(plan(routine, SessionRequest()), measure)
        report += natural if isinstance(natural, Report) else Report()
        if advise and not report.errors:
            report += _advice(routine, natural, measure, speaking is not None)
    return (None if report.errors else routine), report


def _estimate(chimes: Mapping[str, ChimeLength]) -> Measure:
    """Return an answer to planning without speaking: words take half a second each."""

    def estimate(outline: Outline) -> Durations:
        words = outline.written().items()
        lengths = {c: tone_frames(c.text if isinstance(c, Utterance) else text, _RATE) for c, text in words}
        return Durations(_RATE, lengths, {name: chimes.get(name, _NO_CHIME) for name in outline.chimes()})

    return estimate


def _advice(routine: Routine, natural: Answer, measure: Measure, spoken: bool) -> Report:
    """Return the warnings for the author of *routine*, whose plan at its natural length is *natural*.

    *spoken* tells that its words are measured and not estimated.
    """
    from voiceguide.author.advice import lint
    from voiceguide.author.advice_answers import lint_answers, lint_room
    from voiceguide.author.advice_lengths import lint_range, lint_silences
    from voiceguide.author.advice_reading import lint_reading

    found = [*lint_range(routine, natural, measure), *lint_answers(routine, natural, measure)]
    found += [] if spoken else lint_room(routine, natural, measure)
    if isinstance(natural, Plan):
        found += [*natural.notes, *lint_silences(routine, natural.timeline)]
    return lint(routine) + Report.of([*found, *lint_reading(routine)])


def _chimes(routine: Routine) -> dict[str, ChimeLength]:
    """Return the chimes that *routine* strikes. Only those that are struck fast are looked into: it takes a while."""
    rings: list[Step | Event] = [visit.step for visit in flow(routine)]
    rings += every(Event, (routine.steps, routine.blocks, routine.announce))
    sounds, struck = all_sounds(), [ring for ring in rings if ring.chime]
    fast = {r.chime for r in struck if r.every_ms is not None and r.every_ms < sounds[r.chime].every_ms}
    return {name: _chime(sounds[name], name in fast) for name in sorted({ring.chime for ring in struck})}


def _chime(sound: SoundFile, looked_into: bool) -> ChimeLength:
    """Return the length and the strikes of *sound*; its decay and its peak are known only if it is *looked into*."""
    if not looked_into or sound.fault("chime"):
        return ChimeLength(ms_to_frames(sound.ms(), _RATE), 0, sound.strikes, sound.every_ms, 0)
    from voiceguide.audio.level import chime_clip

    known = chime_clip(*sound.samples("chime"), _RATE).facts
    return ChimeLength(known.frames, known.tail, sound.strikes, sound.every_ms, known.peak)


def _others(routine: Routine, path: Path) -> dict[str, Routine]:
    """Return the scripts that *routine* takes blocks from, directly or through others."""
    others: dict[str, Routine] = {}
    waiting = set(scripts_used(routine))
    while waiting:
        name = waiting.pop()
        beside = find_beside(name, path)
        other = read(load(beside))[0] if beside else None
        log.debug("blocks of %s are taken from %s", name, beside)
        if other is not None:
            others[name] = other
            waiting |= scripts_used(other) - others.keys()
    return others
