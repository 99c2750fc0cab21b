"""Opening a script: found, read, linked with the blocks of others, and checked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from voiceguide.diagnostics import Report, ScriptError
from voiceguide.library.scripts import find_beside, find_script, load
from voiceguide.library.sounds import all_sounds, duration_ms, recordings
from voiceguide.plan.outline import Chime, Material, Outline, Wishes
from voiceguide.plan.plan import Plan, converse, plan
from voiceguide.script.check import Sounds, check
from voiceguide.script.link import link, scripts_used
from voiceguide.script.model import Routine
from voiceguide.script.read import read, read_all
from voiceguide.speech.tone import tone_frames
from voiceguide.units import ms_to_frames

_RATE = 48_000


def open_routine(name: str) -> Routine:
    """Return the routine that *name* (an id or a path) means, read, linked and checked.

    Raises ScriptError with the report of all problems, VoiceguideError if there is no such script.
    """
    routine, report = examine(find_script(name))
    if routine is None or report.errors:
        raise ScriptError(report)
    return routine


def examine(path: Path) -> tuple[Routine | None, Report]:
    """Return the routine at *path*, or None if it has errors, and the report of every problem.

    Speech is measured as half a second a word, so that steps whose words cannot fit are found too, before anything
    is spoken. Raises VoiceguideError if the file cannot be opened.
    """
    try:
        routine, report = read_all(load(path))
        if routine is None:
            return None, report
        routine = link(routine, _others(routine, path))
    except ScriptError as error:
        return None, error.report
    sounds = all_sounds().values()
    chimes, beds = (frozenset(s.name for s in sounds if kind in s.kinds) for kind in ("chime", "bed"))
    report += check(routine, Sounds(chimes, beds, frozenset(recordings(path))))
    if not report.errors:
        answer = converse(plan(routine, Wishes()), _estimate)
        report += answer if isinstance(answer, Report) else answer.notes if isinstance(answer, Plan) else Report()
    return (None if report.errors else routine), report


def _others(routine: Routine, path: Path) -> dict[str, Routine]:
    """Return the scripts that *routine* takes blocks from, directly or through others."""
    others: dict[str, Routine] = {}
    waiting = set(scripts_used(routine))
    while waiting:
        name = waiting.pop()
        beside = find_beside(name, path)
        other = read(load(beside))[0] if beside else None
        if other is not None:
            others[name] = other
            waiting |= scripts_used(other) - others.keys()
    return others


def _estimate(outline: Outline) -> Material:
    """Answer a plan without speaking: half a second a word, and chimes as long as their files, without tails."""
    lengths = {utterance: tone_frames(utterance.text, _RATE) for utterance in outline.utterances()}
    named = {turn.step.chime for turn in outline.turns if turn.step.chime}
    return Material(_RATE, lengths, {name: _chime(name) for name in named})


@lru_cache(maxsize=64)
def _chime(name: str) -> Chime:
    sound = all_sounds()[name]
    return Chime(ms_to_frames(duration_ms(sound.path), _RATE), 0, sound.strikes, sound.every_ms)
