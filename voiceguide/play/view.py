"""View: what a session shows of itself, as lines of a size. Pure: the same moment and the same size, the same lines.

From the top: what it is; the step in big letters; what state it is in; the time left in the step, big, with the side
where that side is; the breath; the words; how much of the whole is over; the keys. Everything has its rows all the
time, so nothing jumps, and what there is no room for goes, what can best be done without first.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from voiceguide.columns import cells, fit, line
from voiceguide.nouns import dataclass
from voiceguide.play.commands import KINDS, Kind, Louder, MoreBed, key_lines
from voiceguide.play.digits import HALVES, big, big_words, biggest, rows_of
from voiceguide.play.notices import caption, clock, left, name, notice, section, understood
from voiceguide.play.now import Now
from voiceguide.play.pacer import SHORT, WORDS, Breath, breath_at
from voiceguide.play.styles import BOLD, DIM, INVERSE, LEFT, PLAIN, RIGHT, TIDE, Look, beside, cut, styled

CAPTION_CELLS = 42
"""How wide the lines of the words are, if there is room for all of them: what an eye takes in at once."""
WIDEST = 160
"""No line is wider, or an eye has to walk."""


@dataclass(frozen=True)
class Layout:
    """How big things are: scales of the *digits* and the headline (*head*), and rows of *words*, *tide* and *keys*.

    A scale of None is a line of plain text. It is for terminals of *least* columns.
    """

    digits: int | None
    head: int | None
    words: int
    tide: int
    keys: int
    least: int = 0


LAYOUTS = (
    Layout(digits=3, head=2, words=6, tide=5, keys=3, least=220),
    Layout(digits=2, head=1, words=4, tide=4, keys=2, least=110),
    Layout(digits=1, head=HALVES, words=4, tide=2, keys=2, least=60),
    Layout(digits=HALVES, head=None, words=2, tide=1, keys=1, least=34),
    Layout(digits=None, head=None, words=1, tide=1, keys=1),
)
"""The first one that fits is taken."""


@dataclass(frozen=True)
class Part:
    """Some rows that belong together. The least *worth* goes first if there is no room; *gap* wants a row before it."""

    rows: Sequence[str]
    worth: int
    gap: bool = False


def view(
    now: Now, look: Look, *, offered: Collection[Kind] = KINDS, behind: int = 0, fresh: tuple[str, str] = ("", "")
) -> list[str]:
    """Return *now* as the lines of a display that looks like *look*, as many as it is high or fewer.

    Keys are shown of what is *offered*. The device has *behind* frames that have not been heard yet. *fresh* are what
    was understood and what was answered a moment ago.
    """
    inner = replace(look, width=max(8, min(look.width - 2 * look.margin, WIDEST)))
    breath = breath_at(now.timeline, now.at - behind) if now.state == "playing" else None
    for layout in LAYOUTS:
        parts = _parts(now, inner, layout, breath, offered, fresh)
        if look.width >= layout.least and sum(len(part.rows) for part in parts) <= look.height:
            break
    rows = _laid(parts, look.height)
    indent = " " * ((look.width - inner.width) // 2 if look.width > WIDEST else look.margin)
    return [cut(f"{indent}{row}".rstrip(), look.width) for row in rows]


def _laid(parts: Sequence[Part], height: int) -> list[str]:
    """Return the rows of *parts* in *height* rows: the least worth goes first, and what is left over lies between."""
    kept = list(parts)
    while sum(len(part.rows) for part in kept) > height and len(kept) > 1:
        kept.remove(min(kept, key=lambda part: part.worth))
    spare = height - sum(len(part.rows) for part in kept)
    gaps = [part for part in kept if part.gap]
    share, more = divmod(spare, len(gaps)) if gaps else (0, 0)
    rows: list[str] = []
    for part in kept:
        if part.gap:
            index = gaps.index(part)
            # one row each is enough for those above the words; the rest lies before the foot, so all keep together
            rows += [""] * (share + (index >= len(gaps) - more))
        rows += part.rows
    return rows[:height]


def _parts(
    now: Now, look: Look, layout: Layout, breath: Breath | None, offered: Collection[Kind], fresh: tuple[str, str]
) -> list[Part]:
    state, step, width = notice(now), now.step, look.width
    title, part = line(now.title), section(now.timeline, now.at)
    phase = (SHORT[breath.beat.phase], WORDS[breath.beat.phase]) if breath else ("", "")
    head = state.short or phase[0] or (step.title if step else now.title)
    here = f"{left(now, step.end)} left here" if step and state.key not in ("waiting", "ended") else ""
    told = understood(fresh[0])
    if state.line:
        room = max(0, width - cells(state.line) - 4)  # what to do comes first
        under = beside(styled(INVERSE, f" {state.line} ", width), _dim(told if room > 12 else "", room), width)
    else:
        said = f"{phase[1]}, {_seconds(now, breath.left)}" if breath else step.note if step else ""
        under = beside(styled(BOLD if breath else "", said, width), _dim(told, width), width)
    parts = [
        Part([beside(_dim(title, width), _dim(part, width), width)], 1),
        *_headline(head, look, layout, state.key != ""),
        Part([beside(styled(BOLD, name(step) if step else now.title, width), here, width)], 9),
        Part([under], 8),
        Part(_count(now, look, layout), 6, gap=layout.head is not None),
    ]
    if now.timeline.beats:
        parts.append(Part(_tide(breath, look, layout), 5, gap=layout.head is not None))
    parts += [
        Part(_words(now, look, layout, fresh[1]), 7, gap=True),
        Part([_bar(now, look)], 4),  # the words seldom take all of their rows
        Part([_next(now, look, offered)], 3),
        Part(_keys(now, look, layout, offered), 2, gap=True),
    ]
    return [part for part in parts if part.rows]


def _headline(text: str, look: Look, layout: Layout, state: bool) -> list[Part]:
    """Return *text*, or its first words, in letters as big as there is room for; in a line in their middle if none."""
    if layout.head is None or not look.blocks:
        return []
    height = rows_of(layout.head)
    shown = big_words(text, layout.head, look.width) or (fit(text, look.width),)
    rows = [styled(INVERSE if state and len(shown) == 1 else BOLD, row, look.width) for row in shown]
    above = (height - len(rows) + 1) // 2
    return [Part([*[""] * above, *rows, *[""] * (height - len(rows) - above)], 5, gap=True)]


def _count(now: Now, look: Look, layout: Layout) -> list[str]:
    """Return the time left in the step and its side, big, the side where that side is."""
    if layout.digits is None or (layout.digits == HALVES and not look.blocks):
        return []
    end = now.step.end if now.step else now.timeline.frames
    digits = big(left(now, end), layout.digits, look.ink) or ("",)
    side = (now.step.side or "").upper() if now.step else ""
    room = look.width - len(digits[0]) - 2
    word = biggest(side, layout.digits, room, look.ink) or ("",)
    above = (len(digits) - len(word)) // 2
    word = (*[""] * above, *word, *[""] * (len(digits) - len(word) - above))
    style = {"LEFT": look.colour(LEFT), "RIGHT": look.colour(RIGHT)}.get(side, "")
    pairs = [
        (f"{BOLD}{row}{PLAIN}", f"{BOLD}{style}{of}{PLAIN}" if of else "") for row, of in zip(digits, word, strict=True)
    ]
    return [beside(*(pair[::-1] if side == "LEFT" else pair), look.width) for pair in pairs]


def _tide(breath: Breath | None, look: Look, layout: Layout) -> list[str]:
    """Return the breath as a bar that grows and shrinks with it."""
    if breath is None:
        return [""] * layout.tide
    eighths = round(breath.full * look.width * 8)
    whole, rest = divmod(eighths, 8) if look.blocks else (round(eighths / 8), 0)
    bar = look.ink * whole + ("", *"▏▎▍▌▋▊▉")[rest]
    empty = ("░" if look.blocks else ".") * (look.width - len(bar))
    return [f"{look.colour(TIDE)}{bar}{PLAIN}{DIM}{empty}{PLAIN}"] * layout.tide


def _words(now: Now, look: Look, layout: Layout, answer: str) -> list[str]:
    """Return what is being said, or was said last, wrapped; an *answer* of a moment ago goes before it."""
    text, sounds = (answer, True) if answer else caption(now)
    wide = min(look.width, max(CAPTION_CELLS, look.width // 2 if layout.digits and layout.digits > 1 else 0))
    if len(wrapped(text, wide, layout.words + 1)) > layout.words:  # all of it, rather than in lines that read well
        wide = look.width
    rows = wrapped(text, wide, layout.words)
    return [styled("" if sounds else DIM, row, look.width) for row in rows] + [""] * (layout.words - len(rows))


@lru_cache(maxsize=64)
def wrapped(text: str, width: int, most: int) -> tuple[str, ...]:
    """Return *text* in at most so many lines of *width* cells, the last one cut if it does not fit."""
    text = line(" ".join(text.split()))
    spread = "".join(sign + "\0" * (cells(sign) - 1) for sign in text)  # wide signs count twice
    rows = [row.replace("\0", "") for row in textwrap.wrap(spread, width, break_on_hyphens=False)]
    if len(rows) > most:
        rows[most - 1 :] = [fit(" ".join(rows[most - 1 :]), width)]
    return tuple(rows)


def _bar(now: Now, look: Look) -> str:
    """Return how much of the session is over, with the time that has passed and that is left."""
    whole = now.timeline.frames
    spent = clock(now, now.at) if look.width < 56 else f"{clock(now, now.at)} of {clock(now, whole)}"
    rest = f"{left(now, whole)} left"
    room = max(0, look.width - cells(spent) - cells(rest) - 4)
    filled = min(room, room * now.at // max(1, whole))
    done, todo = "━" * filled, "─" * (room - filled)
    return f"{spent}  {look.colour(TIDE)}{done}{PLAIN}{DIM}{todo}{PLAIN}  {rest}"


def _next(now: Now, look: Look, offered: Collection[Kind]) -> str:
    """Return what comes next, and how loud it is."""
    following = now.following
    soon = "" if following is None or now.waiting else f", in {left(now, following.start)}"
    then = f"next: {name(following)}{soon}" if following else "the last step" if now.step else ""
    bed = MoreBed in offered and any(cue.track == "bed" for cue in now.timeline.cues)
    turned = [
        f"volume {now.volume_db:+d} dB" if now.volume_db else "volume 0 dB" if Louder in offered else "",
        f"bed {now.bed_db:+d} dB" if bed and now.bed_db else "",
        f"{now.talk} talk" if now.talk != "full" else "",
        "the end stays" if now.keeps_end else "",
    ]
    told = " · ".join(filter(None, turned if look.width >= 56 else turned[:1] * bool(now.volume_db)))
    return beside(_dim(then, look.width), _dim(told, look.width), look.width)


def _keys(now: Now, look: Look, layout: Layout, offered: Collection[Kind]) -> list[str]:
    if not offered or now.state == "ended":
        return [""] * layout.keys
    rows = key_lines(offered, look.width, layout.keys, held=now.state == "holding")
    return [_dim(row, look.width) for row in rows] + [""] * (layout.keys - len(rows))


def _dim(text: str, width: int) -> str:
    return styled(DIM, text, width)


def _seconds(now: Now, frames: int) -> str:
    return str(-(-frames // now.timeline.rate))
