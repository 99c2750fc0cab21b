"""Causes that nobody sees: characters that look like others, and marks that belong to another format.

A script with errors is searched for them. What is found is the cause if typing what it looks like leaves less wrong:
then it is told by its name, instead of what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from voiceguide.columns import cells
from voiceguide.diagnostics import Diagnostic, Fix, Report, problem, typed
from voiceguide.script.grammar import KINDS
from voiceguide.script.strange import QUOTES, named, odd, plain
from voiceguide.source import Source, Span

_KEYS = frozenset(key.name for kind in KINDS.values() for key in kind.keys)
_START = r"(?:^\s*(?:-\s+)*|[{,]\s*)"
"""Where a key may begin: in its line, or in braces."""
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u25e6\u2023\u00b7*"
_COLONS = "\uff1a\ufe55\ufe13\u2236\u02d0\ua789"

Find = Callable[[str], Iterator[tuple[int, int, str, str]]]
"""Finds suspects in a line: each from where to where, what is meant, and what stands there, in words."""


def _fences(line: str) -> Iterator[tuple[int, int, str, str]]:
    if re.fullmatch(r"\s*(?:`{3,}|~{3,})\s*[\w+-]*\s*", line):
        yield 0, len(line), "", f"a Markdown fence, {line.strip()}"


def _spaces(line: str) -> Iterator[tuple[int, int, str, str]]:
    for found in re.finditer(r"[^\S \t]+", line):
        before, after = line[: found.start()], line[found.end() :]
        if re.fullmatch(r"[\s-]*|.*:[ \t]*", before) or re.match(r"[ \t]*:", after):
            yield found.start(), found.end(), " " * cells(found[0]), named(found[0][0])


def _tabs(width: int) -> Find:
    def find(line: str) -> Iterator[tuple[int, int, str, str]]:
        lead = re.match(r"[ -]*\t[ \t-]*", line)
        if lead:
            yield lead[0].index("\t"), lead.end(), lead[0].lstrip(" -").replace("\t", " " * width), named("\t")

    return find


def _colons(line: str) -> Iterator[tuple[int, int, str, str]]:
    found = re.match(rf"{_START}[\"']?([^\s:{_COLONS}][^:{_COLONS}]*?)[\"']?\s*([{_COLONS}])[ \t]*", line)
    if found and (plain(found[1]) in _KEYS or re.fullmatch(r"[a-z0-9][a-z0-9 -]*", found[1])):
        yield found.start(2), found.end(), ": ", named(found[2])


def _bullets(line: str) -> Iterator[tuple[int, int, str, str]]:
    found = re.match(rf"\s*([{_DASHES}])(?:[ \t]+|(?=\w[\w -]*:))", line)
    if found:
        yield found.start(1), found.end(), "- ", named(found[1])


def _joined(line: str) -> Iterator[tuple[int, int, str, str]]:
    found = re.match(r"\s*(-)([\w -]+?)\s*:", line)
    if found and found[2] in _KEYS:
        yield found.start(1), found.end(1), "- ", f"`-{found[2]}`, without a space after the hyphen"
    for found in re.finditer(rf"{_START}([a-z][a-z ]*):(?=[^\s/])", line):
        if found[1] in _KEYS:
            yield found.end() - 1, found.end(), ": ", f"`{found[1]}:` without a space after the colon"


def _letters(line: str) -> Iterator[tuple[int, int, str, str]]:
    for found in re.finditer(rf"{_START}([^\s:{{}},\"']+(?: [^\s:{{}},\"']+)*)(?=\s*:)", line):
        if odd(found[1]) and plain(found[1]) in _KEYS:
            yield found.start(1), found.end(1), plain(found[1]), f"`{found[1]}`, with {named(odd(found[1]))}"


def _quotes(line: str) -> Iterator[tuple[int, int, str, str]]:
    found = re.search(rf"(?:^\s*(?:-\s+)+|:\s+)([{QUOTES}])(.*[{QUOTES}])\s*(?:\s#.*)?$", line)
    if found:
        text = found[2][:-1]
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        word = re.fullmatch(r"[\w.-]+", text)
        yield found.start(1), found.end(2), text if word else quoted, named(found[1])


FINDS: tuple[tuple[Find, str], ...] = (
    (_fences, "take it away"),
    (_spaces, "type a plain space"),
    (_colons, "write {}"),
    (_letters, "write {}"),
    (_bullets, "write {}"),
    (_joined, "write {}"),
    (_quotes, "write {}"),
    (_tabs(2), "indent with spaces"),
    (_tabs(4), "indent with spaces"),
    (_tabs(8), "indent with spaces"),
)
"""What is looked for, one kind after the other, with what to do. How wide tabs were in the editor is tried out."""
_TABS = 3
MOST_TOLD = 100
"""Suspects that are told."""


def causes(source: Source, report: Report, read: Callable[[Source], Report]) -> Report:
    """Return *report* on *source* with unseen causes in place of what follows from them; *read* reports on a text."""
    kinds = [_suspects(source, find, words) for find, words in FINDS]
    found: list[Diagnostic] = []
    left = report
    for suspects in (*kinds, [suspect for kind in kinds[:-_TABS] for suspect in kind]):
        tried = list(dict.fromkeys(found + suspects))
        if len(tried) > len(found) and not (suspects in kinds[-_TABS:] and found and found[-1].found == named("\t")):
            after = read(Source(source.label, typed(source, _apart(tried))))
            if len(after.errors) < len(left.errors) or (_broken(left) and not _broken(after)):
                found, left = tried, after
    if not found:
        return report
    follows = {(problem.code, problem.message) for problem in report} - {(p.code, p.message) for p in left}
    return Report.of((*found[:MOST_TOLD], *(p for p in report if (p.code, p.message) not in follows)))


def _broken(report: Report) -> bool:
    return any(problem.code in ("yaml", "too-deep", "several-documents") for problem in report)


def _suspects(source: Source, find: Find, words: str) -> list[Diagnostic]:
    made = []
    for number, line in enumerate(source.lines, 1):
        for start, end, text, what in find(line):
            span = Span(source, number, start + 1, max(1, end - start))
            fix = Fix(words, text, certain=True)
            made.append(problem("lookalike", span, fix, expected="the plain signs of a script", found=what))
    return made


def _apart(suspects: list[Diagnostic]) -> list[Fix]:
    """Return the fixes of *suspects* in the order of the text, of two that overlap the first."""
    fixes: list[Fix] = []
    last = (0, 0)
    for suspect in sorted(suspects, key=lambda suspect: (suspect.span.line, suspect.span.column)):
        span = suspect.span
        if (span.line, span.column) >= last:
            fixes.append(suspect.fixes[0])
            last = span.line, span.column + span.width
    return fixes
