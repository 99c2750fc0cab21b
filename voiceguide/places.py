"""Places: where each session that has not been heard to its end stands, on disk, so that it can be gone on with.

    state/sessions/ID/place.json       where it stands: rewritten whole every second that it plays
                      DIGEST.plan      the session as it is planned: one file for each edition, and only the last stays
                      lock             held by the process that plays it
    state/heard.jsonl                  what was heard of every session that is over, a line each

Every session has a folder of its own, so processes never write the same file. A plan is there before the place that
names it, and a place goes before its plan: whatever is killed when, what can be read is whole.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import append_line, locked, private_file, state_folder
from voiceguide.nouns import dataclass

if TYPE_CHECKING:
    from voiceguide.plan.plan import Plan
    from voiceguide.script.model import Routine

VERSION = 1
KEPT, KEPT_FOR = 12, timedelta(days=30)
"""So many places stay, for so long."""
_OWN: set[Path] = set()
"""The folders that this process holds: a lock does not keep it out itself, and is lost with any handle of its file."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a session stands, and all that is needed to go on with it. Times are frames at *rate*.

    *script* is its path, *digest* that of its text and of the scripts that it takes blocks from, *plan* that of the
    record of its plan. *at* is the position, of *length*; it lies *into* frames of the step at *address*, and
    *into_phrase* frames of the instruction *phrase* under way there, if one is. *turns* are the levels of the bed.
    *heard* counts the frames that were heard, by address.
    """

    session: str
    began: str
    when: str
    script: str
    digest: str
    routine: str
    title: str
    engine: str
    voice: str
    rate: int
    request: Mapping[str, Any]
    plan: str
    at: int
    length: int
    state: str
    address: str = ""
    step: str = ""
    side: str = ""
    into: int = 0
    phrase: str = ""
    into_phrase: int = 0
    volume_db: int = 0
    turns: tuple[tuple[int, int], ...] = ()
    heard: Mapping[str, int] = field(default_factory=dict)

    @property
    def away_ms(self) -> int:
        """How long ago it stopped."""
        return max(0, round((datetime.now(UTC) - datetime.fromisoformat(self.when)) / timedelta(milliseconds=1)))


def utc() -> str:
    """Return what time it is, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def script_digest(routine: Routine) -> str:
    """Return the digest of the texts that *routine* was read from."""
    sources = (routine.span.source, *(source for _, source in sorted(routine.linked.items())))
    return hashlib.sha256(json.dumps([source.text for source in sources]).encode()).hexdigest()


def new_session() -> str:
    """Return a name for a session that begins now; names sort by when they began."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def sessions_folder() -> Path:
    """Return the folder of all places."""
    return state_folder() / "sessions"


def heard_file() -> Path:
    """Return the file of what was heard."""
    return state_folder() / "heard.jsonl"


class Keep:
    """The folder of one session, held by this process until it is closed. What cannot be written raises."""

    def __init__(self, session: str) -> None:
        self.folder = sessions_folder() / session
        self._lock = _hold(self.folder)
        if self._lock is None:
            raise VoiceguideError("this session is being played already", hint="end it there first")
        for left in self.folder.glob(".*.part"):  # of a process that was killed as it wrote
            left.unlink(missing_ok=True)

    def plan(self, plan: Plan) -> str:
        """Store *plan* and return its digest."""
        from voiceguide.plan.record import to_record  # here, because it takes a while to load

        record = json.dumps(to_record(plan), ensure_ascii=False).encode()
        digest = hashlib.sha256(record).hexdigest()
        path = self.folder / f"{digest}.plan"
        if not path.exists():
            private_file(path, record)
        return digest

    def place(self, place: Place) -> None:
        """Store *place*, whose plan is stored already."""
        record = {"version": VERSION, **asdict(place)}
        private_file(self.folder / "place.json", json.dumps(record, ensure_ascii=False).encode())

    def only(self, plan: str) -> None:
        """Remove all other plans than *plan*."""
        for path in self.folder.glob("*.plan"):
            if path.stem != plan:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the session go: it can be gone on with."""
        if self._lock is not None:
            _OWN.discard(self.folder)
            self._lock.close()

    def end(self, place: Place, *, finished: bool) -> None:
        """Credit what was heard, and remove the place."""
        _credit(place, finished)
        self.close()
        _remove(self.folder)


