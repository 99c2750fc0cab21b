"""Site: the page at one address, with the secret of one session. It may stop, and come back at the same place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from voiceguide.web.address import Place
from voiceguide.web.app import Shown, make_app
from voiceguide.web.pairing import Pairing
from voiceguide.web.server import Server

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class Site:
    """Shows *shown* at *place* to whoever has `url`."""

    def __init__(self, shown: Shown, place: Place) -> None:
        self.pairing = Pairing()
        self._shown = shown
        self._server = Server(place, self._make)

    def _make(self, host: str, port: int) -> ASGIApp:
        return make_app(self._shown, self.pairing, host, port)

    @property
    def url(self) -> str:
        """What lets in whoever has it: the secret is behind the #, which browsers do not send."""
        return f"http://{self._server.place.host}/#{self.pairing.secret}"

    def start(self, begun: Callable[[asyncio.AbstractEventLoop], None] = lambda loop: None) -> None:
        """Serve. Raises VoiceguideError if that cannot be done there."""
        self._server.start(begun)

    def stop(self) -> None:
        """Serve nothing any more."""
        self._server.stop()
