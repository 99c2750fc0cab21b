"""German, as it is read aloud. `{side}` is a stem here: the text gives it the ending that its sentence needs."""

from __future__ import annotations

import re

from voiceguide.spoken.language import Language, Noun, in_words, rounded

_UNITS = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_TEENS = ("zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn")
_TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_SMALL = (*_UNITS, *_TEENS, *(f"{_UNITS[u]}und{t}" if u else t for t in _TENS for u in range(10)))
_DATIVE = re.compile(r"\b(?:in|nach|seit|vor|von|mit|bei|aus|zu|ab|pro)\s(?:etwa\s|rund\s|circa\s)?$", re.IGNORECASE)


def _noun(one: str, other: str, gender: str) -> Noun:
    return Noun({"one": one, "other": other}, gender)


def _words(value: int) -> str:
    return "eins" if value == 1 else _SMALL[value] if value < 100 else in_words(value, "de")


def _small(value: int) -> str:
    return "ein" if value == 1 else _words(value)


def _count(value: int, noun: Noun | None = None, before: str = "", after: str = "") -> str:
    if value != 1:
        return f"{_words(value)} {noun.form('other')}" if noun else _words(value)
    if noun:
        dative = _DATIVE.search(before)
        article = {"f": "einer" if dative else "eine", "m": "einem" if dative else "ein"}.get(noun.gender)
        return f"{article or ('einem' if dative else 'ein')} {noun.form('one')}"
    counted = re.match(r"\s(?:[a-zäöü]\w*\s)?([A-ZÄÖÜ]\w+)", after)
    if counted and counted[1] in _COUNTED:
        return _count(1, Noun({"other": ""}, _COUNTED[counted[1]]), before).strip()
    return "ein" if re.match(r"\s?mal\b|\u2060", after) else "eins"


_COUNTED = dict.fromkeys(
    ("Runde", "Wiederholung", "Seite", "Hand", "Zehe", "Ferse", "Atmung", "Woche", "Pause", "Übung"), "f"
)
_COUNTED |= dict.fromkeys(("Atemzug", "Tag", "Monat", "Fuß", "Kreis", "Satz", "Durchgang", "Schritt", "Finger"), "m")
_COUNTED |= dict.fromkeys(("Mal", "Jahr", "Bein", "Knie", "Glas", "Handtuch"), "n")


