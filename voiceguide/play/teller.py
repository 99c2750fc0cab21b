"""The teller: a thread beside the feeder that makes what may take time: words beside a session, and lengths.

The feeder never waits for it. What it has made comes back to the player as an aside, or as the command that needed it.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread

from voiceguide.clips import ClipId
from voiceguide.diagnostics import ScriptError, VoiceguideError
from voiceguide.plan.outline import Durations, Outline, Phrase, Words
from voiceguide.plan.request import course
from voiceguide.plan.speak import Speaking
from voiceguide.play.answers import answer
from voiceguide.play.asides import Aside
from voiceguide.play.commands import Command
from voiceguide.play.now import Now
from voiceguide.play.sayings import Orientation, Quoted, Saying
from voiceguide.session import Session, settled
from voiceguide.speech.synthesizer import StoppedError
from voiceguide.spoken.said import BARE, language_of

log = logging.getLogger("voiceguide")
KEPT = 8
"""Answers whose clips are held: each is an open file. More than wait to be heard at once."""


Delivered = Aside | Command | Session | Exception
"""What comes of what takes time: words, a command that can be carried out now, the session as it is, or a failure."""


class Teller:
    """Makes the words of *session*; *deliver* takes what has been made, from this thread."""

    def __init__(self, session: Session, deliver: Callable[[Delivered], None]) -> None:
        self._session = session
        self._deliver = deliver
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self.thread = Thread(target=self._work, name="voiceguide teller", daemon=True)
        self._begun = self._closed = False
        self._said: deque[Sequence[ClipId]] = deque()

    def measure(self, outline: Outline) -> Durations:
        """Return the lengths that *outline* asks for, at once. Raises NotKnownYetError if one must be found out."""
        return self._session.store.known_durations(outline)

    def settle(self) -> None:
        """Find out the lengths of the session, and deliver it planned with them, or what stands in the way."""

        def job() -> None:
            try:
                told = self._session.remarks
                self._deliver(settled(self._session))
                for remark in self._session.remarks:
                    if remark not in told:
                        log.warning("%s", remark)
            except (ScriptError, VoiceguideError) as error:
                self._deliver(error)

        self._put(job)

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
        self._closed = True
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
        self._said.append(clips)
        if len(self._said) > KEPT:  # most are never said again: `eleven minutes left`
            session.store.let_go(self._said.popleft())
        return Aside(tuple((clip, facts[clip].frames) for clip in clips), text, goes_on)

    def _put(self, job: Callable[[], None]) -> None:
        if not self._begun:
            self._begun = True
            self.thread.start()
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._closed:
            try:
                job()
            except StoppedError:
                return
            except VoiceguideError as error:
                log.warning("%s", error.message)
