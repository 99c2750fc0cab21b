"""Timeline -> Scene: what a picture of a session shows, whoever draws it. Times are milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, groupby
from math import ceil, floor, log10
from typing import Any, Literal

from voiceguide.address import Address
from voiceguide.clips import BreathTone
from voiceguide.nouns import dataclass
from voiceguide.timeline import Cue, StepSpan, Timeline
from voiceguide.units import format_clock, frames_to_ms, ms_to_frames

Lane = Literal["chapter", "side", "step", "voice", "breath", "chime", "bed"]
LANES: tuple[Lane, ...] = ("chapter", "side", "step", "voice", "breath", "chime", "bed")
"""Every lane, from top to bottom."""
Kind = Literal["chapter", "left", "right", "step", "speech", "quiet", "in", "hold", "out", "chime"]
MEANINGS = {
    "speech": "speech",
    "quiet": "quiet",
    "in": "breath in",
    "hold": "held",
    "out": "breath out",
    "chime": "chime",
    "bed": "bed",
    "left": "left side",
    "right": "right side",
}
"""What has to be explained, and how."""
QUIET_S = 1
"""A silence is shown from this length on; shorter ones are the breath of the voice."""


@dataclass(frozen=True)
class Box:
    """A stretch of a lane. *label* may be written on it, *tip* says everything about it.

    *keep* is the end of its label where that is all that tells it from another one, as `: left` does.
    *heights* are shares of the lane's height at its start and its end: a breath rises and falls, a chime dies away.
    """

    lane: Lane
    kind: Kind
    start_ms: int
    end_ms: int
    label: str = ""
    tip: str = ""
    heights: tuple[float, float] = (1.0, 1.0)
    keep: str = ""


@dataclass(frozen=True)
class Scene:
    """A session to look at: its boxes by lane and start, its beds, and *cuts*, where a band may best end."""

    title: str
    note: str
    length_ms: int
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...] = ()
    cuts: tuple[int, ...] = ()

    def lanes(self) -> tuple[Lane, ...]:
        """Return the lanes that have something to show, from top to bottom."""
        used = {box.lane for box in self.boxes} | ({"bed"} if self.curves else set())
        return tuple(lane for lane in LANES if lane in used)

    def lane(self, lane: Lane) -> tuple[Box, ...]:
        """Return the boxes of *lane*."""
        return tuple(box for box in self.boxes if box.lane == lane)

    @property
    def bed_db(self) -> tuple[float, float]:
        """The range of levels to draw, from the bottom to the top."""
        return bed_range(self.curves)

    def meanings(self) -> dict[str, str]:
        """Return what has to be explained of what it shows."""
        shown = {box.kind for box in self.boxes} | ({"bed"} if self.curves else set())
        low, high = self.bed_db
        every = MEANINGS | {"bed": f"bed, {low:.0f} to {high:.0f} dB"}
        return {kind: words for kind, words in every.items() if kind in shown}

    def share(self, *kinds: Kind) -> int:
        """Return how much of the session boxes of *kinds* take, in percent, rounded down."""
        spent = sum(box.end_ms - box.start_ms for box in self.boxes if box.kind in kinds)
        return 100 * spent // max(1, self.length_ms)


def scene(timeline: Timeline, title: str, note: str = "") -> Scene:
    """Return what a picture of *timeline* shows under *title*; *note* stands beside its length."""
    titles = {placed.address: placed.title for placed in timeline.steps}
    sounding = [*_sounds(timeline, titles), *_breath(timeline, titles)]
    boxes = [*_chapters(timeline), *_sides(timeline), *_steps(timeline), *sounding]
    boxes += _quiet(timeline, sounding)
    boxes.sort(key=lambda box: (LANES.index(box.lane), box.start_ms))
    cuts = tuple(frames_to_ms(placed.end, timeline.rate) for placed in timeline.steps)
    curves = tuple(Curve(cue, timeline.rate) for cue in timeline.cues if cue.track == "bed")
    return Scene(title, note, frames_to_ms(timeline.frames, timeline.rate), tuple(boxes), curves, cuts)


def bands(picture: Scene, count: int) -> tuple[tuple[int, int], ...]:
    """Cut the session into *count* stretches that are as even as cuts between steps allow, rarely fewer."""
    most = -(-picture.length_ms // count)
    while len(found := _cut(picture, most)) > count:
        most += max(1, most // 50)
    return found


def _cut(picture: Scene, most_ms: int) -> tuple[tuple[int, int], ...]:
    """Cut into stretches of at most *most_ms*, between two steps where there is such a place."""
    found, start = [], 0
    while picture.length_ms - start > most_ms:
        ends = [cut for cut in picture.cuts if start + most_ms // 2 < cut <= start + most_ms]
        end = ends[-1] if ends else start + most_ms
        found.append((start, end))
        start = end
    return (*found, (start, picture.length_ms))


def _named(title: str, side: str | None) -> str:
    return f"{title} ({side})" if side else title


def _kind(side: str | None) -> Kind:
    return "left" if side == "left" else "right" if side == "right" else "step"


def _box(timeline: Timeline, lane: Lane, kind: Kind, start: int, end: int, tip: str, **more: Any) -> Box:
    """Return a box from frame *start* to *end*; its times go below the first line of *tip*."""
    start_ms, end_ms = (frames_to_ms(frame, timeline.rate) for frame in (start, end))
    what, _, words = tip.partition("\n")
    first, last, long = (format_clock(ms, tenths=True) for ms in (start_ms, end_ms, end_ms - start_ms))
    times = f"{first} to {last}, {long} long"
    return Box(lane, kind, start_ms, end_ms, tip="\n".join(filter(None, (what, times, words))), **more)


def _chapters(timeline: Timeline) -> Iterator[Box]:
    ends = [*(chapter.start for chapter in timeline.chapters[1:]), timeline.frames]
    heads = Counter(chapter.title.rpartition(": ")[0] for chapter in timeline.chapters)
    for chapter, end in zip(timeline.chapters, ends, strict=False):
        head, colon, side = chapter.title.rpartition(": ")
        keep = colon + side if head and heads[head] > 1 else ""
        yield _box(timeline, "chapter", "chapter", chapter.start, end, chapter.title, label=chapter.title, keep=keep)


def _sides(timeline: Timeline) -> Iterator[Box]:
    for side, steps in groupby(timeline.steps, key=lambda placed: placed.side):
        run = list(steps)
        if side:
            yield _box(timeline, "side", _kind(side), run[0].start, run[-1].end, f"{side} side", label=side)


def _steps(timeline: Timeline) -> Iterator[Box]:
    """Yield a box for every step; rounds of one that follow upon each other share it. Silences are of no step."""

    def same(placed: StepSpan) -> tuple[Address | None, str]:
        return placed.address and replace(placed.address, rounds=()), placed.title

    for (address, title), steps in groupby(timeline.steps, key=same):
        run = list(steps)
        label = f"{title} ×{len(run)}" if len(run) > 1 else title
        if address:
            tip = _named(label, address.side)
            yield _box(timeline, "step", _kind(address.side), run[0].start, run[-1].end, tip, label=label)


def _sounds(timeline: Timeline, titles: Mapping[Address | None, str]) -> Iterator[Box]:
    """Yield what is spoken, by the voice or to guide the breath, and what is struck."""
    for cue in timeline.cues:
        where = _named(titles.get(cue.step, ""), cue.side)
        if cue.track in ("voice", "breath") and cue.text:
            lane: Lane = "voice" if cue.track == "voice" else "breath"
            yield _box(timeline, lane, "speech", cue.start, cue.end, f"{where}\n{cue.text}")
        elif cue.track == "chime":
            tip = f"chime {cue.text}, {where}"
            yield _box(timeline, "chime", "chime", cue.start, cue.end, tip, heights=(1.0, 0.0))


def _breath(timeline: Timeline, titles: Mapping[Address | None, str]) -> Iterator[Box]:
    """Yield the phases of rounds that sound as tones: slopes, and what is held between them."""
    sounding = {(cue.step, cue.start) for cue in timeline.cues if isinstance(cue.clip, BreathTone)}
    for (step, _), beats in groupby(timeline.beats, key=lambda beat: (beat.step, beat.round)):
        phases = list(beats)
        if not any((step, beat.start) in sounding for beat in phases):
            continue
        what, level = _named(titles.get(step, ""), step.side), 0.0
        rise = sum(beat.frames for beat in phases if beat.phase in ("in", "more"))
        for beat in phases:
            before = level
            if beat.phase in ("in", "more"):
                level += beat.frames / rise
            elif beat.phase == "out":
                level = 0.0
            elif not level:
                continue
            kind: Kind = "in" if beat.phase == "more" else beat.phase
            tip = f"{what}: hold" if beat.phase == "hold" else f"{what}: breathe {kind}"
            heights = (min(1.0, before), min(1.0, level))
            yield _box(timeline, "breath", kind, beat.start, beat.end, tip, heights=heights)


def _quiet(timeline: Timeline, sounding: Iterable[Box]) -> Iterator[Box]:
    """Yield the silences of every step, in which nothing but the bed is heard."""
    rate = timeline.rate
    busy = sorted((ms_to_frames(box.start_ms, rate), ms_to_frames(box.end_ms, rate)) for box in sounding)
    for placed in timeline.steps:
        near = [span for span in busy if span[0] < placed.end and span[1] > placed.start]
        free_from = accumulate([placed.start, *(end for _, end in near)], max)
        for start, end in zip(free_from, [*(start for start, _ in near), placed.end], strict=True):
            if end - start >= QUIET_S * rate:
                label = f"{round((end - start) / rate)} s"
                tip = f"quiet, {_named(placed.title, placed.side)}" if placed.address else "quiet"
                yield _box(timeline, "voice", "quiet", start, end, tip, label=label)


SILENT_DB = -60.0
"""The level of what is not heard; a gain of nothing has none."""
PIECES = 8
"""Into so many a slope is cut: a straight line of gain is a bent one in dB."""


@dataclass(frozen=True)
class Curve:
    """The level of a bed's *cue* over time."""

    cue: Cue
    rate: int

    def at(self, ms: float) -> float:
        """Return the level at *ms* in dB; silent outside."""
        return self._level(ms * self.rate / 1000)

    def points(self, start_ms: int, end_ms: int) -> Iterator[tuple[float, float]]:
        """Yield (milliseconds, dB) wherever the level bends between two times, from where it begins to its end."""
        start, stop = (max(self.cue.start, min(ms_to_frames(ms, self.rate), self.cue.end)) for ms in (start_ms, end_ms))
        for first, end, _, _, slope in self.cue.envelope.segments(start, stop):
            pieces = PIECES if slope else 1
            for frame in (first + (end - first) * piece / pieces for piece in range(pieces + 1)):
                yield frame * 1000 / self.rate, self._level(frame)

    def _level(self, frame: float) -> float:
        if not self.cue.start <= frame <= self.cue.end:
            return SILENT_DB
        return _level_db(self.cue.envelope.at(frame) * self.cue.gain)


def bed_range(curves: tuple[Curve, ...]) -> tuple[float, float]:
    """Return the lowest and the highest level to draw in dB, round numbers around what the bed does but for fades."""
    gains = [gain * curve.cue.gain for curve in curves for _, gain in curve.cue.envelope.points]
    levels = [_level_db(gain) for gain in gains if gain > 0]
    if not levels:
        return -30.0, 0.0
    return max(SILENT_DB, 5.0 * floor(min(levels) / 5) - 5), 5.0 * ceil(max(levels) / 5)


def _level_db(gain: float) -> float:
    return max(SILENT_DB, 20 * log10(gain)) if gain > 0 else SILENT_DB
