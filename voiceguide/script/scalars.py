"""The types of single values: how each is written, what is expected where it is not, and what it becomes.

A parser takes the text of one YAML scalar and returns its value, or a `Wrong` that says what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import Any

import voiceguide.limits as limits
from voiceguide.diagnostics import Fix, write
from voiceguide.limits import Limit
from voiceguide.nouns import dataclass
from voiceguide.script.model import Given, Group, Range, Touch, Use
from voiceguide.script.tree import Node
from voiceguide.units import format_duration, is_bare_number, parse_duration, suggest_duration


@dataclass(frozen=True)
class Wrong:
    """Why a text is not a value of its type. *token* is the part to underline, after *skip* equal ones, if not all.

    A *fix* with a text is to be written in place of the token, or of the whole.
    """

    code: str
    fix: Fix | str | None = None
    found: str = ""
    token: str = ""
    expected: str = ""
    skip: int = 0

    def for_all_of(self, text: str) -> Fix | str | None:
        """Return the fix as one for the whole *text*."""
        if not self.token or not isinstance(self.fix, Fix) or self.fix.text is None:
            return self.fix
        parts = text.split(self.token)
        before, after = (self.token.join(some) for some in (parts[: self.skip + 1], parts[self.skip + 1 :]))
        return replace(self.fix, text=f"{before}{self.fix.text}{after}")


@dataclass(frozen=True)
class Scalar:
    """A type of single values: *expected* completes the sentence `expected ...`; *examples* are all valid."""

    expected: str
    parse: Callable[[str], object]
    examples: tuple[str, ...] = ()
    place: Callable[[Any, Node], object] | None = None
    """Turns a parsed value that must know where it was written into a noun with spans."""
    pattern: str = ""
    """A regular expression, the same in Python and in ECMAScript, that every text accepted here matches.

    Texts that match may still be wrong: it cannot calculate.
    """
    prose: bool = False
    """It is said or shown to people, so that no comment may take its end away unseen."""


_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
DURATION_LIKE = (
    rf"(?:(?=[0-9])(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s)?"
    r"|(?:[0-9]{1,9}:(?=[0-9][0-9]:))?[0-9]{1,9}:[0-5][0-9](?:\.[0-9]{1,3})?)"
)
ID_LIKE = r"[a-z0-9][a-z0-9-]*"
ANYTHING = r"^\s*\S"
"""Patterns, or the parts of them that several have in common."""


def one_of(words: Iterable[str]) -> str:
    """Return the pattern of a type whose values are *words* and nothing else."""
    return f"^(?:{'|'.join(words)})$"


def near(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """Return what is most like *word* of what is *known*, or an empty text if nothing has so much *likeness*."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=likeness)), "")


CERTAIN, APART = 0.75, 0.1
"""How alike a slip and its word are if nothing else can have been meant, and how much less alike all others."""


def meant(word: str, known: Iterable[str], likeness: float = 0.6, frame: str = "{}") -> Fix | None:
    """Return the fix for a slip: what is most like *word* of what is *known*, put into *frame*.

    Numbers are no slips: `day-1` is never certainly meant for `day-2`.
    """
    best, *others = get_close_matches(word, known, n=2, cutoff=likeness) or ("",)
    ratios = [SequenceMatcher(None, name, word).ratio() for name in (best, *others)]
    numbers = [re.findall("[0-9]", name) for name in (best, word)]
    certain = ratios[0] >= CERTAIN and ratios[-1] <= ratios[0] - APART * len(others) and numbers[0] == numbers[1]
    return Fix("did you mean {}?", frame.format(best), certain) if best else None


def parse_ms(text: str) -> int | Wrong:
    """Return the duration *text* in milliseconds, or why it is none."""
    ms = parse_duration(text)
    if ms is not None:
        return ms
    code = "missing-unit" if is_bare_number(text) else "duration"
    likely = suggest_duration(text)
    certain = bool(_SPELT.fullmatch(unicodedata.normalize("NFKC", text)))
    return Wrong(code, write(likely, certain=certain) if likely else None)


_SPELT = re.compile(
    r"""["\u201c]?(?:[0-9]+(?:[.,][0-9]{1,3})?\s*(?:(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms)\b\.?"""
    r"""|['\u2032"\u2033])?\s*)+["\u201d]?|[0-9]+:[0-9]{1,2}""",
    re.IGNORECASE,
)
"""Durations that are only spelt otherwise, so that it is certain what was meant: `5 sec`, `1m30`, `1'30"`, `5`."""


