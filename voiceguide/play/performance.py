"""Performance: one playing of a session, as values: commands and pulls in, stretches and effects out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Measure
from voiceguide.play.asides import Aside, placed
from voiceguide.play.commands import Command, End, GoOn, Hold, Quit, Seek, Stop, Toggle
from voiceguide.play.director import direct, knows_all
from voiceguide.play.now import Now
from voiceguide.play.overlay import tone_beside
from voiceguide.play.sayings import Saying
from voiceguide.play.stand import ANEW, Begin, Edition, Stand
from voiceguide.play.transport import Stretch
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames


@dataclass(frozen=True)
class Changed:
    """The step, the state or the waiting has changed: it is *now*, *after* so many frames of the pull that told it."""

    now: Now
    after: int = 0


@dataclass(frozen=True)
class Ended:
    """Nothing sounds any more *after* so many frames of the pull that told it."""

    after: int = 0


@dataclass(frozen=True)
class Flush:
    """What was pulled beyond this place and is stored does not hold any more: it has to be pulled again."""


@dataclass(frozen=True)
class Say:
    """Something is to be said beside the session, which stands at *now*."""

    saying: Saying
    now: Now


Effect = Changed | Ended | Flush | Say


_BEFORE_WORDS_MS = 1_000
"""So long before its first words a session is the same, whatever they are: after that its bed goes down for them."""


class Performance:
    """One playing of *session*, as it is to *begin*. It holds at the waits of its timeline, unless *waits* is false.

    A bare timeline can be played; to be planned anew while it plays it must be an edition with a plan.
    """

    def __init__(self, session: Timeline | Edition, *, waits: bool = True, begin: Begin = ANEW) -> None:
        edition = session if isinstance(session, Edition) else Edition(session)
        self._stand = Stand.of(edition, waits=waits, begin=begin)

    @property
    def now(self) -> Now:
        """Where it stands."""
        return self.at(self._stand)

    @property
    def bookmark(self) -> Stand:
        """The place where it stands, to come back to."""
        return self._stand

    def rewind(self, bookmark: Stand) -> None:
        """Come back to *bookmark*: what was handled and pulled since then has not been."""
        self._stand = bookmark

    def at(self, bookmark: Stand) -> Now:
        """Return where it stood at *bookmark*."""
        plan, transport = bookmark.edition.plan, bookmark.transport
        return Now(
            bookmark.edition.timeline,
            transport.here,
            transport.state,
            transport.waiting,
            title=plan.routine.title if plan else "",
            routine=plan.routine.id if plan else "",
            leaving=bookmark.leaving,
            volume_db=bookmark.volume_db,
            bed_db=bookmark.bed_db,
            talk=plan.request.talk if plan else "full",
            keeps_end=bookmark.target is not None,
            understood=bookmark.understood,
            answer=bookmark.answer,
            news=bookmark.news,
            answering=bookmark.resuming is not None,
            making="the words are being made" if bookmark.stalled else "",
        )

    def handle(self, command: Command, measure: Measure = knows_all) -> tuple[Effect, ...]:
        """Carry out *command* here; return what follows from it. A command that changes nothing has no effects.

        *measure* tells the lengths of words that a new plan asks for. What it raises is passed on.
        """
        stand = before = self._stand
        if before.stalled:  # it is held, and goes on by itself, unless the listener holds it
            if isinstance(command, GoOn):
                return ()
            command = Hold() if isinstance(command, Toggle) else command
            stand = replace(before, stalled=not isinstance(command, Hold | Stop | Quit | End))
        outcome = direct(stand, command, measure)
        effects: tuple[Effect, ...] = ()
        if outcome.stand != before:
            effects = (Flush(), *self._move(outcome.stand, 0))
        says = tuple(Say(saying, self.now) for saying in outcome.says)
        return (*effects, *says)

    def pause(self) -> tuple[Effect, ...]:
        """Hold until the sound is there that comes next; nobody commanded it."""
        return tuple(self._move(replace(self._stand.moved(self._stand.transport.do(Hold())), stalled=True), 0))

    def go_on(self) -> tuple[Effect, ...]:
        """Go on after `pause`."""
        return (Flush(), *self._move(self._stand.moved(self._stand.transport.do(GoOn())), 0))

    def settle(self, edition: Edition) -> tuple[Effect, ...]:
        """Play on with *edition* in place of a guess, of which no words have been heard.

        It is the same up to here, but where its words come sooner or later: then it may go back to before them.
        """
        stand, first, guessed = self._stand, edition.first_words, self._stand.edition.first_words
        near = min(first, guessed) - ms_to_frames(_BEFORE_WORDS_MS, edition.timeline.rate)
        after = stand.onto(edition)
        if first != guessed and stand.here > near:
            after = after.moved(after.transport.do(Seek(min(stand.here, first))))
        return (Flush(), *self._move(after, 0))

    def say(self, aside: Aside) -> tuple[Effect, ...]:
        """Have *aside* sound as soon as it is over no other words; return what follows from it."""
        after = placed(self._stand, aside)
        return (Flush(), *self._move(after, 0)) if after != self._stand else ()

    def signal(self) -> tuple[Effect, ...]:
        """Have a short soft tone sound at once, which tells the listener that something was understood."""
        stand = self._stand
        return (Flush(), *self._move(stand.beside(tone_beside(stand.edition.timeline.rate, stand.out)), 0))

    def pull(self, frames: int) -> tuple[list[Stretch], tuple[Effect, ...]]:
        """Play on for *frames*; return what sounds in them, and what follows from that, in order."""
        stretches: list[Stretch] = []
        effects: list[Effect] = []
        self._stand = self._stand.swept()
        done = 0
        while done < frames:
            before = self._stand
            after, stretch = before.first(frames - done)
            starts = before.edition.starts
            first, last = bisect_right(starts, stretch.start), bisect_left(starts, stretch.stop)
            silent = stretch.fade == "silence"  # the session stays where it is
            for inside in () if silent else (start - stretch.start for start in starts[first:last]):
                effects += self._move(before.pull(inside)[0], done + inside)  # steps that begin on the way
            done += stretch.frames
            effects += self._move(after, done)
            stretches.append(stretch)
        return stretches, tuple(effects)

    def _move(self, stand: Stand, after: int) -> list[Effect]:
        before, self._stand = self._stand, stand
        effects: list[Effect] = []
        if self.at(before).told != self.now.told:
            effects.append(Changed(self.now, after))
        if stand.over and not before.over:
            effects.append(Ended(after))
        return effects
