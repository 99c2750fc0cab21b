"""View: where a session stands, as lines of text for a screen. Pure."""

from __future__ import annotations

from collections.abc import Collection

from voiceguide.columns import fit
from voiceguide.play.commands import KINDS, Kind, key_line
from voiceguide.play.performance import Now
from voiceguide.timeline import StepSpan
from voiceguide.units import format_clock, frames_to_ms

HELD = "held"
WAITING = "waiting for you: press space to go on"
WIDEST = 72
_BOLD, _DIM, _COLOUR, _HELD, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[7m", "\x1b[0m"


def clock(now: Now, frames: int) -> str:
    """Return *frames* of the session as m:ss, rounded down."""
    return format_clock(frames_to_ms(frames, now.timeline.rate))


def left(now: Now, end: int) -> str:
    """Return the time until *end* as m:ss, rounded up: it reads 0:00 only when nothing is left."""
    return format_clock(max(0, frames_to_ms(end - now.at, now.timeline.rate) + 999))


def name(step: StepSpan) -> str:
    """Return the title of *step*, with its side in capitals."""
    return f"{step.title} · {step.side.upper()}" if step.side else step.title


def lines(now: Now, title: str, width: int, *, offered: Collection[Kind] = KINDS, colour: bool = True) -> list[str]:
    """Return the display, at most *width* cells wide in ANSI styles (and *colour*), with keys of what is *offered*."""
    width = max(20, min(width, WIDEST))
    held, step, following = now.state == "holding", now.step, now.following
    whole = now.timeline.frames
    spent = f"{clock(now, now.at)} of {clock(now, whole)}, {left(now, whole)} left"
    here = f"{left(now, step.end)} left here" if step else ""
    soon = "" if following is None or now.waiting else f", in {left(now, following.start)}"
    then = f"next: {name(following)}{soon}" if following else "the last step"
    filled = (width - 2) * now.at // max(1, whole)
    bar = (f"{_COLOUR}" if colour else "") + "━" * filled + _PLAIN + _DIM + "─" * (width - 2 - filled) + _PLAIN
    return [
        _styled(_DIM, title, width),
        "",
        _styled(_BOLD, name(step) if step else title, width),
        _styled(_HELD, f" {WAITING if now.waiting else HELD} ", width) if held else _styled("", here, width),
        "",
        f"  {bar}",
        _styled("", spent, width),
        _styled(_DIM, then, width),
        "",
        _styled(_DIM, key_line(offered, held=held), width),
    ]


def _styled(style: str, text: str, width: int) -> str:
    fitted = fit(text, width - 2)
    return f"  {style}{fitted}{_PLAIN}" if style and fitted else f"  {fitted}".rstrip()
