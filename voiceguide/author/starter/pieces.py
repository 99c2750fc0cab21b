"""SessionRequest -> the pieces of a session, in order: which there are, what each says, what each needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, chain, count, cycle, islice
from string import Template

from voiceguide.author.starter.budget import Piece
from voiceguide.author.starter.words import ANY_PART, KINDS, PARTS, RESTING, TIME_LEFT, WAYS, Kind, Part, Said
from voiceguide.script.breaths import BREATHS
from voiceguide.script.build import slug

SIDES = {"both": ("left", "right"), "left": ("left",), "right": ("right",), "none": ()}
"""The sides that a section is run for, by the word after `--sides`."""
RINGS_MS = {"begin": (6000, 2000), "change": (4800, 2500), "end": (7900, 0)}
"""How long the bundled chimes ring, and after how long words may follow them."""
FRAME_MS = 45_000
"""About what comes before paced breathing."""
SMALL_WORDS = frozenset(["a", "an", "and", "both", "each", "from", "in", "of", "on", "the", "to", "with", "your"])
LONGEST_ID = 24
"""Ids of steps leave small words out, and are not longer."""
AIR_MS, GROW_MS = 2000, 8000
"""Natural silence after words of the frame, and what may be added to it."""
SETTLE_SHARE, MOST_SETTLING = 12, 8
"""Settling takes about one part in this many of the session, and at most so many rounds."""
HALF_MS = 6 * 60_000
"""Sessions of this length and more say when they are half-way."""
REST_SHARE, REST_MS = 12, (6000, 60_000)
"""So does the closing rest, within these limits."""


@dataclass(frozen=True)
class Wanted:
    """What a script to begin with should be like. *steps* are names as an author types them: anything goes."""

    title: str
    length_ms: int
    kind: str = "massage"
    sides: str = "both"
    part: str = "foot"
    steps: tuple[str, ...] = ()
    breath: str = "even"
    bed: str = "rain"
    chimes: bool = True
    language: str = "en"


@dataclass(frozen=True)
class Layout:
    """How much of a frame a session has: settling and closing rest, and full words beside the brief ones."""

    frame: bool
    full: bool


LAYOUTS = (Layout(frame=True, full=True), Layout(frame=False, full=True), Layout(frame=False, full=False))
"""Tried in order, until the session fits its length."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of a session: before its section, between two sides, inside the section, and after it."""

    before: tuple[Piece, ...]
    between: tuple[Piece, ...]
    inside: tuple[Piece, ...]
    after: tuple[Piece, ...]

    def all(self) -> tuple[Piece, ...]:
        """Return every piece in the order of the script."""
        return (*self.before, *self.between, *self.inside, *self.after)

    @property
    def halved(self) -> bool:
        """Whether a step of its own says how much time is left."""
        return any(piece.name == "half" for piece in self.before)


def clean(text: str) -> str:
    """Return *text* in one line, without what no script can hold: control characters and halves of characters."""
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")
    )
    return " ".join(kept.split())


def spoken(name: str) -> str:
    """Return *name* as it can stand inside a sentence, empty if there is nothing to be spoken in it."""
    plain = " ".join(re.sub(r"[\[\]{}]", " ", clean(name)).split()).strip(" .:;,!?-\u2013\u2014")
    return plain if any(c.isalnum() for c in plain) else ""


