"""Levels that planning decides: gains relative to clips that arrive level-matched (see `audio.level`)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10, sqrt

from voiceguide.clips import BedSound
from voiceguide.envelope import Envelope
from voiceguide.script.model import Bed
from voiceguide.timeline import Cue
from voiceguide.units import db_to_gain, ms_to_frames

CHIME_GAIN = db_to_gain(-6.0)
"""A chime's loudest moment lies this far under the voice (docs/sources.md, chimes)."""
BED_UNDER_MARGIN_DB = 1.0
"""Kept in hand, so that the loudest moment of a bed still keeps its distance to the quietest measured speech."""
_TONE_DB, _BED_REST_DB = -12.0, -18.0 - BED_UNDER_MARGIN_DB
"""Breath tones and the resting bed under the voice, where the meter's gate allows it (docs/sources.md, levels)."""
_GATE_DB, _GATE_MARGIN_DB = -10.0, 1.2


_BED_SHARE = 0.35
"""The bed's part, in energy, of what may sound beside a breath tone."""


@dataclass(frozen=True)
class Quiet:
    """Gains of what is quieter than speech: breath tones, the bed under words, and the resting bed."""

    tone: float
    under: float
    rest: float


def quiet_levels(speech: int, frames: int, under_db: float) -> Quiet:
    """Return the gains of breath tones and of a bed that lies *under_db* below words.

    The meter leaves out what lies more than 10 LU under the mean of everything (BS.1770-4). With *speech* frames of
    words in *frames*, what sounds between the words must stay under that, or the fewer the words, the louder they
    would have to be for the same loudness. So the bed may lie lower than *under_db*, but never higher.
    """
    share = max(speech / max(1, frames), 0.02)
    most_db = _GATE_DB + 10 * log10(share) - _GATE_MARGIN_DB
    most = 10 ** (most_db / 10)
    bed = min(10 ** (-(under_db + BED_UNDER_MARGIN_DB) / 10), most * _BED_SHARE)
    rest = max(sqrt(bed), db_to_gain(min(_BED_REST_DB, most_db)))
    return Quiet(min(db_to_gain(_TONE_DB), sqrt(most - bed)), sqrt(bed), rest)


DUCK_MS, BEFORE_MS, AFTER_MS, RELEASE_MS = 600, 200, 400, 1800
"""The bed goes down within DUCK, ending BEFORE the first word; it comes back AFTER the last, within RELEASE."""
FADE_IN_MS, FADE_OUT_MS = 3000, 5000


CROSS_MS = 4000
"""Where one bed follows another, they overlap for so long."""


BedRun = tuple[Bed | None, int, int]
"""A bed, or none, and the frames that it lies under: from, to."""


@dataclass(frozen=True)
class Speaking:
    """How much of a session is speech: what its quiet levels follow from. Frames."""

    speech: int
    frames: int

    def levels(self, under_db: float) -> Quiet:
        """Return the gains of breath tones and of a bed that lies *under_db* below words."""
        return quiet_levels(self.speech, self.frames, under_db)


def bed_cues(
    runs: list[BedRun], words: list[tuple[int, int]], speaking: Speaking, frames: int, rate: int, fade: int
) -> list[Cue]:
    """Return a cue for each bed, with its gain over time.

    *runs* say which bed lies under which frames, *words* are the spans of what the bed makes room for, in order. The
    session lasts *frames*; the last *fade* of them die away.
    """
    half = ms_to_frames(CROSS_MS, rate) // 2
    made = []
    for bed, start, end in runs:
        if bed is None:
            continue
        first, last = max(0, start - half if start else 0), min(frames, end + half)
        last = frames if end >= runs[-1][2] else last
        levels = speaking.levels(bed.under_db)
        whole = last - first
        fade_in = 2 * half if first else min(ms_to_frames(FADE_IN_MS, rate), whole // 4)
        fade_out = 2 * half if last < frames else min(max(fade, ms_to_frames(FADE_OUT_MS, rate)), max(fade, whole // 4))
        points = _ducked(words, rate, levels.rest / levels.under)
        envelope = _faded(points, first, last, min(fade_in, whole // 2), min(fade_out, whole // 2), fade > 0)
        clip, span = BedSound(bed.sound), bed.spans["sound"]
        made.append(
            Cue("bed", clip, first, whole, text=bed.sound, span=span, gain=levels.under, loop=True, envelope=envelope)
        )
    return made


def _ducked(words: list[tuple[int, int]], rate: int, rest: float) -> list[tuple[int, float]]:
    """Return breakpoints of a bed: 1 while *words* sound, else *rest*; down where there is no time to come back."""
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
    return points or [(0, rest)]


def _faded(points: list[tuple[int, float]], start: int, end: int, fade_in: int, fade_out: int, slow: bool) -> Envelope:
    """Return *points* from *start* to *end* as an envelope that comes out of silence and goes back into it.

    A *slow* ending still makes room for words; a short one is a straight line.
    """
    full, last, gains = start + fade_in, end - fade_out, Envelope(tuple(points))
    inner = [point for point in points if full < point[0] < last]
    dying = [(frame, gain * (end - frame) / fade_out) for frame, gain in points if last < frame < end and slow]
    shape = [(start, 0.0), (full, gains.at(full)), *inner, (last, gains.at(last)), *dying, (end, 0.0)]
    return Envelope(tuple(dict(shape).items()))
