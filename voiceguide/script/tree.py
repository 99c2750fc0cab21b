"""Text -> tree: YAML composed strictly, every node with its place, nothing typed yet and nothing lost.

Works on libyaml's events, because a composed tree has already forgotten anchors, tags and the second document. Nodes
know where they begin and end in the text, so brackets, quotation marks and the comments between them are found there
by whoever asks: reading does not pay for what only formatting needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from voiceguide.columns import UNSAFE
from voiceguide.diagnostics import Diagnostic, Fix, problem
from voiceguide.script.strange import named, stray
from voiceguide.source import Source, Span

_SEPARATORS = "\x85\u2028\u2029"
"""Line ends to YAML 1.1, but to no editor: what follows would seem to stand in another line."""
MOST_UNSEEN = 200
"""Characters that cannot be seen that are told: a file of nothing else has a hundred thousand."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", "N": "\x85"}
_ESCAPES |= {"L": "\u2028", "P": "\u2029"}
"""What YAML writes between double quotes for what cannot be seen."""
_TAG = re.compile(r"!(?:<!>)?(?:\s|#[^\n]*\n)*")
DEEPEST = 40
"""Nesting allowed in a script. Real ones need about ten; without a bound, hostile input exhausts the stack."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""What makes events of a text: libyaml where it is there."""


@dataclass(slots=True)
class Node:
    """A YAML value: a text, a list of nodes, or a list of pairs of nodes. Nobody changes one.

    A script of 10,000 steps has 100,000 of them, and one that is not frozen is made in a third of the time.
    """

    kind: Literal["text", "list", "mapping"]
    span: Span
    text: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()
    start: int = 0
    """Where it begins in the text, its tag included."""
    end: int = 0
    """Where it ends in the text; of a list or mapping without brackets, nothing is known but that it is later."""
    refused: bool = False
    """It has been reported already, so nothing more is said about it."""
    bare: bool = False
    """It is the value, which is nothing, of a key in braces that has no colon either."""

    @property
    def raw(self) -> str:
        """How it is written: of a single value or of what stands in brackets."""
        return self.span.source.text[self.start : self.end]

    @property
    def opens(self) -> int:
        """Where the value itself begins, behind a tag that says nothing."""
        tag = _TAG.match(self.span.source.text, self.start, self.end)
        return tag.end() if tag else self.start

    @property
    def mark(self) -> str:
        """What it begins with: a bracket, a quotation mark, `|` or `>`; empty if it is plain."""
        first = self.span.source.text[self.opens : self.opens + 1] if self.start < self.end else ""
        return first if first and first in ("[{" if self.kind != "text" else "'\"|>") else ""

    def found(self) -> str:
        """Say what stands here, for `found ...` in a message."""
        if self.kind != "text":
            return f"a {self.kind}"
        if not self.text:
            return "nothing"
        line = self.text.split("\n")[0]
        return f"`{line}`" if len(line) <= 40 else f"`{line[:39]}…`"

    def each_inside(self, tokens: Iterable[str]) -> Iterator[Span]:
        """Yield the spans of *tokens*, which stand in this text one after the other; else the whole span."""
        raw, at, line, begin = self.raw, -1, self.span.line, 1 - self.span.column
        if raw[:1] in ("|", ">"):
            at = raw.find("\n")
        counted = 0
        for token in tokens:
            found = raw.find(token, at + 1)
            if found < 0:
                yield self.span
                continue
            at, ends = found, raw.count("\n", counted, found)
            if ends:
                line, begin = line + ends, raw.rfind("\n", counted, found) + 1
            counted = found
            yield Span(self.span.source, line, at - begin + 1, len(token))

    def inside(self, token: str, skip: int = 0) -> Span:
        """Return the span of *token* as written inside this text, after *skip* earlier ones; else the whole span."""
        raw = self.raw
        at = raw.find("\n") if raw[:1] in ("|", ">") else -1  # a block text begins on its second line
        for _ in range(skip + 1):
            at = raw.find(token, at + 1)
            if at < 0:
                return self.span
        before = raw[:at]
        line = self.span.line + before.count("\n")
        column = at - before.rfind("\n") if "\n" in before else self.span.column + at
        return Span(self.span.source, line, column, len(token))


