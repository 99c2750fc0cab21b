"""WebRemote: a page on the local network as a remote for the session that plays here."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.commands import COMMANDS, Command
from voiceguide.play.remote import Desk, Remote
from voiceguide.plugins import Status
from voiceguide.web.address import Place, place_of
from voiceguide.web.record import ahead

if TYPE_CHECKING:
    from voiceguide.web.site import Site

LIBRARIES = ("starlette", "uvicorn", "segno")
HINT = "pip install 'voiceguide[web]'"


def web_status() -> Status:
    """Tell whether pages can be served here."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    return Status("missing-library", HINT) if missing else Status("ready")


def check_web() -> None:
    """Raise VoiceguideError, with what to do about it, if pages cannot be served here."""
    status = web_status()
    if status.state != "ready":
        raise VoiceguideError("the page for a phone needs libraries that are not installed", hint=status.hint)


class WebRemote(Remote):
    """Serves the page of a remote at *place*, or else at this computer's address in the local network.

    1. `open` begins to serve: the page says that the session is about to begin. 2. `start` gives it the session.
    3. `stop` ends both. `start` alone opens as well.
    """

    name: ClassVar[str] = "web"
    title: ClassVar[str] = "A page for a phone in the same network"

    def __init__(self, place: Place | None = None) -> None:
        self._place = place
        self._desk: Desk | None = None
        self._closed = Event()
        self.site: Site | None = None

    def status(self) -> Status:
        """Tell whether the libraries are there."""
        return web_status()

    @property
    def paired(self) -> int:
        """How many phones have come in."""
        return self.site.pairing.paired if self.site else 0

    def open(self) -> str:
        """Serve, and return the URL that lets in whoever has it. Raises VoiceguideError if there is no network."""
        from voiceguide.web.app import Played
        from voiceguide.web.board import Board
        from voiceguide.web.site import Site

        board = Board()
        shown = Played(board, self._do, lambda: self._desk.offers if self._desk else ())
        self.site = Site(shown, self._place or place_of())
        self.site.start(board.begin)
        self.board = board
        return self.site.url

    def start(self, desk: Desk) -> None:
        """Show *desk*, and have it do what the page commands."""
        if self.site is None:
            self.open()
        self._desk = desk
        Thread(target=self._tell, args=(desk,), name="voiceguide page's news", daemon=True).start()

    def stop(self) -> None:
        """Serve nothing any more."""
        self._closed.set()
        self._desk = None
        if self.site is not None:
            self.board.close()
            self.site.stop()

    def _do(self, command: Command) -> None:
        if self._desk is not None:
            self._desk.do(command)

    def _tell(self, desk: Desk) -> None:
        offers = [row.name for row in COMMANDS if row.kind in desk.offers]
        with suppress(VoiceguideError):  # whoever plays is told of it too, and tells people
            for now in desk.watch():
                if self._closed.is_set():
                    return
                more = ahead(now.timeline, now.at)
                self.board.write({**now.record(), **more, "rate": now.timeline.rate, "at": now.at, "offers": offers})
