"""The teller: a thread beside the feeder that makes what may take time: words beside a session, and lengths.

The feeder never waits for it. What it has made comes back to the player as an aside, or as the command that needed it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from voiceguide.diagnostics import VoiceguideError
from voiceguide.plan.outline import Durations, Outline, Phrase, Words
from voiceguide.plan.request import course
from voiceguide.plan.speak import Speaking
from voiceguide.play.answers import answer
from voiceguide.play.asides import Aside
from voiceguide.play.commands import Command
from voiceguide.play.now import Now
from voiceguide.play.sayings import Orientation, Quoted, Saying
from voiceguide.spoken.said import BARE, language_of

if TYPE_CHECKING:
    from voiceguide.session import Session

log = logging.getLogger("voiceguide")


class NotKnownYetError(Exception):
    """A length is asked for that is not known without speaking; *outline* is what asks."""

    def __init__(self, outline: Outline) -> None:
        super().__init__("lengths are being found out")
        self.outline = outline


class Teller:
    """Makes the words of *session*; *deliver* takes what has been made, from this thread."""

    def __init__(self, session: Session, deliver: Callable[[Aside | Command], None]) -> None:
        self._session = session
        self._deliver = deliver
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="voiceguide teller", daemon=True)
        self._begun = False

    def measure(self, outline: Outline) -> Durations:
        """Return the lengths that *outline* asks for, at once. Raises NotKnownYetError if one must be spoken first."""
        known = self._session.store.known_durations(outline)
        if known is None:
            raise NotKnownYetError(outline)
        return known

    def find_out(self, outline: Outline, command: Command) -> None:
        """Find out the lengths of *outline*, and then deliver *command* again."""

        def job() -> None:
            self._session.store.durations(outline)
            self._deliver(command)

        self._put(job)

    def say(self, saying: Saying, now: Now) -> None:
        """Make the words of *saying*, which is true at *now*, and deliver them."""

        def job() -> None:
            self._deliver(self._aside(saying, now))

        self._put(job)

    def close(self) -> None:
        """Let the thread end once it has done what it is doing."""
        self._jobs.put(None)

    def _aside(self, saying: Saying, now: Now) -> Aside:
        session = self._session
        routine, request = session.plan.routine, session.plan.request
        clock = time.localtime()
        text = answer(saying, now, routine.language, (clock.tm_hour, clock.tm_min))
        phrase = saying.phrase if isinstance(saying, Quoted) else None
        if phrase is None:
            language = language_of(routine.language) or BARE
            speaking = Speaking(routine, language, request.facts, course(request, routine.days), 0)
            phrase = Phrase((speaking.say(text),), "aside", routine.span)
        clips = [part.clip for part in phrase.parts if isinstance(part, Words)]
        goes_on = isinstance(saying, Orientation) and saying.goes_on
        try:
            facts = session.store.facts(clips)
        except VoiceguideError as error:  # what cannot be said is shown
            log.warning("%s", error.message)
            return Aside((), text, goes_on)
        return Aside(tuple((clip, facts[clip].frames) for clip in clips), text, goes_on)

    def _put(self, job: Callable[[], None]) -> None:
        if not self._begun:
            self._begun = True
            self._thread.start()
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except VoiceguideError as error:
                log.warning("%s", error.message)
