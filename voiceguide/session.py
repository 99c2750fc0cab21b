"""The joint: has what is missing spoken, plans, and hands out blocks of sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from voiceguide.diagnostics import Report, ScriptError, UsageError
from voiceguide.plan.outline import SessionRequest
from voiceguide.plan.plan import Plan, Refusal, converse, plan
from voiceguide.script.model import ALWAYS, Routine
from voiceguide.timeline import Timeline
from voiceguide.units import format_clock
from voiceguide.workbench import VoiceOptions, Workbench, spoken_by

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.audio.mix import Block
    from voiceguide.speech.studio import Progress

BLOCK_FRAMES = 1 << 14


class LengthError(UsageError):
    """The length asked for cannot be had; the message names the rule, the hint the nearest length."""


@dataclass(frozen=True)
class Session:
    """A routine compiled for one listener: its plan, its voice, and its sound on demand.

    *settled* says that the timeline's gain is the one that brings the session to its loudness.
    """

    plan: Plan
    request: SessionRequest
    bench: Workbench
    settled: bool = False

    @property
    def timeline(self) -> Timeline:
        """When everything sounds. Its gain is 1 until `balanced`."""
        return self.plan.timeline

    @property
    def engine(self) -> str:
        """The name of the engine that speaks."""
        return self.bench.engine.name

    @property
    def voice(self) -> str:
        """The id of the voice that speaks."""
        return self.bench.voice

    @property
    def spoken_by(self) -> str:
        """The engine and the voice that speak, for people."""
        return spoken_by(self.engine, self.voice)

    def balanced(self) -> Session:
        """Return this session with the gain that brings it to its loudness. Nothing is rendered for that."""
        return self if self.settled else self._balanced

    def part(self, start: int, stop: int) -> Session:
        """Return frames *start* to *stop* (exclusive) as a session of its own: the same sound, just as loud."""
        whole = self.balanced()
        return replace(whole, plan=replace(whole.plan, timeline=whole.timeline.between(start, stop)))

    @cached_property
    def _balanced(self) -> Session:
        """The balanced session, worked out once however often it is asked for."""
        from voiceguide.audio.balance import session_gain

        plain = replace(self.timeline, gain=1.0)
        gain = session_gain(plain, self.bench.facts(plain))
        return replace(self, plan=replace(self.plan, timeline=replace(plain, gain=gain)), settled=True)

    def loudness(self) -> float:
        """Return its integrated loudness in LUFS, as a stereo file, computed from what is known of the clips."""
        from voiceguide.audio.balance import session_cells
        from voiceguide.audio.loudness import integrated

        timeline = self.balanced().timeline
        return integrated(session_cells(timeline, self.bench.facts(timeline)))

    def clips(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the samples of every clip by clip key, loaded when they are needed."""
        return self.bench.clips()

    def blocks(self, frames: int = BLOCK_FRAMES, start: int = 0) -> Iterator[Block]:
        """Yield the sound, brought to its loudness, from frame *start* to the end in blocks of *frames*.

        Blocks have the shape (frames, 2) and are float32.
        """
        from voiceguide.audio.mix import Mixer

        timeline = self.balanced().timeline
        mixer = Mixer(timeline, self.clips())
        for first in range(start, timeline.frames, frames):
            yield mixer.block(first, min(first + frames, timeline.frames))


def compile_session(
    routine: Routine,
    request: SessionRequest | None = None,
    options: VoiceOptions | None = None,
    progress: Progress | None = None,
) -> Session:
    """Plan *routine* as *request* asks, speaking what is not in the cache yet.

    Raises LengthError if the length cannot be had, UsageError if a wish names what is not there, ScriptError if a
    step's words do not fit it with this voice, VoiceguideError if an engine or a sound fails.
    """
    request = request or SessionRequest()
    bench = Workbench(routine, options or VoiceOptions(), progress)
    check_request(routine, request, bench)
    answer = converse(plan(routine, request), bench.answer)
    if isinstance(answer, Report):
        raise ScriptError(answer)
    if isinstance(answer, Refusal):
        raise LengthError(str(answer), hint=f"the nearest length is {format_clock(answer.nearest_ms)}")
    return Session(answer, request, bench)


def check_request(routine: Routine, request: SessionRequest, bench: Workbench) -> None:
    """Raise UsageError if *request* name a fact, an answer or a bed that is not there."""
    asked = {**ALWAYS, **routine.listener}
    for name, value in request.facts.items():
        if name in ("day", "days") and name not in asked:
            if not value.isdecimal() or not 1 <= int(value) <= 999:
                raise UsageError(f"{name} cannot be {value!r}", hint="it is a number from 1 to 999")
            continue
        fact = asked.get(name)
        if fact is None:
            known = ", ".join(dict.fromkeys((*routine.listener, *ALWAYS, "day", "days")))
            raise UsageError(f"{routine.id} asks nothing about {name!r}", hint=f"what it asks: {known}")
        if value not in fact.choices:
            raise UsageError(f"{name} cannot be {value!r}", hint=f"it is one of: {', '.join(fact.choices)}")
    if request.bed not in (None, "none"):
        bench.sound(str(request.bed), "bed")
