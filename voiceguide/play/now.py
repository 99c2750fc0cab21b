"""Now: where a session that plays stands for its listener, as a value that screens, remotes and programs read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from voiceguide.nouns import dataclass
from voiceguide.play.transport import State
from voiceguide.timeline import Beat, Chapter, Cue, StepSpan, Timeline
from voiceguide.units import frames_to_ms


@dataclass(frozen=True)
class Now:
    """Where a session stands for the listener, whether it is held, and whether it is *waiting* of itself.

    Times are frames; *at* is the position. *title* and *routine* (its id) name the session. *leaving* tells that it
    is held because of a first `quit` or a `stop`, which a second `quit` makes an end. *away* says why the device
    cannot be heard, *making* what is still being made before it can begin; both are empty mostly. If it *returns*,
    it goes on by itself once it can be heard again. *volume_db* and *bed_db* are the listener's turns of the two.
    With *keeps_end* its end stays where it is. *understood* is the name of the last command that was carried out,
    *answer* what was said outside the timeline, at last; *news* counts both. *answering* tells a hold that is only
    for such words, and goes on by itself.
    """

    timeline: Timeline
    at: int
    state: State
    waiting: bool = False
    title: str = ""
    routine: str = ""
    leaving: bool = False
    away: str = ""
    returns: bool = False
    making: str = ""
    volume_db: int = 0
    bed_db: int = 0
    talk: str = "full"
    keeps_end: bool = False
    understood: str = ""
    answer: str = ""
    news: int = 0
    answering: bool = False

    @property
    def index(self) -> int:
        """The number of the current step, counted from 0; -1 before the first one.

        While it waits that is the step that has just ended, not the one that begins when the listener goes on.
        """
        count = bisect_left if self.waiting else bisect_right
        return count(self.timeline.steps, self.at, key=lambda step: step.start) - 1

    @property
    def step(self) -> StepSpan | None:
        """The current step."""
        return self.timeline.steps[self.index] if self.index >= 0 else None

    @property
    def following(self) -> StepSpan | None:
        """The step after it."""
        return next(iter(self.timeline.steps[self.index + 1 :]), None)

    @property
    def section(self) -> Chapter | None:
        """The current section."""
        chapters = self.timeline.chapters
        index = bisect_right(chapters, self.at, key=lambda chapter: chapter.start) - 1
        return chapters[index] if index >= 0 else None

    @property
    def words(self) -> Cue | None:
        """What is being said at this frame, if anything is."""
        sounding = (c for c in self.timeline.cues if c.track in ("voice", "breath") and c.start <= self.at < c.end)
        return next((cue for cue in sounding if cue.text), None)

    @property
    def beat(self) -> Beat | None:
        """The phase of breath under way, if a breath paces this step."""
        return next((beat for beat in self.timeline.beats if beat.start <= self.at < beat.end), None)

    @property
    def left(self) -> int:
        """The frames until the end."""
        return max(0, self.timeline.frames - self.at)

    @property
    def standing(self) -> tuple[int, State, bool]:
        """What is told when it changes: the number of the step, the state, and whether it waits."""
        return self.index, self.state, self.waiting

    @property
    def told(self) -> tuple[object, ...]:
        """All that is told when it changes: what stands, and what was turned, understood and answered."""
        turned = self.volume_db, self.bed_db, self.talk, self.keeps_end, self.timeline.frames
        return (*self.standing, self.leaving, self.away, self.returns, self.making, self.understood, self.news, *turned)

    def record(self) -> dict[str, Any]:
        """Return what programs read of it: texts, numbers, times in milliseconds."""
        rate = self.timeline.rate

        def ms(frames: int) -> int:
            return frames_to_ms(frames, rate)

        step, following, words, beat = self.step, self.following, self.words, self.beat
        return {
            "routine": self.routine,
            "title": self.title,
            "state": self.state,
            "waiting": self.waiting,
            "leaving": self.leaving,
            "away": self.away,
            "making": self.making,
            "at_ms": ms(self.at),
            "length_ms": ms(self.timeline.frames),
            "left_ms": ms(self.left),
            "section": self.section.title if self.section else "",
            "step": None if step is None else _step(step, ms),
            "next": None if following is None else _step(following, ms),
            "words": words.text if words else "",
            "breath": None if beat is None else {"phase": beat.phase, "at_ms": ms(beat.start), "ms": ms(beat.frames)},
            "volume_db": self.volume_db,
            "bed_db": self.bed_db,
            "talk": self.talk,
            "keeps_end": self.keeps_end,
            "understood": self.understood,
            "answer": self.answer,
        }


def _step(step: StepSpan, ms: Any) -> dict[str, Any]:
    address = str(step.address) if step.address else ""
    at = {"zone": step.zone, "at_ms": ms(step.start), "ms": ms(step.frames)}
    return {"address": address, "title": step.title, "side": step.side or "", "note": step.note, **at}
