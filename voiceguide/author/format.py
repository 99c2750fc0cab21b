"""Source -> the same script in the house style: the order of keys, indentation, quotes, folds and blank lines.

What a script means is never changed, and no comment is lost: both are looked at again before the text is given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import dropwhile
from typing import Any

import yaml
from yaml.emitter import Emitter

from voiceguide.author.flow import meaning
from voiceguide.author.layout import Branch, Comment, Entry, Layout, lay_out
from voiceguide.diagnostics import Report
from voiceguide.script import texts
from voiceguide.script.grammar import KINDS, kind_of
from voiceguide.script.model import Routine
from voiceguide.script.read import read_all, understand
from voiceguide.script.shapes import Choose, Items, Kind, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.tree import Node, compose
from voiceguide.source import Source

FIRST: Mapping[str, tuple[str, ...]] = {
    "step": (
        *("chime", "strikes", "every", "do", "name", "title"),
        *("optional", "group", "when", "unless", "freed"),
    ),
}
LAST: Mapping[str, tuple[str, ...]] = {
    "routine": ("blocks", "steps"),
    "step": ("for", "quiet", "at"),
    "section": ("between", "steps"),
    "repeat": ("steps",),
}
"""Where the house style departs from the table of keys: what stands before all other keys of a kind, and after them.

A step begins with what is heard first and with its name, then says whether it takes place at all; long lists come last.
"""


def format_script(source: Source) -> str | Report:
    """Return the text of *source* in the house style, or, if it has errors, the report of its problems.

    Formatting what was formatted changes nothing. Raises RuntimeError rather than return a text that means something
    else or has lost a comment, which would be a mistake in voiceguide.
    """
    source = Source(source.label, "\n".join(source.lines).removeprefix("\ufeff"))
    root, problems = compose(source)
    routine, report = understand(root, problems)
    if routine is None or root is None or report.errors:
        return read_all(source)[1]  # with the causes that nobody sees
    layout = lay_out(root)
    text = _Writer(layout).page()
    confirm(routine, layout, Source(source.label, text))
    return text


def confirm(routine: Routine, layout: Layout, formatted: Source) -> None:
    """Raise RuntimeError unless *formatted* means *routine*, places aside, and has every comment of *layout*."""
    root, problems = compose(formatted)
    again, report = understand(root, problems)
    if again is None or root is None or report.errors or meaning(again) != meaning(routine):
        raise RuntimeError(f"formatting would change what {formatted.label} means; nothing was written\n{report}")
    if lay_out(root).comments() != layout.comments():
        raise RuntimeError(f"formatting would lose a comment of {formatted.label}; nothing was written")


def order(kind: Kind) -> list[str]:
    """Return the keys of *kind* in the order of the house style."""
    first, last = FIRST.get(kind.name, ()), LAST.get(kind.name, ())
    return [*first, *(key.name for key in kind.keys if key.name not in (*first, *last)), *last]


class _Writer:
    """Writes a layout, with the table of keys at hand."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def page(self) -> str:
        """Return the whole text."""
        root = self.layout.root
        assert isinstance(root.value, Branch)
        head = _without_first_blanks([*self.layout.above[root.number], *self.layout.beside[root.number]])
        hoisted, lines = self.block(root.value, 0, Nested("routine"))
        between = [Comment("")] if head and hoisted else []
        return "\n".join([*_lines([*head, *between, *hoisted], 0), *lines]) + "\n"

    def block(self, branch: Branch, indent: int, wanted: Type | None) -> tuple[list[Comment], list[str]]:
        """Return the comments above the first entry of *branch*, without blank lines before them, and its lines."""
        hoisted: list[Comment] = []
        lines: list[str] = []
        for place, (entry, its_type) in enumerate(_ordered(branch, wanted)):
            above, body = self.entry(entry, indent, its_type)
            if place:
                lines += _lines(above, indent)
            else:
                hoisted = above
            lines += body
        return _without_first_blanks(hoisted), lines + _lines(self.layout.below[branch.number], indent)

    def entry(self, entry: Entry, indent: int, wanted: Type | None) -> tuple[list[Comment], list[str]]:
        """Return what stands above *entry*, and its lines."""
        value = entry.value
        above, beside = list(self.layout.above[entry.number]), list(self.layout.beside[entry.number])
        dash = " " * indent + "- "
        prefix = " " * indent + _key(entry.key, flow=False) if entry.key else dash
        behind = 0  # the line that a comment beside the entry stands behind
        if isinstance(value, Node):
            lines = block(_text(value, wanted), value.mark, prefix, indent + 2)
        elif brackets := self.brackets(value, wanted, prefix):
            lines, behind = brackets, -1
            above += self.layout.below[value.number]  # of an empty list: there is no line inside for it
        else:
            hoisted, lines = self.block(value, indent + 2, wanted)
            if entry.key:
                lines = [prefix.rstrip(), *_lines(hoisted, indent + 2), *lines]
            else:
                lines[0] = dash + lines[0][len(dash) :]
                above += beside + hoisted
                beside = []
        # behind a text, a `#` without a space is rather the rest of it
        last = 1 if beside and _MARKED.match(beside[-1].text) else 0
        above += beside[: len(beside) - last]
        for comment in beside[len(beside) - last :]:
            lines[behind] = _with_comment(lines[behind], comment, indent)
        return above, lines

    def brackets(self, branch: Branch, wanted: Type | None, prefix: str) -> list[str]:
        """Return the lines of *branch* in flow style, or none if it has to be written in block style."""
        if not branch.entries:
            return [prefix + self.flow(branch, wanted)]
        if not branch.flow or self.holds_comments(branch) or _holds_mappings_in_a_list(branch):
            return []
        whole = prefix + self.flow(branch, wanted)
        if len(whole) <= WIDTH:
            return [whole]
        if branch.kind == "mapping":
            return []
        room = WIDTH - len(prefix) - 1
        values = [self.flow_value(entry.value, its_type) for entry, its_type in _ordered(branch, wanted)]
        lines = fill([*(f"{value}," for value in values[:-1]), f"{values[-1]}]"], room)
        if any(len(line) > room for line in lines):
            return []
        return [f"{prefix}[{lines[0]}", *(" " * (len(prefix) + 1) + line for line in lines[1:])]

    def flow(self, branch: Branch, wanted: Type | None) -> str:
        """Return *branch* in flow style, in one line."""
        inside = []
        for entry, its_type in _ordered(branch, wanted):
            inside.append((_key(entry.key, flow=True) if entry.key else "") + self.flow_value(entry.value, its_type))
        return ("[{}]" if branch.kind == "list" else "{{{}}}").format(", ".join(inside))

    def flow_value(self, value: Node | Branch, wanted: Type | None) -> str:
        if isinstance(value, Branch):
            return self.flow(value, wanted)
        return inline(_text(value, wanted), value.mark, flow=True)

    def holds_comments(self, branch: Branch) -> bool:
        """Return whether there is a comment between the brackets of *branch*."""
        layout = self.layout
        notes = [*layout.below[branch.number]]
        for entry in branch.entries:
            notes += layout.above[entry.number] + layout.beside[entry.number]
        inner = any(self.holds_comments(entry.value) for entry in branch.entries if isinstance(entry.value, Branch))
        return inner or any(comment.text for comment in notes)


