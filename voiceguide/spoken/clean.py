"""What is there for the eye only is taken away: markup, bullets, pictures; dots, dashes and quotes are evened."""

from __future__ import annotations

import re
import unicodedata

_PICTURES = re.compile(
    "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u2300-\u23ff\u2500-\u25ff\ufe00-\ufe0f\u3030\u303d\u20e3\u2122\u00a9"
    "\u00ae\U000e0020-\U000e007f]+"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\ue000-\uf8ff]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x20\x7f-\xa0\u2028\u2029]+")
_SEEN = re.compile(
    r"[^\w ,;:!?%/()'.+-]|_|[^\x00-\u017f]|[ªº¹²³¼½¾]|\. ?\.|--|[!?][!?]|[a-z],[a-z]"
    r"|^ ?(?:\d{1,2}[.)]|-) |(?<!\w)'|'(?!\w)| - "
)
"""Something that `clean` may have to do with."""
_VULGAR = re.compile("(?<=\\d)(?=[\u00bc-\u00be\u2150-\u215e])")
_FRACTION = re.compile(r"(\d)\u2044(\d)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6]|hr)\b[^<>\n]{0,50}>", re.IGNORECASE)
_BULLET = re.compile(r"^ ?(?:(?:[-–—*•·▪◦‣]|#{1,6}|>) |[•▪◦‣] ?)", re.MULTILINE)
_NUMBERED = re.compile(r"^ ?(\d{1,2})[.)] (?=\S)", re.MULTILINE)
_EMPHASIS = re.compile(r"~~|`+|\*+|(?<!\w)_+|_+(?!\w)")
_DOTS = re.compile(r" ?\.(?: ?\.)+| ?…(?: ?[….])*")
_DASHES = re.compile(r" ?--+(?!>) ?")
_MARKS = re.compile(r"([!?])[!?]+")
_QUOTES = str.maketrans(
    {**dict.fromkeys("“”„‟«»\u2039\u203a", '"'), **dict.fromkeys("‘’‚‛´`", "'"), "•": ",", "·": ",", "¶": " "}
)
_SINGLE = re.compile(r"(?<![\w.!?])'|(?<![sS\d])'(?!\w)")
_CLOSE = re.compile(r"(?<=[^\W\d_]),(?=[^\W\d_])")
_ARROW = re.compile(r"(?<![-=])[-=]{1,3}>|[➔-➾\u21d2\u27f6]\ufe0f?")
_AFTER_END = re.compile(r"(^|[.!?…:;,]\"?) ?→", re.MULTILINE)


def visible(text: str) -> str:
    """Return *text* without what cannot be seen, in single spaces."""
    return _CONTROL.sub(" ", _INVISIBLE.sub("", text))


def clean(text: str) -> str:
    """Return *text* without what nobody reads aloud; a line of it ends where it was written so."""
    if not _SEEN.search(text):
        return text
    if "&" in text:
        from html import unescape

        text = unescape(text)
    text = _ARROW.sub("→", text)
    if not text.isascii():
        text = _PICTURES.sub(" ", _VULGAR.sub(" ", text))
        parts = re.split("([²³´])", text)  # which are more than another way to write 2 and 3
        text = "".join(unicodedata.normalize("NFKC", part) if part not in "²³´" else f" {part}" for part in parts)
        text = _FRACTION.sub(r"\1/\2", text).translate(_QUOTES)
    text = re.sub(r"[^\S\n]+", " ", _TAG.sub("", _BREAK.sub("\n", text)))
    text = _NUMBERED.sub(r"\1.\n", _BULLET.sub("", text))
    text = re.sub(r"(?<=\d) ?\*(?= ?\d)", "×", _CLOSE.sub(", ", text))
    text = re.sub(r"(?<=[^\W\d])_(?=[^\W\d])", " ", _EMPHASIS.sub("", text))
    text = re.sub(r"…(?=[^\W_])", "… ", _DOTS.sub("…", text))
    text = _MARKS.sub(lambda run: "?" if "?" in run[0] else "!", _DASHES.sub(" – ", text))
    return _AFTER_END.sub(r"\1", _SINGLE.sub("", text))
