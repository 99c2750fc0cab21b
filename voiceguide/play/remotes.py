"""Remotes at work: every installed one commands the session that plays, for as long as it does.

They are loaded and started on a thread of their own, once the first sound is there: none can delay it, and one that
fails or hangs is told of in the log, and missed by nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.play.remote import Desk, Remote
from voiceguide.plugins import Door, call

START_S, STOP_S = 5.0, 1.0
"""How long a remote may take to begin, and to end."""
REMOTES: Door[Remote] = Door("voiceguide.remotes", Remote, "remote", "the keys of the terminal do all that remotes do")  # type: ignore[type-abstract]
log = logging.getLogger(__name__)


def check_remotes(names: str) -> None:
    """Raise UsageError, with what there is, unless *names* are `all`, `none` or names of remotes, with commas."""
    if names in ("all", "none"):  # loading remotes takes long, and the first sound waits for this
        return
    known = [remote.name for remote in REMOTES.installed()]
    for name in names.split(","):
        if name.strip() not in known:
            raise UsageError(
                f"there is no remote {name.strip()!r}", hint=f"say all, none, or some of {','.join(known)}"
            )


@contextmanager
def listening(desk: Desk, names: str = "all") -> Iterator[None]:
    """Have the remotes *names* that are ready command *desk* as long as the context lasts."""
    wanted = {name.strip() for name in names.split(",")}
    started: list[Remote] = []
    over = Event()

    def start() -> None:
        for now in desk.watch():  # loading them takes the processor from the first sound
            if now.at or now.making or over.is_set():
                break
        for remote in REMOTES.ready():
            if over.is_set():
                return
            if names != "all" and remote.name not in wanted:
                continue
            started.append(remote)
            _asked(remote, "start", partial(remote.start, desk), START_S)
        if over.is_set():
            stop()

    def stop() -> None:
        while started:
            remote = started.pop()
            _asked(remote, "stop", remote.stop, STOP_S)

    starter = Thread(target=start, name="voiceguide remotes", daemon=True)
    starter.start()
    try:
        yield
    finally:
        over.set()
        starter.join(timeout=STOP_S)
        stop()


def _asked(remote: Remote, what: str, work: Callable[[], None], patience_s: float) -> None:
    try:
        call(remote.name, what, work, patience_s=patience_s, passing=(VoiceguideError, OSError), apart=False)
    except VoiceguideError as error:
        log.debug("%s: %s", remote.name, error.message)
    except OSError as error:
        log.debug("%s does not %s: %s", remote.name, what, error)
