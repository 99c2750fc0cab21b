"""Digits and letters made of blocks, to be read from two metres. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

HEIGHT = 5
"""Pixels from the top of a sign to its foot."""
HALVES = 0
"""The smallest scale: two pixels above each other in a cell. At scale n a pixel is 2n cells wide and n high."""
_SIGNS = """
0 ###/#.#/#.#/#.#/###   1 .#./##./.#./.#./###   2 ###/..#/###/#../###   3 ###/..#/.##/..#/###
4 #.#/#.#/###/..#/..#   5 ###/#../###/..#/###   6 ###/#../###/#.#/###   7 ###/..#/..#/.#./.#.
8 ###/#.#/###/#.#/###   9 ###/#.#/###/..#/###   : ./#/./#/.             - ../../##/../..
A .#./#.#/###/#.#/#.#   B ##./#.#/##./#.#/##.   C .##/#../#../#../.##   D ##./#.#/#.#/#.#/##.
E ###/#../##./#../###   F ###/#../##./#../#..   G .###/#.../#.##/#..#/.### H #.#/#.#/###/#.#/#.#
I #/#/#/#/#             J ..#/..#/..#/#.#/.#.   K #.#/#.#/##./#.#/#.#   L #../#../#../#../###
M #...#/##.##/#.#.#/#...#/#...#   N #..#/##.#/#.##/#..#/#..#   O .##./#..#/#..#/#..#/.##.
P ##./#.#/##./#../#..   Q .##./#..#/#..#/#.#./.#.#   R ##./#.#/##./#.#/#.#   S .##/#../.#./..#/##.
T ###/.#./.#./.#./.#.   U #.#/#.#/#.#/#.#/###   V #.#/#.#/#.#/#.#/.#.   X #.#/#.#/.#./#.#/#.#
W #...#/#...#/#.#.#/##.##/#...#   Y #.#/#.#/.#./.#./.#.   Z ###/..#/.#./#../###
. ././././#   , ./././#/#   ' #/#/././.   / ..#/..#/.#./#../#..   ! #/#/#/./#   ? ##./..#/.#./.../.#.
… ...../...../...../...../#.#.#
( .#/#./#./#./.#   ) #./.#/.#/.#/#.   + .../.#./###/.#./...   & .#../#.#./.#../#.#./.#.#
"""
_words = _SIGNS.split()
SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {sign: tuple(rows.split("/")) for sign, rows in zip(_words[::2], _words[1::2], strict=True)}
    | {" ": ("..",) * HEIGHT}
)
"""The pixels of every sign, from its top row to its foot."""
_PAIRS = MappingProxyType({"##": "█", "#.": "▀", ".#": "▄", "..": " "})
_PLAIN_SIGNS = str.maketrans("’‘–—", "''--")


def rows_of(scale: int) -> int:
    """Return how many rows big signs take at *scale*."""
    return HEIGHT * scale if scale else (HEIGHT + 1) // 2


@lru_cache(maxsize=64)
def big(text: str, scale: int, ink: str = "█") -> tuple[str, ...] | None:
    """Return the rows of *text* in big capitals, or None if it has a sign that there is not, or nothing at all.

    Accents are left away. Any *ink* but a whole block cannot be halved: there is nothing at scale `HALVES` then.
    """
    bare = unicodedata.normalize("NFD", text.translate(_PLAIN_SIGNS).upper())
    signs = [SIGNS.get(sign) for sign in bare if not unicodedata.combining(sign)]
    if not signs or None in signs or (scale == HALVES and ink != "█"):
        return None
    pixels = [".".join(sign[row] for sign in signs if sign) for row in range(HEIGHT)]
    if scale == HALVES:
        pairs = zip(pixels[::2], [*pixels[1::2], "." * len(pixels[0])], strict=True)
        return tuple("".join(_PAIRS[over + under] for over, under in zip(*pair, strict=True)) for pair in pairs)
    wide = [row.replace("#", ink * 2 * scale).replace(".", " " * 2 * scale) for row in pixels]
    return tuple(row for row in wide for _ in range(scale))


@lru_cache(maxsize=64)
def biggest(text: str, most: int, width: int, ink: str = "█") -> tuple[str, ...] | None:
    """Return *text* in the biggest signs up to scale *most* that are at most *width* cells wide, or None."""
    for scale in range(most, HALVES - 1, -1):
        rows = big(text, scale, ink)
        if rows and len(rows[0]) <= width:
            return rows
    return None


def big_words(text: str, most: int, width: int) -> tuple[str, ...] | None:
    """Return *text* as `biggest` does, or as many of its first words as there is room for, or None."""
    words = text.split()
    for count in range(len(words), 0, -1):
        part = text if count == len(words) else f"{' '.join(words[:count]).rstrip(',;:-–—')}…"
        rows = biggest(part, most, width)
        if rows:
            return rows
    return None
