"""Words -> sentences: cut where sentences end, and where a reader breathes if one is longer than an engine can take."""

from __future__ import annotations

import re

LONGEST = 300
"""Characters of a sentence that every engine speaks whole. Piper and Kokoro take about 510 phonemes, which is a little
more than as many characters of English or German; a Chinese or Japanese one comes to five."""
_END = re.compile(r"[.!?…。！？]+[\"')\]]*(?=\s)|[。！？]+")
_INITIAL = re.compile(r"(?:^|[^\w'])[D-HJ-Z]\.$")
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+(?=[,.;:!?…])|(?<=[,;:])(?:\s*[,;:])+")


def sentences(text: str, conjunctions: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the sentences of *text*, of which every line is one at least; those without anything to say are pauses."""
    lines = [line for line in text.split("\n") if _says(line)]
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        start = 0
        for end in _END.finditer(line):
            if not _INITIAL.search(line[max(start, end.start() - 3) : end.end()]):
                found += _told(line[start : end.end()], conjunctions, last=True)
                start = end.end()
        found += _told(line[start:], conjunctions, last=number == len(lines))
    return tuple(found)


def _says(text: str) -> bool:
    return any(c.isalnum() or "\ue000" <= c <= "\uf8ff" for c in text)


def _told(text: str, conjunctions: tuple[str, ...], *, last: bool) -> list[str]:
    text = _BEFORE_MARK.sub("", _SPACES.sub(" ", text.replace('"', "").replace("\u2060", ""))).strip(" ,;:–—-")
    if not _says(text):
        return []
    if not last and (text[-1].isalnum() or text[-1] == ")"):
        text += "."
    return _breaths(text, conjunctions) if _size(text) > LONGEST else [text]


def _size(text: str) -> int:
    return len(text) if text.isascii() else sum(5 if c >= "\u2e80" else 1 for c in text)


def _breaths(text: str, conjunctions: tuple[str, ...]) -> list[str]:
    """Return *text* in pieces that are short enough, cut near the middle at the best place there is."""
    pieces, waiting = [], [text]
    places = [re.compile(p) for p in (r"[;:–—] ", r", ", rf" (?=(?:{'|'.join(conjunctions) or '(?!)'}) )", " ")]
    while waiting:
        piece = waiting.pop().strip()
        if _size(piece) <= LONGEST:
            pieces += [piece] if _says(piece) else []
            continue
        quarter = len(piece) // 4
        cut = len(piece) // 2
        for place in places:
            near = [m.end() for m in place.finditer(piece, quarter, 3 * quarter)]
            if near:
                cut = min(near, key=lambda at: abs(at - len(piece) // 2))
                break
        waiting += [piece[cut:], piece[:cut]]
    return pieces
