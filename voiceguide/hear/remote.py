"""EarRemote: spoken commands as a remote of the session that plays; what it plays itself is no command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.hear.alignment import Alignment
from voiceguide.hear.delay import HZ
from voiceguide.hear.listener import SpokenCommands
from voiceguide.hear.microphone import Microphone
from voiceguide.hear.models import check_spoken, spoken_status
from voiceguide.play.commands import Command
from voiceguide.play.remote import Desk, Remote, Tapped
from voiceguide.plugins import Status

PIECE_S = 0.05
"""How often it looks what has been heard."""
STOP_S = 1.0
log = logging.getLogger("voiceguide")


class Ear:
    """Listens with a microphone beside what is played at *rate* frames a second, on a thread of its own.

    *understood* is told of every command. Nothing that is heard is kept.
    """

    def __init__(
        self, microphone: Microphone, commands: SpokenCommands, rate: int, understood: Callable[[Command], None]
    ) -> None:
        self._microphone, self._commands, self._understood = microphone, commands, understood
        self._alignment = Alignment(rate)
        self.play = self._alignment.play
        """To be given all that is played."""
        self._over = Event()
        self._thread = Thread(target=self._listen, name="voiceguide ear", daemon=True)

    def open(self) -> None:
        """Begin. Raises VoiceguideError if there is no microphone."""
        self._microphone.open(self._alignment.hear)
        self._thread.start()

    def close(self) -> None:
        """Let the microphone go."""
        self._over.set()
        self._microphone.close()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _listen(self) -> None:
        while not self._over.wait(PIECE_S):
            for command in self._heard():
                self._understood(command)

    def _heard(self) -> Iterable[Command]:
        for heard, reference in self._alignment.blocks():
            if self._over.is_set():
                return
            shift, self._alignment.shift = self._alignment.shift, 0
            if shift:
                self._commands.echo.shifted(shift)
            yield from self._commands.feed(heard, reference)


class EarRemote(Remote):
    """Listens with the *microphone* of that name."""

    name: ClassVar[str] = "ear"
    title: ClassVar[str] = "Spoken commands"

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
