"""The preview of `watch`: one step at a time is played while somebody goes on writing."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.commands import Quit
from voiceguide.play.output import pick_output
from voiceguide.play.players import AnyPlayer, open_player
from voiceguide.play.screen import put
from voiceguide.session import Session
from voiceguide.timeline import StepSpan

FADE_S = 0.4
"""How long the sound may take to go out before the next one comes."""


@dataclass
class Preview:
    """Plays on *output* if that is *wanted*. Where it cannot, it is quiet from then on, and says so if *told*."""

    output: str
    wanted: bool
    told: bool = False
    _player: AnyPlayer | None = field(default=None, init=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False)

    def preload(self) -> None:
        """Find out whether there is a device, and load what making sound needs."""
        if self.wanted:
            try:
                pick_output(self.output).check()
            except VoiceguideError as error:
                self._give_up(error)
                return
            import voiceguide.audio.balance
            import voiceguide.audio.mix  # noqa: F401 - numpy takes a while the first time

    def play(self, session: Session, step: StepSpan | None) -> None:
        """Begin to play *step* of *session*; nothing else sounds any more by then."""
        self.close()
        if not self.wanted or step is None:
            return
        try:
            player = open_player(session.part(step.start, step.end), pick_output(self.output))
            self._open.enter_context(player)
            self._player = player
        except VoiceguideError as error:
            self._give_up(error)
            return
        put(sys.stdout, f"playing {step.step}{f' ({step.side})' if step.side else ''}\n")

    def stop(self) -> None:
        """Have what sounds go out, without waiting for it."""
        if self._player:
            self._player.do(Quit())

    def poll(self) -> None:
        """Let go of the device once a step is over."""
        try:
            if self._player and self._player.wait(0):
                self.close()
        except VoiceguideError as error:
            self._give_up(error)

    def close(self) -> None:
        """End what sounds: it goes out first."""
        player, self._player = self._player, None
        with self._open:
            if player:
                player.do(Quit())
                with suppress(VoiceguideError):  # a device that has gone: the next one to play will tell
                    player.wait(FADE_S)

    def _give_up(self, error: VoiceguideError) -> None:
        self.wanted, self._player = False, None
        self._open.close()
        if self.told:
            put(sys.stdout, f"not played here: {error.message}\n")
