"""Plain: a session as lines, for logs and for screen readers: what is heard, as it begins, and nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import TextIO

from voiceguide.address import Address
from voiceguide.columns import fit
from voiceguide.nouns import dataclass
from voiceguide.play.commands import COMMANDS, Kind, Toggle, key_name
from voiceguide.play.keys_page import OTHERS
from voiceguide.play.notices import clock, name, notice, section
from voiceguide.play.now import Now
from voiceguide.terminal import put
from voiceguide.timeline import Cue, StepSpan, Timeline
from voiceguide.units import frames_to_ms, plural

QUIET_S = 10
"""A silence of so many seconds is told beforehand."""
ONE_S = 4
"""Strikes of a chime that follow upon each other within so many seconds are told together."""
LATE_S = 1.5
"""A position this much further on than the time that has passed has been jumped to."""
_SIGNS = MappingProxyType(
    {
        ",": "comma",
        ".": "full stop",
        "[": "left bracket",
        "]": "right bracket",
        "+": "plus",
        "-": "minus",
        "?": "question mark",
    }
)
"""Signs on keys in words: a screen reader passes over most of them."""
_PHASES = {"in": "in", "more": "top up", "hold": "hold", "out": "out"}


@dataclass(frozen=True)
class Begun:
    """A step that begins: with the rounds after it that are alike, *frames* long in all and so many *times*."""

    step: StepSpan
    frames: int
    times: int = 1


class Lines:
    """One line on *stream* as each step begins, and when the session waits."""

    behind_ms = 0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._step: object = None
        self._notice = ""

    def show(self, now: Now) -> None:
        """Write a line if *now* is in another step than the last one, or in another state than the last one."""
        state = notice(now)
        if state.key in ("waiting", "away", "making") and state.key != self._notice:
            put(self._stream, f"{clock(now, now.at)} {fit(state.line, 200)}\n")
        self._notice = state.key
        step = (now.step.address or now.step.start) if now.step else None
        if now.step is not None and step != self._step and now.state != "ended":
            self._step = step
            put(self._stream, f"{clock(now, now.step.start)} {fit(name(now.step), 200)}\n")
            if now.step.note:
                put(self._stream, f"     {fit(now.step.note, 200)}\n")

    def soon(self, now: Now) -> float:
        """Return a long time: all that it tells is told to it."""
        return 60.0

    def pressed(self, key: str) -> bool:
        """Return False: there is nothing that keys could turn."""
        return False

    def leave(self) -> None:
        """Do nothing: a line is written whole."""


class Plain:
    """One line on *stream* for all that sounds or happens, with its time, in words that a voice can read.

    Keys are told of what is *offered*. *seconds* is a clock, to tell a jump from time that has passed.
    """

    behind_ms = 0

    def __init__(
        self, stream: TextIO, offered: Collection[Kind] = (), seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._offered = offered
        self._seconds = seconds
        self._help = False
        self._last: Now | None = None
        self._at, self._looked = -1, 0.0
        self._section = ""

    def show(self, now: Now) -> None:
        """Write what has begun since the last time, or, after a jump, where it is now."""
        last, looked = self._last, self._looked
        self._last, self._looked = now, self._seconds()
        begun = self._at
        passed = (self._looked - (looked if last else self._looked) + LATE_S) * now.timeline.rate
        straight = 0 <= now.at - begun <= passed
        if last is not None:
            self._happened(last, now)
        else:
            for text in filter(None, (_help(self._offered), notice(now).line)):
                self._write(now, now.at, text)
        if self._help:
            self._help = False
            for text in _keys(self._offered):
                put(self._stream, f"{text}\n")
        if now.state != "playing" or now.making:
            return
        self._at = now.at
        if not straight:
            begun = now.at - 1
            if now.step and now.step.start < now.at:
                self._begin(now, now.at, Begun(now.step, now.step.end - now.at), there=True)
        for at, texts in events(now.timeline, begun, now.at):
            for what in texts:
                if isinstance(what, Begun):
                    self._begin(now, at, what)
                else:
                    self._write(now, at, what)

    def soon(self, now: Now) -> float:
        """Return the time until the next thing begins."""
        if now.state != "playing":
            return 60.0
        at = next(iter(events(now.timeline, now.at, now.timeline.frames)), (now.timeline.frames, []))[0]
        return max(0.02, (at - now.at) / now.timeline.rate)

    def pressed(self, key: str) -> bool:
        """Have all keys told."""
        self._help |= key == "?"
        return key == "?"

    def leave(self) -> None:
        """Do nothing: a line is written whole."""

    def _happened(self, last: Now, now: Now) -> None:
        before, state = notice(last), notice(now)
        if state.key != before.key or (now.away and now.returns != last.returns):
            going = "the sound is back" if before.key == "away" else "going on" if before.key != "making" else ""
            text = state.line or going
            if text:
                self._write(now, now.at, text)
        if now.answer and now.news != last.news and now.answer != last.answer:
            self._write(now, now.at, f"answer: {now.answer}")
        for text in _turned(last, now):
            self._write(now, now.at, text)

    def _begin(self, now: Now, at: int, begun: Begun, *, there: bool = False) -> None:
        step = begun.step
        part = section(now.timeline, step.start)
        if part not in (self._section, ""):
            self._write(now, at, f"section: {part}")
        self._section = part
        long = spelt(frames_to_ms(begun.frames, now.timeline.rate))
        to = f"to {step.to}" if step.to != "self" else ""
        times = f"{begun.times} times" if begun.times > 1 else ""
        parts = (step.title, step.side or "", to, times, f"{long} left" if there else long)
        self._write(now, at, f"{'in the step' if there else 'step'}: {', '.join(filter(None, parts))}")
        if step.note:
            self._write(now, at, f"note: {step.note}")

    def _write(self, now: Now, at: int, text: str) -> None:
        put(self._stream, f"{clock(now, at)} {fit(' '.join(text.split()), 2000)}\n")


def _help(offered: Collection[Kind]) -> str:
    """Return how to begin with the keys, or nothing where there are none."""
    if not offered or tuple(offered) == (Toggle,):
        return "press any key to hold, and to go on" if offered else ""
    return f"press {'space to hold, ' if Toggle in offered else ''}question mark to be told all keys"


def _keys(offered: Collection[Kind]) -> Iterator[str]:
    """Yield every key with what it does."""
    for row in COMMANDS:
        if row.keys and row.kind in offered:
            yield f"{' or '.join(_SIGNS.get(key) or key_name(key) for key in row.keys)}: {row.doc}"
    yield from (f"{key}: {doc}" for key, doc in OTHERS)


def _turned(last: Now, now: Now) -> Iterator[str]:
    """Yield what the listener has turned."""
    if now.volume_db != last.volume_db:
        yield f"volume {_level(now.volume_db)}"
    if now.bed_db != last.bed_db:
        yield f"bed {_level(now.bed_db)}"
    if now.talk != last.talk:
        yield f"{now.talk} talk from here on"
    if now.keeps_end != last.keeps_end:
        yield "the end stays where it is" if now.keeps_end else "the end moves"
    if now.timeline.frames != last.timeline.frames:
        yield f"{spelt(frames_to_ms(now.left, now.timeline.rate))} left now"


def _level(level_db: int) -> str:
    return f"{abs(level_db)} decibels {'up' if level_db > 0 else 'down'}" if level_db else "as it was"


def spelt(ms: int) -> str:
    """Return *ms* in words, to the nearest second: `1 minute 20 seconds`."""
    seconds = (ms + 500) // 1000
    hours, minutes = divmod(seconds // 60, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (seconds % 60, "second")]
    return " ".join(plural(count, noun) for count, noun in parts if count) or "0 seconds"


def events(timeline: Timeline, after: int, until: int) -> list[tuple[int, list[Begun | str]]]:
    """Return what begins after frame *after* and not after *until*, by frame: steps, sounds, words, silences."""
    runs = list(_runs(timeline.steps))
    first = {step.address: run.step.address for run, steps in runs for step in steps}
    sounds = [cue for cue in timeline.cues if cue.track == "chime" or (cue.track == "voice" and cue.text)]
    begun = [cue for cue in sounds if not cue.into]  # the rest of what a new plan has cut in two is nothing new
    items: list[tuple[int, int, Begun | str]] = [(run.step.start, 0, run) for run, _ in runs if run.step.address]
    items += [(cue.start, 1, cue.text) for cue in begun if cue.track == "voice" and not cue.paced]
    items += _strikes([cue.start for cue in begun if cue.track == "chime"], timeline.rate)
    items += _breaths(timeline, first)
    items += _strokes(begun)
    busy = sorted([(c.start, c.end) for c in sounds] + [(b.start, b.end) for b in timeline.beats])
    starts = sorted({*(run.step.start for run, _ in runs), *(start for start, _ in busy)})
    end = 0
    for start, stop in [*busy, (timeline.frames, timeline.frames)]:
        items += _silence(timeline, end, start, starts) if start > end else ()
        end = max(end, stop)
    found: dict[int, list[Begun | str]] = {}
    for at, _, what in sorted(items, key=lambda item: item[:2]):
        if after < at <= until:
            found.setdefault(at, []).append(what)
    return sorted(found.items())


def _runs(steps: Iterable[StepSpan]) -> Iterator[tuple[Begun, list[StepSpan]]]:
    """Yield every step with the rounds of it that follow at once."""
    for _, group in groupby(
        steps, key=lambda s: (s.address.written if s.address else s.start, s.title, s.side, s.note)
    ):
        run = list(group)
        yield Begun(run[0], run[-1].end - run[0].start, len(run)), run


def _strikes(starts: list[int], rate: int) -> Iterator[tuple[int, int, str]]:
    begun = 0
    for index, start in enumerate(starts):
        if index + 1 == len(starts) or starts[index + 1] - start > ONE_S * rate:
            count = index + 1 - begun
            yield starts[begun], 1, "chime" if count == 1 else f"chime, {count} times"
            begun = index + 1


def _breaths(timeline: Timeline, first: Mapping[Address | None, Address | None]) -> Iterator[tuple[int, int, str]]:
    """Yield how a step, with its rounds, is breathed, where its breath begins."""
    for _, group in groupby(timeline.beats, key=lambda beat: first.get(beat.step)):
        beats = list(group)
        once = [beat for beat in beats if (beat.step, beat.round) == (beats[0].step, beats[0].round) and beat.frames]
        phases = (f"{_PHASES[beat.phase]} {_short(frames_to_ms(beat.frames, timeline.rate))}" for beat in once)
        rounds = len({(beat.step, beat.round) for beat in beats})
        yield beats[0].start, 2, f"breathe: {', '.join(phases)}, {plural(rounds, 'time')}"


def _strokes(sounds: Iterable[Cue]) -> Iterator[tuple[int, int, str]]:
    for _, group in groupby((cue for cue in sounds if cue.phrase == "count"), key=lambda cue: cue.step):
        strokes = list(group)
        yield strokes[0].start, 2, plural(len(strokes), "counted stroke")


def _silence(timeline: Timeline, start: int, stop: int, starts: list[int]) -> Iterator[tuple[int, int, str]]:
    """Yield the silence from *start* to *stop*, once for each step in it, if it is long there."""
    inside = [start, *(at for at in starts if start < at < stop), stop]
    for at, end in pairwise(inside):
        if end - at >= QUIET_S * timeline.rate:
            yield at, 3, f"quiet for {spelt(frames_to_ms(end - at, timeline.rate))}"


def _short(ms: int) -> str:
    return f"{ms / 1000:.1f}".removesuffix(".0") + (" second" if ms == 1000 else " seconds")
