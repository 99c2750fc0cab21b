"""Levels that planning decides: distances from the voice, which no length and no number of words can change.

Clips arrive at the level of the voice (see `audio.level`), so a distance is a gain.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from voiceguide.anchor import CLIP_PEAK, FAINT, PEAK, TONE_PEAK
from voiceguide.clips import BedSound
from voiceguide.envelope import Envelope, product
from voiceguide.limits import BED_LEVEL
from voiceguide.plan.outline import ChimeLength
from voiceguide.script.model import Bed, Event, Step
from voiceguide.timeline import Cue
from voiceguide.units import db_to_gain, ms_to_frames

CHIME_UNDER_DB = 6.0
"""A chime's loudest moment lies this far under the voice (docs/sources.md, chimes)."""
IN_HAND_DB = 0.3
"""A bed lies so much lower than is written, so that no meter finds it nearer to speech."""
RISE_DB, REST_DB = 5.0, 18.0
"""In silence a bed is so much louder than under words, but lies at least so far under the voice (docs/sources.md)."""


def bed_gains(under_db: float) -> tuple[float, float]:
    """Return the gains of a bed that lies *under_db* below words: while they sound, and in silence."""
    return db_to_gain(-under_db - IN_HAND_DB), db_to_gain(-max(REST_DB, under_db - RISE_DB) - IN_HAND_DB)


def chime_gain(ring: Step | Event, chime: ChimeLength, times: int, every: int) -> tuple[float, float]:
    """Return the gain of the chime of *ring*, struck *times* times, one in *every* frames; and the one that is wanted.

    They are the same unless its strikes come so close that they would add up to more than `PEAK`: with the bed, or, as
    they die away, with what follows them too. A strike is at its peak until its decay, and faint from there on. No
    other chime sounds in the step, and no words over words (see `Timeline`), so this bounds the peak of every session.
    """
    wanted = db_to_gain(-(CHIME_UNDER_DB if ring.under_db is None else ring.under_db))
    ages = [age for age in (number * every for number in range(times)) if age < chime.frames]
    struck = sum(1.0 if age < chime.decay else FAINT for age in ages)
    dying = FAINT * sum(age + chime.decay < chime.frames for age in ages)
    breath = ring.breathe if isinstance(ring, Step) and ring.count else None  # nothing else is spoken over a tone
    tone = TONE_PEAK * db_to_gain(-breath.under_db) if breath else 0.0
    under, rest = bed_gains(BED_LEVEL.low)
    beside, after = PEAK - CLIP_PEAK * rest, PEAK - CLIP_PEAK * (1 + under) - tone
    most = [room / (each * chime.peak) for room, each in ((beside, struck), (after, dying)) if each * chime.peak]
    return min([wanted, *most]), wanted


DUCK_MS, BEFORE_MS, AFTER_MS, RELEASE_MS = 600, 200, 400, 1800
"""The bed goes down within DUCK, ending BEFORE the first word; it comes back AFTER the last, within RELEASE."""
FADE_IN_MS, FADE_OUT_MS = 3000, 5000


CROSS_MS = 4000
"""Where one bed follows another, they overlap for so long."""


BedRun = tuple[Bed | None, int, int]
"""A bed, or none, and the frames that it lies under: from, to."""


def bed_cues(runs: list[BedRun], words: list[tuple[int, int]], frames: int, rate: int, fade: int) -> list[Cue]:
    """Return a cue for each bed, with its gain over time.

    *runs* say which bed lies under which frames, end to end; *words* are the spans of what the bed makes room for, in
    order. The session lasts *frames*; the last *fade* of them die away. Where one bed follows another, their ramps add
    up to one, and never more than two sound at once.
    """
    spoken = _stretches(words, rate)
    half, fade_in, fade_out = (ms_to_frames(ms, rate) for ms in (CROSS_MS // 2, FADE_IN_MS, FADE_OUT_MS))
    sizes = [end - start for _, start, end in runs]
    crosses = [0, *(min(half, a // 2, b // 2) for a, b in pairwise(sizes)), 0]
    made = []
    for (bed, start, end), (before, after) in zip(runs, pairwise(crosses), strict=False):
        if bed is None:
            continue
        first, last = start - before, end + after
        rising = 2 * before or min(fade_in, (last - first) // 4)
        dying = 2 * after or max(fade, min(fade_out, (last - first) // 4))
        shape = Envelope(((first, 0.0), (first + rising, 1.0))), Envelope(((last - dying, 1.0), (last, 0.0)))
        ending = [Envelope(((frames - fade, 1.0), (frames, 0.0)))] if fade and after else []
        under, rest = bed_gains(bed.under_db)
        ducked = _ducked(spoken, first, last, rest / under, rate)
        envelope = product(ducked, *shape, *ending, start=first, stop=last)
        clip, span = BedSound(bed.sound), bed.spans["sound"]
        made.append(
            Cue("bed", clip, first, last - first, text=bed.sound, span=span, gain=under, loop=True, envelope=envelope)
        )
    return made


def _stretches(words: list[tuple[int, int]], rate: int) -> list[tuple[int, int]]:
    """Return stretches in which a bed stays down: *words*, joined where there is no time to come back between them."""
    least = ms_to_frames(DUCK_MS + BEFORE_MS + AFTER_MS + RELEASE_MS, rate)
    merged: list[tuple[int, int]] = []
    for start, end in words:
        if merged and start - merged[-1][1] < least:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _ducked(spoken: list[tuple[int, int]], first: int, last: int, rest: float, rate: int) -> Envelope:
    """Return the gain of a bed from frame *first* to *last*: 1 while words sound, else *rest*."""
    duck, before, after, release = (ms_to_frames(ms, rate) for ms in (DUCK_MS, BEFORE_MS, AFTER_MS, RELEASE_MS))
    low = bisect_left(spoken, first - after - release, key=lambda stretch: stretch[1])
    points: list[tuple[int, float]] = []
    for start, end in spoken[low : bisect_right(spoken, last + before + duck, key=lambda stretch: stretch[0])]:
        points += [(start - before - duck, rest), (start - before, 1.0), (end + after, 1.0)]
        points.append((end + after + release, rest))
    return Envelope(tuple(points or [(first, rest)]))
