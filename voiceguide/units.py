"""Units: the only place where times and levels are parsed, formatted, converted and rounded.

Two clocks exist: integer milliseconds as written in a script, and integer frames as played.
Levels are written in dB and applied as linear gains.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from math import log10

_UNITS = r"(?:(?P<h>\d{1,9}(?:\.\d{1,9})?)h)?(?:(?P<m>\d{1,9}(?:\.\d{1,9})?)m)?(?:(?P<s>\d{1,9}(?:\.\d{1,9})?)s)?"
_WITH_UNITS = re.compile(rf"(?=\d){_UNITS}\Z", re.ASCII)
_CLOCK = re.compile(r"(?:(?P<h>\d{1,9}):(?=\d\d:))?(?P<m>\d{1,9}):(?P<s>[0-5]\d(?:\.\d{1,3})?)\Z", re.ASCII)
_UNIT_MS = {"h": 3_600_000, "m": 60_000, "s": 1000}
_NUMBER = re.compile(r"\d+(?:\.\d+)?\Z", re.ASCII)
_LOOSE = re.compile(r"(\d+(?:\.\d+)?)\s*(h|m|s)?[a-z]*\.?", re.IGNORECASE | re.ASCII)
LONGEST_MS = 24 * 3600 * 1000
"""No single duration in a script or a request is longer than a day."""


@lru_cache(maxsize=1024)  # a script has few different ones
def parse_duration(text: str) -> int | None:
    """Return *text* (`8s`, `1m30s`, `1:30`, `5.5s`, `1h`) in milliseconds, or None if it is not a duration.

    Every character must be accounted for: `5`, `1m30` and `5 sec` are None. Fractions finer than a
    millisecond, and durations over a day, are None too.
    """
    match = _WITH_UNITS.match(text) or _CLOCK.match(text)
    if match is None:
        return None
    parts = [(value, _UNIT_MS[unit]) for unit, value in match.groupdict().items() if value]
    # fractions are slow, and only decimals need them
    ms = sum((Fraction(value) if "." in value else int(value)) * unit_ms for value, unit_ms in parts)
    return int(ms) if ms == int(ms) and ms <= LONGEST_MS else None


def suggest_duration(text: str) -> str:
    """Return what an author who typed *text* most likely meant, with its unit: `5` gives `5s`, `1m30` gives `1m30s`.

    Empty if there is nothing to go by.
    """
    plain = unicodedata.normalize("NFKC", text.strip()).replace(",", ".").replace("\u2032", "m").replace("'", "m")
    clock = re.fullmatch(r"([0-9]{1,4}):([0-9]{1,2})", plain)
    if clock:
        return format_duration((int(clock[1]) * 60 + int(clock[2])) * 1000)
    thousandths = re.fullmatch(r"([0-9]{1,7}) ?(ms|msec|millis\w*)", plain, re.IGNORECASE)
    if thousandths:
        return format_duration(int(thousandths[1]))
    guess = ""
    for number, unit in _LOOSE.findall(plain):
        guess += _thousandths(number) + (unit.lower() or ("m" if guess.endswith("h") else "s"))
    return guess if parse_duration(guess) is not None else ""


def _thousandths(number: str) -> str:
    whole, _, part = number.partition(".")
    return f"{whole}.{part[:3]}" if part else whole


def is_bare_number(text: str) -> bool:
    """Tell whether *text* is a number without a unit."""
    return bool(_NUMBER.match(text))


def format_duration(ms: int) -> str:
    """Return *ms* as an author would write it: `8s`, `1m30s`, `5.5s`, `1h`."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    return text + (f"{seconds}s" if rest or not text else "")


def format_clock(ms: int, *, tenths: bool = False) -> str:
    """Return *ms* as `m:ss` (or `h:mm:ss`), rounded down; with *tenths*, as `m:ss.t`."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{rest // 100}" if tenths else text


def format_exact(ms: int) -> str:
    """Return *ms* as `m:ss`, with as many decimals as it needs to be the same when it is typed back."""
    rest = f".{ms % 1000:03}".rstrip("0") if ms % 1000 else ""
    return format_clock(ms) + rest


def ms_to_frames(ms: int, rate: int) -> int:
    """Return *ms* milliseconds in frames at *rate*, the nearest one (halves up)."""
    return (ms * rate * 2 + 1000) // 2000


def frames_to_ms(frames: int, rate: int) -> int:
    """Return *frames* at *rate* in milliseconds, the nearest one (halves up)."""
    return (frames * 2000 + rate) // (2 * rate)


def resampled(frames: int, source_hz: int, target_hz: int) -> int:
    """Return how many frames at *target_hz* those at *source_hz* make, the nearest number (halves up)."""
    return (frames * target_hz * 2 + source_hz) // (2 * source_hz)


def frames_clock(frames: int, rate: int, *, tenths: bool = False) -> str:
    """Return *frames* at *rate* as `format_clock` does."""
    return format_clock(frames_to_ms(frames, rate), tenths=tenths)


def db_to_gain(level_db: float) -> float:
    """Return the linear gain of a level in dB: 0 dB is 1.0, -6.02 dB is 0.5."""
    return float(10.0 ** (level_db / 20.0))


def gain_to_db(gain: float) -> float:
    """Return the level in dB of a linear gain over 0: 1.0 is 0 dB, 0.5 is -6.02 dB."""
    return 20 * log10(gain)


def plural(count: int, noun: str) -> str:
    """Return *count* and its noun: `1 step`, `3 steps`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
