"""The types of single values: how each is written, what is expected where it is not, and what it becomes.

A parser takes the text of one YAML scalar and returns its value, or a `Wrong` that says what to type instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from voiceguide.script.model import (
    HIGHEST_PRESSURE,
    Condition,
    Counts,
    Group,
    Moment,
    Phase,
    Range,
    Slot,
    Text,
    Use,
)
from voiceguide.script.nodes import Node
from voiceguide.source import NOWHERE
from voiceguide.units import format_duration, is_bare_number, parse_duration, suggest_duration


@dataclass(frozen=True)
class Wrong:
    """Why a text is not a value of its type. *token* is the part to underline, after *skip* equal ones, if not all."""

    code: str
    found: str = ""
    hint: str = ""
    token: str = ""
    expected: str = ""
    skip: int = 0


@dataclass(frozen=True)
class Scalar:
    """A type of single values: *expected* completes the sentence `expected ...`; *examples* are all valid."""

    expected: str
    parse: Callable[[str], object]
    examples: tuple[str, ...] = ()
    place: Callable[[Any, Node], object] | None = None
    """Turns a parsed value that must know where it was written into a noun with spans."""


def close(word: str, known: object) -> str:
    """Return the hint `did you mean ...?` for *word*, or an empty one."""
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    match = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean `{match[0]}`?" if match else ""


def _duration(text: str) -> int | Wrong:
    ms = parse_duration(text)
    if ms is not None:
        return ms
    code = "missing-unit" if is_bare_number(text) else "duration"
    meant = suggest_duration(text)
    return Wrong(code, hint=f"write `{meant}`" if meant else "")


def _range(text: str) -> Range | Wrong:
    if "..." in text and isinstance(_range(text.replace("...", "..")), Range):
        return Wrong("range", hint=f"write `{text.replace('...', '..')}`")
    parts = text.split("..")
    if len(parts) == 1 and _duration_ms(text) is None:
        apart = [part for part in re.split(r"\s*(?:-|\u2013|\u2026|to)\s*", text) if part]
        if len(apart) == 3 and all(_duration_ms(part) is not None for part in apart):
            return Wrong("range", hint=f"write `{'..'.join(apart)}`")
    if len(parts) not in (1, 3) or any(part.startswith(".") for part in parts):
        hint = "give three values, shortest..natural..longest, as in `35s..60s..100s`, or one"
        return Wrong("range", f"{len(parts)} values" if len(parts) != 3 else "", hint)
    if len(parts) == 3 and all(is_bare_number(part) for part in parts):
        return Wrong("missing-unit", hint=f"write `{'..'.join(f'{part}s' for part in parts)}`")
    values = []
    for index, part in enumerate(parts):
        ms = _duration(part.strip())
        if isinstance(ms, Wrong):
            found = f"`{part.strip()}`" if part.strip() else "nothing"
            earlier = "..".join(parts[:index]).count(part.strip()) if part.strip() else 0
            return Wrong(ms.code, found, ms.hint, part.strip(), DURATION.expected, earlier)
        values.append(ms)
    if values != sorted(values):
        ordered = "..".join(format_duration(ms) for ms in sorted(values))
        return Wrong("range", hint=f"write `{ordered}`", expected="shortest..natural..longest in rising order")
    return Range(values[0], values[len(values) // 2], values[-1])


def _duration_ms(text: str) -> int | None:
    return parse_duration(text.strip())


def _counts(text: str) -> Counts | Wrong:
    until = re.fullmatch(r"until (\S+) left", text)
    if until:
        ms = _duration(until[1])
        if isinstance(ms, Wrong):
            return Wrong(ms.code, f"`{until[1]}`", ms.hint, until[1], DURATION.expected)
        return Counts(0, 1, 10_000, ms)
    parts = text.split("..")
    if len(parts) not in (1, 3) or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return Wrong("count", hint="write `3`, `2..4..7` or `until 30s left`")
    values = [int(part) for part in parts]
    if values != sorted(values) or values[len(values) // 2] == 0:
        return Wrong("count", hint="write fewest..natural..most in rising order, with a natural count of at least 1")
    return Counts(values[0], values[len(values) // 2], values[-1])


def _whole(low: int, high: int, code: str = "number") -> Callable[[str], int | Wrong]:
    def parse(text: str) -> int | Wrong:
        if not re.fullmatch(r"[0-9]{1,6}", text):
            return Wrong("number")
        return int(text) if low <= int(text) <= high else Wrong(code)

    return parse


def _pressure(text: str) -> int | Wrong:
    if re.fullmatch(r"[0-9]|10", text):
        too_high = Wrong("pressure-too-high", hint=f"write `{HIGHEST_PRESSURE}` or less")
        return int(text) if int(text) <= HIGHEST_PRESSURE else too_high
    return Wrong("number")


def _with_unit(unit: str, code: str, low: float, high: float) -> Callable[[str], float | Wrong]:
    def parse(text: str) -> float | Wrong:
        if is_bare_number(text):
            return Wrong("missing-unit", hint=f"write `{text} {unit}`")
        match = re.fullmatch(rf"([0-9]{{1,4}}(?:\.[0-9]{{1,3}})?) ?{unit}", text)
        return float(match[1]) if match and low <= float(match[1]) <= high else Wrong(code)

    return parse


def choice(*words: str) -> Scalar:
    """Return the type whose values are *words*."""

    def parse(text: str) -> str | Wrong:
        return text if text in words else Wrong("choice", hint=close(text, words))

    return Scalar("one of " + ", ".join(words), parse, words)


def _matching(pattern: str, code: str, hint: str = "") -> Callable[[str], str | Wrong]:
    compiled = re.compile(pattern)

    def parse(text: str) -> str | Wrong:
        if compiled.fullmatch(text):
            return text
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        return Wrong(code, hint=hint or (f"write `{slug}`" if code == "id" and slug else ""))

    return parse


BREATHS: dict[str, tuple[Phase, ...]] = {
    "even": (Phase("in", 5000), Phase("out", 5000)),
    "box": (Phase("in", 4000), Phase("hold", 4000), Phase("out", 4000), Phase("hold", 4000)),
    "4-7-8": (Phase("in", 4000), Phase("hold", 7000), Phase("out", 8000)),
    "resonance": (Phase("in", 5500), Phase("out", 5500)),
    "sigh": (Phase("in", 3000), Phase("in", 1500), Phase("out", 7500)),
    "night": (Phase("in", 4000), Phase("out", 6000)),
}
"""Named patterns (domain 3.4 and 6.3)."""


def _breath(text: str) -> tuple[Phase, ...] | Wrong:
    if text in BREATHS:
        return BREATHS[text]
    parts = text.split("-")
    if len(parts) != 4 or not all(re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", part) for part in parts):
        number = "four numbers of seconds joined by hyphens, as in `5-0-5-0`"
        return Wrong("breath-pattern", hint=close(text, BREATHS) or f"write {number}")
    ms = [round(float(part) * 1000) for part in parts]
    if not ms[0] or not ms[2]:
        return Wrong("breath-pattern", hint="the in-breath and the out-breath cannot be 0 seconds long")
    kinds: tuple[Phase, ...] = (Phase("in", ms[0]), Phase("hold", ms[1]), Phase("out", ms[2]), Phase("hold", ms[3]))
    return tuple(phase for phase in kinds if phase.ms)


def _moment(text: str) -> Moment | Wrong:
    if text == "half":
        return Moment(share=0.5)
    percent = re.fullmatch(r"([0-9]{1,2})%", text)
    if percent:
        return Moment(share=int(percent[1]) / 100)
    ms = parse_duration(text.removeprefix("-"))
    if ms is None:
        return Wrong("missing-unit" if is_bare_number(text.removeprefix("-")) else "moment", hint=close(text, ["half"]))
    return Moment(ms=-ms if text.startswith("-") else ms)


def _source_fact(text: str) -> str | Wrong:
    match = re.fullmatch(r"S([0-9]+)-([0-9]+)", text)
    highest = {"1": 127, "2": 18}
    if match is None:
        return text
    known = match[1] in highest and len(match[2]) >= 2 and 1 <= int(match[2]) <= highest[match[1]]
    return text if known else Wrong("source-fact")


def parse_text(text: str) -> tuple[str | Slot | int, ...] | Wrong:
    """Split spoken *text* into literals, slots (their spans still open) and silences in milliseconds.

    Folded lines and runs of spaces become one space.
    """
    parts: list[str | Slot | int] = []
    before = ""
    for piece in re.split(r"(\[[^\]]*\]?|\{[^}]*\}?|[\]}])", " ".join(text.split())):
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
        elif piece.strip():
            parts.append(piece)
        before += piece
    return tuple(parts)


def _wrong_mark(piece: str, before: str, expected: str, hint: str) -> Wrong:
    return Wrong("text-mark", f"`{piece[:30]}`", hint, piece, expected, before.count(piece))


def _silence_hint(piece: str, ms: int | None) -> str:
    meant = suggest_duration(piece.strip("[]")) if ms is None and piece[1:2].isdigit() else ""
    if meant:
        return f"write `[{meant}]` for a silence"
    return "take it away, or write `[1s]`" if ms == 0 else "write round brackets, or put it into words"


def _place_text(parts: tuple[str | Slot | int, ...], node: Node) -> Text:
    seen: Counter[str] = Counter()
    placed: list[str | Slot | int] = []
    for part in parts:
        if isinstance(part, Slot):
            token = "{" + part.name + "}"
            part = Slot(part.name, node.inside(token, seen[token]))
            seen[token] += 1
        placed.append(part)
    return Text(tuple(placed), node.span)


def _place_moment(moment: Moment, node: Node) -> Moment:
    return replace(moment, span=node.span)


def _condition(text: str) -> tuple[str, str | None, bool] | Wrong:
    match = re.fullmatch(r"(not )?([a-z0-9][a-z0-9-]*)(?: is (not )?([a-z0-9][a-z0-9-]*))?", text)
    if match is None or (match[1] and match[4]):
        return Wrong("condition")
    return match[2], match[4], bool(match[1] or match[3])


def _place_condition(parsed: tuple[str, str | None, bool], node: Node) -> Condition:
    return Condition(*parsed, node.span, node.inside(f"{parsed[1]}", node.text.rsplit(" ", 1)[0].count(f"{parsed[1]}")))


def _group(text: str) -> int | Wrong:
    match = re.fullmatch(r"keep ([1-9])", text)
    return 0 if text == "together" else int(match[1]) if match else Wrong("group-rule")


def _place_use(names: tuple[str, str], node: Node) -> Use:
    return Use(*names, node.span)


def _place_group(keep: int, node: Node) -> Group:
    return Group(not keep, keep, node.span)


def _block(text: str) -> tuple[str, str] | Wrong:
    name = r"[a-z0-9][a-z0-9-]*"
    match = re.fullmatch(rf"(?:({name})#)?({name})", text)
    return (match[2], match[1] or "") if match else Wrong("id")


DURATION = Scalar("a duration with its unit, such as `8s` or `1m30s`", _duration, ("8s", "1m30s", "1:30", "5.5s"))
RANGE = Scalar("a range such as `35s..60s..100s`, or one duration", _range, ("35s..60s..100s", "8s"))
COUNTS = Scalar("whole rounds, such as `3`, `2..4..7` or `until 30s left`", _counts, ("3", "2..4..7", "until 30s left"))
LINE = Scalar("a text", str, ("Warm strokes",))
ID = Scalar("a short name of lower-case letters, digits and hyphens", _matching(r"[a-z0-9][a-z0-9-]*", "id"), ("warm",))
LANGUAGE = Scalar(
    "a language tag such as `en` or `en-GB`", _matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "language"), ("en", "en-GB")
)
OPTIONAL = Scalar("a whole number from 2 to 9 (9 is left out first)", _whole(2, 9), ("2", "4"))
STRIKES = Scalar("a number of strikes from 1 to 12", _whole(1, 12), ("3",))
PRESSURE = Scalar(f"a pressure from 0 to {HIGHEST_PRESSURE}", _pressure, ("3",))
LEVEL = Scalar("a level from 20 dB to 60 dB, such as `24 dB`", _with_unit("dB", "level", 20, 60), ("24 dB",))
PACE = Scalar("a pace from 60 wpm to 300 wpm, such as `125 wpm`", _with_unit("wpm", "pace", 60, 300), ("125 wpm",))
PATTERN = Scalar("a breath pattern such as `5-0-5-0` or `box`", _breath, ("5-0-5-0", *BREATHS))
MOMENT = Scalar("a moment: `half`, `60%`, `30s` or `-10s`", _moment, ("half", "60%", "30s", "-10s"), _place_moment)
SOURCE_FACT = Scalar("a fact from S1-01 to S1-127 or S2-01 to S2-18, or free text", _source_fact, ("S1-99",))
SPOKEN = Scalar("the words to be spoken", parse_text, ("Stroke the {side} foot. [2s] Lighter.",), _place_text)
CONDITION = Scalar(
    "a condition: `fact`, `not fact` or `fact is value`", _condition, ("pregnant", "affected is left"), _place_condition
)
GROUP = Scalar("`together` or `keep` and a number", _group, ("together", "keep 2"), _place_group)
BLOCK = Scalar("the name of a block, as in `settle` or `whole-foot#settle`", _block, ("settle",), _place_use)
YES_NO = choice("yes", "no")
