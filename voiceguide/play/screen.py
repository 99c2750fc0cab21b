"""Screen: a few calm lines on a terminal, or one plain line per step elsewhere. Nothing is left broken on exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TextIO

from voiceguide.columns import fit
from voiceguide.play.commands import KINDS, Kind, key_line
from voiceguide.play.now import Now
from voiceguide.terminal import draw, draws, put, size
from voiceguide.timeline import StepSpan
from voiceguide.units import format_clock, frames_clock, frames_to_ms

_HIDE, _SHOW, _WRAP, _NO_WRAP = "\x1b[?25l", "\x1b[?25h", "\x1b[?7h", "\x1b[?7l"


class Blank:
    """Shows nothing."""

    def show(self, now: Now) -> None:
        """Show nothing."""


class Lines:
    """One line on *stream* as each step begins, and when the session waits."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._step = -1
        self._waiting = False

    def show(self, now: Now) -> None:
        """Write a line if *now* is in another step than the last one, or waits and the last one did not."""
        if now.waiting and not self._waiting:
            put(self._stream, f"{clock(now, now.at)} {WAITING}\n")
        self._waiting = now.waiting
        if now.step is not None and now.index != self._step and now.state != "ended":
            self._step = now.index
            put(self._stream, f"{clock(now, now.step.start)} {fit(name(now.step), 200)}\n")
            if now.step.note:
                put(self._stream, f"     {fit(now.step.note, 200)}\n")


class Live:
    """Lines on the terminal *stream*, drawn over themselves whenever they change: mostly once a second."""

    def __init__(self, stream: TextIO, title: str, offered: Collection[Kind]) -> None:
        self._stream = stream
        self._title = title
        self._offered = offered
        self._colour = not os.environ.get("NO_COLOR")
        self._drawn: list[str] = []

    def show(self, now: Now) -> None:
        """Draw *now*."""
        width, height = size(self._stream)
        fresh = lines(now, self._title, width - 1, offered=self._offered, colour=self._colour)[: max(1, height - 1)]
        if fresh != self._drawn:
            text = "".join(f"\r{line}\x1b[K\n" for line in fresh)
            draw(self._stream, f"{_HIDE}{_NO_WRAP}{self._up()}{text}\x1b[J{_WRAP}")
            self._drawn = fresh

    def close(self) -> None:
        """Take the lines away and give the cursor back."""
        if self._drawn:
            draw(self._stream, f"{self._up()}\r\x1b[J{_WRAP}{_SHOW}")
            self._drawn = []

    def _up(self) -> str:
        return f"\x1b[{len(self._drawn)}A" if self._drawn else ""


Screen = Blank | Lines | Live
"""Where a session is shown: `show` takes where it stands by now."""


@contextmanager
def open_screen(title: str, offered: Collection[Kind] = KINDS, *, quiet: bool = False) -> Iterator[Screen]:
    """Give the screen that fits: a live one on standard error if that is a terminal, else lines on standard output."""
    if quiet:
        yield Blank()
    elif draws(sys.stderr):
        live = Live(sys.stderr, title, offered)
        try:
            yield live
        finally:
            live.close()
    else:
        yield Lines(sys.stdout)


HELD = "held"
WAITING = "waiting for you: press space to go on"
WIDEST = 72
_BOLD, _DIM, _COLOUR, _HELD, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[7m", "\x1b[0m"


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
        *([_styled("", step.note, width)] if step and step.note else []),
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
