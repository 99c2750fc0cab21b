"""Text -> layout: a script as its author set it out, with every comment and the thing it belongs to.

Where `nodes` forgets how a text was written, this remembers: flow or block, the kind of quotes, comments, blank lines.
It works on the same events, and finds comments in the gaps between them: libyaml itself throws comments away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import yaml

from voiceguide.script.nodes import LOADER

_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")

_TAG = re.compile(r"!(?:<!>)?(?:\s|#[^\n]*\n)*")


class Comment(NamedTuple):
    """A comment from its `#` on, and the column of the `#`; or a blank line, if *text* is empty.

    Columns count from 0; beside an entry, from the column of the entry, so that aligned comments stay aligned.
    """

    text: str
    column: int = 0


@dataclass(frozen=True)
class Leaf:
    """A single value or a key. *style* is YAML's indicator: a quotation mark, `|`, `>`, or nothing."""

    text: str
    style: str


@dataclass(frozen=True)
class Branch:
    """A list or a mapping, in flow style (with brackets) or in block style. *number* is its name in the layout."""

    number: int
    kind: Literal["list", "mapping"]
    flow: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Entry:
    """One entry of a branch: a pair of a mapping, or (without *key*) an item of a list."""

    number: int
    key: Leaf | None
    value: Leaf | Branch


Notes = defaultdict[int, list[Comment]]


@dataclass(frozen=True)
class Layout:
    """A script as it was set out: its root, and the comments and blank lines by the number of what they belong to."""

    root: Entry
    above: Notes = field(default_factory=lambda: defaultdict(list))
    """On lines of their own before an entry."""
    beside: Notes = field(default_factory=lambda: defaultdict(list))
    """At the end of a line of an entry."""
    below: Notes = field(default_factory=lambda: defaultdict(list))
    """On lines of their own after the last entry of a branch."""

    def comments(self) -> list[str]:
        """Return the texts of all comments, in alphabetical order."""
        notes = (self.above, self.beside, self.below)
        return sorted(c.text for kind in notes for found in kind.values() for c in found if c.text)


class _Place(NamedTuple):
    number: int
    column: int


@dataclass(frozen=True)
class _Token:
    """A stretch of text that is no gap: a key, a single value or a bracket.

    *owner* is the entry that a comment behind it stands beside. A comment before it stands above *first*, the outermost
    entry that begins here, or below *closes* if this is a closing bracket. Block style branches in *closed* (the
    innermost first) ended before it, so that a comment before it may still belong to them: its column decides.
    """

    start: int
    end: int
    owner: int
    first: _Place
    closed: tuple[_Place, ...] = ()
    closes: int = 0


@dataclass
class _Open:
    """A branch that is not complete yet, and where in it we are."""

    place: _Place
    entry: int
    kind: Literal["list", "mapping"]
    flow: bool
    bracket: bool
    entries: list[Entry] = field(default_factory=list)
    key: Leaf | None = None
    current: int = 0


def lay_out(text: str) -> Layout:
    """Return the layout of *text*, which must be well-formed YAML with single values for keys.

    Line ends must be `\\n`.
    """
    builder = _Builder(text)
    for event in yaml.parse(text, Loader=LOADER):
        builder.take(event)
    assert builder.root is not None, "an empty script cannot be read"
    layout = Layout(builder.root)
    for owner, place, comment in builder.headers:
        layout.beside[owner].append(builder.beside(owner, place, comment))
    before: _Token | None = None
    for token in builder.tokens:
        gap = list(_gap(text, before.end if before else 0, token.start))
        if before and gap and gap[0].where == "behind":
            comment = builder.beside(before.owner, before.end, gap.pop(0).comment)
            layout.beside[before.owner].append(comment)
        _share(layout, gap, token)
        before = token
    _share_head(layout, builder.root.value)
    return layout


