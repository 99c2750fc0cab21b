"""Small makers that several tests share."""

from __future__ import annotations

from collections.abc import Callable

from voiceguide.clips import Speech, Utterance
from voiceguide.plan.outline import ChimeLength, Durations, Outline
from voiceguide.plan.plan import Answer, Plan, plan, run
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Routine
from voiceguide.script.read import read
from voiceguide.source import Source
from voiceguide.speech.tone import tone_frames

RATE = 48_000
CHIMES = {
    "begin": ChimeLength(6 * RATE, 4 * RATE, 1, 4000),
    "change": ChimeLength(3 * RATE, 2 * RATE, 2, 1200),
    "end": ChimeLength(4 * RATE, 3 * RATE, 3, 2000),
}
"""Chimes of round lengths, so that expectations can be worked out by hand."""


def routine(text: str) -> Routine:
    """Return the routine of a script without errors; `length` and a title are added if it has none."""
    head = "" if "routine:" in text else "routine: Test\n"
    head += "" if "length:" in text else "length: 1s..1m..25m\n"
    made, report = read(Source("test.yaml", head + text))
    assert made is not None, str(report)
    return made


def speech_frames(clip: Speech, rate: int = RATE) -> int:
    """Return the length of *clip*: the tone engine's half a second a word, for recordings a word of their names."""
    return tone_frames(clip.text if isinstance(clip, Utterance) else clip.name, rate)


def measure(rate: int = RATE) -> Callable[[Outline], Durations]:
    """Return an answer to planning: the tone engine's half a second a word."""

    def answer(outline: Outline) -> Durations:
        return Durations(rate, {clip: speech_frames(clip, rate) for clip in outline.clips()}, CHIMES)

    return answer


def answered(made: Routine, length_s: float | None = None, **request: object) -> Answer:
    """Return what planning *made* comes to, at 48 kHz with the tone engine's lengths."""
    length_ms = None if length_s is None else round(length_s * 1000)
    return run(plan(made, SessionRequest(length_ms=length_ms, **request)), measure())  # type: ignore[arg-type]


def planned(text: str | Routine, length_s: float | None = None, **request: object) -> Plan:
    """Return the plan of a script that can be planned."""
    answer = answered(routine(text) if isinstance(text, str) else text, length_s, **request)
    assert isinstance(answer, Plan), str(answer)
    return answer


def seconds(frames: int, rate: int = RATE) -> float:
    """Return *frames* in seconds."""
    return frames / rate
