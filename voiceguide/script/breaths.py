"""The types of values that are rounds and sides: breath patterns and their cues, counts, strokes, shares."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import voiceguide.limits as limits
from voiceguide.diagnostics import Fix, write
from voiceguide.script.rounds import BreathCue, Counts, Phase, Strokes
from voiceguide.script.scalars import DURATION, DURATION_LIKE, ID_LIKE, Scalar, Wrong, meant, parse_ms

MOST_ROUNDS = 10_000


def _counts(text: str) -> Counts | Wrong:
    timed = re.fullmatch(r"until (\S+) left|about (\S+)", text)
    if timed:
        written = timed[1] or timed[2]
        ms = parse_ms(written)
        if isinstance(ms, Wrong):
            unsure = timed[2] and ms.code == "missing-unit"  # `about 3` may mean minutes
            fix = replace(ms.fix, certain=False) if isinstance(ms.fix, Fix) and unsure else ms.fix
            return Wrong(ms.code, fix, f"`{written}`", written, DURATION.expected)
        if timed[2]:
            return Counts(1, 1, MOST_ROUNDS, about_ms=ms) if ms else Wrong("count", "write `about 3m`")
        return Counts(0, 1, MOST_ROUNDS, until_ms=ms)
    return _plain_counts(text, "write `3`, `2..4..7` or `until 30s left`")


def _plain_counts(text: str, ways: str = "write `3` or `2..4..7`") -> Counts | Wrong:
    parts = text.split("..")
    if len(parts) not in (1, 3) or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return Wrong("count", ways)
    values = [int(part) for part in parts]
    if values != sorted(values) or values[len(values) // 2] == 0:
        return Wrong("count", "write fewest..natural..most in rising order, with a natural count of at least 1")
    return Counts(values[0], values[len(values) // 2], values[-1])


Pattern = tuple[Phase, ...]


_KINDS: tuple[Literal["in", "hold", "out"], ...] = ("in", "hold", "in", "hold", "out", "hold")
"""The phases of a breath: in, hold, a little more, hold, out, hold; any of them but the first and `out` may be 0."""
_SECONDS = r"[0-9]{1,2}(?:\.[0-9]{1,2})?"
_WRITTEN = re.compile(rf"({_SECONDS})(?:(?:-({_SECONDS}))?\+({_SECONDS}))?-({_SECONDS})-({_SECONDS})-({_SECONDS})")
NAMED = {
    "even": "5-0-5-0",
    "box": "4-4-4-4",
    "4-7-8": "4-7-8-0",
    "resonance": "5.5-0-5.5-0",
    "sigh": "3+1.5-0-7.5-0",
    "night": "4-0-6-0",
}
"""Named patterns (docs/sources.md, breathing)."""


def _breath(text: str) -> Pattern | Wrong:
    written = _WRITTEN.fullmatch(NAMED.get(text, text))
    if written is None:
        number = "four numbers of seconds joined by hyphens, as in `5-0-5-0`"
        return Wrong("breath-pattern", _hyphens(text) or meant(text, NAMED) or f"write {number}")
    made = tuple(Phase(kind, round(float(s or 0) * 1000)) for kind, s in zip(_KINDS, written.groups(), strict=True))
    if not made[0].ms or not made[4].ms:
        return Wrong("breath-pattern", "the in-breath and the out-breath cannot be 0 seconds long")
    if made[1].ms and not made[2].ms:
        return Wrong("breath-pattern", "after the hold, more of the in-breath cannot be 0 seconds long")
    return made


BREATHS = {name: pattern for name in NAMED if not isinstance(pattern := _breath(name), Wrong)}


BREATHS = {name: pattern for name in NAMED if not isinstance(pattern := _breath(name), Wrong)}


def _hyphens(text: str) -> Fix | None:
    """Return *text* with hyphens for the dashes that word processors make of them, if that is what was wrong."""
    plain = re.sub(r"\s*[\u2010-\u2015\u2212]\s*", "-", text)
    return write(plain, certain=True) if plain != text and not isinstance(_breath(plain), Wrong) else None


def _cue(text: str) -> BreathCue | Wrong:
    match = re.fullmatch(r"([a-z]+)(?: ([0-9]{1,3}))?", text)
    if match is None or match[1] not in CUES or match[2] == "0":
        word, space, rounds = text.partition(" ")
        some = space + rounds if re.fullmatch("[1-9][0-9]{0,2}", rounds) else ""
        return Wrong("choice", meant(word + some, [cue + some for cue in CUES]))
    return BreathCue(match[1], int(match[2]) if match[2] else None)


CUES = ("tone", "words", "count", "none")
"""Ways of making a breath audible."""


def _stroke_counts(text: str) -> Counts | Wrong:
    counts = _plain_counts(text)
    return counts if isinstance(counts, Wrong) or counts.most in limits.STROKES else Wrong("strokes")


def _beat(text: str) -> int | Wrong:
    return parse_ms(text) or Wrong("strokes", "write `4s`")


def _strokes(text: str) -> Strokes | Wrong:
    match = re.fullmatch(r"(\S+) (?:every (\S+)|on out)", text)
    if match is None:
        return Wrong("strokes")
    counts, ms = _plain_counts(match[1]), parse_ms(match[2]) if match[2] else None
    for wrong, token in ((counts, match[1]), (ms, match[2])):
        if isinstance(wrong, Wrong):
            return replace(wrong, token=token, found=f"`{token}`", expected=_PARTS[token == match[2]])
    if not isinstance(counts, Counts) or isinstance(ms, Wrong) or counts.most not in limits.STROKES or ms == 0:
        return Wrong("strokes")
    return Strokes(counts, ms)


_PARTS = ("a number of strokes, such as `6` or `4..6..10`", DURATION.expected)


def _share(text: str) -> tuple[int, int] | Wrong:
    match = re.fullmatch(r"([1-9]) to ([1-9])", text)
    return (int(match[1]), int(match[2])) if match else Wrong("share")


_PAIRS = ("foot", "hand")
"""What people have two of, left and right, in routines."""


def _order(text: str) -> tuple[str, str] | Wrong:
    if text in _PAIRS:
        return "", ""
    match = re.fullmatch(r"([a-z0-9][a-z0-9-]*) (first|only)", text)
    other = Wrong("choice", meant(text, _PAIRS, 0.5) or "for another pair write `{side: [left, right]}`")
    return (match[1], match[2]) if match else other


_COUNTS, _UP_TO_100 = (
    rf"(?!0+(?![0-9.])){one}(?:\.\.(?!0+\.){one}\.\.{one})?"
    for one in ("[0-9]{1,4}", f"0{{0,3}}(?:0|{limits.STROKES.pattern()})")
)
_SOME = rf"(?!0+(?:\.0+)?[-+]){_SECONDS}"
COUNTS = Scalar(
    "whole rounds, such as `3`, `2..4..7`, `about 3m` or `until 30s left`",
    _counts,
    ("3", "2..4..7", "about 3m", "until 30s left"),
    pattern=rf"^(?:{_COUNTS}|about {DURATION_LIKE}|until {DURATION_LIKE} left)$",
)
ROUNDS = Scalar("whole rounds, such as `4` or `2..4..8`", _plain_counts, ("4", "2..4..8"), pattern=rf"^{_COUNTS}$")
PATTERN = Scalar(
    "a breath pattern such as `5-0-5-0` or `box`",
    _breath,
    ("5-0-5-0", "3+1.5-0-7.5-0", "3-1+1.5-0-7.5-0", *NAMED),
    pattern=rf"^(?:{'|'.join(NAMED)}|{_SOME}(?:(?:-{_SECONDS})?\+{_SECONDS})?-{_SECONDS}-{_SOME}-{_SECONDS})$",
)
CUE = Scalar(
    "one of tone, words, count, none, or one for some rounds, as in `words 3`",
    _cue,
    (*CUES, "words 3"),
    pattern=rf"^(?:{'|'.join(CUES)})(?: (?!0$)[0-9]{{1,3}})?$",
)
STROKE_COUNTS = Scalar(
    f"a number of strokes up to {limits.STROKES.high}, such as `6` or `4..6..10`",
    _stroke_counts,
    ("6", "4..6..10"),
    pattern=rf"^{_UP_TO_100}$",
)
BEAT = Scalar("the time from stroke to stroke, such as `4s`", _beat, ("4s",), pattern=rf"^{DURATION_LIKE}$")
STROKES = Scalar(
    "counted strokes, such as `6 every 4s`, `4..6..10 every 4s` or `6 on out`",
    _strokes,
    ("6 every 4s", "4..6..10 every 4s", "6 on out"),
    pattern=rf"^{_UP_TO_100} (?:every {DURATION_LIKE}|on out)$",
)
SHARE = Scalar("two shares, such as `3 to 1`", _share, ("3 to 1",), pattern="^[1-9] to [1-9]$")
ORDER = Scalar(
    "`foot` or `hand`, or the side that comes first or only: `right first`, `affected first`, `left only`",
    _order,
    (*_PAIRS, "right first", "affected first", "left only"),
    pattern=rf"^(?:{'|'.join(_PAIRS)}|{ID_LIKE} (?:first|only))$",
)