def _holds_mappings_in_a_list(branch: Branch) -> bool:
    """Return whether *branch* is or holds a list of anything but single values, such as steps: too much for a line."""
    inner = [entry.value for entry in branch.entries if isinstance(entry.value, Branch)]
    return bool(inner) and (branch.kind == "list" or any(map(_holds_mappings_in_a_list, inner)))


def _ordered(branch: Branch, wanted: Type | None) -> Iterator[tuple[Entry, Type | None]]:
    """Yield the entries of *branch* in the order of the house style, with the types of their values."""
    if branch.kind == "list":
        for entry in branch.entries:
            yield entry, _type_of_item(entry.value, wanted)
    elif isinstance(wanted, Nested):
        kind = KINDS[wanted.kind]
        places = {name: place for place, name in enumerate(order(kind))}
        known = [(entry, entry.key.text if entry.key else "") for entry in branch.entries]
        for entry, name in sorted(known, key=lambda pair: places.get(pair[1], len(places))):
            key = kind.key(name)
            yield entry, key.type if key else None
    else:
        for entry in branch.entries:
            # the cases of a choice are values like the one they stand for
            yield entry, wanted.value if isinstance(wanted, MapOf) else wanted if isinstance(wanted, Choose) else None


def _type_of_item(value: Node | Branch, wanted: Type | None) -> Type | None:
    if isinstance(wanted, ListOf | OneOrMore | Choose):
        return wanted.of
    wanted = wanted.short if isinstance(wanted, Nested) else wanted
    if isinstance(wanted, Items) and isinstance(value, Branch):
        kind = kind_of(wanted, {entry.key.text for entry in value.entries if entry.key})
        return Nested(kind.name) if kind else None
    return None


