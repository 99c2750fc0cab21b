"""AwakeRemote: the computer does not fall asleep while a session plays. The screen may go dark as it likes."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from threading import Event, Thread
from typing import ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.remote import Desk, Remote
from voiceguide.plugins import Status

INSTALL = 'pip install "voiceguide[desktop]"'
HELD_S = 600.0
"""A session that has been held for so long does not keep the computer awake any more."""
LEAVE_S = 1.5
"""How long it may take to see that it is over: it looks once a second."""


class AwakeRemote(Remote):
    """Asks the system to stay awake while the session plays: the one "remote" that only listens."""

    name: ClassVar[str] = "awake"
    title: ClassVar[str] = "Keeps the computer awake while it plays"

    def __init__(self) -> None:
        self._over = Event()

    def status(self) -> Status:
        """Tell whether the library is there."""
        return Status("ready") if find_spec("wakepy") else Status("missing-library", INSTALL)

    def start(self, desk: Desk) -> None:
        """Begin to look at *desk*."""
        self._over.clear()
        self._thread = Thread(target=self._watch, args=(desk,), name="voiceguide awake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the system sleep again."""
        self._over.set()
        self._thread.join(timeout=LEAVE_S)

    def _watch(self, desk: Desk) -> None:
        from wakepy import keep

        played, awake = time.monotonic(), False
        with ExitStack() as asked, suppress(VoiceguideError):  # whoever plays is told of it too, and tells people
            for now in desk.watch():
                if self._over.is_set():
                    return
                played = time.monotonic() if now.state == "playing" else played
                wanted = time.monotonic() - played < HELD_S
                if wanted and not awake:
                    asked.enter_context(keep.running(on_fail="pass"))
                elif awake and not wanted:
                    asked.close()
                awake = wanted
