"""Typed values -> nouns: one small builder for each kind of the grammar, with the rules between its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from voiceguide.diagnostics import Diagnostic, problem
from voiceguide.script.model import (
    Bed,
    Block,
    Each,
    Event,
    Fact,
    Given,
    Group,
    Parameter,
    Range,
    Repeat,
    Routine,
    Section,
    Speaker,
    Step,
    Variants,
)
from voiceguide.script.rounds import Breath, BreathCue, Counts, Phase, Strokes
from voiceguide.source import Span

Values = dict[str, Any]
Spans = Mapping[str, Span]
Problems = list[Diagnostic]
QUIET_MS = 6000
"""Silence that hands at work need in every step (docs/sources.md, silences)."""
DEFAULT_PACE_WPM = 125
"""Inside sentences (docs/sources.md, speech)."""


def _events(pairs: tuple[dict[Any, Any], ...] | None) -> tuple[Event, ...]:
    return tuple(
        Event(moment, say, moment.span) for pair in pairs or () for moment, say in pair.items() if say is not None
    )


def slug(text: str) -> str:
    """Return *text* as a short name: lower-case words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def section_name(title: str) -> str:
    """Return how a section called *title* is called in addresses."""
    return slug(title) or "section"


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
        voices={name: speaker or Speaker() for name, speaker in given.get("voices", {}).items()},
        fade_ms=given.get("fade", 0),
        bed=None if bed is None or bed.sound == "none" else bed,
        announce=_events(given.get("announce")),
        refused=frozenset(key for key, value in values.items() if value is None),
        spans=spans,
        pronounce={word: respelt for word, respelt in given.get("pronounce", {}).items() if respelt is not None},
        listener={name: fact or Fact((), "") for name, fact in given.get("listener", {}).items()},
        groups={name: group or Group(True, 0, span) for name, group in given.get("groups", {}).items()},
        blocks={name: block or Block(()) for name, block in given.get("blocks", {}).items()},
        **{key: given[key] for key in _PLAIN if key in given},
    )


_PLAIN = ("version", "reviewed", "purpose", "posture", "materials", "sources", "tags")


def _voice(values: Values, spans: Spans, span: Span, problems: Problems) -> float:
    return float(values.get("pace") or DEFAULT_PACE_WPM)


def _speaker(values: Values, spans: Spans, span: Span, problems: Problems) -> Speaker:
    pace = values.get("pace")
    return Speaker(values.get("voice") or values.get("") or "another", round(pace) if pace else None, span)


def _block(values: Values, spans: Spans, span: Span, problems: Problems) -> Block:
    given: dict[str, Given | None] = values.get("with") or {}
    parameters = {name: None if value is None or value.text == "needed" else value for name, value in given.items()}
    return Block(values.get("") or values.get("steps") or (), parameters)


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


_FIELDS = {"for": "length", "quiet": "quiet_ms", "every": "every_ms", "under": "under_db"}
"""Fields of a step that are not called like their key."""


def field_of(key: str) -> str:
    """Return the field of a step that holds what is written under *key*."""
    return _FIELDS.get(key, key)


def _step(values: Values, spans: Spans, span: Span, problems: Problems) -> Step:
    given = _filled(values)
    _check_step(values, spans, span, problems)
    named = given.get("do") or given.get("name")
    guess = next((v for v in (given.get("title"), given.get("chime")) if isinstance(v, str)), "")
    kind = next((key for key in ("say", "pause", "breathe", "count") if key in values), "step")
    fields = {field_of(key): value for key, value in given.items() if key not in ("do", "name", "at", "title", "wait")}
    unsettled = {name: value for name, value in fields.items() if isinstance(value, Variants | Parameter)}
    title = given.get("title")
    return Step(
        **{
            "quiet_ms": QUIET_MS if "do" in values else 0,
            **{name: value for name, value in fields.items() if name not in unsettled},
            "name": named or slug(guess) or kind,
            "title": title or (named or guess or kind).replace("-", " ").capitalize(),
            "hands": "do" in values,
            "at": _events(given.get("at")),
            "needs": tuple(need.text for need in given.get("needs", ())),
            "wait": given.get("wait") == "yes",
            "open": unsettled,
            "span": span,
            "spans": {**spans, **{f"needs {need.text}": need.span for need in given.get("needs", ())}},
        }
    )