def places() -> list[Place]:
    """Return every place that nobody is playing from, the latest first."""
    found = (read_place(folder) for folder in _folders() if not _played(folder))
    return sorted((place for place in found if place), key=lambda place: place.when, reverse=True)


def read_place(folder: Path) -> Place | None:
    """Return the place in *folder*, that of its session, or None if there is none that is whole."""
    names = {each.name for each in fields(Place)}
    try:
        record = json.loads((folder / "place.json").read_bytes())
        if record["version"] != VERSION:
            return None
        turns = tuple((frame, level) for frame, level in record["turns"])
        place = Place(**{name: value for name, value in record.items() if name in names} | {"turns": turns})
        datetime.fromisoformat(place.when)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return place if place.session == folder.name else None


def load_plan(place: Place) -> Plan | None:
    """Return the plan that *place* lies in, or None if it cannot be read, as after an update."""
    from voiceguide.plan.record import from_record

    path = sessions_folder() / place.session / f"{place.plan}.plan"
    try:
        record = path.read_bytes()
        if hashlib.sha256(record).hexdigest() != place.plan:
            return None
        return from_record(json.loads(record))
    except Exception as error:  # cattrs has many of its own, and all of them mean the same here
        log.debug("the plan of %s cannot be read: %r", place.session, error)
        return None


def forget(place: Place) -> None:
    """Remove *place*; what was heard is credited."""
    folder = sessions_folder() / place.session
    if not _played(folder):
        _credit(place, finished=False)
        _remove(folder)


def prune() -> None:
    """Forget what is too old or too much, and clear away what killed processes left."""
    known = places()
    oldest = (datetime.now(UTC) - KEPT_FOR).isoformat()
    for number, place in enumerate(known):
        if number >= KEPT or place.when < oldest:
            forget(place)
    for folder in _folders():
        if not (folder / "place.json").exists() and not _played(folder):
            _remove(folder)


def _folders() -> list[Path]:
    try:
        return [folder for folder in sessions_folder().iterdir() if folder.is_dir()]
    except OSError:
        return []


def _hold(folder: Path) -> BinaryIO | None:
    """Return the lock of *folder*, which is made if need be, or None if another process has it."""
    lock = folder / "lock"
    if folder in _OWN:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError as error:
        raise VoiceguideError(f"cannot write {lock}: {error.strerror}", hint="see that the disk is not full") from error
    for wait_s in (0.01, 0.05, 0.2, 0):
        if locked(file):
            _OWN.add(folder)
            return file
        time.sleep(wait_s)  # whoever only looks whether it is played holds it for a moment
    file.close()
    return None


def _played(folder: Path) -> bool:
    """Tell whether a process plays the session of *folder*."""
    if folder in _OWN:
        return True
    try:
        with (folder / "lock").open("r+b") as file:
            return not locked(file)
    except OSError:
        return False


def _remove(folder: Path) -> None:
    with suppress(OSError):  # somebody looks at it; or it has gone already
        (folder / "place.json").unlink(missing_ok=True)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _credit(place: Place, finished: bool) -> None:
    heard = {address: frames * 1000 // place.rate for address, frames in place.heard.items() if frames}
    record = {
        "session": place.session,
        "began": place.began,
        "ended": place.when,
        "finished": finished,
        "routine": place.routine,
        "title": place.title,
        "script": place.script,
        "length_ms": place.length * 1000 // place.rate,
        "heard_ms": sum(heard.values()),
        "steps": heard,
    }
    if not heard:
        return
    try:
        append_line(heard_file(), json.dumps(record, ensure_ascii=False).encode())
    except OSError as error:
        log.warning("what was heard is not written down: %s: %s", heard_file(), error.strerror)
