"""Typed values -> nouns: one small builder for each kind of the grammar, with the rules between its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.script.model import (
    Bed,
    Breath,
    Counts,
    Event,
    Fact,
    Group,
    Range,
    Repeat,
    Routine,
    Section,
    Step,
)
from voiceguide.source import Span

Values = dict[str, Any]
Spans = Mapping[str, Span]
Problems = list[Diagnostic]
QUIET_MS = 6000
"""Silence that hands at work need in every step (domain 3.1)."""
DEFAULT_PACE_WPM = 125
"""Inside sentences (domain 6.1)."""


def _events(pairs: tuple[dict[Any, Any], ...] | None) -> tuple[Event, ...]:
    return tuple(
        Event(moment, say, moment.span) for pair in pairs or () for moment, say in pair.items() if say is not None
    )


def slug(text: str) -> str:
    """Return *text* as a short name: lower-case words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def _filled(values: Values) -> Values:
    return {key: value for key, value in values.items() if value is not None}


def _routine(values: Values, spans: Spans, span: Span, problems: Problems) -> Routine:
    given = _filled(values)
    stem = re.split(r"[/\\]", span.source.label)[-1]
    bed = given.get("bed")
    return Routine(
        title=given.get("routine", ""),
        id=given.get("id") or slug(stem.rsplit(".", 1)[0]) or "routine",
        language=given.get("language", "en"),
        family=given.get("family", "general"),
        length=given.get("length", Range(0, 0, 0)),
        steps=given.get("steps", ()),
        span=span,
        pace_wpm=round(given.get("voice", DEFAULT_PACE_WPM)),
        bed=None if bed is None or bed.sound == "none" else bed,
        announce=_events(given.get("announce")),
        refused=frozenset(key for key, value in values.items() if value is None),
        spans=spans,
        pronounce={word: respelt for word, respelt in given.get("pronounce", {}).items() if respelt is not None},
        listener={name: fact or Fact((), "") for name, fact in given.get("listener", {}).items()},
        groups={name: group or Group(True, 0, span) for name, group in given.get("groups", {}).items()},
        blocks={name: items or () for name, items in given.get("blocks", {}).items()},
        **{key: given[key] for key in ("purpose", "posture", "materials", "sources", "tags") if key in given},
    )


def _voice(values: Values, spans: Spans, span: Span, problems: Problems) -> float:
    return float(values.get("pace") or DEFAULT_PACE_WPM)


def _bed(values: Values, spans: Spans, span: Span, problems: Problems) -> Bed:
    sound = values.get("sound") or values.get("") or "none"
    return Bed(sound, values.get("under") or 24.0, spans or {"sound": span})


def _fact(values: Values, spans: Spans, span: Span, problems: Problems) -> Fact | None:
    kinds = [key for key in ("one of", "yes or no") if key in values]
    if len(kinds) != 1:
        found = "both" if kinds else "neither"
        expected = "`one of` or `yes or no` in a fact about the listener"
        problems.append(problem("missing-key" if not kinds else "keys-clash", span, expected=expected, found=found))
        return None
    ask = values.get("ask") or ""
    if kinds == ["yes or no"]:
        if "default" in values:
            expected = "`yes or no` with the answer assumed, or `one of` with a `default`"
            problems.append(problem("keys-clash", spans["default"], expected=expected, found="both"))
        return Fact(("yes", "no"), values["yes or no"] or "no", ask, spans)
    choices = values["one of"] or ()
    if len(set(choices)) != len(choices):
        problems.append(problem("choice", spans["one of"], expected="each answer once", found=", ".join(choices)))
    default = values.get("default") or next(iter(choices), "")
    if default and choices and default not in choices:
        expected = "one of " + ", ".join(choices)
        problems.append(problem("choice", spans["default"], expected=expected, found=f"`{default}`"))
    return Fact(choices, default, ask, spans)