def compose(source: Source) -> tuple[Node | None, list[Diagnostic]]:
    """Return the root node of *source*, or None, and everything that is wrong with the text as YAML."""
    builder = _Builder(source)
    if UNSAFE.search(source.text):
        unseen = [
            _unseen(Span(source, number, found.start() + 1), found[0])
            for number, line in enumerate(source.lines, 1)
            for found in stray(line)
        ]
        if unseen:
            return None, unseen[:MOST_UNSEEN]
    try:
        for event in yaml.parse(source.text, Loader=LOADER):
            builder.take(event)
            if builder.stopped:
                break
    except (yaml.YAMLError, UnicodeError) as error:
        builder.problems.append(_syntax_problem(source, error))
    if builder.root is None and not builder.problems:
        builder.problems.append(
            problem("empty", Span(source, 1, 1), expected="`routine:` and a title", found="an empty file")
        )
    broken = any(p.code in ("yaml", "too-deep", "several-documents") for p in builder.problems)
    return (None if broken else builder.root), builder.problems


def _unseen(span: Span, character: str) -> Diagnostic:
    fix = Fix("take it away", " " if character in _SEPARATORS else "", certain=True)
    return problem("invisible", span, fix, expected="characters that can be seen or spoken", found=named(character))


class _Builder:
    """Builds nodes from events with a stack of its own, so that no input can exhaust Python's."""

    def __init__(self, source: Source) -> None:
        self.source, self.text, self.lines = source, source.text, len(source.lines)
        self.root: Node | None = None
        self.problems: list[Diagnostic] = []
        self.stopped = False
        self._open: list[tuple[Any, list[Node]]] = []
        self._documents = 0
        self._end = 0

    def take(self, event: Any) -> None:
        """Take one event in."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self._plain(event)
            start, end = event.start_mark.index, event.end_mark.index
            bare = start == end and self._is_bare(event)
            node = Node("text", self._span(event), event.value, (), (), start, end, False, bare)
            if event.style == '"' and UNSAFE.search(event.value):
                self._escaped(node)
            self._put(node)
            self._end = end
        elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
            self._plain(event)
            self._open.append((event, []))
            if len(self._open) > DEEPEST:
                expected = f"at most {DEEPEST} levels of nesting"
                self.problems.append(problem("too-deep", self._span(event), expected=expected, found="more"))
                self.stopped = True
        elif kind is yaml.SequenceEndEvent:
            start, items = self._open.pop()
            ends = start.start_mark.index, event.end_mark.index
            self._put(Node("list", self._span(start), "", tuple(items), (), *ends))
        elif kind is yaml.MappingEndEvent:
            start, items = self._open.pop()
            pairs = tuple(zip(items[::2], items[1::2], strict=True))
            span = items[0].span if items else self._span(start)  # at its first key
            self._put(Node("mapping", span, "", (), pairs, start.start_mark.index, event.end_mark.index))
        elif kind is yaml.AliasEvent:
            self._refuse(
                "anchor", event, "a value", f"the alias `*{event.anchor}`", "write the value, or `use:` a block"
            )
            ends = event.start_mark.index, event.end_mark.index
            self._put(Node("text", self._span(event), f"*{event.anchor}", (), (), *ends, refused=True))
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                hint = "put it into a file of its own, or take the line `---` away"
                self._refuse("several-documents", event, "one routine in a file", "a second document", hint)
                self.stopped = True

    def _plain(self, event: Any) -> None:
        """Refuse what YAML can add to a value: an anchor or a tag."""
        if event.anchor:
            self._refuse(
                "anchor", event, "a value", f"the anchor `&{event.anchor}`", "take the anchor away, or name a block"
            )
        if event.tag and event.tag != "!":
            self._refuse(
                "yaml-tag",
                event,
                "a value",
                f"the tag `{event.tag.replace('tag:yaml.org,2002:', '!!')}`",
                "take the tag away, or put the text in quotation marks",
            )

    def _escaped(self, node: Node) -> None:
        """Refuse escapes of what cannot be seen or spoken in *node*, and go on as if they were not there."""
        found = {match[0] for match in stray(node.text)}
        node.text = "".join(c for c in node.text if c not in found)
        escapes = [(match[0], _character(match)) for match in _ESCAPE.finditer(node.raw)]
        for span, (_, character) in zip(node.each_inside(escape for escape, _ in escapes), escapes, strict=True):
            if character in found and len(self.problems) < MOST_UNSEEN:
                self.problems.append(_unseen(span, character))

    def _is_bare(self, event: Any) -> bool:
        """Tell whether no colon stands between the end of the text before and *event*, in braces."""
        in_braces = bool(self._open) and self._open[-1][0].flow_style is True
        return in_braces and ":" not in self.text[self._end : event.start_mark.index]

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        elif self.root is None:
            self.root = node

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        width = (
            end.column - start.column
            if end.line == start.line
            else len(self.source.line(start.line + 1)) - start.column
        )
        line = min(start.line + 1, self.lines)  # a document may start behind the last line end
        return Span(self.source, line, start.column + 1, max(1, width))

    def _refuse(self, code: str, event: Any, expected: str, found: str, hint: str) -> None:
        self.problems.append(problem(code, self._span(event), hint, expected=expected, found=found))


def _character(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2] or escape[3]
    return chr(int(number, 16)) if number else _ESCAPES.get(escape[4], escape[4])


# libyaml has no codes for what is wrong: its words are all there is to tell it by, and only here they are read
_HINTS = (
    ("block sequence entries are not allowed", "put a text that starts with - in quotation marks"),
    ("tab character", "indent with spaces, not with tabs"),
    (
        "expected <document start>",
        "put a text that starts with [ or {, or holds such a bracket first, in quotation marks",
    ),
    ("cannot start any token", "indent with spaces, not tabs; put a text that starts with @ or ` in quotation marks"),
    ("mapping values are not allowed", 'put a text that holds ": " in quotation marks, or mend the indentation'),
    ("could not find expected ':'", "write `key: value`, with a space after the colon"),
    ("expected <block end>", "entries of one list or mapping must start in the same column"),
    ("did not find expected key", "entries of one mapping must start in the same column; close every quotation mark"),
    ("did not find expected '-' indicator", "entries of one list must start in the same column, each with `- `"),
    ("unexpected end of stream", "close the quotation mark"),
    (
        "expected ',' or",
        "close the bracket, separate its entries by commas, and put a text that holds a bracket in quotation marks",
    ),
    ("unknown escape character", "use single quotation marks, in which a backslash is only a backslash"),
    ("characters are not allowed", "take this invisible character away and type the text again"),
)


_IN_A_TEXT = re.compile(r"[^#\"']*[^\s#\"',.:][ \t]+(#[^\s#].*)")
"""A line with a `#` that its author took for a part of the text, where the text could not be read."""


def _syntax_problem(source: Source, error: Exception) -> Diagnostic:
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "text that cannot be read"
    during = str(getattr(error, "context", ""))
    left_open = during.startswith(("while scanning", "while parsing a flow")) and "tab" not in reason
    if mark and context and context.line < mark.line and left_open:
        mark = context  # what was left open is where the mistake is
    line, column = (mark.line + 1, mark.column + 1) if mark else _position(source, getattr(error, "position", 0))
    last = max(1, len(source.lines))
    if line > last:
        line, column = last, len(source.line(last)) + 1
    if mark:
        for number in range(max(0, line - 2), min(last, line + 1)):
            comment = _IN_A_TEXT.match(source.lines[number])
            if comment:
                span = Span(source, number + 1, comment.start(1) + 1, len(comment[1]))
                expected, found = "the text to its end", f"a comment to YAML, `{comment[1]}`"
                return problem("yaml", span, "put the whole text in quotation marks", expected=expected, found=found)
    hint = next((text for part, text in _HINTS if part in reason), "")
    found = re.sub(r"^did not find expected (.*)", r"no \1 here", reason.removeprefix("found "))
    return problem("yaml", Span(source, line, column), hint, expected="well-formed YAML", found=found)


def _position(source: Source, index: object) -> tuple[int, int]:
    # libyaml counts bytes
    before = source.text.encode()[: index if isinstance(index, int) else 0].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
