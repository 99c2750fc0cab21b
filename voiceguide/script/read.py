"""Source -> Routine: walks the nodes along the grammar table and collects every problem on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from voiceguide.diagnostics import Diagnostic, Fix, Report, problem, write
from voiceguide.script.build import build
from voiceguide.script.comments import quoted_comment, quoted_text, swallowed_by_comment
from voiceguide.script.grammar import FILLABLE, KINDS, kind_of
from voiceguide.script.link import numbered
from voiceguide.script.lookalikes import causes
from voiceguide.script.model import Case, Parameter, Routine, Variants
from voiceguide.script.scalars import Scalar, Wrong, meant
from voiceguide.script.shapes import Choose, Items, Kind, ListOf, MapOf, Nested, OneOrMore, Type
from voiceguide.script.strange import named, odd, plain
from voiceguide.script.texts import CASE
from voiceguide.script.tree import Node, compose
from voiceguide.source import Source, Span

_PARAMETER = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")


def read(source: Source) -> tuple[Routine | None, Report]:
    """Read *source* strictly.

    Returns the routine, or None if there are errors, and the report of every problem found.
    """
    routine, report = read_all(source)
    return (None if report.errors else routine), report


def read_all(source: Source) -> tuple[Routine | None, Report]:
    """Read *source* and return also a routine with errors, as far as it can be understood, so that it can be checked.

    What was refused is missing from it; names that were declared are there.
    """
    routine, report = _understood(source)
    return routine, causes(source, report, lambda made: _understood(made)[1]) if report.errors else report


def _understood(source: Source) -> tuple[Routine | None, Report]:
    return understand(*compose(source))


def understand(root: Node | None, problems: list[Diagnostic]) -> tuple[Routine | None, Report]:
    """Do so with the tree of a script, and with what is wrong with it so far."""
    routine: Routine | None = _Reader(problems).mapping(root, KINDS["routine"]) if root is not None else None
    if routine is not None:
        blocks = {name: replace(block, items=numbered(block.items)) for name, block in routine.blocks.items()}
        routine = replace(routine, steps=numbered(routine.steps), blocks=blocks)
    return routine, Report.of(problems)


def read_entries(
    source: Source, kind: Kind, build: Callable[..., Any]
) -> tuple[dict[str, tuple[Any, Diagnostic | None]], Report]:
    """Read *source*, a mapping from free names to mappings of one *kind*, as strictly as a script.

    Returns by name what *build* makes of an entry, and the first error in it; and every problem found. An empty text
    has no entries and no problem.
    """
    root, problems = compose(source)
    if root is None:
        return {}, Report.of(found for found in problems if found.code != "empty")
    reader, entries = _Reader(problems, {kind.name: kind}, build), {}
    if reader.is_kind(root, "mapping", re.split(r"[/\\]", source.label)[-1]):
        for name, _, value in reader.pairs(root):
            before = len(problems)
            made = reader.value(value, Nested(kind.name), name)
            entries[name] = made, next((found for found in problems[before:] if found.severity == "error"), None)
    return entries, Report.of(problems)


def read_mapping(source: Source, kind: Kind) -> tuple[dict[str, tuple[Any, Span]], Report]:
    """Read *source*, a mapping of one *kind* whose values are single ones, as strictly as a script.

    Returns the values by their keys, each with its place, and every problem found. An empty text has none of both.
    """
    root, problems = compose(source)
    if root is None:
        return {}, Report.of(found for found in problems if found.code != "empty")

    def paired(_: str, values: Mapping[str, Any], spans: Mapping[str, Span], *__: object) -> dict[str, Any]:
        return {key: (value, spans[key]) for key, value in values.items() if value is not None}

    return _Reader(problems, {kind.name: kind}, paired).mapping(root, kind) or {}, Report.of(problems)


class _Reader:
    """Types nodes by the table *kinds*, and has *build* make nouns of what they hold.

    A value that cannot be typed is None, and a problem says why.
    """

    def __init__(
        self, problems: list[Diagnostic], kinds: Mapping[str, Kind] = KINDS, build: Callable[..., Any] = build
    ) -> None:
        self.problems = problems
        self.kinds = kinds
        self.build = build

    def refuse(self, code: str, span: Span, expected: str, found: str, *fixes: Fix | str | None) -> None:
        self.problems.append(problem(code, span, *fixes, expected=expected, found=found))

    def value(self, node: Node, wanted: Type, key: str) -> Any:
        """Return *node* as *wanted*, which is the value of *key*."""
        if node.refused:
            return None
        if isinstance(wanted, Scalar):
            return self.scalar(node, wanted, key)
        if isinstance(wanted, Nested):
            if wanted.short and node.kind == ("list" if isinstance(wanted.short, Items) else "text"):
                short = self.value(node, wanted.short, key)
                return None if short is None else self.build(wanted.kind, {"": short}, {}, node.span, self.problems)
            if isinstance(wanted.short, Items) and not any(
                self.kinds[wanted.kind].key(name.text) for name, _ in node.pairs
            ):
                return self.value(node, wanted.short, key)  # which says what is wrong with it
            return self.mapping(node, self.kinds[wanted.kind], key)
        if isinstance(wanted, Choose):
            return self.variants(node, wanted, key) if node.kind == "mapping" else self.scalar(node, wanted.of, key)
        if isinstance(wanted, OneOrMore) and node.kind != "list":
            one = self.scalar(node, wanted.of, key)
            return None if one is None else (one,)
        if isinstance(wanted, MapOf):
            return self.free_mapping(node, wanted, key)
        if not self.is_kind(node, "list", key):
            return None
        if isinstance(wanted, Items):
            values = [self.item(item, wanted) for item in node.items]
        else:
            values = [self.value(item, wanted.of, key) for item in node.items]
        least = wanted.least if isinstance(wanted, ListOf) else 1
        if len(values) < least:
            self.refuse("empty-value", node.span, f"at least {least} in the list of `{key}`", f"{len(values)}")
        if isinstance(wanted, ListOf) and wanted.most and len(values) > wanted.most:
            expected, values = f"at most {wanted.most} in the list of `{key}`", []
            self.refuse("number", node.span, expected, f"{len(node.items)}")
        known = tuple(value for value in values if value is not None)
        return wanted.make(known) if isinstance(wanted, ListOf) else known

    def scalar(self, node: Node, wanted: Scalar, key: str) -> Any:
        if node.kind != "text":
            self.refuse("wrong-shape", node.span, wanted.expected, node.found())
            return None
        if not node.text.strip():
            quoted = quoted_comment(node) if wanted.prose else None
            self.refuse("empty-value", node.span, f"{wanted.expected} after `{key}`", "nothing", quoted)
            return None
        parsed = wanted.parse(node.text)
        if isinstance(parsed, Wrong):
            span = node.inside(parsed.token, parsed.skip) if parsed.token else node.span
            meant_for, alike = plain(node.text), odd(node.text)
            fix, found = parsed.fix, parsed.found or node.found()
            if meant_for != node.text and not isinstance(wanted.parse(meant_for), Wrong):
                fix = write(meant_for, certain=True, span=node.span)
            if alike and alike in (parsed.token or node.text):
                found += f", with {named(alike)}"
            if isinstance(fix, Fix) and ("\n" in node.raw or (parsed.token and span is node.span)):
                fix = replace(fix, certain=False)  # what is to be replaced is not what is underlined
            self.refuse(parsed.code, span, parsed.expected or wanted.expected, found, fix)
            return None
        if wanted.prose and (swallowed := swallowed_by_comment(node)):
            self.problems.append(swallowed)
        return wanted.place(parsed, node) if wanted.place else parsed

    def variants(self, node: Node, wanted: Choose, key: str) -> Variants | None:
        """Return a value that depends on conditions, or that changes from time to time."""
        pairs = self.pairs(node)
        if not pairs:
            self.refuse("empty-value", node.span, f"{wanted.of.expected} after `{key}`", "an empty mapping")
            return None
        again = next((pair for pair in pairs if pair[0] == "one of"), None) if wanted.rotate else None
        if again:
            for _, name, _ in pairs[1:]:
                expected = "`one of` with a list, or conditions with a value each"
                self.refuse("keys-clash", name.span, expected, "both")
            values = self.value(again[2], ListOf(wanted.of, least=2), key) or ()
            return Variants(tuple(Case(None, value) for value in values), node.span, rotate=True)
        cases = []
        for _, name, value_node in pairs:
            when, value = self.scalar(name, CASE, key), self.value(value_node, wanted.of, key)
            if when is not None and value is not None:
                cases.append(Case(when if when.fact else None, value))
        cases.sort(key=lambda case: case.when is None)  # `else` is what is left
        return Variants(tuple(cases), node.span) if cases else None

    def is_kind(self, node: Node, kind: str, key: str) -> bool:
        if node.kind == kind:
            return True
        if node.kind == "text" and not node.text:
            self.refuse("empty-value", node.span, f"a {kind} after `{key}`", "nothing")
        else:
            hint = "start each entry with `- `" if kind == "list" else "write `key: value` lines"
            self.refuse("wrong-shape", node.span, f"a {kind} under `{key}`", node.found(), hint)
        return False

    def pairs(self, node: Node) -> list[tuple[str, Node, Node]]:
        """Return the pairs of a mapping whose keys are texts and stand there for the first time."""
        seen: dict[str, Node] = {}
        found = []
        for name, value in self.whole(node) if any(value.bare for _, value in node.pairs) else node.pairs:
            if name.kind != "text":
                self.refuse("wrong-shape", name.span, "a key", name.found())
            elif name.text in seen:
                first = seen[name.text].span.line
                expected = f"`{name.text}` once"
                self.refuse(
                    "duplicate-key", name.span, expected, f"it again (first in line {first})", "keep one of them"
                )
            else:
                seen[name.text] = name
                found.append((name.text, name, value))
        return found

    def whole(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Yield the pairs of a mapping; texts that a comma in braces has cut are reported, each once and in one piece.

        What stands behind such a comma is a key to YAML, without a value and without a colon.
        """
        pairs = list(node.pairs)
        while pairs:
            name, value = pairs.pop(0)
            rest = [name for name, _ in takewhile(_is_rest, pairs)] if value.kind == "text" and value.text else []
            if rest and not value.refused:
                self.refuse_comma(value, rest)
            yield name, replace(value, refused=True) if rest else value
            del pairs[: len(rest)]

    def refuse_comma(self, first: Node, rest: list[Node]) -> None:
        text = ", ".join(part.text for part in (first, *rest))
        start, end = first.span, rest[-1].span
        quoted = quoted_text(text)
        fix = Fix("write {} in one line", quoted)
        if end.line == start.line:
            start = replace(start, width=end.column + end.width - start.column)
            fix = write(quoted, certain=True)
        self.refuse("comma", start, "quotation marks around a text with a comma", f"`{text}`", fix)

    def free_mapping(self, node: Node, wanted: MapOf, key: str) -> dict[Any, Any] | None:
        if wanted.alone and node.kind == "text":
            value = self.value(node, wanted.value, key)
            return None if value is None else {wanted.alone: value}
        if not self.is_kind(node, "mapping", key):
            return None
        made: dict[Any, Any] = {}
        for name, name_node, value_node in self.pairs(node):
            typed = self.scalar(name_node, wanted.key, key)
            value = self.value(value_node, wanted.value, name)
            if typed is not None and typed in made:
                self.refuse("duplicate-key", name_node.span, f"`{name}` once", "the same again", "keep one of them")
            elif typed is not None:
                made[typed] = wanted.stand_in if value is None else value
        return {name: value for name, value in made.items() if value is not None}

    def mapping(self, node: Node, kind: Kind, key: str = "") -> Any:
        """Return the noun that *kind* builds from *node*."""
        if not self.is_kind(node, "mapping", key or kind.title):
            return None
        values: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        for name, name_node, value_node in self.pairs(node):
            known = kind.key(name)
            if known is not None:
                spans[name] = value_node.span
                values[name] = self.parameter(value_node, name, kind) or self.value(value_node, known.type, name)
                continue
            likely = self.unknown(name, name_node, kind)
            if likely:  # then nobody should be told that it is missing
                values.setdefault(likely, None)
                spans.setdefault(likely, value_node.span)
        for need in kind.keys:
            if need.required and need.name not in spans:
                self.refuse("missing-key", node.span, f"`{need.name}:` in {kind.title}", "none", need.doc)
        return self.build(kind.name, values, spans, node.span, self.problems)

    def parameter(self, node: Node, key: str, kind: Kind) -> Parameter | None:
        """Return what stands at *node* if it is the parameter of a block, as in `for: "{time}"`."""
        match = _PARAMETER.fullmatch(node.text) if node.kind == "text" and node.text[:1] == "{" else None
        return Parameter(key, match[1], node.span) if match and kind.name == "step" and key in FILLABLE else None

    def unknown(self, name: str, node: Node, kind: Kind) -> str:
        """Report a key that *kind* does not have; return the one that was probably meant."""
        homes = [other.title for other in self.kinds.values() if other.key(name)]
        names = [key.name for key in kind.keys]
        fix = meant(name, names, 0.85 if homes else 0.6)
        fallback = f"`{name}` belongs in {' or '.join(homes)}" if homes else f"{kind.title} has: {', '.join(names)}"
        self.refuse("unknown-key", node.span, f"a key of {kind.title}", node.found(), fix or fallback)
        return fix.text or "" if fix else ""

    def item(self, node: Node, wanted: Items) -> Any:
        """Return one entry of a list of steps."""
        if node.kind != "mapping":
            self.refuse("not-a-step", node.span, _entry(wanted), node.found(), "write `- say: ...` or `- do: ...`")
            return None
        keys = {name.text for name, _ in node.pairs}
        kind = kind_of(wanted, keys)
        if kind is None:
            elsewhere = next(
                (k.title for k in KINDS.values() if k.name not in wanted.kinds and keys & set(k.marks)), None
            )
            strange = [name for name, _ in node.pairs if name.text not in {k.name for k in KINDS["step"].keys}]
            if elsewhere is None and strange:
                return self.mapping(node, KINDS["step"])
            found = elsewhere or "an entry without any of " + ", ".join(f"`{m}`" for m in KINDS["step"].marks)
            self.refuse("not-a-step", node.span, _entry(wanted), found)
            return None
        return self.mapping(node, kind)


def _is_rest(pair: tuple[Node, Node]) -> bool:
    """Tell whether *pair* is what a comma has cut off a text, not a key whose value was forgotten."""
    name, value = pair
    return value.bare and name.kind == "text" and not any(kind.key(name.text) for kind in KINDS.values())


def _entry(wanted: Items) -> str:
    titles = [KINDS[name].title for name in wanted.kinds]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"