CLASHES = (
    ("do", "name", "`do` where hands are at work, or `name` elsewhere"),
    ("pause", "say", "a `pause`, or a step that speaks"),
    ("pause", "for", "`pause` with its own length, or `for` in another step"),
    ("pause", "breathe", "a `pause`, or a step that breathes"),
    ("pause", "chime", "a `pause`, or a chime"),
    ("pause", "count", "a `pause`, or counted strokes"),
)
NEEDS = (
    ("do", "for", "`for:` in a step with `do`", "say how long the hands work, as in `for: 35s..60s..100s`"),
    ("brief", "say", "`say:` beside `brief:`", "write the full wording under `say:`"),
    ("minimal", "say", "`say:` beside `minimal:`", "write the full wording under `say:`"),
    ("at", "for", "`for:` in a step with `at`", "say how long the step is, as in `for: 35s..60s..100s`"),
    ("strikes", "chime", "`chime:` beside `strikes:`", "name the chime to be struck"),
    ("every", "chime", "`chime:` beside `every:`", "name the chime to be struck"),
    ("under", "chime", "`chime:` beside `under:`", "name the chime to be struck"),
    ("recorded", "say", "`say:` beside `recorded:`", "write what the recording says, for captions and transcripts"),
    ("group", "optional", "`optional:` in a step of a group", "only optional steps are left out; write `optional: 2`"),
)

"""Keys of a step that exclude each other, and keys that need another: each with what is expected."""


def _check_step(values: Values, spans: Spans, span: Span, problems: Problems) -> None:
    for one, other, expected in CLASHES:
        if one in values and other in values:
            problems.append(problem("keys-clash", spans[other], expected=expected, found="both"))
    for has, needs, expected, hint in NEEDS:
        if has in values and needs not in values:
            problems.append(problem("missing-key", spans[has], hint, expected=expected, found="none"))
    _check_freed(values, spans, problems)
    strokes, breath = values.get("count"), values.get("breathe")
    if isinstance(strokes, Strokes) and strokes.every_ms is None and not breath:
        expected, hint = "`breathe:` beside strokes on the out-breath", "give a pattern, or write `every 4s`"
        problems.append(problem("missing-key", spans["count"], hint, expected=expected, found="none"))
    if isinstance(strokes, Strokes) and strokes.every_ms is not None and breath:
        expected = "strokes `on out`, where there is a pattern, or no pattern"
        problems.append(problem("keys-clash", spans["count"], expected=expected, found="both"))


def _check_freed(values: Values, spans: Spans, problems: Problems) -> None:
    if "freed" in values and "when" not in values and "unless" not in values:
        expected = "`freed` beside `when` or `unless`"
        problems.append(problem("no-effect", spans["freed"], expected=expected, found="it alone"))


def _breathe(values: Values, spans: Spans, span: Span, problems: Problems) -> Breath | None:
    pattern, goal = values.get("pattern") or values.get(""), values.get("to") or ()
    if not pattern:
        return None
    for has, needs in (("to", "over"), ("over", "to")):
        if has in values and needs not in values:
            expected, hint = f"`{needs}:` beside `{has}:`", "as in `pattern: 4-0-4-0, to: 4-0-6-0, over: 8`"
            problems.append(problem("missing-key", spans[has], hint, expected=expected, found="none"))
    cues: tuple[BreathCue, ...] = values.get("cue") or (BreathCue("tone"),)
    if any(cue.rounds is None for cue in cues[:-1]):
        expected, hint = "a number of rounds for each cue but the last", "as in `[words 3, tone 8, none]`"
        problems.append(problem("cue-rounds", spans["cue"], hint, expected=expected, found="none"))
    tempo_ms = values.get("tempo") or 1000
    return Breath(
        pattern=_phases(pattern, tempo_ms, whole=bool(goal)),
        cues=cues,
        rounds=values.get("rounds"),
        goal=_phases(goal, tempo_ms, whole=True),
        over=values.get("over") or 1,
        spans=spans or {"pattern": span},
    )


