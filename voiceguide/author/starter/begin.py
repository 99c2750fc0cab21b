"""What is wanted -> the text of a script, or how long it would have to be at least.

Nothing is reckoned here that planning knows: a draft, whose working steps take any length, is planned, and the plan
says how long they are and which lengths can be offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain, count, cycle, islice
from string import Template
from typing import Any

from voiceguide.nouns import dataclass
from voiceguide.script.build import slug
from voiceguide.script.model import CAPS_MS, Range
from voiceguide.script.names import LIVE_VALUES
from voiceguide.script.strange import stray
from voiceguide.source import Source
from voiceguide.units import format_duration

SHORTEST_MS, LONGEST_MS = 60_000, CAPS_MS["general"]
"""No session is begun that is shorter or longer."""
LEAST, MOST, SLACK = 60, 150, 125
"""Shortest and longest length offered, in percent of the default one; and room for quick voices in the longest."""
STEP_MS = 24_000
"""Where the steps are not named, there are as many as have this long each."""
HALF_MS = 6 * 60_000
"""Sessions of this length and more say how much time is left."""
SETTLE_SHARE, MOST_SETTLING, NO_LIMIT = 12, 8, 999
"""Settling is about one part in so many of the session, and at most so many rounds; other breathing has no limit."""
SILENCE_MS, SIGN_MS, QUIET_MS = 45_000, 7000, 6000
"""Silence that needs a sign of life room that one takes, and silence that hands need (docs/sources.md)."""
SIDES: Mapping[str, tuple[str, ...]] = {"both": ("left", "right"), "left": ("left",), "right": ("right",), "none": ()}
"""The sides that a section is run for, by the word after `--sides`."""
LAYOUTS = (("frame", "full"), ("full",), ())
"""With settling and rest or without, full words or brief ones: tried in order, until the session fits its length."""
ONE_SIDED = "allow unbalanced-sides: one side is all that is wanted"
FRAME = ("begin", "hello", "settle", "take", "switch", "rest", "bye", "end")

Templates = Mapping[str, str]
"""The texts of the template files, by their names without the ending."""


@dataclass(frozen=True)
class Lengths:
    """What planning says, in milliseconds: each step's length and speech, by its name, and which lengths are possible.

    If the length asked for is not, there are no steps, and both ends are the nearest one that is.
    """

    steps: Mapping[str, tuple[int, int]]
    shortest_ms: int
    longest_ms: int


Planner = Callable[[str, int], Lengths]
"""Plans the text of a script at a length in milliseconds, without speaking."""


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
class Starter:
    """A script to begin with: its text and the lengths that it offers."""

    text: str
    length: Range


@dataclass(frozen=True)
class TooShort:
    """The steps do not fit into the length: this one, in milliseconds, is the shortest that they do fit."""

    least_ms: int


@dataclass(frozen=True)
class Draft:
    """A script without lengths: its template, what slots and breath say (*book*, *way*), and the names of its steps.

    *most* rounds of its breath, *cycle_ms* each, are enough.
    """

    wanted: Wanted
    template: str
    book: Mapping[str, Any]
    way: Mapping[str, Any]
    sides: tuple[str, ...]
    family: str
    cycle_ms: int
    most: int
    names: tuple[str, ...] = ()
    layout: tuple[str, ...] = LAYOUTS[0]


def begin(wanted: Wanted, templates: Templates, planner: Planner) -> Starter | TooShort:
    """Return a script as *wanted*, whose words are meant to be replaced and which checks clean before they are.

    Its default length is *wanted.length_ms*, which is from SHORTEST_MS to LONGEST_MS.
    """
    draft = replace(_draft(wanted, templates), names=wanted.steps or usual_steps(wanted, templates, planner))
    least_ms = 0
    for layout in LAYOUTS:
        draft = replace(draft, layout=layout)
        least_ms = _least_ms(draft, planner)
        if least_ms <= wanted.length_ms:
            return _timed(draft, least_ms, planner)
    return TooShort(-(-least_ms // 5000) * 5000)


def usual_steps(wanted: Wanted, templates: Templates, planner: Planner) -> tuple[str, ...]:
    """Return the names of the steps that such a session usually has, as many as there is time for."""
    draft = _draft(wanted, templates)
    names = tuple(draft.book.get("paired" if draft.sides and "paired" in draft.book else "names", ()))
    for n in range(len(names), 1, -1):
        if _least_ms(replace(draft, names=names[:n]), planner, STEP_MS) <= wanted.length_ms:
            return names[:n]
    return names[:1]


def _draft(wanted: Wanted, templates: Templates) -> Draft:
    import yaml

    from voiceguide.script.breaths import BREATHS

    head, _, template = templates[wanted.kind].partition("\n---\n")
    book, way = yaml.safe_load(head), yaml.safe_load(templates["breaths"])[wanted.breath]
    wanted = replace(wanted, part=spoken(wanted.part) or "body")
    book |= (parts := book.pop("parts", {})).get(wanted.part, parts.get("other", {}))
    sides = SIDES[wanted.sides] if "[step]" in template else ()
    family = book["family"] if wanted.length_ms <= CAPS_MS[book["family"]] else "general"
    cycle_ms = sum(phase.ms for phase in BREATHS[wanted.breath])
    return Draft(wanted, template, book, way, sides, family, cycle_ms, way.get("most", NO_LIMIT))


def _least_ms(draft: Draft, planner: Planner, step_ms: int = 1000) -> int:
    """Return the shortest length at which *draft* says all its words, if its steps take *step_ms* at least."""
    return planner(_loose(draft, step_ms=step_ms), 1000).shortest_ms


def _timed(draft: Draft, least_ms: int, planner: Planner) -> Starter:
    """Return *draft* with the lengths that planning gives its steps at the default length and at the longest one."""
    from voiceguide.author.format import format_script

    length_ms, cap_ms = draft.wanted.length_ms, CAPS_MS[draft.family]
    longest_ms = max(length_ms, min(_nice(length_ms * MOST // 100), cap_ms))
    rows = _loose(draft).count("- repeat:")
    once_ms, enough = draft.cycle_ms * max(1, rows), draft.most // max(1, rows)
    rounds = min(enough, 1 + (length_ms - least_ms) // once_ms)
    most = min(enough, rounds + (longest_ms - length_ms) // once_ms)
    usual = planner(_loose(draft, rounds), length_ms).steps
    stretched = planner(_loose(draft, most), longest_ms).steps
    sway_ms = 3 * draft.cycle_ms if rows else 0  # so that every length between two numbers of rounds is there
    times: dict[str, Values] = {}
    for number, (name, (natural_ms, speech_ms)) in enumerate(usual.items()):
        long_ms = max(stretched[name][0] * SLACK // 100, natural_ms + sway_ms)
        signs = min(long_ms // SILENCE_MS, (natural_ms - speech_ms - QUIET_MS) // SIGN_MS)
        span = _span(natural_ms * LEAST // 100, natural_ms, long_ms)
        times[name] = {"for": span, "signs": _signs(draft, name, number, signs)}
    lasting = {"rounds": f"{max(1, rounds // 2)}..{rounds}..{most}", "length": _span(1000, length_ms, cap_ms)}
    can = planner(_text(draft, lasting, times), length_ms)
    low_ms = min(length_ms, -_nice(-max(can.shortest_ms, length_ms * LEAST // 100)))
    length = Range(low_ms, length_ms, max(length_ms, min(longest_ms, _nice(can.longest_ms))))
    lasting["length"] = _span(length.shortest, length.natural, length.longest)
    made = format_script(Source("begun", _text(draft, lasting, times)))
    assert isinstance(made, str), made
    return Starter(made, length)


def _loose(draft: Draft, rounds: int = 1, *, step_ms: int = 1000) -> str:
    """Return *draft* with all its full words, with so many rounds, and with steps as long as one likes."""
    step, length = format_duration(step_ms), _span(1000, draft.wanted.length_ms, CAPS_MS[draft.family])
    values = {"for": f"{step}..{step}..10h", "signs": None, "rounds": str(rounds), "length": length}
    return re.sub(r"\n *(brief|optional): .*", "", _text(draft, values, {}))


def _text(draft: Draft, lasting: Values, times: Mapping[str, Values]) -> str:
    """Return the script of *draft*: *lasting* are the values of its lengths, *times* those of its steps by ids."""
    full, wanted = "full" in draft.layout, draft.wanted
    template = draft.template if full else re.sub(r"say: .*\n *brief: ", "say: ", draft.template)
    side = "{side} " if draft.sides else ""
    said = {
        "title": clean(wanted.title),
        "part": wanted.part,
        "whose": f"your {side}{wanted.part}",
        "whole": "both feet" if len(draft.sides) > 1 else f"your {wanted.part}",
        "place": " on the {side} side" if side else "",
        "halves": ", then ".join(f"{side} {wanted.part}" for side in draft.sides).capitalize() or "Step by step",
        "breath_say": draft.way["say"],
        "breath_brief": draft.way["brief"],
        "language": wanted.language,
        "breath": wanted.breath,
    }
    said |= {name: Template(text).substitute(said) for name, text in draft.book.items() if isinstance(text, str)}
    most = min(MOST_SETTLING, draft.most)
    settling = min(most, max(1, wanted.length_ms // SETTLE_SHARE // draft.cycle_ms))
    pair = "hand" if wanted.part == "hand" else "foot"
    each = (
        None,
        f"{{side: [{wanted.sides}]}} # {{side}} says which",
        f"{pair} # left, then right; {{side}} says which",
    )
    long = wanted.length_ms >= HALF_MS
    held = {
        "half": long and ("$rounds" not in template or 2 * draft.most * draft.cycle_ms > wanted.length_ms),
        "care": "care" in draft.way,
        "foreign": wanted.language.split("-")[0] != "en",
        "both": len(draft.sides) > 1,
        "chimes": wanted.chimes,
        "no chimes": not wanted.chimes,
    }
    values = {name: quoted(text) for name, text in said.items()} | {
        "family": draft.family,
        "cap": str(CAPS_MS[draft.family] // 60_000),
        "bed": "none" if wanted.bed == "none" else f'{{sound: "{quoted(wanted.bed)}", under: 24 dB}}',
        "each": each[len(draft.sides)],
        "change": "change" if wanted.chimes else None,
        "air": "2s" if full else None,
        "settling": f"1..{settling}..{min(most, 2 * settling)}",
        "enough": "" if draft.most == NO_LIMIT else f" For this breath, {draft.most} are enough.",
        "count": str(len(draft.names)),
    }
    core, one_sided = (len(draft.names) + 1) // 2, len(draft.sides) == 1 and not held["foreign"]
    steps = [
        {
            "id": id_,
            "number": str(n + 1),
            "step": quoted((title := clean(name) or f"Step {n + 1}")[:1].upper() + title[1:]),
            "name": quoted(spoken(name) or f"step {n + 1}"),
            "optional": str(min(9, n - core + 2)) if n >= core else None,
            "allow": ONE_SIDED if one_sided and n == len(draft.names) - 1 else None,
        }
        for n, (id_, name) in enumerate(zip(short_names(draft.names, FRAME), draft.names, strict=True))
    ]
    flags = {"step", *draft.layout, *(flag for flag, holds in held.items() if holds)}
    return fill(template, flags, {**values, **lasting}, steps, times)


def _signs(draft: Draft, name: str, first: int, number: int) -> str | None:
    """Return *number* signs of life, spread over the step *name*; the words begin with the one numbered *first*."""
    if number < 1:
        return None
    written = draft.book["resting" if name == "rest" and "resting" in draft.book else "signs"]
    words = islice(cycle(written), first % len(written), None)
    shares = (round(100 * n / (number + 1)) for n in range(1, number + 1))
    return f"[{', '.join(f'{{{share}%: {quoted(word)}}}' for share, word in zip(shares, words))}]"  # noqa: B905


def _span(low_ms: int, natural_ms: int, high_ms: int) -> str:
    """Return a range as it is written, in half seconds: rounded down, only its last value up."""
    values = (low_ms // 500 * 500, natural_ms // 500 * 500, -(-high_ms // 1000) * 1000)
    return "..".join(map(format_duration, values))


def _nice(ms: int) -> int:
    """Return *ms* as a round length, rounded down: to 5 seconds, from five minutes on to 15."""
    step = 5000 if abs(ms) < 300_000 else 15_000
    return ms // step * step


Values = Mapping[str, str | None]

MARK = re.compile(r"^( *# )\[([a-z ]+)\] ", re.MULTILINE)
NAMED = re.compile(r"^ *- (?:do|name): (\S+)", re.MULTILINE)
NOTED = re.compile(r"^( *(?:language|family|length|voice|bed|each|optional): .*?) +# ", re.MULTILINE)
NOTE_COLUMN = 40
"""Comments behind short values stand here."""
SMALL_WORDS = frozenset(["a", "an", "and", "both", "each", "from", "in", "of", "on", "the", "to", "with", "your"])
LONGEST_ID = 24
"""Ids of steps leave small words out, and are not longer."""


def clean(text: str) -> str:
    """Return *text* in one line, without what no title can hold: what cannot be seen, and live values."""
    text = " ".join(text.split())
    for found in reversed(list(stray(text))):
        text = text[: found.start()] + text[found.end() :]
    return _LIVE.sub(r"\1", " ".join(text.split()))


_LIVE = re.compile(rf"\{{({'|'.join(LIVE_VALUES)})\}}")
"""What no title can tell."""


def spoken(name: str) -> str:
    """Return *name* as it can stand inside a sentence, empty if there is nothing to be spoken in it."""
    plain = " ".join(re.sub(r"[\[\]{}]", " ", clean(name)).split()).strip(" .:;,!?-\u2013\u2014")
    return plain if any(c.isalnum() for c in plain) else ""


def quoted(text: str) -> str:
    """Return *text* as it stands between double quotes in YAML."""
    import yaml

    return str(yaml.dump(text, default_style='"', width=float("inf"), allow_unicode=True)).strip()[1:-1]


def short_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return an id for each of *names*: its first words in plain letters, no id twice and none that is *taken*."""
    made: list[str] = []
    for number, name in enumerate(names, 1):
        plain = unicodedata.normalize("NFKD", clean(name).casefold()).encode("ascii", "ignore").decode()
        words = slug(plain.replace("_", " ")).split("-")
        telling = [word for word in words if word not in SMALL_WORDS] or words
        lengths = accumulate(len(word) + 1 for word in telling)
        kept = (word for word, length in zip(telling, lengths, strict=True) if length <= LONGEST_ID)
        base = "-".join(kept) or telling[0][:LONGEST_ID] or f"step-{number}"
        used = {*taken, *made}
        made.append(next(i for i in chain([base], (f"{base}-{n}" for n in count(2))) if i not in used))
    return made


