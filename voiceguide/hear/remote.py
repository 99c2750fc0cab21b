"""EarRemote: spoken commands as a remote of the session that plays; what it plays itself is no command."""

from __future__ import annotations

import logging
from threading import Thread
from typing import ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.hear.delay import HZ
from voiceguide.hear.ear import Ear
from voiceguide.hear.listener import SpokenCommands
from voiceguide.hear.microphone import Microphone
from voiceguide.hear.models import check_spoken, spoken_status
from voiceguide.play.commands import Command
from voiceguide.play.remote import Desk, Remote, Tapped
from voiceguide.plugins import Status

log = logging.getLogger("voiceguide")


class EarRemote(Remote):
    """Listens with the *microphone* of that name."""

    name: ClassVar[str] = "ear"
    title: ClassVar[str] = "Spoken commands: voiceguide play --listen"

    def __init__(self, microphone: str = "") -> None:
        self._microphone = Microphone(microphone)
        self._ear: Ear | None = None
        self._over = False

    def status(self) -> Status:
        """Tell whether the libraries are there."""
        return spoken_status()

    def check(self) -> None:
        """Raise VoiceguideError, with what to do about it, if commands cannot be heard or understood here."""
        check_spoken()
        self._microphone.check()

    def start(self, desk: Desk) -> None:
        """Begin to listen, once what understands is loaded, and have *desk* do what is said. Returns at once."""
        Thread(target=self._begin, args=(desk,), name="voiceguide ear begins", daemon=True).start()

    def stop(self) -> None:
        """Let the microphone go."""
        self._over = True
        if self._ear is not None:
            self._ear.close()

    def _begin(self, desk: Desk) -> None:
        player = desk if isinstance(desk, Tapped) else None

        def understood(command: Command) -> None:
            if type(command) in desk.offers:
                if player is not None:
                    player.signal()
                desk.do(command)

        try:
            ear = Ear(self._microphone, SpokenCommands(), player.rate if player else HZ, understood)
            if player is not None:
                player.tap = ear.play
            if not self._over:
                self._ear = ear
                ear.open()
        except VoiceguideError as error:
            log.warning("%s", error.message)