def _phases(pattern: tuple[Phase, ...], tempo_ms: int, *, whole: bool) -> tuple[Phase, ...]:
    """Return the phases of *pattern* at a tempo; those of no length only where the *whole* form is needed."""
    played = (Phase(phase.kind, (phase.ms * tempo_ms + 500) // 1000) for phase in pattern)
    return tuple(phase for phase in played if phase.ms or whole)


def _count(values: Values, spans: Spans, span: Span, problems: Problems) -> Strokes | None:
    if "" in values:
        short: Strokes = values[""]
        return replace(short, spans={"strokes": span})
    if ("every" in values) == ("on" in values):
        expected = "`every:` with a time, or `on: out`"
        found = "both" if "on" in values else "neither"
        problems.append(problem("strokes", span, expected=expected, found=found))
    counts = None if values.get("every", 0) is None else values.get("strokes")
    return Strokes(counts, values.get("every"), values.get("aloud") or "all", spans) if counts else None


def _section(values: Values, spans: Spans, span: Span, problems: Problems) -> Section:
    given = _filled(values)
    if "each" in values:  # even if it was refused, its texts do not stand outside
        given.setdefault("each", Each())
    if "between" in values and "each" not in values:
        expected, hint = "`each:` beside `between:`", "write `each: foot`"
        problems.append(problem("missing-key", spans["between"], hint, expected=expected, found="none"))
    _check_freed(values, spans, problems)
    return Section(
        title=given.get("section", ""),
        steps=given.get("steps", ()),
        length=given.get("for"),
        at=_events(given.get("at")),
        span=span,
        spans=spans,
        **{key: given[key] for key in ("each", "between", "bed", "when", "unless", "freed") if key in given},
    )


def _each(values: Values, spans: Spans, span: Span, problems: Problems) -> Each | None:
    if values.get(""):
        lead, how = values[""]
        return Each(lead=lead, only=how == "only", spans={"lead": replace(span, width=max(1, len(lead)))})
    sides = values.get("side") or ("left", "right")
    if len(set(sides)) != len(sides):
        problems.append(problem("choice", spans["side"], expected="each side once", found=", ".join(sides)))
    orders = [key for key in ("side", "first", "only") if key in values]
    if len(orders) != 1:
        expected = "one of `side`, `first` and `only`"
        code, place = ("keys-clash", spans[orders[1]]) if orders else ("missing-key", span)
        found = " and ".join(f"`{key}`" for key in orders) or "none"
        problems.append(problem(code, place, expected=expected, found=found))
    if "share" in values and "only" in values:
        expected = "`share` where both sides are worked"
        problems.append(problem("keys-clash", spans["share"], expected=expected, found="it beside `only`"))
    lead = values.get("first") or values.get("only") or ""
    where = next((spans[key] for key in ("first", "only") if key in spans), span)
    return Each(sides, lead, "only" in values, values.get("share") or (1, 1), {**spans, "lead": where})


def _repeat(values: Values, spans: Spans, span: Span, problems: Problems) -> Repeat:
    _check_freed(values, spans, problems)
    return Repeat(values.get("repeat") or Counts(1, 1, 1), values.get("steps") or (), span, **_fate(values))


def _use(values: Values, spans: Spans, span: Span, problems: Problems) -> Any:
    _check_freed(values, spans, problems)
    use = values.get("use")
    given = {name: value for name, value in (values.get("with") or {}).items() if value is not None}
    return replace(use, given=given, **_fate(values)) if use else None


def _fate(values: Values) -> Values:
    return {key: values[key] for key in ("when", "unless", "freed") if values.get(key) is not None}


BUILDERS: dict[str, Callable[[Values, Spans, Span, Problems], Any]] = {
    "routine": _routine,
    "voice": _voice,
    "speaker": _speaker,
    "block": _block,
    "bed": _bed,
    "fact": _fact,
    "step": _step,
    "breathe": _breathe,
    "count": _count,
    "section": _section,
    "each": _each,
    "repeat": _repeat,
    "use": _use,
}
