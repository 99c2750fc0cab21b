"""Cleaned text -> words: every number, sign, short form and capital as it is read, by the language; in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from voiceguide.spoken.language import Language
from voiceguide.spoken.numbers import NUMBER, Number, number_of

Doubt = tuple[str, str]
"""What is written, and what is said for it, where it can be read in another way, or not at all (then it is empty)."""
_BIG = "A-ZÄÖÜẞ"
_WORD = rf"[{_BIG}](?:[{_BIG}]|'(?=[{_BIG}]))*(?!\w)"
_USUAL = (
    r"(?![^\Waeiouyäöü]+(?!\w))(?!(?i:\w*?(?P<thrice>\w)(?P=thrice){2}))"
    r"(?:[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{2,}+|a)(?:'[a-z]++)?(?:-[a-z]{2,}+(?!-))?(?:[,;:!?]?[ \n]++|[.!?]?$|\.[ \n]++)"
)
"""A word that is read as it is written, unless it is a short form or a letter in it comes thrice."""
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_END = r"(?!\w)"
_NEAR = 32
"""Characters around a place that are looked at to understand it."""
_SHORT = 4
"""Capitals of more letters are a word said with emphasis."""


def _choice(written: Iterable[str], ahead: str = "") -> str:
    """Return the pattern of *written*, whole words each, with *ahead* behind them."""
    longest = sorted(written, key=len, reverse=True)
    letters, others = [w for w in longest if w[0].isalpha()], [w for w in longest if not w[0].isalpha()]
    found = [
        f"{before}(?:{'|'.join(re.escape(w) + _END * w[-1].isalnum() for w in some)}){ahead}"
        for before, some in ((r"(?<![^\W_.])(?<!\d)", letters), (r"(?<![\w/])", others))
        if some
    ]
    return "|".join(found) or "(?!)"


@lru_cache(maxsize=64)
def pattern_of(code: str, language: Language) -> re.Pattern[str]:
    """Return the pattern of all that is not read in *language*, whose code is *code*, as it is written."""
    longest = sorted((u for u in language.units if u[0] != " "), key=len, reverse=True)
    unit = "|".join(re.escape(u) + (r"(?!\w)" if u[-1].isalpha() or u == "'" else "") for u in longest) or "(?!)"
    dash = r"\s?[-–—]\s?"
    starts = {re.match(r"[^\W\d_]*", w)[0] for w in (*language.abbreviations, *language.before_number)}  # type: ignore[index]
    short = "|".join(sorted(starts - {""}, key=len, reverse=True)) or "(?!)"
    groups = {
        # first and in one go, for most of a text is that, and trying all the rest at each letter takes long
        "usual": rf"(?<![^\s(])(?:(?!(?:{short})(?!\w)){_USUAL})+",
        "kept": "[\ue000-\uf8ff]",
        "link": r"(?:https?://|www\.)[^\s()]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
        r"|(?<![\w.@-])[\w-]{2,64}(?:\.[\w-]{2,64}){0,3}\.(?:com|org|net|info|io|de|uk)(?!\w)(?:/[^\s()]*)?",
        "abbreviation": _choice(language.abbreviations),
        "prefix": _choice(language.before_number, r"\s?(?=\d)"),
        "decade": language.decade_written,
        "date": rf"(?<![\w/.,:])(?P<day>\d{{1,2}})(?=\s(?:{language.months})\b)",
        "ordinal": language.ordinal_written,
        "phone": r"(?<![\w.])(?:\+\d{1,3}|0\d{2,5})(?:[ /-]\d{2,}){1,8}(?!\w)",
        "chain": r"(?<![\w.,:/])\d+(?:\s?[-–—/]\s?\d+){2,}(?!\w)",
        "part": rf"(?<![\w/.,])(?:(?P<whole>\d{{1,4}})[ -])?(?P<above>\d{{1,4}})/(?P<below>\d{{1,4}})(?![\d/])"
        rf"(?:[ -]?(?P<part_unit>{unit})(?P<part_dot>\.)?)?",
        "clock": rf"(?<![\w:.,])(?P<hours>\d{{1,2}}):(?P<minutes>\d\d)(?::(?P<seconds>\d\d))?(?![\d:])"
        rf"(?P<told>{language.clock_after})?",
        "until": r"(?<=\d:\d\d)\s?[-–—]\s?(?=\d{1,2}:\d\d)",
        "ratio": r"(?<![\w:])(?P<one>\d{1,3}):(?P<other>\d{1,3})(?![\w:])",
        "multiplied": r"(?<!\w)[xX×]\s?(?P<by>\d+)(?!\w)",
        "quantity": rf"(?P<minus>(?<![\w)])[-−])?(?P<money>[$€£])?(?P<first>{NUMBER})(?:{dash}(?P<second>{NUMBER}))?"
        rf"(?P<more>\+)?(?:[ -]?(?P<unit>{unit})(?P<dot>\.)?)?(?:\s?(?P<times>[xX×])(?:\s?(?=\d)|(?!\w)))?",
        "roman": rf"(?<!\w)(?:{'|'.join(_ROMAN)})(?!\w)",
        "hand": rf"(?<!\w)(?P<letter>[RL])\.?(?=\s(?:{language.marks.get('limbs', '(?!)')})s?\b)",
        "capitals": rf"(?<!\w)(?=(?:[{_BIG}] )?[{_BIG}]'?[{_BIG}]){_WORD}(?:[,;:–]? {_WORD}|[-/]{_WORD})*",
        "stretched": r"(?i:(?<!\w)(?:s+h+|m+h*m+|h+m+|p+s+t|b+r+)(?!\w)"
        r"|(?<!\w)[^\W\d_]{0,40}?(?P<again>[^\W\d_])(?P=again){2,}[^\W\d_]*)",
        "slash": rf"(?<=[\w%)])/(?P<per_unit>{unit})|(?<=[\w%)])\s?/\s?(?=[^\W_]|\()",
        "hash": r"#\s?(?=\w)",
        "sign": r"[^\w\s.,;:!?…'\"()–—-]|[_²³]",
    }
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()))


def read_words(text: str, language: Language) -> tuple[str, list[Doubt]]:
    """Return cleaned *text* in words, and what in it may be doubted."""
    reader = _Reader(text, language)
    words = pattern_of(language.code, language).sub(reader.read, text)
    if language.letters:
        strange = re.compile(rf"(?:(?![{language.letters}])[^\W\d_])+")
        reader.doubts += [(found[0], "") for found in strange.finditer(words)]
    return words, reader.doubts


@dataclass
class _Reader:
    text: str
    language: Language
    doubts: list[Doubt] = field(default_factory=list)

    def read(self, match: re.Match[str]) -> str:
        """Return what is said for *match*, apart from the letters around it."""
        said: str = _SAID[match.lastgroup or ""](self, match)
        start, end = match.span()
        if said and said[0].isalnum() and start and self.text[start - 1].isalnum():
            said = f" {said}"
        return f"{said} " if said and said[-1].isalnum() and self.text[end : end + 1].isalnum() else said

    def before(self, match: re.Match[str]) -> str:
        return self.text[max(0, match.start() - _NEAR) : match.start()]

    def after(self, match: re.Match[str]) -> str:
        return self.text[match.end() : match.end() + _NEAR]

    def behind(self, pattern: str, match: re.Match[str]) -> bool:
        """Tell whether *pattern* fits what stands before *match*."""
        return re.search(pattern, self.before(match), re.IGNORECASE) is not None

    def doubt(self, written: str, said: str) -> str:
        self.doubts.append((written.strip(), " ".join(said.split())))
        return said

    def mark(self, name: str) -> str:
        return self.language.marks.get(name, "")

    def count(self, number: Number, match: re.Match[str], unit: str = "") -> str:
        """Return *number* in words, with what *unit* stands for."""
        language, before = self.language, self.before(match)
        noun = language.nouns.get(language.units.get(unit, ""))
        if noun and re.search(language.singular_before, before):
            return f"{self.plain(number)} {noun.form('one')}"
        if number.decimals:
            words = self.plain(number)
            return f"{words} {noun.form(language.plural(number.written))}" if noun else words
        return language.count(number.whole, noun, before, self.after(match)) if not number.spelt else self.plain(number)

    def plain(self, number: Number) -> str:
        """Return *number* in words as it stands alone."""

        def whole(digits: str) -> str:
            return self.language.count(int(digits), None, "", "")

        if number.spelt:
            return " ".join(whole(digit) for digit in number.written[:400])
        if not number.decimals:
            return whole(str(number.whole))
        return " ".join([whole(str(number.whole)), self.mark("point"), *map(whole, number.decimals)])

    def digits(self, written: str) -> str:
        return " ".join(self.language.count(int(digit), None, "", "") for digit in written if digit.isdigit())

    # what there is in a text, by the names of the pattern

    def _usual(self, match: re.Match[str]) -> str:
        return match[0]

    def _kept(self, match: re.Match[str]) -> str:
        return match[0]

    def _link(self, match: re.Match[str]) -> str:
        said = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0]).rstrip(".,;:!?/")
        end = match[0][len(match[0].rstrip(".,;:!?")) :]
        for sign, name in ((".", "dot"), ("/", "slash"), ("@", "at")):
            said = said.replace(sign, f" {self.mark(name)} ")
        return self.doubt(match[0], re.sub(r"[^\w ]", " ", said)).strip() + end

    def _abbreviation(self, match: re.Match[str]) -> str:
        short, after = match[0], self.after(match)
        said = self.language.abbreviations[short]
        if short in self.language.doubtful:
            self.doubt(short, said)
        if said.endswith(",") and after[:1] in tuple(",;:.)"):
            said = said[:-1]
        return said + _end_of(said) if short in self.language.ends and _is_end(after) else said

    def _prefix(self, match: re.Match[str]) -> str:
        if match[0].strip() == self.language.marks.get("no") and self.behind(r"\?[\"']?\s$", match):
            return match[0]  # an answer
        return f"{self.language.before_number[match[0].strip()]} "

    def _decade(self, match: re.Match[str]) -> str:
        return self.language.decade(int(re.sub(r"\D", "", match[0])))

    def _date(self, match: re.Match[str]) -> str:
        return self.language.day(int(match["day"]), self.before(match))

    def _until(self, match: re.Match[str]) -> str:
        return f" {self.mark('to')} "

    def _ordinal(self, match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        if not self.behind(self.language.ordinal_before, match):
            return f"{self._small(int(digits))}."
        return self.language.ordinal(int(digits), self.before(match))

    def _phone(self, match: re.Match[str]) -> str:
        groups = [self.digits(group) for group in re.findall(r"\d+", match[0])]
        return f"{self.mark('plus')} " * match[0].startswith("+") + ", ".join(groups)

    def _chain(self, match: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", match[0])
        spelt = any(len(number) > 2 for number in numbers)
        if "/" in match[0] or sorted(map(len, numbers))[1:] in ([1, 4], [2, 4]):  # a date
            said = ", ".join(self.year(n) if len(n) == 4 else self._small(int(n)) for n in numbers)
            return self.doubt(match[0], said)
        return ", ".join(self.digits(n) if spelt else self.plain(number_of(n, self.language)) for n in numbers)

    def year(self, digits: str) -> str:
        return self.language.year(int(digits))

    def _part(self, match: re.Match[str]) -> str:
        above, below, language = int(match["above"]), int(match["below"]), self.language
        whole = int(match["whole"]) if match["whole"] else None
        noun = language.nouns.get(language.units.get(match["part_unit"] or "", ""))
        after = f" {noun.form('one')}" if noun else self.after(match)
        if whole is None and self.behind(language.numbered, match):
            return f"{self._small(above)} {self.mark('of')} {self._small(below)}"
        said = language.fraction(whole, above, below, self.before(match), after)
        end = "." if match["part_dot"] and _is_end(self.after(match)) else ""
        if said is None:
            said = f"{self._small(above)} {self.mark('out of')} {self._small(below)}"
            said = said if below == 10 else self.doubt(match[0], said)
            return f"{self._small(whole)} {said}" if whole is not None else said
        return f"{said} {noun.form('one' if whole is None and above == 1 else 'other')}{end}" if noun else said

    def _small(self, value: int) -> str:
        return self.language.count(value, None, "", "")

    def _clock(self, match: re.Match[str]) -> str:
        language, hours, minutes = self.language, int(match["hours"]), int(match["minutes"])
        is_clock = hours < 24 and minutes < 60
        if is_clock and match["told"] is not None:
            half = re.search(r"([apAP])\.?[mM]", match["told"])
            said = language.clock(hours, minutes)
            return (
                f"{said.removesuffix(chr(32) + 'o' + chr(39) + 'clock')} {half[1].upper()}.M."
                + "\n" * (match[0][-1] == "." and _is_end(self.after(match)))
                if half
                else said
            )
        if is_clock and hours and not match["seconds"]:
            if self.behind(language.clock_before, match):
                return language.clock(hours, minutes)
            if not self.behind(language.time_before, match):
                return self.doubt(match[0], f"{self._small(hours)} {self._small(minutes) if minutes else ''}".strip())
        long = match["seconds"] is not None
        names = ("hour", "minute", "second") if long else ("minute", "second")
        values = (hours, minutes, int(match["seconds"])) if long else (hours, minutes)
        told = [language.count(v, language.nouns[name], "", "") for v, name in zip(values, names, strict=True) if v]
        return " ".join(told) or language.count(0, language.nouns["second"], "", "")

    def _ratio(self, match: re.Match[str]) -> str:
        return f"{self._small(int(match['one']))} {self.mark('ratio')} {self._small(int(match['other']))}"

    def _multiplied(self, match: re.Match[str]) -> str:
        after = self.mark("times after")
        return self.language.count(int(match["by"]), None, "", after) + after

    def _quantity(self, match: re.Match[str]) -> str:
        language = self.language
        unit = match["unit"] or match["money"] or ""
        doubtful = unit in language.doubtful_units or (unit == "s" and self.behind(language.decade_before, match))
        if f" {unit}" in language.units and self.text[match.start("unit") - 1].isspace():
            unit = f" {unit}"
        first, second = (number_of(match[g], language) if match[g] else None for g in ("first", "second"))
        assert first is not None
        end = "." if (match["dot"] or unit.endswith(".")) and _is_end(self.after(match)) else ""
        if unit in ("'", '"') and self.before(match).count(unit) % 2:
            unit, end = "", unit  # it closes what is quoted
        last = second or first
        times, before = match["times"], self.before(match)
        tail = times and (self.mark("times") if match[0][-1:].isspace() or self.after(match)[:1].isdigit() else
                          self.mark("times after"))  # fmt: skip
        if not unit and not times and not second and self.behind(language.call_before, match):
            said = self.digits(first.written)
        elif not unit and not second and first.is_year and self.behind(language.after_year, match):
            said = self.year(first.written)
        elif not unit and not second and match["first"].isdigit() and re.search(rf"\b(?:{language.months}) $", before):
            said = language.ordinal(first.whole, before)
        elif not unit and second and second.spelt and not second.doubtful:
            said, second = f"{self.digits(first.written)}, {self.digits(second.written)}", None
        elif tail and not unit:
            said = self.plain(last) if last.whole != 1 else language.count(1, None, "", tail)
        elif match["money"] and len(last.decimals) == 2:
            said = f"{self.count(number_of(str(last.whole), language), match, unit)} {self._small(int(last.decimals))}"
        else:
            said = self.count(last, match, unit)
        if second:
            between = "," if first == second else f" {self.mark('to')}"
            said = f"{self.plain(first)}{between} {said}"
        said = f"{self.mark('minus')} " * bool(match["minus"]) + said
        if match["more"]:
            head, _, noun = said.partition(" ") if unit else (said, "", "")
            said = f"{head} {self.mark('plus')} {noun}".rstrip()
        written = match[0].rstrip(".")
        if doubtful or first.doubtful or (second and second.doubtful):
            self.doubt(written, said)
        return f"{said}{tail or ''}{end and _end_of(said, end)}"

    def _roman(self, match: re.Match[str]) -> str:
        if self.behind(self.language.numbered, match):
            return self._small(_ROMAN[match[0]])
        if len(match[0]) == 1 or match[0] in self.language.acronyms:
            return match[0]
        return self.doubt(match[0], self._small(_ROMAN[match[0]]))

    def _hand(self, match: re.Match[str]) -> str:
        return self.mark(match["letter"])

    def _capitals(self, match: re.Match[str]) -> str:
        words = re.findall(rf"[{_BIG}']+", match[0])
        crowd = sum(len(word) > 1 for word in words) > 1
        return re.sub(rf"[{_BIG}']+", lambda word: self.capital(word[0], crowd=crowd), match[0])

    def capital(self, word: str, *, crowd: bool) -> str:
        """Return a *word* in capitals as it is read: spelt, or as a word; in a *crowd* of others it is rather that."""
        language, lower = self.language, word.lower()
        if word == "I" or len(word) == 1:
            return word if not crowd or word == "I" else lower
        if word in language.words_too:
            return lower if crowd else self.doubt(word, lower)
        if word in language.acronyms or not re.search("[aeiouyäöü]", lower):
            return word if word in language.acronyms or not re.search(r"(.)\1\1", lower) else self.stretch(lower)
        if re.search(r"(.)\1\1", lower):
            return self.stretch(lower)
        known = crowd or len(word) > _SHORT or word in language.short_words or "'" in word
        return lower if known else self.doubt(word, lower)

    def _stretched(self, match: re.Match[str]) -> str:
        return self.stretch(match[0])

    def stretch(self, word: str) -> str:
        sound = self.language.interjections.get(re.sub(r"(.)\1+", r"\1", word.lower()))
        forms = [re.sub(r"(?i)(.)\1{2,}", letters, word) for letters in (r"\1", r"\1\1")]
        known = next((form for form in forms if form.upper() in self.language.short_words), None)
        return sound or known or self.doubt(word, forms[0])

    def _slash(self, match: re.Match[str]) -> str:
        ahead, behind = self.language.per
        noun = self.language.nouns.get(self.language.units.get(match["per_unit"] or "", ""))
        if noun and self.behind(r"\d\s?(?:[^\W\d]+\s?){0,2}$", match):
            return f" {self.mark('per')} {noun.form('one')}"
        if match["per_unit"]:
            return f" {self.mark('or')} {match['per_unit']}"
        if self.behind(ahead, match) and re.match(behind, self.after(match)):
            return f" {self.mark('per')} "
        digits = self.text[match.start() - 1].isdigit() or self.text[match.end()].isdigit()
        said = f" {self.mark('per' if digits and re.match(behind, self.after(match)) else 'or')} "
        return self.doubt("/", said) if digits else said

    def _hash(self, match: re.Match[str]) -> str:
        if self.after(match)[:1].isdigit():
            return f"{self.mark('number')} "
        self.doubt(match[0], self.mark("hash"))
        return f"{self.mark('hash')} "

    def _sign(self, match: re.Match[str]) -> str:
        sign, before = match[0], self.before(match)
        said = self.language.signs.get(sign, "")
        if sign == "→" and re.search(rf"\b{self.mark('from')}\b[^.!?]*$", before, re.IGNORECASE):
            said = self.mark("to")
        if sign == "≈" and self.after(match)[:1].isdigit():
            said = self.mark("about")
        if sign in "~→←+=&" and not any(c.isalnum() for c in self.after(match)):
            said = ""
        if (not said and sign not in "~→←+=&") or sign in self.language.doubtful_signs:
            self.doubt(sign, said)
        return f" {said} " if said else " "


_SAID: Mapping[str, Callable[[_Reader, re.Match[str]], str]] = {
    name: getattr(_Reader, f"_{name}")
    for name in (
        "usual", "kept", "link", "abbreviation", "prefix", "decade", "date", "until", "ordinal", "phone", "chain",
        "part", "clock", "ratio", "multiplied",
        "quantity", "roman", "hand", "capitals", "stretched", "slash", "hash", "sign",
    )
}  # fmt: skip


def _end_of(said: str, end: str = ".") -> str:
    """Return what ends a sentence behind *said*; one that has a full stop of its own ends with its line."""
    return "\n" if said.endswith(".") else end


def _is_end(after: str) -> bool:
    """Tell whether a sentence may be over before *after*, which follows a full stop that stands for something else."""
    return re.match(r"[\"')]*(?:\s*$|\s*\n|\s+[\"'(]*[A-ZÄÖÜ\d])", after) is not None
