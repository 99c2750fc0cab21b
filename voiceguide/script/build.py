"""Typed values -> nouns: fields are named by the table of keys; here is what more there is to a kind, and its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from voiceguide.diagnostics import Diagnostic, problem, write
from voiceguide.script import model
from voiceguide.script.grammar import KINDS
from voiceguide.script.rounds import Breath, BreathCue, Counts, Phase, Strokes, pattern_text
from voiceguide.source import Span
from voiceguide.units import format_duration

Values = dict[str, Any]
Spans = Mapping[str, Span]
Problems = list[Diagnostic]
QUIET = model.Range(6000, 6000, 6000)
"""Silence that hands at work need in every step (docs/sources.md, silences)."""

CLASHES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "step": (
        ("do", "name", "`do` where hands are at work, or `name` elsewhere"),
        ("pause", "say", "a `pause`, or a step that speaks"),
        ("pause", "for", "`pause` with its own length, or `for` in another step"),
        ("pause", "breathe", "a `pause`, or a step that breathes"),
        ("pause", "chime", "a `pause`, or a chime"),
        ("pause", "count", "a `pause`, or counted strokes"),
    ),
    "fact": (("yes or no", "default", "`yes or no` with the answer assumed, or `one of` with a `default`"),),
    "each": (("only", "share", "`share` where both sides are worked", "it beside `only`"),),
}
"""Keys that exclude each other, by kind, with what is expected, and found if that is not just both."""
_CHIMES = tuple(
    (key, "chime", f"`chime:` beside `{key}:`", "name the chime to be struck") for key in ("strikes", "every", "under")
)
_LONG = "say how long it is, as in `for: 35s..60s..100s`, or how long after its words, as in `quiet: 20s..40s..60s`"
NEEDS: Mapping[str, tuple[tuple[str, str | tuple[str, ...], str, str], ...]] = {
    "step": (
        ("do", ("for", "quiet"), "`for:` or `quiet:` in a step with `do`", _LONG),
        ("brief", "say", "`say:` beside `brief:`", "write the full wording under `say:`"),
        ("minimal", "say", "`say:` beside `minimal:`", "write the full wording under `say:`"),
        ("at", ("for", "quiet"), "`for:` or `quiet:` in a step with `at`", _LONG),
        *_CHIMES,
        ("recorded", "say", "`say:` beside `recorded:`", "write what the recording says, for captions and transcripts"),
        ("pace", "say", "`say:` beside `pace:`", "write what is to be said at that pace"),
        (
            "group",
            "optional",
            "`optional:` in a step of a group",
            "only optional steps are left out; write `optional: 2`",
        ),
    ),
    "event": _CHIMES,
    "breathe": (
        ("to", "over", "`over:` beside `to:`", "as in `pattern: 4-0-4-0, to: 4-0-6-0, over: 8`"),
        ("over", "to", "`to:` beside `over:`", "as in `pattern: 4-0-4-0, to: 4-0-6-0, over: 8`"),
    ),
    "section": (("between", "each", "`each:` beside `between:`", "write `each: foot`"),),
}
"""Keys that need another (or one of several), by kind, with what is expected and what to do."""


def build(kind: str, values: Values, spans: Spans, span: Span, problems: Problems) -> Any:
    """Return the noun of *kind* made of *values*, or None; `""` is the key of a value that stands for a whole mapping.

    A value that was refused is None. Rules between the keys are looked after here.
    """
    for one, other, expected, *found in CLASHES.get(kind, ()):
        if one in values and other in values:
            problems.append(problem("keys-clash", spans[other], expected=expected, found="".join(found) or "both"))
    for has, needs, expected, hint in NEEDS.get(kind, ()):
        if has in values and not values.keys() & ({needs} if isinstance(needs, str) else {*needs}):
            problems.append(problem("missing-key", spans[has], hint, expected=expected, found="none"))
    if "freed" in values and "when" not in values and "unless" not in values:
        expected = "`freed` beside `when` or `unless`"
        problems.append(problem("no-effect", spans["freed"], expected=expected, found="it alone"))
    fields = KINDS[kind].fields
    given = {fields.get(key, key): value for key, value in values.items() if value is not None}
    return _BUILDERS[kind](values, given, spans, span, problems)


def slug(text: str) -> str:
    """Return *text* as a short name: lower-case words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def section_name(title: str) -> str:
    """Return how a section called *title* is called in addresses."""
    return slug(title) or "section"