@lru_cache(maxsize=1024)  # many steps of a script have the same
def _range(text: str) -> Range | Wrong:
    if "..." in text and isinstance(_range(text.replace("...", "..")), Range):
        return Wrong("range", write(text.replace("...", ".."), certain=True))
    parts = text.split("..")
    if len(parts) == 1 and parse_duration(text.strip()) is None:
        apart = [part for part in re.split(r"\s*(?:-|\u2013|\u2026|to)\s*", text) if part]
        if len(apart) == 3 and all(parse_duration(part.strip()) is not None for part in apart):
            return Wrong("range", write("..".join(apart), certain=True))
        parts = apart if len(apart) == 2 else parts
    if len(parts) == 2:
        return Wrong("range", _between(*parts), f"`{text}`, two lengths")
    if len(parts) not in (1, 3) or any(part.startswith(".") for part in parts):
        return Wrong("range", _THREE, f"{len(parts)} values" if len(parts) != 3 else "")
    if len(parts) == 3 and all(is_bare_number(part) for part in parts):
        return Wrong("missing-unit", write("..".join(f"{part}s" for part in parts), certain=True))
    values = []
    for index, part in enumerate(parts):
        ms = parse_ms(part.strip())
        if isinstance(ms, Wrong):
            found = f"`{part.strip()}`" if part.strip() else "nothing"
            earlier = "..".join(parts[:index]).count(part.strip()) if part.strip() else 0
            return Wrong(ms.code, ms.fix, found, part.strip(), DURATION.expected, earlier)
        values.append(ms)
    if values != sorted(values):
        ordered = "..".join(format_duration(ms) for ms in sorted(values))
        return Wrong("range", write(ordered), expected="shortest..natural..longest in rising order")
    return Range(values[0], values[len(values) // 2], values[-1])


def _between(low: str, high: str) -> Fix | str:
    """Return the fix for a range of two lengths, the first of which may have its unit from the second."""
    unit = high.strip().lstrip("0123456789.")
    ends = [parse_duration(text.strip()) for text in (low + unit * is_bare_number(low.strip()), high)]
    if None in ends or ends[0] > ends[1]:  # type: ignore[operator]
        return _THREE
    middle = (ends[0] + ends[1]) // 2000 * 1000  # type: ignore[operator]
    three = "..".join(format_duration(ms) for ms in (ends[0], middle, ends[1]))  # type: ignore[arg-type]
    return Fix("write shortest..natural..longest with two dots, such as {}", three)


_THREE = "give three values, shortest..natural..longest, as in `35s..60s..100s`, or one"


def _length(text: str) -> Range | Wrong:
    made = _range(text)
    if isinstance(made, Wrong) and isinstance(made.fix, Fix) and made.code == "missing-unit":
        return replace(made, fix=replace(made.fix, certain=False))  # of a whole session, `12` may mean minutes
    return made


_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
"""Numbers that people write as words."""


def counted(noun: str, limit: Limit, *examples: str, note: str = "") -> Scalar:
    """Return the type of whole numbers within *limit*."""

    def parse(text: str) -> int | Wrong:
        if re.fullmatch(r"[0-9]{1,6}", text) and int(text) in limit:
            return int(text)
        spelt = _SMALL.index(text.lower()) + 1 if text.lower() in _SMALL else 0
        return Wrong("number", write(str(spelt), certain=True) if spelt in limit else None)

    return Scalar(f"{noun} {limit}{note}", parse, examples, pattern=rf"^0{{0,5}}(?:{limit.pattern()})$")


def measured(noun: str, limit: Limit, code: str, example: str) -> Scalar:
    """Return the type of numbers within *limit* that are written with its unit, after a space or without one."""
    unit = limit.unit.strip()

    def parse(text: str) -> float | Wrong:
        if is_bare_number(text):
            return Wrong("missing-unit", write(f"{text}{limit.unit}", certain=True))
        match = re.fullmatch(rf"([0-9]{{1,4}}(?:\.[0-9]{{1,3}})?) ?{unit}", text)
        return float(match[1]) if match and float(match[1]) in limit else Wrong(code)

    pattern = rf"^0{{0,3}}(?:{limit.pattern()})(?:\.[0-9]{{1,3}})? ?{unit}$"
    return Scalar(f"{noun} {limit}, such as `{example}`", parse, (example,), pattern=pattern)


def _tempo(text: str) -> int | Wrong:
    ms = parse_ms(text)
    return ms if isinstance(ms, Wrong) or ms / 1000 in limits.TEMPO else Wrong("tempo")


def _pressure(text: str) -> Touch | Wrong:
    parts = text.split("..")
    if len(parts) not in (1, 3) or not all(re.fullmatch(r"[0-9]|10", part) for part in parts):
        return Wrong("number")
    values = [int(part) for part in parts]
    if max(values) not in limits.PRESSURE:
        most = "..".join(f"{min(value, limits.PRESSURE.high):g}" for value in values)
        return Wrong("pressure-too-high", Fix("write {} or less", most))
    if values != sorted(values):
        return Wrong("number", write("..".join(map(str, sorted(values)))))
    return Touch(values[0], values[len(values) // 2], values[-1])


def choice(*words: str, otherwise: str = "") -> Scalar:
    """Return the type whose values are *words*; *otherwise* is proposed for what is like none of them."""

    def parse(text: str) -> str | Wrong:
        usual = write(otherwise) if otherwise else None
        return text if text in words else Wrong("choice", meant(text, words) or usual)

    expected = "one of " + ", ".join(words) if len(words) > 1 else f"`{words[0]}`"
    return Scalar(expected, parse, words, pattern=one_of(words))


def spelt(expected: str, pattern: str, code: str, *examples: str) -> Scalar:
    """Return the type of texts that match *pattern*."""

    def parse(text: str) -> str | Wrong:
        if re.fullmatch(pattern, text):
            return text
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        return Wrong(code, write(slug, certain=True) if code == "id" and slug else None)

    return Scalar(expected, parse, examples, pattern=rf"^{pattern}$")


def _group(text: str) -> int | Wrong:
    match = re.fullmatch(r"keep ([1-9])", text)
    return 0 if text == "together" else int(match[1]) if match else Wrong("group-rule")


def _place_given(text: str, node: Node) -> Given:
    return Given(text, node.span)


def _block(text: str) -> tuple[str, str] | Wrong:
    match = re.fullmatch(rf"(?:({ID_LIKE})#)?({ID_LIKE})", text)
    return (match[2], match[1] or "") if match else Wrong("id")


DURATION = Scalar(
    "a duration with its unit, such as `8s` or `1m30s`",
    parse_ms,
    ("8s", "1m30s", "1:30", "5.5s"),
    pattern=rf"^{DURATION_LIKE}$",
)
RANGE = Scalar(
    "a range such as `35s..60s..100s`, or one duration",
    _range,
    ("35s..60s..100s", "8s"),
    pattern=rf"^\s*{DURATION_LIKE}\s*(?:\.\.\s*{DURATION_LIKE}\s*\.\.\s*{DURATION_LIKE}\s*)?$",
)
LENGTH = replace(RANGE, parse=_length)
"""The lengths of a session."""
LINE = Scalar("a text", lambda text: re.sub(r"\s*[\n\t]\s*", " ", text), ("Warm strokes",), pattern=ANYTHING)
WORDS = replace(LINE, prose=True)
"""A text for people."""
NOTE = replace(WORDS, parse=lambda text: " ".join(text.split()))
ID = spelt("a short name of lower-case letters, digits and hyphens", ID_LIKE, "id", "warm")
NEEDED = replace(ID, place=_place_given)
"""The short name of another step, with its place."""
LANGUAGE = spelt("a language tag such as `en` or `en-GB`", r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "language", "en", "en-GB")
OPTIONAL = counted("a whole number", limits.OPTIONAL, "2", "4", note=f" ({limits.OPTIONAL.high:g} is left out first)")
OVER = counted("a number of rounds", limits.RAMP, "8")
DAYS = counted("a number of days", limits.DAYS, "10")
STRIKES = counted("a number of strikes", limits.STRIKES, "3")
_TOUCH = f"(?:{limits.PRESSURE.pattern()})"
PRESSURE = Scalar(
    f"a pressure {limits.PRESSURE}", _pressure, ("3", "2..4..5"), pattern=rf"^{_TOUCH}(?:\.\.{_TOUCH}\.\.{_TOUCH})?$"
)
UNDER = measured("a level", limits.CHIME_LEVEL, "chime-level", "12 dB")
LEVEL = measured("a level", limits.BED_LEVEL, "level", "24 dB")
PACE = replace(measured("a pace", limits.PACE, "pace", "125 wpm"), place=lambda pace, node: round(pace))
TEMPO = Scalar(f"a tempo {limits.TEMPO} a count, such as `0.8s`", _tempo, ("0.8s",), pattern=rf"^{DURATION_LIKE}$")
GROUP = Scalar(
    "`together` or `keep` and a number",
    _group,
    ("together", "keep 2"),
    lambda keep, node: Group(not keep, keep, node.span),
    "^(?:together|keep [1-9])$",
)
BLOCK = Scalar(
    "the name of a block, as in `settle` or `whole-foot#settle`",
    _block,
    ("settle", "evening#settle"),
    lambda names, node: Use(names[0], names[1], node.span),
    rf"^(?:{ID_LIKE}#)?{ID_LIKE}$",
)
GIVEN = replace(
    WORDS, expected="the value of a parameter", examples=("outer heel", "30s..45s..60s"), place=_place_given
)
FILE = spelt("the name of a sound file, without a folder", r"[^/\\:]+\.[A-Za-z0-9]+", "file-name", "welcome.flac")
YES_NO = choice("yes", "no")