def _step(values: Values, spans: Spans, span: Span, problems: Problems) -> Step:
    given = _filled(values)
    _check_step(values, spans, span, problems)
    named = given.get("do") or given.get("name")
    guess = next((str(given[key]) for key in ("title", "chime") if key in given), "")
    kind = next((key for key in ("say", "pause", "breathe") if key in values), "step")
    renamed = {"for": "length", "quiet": "quiet_ms", "every": "every_ms"}
    plain = {renamed.get(key, key): value for key, value in given.items() if key not in ("do", "name", "at", "title")}
    return Step(
        **{
            "quiet_ms": QUIET_MS if "do" in values else 0,
            **plain,
            "name": named or slug(guess) or kind,
            "title": given.get("title") or (named or guess or kind).replace("-", " ").capitalize(),
            "hands": "do" in values,
            "at": _events(given.get("at")),
            "span": span,
            "spans": spans,
        }
    )


_CLASHES = (
    ("do", "name", "`do` where hands are at work, or `name` elsewhere"),
    ("pause", "say", "a `pause`, or a step that speaks"),
    ("pause", "for", "`pause` with its own length, or `for` in another step"),
    ("pause", "breathe", "a `pause`, or a step that breathes"),
    ("pause", "chime", "a `pause`, or a chime"),
)
_NEEDS = (
    ("do", "for", "`for:` in a step with `do`", "say how long the hands work, as in `for: 35s..60s..100s`"),
    ("brief", "say", "`say:` beside `brief:`", "write the full wording under `say:`"),
    ("minimal", "say", "`say:` beside `minimal:`", "write the full wording under `say:`"),
    ("at", "for", "`for:` in a step with `at`", "say how long the step is, as in `for: 35s..60s..100s`"),
    ("strikes", "chime", "`chime:` beside `strikes:`", "name the chime to be struck"),
    ("every", "chime", "`chime:` beside `every:`", "name the chime to be struck"),
    ("group", "optional", "`optional:` in a step of a group", "only optional steps are left out; write `optional: 2`"),
)


def _check_step(values: Values, spans: Spans, span: Span, problems: Problems) -> None:
    for one, other, expected in _CLASHES:
        if one in values and other in values:
            problems.append(problem("keys-clash", spans[other], expected=expected, found="both"))
    for has, needs, expected, hint in _NEEDS:
        if has in values and needs not in values:
            problems.append(problem("missing-key", spans[has], expected=expected, found="none", hint=hint))
    if "freed" in values and "when" not in values and "unless" not in values:
        expected = "`freed` beside `when` or `unless`"
        problems.append(problem("no-effect", spans["freed"], expected=expected, found="it alone"))


def _breathe(values: Values, spans: Spans, span: Span, problems: Problems) -> Breath | None:
    pattern = values.get("pattern") or values.get("")
    return Breath(pattern, values.get("cue") or "tone", spans or {"pattern": span}) if pattern else None


def _section(values: Values, spans: Spans, span: Span, problems: Problems) -> Section:
    given = _filled(values)
    if "between" in values and "each" not in values:
        expected, hint = "`each:` beside `between:`", "write `each: foot`"
        problems.append(problem("missing-key", spans["between"], expected=expected, found="none", hint=hint))
    return Section(
        title=given.get("section", ""),
        steps=given.get("steps", ()),
        span=span,
        spans=spans,
        **{key: given[key] for key in ("each", "between", "when", "unless") if key in given},
    )


def _each(values: Values, spans: Spans, span: Span, problems: Problems) -> tuple[str, ...] | None:
    sides: tuple[str, ...] | None = ("left", "right") if values.get("") else values.get("side")
    if sides and len(set(sides)) != len(sides):
        problems.append(problem("choice", spans["side"], expected="each side once", found=", ".join(sides)))
    return sides


def _repeat(values: Values, spans: Spans, span: Span, problems: Problems) -> Repeat:
    return Repeat(values.get("repeat") or Counts(1, 1, 1), values.get("steps") or (), span)


def _use(values: Values, spans: Spans, span: Span, problems: Problems) -> Any:
    return values.get("use")


BUILDERS: dict[str, Callable[[Values, Spans, Span, Problems], Any]] = {
    "routine": _routine,
    "voice": _voice,
    "bed": _bed,
    "fact": _fact,
    "step": _step,
    "breathe": _breathe,
    "section": _section,
    "each": _each,
    "repeat": _repeat,
    "use": _use,
}
