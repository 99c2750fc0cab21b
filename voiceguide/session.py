"""The joint: a routine planned with the lengths of its clips, and a plan with its clips made sound."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING

from voiceguide.clip_store import ClipStore, NotKnownYetError, VoiceOptions, spoken_by
from voiceguide.clips import BedSound, ClipId
from voiceguide.diagnostics import Report, ScriptError, UsageError, VoiceguideError
from voiceguide.library.sounds import find_sound
from voiceguide.limits import DAYS
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Measure
from voiceguide.plan.plan import Plan, bed_of, plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import ALWAYS, Routine
from voiceguide.timeline import Timeline
from voiceguide.units import format_exact

if TYPE_CHECKING:
    from voiceguide.audio.clip import Facts
    from voiceguide.audio.mix import Block, Samples
    from voiceguide.diagnostics import Progress

BLOCK_FRAMES = 1 << 14
log = logging.getLogger(__name__)


class LengthError(UsageError):
    """The length asked for cannot be had; the message names the rule, the hint the nearest length."""


@dataclass(frozen=True)
class Session:
    """A routine compiled for one listener: its plan, which is data, and the store of its clips.

    One that is not *certain* is a guess from its first words on.
    """

    plan: Plan
    store: ClipStore
    certain: bool = True

    @property
    def timeline(self) -> Timeline:
        """When everything sounds, and how loud."""
        return self.plan.timeline

    @property
    def engine(self) -> str:
        """The name of the engine that speaks."""
        return self.store.engine.name

    @property
    def voice(self) -> str:
        """The id of the voice that speaks."""
        return self.store.voice

    @property
    def spoken_by(self) -> str:
        """The engine and the voice that speak, for people."""
        return spoken_by(self.engine, self.voice)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the listener should know about who speaks, a sentence each: a foreign voice, one voice for two."""
        return self.store.remarks

    def part(self, start: int, stop: int) -> Session:
        """Return frames *start* to *stop* (exclusive) as a session of its own: the same sound, just as loud."""
        return replace(self, plan=replace(self.plan, timeline=self.timeline.between(start, stop)))

    def loudness(self) -> float:
        """Return the integrated loudness of the whole in LUFS, as a stereo file, from what is known of the clips."""
        from voiceguide.audio.metering import programme_db

        return programme_db(self.timeline, self._facts)

    def speech_loudness(self) -> float | None:
        """Return the loudness of its words alone, silences cut out, in LUFS as a stereo file; None if it has none."""
        from voiceguide.audio.metering import speech_db

        return speech_db(self.timeline, self._facts)

    @cached_property
    def _facts(self) -> Mapping[ClipId, Facts]:
        return self.store.facts(cue.clip for cue in self.timeline.cues)

    def clips(self) -> Mapping[ClipId, Samples]:
        """Return the samples of every clip of the session: all are made now, and loaded when they are needed."""
        return self.store.clips(self.timeline)

    def blocks(self, frames: int = BLOCK_FRAMES, start: int = 0) -> Iterator[Block]:
        """Yield the sound from frame *start* to the end in blocks of *frames*.

        Blocks have the shape (frames, 2) and are float32.
        """
        block, whole = renderer(self.plan, self.clips()), self.timeline.frames
        for first in range(start, whole, frames):
            yield block(first, min(first + frames, whole))


def renderer(plan: Plan, clips: Mapping[ClipId, Samples]) -> Callable[[int, int], Block]:
    """Return what gives any stretch of *plan*, from one frame to another (exclusive), shape (frames, 2), float32.

    A plan and its clips are all that it needs: here or in another process, for a file, a device or a request.
    """
    from voiceguide.audio.mix import Mixer

    return Mixer(plan.timeline, clips).block


def compile_session(
    routine: Routine,
    request: SessionRequest | None = None,
    options: VoiceOptions | None = None,
    progress: Progress | None = None,
) -> Session:
    """Plan *routine* as *request* asks, speaking what has no length that is known without.

    Raises LengthError if the length cannot be had, UsageError if a wish names what is not there, ScriptError if a
    step's words do not fit it with this voice, VoiceguideError if an engine or a sound fails.
    """
    request, store = _opened(routine, request, options, progress)
    return _planned(routine, request, store, store.durations)


def begin_session(
    routine: Routine,
    request: SessionRequest | None = None,
    options: VoiceOptions | None = None,
    progress: Progress | None = None,
) -> Session:
    """Return the session that `compile_session` returns, or, if that takes time, one that can begin at once.

    That one is not `certain`: up to its first words it is as it will be, the rest is a guess until it is `settled`.
    """
    request, store = _opened(routine, request, options, progress)
    bed = bed_of(routine, request)
    if bed and not store.at_hand(BedSound(bed.sound)):  # where nothing is kept yet, the longest work before any sound
        Thread(target=_prepared, args=(store, BedSound(bed.sound)), name="voiceguide bed").start()
    with suppress(NotKnownYetError):
        return _planned(routine, request, store, store.known_durations)
    guess = run(plan(routine, request), store.guess)
    if isinstance(guess, Plan):
        return Session(guess, store, certain=False)
    return _planned(routine, request, store, store.durations)


def _prepared(store: ClipStore, bed: BedSound) -> None:
    with suppress(VoiceguideError):  # whoever needs it is told
        store.hold(bed)


def settled(session: Session) -> Session:
    """Return *session*, planned with the lengths that its words have. Raises what `compile_session` raises."""
    return _planned(session.plan.routine, session.plan.request, session.store, session.store.durations)


def _opened(
    routine: Routine, request: SessionRequest | None, options: VoiceOptions | None, progress: Progress | None
) -> tuple[SessionRequest, ClipStore]:
    request = request or SessionRequest()
    store = ClipStore(routine, options or VoiceOptions(), progress)
    check_request(routine, request, store)
    return request, store


def _planned(routine: Routine, request: SessionRequest, store: ClipStore, measure: Measure) -> Session:
    answer = run(plan(routine, request), measure)
    if isinstance(answer, Report):
        raise ScriptError(answer)
    if isinstance(answer, Refusal):
        near = "there is no length near it that can be had"
        if answer.nearest_ms is not None:
            near = f"the nearest length is {format_exact(answer.nearest_ms)}"
        raise LengthError(str(answer), hint=near)
    log.debug("planned: %s steps, %s cues", len(answer.timeline.steps), len(answer.timeline.cues))
    return Session(answer, store)


def check_request(routine: Routine, request: SessionRequest, store: ClipStore) -> None:
    """Raise UsageError if *request* names a fact, an answer or a bed that is not there."""
    asked = {**ALWAYS, **routine.listener}
    for name, value in request.facts.items():
        if name in ("day", "days") and name not in asked:
            if not value.isdecimal() or int(value) not in DAYS:
                raise UsageError(f"{name} cannot be {value!r}", hint=f"it is a number {DAYS}")
            continue
        fact = asked.get(name)
        if fact is None:
            known = ", ".join(dict.fromkeys((*routine.listener, *ALWAYS, "day", "days")))
            raise UsageError(f"{routine.id} asks nothing about {name!r}", hint=f"what it asks: {known}")
        if value not in fact.choices:
            raise UsageError(f"{name} cannot be {value!r}", hint=f"it is one of: {', '.join(fact.choices)}")
    day, days = request.facts.get("day"), request.facts.get("days", "days" in routine.spans and routine.days)
    if day and days and "day" not in asked and "days" not in asked and int(day) > int(days):
        raise UsageError(f"day cannot be {day!r}", hint=f"the course has {days} days")
    if request.bed not in (None, "none"):
        find_sound(str(request.bed), "bed")
