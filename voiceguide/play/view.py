"""View: what the screen says about where a session stands, as lines of text. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from voiceguide.columns import fit
from voiceguide.play.transport import State
from voiceguide.timeline import StepSpan, Timeline
from voiceguide.units import format_clock, frames_to_ms

KEYS = "space hold · → next · ← back · q quit"
HELD_KEYS = "space go on · → next · ← back · q quit"
ONLY_QUIT = "q quit"
HELD = "held"
WAITING = "waiting for you: press space to go on"
WIDEST = 72
_BOLD, _DIM, _COLOUR, _HELD, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[7m", "\x1b[0m"


@dataclass(frozen=True)
class View:
    """Where a session stands, whether it is held, and whether it is *waiting* of itself. Times are frames."""

    timeline: Timeline
    at: int
    state: State
    waiting: bool = False

    @property
    def index(self) -> int:
        """The number of the current step, counted from 0; -1 before the first one.

        While it waits that is the step that has just ended, not the one that begins when the listener goes on.
        """
        count = bisect_left if self.waiting else bisect_right
        return count(self.timeline.steps, self.at, key=lambda step: step.start) - 1

    @property
    def step(self) -> StepSpan | None:
        """The current step."""
        return self.timeline.steps[self.index] if self.index >= 0 else None

    @property
    def following(self) -> StepSpan | None:
        """The step after it."""
        steps = self.timeline.steps
        return steps[self.index + 1] if self.index + 1 < len(steps) else None

    def clock(self, frames: int) -> str:
        """Return *frames* as m:ss, rounded down."""
        return format_clock(frames_to_ms(frames, self.timeline.rate))

    def left(self, end: int) -> str:
        """Return the time until *end* as m:ss, rounded up: it reads 0:00 only when nothing is left."""
        return format_clock(max(0, frames_to_ms(end - self.at, self.timeline.rate) + 999))


def name(step: StepSpan) -> str:
    """Return the title of *step*, with its side in capitals."""
    return f"{step.title} · {step.side.upper()}" if step.side else step.title


def lines(view: View, title: str, width: int, *, keys: str = KEYS, colour: bool = True) -> list[str]:
    """Return the display: at most *width* cells wide, with ANSI styles (and *colour*)."""
    width = max(20, min(width, WIDEST))
    held, step, following = view.state == "holding", view.step, view.following
    whole = view.timeline.frames
    spent = f"{view.clock(view.at)} of {view.clock(whole)}, {view.left(whole)} left"
    here = f"{view.left(step.end)} left here" if step else ""
    soon = "" if following is None or view.waiting else f", in {view.left(following.start)}"
    then = f"next: {name(following)}{soon}" if following else "the last step"
    filled = (width - 2) * view.at // max(1, whole)
    bar = (f"{_COLOUR}" if colour else "") + "━" * filled + _PLAIN + _DIM + "─" * (width - 2 - filled) + _PLAIN
    if held and keys == KEYS:
        keys = HELD_KEYS
    return [
        _styled(_DIM, title, width),
        "",
        _styled(_BOLD, name(step) if step else title, width),
        _styled(_HELD, f" {WAITING if view.waiting else HELD} ", width) if held else _styled("", here, width),
        "",
        f"  {bar}",
        _styled("", spent, width),
        _styled(_DIM, then, width),
        "",
        _styled(_DIM, keys, width),
    ]


def _styled(style: str, text: str, width: int) -> str:
    fitted = fit(text, width - 2)
    return f"  {style}{fitted}{_PLAIN}" if style and fitted else f"  {fitted}".rstrip()
