"""Source -> the same script with its certain fixes typed. Nothing else in it changes, not even the end of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise, zip_longest

from voiceguide.diagnostics import Diagnostic, Fix, Report, typed
from voiceguide.source import Source, Span

Judge = Callable[[Source], Report]
MOST_ROUNDS = 20
"""Mended, a script may show mistakes that had hidden behind others, but never so many times."""


def mend(source: Source, judge: Judge) -> Source:
    """Return *source* with every certain fix that *judge* gives, again and again until there is none left.

    A fix stays only if what it is for is gone and no mistake has come in its place; otherwise the problem is left to
    its author. Fixes are typed together, and one by one where that fails.
    """
    state = source, judge(source)
    for _ in range(MOST_ROUNDS):
        fixes = certain(*state)
        after = _tried(state, fixes, judge)
        if after is state:
            for fix in reversed(fixes):  # so that the places of the others stay what they are
                after = _tried(after, [fix], judge)
        if after is state:
            break
        state = after
    return state[0]


def _tried(state: tuple[Source, Report], fixes: list[Fix], judge: Judge) -> tuple[Source, Report]:
    """Return the source with *fixes* and its report, or *state* itself if that is no better."""
    if not fixes:
        return state
    made = Source(state[0].label, typed(state[0], fixes))
    report = judge(made)
    return (made, report) if is_better(state[1], report) else state


def with_ends(raw: str, source: Source) -> str:
    """Return the text of *source* with the line ends, and with the byte order mark, that the text *raw* has."""
    ends = re.findall("\r\n|[\n\r]", raw)
    lines = [line + end for line, end in zip_longest(source.lines, ends, fillvalue="")]
    return raw[: raw.startswith("\ufeff")] + "".join(lines)


def certain(source: Source, report: Report) -> list[Fix]:
    """Return the first fix of each problem of *report* in *source* if it is certain, in the order of the text.

    Of two that overlap, the later one waits for the next round.
    """
    firsts = (found.fixes[0] for found in report if found.fixes)
    fixes = [fix for fix in firsts if fix.certain and fix.text is not None and fix.span and fix.span.source == source]
    fixes.sort(key=lambda fix: _place(fix.span))
    apart = [after for before, after in pairwise(fixes) if _place(after.span) >= _place(before.span, end=True)]
    return fixes[:1] + apart


def is_better(before: Report, after: Report) -> bool:
    """Tell whether there are fewer problems *after*, and no error that was not there *before*.

    Advice about a script comes only once it has no errors, so it is compared only if it was given before.
    """
    if before.errors:
        return _counted(after.errors) < _counted(before.errors)
    return _counted(after) < _counted(before)


def _counted(problems: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((found.code, found.message) for found in problems)


def _place(span: Span | None, *, end: bool = False) -> tuple[int, int]:
    return (span.line, span.column + (span.width if end else 0)) if span else (0, 0)
