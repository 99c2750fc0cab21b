"""Records: what a page has to know of a session to show it, and to move in it, by itself. Times are frames."""

from __future__ import annotations

from typing import Any

from voiceguide.play.phrases import instructions
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames

AHEAD_MS = 20_000
"""How much of what comes a remote is told beforehand, so that words and breath are in time over a slow network."""


def session_record(timeline: Timeline, title: str, routine: str) -> dict[str, Any]:
    """Return all of *timeline* that the page needs to play it by itself."""
    return {
        "title": title,
        "routine": routine,
        "rate": timeline.rate,
        "frames": timeline.frames,
        "steps": [
            {
                "address": str(step.address) if step.address else "",
                "title": step.title,
                "side": step.side or "",
                "note": step.note,
                "zone": step.zone,
                "start": step.start,
                "frames": step.frames,
                "kept": step.kept,
                "said": max((c.end for c in timeline.cues if c.step == step.address and c.track == "voice"), default=0)
                if step.kept
                else 0,
            }
            for step in timeline.steps
        ],
        "chapters": [{"title": chapter.title, "start": chapter.start} for chapter in timeline.chapters],
        "instructions": [[each.start, each.end] for each in instructions(timeline)],
        "waits": list(timeline.waits),
        **ahead(timeline, 0, timeline.frames),
    }


def ahead(timeline: Timeline, at: int, frames: int | None = None) -> dict[str, Any]:
    """Return the words and the phases of breath that are under way at frame *at* or begin in the next *frames*."""
    stop = at + (ms_to_frames(AHEAD_MS, timeline.rate) if frames is None else frames)
    spoken = (cue for cue in timeline.cues if cue.text and cue.track in ("voice", "breath"))
    return {
        "words": [[cue.start, cue.end, cue.text] for cue in spoken if cue.start < stop and cue.end > at],
        "beats": [[b.phase, b.start, b.end] for b in timeline.beats if b.start < stop and b.end > at],
    }
