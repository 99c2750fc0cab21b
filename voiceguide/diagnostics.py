"""Diagnostics: the author's mistakes as values, and the environment's failures as one exception.

A diagnostic holds what was expected and what was found, at a span, and the ways to mend it, all of it as data. Its
message and its hint are made of that last, for people to read; no program reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from voiceguide.codes import CODES
from voiceguide.columns import cells, line, safe
from voiceguide.nouns import dataclass
from voiceguide.source import Source, Span
from voiceguide.units import plural

_PLACE = ("line", "column", "width")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def no_progress(what: str, done: int, total: int) -> None:
    """Show nothing."""


class VoiceguideError(Exception):
    """The environment failed: a missing engine, device or file. *hint* says what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(VoiceguideError):
    """What was asked for does not exist or cannot be had: a name, a length, a format."""


@dataclass(frozen=True)
class Fault:
    """Why a sound cannot be used, as in `is empty`, and what to do about it."""

    why: str
    hint: str


@dataclass(frozen=True)
class Fix:
    """One way to mend a problem: *text* in place of what *span* marks, or, where there is no text, only *words*.

    In words, `{}` stands for the text. It is *certain* if its author can have meant nothing else, so that a program
    may type it. An empty *span* (None) is that of the problem itself.
    """

    words: str
    text: str | None = None
    certain: bool = False
    span: Span | None = None


def write(text: str, *, certain: bool = False, span: Span | None = None) -> Fix:
    """Return the fix that is to write *text*."""
    return Fix("write {}", text, certain, span)


@dataclass(frozen=True)
class Diagnostic:
    """One problem in a script, and the *fixes* for it, the best one first."""

    code: str
    span: Span
    expected: str
    found: str
    fixes: tuple[Fix, ...] = ()

    @property
    def message(self) -> str:
        """What is wrong, in one line whatever the script holds."""
        return " ".join(f"expected {self.expected}, found {self.found}".split())

    @property
    def hint(self) -> str:
        """What to type or do instead, in one line; empty if there is nothing to be said."""
        ways = []
        for words, fixes in groupby(self.fixes, key=lambda fix: fix.words):
            texts = [f"`{fix.text}`" for fix in fixes if fix.text is not None]
            ways.append(words.format(", or ".join(texts)) if texts else words)
        return " ".join("; or ".join(ways).split())

    @property
    def severity(self) -> str:
        """`error` or `warning`, from the table of codes."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        text = f"{line(str(self.span))}: {self.severity}[{self.code}]: {line(self.message)}\n{excerpt(self.span)}"
        return f"{text}\n      = {line(self.hint)}" if self.hint else text

    def to_dict(self) -> dict[str, object]:
        """Return the record that `check --json` prints."""
        return {
            "path": self.span.source.label,
            "line": self.span.line,
            "column": self.span.column,
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "expected": self.expected,
            "found": self.found,
            "fixes": [
                {**{name: getattr(fix.span, name) for name in _PLACE}, "text": fix.text, "certain": fix.certain}
                for fix in self.fixes
                if fix.span and fix.text is not None
            ],
        }


BEFORE, SHOWN = 60, 140
"""How many characters of a long line are shown before the place that is meant, and in all."""


def excerpt(span: Span) -> str:
    """Return the line of *span*, or what is around it in a long one, with the stretch underlined: two lines, safe."""
    text, at = span.source.line(span.line), span.column - 1
    start = max(0, at - BEFORE) if len(text) > SHOWN else 0
    before, marked, after = text[start:at], text[at : at + span.width][:SHOWN], text[at + span.width : start + SHOWN]
    begin, end = "…" * (start > 0), "…" * (len(text) > max(at + span.width, start + SHOWN))
    gutter, lead = f"{span.line:>5} | ", safe(begin + before)
    under = "".join("\t" if c == "\t" else " " * cells(c) for c in lead) + "^" * max(1, cells(safe(marked)))
    return f"{gutter}{lead}{safe(marked + after)}{end}\n{' ' * (len(gutter) - 2)}| {under}"


def problem(code: str, span: Span, *fixes: Fix | str | None, expected: str, found: str) -> Diagnostic:
    """Build a diagnostic at *span*. A fix may be mere words, and one that is not there is left out."""
    made = [Fix(fix) if isinstance(fix, str) else fix for fix in fixes if fix]
    return Diagnostic(code, span, expected, found, tuple(fix if fix.span else replace(fix, span=span) for fix in made))


def typed(source: Source, fixes: Iterable[Fix]) -> str:
    """Return the text of *source* with *fixes*, which do not overlap, in the order of the text."""
    lines = list(source.lines)
    for fix in reversed(list(fixes)):
        if fix.span and fix.text is not None:
            line, start = lines[fix.span.line - 1], fix.span.column - 1
            lines[fix.span.line - 1] = line[:start] + fix.text + line[start + fix.span.width :]
    return "\n".join(lines)


MOST_TOLD = 100
"""Problems that a report tells people; its records are all of them."""


@dataclass(frozen=True)
class Report:
    """All problems found in one go, in the order of the text, each once."""

    problems: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, problems: Iterable[Diagnostic]) -> Report:
        """Order *problems* by place and drop repetitions."""
        unique = dict.fromkeys(problems)
        return cls(tuple(sorted(unique, key=lambda p: (p.span.source.label, p.span.line, p.span.column, p.code))))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that keep a session from being built."""
        return tuple(p for p in self.problems if p.severity == "error")

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.problems)

    def __bool__(self) -> bool:
        return bool(self.problems)

    def __add__(self, other: Report) -> Report:
        return Report.of((*self.problems, *other.problems))

    def __str__(self) -> str:
        """Return the problems for people: errors before warnings if there are too many, in the order of the text."""
        first = self.problems[:MOST_TOLD]
        if len(self.problems) > MOST_TOLD:
            first = Report.of(sorted(self.problems, key=lambda p: p.severity)[:MOST_TOLD]).problems
        told, rest = "\n\n".join(map(str, first)), len(self.problems) - len(first)
        return f"{told}\n\n... and {plural(rest, 'more problem')}; `check --json` has all of them" if rest else told

    def summary(self) -> str:
        """Return `2 errors, 1 warning`, or `no problems`."""
        errors = len(self.errors)
        warnings = len(self.problems) - errors
        parts = [plural(n, noun) for n, noun in ((errors, "error"), (warnings, "warning")) if n]
        return ", ".join(parts) or "no problems"


class ScriptError(Exception):
    """A script cannot be turned into a session; *report* holds every reason.

    Raised only where a caller asked for a session and there is none to give. `check` returns the report instead.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report
