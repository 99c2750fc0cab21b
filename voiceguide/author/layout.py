"""Tree -> layout: a script as its author set it out, with every comment and the thing it belongs to.

Comments stand in the gaps between the values, keys and brackets of the tree: libyaml itself throws them away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field
from itertools import repeat
from typing import Literal, NamedTuple

from voiceguide.nouns import dataclass
from voiceguide.script.tree import Node

_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


class Comment(NamedTuple):
    """A comment from its `#` on, and the column of the `#`; or a blank line, if *text* is empty.

    Columns count from 0; beside an entry, from the column of the entry, so that aligned comments stay aligned.
    """

    text: str
    column: int = 0


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
    key: Node | None
    value: Node | Branch


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


def lay_out(root: Node) -> Layout:
    """Return the layout of the tree *root*, whose keys must be single values. Line ends must be `\\n`."""
    text, walk = root.span.source.text, _Walk(root.span.source.text)
    layout = Layout(walk.entry(None, root, None))
    assert isinstance(layout.root.value, Branch)
    walk.token(len(text), len(text), 0, closes=layout.root.value.number)
    for owner, start, _, comment in walk.headers:
        layout.beside[owner].append(walk.beside(owner, start, comment))
    before: _Token | None = None
    for token in walk.tokens:
        gap = list(_gap(text, before.end if before else 0, token.start))
        if before and gap and gap[0].where == "behind":
            comment = walk.beside(before.owner, before.end, gap.pop(0).comment)
            layout.beside[before.owner].append(comment)
        _share(layout, gap, token)
        before = token
    _share_head(layout, layout.root.value)
    return layout


def remarks(root: Node) -> Iterator[tuple[int, str]]:
    """Yield where each comment of the tree *root* begins in its text, and the comment. Keys may be anything."""
    text, walk = root.span.source.text, _Walk(root.span.source.text)
    walk.entry(None, root, None)
    yield from ((place, comment.text) for _, _, place, comment in walk.headers)
    starts, ends = (*(token.start for token in walk.tokens), len(text)), (0, *(token.end for token in walk.tokens))
    for gap in map(_gap, repeat(text), ends, starts):
        yield from ((found.place, found.comment.text) for found in gap if found.comment.text)


def _end(leaf: Node) -> int:
    """Return where *leaf* ends: a block text is given the blank lines behind it, but they are part of the gap."""
    if leaf.mark not in ("|", ">"):
        return leaf.end
    return leaf.start + len(leaf.raw.rstrip(" \t\r\n"))  # a no-break space is not blank


class _Walk:
    """Makes entries of nodes, and notes the tokens between which the gaps are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        self.headers: list[tuple[int, int, int, Comment]] = []
        self._starts: dict[int, tuple[int, int]] = {}
        self._count = 0
        self._fresh: list[_Place] = []
        self._closed: list[_Place] = []

    def beside(self, owner: int, place: int, comment: Comment) -> Comment:
        """Return *comment*, behind *place* in the text, with its column counted from that of its *owner*.

        In another line than the one where its owner begins, its column means nothing.
        """
        start, column = self._starts[owner]
        return comment._replace(column=0 if "\n" in self.text[start:place] else comment.column - column)

    def entry(self, key: Node | None, value: Node, branch: _Place | None, *, flow: bool = False) -> Entry:
        """Return the entry of *key* (of a mapping) and *value* in *branch*; the root has none."""
        number = self._number() if branch else 0
        column = branch.column if branch else 0
        self._starts[number] = (key or value).opens, column
        self._fresh.append(_Place(number, column if branch else -1))
        if key:
            self._value(key, number, flow=True)
        return Entry(number, key, self._value(value, number, flow=flow))

    def token(self, start: int, end: int, owner: int, closes: int = 0) -> None:
        """Note what stands between two gaps."""
        first = self._fresh[0] if self._fresh else _Place(owner, -1)
        self.tokens.append(_Token(start, end, owner, first, tuple(self._closed), closes))
        self._fresh, self._closed = [], []

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _value(self, node: Node, entry: int, *, flow: bool) -> Node | Branch:
        if node.kind == "text":
            header = _HEADER_COMMENT.match(self.text, node.opens, node.end) if node.mark in ("|", ">") else None
            if header:
                comment = Comment(header[1].rstrip(), _column(self.text, header.start(1)))
                self.headers.append((entry, node.opens, header.start(1), comment))
            self.token(node.opens, _end(node), entry)
            return node
        opens, bracket = node.opens, bool(node.mark)
        if bracket:
            self.token(opens, opens + 1, entry)
        flow = flow or bracket  # `[a: b]` has a mapping without any
        place = _Place(self._number(), _column(self.text, node.start))
        pairs = node.pairs if node.kind == "mapping" else tuple((None, item) for item in node.items)
        entries = tuple(self.entry(key, value, place, flow=flow) for key, value in pairs)
        if bracket:
            self.token(node.end - 1, node.end, entry, closes=place.number)
        elif not flow:
            self._closed.append(place)
        return Branch(place.number, "mapping" if node.kind == "mapping" else "list", flow, entries)


class _Found(NamedTuple):
    """What stands in a gap: behind a token on its line, alone on a line, or behind what is no token, such as `-`."""

    comment: Comment
    where: Literal["behind", "alone", "between"] = "alone"
    place: int = 0


def _gap(text: str, start: int, end: int) -> Iterator[_Found]:
    """Yield the comments and blank lines between two tokens."""
    lines = text[start:end].split("\n")
    at = start
    for index, line in enumerate(lines):
        mark = re.search(r"(?<=\s)#" if line.startswith("%") else "#", line)
        if mark:
            comment = Comment(line[mark.start() :].rstrip(), _column(text, at + mark.start()))
            alone = not line[: mark.start()].strip()
            where: Literal["behind", "alone", "between"] = "alone" if alone else "between"
            yield _Found(comment, "behind" if index == 0 and start else where, at + mark.start())
        elif 0 < index < len(lines) - 1 and not line.strip():
            yield _Found(Comment(""))
        at += len(line) + 1


def _column(text: str, place: int) -> int:
    return place - (text.rfind("\n", 0, place) + 1)


def _share(layout: Layout, gap: list[_Found], token: _Token) -> None:
    """Give what stands on lines of its own in the *gap* before *token* to what it belongs to."""
    closed, blank = list(token.closed), []
    for comment, where, _ in gap:
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


def _share_head(layout: Layout, root: Node | Branch) -> None:
    """Take from the comments at the top those that are about the first key, and not about the whole script.

    They stand right above it, and others stand before them, with a blank line between.
    """
    comments = layout.above[0]
    blank = max((place for place, comment in enumerate(comments) if not comment.text), default=0)
    if any(comment.text for comment in comments[:blank]) and isinstance(root, Branch) and root.entries:
        layout.above[root.entries[0].number][:0] = comments[blank + 1 :]
        del comments[blank + 1 :]
