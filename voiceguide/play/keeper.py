"""Keeper: a thread that keeps the place of a session on disk while it plays: however it ends, it can be gone on with.

A place is written at the beginning, at every change, and every second that it plays.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.places import Keep, Place, new_session, prune, script_digest, utc
from voiceguide.play.resuming import credited, heard_between, into_phrase, step_at
from voiceguide.play.stand import Stand
from voiceguide.units import ms_to_frames

if TYPE_CHECKING:
    from voiceguide.plan.plan import Plan
    from voiceguide.plan.request import SessionRequest
    from voiceguide.play.whole_player import AnyPlayer
    from voiceguide.session import Session

NEARLY_MS = 1_000
"""Whoever leaves so shortly before the end has heard it to the end."""
log = logging.getLogger("voiceguide")


def begun(session: Session) -> Place:
    """Return the place of *session* before it begins, under a name of its own."""
    routine, request, now = session.plan.routine, session.plan.request, utc()
    return Place(
        session=new_session(),
        began=now,
        when=now,
        script=str(Path(routine.span.source.label).resolve()),
        digest=script_digest(routine),
        routine=routine.id,
        title=routine.title,
        engine=session.engine,
        voice=session.voice,
        rate=session.timeline.rate,
        request=asked_for(request),
        plan="",
        at=0,
        length=session.timeline.frames,
        state="playing",
    )


def asked_for(request: SessionRequest) -> dict[str, Any]:
    """Return *request* as a record."""
    return {each.name: getattr(request, each.name) for each in fields(request)} | {"facts": dict(request.facts)}


def heard_out(at: int, frames: int, rate: int) -> bool:
    """Tell whether a session of *frames* that was left at frame *at* was heard to its end, or nearly."""
    return at >= frames - ms_to_frames(NEARLY_MS, rate)


@contextmanager
def keeping(player: AnyPlayer, session: Session, place: Place | None) -> Iterator[None]:
    """Keep the place of *session*, which *player* plays, up to date until the block ends; *place* is where it begins.

    One that has been heard to its end leaves no place. Without a *place*, nothing is kept. What cannot be kept is told
    once, and stops nothing.
    """
    if place is None:
        yield
        return
    try:
        prune()
        keep = Keep(place.session)
    except VoiceguideError as error:
        log.warning("%s; this session cannot be gone on with later", error.message)
        yield
        return
    keeper = Keeper(player, session, keep, place)
    thread = Thread(target=keeper.watch, name="voiceguide keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.close()


class Keeper:
    """Writes the place of *session*, which *player* plays, into *keep*, from *place* on."""

    def __init__(self, player: AnyPlayer, session: Session, keep: Keep, place: Place) -> None:
        self._player = player
        self._session = session
        self._keep = keep
        self._place = place
        self._written: Place | None = None
        self._plan: Plan | None = None
        self._seen: Stand | None = None
        self._one = Lock()
        self._closed = self._told = False

    def watch(self) -> None:
        """Look at every change and every second until play has ended."""
        try:
            for _ in self._player.watch():
                with self._one:
                    if self._closed:
                        return
                    self._look()
        except Exception as error:  # whoever plays is told as well
            log.debug("the keeper has ended: %r", error)

    def close(self) -> None:
        """Look for the last time. A session that has come to its end leaves no place."""
        with self._one:
            self._closed = True
            self._look()
            if heard_out(self._place.at, self._place.length, self._place.rate):
                self._keep.end(self._place, finished=True)
            elif not self._place.plan:  # nothing has ever been heard of it
                self._keep.end(self._place, finished=False)
            else:
                self._keep.close()

    def _look(self) -> None:
        stand = self._player.heard
        if stand.out == 0 or not stand.edition.certain:  # before its first words it stands where it stood before
            self._seen = stand
            return
        if self._seen is not None:
            start, stop = heard_between(self._seen, stand)
            timeline = self._seen.edition.timeline
            self._place = replace(self._place, heard=credited(self._place.heard, timeline, start, stop))
        self._seen = stand
        try:
            self._place = self._at(stand)
            # a hold that goes on is no news: it was stopped when it began
            if self._written is None or replace(self._place, when="") != replace(self._written, when=""):
                self._keep.place(self._place)
                self._keep.only(self._place.plan)
                self._written = self._place
        except (VoiceguideError, OSError) as error:
            if not self._told:
                log.warning("the place in this session cannot be kept: %s", getattr(error, "message", error))
            self._told = True

    def _at(self, stand: Stand) -> Place:
        """Return the place at *stand*; a new plan is stored before."""
        edition, at = stand.edition, stand.here
        plan, timeline = edition.plan or self._session.plan, edition.timeline
        digest = self._place.plan
        if plan is not self._plan:
            digest, self._plan = self._keep.plan(plan), plan
        step = step_at(timeline, at)
        phrase, into = into_phrase(timeline, at)
        return replace(
            self._place,
            when=utc(),
            engine=self._session.engine,
            voice=self._session.voice,
            request=asked_for(plan.request),
            plan=digest,
            at=at,
            length=timeline.frames,
            state=stand.transport.state,
            address=str(step.address) if step and step.address else "",
            step=step.title if step else "",
            side=step.side or "" if step else "",
            into=at - step.start if step else at,
            phrase=phrase,
            into_phrase=into,
            volume_db=stand.volume_db,
            turns=edition.turns,
        )
