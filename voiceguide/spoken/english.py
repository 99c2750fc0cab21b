"""English, as it is read aloud."""

from __future__ import annotations

from voiceguide.spoken.language import Language, Noun, in_words, rounded

_UNITS = ("nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    *(f"{root}teen" for root in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = (*_UNITS, *_TEENS, *(f"{t}-{_UNITS[u]}" if u else t for t in _TENS for u in range(10)))
_ORDINALS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _noun(one: str, other: str = "") -> Noun:
    return Noun({"one": one, "other": other or f"{one}s"})


def _words(value: int) -> str:
    """Return *value* in words as num2words does, which takes a fifth of a millisecond: too long for each of many."""
    if 0 < value < 100:
        return _SMALL[value]
    if not 0 < value < 1_000_000:
        return "zero" if value == 0 else in_words(value, "en")
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    many, rest = divmod(value, size)
    and_ = "and " if 0 < rest < 100 else ""
    return f"{_words(many)} {name}" + (f" {and_}{_words(rest)}" if rest else "")


def _count(value: int, noun: Noun | None = None, before: str = "", after: str = "") -> str:
    words = _words(value)
    return f"{words} {noun.form('one' if value == 1 else 'other')}" if noun else words


def _duration(ms: int, before: str = "") -> str:
    unit, value = rounded(ms)
    if unit == "second":
        return _count(value, _NOUNS["second"])
    return f"{_words(value // 2)} and a half minutes" if value % 2 else _count(value // 2, _NOUNS["minute"])


def _ordinal(value: int, before: str = "") -> str:
    return _ORDINALS[value] if value < len(_ORDINALS) else in_words(value, "en", "ordinal")


_PARTS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters")}
_PARTS |= {n: (_ORDINALS[n], f"{_ORDINALS[n]}s") for n in (5, 6, 8)}
_DETERMINED = ("a", "an", "the", "of", "your", "his", "her", "their", "its", "this", "that", "way", "full", "as")


def _fraction(whole: int | None, above: int, below: int, before: str, after: str) -> str | None:
    """Return a part of one, so that it goes well between what comes *before* and *after* it.

    None if it is rather so many out of so many.
    """
    if below not in _PARTS or above >= below:
        return None
    if whole is not None:
        part = f"a {_PARTS[below][0]}" if above == 1 else f"{_words(above)} {_PARTS[below][1]}"
        return f"{_words(whole)} and {part}"
    if above > 1:
        return f"{_words(above)} {_PARTS[below][1]}"
    follows = after.split()[0].casefold() if after[:1].isspace() and after.split() else ""
    alone = not follows[:1].isalpha() or follows in _DETERMINED
    article = "an" if follows[:1] in "aeio" or follows.startswith("hour") else "a"
    if below == 2:
        return "half" if alone or not follows else f"half {article}"
    determined = before.split()[-1:] and before.split()[-1].casefold() in _DETERMINED
    one = "one " if below == 3 else "" if determined and not alone else "a "
    return f"{one}{_PARTS[below][0]}"


def _decade(year: int) -> str:
    said = in_words(year, "en", "year")
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _day(value: int, before: str) -> str:
    the = "" if before.split()[-1:] and before.split()[-1].casefold() in ("the", "every", "this") else "the "
    return f"{the}{_ordinal(value)} of"


def _clock(hours: int, minutes: int) -> str:
    if not minutes:
        return f"{_words(hours)} o'clock" if 0 < hours <= 12 else f"{_words(hours)} hundred"
    return f"{_words(hours)} {'oh ' if minutes < 10 else ''}{_words(minutes)}"


_NOUNS = {
    name: _noun(name)
    for name in (
        "second", "minute", "hour", "day", "week", "month", "year", "metre", "centimetre", "millimetre", "kilometre",
        "kilogram", "gram", "litre", "millilitre", "pound", "ounce", "mile", "degree", "millisecond", "kilocalorie",
        "teaspoon", "tablespoon", "euro", "dollar", "decibel", "percent", "volt", "watt", "kilohertz", "megabyte",
    )
}  # fmt: skip
_NOUNS |= {
    "inch": _noun("inch", "inches"),
    "foot": _noun("foot", "feet"),
    "celsius": _noun("degree Celsius", "degrees Celsius"),
    "fahrenheit": _noun("degree Fahrenheit", "degrees Fahrenheit"),
    "mph": _noun("mile per hour", "miles per hour"),
    "rpm": _noun("revolution per minute", "revolutions per minute"),
    "bpm": _noun("beat per minute", "beats per minute"),
    "wpm": _noun("word per minute", "words per minute"),
    "hertz": _noun("hertz", "hertz"),
    "percent": _noun("percent", "percent"),
    "sterling": _noun("pound"),
    "am": Noun({"other": "A.M."}),
    "pm": Noun({"other": "P.M."}),
}
_UNITS_WRITTEN = {
    "second": ("s", "sec", "secs", "″"), "minute": ("min", "mins", "m", "′", "'"), "hour": ("h", "hr", "hrs"),
    "week": ("wk", "wks"), "month": ("mo", "mos"), "year": ("yr", "yrs"), "millisecond": ("ms",),
    "metre": (" m",), "centimetre": ("cm",), "millimetre": ("mm",), "kilometre": ("km",), "mile": ("mi",),
    "foot": ("ft",),
    "inch": ("in.", '"'), "kilogram": ("kg", "kgs"), "gram": ("g",), "pound": ("lb", "lbs"), "ounce": ("oz",),
    "litre": ("l", "L"), "millilitre": ("ml", "mL"), "kilocalorie": ("kcal",), "teaspoon": ("tsp", "tsps"),
    "tablespoon": ("tbsp", "tbsps"), "percent": ("%",), "celsius": ("°C",), "fahrenheit": ("°F",), "degree": ("°",),
    "mph": ("mph",), "rpm": ("rpm", "RPM"), "volt": ("V",), "watt": ("W",), "kilohertz": ("kHz",), "megabyte": ("MB",),
    "bpm": ("bpm", "BPM"), "wpm": ("wpm",), "hertz": ("Hz",), "decibel": ("dB",), "euro": ("€",), "dollar": ("$",),
    "sterling": ("£",), "am": ("am", "AM", "a.m."), "pm": ("pm", "PM", "p.m."),
}  # fmt: skip
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NAMES = {f"{name[:3]}.": name for name in (*_MONTHS.split("|"), *_DAYS.split()) if len(name) > 4}
_NAMES |= {"Sept.": "September", "Tues.": "Tuesday", "Thur.": "Thursday", "Thurs.": "Thursday"}
_ACRONYMS = """
TV DVD CD GP ER ICU SPF CBD DIY FAQ UK USA EU MRI CT BMI BP HR PT PE UV DJ PC USB GPS LED IQ ID VIP PMS MS BPM
RPE PNF IBS ADHD OCD PTSD DNA HIV IV AC DC WC BBQ FBI NHS MD RN ACL MCL IT US
"""
_SHORT = """
a ad all am an and any arm as at away back be best big blue body both but by calm can cold come cool cup day deep do
done down dry each ease easy eat end even ever exit eyes fast feel feet few find five fix flat foot for four free from
full get give go good grip half hand hard has have head heel help here high hip hold hot how hurt if in into is it its
jaw join keep kind knee last lay left leg less let lie lift like long look loop low main make many may me mind more
most move much must my near neck nest nine no nose not note now of off oil ok old on once one only open or our out over
pain part past plan push put rep reps rest rib roll rub safe same save set side sip sit six skin skip slow so soft sole
some soon stay step stop sure take tap ten that the them then they this tip toe too top turn two up us use very wait
walk warm wash way well wet what when why will with work yes you your zero
"""
ENGLISH = Language(
    code="en",
    answers={name: name for name in ("left", "right", "both", "yes", "no")},
    sides={"left": "left", "right": "right"},
    phases={"in": "Breathe in.", "hold": "Hold.", "out": "Breathe out.", "more": "And a little more."},
    count=_count,
    duration=_duration,
    ordinal=_ordinal,
    decade_written=r"(?<![\w'])(?:1[1-9]|20)\d0s(?!\w)",
    decade=_decade,
    months=_MONTHS,
    day=_day,
    ordinal_written=r"(?:\d{1,4})(?:st|nd|rd|th)(?!\w)",
    year=lambda value: in_words(value, "en", "year"),
    after_year=r"(?:\b(?:in|since|until|till|by|year|before|after|around|from|of|early|late)|uary|ch|pril|may|june|july"
    r"|august|ber)\s$",
    fraction=_fraction,
    clock=_clock,
    clock_before=r"\b(?:at|by|until|till|before|around|from|to|past|since|about|and)\s$",
    clock_after=r"\s?(?:[apAP]\.?[mM]\b\.?|o'clock\b|(?=in the (?:morning|evening|afternoon)))",
    time_before=r"\b(?:for|rest|hold|wait|takes?|lasts?|another|after|in|of|pause|time|total|than|every|remaining)[:]?\s$",
    call_before=r"\b(?:call|dial|ring|phone|text)\s$",
    nouns=_NOUNS,
    units={written: name for name, all_written in _UNITS_WRITTEN.items() for written in all_written},
    doubtful_units=frozenset({"m", "′", "″", "'", '"'}),
    signs={
        "&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "~": "about", "≈": "is about",
        "≥": "at least",
        "≤": "at most", "±": "plus or minus", ">": "more than", "<": "less than", "#": "number", "×": "times",
        "÷": "divided by", "°": "degrees", "→": ", then", "←": ", from", "↑": "up", "↓": "down", "↔": "and back",
        "€": "euros", "$": "dollars", "£": "pounds", "§": "section", "²": "squared", "³": "cubed", "−": "minus",
    },
    doubtful_signs=frozenset("<>←↑↓↔§"),
    abbreviations=_NAMES
    | {
        "HIIT": "hit", "L/R": "left and right", "R/L": "right and left", "Ave.": "Avenue", "Blvd.": "Boulevard",
        "e.g.": "for example", "eg.": "for example", "i.e.": "that is,", "ie.": "that is,", "etc.": "et cetera",
        "vs.": "versus", "v.": "versus", "vs": "versus", "approx.": "approximately", "max.": "maximum",
        "incl.": "including", "excl.": "excluding", "esp.": "especially", "resp.": "respectively", "ca.": "about",
        "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Prof.": "Professor", "St.": "Saint",
        "a.k.a.": "also known as", "N.B.": "note,", "a.m.": "A.M.", "p.m.": "P.M.", "U.S.": "U S", "U.K.": "U K",
        "Ph.D.": "P H D", "asap": "as soon as possible", "ASAP": "as soon as possible", "ok": "okay", "OK": "okay",
        "Ok": "Okay", "Jr.": "Junior", "Sr.": "Senior", "P.S.": "P S", "w/o": "without", "w/": "with", "b/c": "because",
        "24/7": "twenty-four seven", "50/50": "fifty-fifty", "and/or": "and or", "tsp.": "teaspoons",
        "tbsp.": "tablespoons", "reps.": "reps", "rep.": "rep", "temp.": "temperature", "c/o": "care of",
        "°C": "Celsius",
        "°F": "Fahrenheit",
    },
    ends=frozenset(
        {"etc.", "a.m.", "p.m.", "U.S.", "U.K.", "Ph.D.", "Jr.", "Sr.", "reps.", "rep.", "temp."}
        | {f"{day[:3]}." for day in _DAYS.split()}
    ),
    doubtful=frozenset({"v.", "St."}),
    before_number={
        "No.": "number", "Nos.": "numbers", "no.": "number", "Nr.": "number", "Fig.": "figure", "fig.": "figure",
        "p.": "page", "pp.": "pages", "vol.": "volume", "Vol.": "volume", "min.": "minimum", "c.": "about",
        "Ch.": "chapter", "ch.": "chapter", "ex.": "exercise", "Ex.": "exercise", "approx": "approximately",
        "max": "maximum", "min": "minimum", "Wk": "week", "wk": "week", "Wks": "weeks", "wks": "weeks", "Wk.": "week",
    },
    marks={
        "to": "to", "point": "point", "or": "or", "out of": "out of", "of": "of", "ratio": "to", "minus": "minus",
        "plus": "plus", "and": "and",
        "times": " times ", "times after": " times", "per": "per", "number": "number", "dot": "dot",
        "slash": "slash", "at": "at", "from": "from", "about": "about", "hash": "hashtag", "no": "No.",
        "R": "right", "L": "left", "limbs": r"foot|feet|hand|leg|knee|heel|arm|side|ankle|toe|thumb|hip|shoulder",
    },
    singular_before=r"\b(?:a|an)\s(?:\w+[ -])?$",
    decade_before=r"(?:\b(?:your|my|his|her|their|early|mid|late)[ -]|')$",
    per=(r"(?:\dx|\b(?:reps?|times|x|minutes?|mins?|secs?|seconds?|hours?|rounds?|sets?|breaths?|beats|steps))\s?$",
         r"\s?(?:side|day|week|month|minute|min|hour|set|foot|leg|arm|round|session|second|night|km|mi|mile|kilometre|kilometer|kg|head|person)\b"),
    numbered=r"\b(?:phase|part|level|stage|round|week|day|step|chapter|set|page|exercise|warrior|type|zone|grade|version|mark|act)\s$",
    conjunctions=("and", "or", "but", "then", "while", "because", "so", "until", "as", "which", "that", "when", "with"),
    interjections={
        # espeak, and what is built on it, spells `shh` and `mm`
        "sh": "shush", "m": "hmm", "hm": "hmm", "mhm": "hmm", "ah": "ah", "oh": "oh", "aw": "aw", "ha": "ha",
        "pst": "psst", "br": "burr", "s": "siss", "um": "um", "uh": "uh", "om": "om", "o": "ooh", "a": "ah",
        "wo": "whoa",
    },
    acronyms=frozenset(_ACRONYMS.split()),
    words_too=frozenset({"IT", "US"}),
    short_words=frozenset(_SHORT.upper().split()),
    letters="A-Za-z\u00c0-\u024f\u1e00-\u1eff",
)  # fmt: skip