def short_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return an id for each of *names*: its first words in plain letters, no id twice and none that is *taken*."""
    made: list[str] = []
    used = set(taken)
    for number, name in enumerate(names, 1):
        base = _short(name) or f"step-{number}"
        found = next(i for i in chain([base], (f"{base}-{n}" for n in count(2))) if i not in used)
        used.add(found)
        made.append(found)
    return made


def _short(name: str) -> str:
    plain = unicodedata.normalize("NFKD", clean(name).casefold()).encode("ascii", "ignore").decode().replace("_", " ")
    words = slug(plain).split("-")
    telling = [word for word in words if word not in SMALL_WORDS] or words
    lengths = accumulate(len(word) + 1 for word in telling)
    return (
        "-".join(word for word, length in zip(telling, lengths, strict=True) if length <= LONGEST_ID)
        or telling[0][:LONGEST_ID]
    )


def pieces(wanted: Wanted, names: tuple[str, ...], layout: Layout) -> Pieces:
    """Return the pieces of a session as *wanted*, with the steps *names*, framed as *layout* says."""
    room = _Room(wanted, layout)
    return room.breathing() if wanted.kind == "breathing" else room.guided(names)


class _Room:
    """Where texts are filled and pieces are put together, for one wish and one layout."""

    def __init__(self, wanted: Wanted, layout: Layout) -> None:
        self.wanted, self.layout = wanted, layout
        self.kind: Kind = KINDS[wanted.kind]
        self.sides = SIDES[wanted.sides]
        self.part = spoken(wanted.part) or "body"
        self.about: Part = PARTS.get(self.part, ANY_PART)
        self.cycle_ms = sum(phase.ms for phase in BREATHS[wanted.breath])
        self.chimed = wanted.chimes

    def said(self, said: Said, name: str = "") -> Said:
        """Return *said* filled in; only its brief words where the layout has no room for others."""
        side = "{side} " if self.sides else ""
        teach = WAYS[self.wanted.breath].teach
        values = {
            "name": name,
            "part": self.part,
            "whose": f"your {side}{self.part}",
            "others": f"your {{other}} {self.part}",
            "whole": "both feet" if len(self.sides) > 1 else f"your {self.part}",
            "place": " on the {side} side" if self.sides else "",
            "teach": teach.say,
            "short": teach.brief,
        }
        say, brief = (Template(text).safe_substitute(values) for text in (said.say, said.brief))
        return Said(say, brief) if self.layout.full else Said(brief, "")

    def frame(self, name: str, title: str, note: str, said: Said) -> Piece:
        air_ms = AIR_MS if self.layout.full else 0
        return Piece(name, title, note, self.said(said), air_ms=air_ms, grow_ms=GROW_MS)

    def chime(self, sound: str, name: str, title: str, note: str) -> tuple[Piece, ...]:
        if not self.chimed:
            quiet = "A moment of silence; with a chime it would be `chime: " + sound + "`."
            return (Piece("", "", quiet, sound_ms=3000, grow_ms=2000),)
        return (Piece(name, title, note, chime=sound, sound_ms=RINGS_MS[sound][0], grow_ms=4000),)

    def opening(self) -> tuple[Piece, ...]:
        stop = "Welcome, and when to stop. Keep that rule in whatever words you choose."
        return (
            *self.chime("begin", "open", "Opening chime", "A chime to begin with. Words wait until it has died away."),
            self.frame("hello", "Welcome and stop rule", stop, self.kind.hello),
        )

    def closing(self, bye: Said) -> tuple[Piece, ...]:
        return (
            self.frame("bye", "Last words", "Last words: nobody should have to jump up.", bye),
            *self.chime("end", "end", "Closing chime", "The chime that ends it."),
        )

    def settle(self) -> tuple[Piece, ...]:
        if not self.layout.frame:
            return ()
        most = min(MOST_SETTLING, WAYS[self.wanted.breath].most)
        rounds = min(most, max(1, self.wanted.length_ms // SETTLE_SHARE // self.cycle_ms))
        note = "Words first, then as many whole breaths as there is time for, led by a tone."
        settle = self.frame("settle", "Settle and breathe", note, self.kind.settle)
        grow_ms = min(rounds, most - rounds) * self.cycle_ms + GROW_MS
        breath = {"breath": self.wanted.breath, "cycle_ms": self.cycle_ms}
        return (replace(settle, rounds=rounds, air_ms=0, grow_ms=grow_ms, **breath),)  # type: ignore[arg-type]

    def guided(self, names: tuple[str, ...]) -> Pieces:
        """Return a massage or a rest: a frame, and a section of steps."""
        times = max(1, len(self.sides))
        massage = self.wanted.kind == "massage"
        before = (*self.opening(), *self.settle())
        take: tuple[Piece, ...] = ()
        if massage and self.layout.frame:
            take = (replace(self.step("take", "Make ready", "Hands and place first.", self.about.take), times=times),)
        between = self.change() if times > 1 else ()
        rest: tuple[Piece, ...] = ()
        if self.layout.frame:
            low, high = REST_MS
            air_ms = min(high, max(low, self.wanted.length_ms // REST_SHARE)) - low
            rested = self.frame("rest", "Rest", "A rest at the end, so that it can sink in.", self.kind.rest)
            rest = (replace(rested, air_ms=AIR_MS + air_ms, grow_ms=GROW_MS + air_ms, signs=RESTING),)
        bye = self.about.bye if massage else self.kind.bye
        inside = (*take, *self.steps(names, times))
        return Pieces(before, between, inside, (*rest, *self.closing(bye)))

    def change(self) -> tuple[Piece, ...]:
        note = "Once between the two sides. {side} is the new one, {other} the one before."
        change = self.frame("switch", "Change sides", note, self.kind.change)
        if not self.chimed:
            return (change,)
        rings, tail = RINGS_MS["change"]
        return (replace(change, chime="change", sound_ms=rings, tail_ms=tail),)

    def step(self, name: str, title: str, note: str, said: Said) -> Piece:
        hands = self.wanted.kind == "massage"
        return Piece(name, title, note, said=self.said(said), hands=hands, air_ms=AIR_MS, grow_ms=GROW_MS)

    def steps(self, names: tuple[str, ...], times: int) -> tuple[Piece, ...]:
        frame = ("open", "hello", "settle", "take", "switch", "rest", "bye", "end")
        core = (len(names) + 1) // 2
        made = []
        for index, (id_, name) in enumerate(zip(short_names(names, frame), names, strict=True)):
            patterns = self.kind.steps
            pattern = patterns[(index - 1) % len(patterns)] if index else self.kind.first
            filled = self.said(pattern, spoken(name) or f"step {index + 1}")
            title = clean(name) or f"Step {index + 1}"
            made.append(
                Piece(
                    id_,
                    title[:1].upper() + title[1:],
                    f"Step {index + 1} of {len(names)}. Put your own words here.",
                    filled,
                    hands=self.wanted.kind == "massage",
                    work=True,
                    times=times,
                    pressure=3 if self.wanted.kind == "massage" else 0,
                    optional=min(9, index - core + 2) if index >= core else 0,
                    signs=tuple(islice(cycle(self.kind.signs), index, index + len(self.kind.signs))),
                )
            )
        return tuple(made)

    def breathing(self) -> Pieces:
        """Return paced breathing: taught once, then whole rounds, half-way words in between where it is long."""
        way, breath = WAYS[self.wanted.breath], self.wanted.breath
        teach = self.frame("teach", "The pattern", "The pattern, told once.", self.kind.settle)
        note = "Whole rounds only: fewest .. natural .. most. Voice and hands are free."
        if way.most < WAYS["even"].most:
            note = f"Whole rounds only: fewest .. natural .. most. For this breath, {way.most} are enough."
        row = Piece("round", "One breath", note, repeat=True, breath=breath, cycle_ms=self.cycle_ms, most=way.most)
        middle: tuple[Piece, ...] = (row,)
        length_ms, end_ms = self.wanted.length_ms, FRAME_MS + way.most * self.cycle_ms
        if length_ms >= HALF_MS and end_ms > length_ms // 2:
            said = self.kind.change if end_ms > length_ms * 4 // 5 else TIME_LEFT
            half = self.frame("half", "Half-way", "Words between two rows of rounds, so never over a breath.", said)
            middle = (row, half, replace(row, note="The second half."))
        free = self.frame("free", "Breathe freely", "Back to a breath that nobody counts.", self.kind.rest)
        free = replace(free, work=True, grow_ms=3 * self.cycle_ms, signs=RESTING)
        return Pieces((*self.opening(), teach, *middle), (), (), (free, *self.closing(self.kind.bye)))
