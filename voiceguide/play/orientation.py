"""Orientation: where a session stands, in one or two short sentences."""

from __future__ import annotations

from voiceguide.play.now import Now
from voiceguide.spoken.said import BARE, language_of
from voiceguide.units import frames_to_ms


def orientation(now: Now, language: str) -> str:
    """Return where the session stands and how long it still takes, in words of *language*."""
    words = language_of(language) or BARE
    left = words.duration(frames_to_ms(now.left, now.timeline.rate), "")
    side = words.sides.get(now.step.side or "", "") if now.step else ""
    title = now.step.title if now.step else now.title
    rest = f"Noch {left}" if language.startswith("de") else f"{left} left"
    return ". ".join(filter(None, (title, side, rest.strip()))) + "."
