"""How long everything is: pieces with their needs -> ranges whose natural sum is exactly the wanted length.

Voices differ, so words are counted generously: what is planned here must fit whoever speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from voiceguide.author.starter.words import Said
from voiceguide.script.model import Range
from voiceguide.script.rounds import Counts

WORD_MS, SENTENCE_MS, LETTER_MS, STRANGE_MS = 600, 300, 100, 600
"""Room for a word, after a sentence, for a letter of long words, and for digits and signs, which are spoken as words.

At 125 words a minute a word takes about 480 ms, and 700 ms part two sentences.
"""
QUIET_MS = 6000
"""Silence that hands at work need in every step (domain 3.1)."""
SILENCE_MS = 45_000
"""Silence after which a listener thinks that it has stopped (domain 6.2)."""
SIGN_MS = 7000
"""Room that one sign of life takes, with some silence round it."""
LEAST, MOST = 60, 150
"""Shortest and longest length offered, in percent of the default one."""

SILENT = Said("", "")
ONCE = Counts(1, 1, 1)


@dataclass(frozen=True)
class Piece:
    """A step before it has a length: what it says and needs. All times in milliseconds.

    *work* pieces take the time that is left over; *times* is how often it comes (once a side). *sound_ms* is how long
    its chime rings, *tail_ms* after how long words may follow. *rounds* of *cycle_ms* are whole breaths inside it; with
    *repeat*, it is a repeat of them, at most *most*.
    """

    name: str
    title: str
    note: str
    said: Said = SILENT
    chime: str = ""
    sound_ms: int = 0
    tail_ms: int = 0
    hands: bool = False
    work: bool = False
    repeat: bool = False
    times: int = 1
    air_ms: int = 0
    grow_ms: int = 0
    breath: str = ""
    cycle_ms: int = 0
    rounds: int = 0
    most: int = 0
    pressure: int = 0
    optional: int = 0
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timed:
    """A piece with its length (or its rounds), and the signs of life that keep it company."""

    piece: Piece
    length: Range
    counts: Counts = ONCE
    signs: tuple[str, ...] = ()


def words_ms(text: str) -> int:
    """Return more milliseconds than any voice is expected to take for *text* at 125 words a minute."""
    spoken = text.replace("{remaining}", "two and a half minutes")
    words = max(len(spoken.split()) * WORD_MS, len(spoken) * LETTER_MS)
    strange = sum(not character.isascii() or character.isdigit() for character in spoken)
    return words + strange * STRANGE_MS + sum(spoken.count(mark) for mark in ".!?") * SENTENCE_MS


def needs_ms(piece: Piece, text: str, rounds: int) -> int:
    """Return the least length of *piece* in whole seconds, if it says *text* and breathes *rounds*."""
    spoken = piece.tail_ms + words_ms(text) + (QUIET_MS if piece.hands else 0) + rounds * piece.cycle_ms
    return -(-max(piece.sound_ms, spoken) // 1000) * 1000


def least_ms(pieces: Sequence[Piece]) -> int:
    """Return the shortest default length that *pieces* can have."""
    return sum(piece.times * _natural(piece) for piece in pieces)


def budget(pieces: Sequence[Piece], length_ms: int, cap_ms: int) -> tuple[tuple[Timed, ...], Range]:
    """Return *pieces* with ranges whose natural values sum to *length_ms*, and the lengths that can be offered.

    *length_ms* is at least `least_ms(pieces)` and at most *cap_ms*.
    """
    left = length_ms - least_ms(pieces)
    paced = [piece for piece in pieces if piece.repeat]
    rounds = 1
    if paced:
        cycle_ms = paced[0].cycle_ms
        rounds = min(paced[0].most // len(paced), 1 + left // (cycle_ms * len(paced)))
        left -= (rounds - 1) * cycle_ms * len(paced)
    naturals = _share([_natural(piece) for piece in pieces], pieces, left)
    longest_ms = min(_nice(length_ms * MOST // 100, up=False), cap_ms)
    stretched = _stretch(pieces, naturals, rounds, max(longest_ms, length_ms))
    timed = tuple(_timed(*row, rounds) for row in zip(pieces, naturals, stretched, strict=True))
    floor_ms = sum(_shortest(t) for t in timed if not t.piece.optional)
    shortest_ms = max(_nice(length_ms * LEAST // 100, up=True), _nice(floor_ms, up=True))
    return timed, Range(min(shortest_ms, length_ms), length_ms, max(longest_ms, length_ms))


def _natural(piece: Piece) -> int:
    """Return the least natural length of *piece*: its full words, and its air."""
    return piece.cycle_ms if piece.repeat else needs_ms(piece, piece.said.say, piece.rounds) + piece.air_ms


def _share(naturals: list[int], pieces: Sequence[Piece], left_ms: int) -> list[int]:
    """Return *naturals* with *left_ms* given to the pieces that work, in whole seconds; the rest goes to one of them.

    Equal lengths come first: whoever has least is given more.
    """
    made = list(naturals)
    working = [index for index, piece in enumerate(pieces) if piece.work]
    while working:
        lowest = min(made[index] for index in working)
        low = [index for index in working if made[index] == lowest]
        above = min((made[index] for index in working if made[index] > lowest), default=10**9)
        once = sum(pieces[index].times for index in low)
        step = min(above - lowest, left_ms // once // 1000 * 1000)
        if step <= 0:
            break
        for index in low:
            made[index] += step
        left_ms -= step * once
    alone = [index for index, piece in enumerate(pieces) if piece.times == 1 and not piece.repeat and piece.said.say]
    sink = max(alone, key=lambda index: (pieces[index].work, index))
    made[sink] += left_ms
    return made


def _stretch(pieces: Sequence[Piece], naturals: list[int], rounds: int, longest_ms: int) -> list[int]:
    """Return the longest length of every piece (of a repeat: its rounds), so that together they reach *longest_ms*."""
    made = [n + piece.grow_ms for piece, n in zip(pieces, naturals, strict=True)]
    repeats = [index for index, piece in enumerate(pieces) if piece.repeat]
    for index in repeats:
        made[index] = max(rounds, min(-(-rounds * MOST // 100), pieces[index].most // len(repeats)))
    lasting = [made[i] * (p.cycle_ms if p.repeat else p.times) for i, p in enumerate(pieces)]
    working = [index for index, piece in enumerate(pieces) if piece.work]
    sinks = working or [max(i for i, piece in enumerate(pieces) if piece.said.say and not piece.repeat)]
    fixed_ms = sum(lasting) - sum(lasting[index] for index in sinks)
    base_ms = sum(lasting[index] for index in sinks)
    for index in sinks:
        wanted = -(-made[index] * (longest_ms - fixed_ms) // base_ms)
        made[index] = max(made[index] * MOST // 100, -(-wanted // 1000) * 1000)
    return made


def _timed(piece: Piece, natural: int, longest: int, rounds: int) -> Timed:
    if piece.repeat:
        cycle_ms = piece.cycle_ms
        return Timed(piece, Range(cycle_ms, cycle_ms, cycle_ms), Counts(max(1, rounds // 2), rounds, longest))
    full_ms = needs_ms(piece, piece.said.say, piece.rounds)
    count = max(0, min(longest // SILENCE_MS, (natural - full_ms) // SIGN_MS)) if piece.signs else 0
    signs = tuple(islice(cycle(piece.signs), count))
    brief_ms = needs_ms(piece, piece.said.brief or piece.said.say, (piece.rounds + 1) // 2)
    shortest = brief_ms + sum(-(-words_ms(sign) // 1000) * 1000 for sign in signs)
    if piece.work:
        shortest = max(shortest, natural * LEAST // 100_000 * 1000)
    return Timed(piece, Range(min(shortest, natural), natural, longest), signs=signs)


def _shortest(timed: Timed) -> int:
    if timed.piece.repeat:
        return timed.piece.cycle_ms * timed.counts.fewest
    return timed.length.shortest * timed.piece.times


def _nice(ms: int, *, up: bool) -> int:
    """Return *ms* as a round length: to 5 seconds, from five minutes on to 15."""
    step = 5000 if ms < 300_000 else 15_000
    return -(-ms // step) * step if up else ms // step * step
