"""The types of values that are words: spoken text, moments at which it is due, and conditions on it."""

from __future__ import annotations

import re
from dataclasses import replace

from voiceguide.diagnostics import Fix, write
from voiceguide.script.model import Condition, Moment, Slot, Text
from voiceguide.script.scalars import DURATION_LIKE, ID_LIKE, Scalar, Wrong, meant, parse_ms
from voiceguide.script.tree import Node
from voiceguide.source import NOWHERE
from voiceguide.units import is_bare_number, parse_duration, suggest_duration

_SPACES = re.compile(r"\s+")
LEAST_EVERY_MS = 60_000
"""Announcements again and again come no closer than this."""


def _moment(text: str) -> Moment | Wrong:
    if text == "half":
        return Moment(share=0.5)
    if text.startswith("every "):
        again = parse_ms(text.removeprefix("every ").strip())
        return replace(again, token=text[6:].strip()) if isinstance(again, Wrong) else _again(again)
    percent = re.fullmatch(r"([0-9]{1,2})%", text)
    if percent:
        return Moment(share=int(percent[1]) / 100)
    ms = parse_duration(text.removeprefix("-"))
    if ms is None:
        if is_bare_number(text.removeprefix("-")):
            return Wrong("missing-unit", write(f"{text}s", certain=True))
        return Wrong("moment", meant(text, ["half"]))
    return Moment(ms=-ms if text.startswith("-") else ms)


def _moment_inside(text: str) -> Moment | Wrong:
    made = _moment(text)
    return Wrong("moment") if isinstance(made, Moment) and made.every else made


def _again(ms: int) -> Moment | Wrong:
    return Moment(ms=ms, every=True) if ms >= LEAST_EVERY_MS else Wrong("moment", "write `every 1m` or more")


def parse_text(text: str) -> tuple[str | Slot | int, ...] | Wrong:
    """Split spoken *text* into literals, slots (their spans still open) and silences in milliseconds.

    Runs of spaces become one space. A line end that YAML has kept, as those after `|`, stays: something ends there.
    """
    parts: list[str | Slot | int] = []
    before = ""
    for piece in re.split(
        r"(\[[^\]]*\]?|\{[^}]*\}?|[\]}])", _SPACES.sub(lambda run: "\n" if "\n" in run[0] else " ", text.strip())
    ):
        if piece[:1] == "[":
            ms = parse_duration(piece[1:-1]) if piece.endswith("]") else None
            if not ms:
                return _wrong_mark(piece, before, "a silence such as `[2s]`", _silence_hint(piece, ms))
            parts.append(ms)
        elif piece[:1] == "{":
            name = piece[1:-1]
            if not piece.endswith("}") or not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
                return _wrong_mark(piece, before, "a live value such as `{side}`", "write a name in braces")
            parts.append(Slot(name, NOWHERE))
        elif piece in ("]", "}"):
            return _wrong_mark(piece, before, "text without a lone bracket", "take it away, or open it before")
        elif piece:  # the space between two live values too
            parts.append(piece)
        before += piece
    return tuple(parts)


def _spoken(text: str) -> tuple[str | Slot | int, ...] | Wrong:
    parts = parse_text(text)
    if isinstance(parts, Wrong) or any(not isinstance(p, str) or any(map(str.isalnum, p)) for p in parts):
        return parts
    return Wrong("nothing-to-say", "write words, or for a silence a step with `pause: 3s`, or `[3s]` between words")


def _wrong_mark(piece: str, before: str, expected: str, fix: Fix | str) -> Wrong:
    return Wrong("text-mark", fix, f"`{piece[:30]}`", piece, expected, before.count(piece))


def _silence_hint(piece: str, ms: int | None) -> Fix | str:
    likely = suggest_duration(piece.strip("[]")) if ms is None and piece[1:2].isdigit() else ""
    if likely:
        return Fix("write {} for a silence", f"[{likely}]", certain=piece.endswith("]"))
    return "take it away, or write `[1s]`" if ms == 0 else "write round brackets, or put it into words"


