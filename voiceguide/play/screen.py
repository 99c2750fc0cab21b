"""Screen: the whole of a terminal while a session plays, or plain lines elsewhere. Nothing is left broken on exit."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from voiceguide.play.commands import KINDS, Kind
from voiceguide.play.keys import left_by_killed
from voiceguide.play.keys_page import keys_page
from voiceguide.play.now import Now
from voiceguide.play.pacer import breath_at
from voiceguide.play.plain import Lines, Plain
from voiceguide.play.styles import Look
from voiceguide.play.view import view
from voiceguide.terminal import LOG, colours, draw, draws, put, shows, size

_OPEN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
"""Another page of the terminal, so that what stood there comes back; no cursor, and no line goes on in the next one."""
_CLOSE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
BREATH_S = 1 / 15
"""How often a breath is drawn: often enough to be seen as one movement."""
UNDERSTOOD_S, ANSWER_S = 4.0, 8.0
"""How long what was understood, and what was answered, stay."""


class Screen(Protocol):
    """Where a session is shown. *behind_ms*: so much sound the device has been given that has not been heard yet."""

    behind_ms: int

    def show(self, now: Now) -> None:
        """Show where it stands by now."""

    def soon(self, now: Now) -> float:
        """Return after how many seconds there is something else to show, if nothing is told before."""

    def pressed(self, key: str) -> bool:
        """Tell whether *key*, which commands nothing, means something to the screen itself."""

    def leave(self) -> None:
        """Give the terminal back, for a while or for good."""


class Blank:
    """Shows nothing."""

    behind_ms = 0

    def show(self, now: Now) -> None:
        """Show nothing."""

    def soon(self, now: Now) -> float:
        """Return a long time."""
        return 60.0

    def pressed(self, key: str) -> bool:
        """Return False: there is nothing that keys could turn."""
        return False

    def leave(self) -> None:
        """Do nothing."""


class Live:
    """The terminal *stream*, drawn anew where something has changed: once a second, and all the time in a breath."""

    behind_ms = 0

    def __init__(self, stream: TextIO, offered: Collection[Kind] = KINDS) -> None:
        self._stream = stream
        self._offered = offered
        self._coloured = colours()
        self._blocks = shows(stream, "█▀▄▏░")
        self._drawn: list[str] | None = None
        self._size = (0, 0)
        self._help = False
        self._last: Now | None = None
        self._understood, self._answer = ("", 0.0), ("", 0.0)

    def show(self, now: Now) -> None:
        """Draw *now* where it differs from what is there."""
        width, height = size(self._stream)
        look = Look(width, height, self._coloured, self._blocks)
        fresh = self._fresh(now)
        behind = self.behind_ms * now.timeline.rate // 1000
        rows = (
            keys_page(now, look, self._offered)
            if self._help
            else view(now, look, offered=self._offered, behind=behind, fresh=fresh)
        )
        begun = "" if self._drawn is not None else _OPEN
        if begun or self._size != (width, height):
            self._drawn, self._size = [], (width, height)
            begun = begun or "\x1b[2J"
        before = self._drawn or []
        changed = (
            f"\x1b[{index + 1};1H{row}\x1b[K"
            for index, row in enumerate([*rows, *[""] * (len(before) - len(rows))])
            if index >= len(before) or row != before[index]
        )
        text = begun + "".join(changed)
        if text:
            draw(self._stream, text)
        self._drawn = rows

    def soon(self, now: Now) -> float:
        """Return how long what is drawn stays true."""
        times = [until - time.monotonic() for _, until in (self._understood, self._answer)]
        if now.state == "playing":
            rate, end = now.timeline.rate, now.step.end if now.step else now.timeline.frames
            times.append(((end - now.at) % rate or rate) / rate)
            if breath_at(now.timeline, now.at) and not self._help:
                times.append(BREATH_S)
        return min((seconds for seconds in times if seconds > 0), default=60.0)

    def pressed(self, key: str) -> bool:
        """Open or close the page of keys."""
        self._help ^= key == "?"
        return key == "?"

    def leave(self) -> None:
        """Give the terminal back as it was."""
        if self._drawn is not None:
            draw(self._stream, _CLOSE)
            self._drawn = None

    def _fresh(self, now: Now) -> tuple[str, str]:
        """Return what was understood and answered within the last seconds."""
        at, last = time.monotonic(), self._last
        if last is not None and now.news != last.news:
            if now.answer and now.answer != last.answer:
                self._answer = (now.answer, at + ANSWER_S)
            else:
                self._understood = (now.understood, at + UNDERSTOOD_S)
        self._last = now
        return tuple(text if until > at else "" for text, until in (self._understood, self._answer))  # type: ignore[return-value]


@contextmanager
def open_screen(offered: Collection[Kind] = KINDS, *, quiet: bool = False, plain: bool = False) -> Iterator[Screen]:
    """Give the screen that fits: a live one on standard error if that is a terminal, else lines on standard output."""
    lives = not quiet and not plain and draws(sys.stderr) and not LOG.isEnabledFor(logging.DEBUG)
    if not lives and draws(sys.stderr) and left_by_killed():
        draw(sys.stderr, _CLOSE)
    if quiet:
        yield Blank()
    elif plain:
        yield Plain(sys.stdout, offered)
    elif lives:
        live = Live(sys.stderr, offered)
        with _warnings_after():
            try:
                yield live
            finally:
                live.leave()
    else:
        yield Lines(sys.stdout)


@contextmanager
def _warnings_after() -> Iterator[None]:
    """Keep warnings that come while the screen is drawn, and tell them after it, in words of their own lines."""
    kept: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record.getMessage())

    handler = Keep(logging.WARNING)
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        for text in dict.fromkeys(kept):
            put(sys.stderr, f"{text}\n")


@contextmanager
def resizing(look: Callable[[], None]) -> Iterator[None]:
    """Have *look* called as soon as the terminal has another size, where a system tells it."""
    number = getattr(signal, "SIGWINCH", None)
    if number is None:
        yield
        return
    try:
        before = signal.signal(number, lambda *_: look())
    except ValueError:  # signals belong to the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(number, before)
