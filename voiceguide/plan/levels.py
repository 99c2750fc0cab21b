"""Levels that planning decides: gains relative to clips that arrive level-matched (see `audio.level`)."""

from __future__ import annotations

from math import log10, sqrt

from voiceguide.timeline import Envelope
from voiceguide.units import db_to_gain, ms_to_frames

CHIME_GAIN = db_to_gain(-6.0)
"""A chime's loudest moment lies this far under the voice (domain 6.4: its peak is not above the voice's)."""
BED_UNDER_MARGIN_DB = 1.0
"""Kept in hand, so that the loudest moment of a bed still keeps its distance to the quietest measured speech."""
_TONE_DB, _BED_REST_DB = -12.0, -18.0 - BED_UNDER_MARGIN_DB
"""Breath tones and the resting bed under the voice, where the meter's gate allows it (domain 6.5)."""
_GATE_DB, _GATE_MARGIN_DB = -10.0, 1.2


_BED_SHARE = 0.35
"""The bed's part, in energy, of what may sound beside a breath tone."""


def quiet_levels(speech: int, frames: int, under_db: float) -> tuple[float, float, float]:
    """Return the gains of breath tones, of the bed under sound and of the resting bed.

    The meter leaves out what lies more than 10 LU under the mean of everything (BS.1770-4). With *speech* frames of
    words in *frames*, what sounds between the words must stay under that, or the fewer the words, the louder they
    would have to be for the same loudness. So the bed may lie lower than *under_db*, but never higher.
    """
    share = max(speech / max(1, frames), 0.02)
    most_db = _GATE_DB + 10 * log10(share) - _GATE_MARGIN_DB
    most = 10 ** (most_db / 10)
    bed = min(10 ** (-(under_db + BED_UNDER_MARGIN_DB) / 10), most * _BED_SHARE)
    rest = max(sqrt(bed), db_to_gain(min(_BED_REST_DB, most_db)))
    return min(db_to_gain(_TONE_DB), sqrt(most - bed)), sqrt(bed), rest


DUCK_MS, BEFORE_MS, AFTER_MS, RELEASE_MS = 600, 200, 400, 1800
"""The bed goes down within DUCK, ending BEFORE the first word; it comes back AFTER the last, within RELEASE."""
FADE_IN_MS, FADE_OUT_MS = 3000, 5000


def bed_envelope(words: list[tuple[int, int]], frames: int, rate: int, rest: float) -> Envelope:
    """Return the gain of the bed over a session *frames* long: faded in and out, 1 while *words* sound, else *rest*.

    *words* are the spans of what it makes room for, in order. Where there is no time to come back between two of
    them, the bed stays down.
    """
    duck, before, after, release = (ms_to_frames(ms, rate) for ms in (DUCK_MS, BEFORE_MS, AFTER_MS, RELEASE_MS))
    merged: list[list[int]] = []
    for start, end in words:
        if merged and start - merged[-1][1] < duck + before + after + release:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    points: list[tuple[int, float]] = []
    for start, end in merged:
        points += [(start - before - duck, rest), (start - before, 1.0), (end + after, 1.0)]
        points.append((end + after + release, rest))
    return _faded(points or [(0, rest)], frames, rate)


def _faded(points: list[tuple[int, float]], frames: int, rate: int) -> Envelope:
    fade_in = min(ms_to_frames(FADE_IN_MS, rate), frames // 4)
    fade_out = frames - min(ms_to_frames(FADE_OUT_MS, rate), frames // 4)
    inner = [point for point in points if fade_in < point[0] < fade_out]
    at_in, at_out = gain_at(points, fade_in), gain_at(points, fade_out)
    return Envelope(((0, 0.0), (fade_in, at_in), *inner, (fade_out, at_out), (frames, 0.0)))


def gain_at(points: list[tuple[int, float]], frame: int) -> float:
    """Return the value of breakpoints at *frame*: linear between them, flat outside."""
    before = max((point for point in points if point[0] <= frame), default=points[0])
    after = min((point for point in points if point[0] >= frame), default=points[-1])
    if after[0] == before[0]:
        return before[1]
    return before[1] + (after[1] - before[1]) * (frame - before[0]) / (after[0] - before[0])
