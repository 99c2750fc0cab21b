"""Tracks: captions and chapters of a timeline as WebVTT, for a player that shows them."""

from __future__ import annotations

from collections.abc import Iterable

from voiceguide.timeline import Chapter, StepSpan, Timeline
from voiceguide.units import frames_to_ms

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " "})


def captions_vtt(timeline: Timeline) -> str:
    """Return the words of *timeline*, each for as long as it is said."""
    spoken = (cue for cue in timeline.cues if cue.text and cue.track in ("voice", "breath"))
    return _vtt(timeline.rate, ((cue.start, cue.end, cue.text) for cue in spoken))


def chapters_vtt(timeline: Timeline) -> str:
    """Return the sections of *timeline* as chapters; its steps, if it has no sections."""
    parts: tuple[Chapter | StepSpan, ...] = timeline.chapters or timeline.steps
    ends = (*(part.start for part in parts[1:]), timeline.frames)
    return _vtt(timeline.rate, ((part.start, end, part.title) for part, end in zip(parts, ends, strict=True)))


def _vtt(rate: int, cues: Iterable[tuple[int, int, str]]) -> str:
    blocks = [
        f"{_clock(frames_to_ms(start, rate))} --> {_clock(frames_to_ms(end, rate))}\n{text.translate(_ESCAPES)}\n"
        for start, end, text in cues
        if end > start and text.strip()
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
