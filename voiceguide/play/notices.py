"""Notices: how a session stands, in the words that every screen uses. Pure."""

from __future__ import annotations

from bisect import bisect_right

from voiceguide.nouns import dataclass
from voiceguide.play.now import Now
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import format_clock, frames_clock, frames_to_ms


@dataclass(frozen=True)
class Notice:
    """A state that is not simply playing: its *key*, its name in big letters, and a line that says what to do."""

    key: str = ""
    short: str = ""
    line: str = ""


def notice(now: Now) -> Notice:
    """Return what keeps the session from simply playing, or an empty one."""
    if now.state == "ended":
        words = "the end" if now.at >= now.timeline.frames else "ended early"
        return Notice("ended", words, words)
    if now.away:
        then = "It goes on when back" if now.returns else "It is looked for"
        return Notice("away", "no sound", f"no sound device: {now.away}. {then}")
    if now.making:
        return Notice("making", "one moment", f"one moment: {now.making}")
    if now.state != "holding" or now.answering:
        return Notice()
    if now.leaving:
        word = "stopped" if now.understood == "stop" else "quit?"
        return Notice("leaving", word, "held: press q again to end, space to go on")
    if now.waiting:
        return Notice("waiting", "your turn", "waiting for you: press space to go on")
    return Notice("held", "held", "held: press space to go on")


_SEEN = ("toggle", "hold", "go-on", "stop", "quit", "end")
"""Commands whose outcome is a notice, or none: nothing more is to be said of them."""


def understood(name: str) -> str:
    """Return what was understood, in words, or nothing where that is plain to see."""
    return "" if not name or name in _SEEN else f"understood: {name.replace('-', ' ')}"


def section(timeline: Timeline, at: int) -> str:
    """Return the title of the section at frame *at*; steps that are in none have no title but their own."""
    index = bisect_right(timeline.chapters, at, key=lambda chapter: chapter.start) - 1
    if index < 0:
        return ""
    chapter = timeline.chapters[index]
    first = next((step.title for step in timeline.steps if step.start == chapter.start), "")
    return "" if first == chapter.title else chapter.title


def clock(now: Now, frames: int) -> str:
    """Return *frames* of the session as m:ss, rounded down."""
    return frames_clock(frames, now.timeline.rate)


def left(now: Now, end: int) -> str:
    """Return the time until *end* as m:ss, rounded up: it reads 0:00 only when nothing is left."""
    return format_clock(max(0, frames_to_ms(end - now.at, now.timeline.rate) + 999))


def name(step: StepSpan) -> str:
    """Return the title of *step*, with its side in capitals, and whom it speaks to."""
    to = f"to {step.to}" if step.to != "self" else ""
    return " · ".join(filter(None, (step.title, (step.side or "").upper(), to)))


def caption(now: Now) -> tuple[str, bool]:
    """Return the words that were begun last, as written, and whether they are still being said.

    Words that only pace a breath or count strokes are passed over: they are said again and again.
    """
    begun = [cue for cue in now.timeline.cues if cue.start <= now.at and cue.text and cue.track == "voice"]
    last = next((cue for cue in reversed(begun) if not cue.paced), None)
    return (last.text, now.at < last.end) if last else ("", False)
