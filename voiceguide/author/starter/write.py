"""Pieces with their lengths -> the text of a script, with a comment for everything that an author should know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voiceguide.author.spelling import block, inline
from voiceguide.author.starter.budget import Timed
from voiceguide.author.starter.pieces import HALF_MS, SIDES, Pieces, Wanted, clean, spoken
from voiceguide.author.starter.words import ANY_PART, CAUTIOUS, KINDS, MATERIALS, PARTS, POSTURE
from voiceguide.script.model import CAPS_MS, Range
from voiceguide.script.rounds import Counts
from voiceguide.units import format_duration

NOTE_COLUMN = 40
"""Comments behind short values stand here."""


def quoted(text: str, *, flow: bool = False) -> str:
    """Return *text* as a YAML value in one line, in quotation marks if it needs any. With *flow*, between braces."""
    return inline(text, '"', flow=flow)


def text_lines(key: str, text: str, indent: int) -> Iterator[str]:
    """Yield *key* and its *text*: in one line, or folded if that would be too long."""
    inner = indent + (4 if key.startswith("- ") else 2)
    yield from block(text, '"', f"{' ' * indent}{key}: ", inner)


def span(length: Range) -> str:
    """Return *length* as it is written: `35s..60s..100s`, or `8s` if it is rigid."""
    values = (length.shortest, length.natural, length.longest)
    return "..".join(format_duration(ms) for ms in (values if len(set(values)) > 1 else values[:1]))


def write(wanted: Wanted, made: Pieces, timed: tuple[Timed, ...], length: Range, family: str) -> str:
    """Return the whole script: *timed* are the pieces of *made*, in its order."""
    lines = [*_head(wanted, made, length, family), "", "steps:"]
    rows = iter(timed)
    before, between, inside, after = ([next(rows) for _ in group] for group in _groups(made))
    lines += _steps(before, 2)
    if inside:
        lines += _section(wanted, between, inside)
    lines += ["", *_steps(after, 2)] if after else []
    return "\n".join(lines) + "\n"


def _groups(made: Pieces) -> tuple[tuple[object, ...], ...]:
    return made.before, made.between, made.inside, made.after


def _noted(line: str, note: str) -> str:
    return f"{line:<{NOTE_COLUMN}}# {note}" if len(line) < NOTE_COLUMN else f"{line}  # {note}"


def _head(wanted: Wanted, made: Pieces, length: Range, family: str) -> Iterator[str]:
    massage = wanted.kind == "massage"
    about = PARTS.get(wanted.part, ANY_PART)
    yield "# A script to begin with. Lines that start with # are for you: nobody hears them, and you may delete them."
    yield "# Put your own words after every `say:`, then run `voiceguide check` on this file."
    if wanted.language.split("-")[0] != "en":
        yield f"# The words below are English: write them in the language of the voice ({wanted.language})."
    if wanted.breath in CAUTIOUS:
        yield f"# The breath `{wanted.breath}` is not for everybody: in pregnancy, with high blood pressure, heart or"
        yield "# lung disease, fainting, epilepsy, eye-pressure disease or panic attacks, take `even` instead."
    yield from text_lines("routine", clean(wanted.title), 0)
    yield _noted(f"language: {wanted.language}", "of the words below")
    purpose = KINDS[wanted.kind].purpose.replace("$part", spoken(wanted.part) or "body")
    yield from text_lines("purpose", purpose, 0)
    yield _noted(f"family: {family}", f"never longer than {CAPS_MS[family] // 60_000} minutes")
    yield _noted(f"length: {span(length)}", "shortest offered .. default .. longest offered")
    yield from text_lines("posture", about.posture if massage else POSTURE, 0)
    yield f"materials: {about.materials if massage else MATERIALS}"
    yield ""
    yield _noted("voice: {pace: 125 wpm}", "words a minute; it is never hurried to fit")
    if wanted.bed == "none":
        yield _noted("bed: none", "or rain, stream, drone: a quiet sound underneath")
    else:
        yield _noted(
            f"bed: {{sound: {quoted(wanted.bed, flow=True)}, under: 24 dB}}", "so far below the voice; or `bed: none`"
        )
    if wanted.length_ms >= HALF_MS and not made.halved:
        yield "announce:"
        yield "  # Said in the gap that is nearest to the middle, never over other words."
        yield '  - {half: "Half-way. About {remaining} left."}'


def _section(wanted: Wanted, between: list[Timed], inside: list[Timed]) -> Iterator[str]:
    sides = SIDES[wanted.sides]
    part = spoken(wanted.part) or "body"
    yield ""
    title = "Step by step" if not sides else ", then ".join(f"{side} {part}" for side in sides).capitalize()
    if wanted.kind == "rest":
        title = "From place to place"
    yield from text_lines("- section", title, 2)
    if len(sides) > 1:
        pair = "hand" if wanted.part == "hand" else "foot"
        yield _noted(f"    each: {pair}", "left, then right, of whatever comes in pairs; {side} says which")
    elif sides:
        yield _noted(f"    each: {{side: [{sides[0]}]}}", "{side} in the texts says which; add the other if you like")
    if between:
        yield "    between:"
        yield from _steps(between, 6)
    yield "    steps:"
    yield from _steps(inside, 6)


def _steps(timed: Iterable[Timed], indent: int) -> Iterator[str]:
    for number, item in enumerate(timed):
        if number:
            yield ""
        yield f"{' ' * indent}# {item.piece.note}"
        keys = list(_repeat(item, indent + 2) if item.piece.repeat else _keys(item, indent + 2))
        yield f"{' ' * indent}- {keys[0].lstrip()}"
        yield from keys[1:]


def _repeat(item: Timed, indent: int) -> Iterator[str]:
    counts, piece = item.counts, item.piece
    yield f"{' ' * indent}repeat: {_counts(counts)}"
    yield f"{' ' * indent}steps:"
    breath = f"{{pattern: {piece.breath}, cue: tone}}"
    yield f"{' ' * indent}  - {{name: {piece.name}, title: {piece.title}, breathe: {breath}}}"


def _counts(counts: Counts) -> str:
    return f"{counts.fewest}..{counts.natural}..{counts.most}"


def _keys(item: Timed, indent: int) -> Iterator[str]:
    piece, pad = item.piece, " " * indent
    if not piece.name:
        yield f"{pad}pause: {span(item.length)}"
        return
    if piece.chime:
        yield f"{pad}chime: {piece.chime}"
    yield f"{pad}{'do' if piece.hands else 'name'}: {quoted(piece.name)}"
    yield from text_lines("title", piece.title, indent)
    if piece.optional:
        yield _noted(f"{pad}optional: {piece.optional}", "left out when time is short, the highest number first")
    if piece.said.say:
        yield from text_lines("say", piece.said.say, indent)
    if piece.said.brief:
        yield from text_lines("brief", piece.said.brief, indent)
    if piece.breath:
        yield f"{pad}breathe: {{pattern: {piece.breath}, cue: tone}}"
    if piece.pressure:
        yield f"{pad}pressure: {piece.pressure}"
    yield f"{pad}for: {span(item.length)}"
    if item.signs:
        yield f"{pad}at:"
        shares = [round(100 * n / (len(item.signs) + 1)) for n in range(1, len(item.signs) + 1)]
        yield from (
            f"{pad}  - {{{'half' if s == 50 else f'{s}%'}: {quoted(t, flow=True)}}}"
            for s, t in zip(shares, item.signs, strict=True)
        )
