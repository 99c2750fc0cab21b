"""Asides: words that stand outside the timeline, and where they are put: never over other words.

Beside a session that plays they wait for a silence of its voice; if none comes soon, the session holds for them, and
goes on with the phrase that it was in. A session that is held stays so.
"""

from __future__ import annotations

from dataclasses import replace

from voiceguide.clips import ClipId
from voiceguide.nouns import dataclass
from voiceguide.play.commands import Hold, Seek
from voiceguide.play.overlay import APART_MS, DUCK_MS, Overlay, words_beside
from voiceguide.play.phrases import phrase_start
from voiceguide.play.stand import Stand
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames

PATIENCE_MS = 2_500
"""How long an answer waits for a silence before the session holds for it."""
LEAD_MS = 60
"""How soon words begin beside a hold."""


@dataclass(frozen=True)
class Aside:
    """Words to be heard beside the session: clips with their frames, and what they say. *goes_on*: it goes on after."""

    words: tuple[tuple[ClipId, int], ...]
    text: str
    goes_on: bool = False


def placed(stand: Stand, aside: Aside) -> Stand:
    """Return *stand* with *aside* to come, as soon as it is over no other words.

    Whoever asks faster than anybody can speak hears the first answer and the last: others that still wait give way.
    """
    timeline, rate = stand.edition.timeline, stand.edition.timeline.rate
    if stand.transport.state == "ended":
        return stand
    waiting = [overlay for overlay in stand.overlays if not overlay.held and overlay.begun > stand.out]
    dropped = waiting[1:]
    stand = replace(stand, overlays=tuple(overlay for overlay in stand.overlays if overlay not in dropped))
    ends = [o.end + ms_to_frames(APART_MS, rate) for o in stand.overlays if not o.held and not o.over(stand.out)]
    first = max([stand.out + ms_to_frames(LEAD_MS, rate), *ends])
    stand = replace(stand, answer=aside.text, news=stand.news + 1)
    if stand.transport.state == "holding":
        overlay = words_beside(aside.words, aside.text, rate, first, duck=False)
        goes_on = overlay.end if aside.goes_on else stand.resuming and max(stand.resuming, overlay.end)
        return replace(stand.beside(overlay), resuming=goes_on)
    overlay = words_beside(aside.words, aside.text, rate, first, duck=True)
    at = gap(timeline, stand.transport.at + first - stand.out, overlay.timeline.frames)
    moved = at - (stand.transport.at + first - stand.out)
    if not stand.transport.jumping and moved <= ms_to_frames(PATIENCE_MS, rate):
        return stand.beside(words_beside(aside.words, aside.text, rate, first + moved, duck=True))
    # no silence comes: the session holds, is silent while it is spoken to, and goes on with its phrase
    held = stand.moved(stand.transport.do(Hold()))
    held = held.moved(held.transport.do(Seek(phrase_start(timeline, held.here))))
    overlay = words_beside(aside.words, aside.text, rate, first, duck=False)
    return replace(held.beside(overlay), resuming=overlay.end)


def gap(timeline: Timeline, at: int, frames: int) -> int:
    """Return the first frame from *at* on at which no words sound for so many *frames*, nor just before and after."""
    margin = ms_to_frames(DUCK_MS, timeline.rate)
    spoken = sorted((cue.start - margin, cue.end + margin) for cue in timeline.cues if _speaks(cue.track, cue.text))
    for start, end in spoken:
        if end <= at:
            continue
        if start >= at + frames:
            return at
        at = max(at, end)
    return at


def _speaks(track: str, text: str) -> bool:
    return track == "voice" or (track == "breath" and bool(text))


def beside(overlay: Overlay) -> str:
    """Return the words of *overlay*, or nothing if it has none."""
    return overlay.timeline.cues[0].text if overlay.timeline.cues and not overlay.held else ""
