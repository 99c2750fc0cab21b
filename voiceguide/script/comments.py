"""Comments that have taken the end of a text away: in YAML, a `#` behind a space begins one."""

from __future__ import annotations

import re
from dataclasses import replace

from voiceguide.diagnostics import Diagnostic, Fix, problem, write
from voiceguide.script.tree import Node
from voiceguide.source import Span

_COMMENT = re.compile(r"([ \t]+)#([^\n]*)")
_MEANT = re.compile(r"#*(?:[ \t]|$)|[ \t]*allow[ \t]")
"""How a comment begins, behind its `#`."""
_WORD = re.compile(r"[^\W\d_]{3}")
_WHOLE = re.compile(r"[.!?\u2026:;][\"')\u201d]*$")
_TAIL = re.compile(r"[ \t]{2,}#[ \t].*$|[ \t]+$")


def swallowed_by_comment(node: Node) -> Diagnostic | None:
    """Return what is wrong if a comment behind the plain text at *node* is rather the rest of it, or None.

    It is a comment if at least two spaces stand before its `#`, or one behind the end of a sentence, and a space behind
    it. `Press point #3` and `Press point # 3` are no comments, `Press here. # shorter` and `Press  # shorter` are.
    """
    text = node.span.source.text
    found = _COMMENT.match(text, node.end) if node.start < node.end and not node.mark else None
    if found is None or not _WORD.search(node.text):
        return None
    apart = len(found[1]) > 1 or _WHOLE.search(node.text) is not None
    if _MEANT.match(found[2]) and (apart or re.match(r"[ \t]*allow[ \t]", found[2])):
        return None
    rest = _TAIL.sub("", found[2])
    span = _span(node, found.end(1), len(rest) + 1)
    fixes: list[Fix] = [Fix("put the whole text in quotation marks")]
    if span.line == node.span.line:
        width = span.column + span.width - node.span.column
        whole = quoted_text(f"{node.raw}{found[1]}#{rest}")
        fixes = [write(whole, certain=not _MEANT.match(found[2]), span=replace(node.span, width=width))]
    fixes.append(Fix("for a comment, put two spaces before the # and one behind it"))
    return problem("swallowed", span, *fixes, expected="the text to its end", found=f"a comment to YAML, `#{rest}`")


def quoted_comment(node: Node) -> Fix | None:
    """Return the fix for a value that is all comment, as in `title: #1 stretch`."""
    found = _COMMENT.match(node.span.source.text, node.end)
    if found is None or _MEANT.match(found[2]):
        return None
    rest = f"#{_TAIL.sub('', found[2])}"
    return write(quoted_text(rest), span=_span(node, found.end(1), len(rest)))


def _span(node: Node, start: int, width: int) -> Span:
    before = node.span.source.text[:start]
    return Span(node.span.source, before.count("\n") + 1, start - before.rfind("\n"), width)


def quoted_text(text: str) -> str:
    """Return *text* in quotation marks, as YAML reads it."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