class _Builder:
    """Builds branches from events, and notes the tokens between which the gaps are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Entry | None = None
        self.tokens: list[_Token] = []
        self.headers: list[tuple[int, int, Comment]] = []
        self._starts: dict[int, tuple[int, int]] = {}
        self._stack: list[_Open] = []
        self._count = 0
        self._fresh: list[_Place] = []
        self._closed: list[_Place] = []

    def take(self, event: Any) -> None:
        """Take one event in."""
        match type(event).__name__:
            case "ScalarEvent":
                self._leaf(event)
            case "SequenceStartEvent":
                self._begin(event, "list")
            case "MappingStartEvent":
                self._begin(event, "mapping")
            case "SequenceEndEvent" | "MappingEndEvent":
                self._end(event)
            case "StreamEndEvent":
                assert self.root is not None
                assert isinstance(self.root.value, Branch)
                end = len(self.text)
                self._token(end, end, 0, closes=self.root.value.number)

    def _number(self) -> int:
        self._count += 1
        return self._count

    def beside(self, owner: int, place: int, comment: Comment) -> Comment:
        """Return *comment*, behind *place* in the text, with its column counted from that of its *owner*.

        In another line than the one where its owner begins, its column means nothing.
        """
        start, column = self._starts[owner]
        return comment._replace(column=0 if "\n" in self.text[start:place] else comment.column - column)

    def _entry(self, start: int) -> int:
        """Return the entry that what comes now, at *start*, is in; it may begin with it."""
        top = self._stack[-1] if self._stack else None
        if top is None:
            self._starts[0] = start, 0
            self._fresh.append(_Place(0, -1))
            return 0
        if top.kind == "list" or top.key is None:
            top.current = self._number()
            self._starts[top.current] = start, top.place.column
            self._fresh.append(_Place(top.current, top.place.column))
        return top.current

    def _leaf(self, event: Any) -> None:
        start, end = self._start(event), event.end_mark.index
        top, entry = self._stack[-1], self._entry(start)
        if event.style in ("|", ">"):
            raw = self.text[start:end]
            # a block text is given the blank lines behind it; they are part of the gap, but a no-break space is not
            end = start + len(raw.rstrip(" \t\r\n"))
            header = _HEADER_COMMENT.match(raw)
            if header:
                place = start + header.start(1)
                self.headers.append((entry, start, Comment(header[1].rstrip(), _column(self.text, place))))
        self._token(start, end, entry)
        leaf = Leaf(event.value, event.style or "")
        if top.kind == "mapping" and top.key is None:
            top.key = leaf
        else:
            self._put(leaf)

    def _begin(self, event: Any, kind: Literal["list", "mapping"]) -> None:
        start, end = self._start(event), event.end_mark.index
        entry = self._entry(start)
        bracket = event.flow_style and start < end  # `[a: b]` has a mapping without any
        if bracket:
            self._token(start, end, entry)
        place = _Place(self._number(), event.start_mark.column)
        self._stack.append(_Open(place, entry, kind, event.flow_style, bracket))

    def _start(self, event: Any) -> int:
        """Return where the value of *event* starts, behind a tag that says nothing."""
        start: int = event.start_mark.index
        tag = _TAG.match(self.text, start, event.end_mark.index) if event.tag == "!" else None
        return tag.end() if tag else start

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        if done.bracket:
            self._token(event.start_mark.index, event.end_mark.index, done.entry, closes=done.place.number)
        elif not done.flow:
            self._closed.append(done.place)
        self._put(Branch(done.place.number, done.kind, done.flow, tuple(done.entries)))

    def _put(self, value: Leaf | Branch) -> None:
        if not self._stack:
            self.root = Entry(0, None, value)
            return
        top = self._stack[-1]
        top.entries.append(Entry(top.current, top.key, value))
        top.key = None

    def _token(self, start: int, end: int, owner: int, closes: int = 0) -> None:
        first = self._fresh[0] if self._fresh else _Place(owner, -1)
        self.tokens.append(_Token(start, end, owner, first, tuple(self._closed), closes))
        self._fresh, self._closed = [], []


class _Found(NamedTuple):
    """What stands in a gap: behind a token on its line, alone on a line, or behind what is no token, such as `-`."""

    comment: Comment
    where: Literal["behind", "alone", "between"] = "alone"


def _gap(text: str, start: int, end: int) -> Iterator[_Found]:
    """Yield the comments and blank lines between two tokens."""
    lines = text[start:end].split("\n")
    at = start
    for index, line in enumerate(lines):
        mark = re.search(r"(?<=\s)#" if line.startswith("%") else "#", line)
        if mark:
            comment = Comment(line[mark.start() :].rstrip(), _column(text, at + mark.start()))
            alone = not line[: mark.start()].strip()
            yield _Found(comment, "behind" if index == 0 and start else "alone" if alone else "between")
        elif 0 < index < len(lines) - 1 and not line.strip():
            yield _Found(Comment(""))
        at += len(line) + 1


def _column(text: str, place: int) -> int:
    return place - (text.rfind("\n", 0, place) + 1)


def _share(layout: Layout, gap: list[_Found], token: _Token) -> None:
    """Give what stands on lines of its own in the *gap* before *token* to what it belongs to."""
    closed, blank = list(token.closed), []
    for comment, where in gap:
        if not comment.text:
            blank = [comment]
            continue
        column = comment.column if where == "alone" else -1
        while closed and not token.first.column < closed[0].column <= column:
            closed.pop(0)
        while len(closed) > 1 and closed[1].column == closed[0].column:  # a list in the column of its key
            closed.pop(0)
        if closed:
            layout.below[closed[0].number] += [*blank, comment]
        elif token.closes:
            layout.below[token.closes] += [*blank, comment]
        else:
            layout.above[token.first.number] += [*blank, comment]
        blank = []
    if not token.closes and (token.first.column >= 0 or token.first.number == 0):
        layout.above[token.first.number] += blank


def _share_head(layout: Layout, root: Leaf | Branch) -> None:
    """Take from the comments at the top those that are about the first key, and not about the whole script.

    They stand right above it, and others stand before them, with a blank line between.
    """
    comments = layout.above[0]
    blank = max((place for place, comment in enumerate(comments) if not comment.text), default=0)
    if any(comment.text for comment in comments[:blank]) and isinstance(root, Branch) and root.entries:
        layout.above[root.entries[0].number][:0] = comments[blank + 1 :]
        del comments[blank + 1 :]
