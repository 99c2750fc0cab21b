"""A routine in words, as `show` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from voiceguide.script.model import (
    Each,
    ForEach,
    Given,
    Item,
    Parameter,
    Range,
    Repeat,
    Routine,
    Section,
    Step,
    Text,
    Use,
    Variants,
)
from voiceguide.script.rounds import Counts, pattern_text
from voiceguide.units import format_clock, format_duration


def describe(routine: Routine) -> str:
    """Return *routine* as a page of text: its purpose, what it needs, and every step."""
    shortest, natural, longest = (format_clock(ms) for ms in _triple(routine.length))
    lines = [routine.title, "=" * len(routine.title), "", routine.purpose, ""]
    facts = {
        "length": f"{natural} (from {shortest} to {longest})",
        "note": routine.note,
        "family": routine.family,
        "days": str(routine.days) if "days" in routine.spans else "",
        "posture": f"\n{'':<11}".join(_cases(routine.posture)),
        "materials": ", ".join(routine.materials),
        "sources": ", ".join(routine.sources),
        "asks": ", ".join(f"{name} ({'/'.join(fact.choices)})" for name, fact in routine.listener.items()),
    }
    lines += [f"{name:<10} {value}" for name, value in facts.items() if value]
    return "\n".join([*lines, "", *_items(routine, routine.steps, "")])


def _cases(value: str | Variants) -> Iterator[str]:
    """Yield *value*, or each of its variants behind the condition under which it is taken."""
    if isinstance(value, str):
        yield value
        return
    for case in value.cases:
        yield f"{case.when or 'else'}: {case.value}"


def _triple(length: Range) -> tuple[int, int, int]:
    return length.shortest, length.natural, length.longest


def _items(routine: Routine, items: Iterable[Item], indent: str) -> Iterator[str]:
    for item in items:
        match item:
            case Step():
                yield from _step(item, indent)
            case Section():
                sides = f" ({_sides(item.each)})" if item.each else ""
                yield f"{indent}{item.title}{sides}"
                yield from _items(routine, item.steps, indent + "  ")
                yield from _items(routine, item.between, indent + "  between: ")
            case Repeat():
                yield f"{indent}{_counts(item)}"
                yield from _items(routine, item.steps, indent + "  ")
            case ForEach():
                yield f"{indent}for each of {'; '.join(_values(entry.given) for entry in item.entries)}"
                yield from _items(routine, item.steps, indent + "  ")
            case Use():
                yield f"{indent}the steps of {item.name}{_given(routine, item)}"


def _given(routine: Routine, use: Use) -> str:
    """Return the values with which a block is used: those that are given, and the block's own for the rest."""
    values = {**routine.blocks[use.name].parameters, **use.given}
    named = _values(values)
    return f", with {named}" if named else ""


def _values(given: Mapping[str, Given | None]) -> str:
    if list(given) == ["item"] and given["item"]:
        return given["item"].text
    return ", ".join(f"{name}: {value.text}" for name, value in given.items() if value)


def _sides(each: Each) -> str:
    if not each.lead:
        return ", then ".join(each.sides)
    share = "" if each.share == (1, 1) else f", {each.share[0]} to {each.share[1]}"
    return f"{each.lead} {'only' if each.only else 'first'}{share}"


def _counts(repeat: Repeat) -> str:
    counts = repeat.counts
    if counts.until_ms is not None:
        return f"repeated until {format_duration(counts.until_ms)} before the end"
    if counts.about_ms is not None:
        return f"repeated for about {format_duration(counts.about_ms)}"
    return f"{counts.natural} rounds (from {counts.fewest} to {counts.most})"


def _rounds(counts: Counts | None) -> str:
    if counts is None:
        return "breathing "
    some = dict.fromkeys((counts.fewest, counts.natural, counts.most))
    return f"{' .. '.join(map(str, some))} breaths of "


def _step(step: Step, indent: str) -> Iterator[str]:
    length = step.length or step.pause
    lengths = [length] if length else step.open["length"].values() if "length" in step.open else ()
    long = " or ".join(map(_lengths, lengths))
    breath = step.breathe
    breaths = f"{_rounds(breath.rounds)}{pattern_text(breath)}" if breath else ""
    optional = f"optional {step.optional}" if step.optional else ""
    quiet = "" if long or not step.quiet.longest else f"its words and {_lengths(step.quiet)} of quiet"
    if isinstance(left_open := step.open.get("length"), Parameter):
        long = f"{{{left_open.name}}}"
    facts = [long or quiet or ("" if breath else "as long as it sounds"), breaths, optional]
    facts += [f"to {step.to}"] * (step.to != "self") + ["waits for you"] * step.wait
    yield f"{indent}{step.title}: {', '.join(filter(None, facts))}"
    if step.note:
        yield f"{indent}    ({step.note})"
    told = step.open.get("say")
    for text in [step.say] if step.say else told.values() if told else ():
        yield f"{indent}    {_text(text)}"


def _lengths(length: Range) -> str:
    return " .. ".join(map(format_duration, dict.fromkeys(_triple(length))))


def _text(text: Text) -> str:
    parts = (
        f"[{format_duration(p)}]" if isinstance(p, int) else p if isinstance(p, str) else f"{{{p.name}}}"
        for p in text.parts
    )
    return "".join(parts)