def _key(key: Node, *, flow: bool) -> str:
    return f"{inline(key.text, key.mark, flow=flow)}: "


def _text(leaf: Node, wanted: Type | None) -> str:
    """Return the text of *leaf*; in spoken words the reader takes all white space for one space, so it is made one."""
    if (wanted.of if isinstance(wanted, Choose) else wanted) is not texts.SPOKEN:
        return leaf.text
    lines = [re.sub("[ \t]+", " ", line).strip(" ") for line in leaf.text.strip("\n").split("\n")]
    if leaf.mark == "|" and len(lines) > 1:  # its author wants these lines
        return "\n".join(lines) + "\n" * leaf.text.endswith("\n")
    return " ".join(line for line in lines if line)


_MARKED = re.compile(r"#+(?:\s|$)")


def _without_first_blanks(comments: list[Comment]) -> list[Comment]:
    return list(dropwhile(lambda comment: not comment.text, comments))


def _lines(comments: list[Comment], indent: int) -> list[str]:
    """Return *comments* as lines, with one blank line at most between two."""
    lines = [" " * indent + comment.text if comment.text else "" for comment in comments]
    return [line for place, line in enumerate(lines) if line or not place or lines[place - 1]]


def _with_comment(line: str, comment: Comment, indent: int) -> str:
    """Return *line* with *comment* behind it: where its author put it, if there is room, or else behind two spaces."""
    column = indent + comment.column
    return line.ljust(column if len(line) < column < WIDTH else len(line) + 2) + comment.text


WIDTH = 106
"""The longest line, in characters. The shipped scripts are set to it."""


def inline(text: str, style: str, *, flow: bool) -> str:
    """Return *text* in one line, for use inside brackets (*flow*) or outside of them.

    What its author wrote in *style* plain stays plain. Quotes go where they are not needed.
    """
    facts = _analyze(text)
    bare = text == text.strip() and (facts.allow_flow_plain if flow else facts.allow_block_plain)
    if text and "\n" not in text and (bare or not style):
        return text
    if not _is_printable(text) or "\n" in text:
        return str(yaml.dump(text, default_style='"', width=float("inf"), allow_unicode=True)).rstrip("\n")
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def block(text: str, style: str, prefix: str, indent: int) -> list[str]:
    """Return the lines of *text* behind *prefix*, which is a key or a dash; more lines are indented by *indent*."""
    if "\n" not in text:
        line, words = prefix + inline(text, style, flow=False), _words(text)
        too_long = len(line) > WIDTH and len(words) > 1
        instead_of_quotes = style == ">" and len(line) <= WIDTH and line != prefix + text
        if _is_foldable(text) and (too_long or instead_of_quotes):
            return [f"{prefix}>-", *_indented(fill(words, WIDTH - indent), indent)]
        return [line]
    body = text.removesuffix("\n")
    chomp = "-" if body == text else ""
    parts = body.split("\n")
    if style == ">" and parts[0] and parts[-1] and all(not part or _is_foldable(part) for part in parts):
        lines = [line for part in parts for line in ("", *fill(_words(part), WIDTH - indent))][1:]
        return [f"{prefix}>{chomp}", *_indented(lines, indent)]
    if style in ("", "|", ">") and _is_literal(parts):
        return [f"{prefix}|{chomp}", *_indented(parts, indent)]
    return [prefix + inline(text, style, flow=False)]


def fill(words: Iterable[str], width: int) -> list[str]:
    """Return *words*, joined by spaces to lines of at most *width* characters, where words are no longer than that."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return lines


def _words(text: str) -> list[str]:
    """Split *text* at single spaces: at more of them, folding would not give the same text again."""
    return re.split("(?<=[^ ]) (?=[^ ])", text)


def _indented(lines: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in lines]


def _is_foldable(text: str) -> bool:
    return bool(text) and text == text.strip(" \t") and _is_printable(text)


def _is_literal(lines: list[str]) -> bool:
    """Return whether YAML reads *lines* back as they are, without being told how far they are indented."""
    printable = all(_is_printable(line.replace("\t", " ")) and line == line.rstrip(" \t") for line in lines)
    return printable and bool(lines[-1]) and lines[0][:1] not in ("", " ", "\t")


def _is_printable(text: str) -> bool:
    return bool(_analyze(text.replace("\n", " ")).allow_single_quoted)


@lru_cache(maxsize=1000)
def _analyze(text: str) -> Any:
    emitter: Any = Emitter(None)  # type: ignore[arg-type]  # it is only asked, and writes nothing
    emitter.allow_unicode = True
    return emitter.analyze_scalar(text)