def _routine(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Routine:
    stem = re.split(r"[/\\]", span.source.label)[-1]
    name = slug(stem.rsplit(".", 1)[0]) or "routine"
    if "bed" in given and given["bed"].sound == "none":
        del given["bed"]
    usual: Values = {
        "title": "",
        "id": name,
        "language": "en",
        "family": "general",
        "length": model.Range(0, 0, 0),
        "steps": (),
    }
    refused = frozenset(key for key, value in values.items() if value is None)
    return model.Routine(**usual | given, refused=refused, span=span, spans=spans)


def _voice(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> int | None:
    return given.get("pace_wpm")


def _speaker(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Speaker:
    return model.Speaker(given.get("voice") or given.get("") or "another", given.get("pace_wpm"), span)


def _block(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Block:
    asked = given.get("parameters", {}).items()
    parameters = {name: None if value.text == "needed" else value for name, value in asked}
    return model.Block(given.get("") or given.get("items", ()), parameters)


def _bed(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Bed:
    sound = given.pop("", "none")
    return model.Bed(**{"sound": sound} | given, spans=spans or {"sound": span})


def _fact(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Fact | None:
    kinds = [key for key in ("one of", "yes or no") if key in values]
    if len(kinds) != 1:
        found = "both" if kinds else "neither"
        expected = "`one of` or `yes or no` in a fact about the listener"
        problems.append(problem("missing-key" if not kinds else "keys-clash", span, expected=expected, found=found))
        return None
    ask = given.get("ask", "")
    if kinds == ["yes or no"]:
        return model.Fact(("yes", "no"), given.get("yes or no", "no"), ask, spans)
    choices = given.get("choices", ())
    _each_once(choices, "one of", "each answer once", spans, problems)
    default = given.get("default") or next(iter(choices), "")
    if default and choices and default not in choices:
        expected = "one of " + ", ".join(choices)
        problems.append(problem("choice", spans["default"], expected=expected, found=f"`{default}`"))
    return model.Fact(choices, default, ask, spans)


def _each_once(words: tuple[str, ...], key: str, expected: str, spans: Spans, problems: Problems) -> None:
    if len(set(words)) != len(words):
        problems.append(problem("choice", spans[key], expected=expected, found=", ".join(words)))


def _step(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Step:
    strokes = values.get("count")
    if isinstance(strokes, Strokes) and strokes.every_ms is None and not values.get("breathe"):
        expected, hint = "`breathe:` beside strokes on the out-breath", "give a pattern, or write `every 4s`"
        problems.append(problem("missing-key", spans["count"], hint, expected=expected, found="none"))
    if isinstance(strokes, Strokes) and strokes.every_ms is not None and values.get("breathe"):
        expected = "strokes `on out`, where there is a pattern, or no pattern"
        problems.append(problem("keys-clash", spans["count"], expected=expected, found="both"))
    quiet = given.get("quiet")
    if "for" in values and isinstance(quiet, model.Range) and quiet.shortest < quiet.longest:
        expected, fix = "the least quiet, one duration, beside `for:`", write(format_duration(quiet.shortest))
        hint = "take `for:` away, and the step is as long as its words and this quiet"
        problems.append(problem("keys-clash", spans["quiet"], fix, hint, expected=expected, found="a range"))
    named = given.pop("do", "") or given.pop("name", "")
    guess = next((v for v in (given.get("title"), given.get("chime")) if isinstance(v, str)), "")
    kind = next((key for key in ("say", "pause", "breathe", "count") if key in values), "step")
    needs = given.pop("needs", ())
    unsettled = {name: value for name, value in given.items() if isinstance(value, model.Variants | model.Parameter)}
    return model.Step(
        **{
            "quiet": QUIET if "do" in values else model.Range(0, 0, 0),
            "title": (named or guess or kind).replace("-", " ").capitalize(),
            **{name: value for name, value in given.items() if name not in unsettled},
            "name": named or slug(guess) or kind,
            "hands": "do" in values,
            "needs": tuple(need.text for need in needs),
            "wait": given.get("wait") == "yes",
            "open": unsettled,
            "span": span,
            "spans": {**spans, **{f"needs {need.text}": need.span for need in needs}},
        }
    )


def _event(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Event | None:
    if "" in given:
        return model.Event(say=given[""])
    if not values.keys() & {"say", "chime"}:
        expected, hint = "`chime:` or `say:` in what is due at a moment", "name a chime, as in `{chime: change}`"
        problems.append(problem("missing-key", span, hint, expected=expected, found="neither"))
    given.setdefault("say", model.Text((), span))
    return model.Event(**given, spans=spans)


def _breathe(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> Breath | None:
    pattern, goal = given.pop("", None) or given.get("pattern"), given.get("goal", ())
    if not pattern:
        return None
    cues: tuple[BreathCue, ...] = given.get("cues", ())
    if any(cue.rounds is None for cue in cues[:-1]):
        expected, hint = "a number of rounds for each cue but the last", "as in `[words 3, tone 8, none]`"
        problems.append(problem("cue-rounds", spans["cue"], hint, expected=expected, found="none"))
    words = given.setdefault("words", {})
    if words and "cue" not in values:
        given["cues"] = (BreathCue("words"),)
    elif words and cues and not any(cue.kind == "words" for cue in cues):
        found = f"`{' '.join(cue.kind for cue in cues)}`"
        problems.append(problem("no-effect", spans["words"], expected="`cue: words` beside `words:`", found=found))
    if "under" in values and not any(cue.kind == "tone" for cue in given.get("cues") or (BreathCue("tone"),)):
        expected = "`under` beside tones"
        problems.append(problem("no-effect", spans["under"], expected=expected, found="a breath that has none"))
    tempo_ms = given.pop("tempo", 1000)
    phases = {"pattern": _phases(pattern, tempo_ms, whole=bool(goal)), "goal": _phases(goal, tempo_ms, whole=True)}
    made = Breath(**given | phases, spans=spans or {"pattern": span})
    there = {name for number in (0, made.over) for name, _ in made.named(number)}
    for name in words.keys() - there:
        expected, found = f"a pattern with `{name}`", f"`{pattern_text(made)}`"
        problems.append(problem("no-effect", words[name][0].span, expected=expected, found=found))
    return made


def _words(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> dict[str, Any]:
    if not values:
        hint = "as in `{in: Breathe in., out: Let it go.}`"
        problems.append(problem("empty-value", span, hint, expected="words for a phase", found="an empty mapping"))
    return given


def _phases(pattern: tuple[Phase, ...], tempo_ms: int, *, whole: bool) -> tuple[Phase, ...]:
    """Return the phases of *pattern* at a tempo; those of no length only where the *whole* form is needed."""
    played = (Phase(phase.kind, (phase.ms * tempo_ms + 500) // 1000) for phase in pattern)
    return tuple(phase for phase in played if phase.ms or whole)


def _count(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> Strokes | None:
    if "" in values:
        short: Strokes = values[""]
        return replace(short, spans={"strokes": span})
    if ("every" in values) == ("on" in values):
        expected = "`every:` with a time, or `on: out`"
        found = "both" if "on" in values else "neither"
        problems.append(problem("strokes", span, expected=expected, found=found))
    counts = None if values.get("every", 0) is None else given.get("counts")
    return Strokes(counts, given.get("every_ms"), given.get("aloud", "all"), spans) if counts else None


def _section(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Section:
    if "each" in values:  # even if it was refused, its texts do not stand outside
        given.setdefault("each", model.Each())
    usual: Values = {"title": "", "steps": ()}
    return model.Section(**usual | given, span=span, spans=spans)


def _each(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Each | None:
    if "" in given:
        lead, how = given[""]
        return model.Each(lead=lead, only=how == "only", spans={"lead": replace(span, width=max(1, len(lead)))})
    _each_once(given.get("sides", ()), "side", "each side once", spans, problems)
    if not given.get("sides"):
        given.pop("sides", None)
    orders = [key for key in ("side", "first", "only") if key in values]
    if len(orders) != 1:
        expected = "one of `side`, `first` and `only`"
        code, place = ("keys-clash", spans[orders[1]]) if orders else ("missing-key", span)
        found = " and ".join(f"`{key}`" for key in orders) or "none"
        problems.append(problem(code, place, expected=expected, found=found))
    lead = given.pop("first", "") or given.get("only", "")
    where = next((spans[key] for key in ("first", "only") if key in spans), span)
    return model.Each(**given | {"lead": lead, "only": "only" in values, "spans": {**spans, "lead": where}})


def _repeat(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.Repeat:
    usual: Values = {"counts": Counts(1, 1, 1), "steps": ()}
    return model.Repeat(**usual | given, span=span)


def _foreach(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> model.ForEach:
    lists = (each for each in given.pop("entries", ()) if each)
    entries = tuple(model.Entry(slug(next(iter(each.values())).text) or "item", each) for each in lists)
    usual: Values = {"steps": ()}
    return model.ForEach(**usual | given, entries=entries, span=span)


def _use(values: Values, given: Values, spans: Spans, span: Span, problems: Problems) -> Any:
    use = given.pop("use", None)
    return replace(use, **given) if use else None


_ALL = (
    _routine,
    _voice,
    _speaker,
    _block,
    _bed,
    _fact,
    _step,
    _event,
    _breathe,
    _words,
    _count,
    _section,
    _each,
    _repeat,
    _foreach,
    _use,
)
_BUILDERS: Mapping[str, Callable[[Values, Values, Spans, Span, Problems], Any]] = {
    builder.__name__.removeprefix("_"): builder for builder in _ALL
}
