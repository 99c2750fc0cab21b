"""Diagnostics: the author's mistakes as values, and the environment's failures as one exception.

A diagnostic says what was expected and what was found, at a span, with what to type instead. Its wording comes
from `voiceguide.codes`, so `voiceguide explain` and the documentation tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voiceguide.codes import CODES
from voiceguide.source import Span
from voiceguide.units import plural


class VoiceguideError(Exception):
    """The environment failed: a missing engine, device or file. *hint* says what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(VoiceguideError):
    """What was asked for does not exist or cannot be had: a name, a length, a format."""


@dataclass(frozen=True)
class Diagnostic:
    """One problem in a script."""

    code: str
    message: str
    span: Span
    hint: str = ""

    @property
    def severity(self) -> str:
        """`error` or `warning`, from the table of codes."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        text = f"{self.span}: {self.severity}[{self.code}]: {self.message}\n{self.span.excerpt()}"
        return f"{text}\n      = {self.hint}" if self.hint else text

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
        }


def problem(code: str, span: Span, *, hint: str = "", **facts: object) -> Diagnostic:
    """Build a diagnostic: the wording of *code* filled with *facts*, in one line whatever the script holds."""
    message = CODES[code].wording.format(**facts)
    return Diagnostic(code, " ".join(message.split()), span, " ".join(hint.split()))


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
        return "\n\n".join(str(p) for p in self.problems)

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