def fill(
    template: str, flags: Collection[str], values: Values, steps: Sequence[Values], times: Mapping[str, Values]
) -> str:
    """Return *template* with its slots filled: from *values*, in step paragraphs also from one of *steps*.

    *times* are the values that belong to a step, by its id.
    """
    made: list[str] = []
    paragraphs = template.split("\n\n")
    patterns = [text for text in paragraphs if "# [step] " in text]
    for text in paragraphs:
        if text not in patterns:
            made.append(_filled(text, flags, values, times))
        elif text == patterns[0]:
            cycle = [patterns[0], *(patterns[1 + n % (len(patterns) - 1)] for n in range(len(steps) - 1))]
            made += [_filled(p, flags, {**values, **step}, times) for p, step in zip(cycle, steps, strict=True)]
    return NOTED.sub(lambda found: f"{found[1]:<{NOTE_COLUMN}}# ", "\n\n".join(text for text in made if text)) + "\n"


def _filled(text: str, flags: Collection[str], values: Values, times: Mapping[str, Values]) -> str:
    first, *marked = MARK.split(text)
    kept = first + "".join(
        indent + rest for indent, flag, rest in zip(*(marked[n::3] for n in range(3)), strict=True) if flag in flags
    )
    named = NAMED.search(kept)
    name = str(values.get("id")) if named and "$id" in named[1] else named[1] if named else ""
    values = {**values, **times.get(name, {})}
    lines = kept.rstrip().split("\n")
    full = [line for line in lines if all(values[slot] is not None for slot in Template(line).get_identifiers())]
    return Template("\n".join(full)).substitute(values)
