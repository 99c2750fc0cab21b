"""Players: the one place that chooses how a session is played. All of them offer what `Player` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voiceguide.play.output import AnyOutput, WholeOutput
from voiceguide.play.player import Player
from voiceguide.play.whole_player import WholePlayer

if TYPE_CHECKING:
    from voiceguide.session import Session

AnyPlayer = Player | WholePlayer


def open_player(session: Session, output: AnyOutput, *, waits: bool = True) -> AnyPlayer:
    """Return the player for *output*. It holds at the waits of *session* unless *waits* is false or it cannot hold."""
    return WholePlayer(session, output) if isinstance(output, WholeOutput) else Player(session, output, waits=waits)