def _duration(ms: int, before: str = "") -> str:
    unit, value = rounded(ms)
    if unit == "second":
        return _count(value, _NOUNS["second"], before)
    if value % 2:
        return f"{_small(value // 2)}einhalb Minuten"
    return _count(value // 2, _NOUNS["minute"], before)


_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def _ordinal(value: int, before: str = "") -> str:
    stem = _ORDINALS.get(value) or (f"{_words(value)}t" if value < 20 else in_words(value, "de", "ordinal")[:-1])
    plain = re.search(r"(?<!\bin )(?<!\bmit )(?<!\bnach )(?<!\bbei )(?<!\bzu )(?<!\bvon )\b(?:der|die|das)\s$", before)
    return f"{stem}e" if plain else f"{stem}en"


def _fraction(whole: int | None, above: int, below: int, before: str, after: str) -> str | None:
    if whole is not None and (above, below) == (1, 2):
        return f"{_small(whole)}einhalb"
    if below == 2 and above == 1:
        follows = re.match(r"\s([A-ZÄÖÜ]\w*)", after)
        return ("eine halbe" if follows[1].endswith("e") else "ein halber") if follows else "ein halb"
    if below not in (3, 4, 5, 6, 8) or above >= below:
        return None
    name = {3: "Drittel", 4: "Viertel", 5: "Fünftel", 6: "Sechstel", 8: "Achtel"}[below]
    part = f"{_small(above)} {name}"
    return part if whole is None else f"{_words(whole)} {part}"


def _clock(hours: int, minutes: int) -> str:
    return f"{_small(hours)} Uhr{f' {_words(minutes)}' if minutes else ''}"


_NOUNS = {
    "second": _noun("Sekunde", "Sekunden", "f"), "minute": _noun("Minute", "Minuten", "f"),
    "hour": _noun("Stunde", "Stunden", "f"), "day": _noun("Tag", "Tage", "m"), "week": _noun("Woche", "Wochen", "f"),
    "metre": _noun("Meter", "Meter", "m"), "centimetre": _noun("Zentimeter", "Zentimeter", "m"),
    "millimetre": _noun("Millimeter", "Millimeter", "m"), "kilometre": _noun("Kilometer", "Kilometer", "m"),
    "kilogram": _noun("Kilogramm", "Kilogramm", "n"), "gram": _noun("Gramm", "Gramm", "n"),
    "litre": _noun("Liter", "Liter", "m"), "millilitre": _noun("Milliliter", "Milliliter", "m"),
    "percent": _noun("Prozent", "Prozent", "n"), "degree": _noun("Grad", "Grad", "n"),
    "celsius": _noun("Grad Celsius", "Grad Celsius", "n"), "teaspoon": _noun("Teelöffel", "Teelöffel", "m"),
    "tablespoon": _noun("Esslöffel", "Esslöffel", "m"), "drop": _noun("Tropfen", "Tropfen", "m"),
    "euro": _noun("Euro", "Euro", "m"), "hertz": _noun("Hertz", "Hertz", "n"),
    "repetition": _noun("Wiederholung", "Wiederholungen", "f"), "decibel": _noun("Dezibel", "Dezibel", "n"),
}  # fmt: skip
_COUNTED |= {noun.form("one"): noun.gender for noun in _NOUNS.values()}
_UNITS_WRITTEN = {
    "second": ("s", "sec", "Sek", "sek", "Sec", "″"), "minute": ("min", "Min", "m", "′", "'"), "hour": ("h", "Std",
    "std"),
    "week": ("Wo",), "metre": (" m",), "centimetre": ("cm",), "millimetre": ("mm",), "kilometre": ("km",),
    "kilogram": ("kg",),
    "gram": ("g", "gr"), "litre": ("l",), "millilitre": ("ml",), "percent": ("%",), "degree": ("°",),
    "celsius": ("°C",), "teaspoon": ("TL",), "tablespoon": ("EL",), "drop": ("Tr",), "euro": ("€",),
    "hertz": ("Hz",), "repetition": ("Wdh", "Whg", "WH"), "decibel": ("dB",),
}  # fmt: skip
_ACRONYMS = """
TV DVD CD PC UV USA EU MRT CT BMI ID DNA HIV LED GPS USB IQ VIP WC EKG CBD LSF ADHS
"""
_SHORT = """
ab alle als am an arm auf aus bei bein bis da das dem den der des die dies du ein eine er es fest ferse für fuß füße
ganz gar gib gut halt hand hier hoch ich ihr im immer in ist ja jede jetzt kein knie kopf kurz lang lass laut leg los
mal man mehr mit mund nach nah nase nie noch nun nur oben oder ohne ort pro raus rein ruhe ruh sehr sich sie sind sitz
so sohle stop stopp tief tun um und uns vor wach wann warm was weg weh weit wenn wer wie wir wo zehe zeit zieh zu zum
zur zwei drei vier acht neun zehn elf
"""
GERMAN = Language(
    code="de",
    answers={"left": "link", "right": "recht", "both": "beid", "yes": "ja", "no": "nein"},
    sides={"left": "links", "right": "rechts"},
    endings=("en", "e", "er", "es", "em", "s"),
    phases={"in": "Einatmen.", "hold": "Halten.", "out": "Ausatmen.", "more": "Und noch etwas mehr."},
    count=_count,
    duration=_duration,
    ordinal=_ordinal,
    ordinal_written=r"(?<![\w.,:/–-])\d{1,3}\.(?=\s(?:[A-ZÄÖÜ]|und|bis|oder))",
    ordinal_before=r"\b(?:d(?:er|ie|as|en|em|es)|am|im|zu[mr]|beim|vom|jede[rsnm]?|und|oder|bis|[Ii]hre?[rnm]?)\s$",
    year=lambda value: in_words(value, "de", "year"),
    after_year=r"\b(?:seit|im|in|Jahr|Jahre|Januar|Februar|März|April|Mai|Juni|Juli|August|\w+ber)\s$",
    fraction=_fraction,
    clock=_clock,
    clock_before=r"\b(?:um|bis|ab|gegen|vor|nach|von)\s$",
    clock_after=r"\s?Uhr\b",
    time_before=r"\b(?:für|noch|dauert|warten|halten|pause|nach|etwa)[:]?\s$",
    call_before=r"\b(?:rufen Sie|wählen Sie|Notruf|unter|Telefon)\s$",
    decimal=",",
    nouns=_NOUNS,
    units={written: name for name, all_written in _UNITS_WRITTEN.items() for written in all_written},
    doubtful_units=frozenset({"m", "′", "″", "'"}),
    signs={
        "&": "und", "+": "plus", "=": "gleich", "@": "at", "%": "Prozent", "~": "etwa", "≈": "etwa",
        "≥": "mindestens", "≤": "höchstens", "±": "plus minus", ">": "mehr als", "<": "weniger als", "#": "Nummer",
        "×": "mal", "÷": "geteilt durch", "°": "Grad", "→": ", dann", "€": "Euro", "$": "Dollar", "£": "Pfund",
        "§": "Paragraf", "−": "minus",
    },
    doubtful_signs=frozenset("<>§@"),
    abbreviations={
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "u. a.": "unter anderem", "u.a.": "unter anderem", "usw.": "und so weiter", "etc.": "et cetera",
        "bzw.": "beziehungsweise", "ca.": "circa", "evtl.": "eventuell", "ggf.": "gegebenenfalls", "Dr.": "Doktor",
        "Prof.": "Professor", "Hr.": "Herr", "Fr.": "Frau", "Nr.": "Nummer", "St.": "Sankt", "max.": "maximal",
        "mind.": "mindestens", "inkl.": "inklusive", "vgl.": "vergleiche", "sog.": "sogenannte", "bes.": "besonders",
        "z. T.": "zum Teil", "z.T.": "zum Teil", "u. U.": "unter Umständen", "u.U.": "unter Umständen",
        "i. d. R.": "in der Regel", "i.d.R.": "in der Regel", "v. a.": "vor allem", "v.a.": "vor allem",
        "o. Ä.": "oder Ähnliches", "o.Ä.": "oder Ähnliches", "s. o.": "siehe oben", "s. u.": "siehe unten",
        "Abb.": "Abbildung", "Tel.": "Telefon", "zzgl.": "zuzüglich", "vs.": "gegen", "od.": "oder", "u.": "und",
        "re.": "rechts", "li.": "links", "Re.": "rechts", "Li.": "links", "ok": "okay", "OK": "okay",
        "Wdh.": "Wiederholungen",
        "Std.": "Stunden", "Min.": "Minuten", "Sek.": "Sekunden", "und/oder": "und oder", "Std": "Stunden",
        "m.E.": "meines Erachtens", "u.s.w.": "und so weiter", "o.k.": "okay", "TL": "Teelöffel", "EL": "Esslöffel",
    },
    ends=frozenset({"usw.", "etc.", "o. Ä.", "o.Ä.", "u. a.", "u.a.", "s. o.", "s. u.", "Wdh.", "Std.", "Min.",
        "Sek."}),
    doubtful=frozenset({"re.", "li.", "Re.", "Li.", "Fr."}),
    before_number={"S.": "Seite", "Kap.": "Kapitel", "Übg.": "Übung", "ab ca.": "ab circa", "min.": "mindestens"},
    marks={
        "to": "bis", "point": "Komma", "or": "oder", "out of": "von", "of": "von", "ratio": "zu", "minus": "minus",
        "plus": "plus", "and": "und",
        "times": " mal ", "times after": "\u2060mal", "per": "pro", "number": "Nummer", "dot": "Punkt",
        "slash": "Schrägstrich", "at": "at", "from": "von", "about": "etwa", "hash": "Hashtag",
    },
    per=(r"(?:\dx|\b(?:Mal|mal|Wdh|Wiederholungen|Minuten|Sekunden|Runden|Schläge|Atemzüge))\s?$",
         r"\s?(?:Seite|Tag|Woche|Monat|Minute|Min|Stunde|Fuß|Bein|Arm|Runde|Sekunde|Nacht)\b"),
    numbered=r"\b(?:Phase|Teil|Stufe|Runde|Woche|Tag|Schritt|Kapitel)\s$",
    conjunctions=("und", "oder", "aber", "dann", "während", "weil", "bis", "denn", "dass", "wenn", "sodass", "als"),
    interjections={
        # espeak spells `hmm`, `mm` and `pst`
        "m": "hm", "hm": "hm", "mhm": "hm", "ah": "ah", "oh": "oh", "om": "om", "o": "oh", "a": "ah",
    },
    acronyms=frozenset(_ACRONYMS.split()),
    short_words=frozenset(_SHORT.upper().split()),
    letters="A-Za-z\u00c0-\u024f\u1e00-\u1eff",
)  # fmt: skip
