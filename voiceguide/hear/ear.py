"""Ear: a microphone that is listened to beside what is played, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread

from voiceguide.hear.alignment import Alignment
from voiceguide.hear.echo import Echo
from voiceguide.hear.listener import SpokenCommands
from voiceguide.hear.microphone import Microphone
from voiceguide.play.commands import Command

PIECE_S = 0.05
"""How often it looks what has been heard."""
STOP_S = 1.0


class Ear:
    """Listens with a microphone beside what is played at *rate* frames a second, on a thread of its own.

    *understood* is told of every command. Nothing that is heard is kept.
    """

    def __init__(
        self, microphone: Microphone, commands: SpokenCommands, rate: int, understood: Callable[[Command], None]
    ) -> None:
        self._microphone, self._commands, self._understood = microphone, commands, understood
        self._alignment = Alignment(rate)
        self.echo: Echo = commands.echo
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

    def _heard(self) -> Iterator[Command]:
        for heard, reference in self._alignment.blocks():
            if self._over.is_set():
                return
            shift, self._alignment.shift = self._alignment.shift, 0
            if shift:
                self._commands.echo.shifted(shift)
            yield from self._commands.feed(heard, reference)
