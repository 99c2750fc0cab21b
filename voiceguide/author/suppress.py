"""Silencing a warning where it stands: `# allow CODE: reason`, on its line or alone on the line above.

A value of several lines counts as one line, because no comment can stand inside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from voiceguide.author.layout import remarks
from voiceguide.codes import CODES
from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.nouns import dataclass
from voiceguide.script.scalars import meant
from voiceguide.script.tree import compose
from voiceguide.source import Source, Span

_CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_ALLOW = re.compile(rf"#[ \t]*allow[ \t]+({_CODE}(?:[ \t]*,[ \t]*{_CODE})*)[ \t]*(:?)[ \t]*([^\n]*)")


@dataclass(frozen=True)
class Allow:
    """A comment that silences: its *codes*, each with its place, what it is for, and the line it speaks of."""

    codes: tuple[tuple[str, Span], ...]
    reason: str
    line: int
    span: Span


def silence(source: Source, report: Report) -> Report:
    """Return *report* without the warnings that comments of *source*, and of the other scripts in it, allow.

    If there are no errors, comments that give no reason, name no warning or silence nothing are warned of.
    """
    scripts = dict.fromkeys((source, *(found.span.source for found in report)))
    allows = {script: _Comments(script) for script in scripts if _ALLOW.search(script.text)}
    if not allows:
        return report
    used: set[Span] = set()
    kept = []
    for found in report:
        comments = allows.get(found.span.source)
        spans = comments.over(found) if comments and found.severity == "warning" else []
        used.update(spans)
        if not spans:
            kept.append(found)
    if not report.errors and source in allows:
        kept += [problem for allow in allows[source].allows for problem in _judge(allow, used)]
    return Report.of(kept)


def silenceable(code: str) -> bool:
    """Tell whether *code* is that of a warning that may be allowed."""
    return code in CODES and CODES[code].severity == "warning" and not code.startswith("allow-")


def _judge(allow: Allow, used: set[Span]) -> Iterator[Diagnostic]:
    for code, span in allow.codes:
        if not silenceable(code):
            expected = "the code of a warning"
            why = ", the code of an error" if code in CODES and CODES[code].severity == "error" else ""
            fix = meant(code, filter(silenceable, CODES)) if code not in CODES else "only warnings can be allowed"
            yield problem("allow-unknown", span, fix, expected=expected, found=f"`{code}`{why}")
        elif span not in used:
            expected, hint = f"`{code}` on the line it is meant for", "take the comment away"
            yield problem("allow-unused", span, hint, expected=expected, found="nothing to allow there")
    if not allow.reason:
        codes = ", ".join(code for code, _ in allow.codes)
        hint = f"write `# allow {codes}: ` and the reason"
        yield problem("allow-reason", allow.span, hint, expected="a reason after a colon", found="none")


class _Comments:
    """The allowing comments of a script, and the line where each value of several lines starts."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.starts: dict[int, int] = {}
        root, _ = compose(source)
        stripped = enumerate(map(str.strip, source.lines), 1)
        self.filled = [number for number, line in stripped if line and not line.startswith("#")]
        waiting = [root] if root else []
        while waiting:
            node = waiting.pop()
            waiting += [*node.items, *(part for pair in node.pairs for part in pair)]
            if node.kind == "text":
                more = node.raw.rstrip("\r\n").count("\n")
                self.starts.update(dict.fromkeys(range(node.span.line + 1, node.span.line + more + 1), node.span.line))
        self.ends = [place for place, character in enumerate(source.text) if character == "\n"]
        self.allows = [allow for place, text in (remarks(root) if root else ()) for allow in self.find(place, text)]
        self.by_line: dict[int, list[Allow]] = {}
        for allow in self.allows:
            self.by_line.setdefault(allow.line, []).append(allow)

    def find(self, place: int, comment: str) -> Iterator[Allow]:
        """Yield what *comment*, which begins at *place* in the text, allows."""
        for match in _ALLOW.finditer(comment):
            if match.start() and comment[match.start() - 1] not in " \t":
                continue
            names = [(m[0], match.start(1) + m.start()) for m in re.finditer(_CODE, match[1])]
            if not match[2] and not any(name in CODES for name, _ in names):
                continue  # a remark that begins with this word
            ended = bisect_left(self.ends, place)
            number, column = ended + 1, place - (self.ends[ended - 1] if ended else -1)
            codes = tuple((name, Span(self.source, number, column + start, len(name))) for name, start in names)
            alone = not self.source.line(number)[: column + match.start() - 1].strip()
            target = self.below(number) if alone else number
            span = Span(self.source, number, column + match.start(), len(match[0].rstrip()))
            yield Allow(codes, match[3].strip() if match[2] else "", self.starts.get(target, target), span)

    def below(self, number: int) -> int:
        """Return the next line after *number* on which more than a comment stands."""
        at = bisect_right(self.filled, number)
        return self.filled[at] if at < len(self.filled) else len(self.source.lines) + 1

    def over(self, found: Diagnostic) -> list[Span]:
        """Return the places of the codes that allow *found*."""
        line = self.starts.get(found.span.line, found.span.line)
        return [span for allow in self.by_line.get(line, ()) for code, span in allow.codes if code == found.code]