def _place_text(parts: tuple[str | Slot | int, ...], node: Node) -> Text:
    spans = node.each_inside("{" + part.name + "}" for part in parts if isinstance(part, Slot))
    placed = (Slot(part.name, next(spans)) if isinstance(part, Slot) else part for part in parts)
    return Text(tuple(placed), node.span)


_CONDITION = re.compile(r"(not )?([a-z0-9][a-z0-9-]*)(?: is (not )?([a-z0-9][a-z0-9-]*|[0-9]+\.\.[0-9]+))?")


def _condition(text: str) -> tuple[str, str | None, bool] | Wrong:
    match = _CONDITION.fullmatch(text)
    if match is None or (match[1] and match[4]):
        joined = " and " in text or " or " in text
        return Wrong("condition", _ONE_THING if joined else None)
    return match[2], match[4], bool(match[1] or match[3])


_ONE_THING = "there is no `and` or `or`: use `when:` beside `unless:`, or a section around the step"


def _case(text: str) -> tuple[str, str | None, bool] | Wrong:
    if text in ("left", "right"):
        return "side", text, False
    return ("", None, False) if text == "else" else _condition(text)


def _place_condition(parsed: tuple[str, str | None, bool], node: Node) -> Condition:
    fact, value, _ = parsed
    behind_not = int(node.text.startswith("not ") and fact in "not")
    places = node.inside(fact, behind_not), node.inside(f"{value}", node.text.rpartition(" ")[0].count(f"{value}"))
    return Condition(*parsed, node.span, *places)


MOMENT = Scalar(
    "a moment: `half`, `60%`, `30s`, `-10s` or `every 5m`",
    _moment,
    ("half", "60%", "30s", "-10s", "every 5m"),
    lambda moment, node: replace(moment, span=node.span),
    rf"^(?:half|every \s*{DURATION_LIKE}\s*|[0-9]{{1,2}}%|-?{DURATION_LIKE})$",
)
MOMENT_INSIDE = Scalar(
    "a single moment: `half`, `60%`, `30s` or `-10s`",
    _moment_inside,
    ("half", "60%", "30s", "-10s"),
    lambda moment, node: replace(moment, span=node.span),
    rf"^(?:half|[0-9]{{1,2}}%|-?{DURATION_LIKE})$",
)
SPOKEN = Scalar(
    "the words to be spoken",
    _spoken,
    ("Stroke the {side} foot. [2s] Lighter.",),
    _place_text,
    rf"^(?=\s*\S)(?:[^\[\]{{}}]|\[(?=[^\]]*[1-9]){DURATION_LIKE}\]|\{{[a-z][a-z0-9_-]*\}})*$",
    prose=True,
)


def _words(text: str) -> tuple[str | Slot | int, ...] | Wrong:
    parts = parse_text(text)
    silent = not isinstance(parts, Wrong) and any(isinstance(part, int) for part in parts)
    return Wrong("text-mark", "take the silence away: the phase goes on in silence by itself") if silent else parts


PHASE = Scalar(
    "words for a phase, without silences",
    _words,
    ("Let it go.",),
    _place_text,
    r"^(?=\s*\S)(?:[^\[\]{}]|\{[a-z][a-z0-9_-]*\})*$",
)
_CONDITION_LIKE = rf"^(?:not {ID_LIKE}|{ID_LIKE}(?: is (?:not )?(?:{ID_LIKE}|[0-9]+\.\.[0-9]+))?)$"
CONDITION = Scalar(
    "a condition: `fact`, `not fact` or `fact is value`",
    _condition,
    ("pregnant", "not pregnant", "affected is left", "affected is not left", "day is 3..5"),
    _place_condition,
    _CONDITION_LIKE,
)
CASE = Scalar(
    "a condition, `left`, `right` or `else`",
    _case,
    ("returning", "day is 1..3", "left", "else"),
    _place_condition,
    _CONDITION_LIKE.replace("^(?:", "^(?:left|right|else|", 1),
)
