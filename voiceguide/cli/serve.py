"""serve: a session on a phone, which plays it itself; and the page of a remote, for `play`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import Asked, RoutineName
from voiceguide.terminal import note

if TYPE_CHECKING:
    from voiceguide.web.remote import WebRemote

LOOK_S = 0.2


def serve(
    routine: RoutineName,
    *,
    asked: Asked,
    address: Annotated[
        str,
        typer.Option("--address", metavar="ADDRESS", help="Serve here: an address of this computer, or with :PORT."),
    ] = "",
    opus: Annotated[
        bool, typer.Option("--opus", help="Offer Opus as well, a tenth of the data: it is made first.")
    ] = False,
) -> None:
    """Play a session on a phone in the same network, which scans a code.

    The phone plays it by itself, and is its own remote. Ctrl-C ends.
    """
    from voiceguide.cli.play import stopping
    from voiceguide.cli.printing import progress_bar
    from voiceguide.web.address import place_of
    from voiceguide.web.remote import check_web

    check_web()
    place = place_of(address)
    session = asked.compile(routine)

    from voiceguide.web.invitation import invite
    from voiceguide.web.served import Served
    from voiceguide.web.site import Site
    from voiceguide.web.sound import Bytes, Wave, write_opus

    over = Event()
    with TemporaryFile() as file:
        sounds: dict[str, Bytes] = {"wav": Wave(session)}
        if opus:
            with progress_bar() as progress:
                sounds = {"opus": write_opus(session, file, progress), **sounds}
        site = Site(Served(session, sounds), place)
        with stopping(over.set) as stopped:
            site.start()
            try:
                invite(site.url, f"{session.plan.routine.title}: scan this with the phone that is to play it")
                note("It is served until you press Ctrl-C here.")
                while not over.wait(LOOK_S):  # with a limit, so that Ctrl-C is heard on Windows too
                    pass
            finally:
                site.stop()
        if stopped:
            raise SystemExit(128 + stopped[0])


@contextmanager
def remote_page(address: str) -> Iterator[WebRemote]:
    """Serve the page of a remote at *address*, or in the local network; go on when a phone is there, or at a key.

    Raises VoiceguideError if it cannot be served.
    """
    from voiceguide.play.keys import has_keys, keys_to
    from voiceguide.web.address import place_of
    from voiceguide.web.invitation import invite
    from voiceguide.web.remote import WebRemote, check_web

    check_web()
    remote = WebRemote(place_of(address))
    try:
        keys = has_keys()
        rest = " The session begins when the page is open; Enter begins without it." if keys else ""
        invite(remote.open(), f"Scan this with the phone that is to be the remote.{rest}")
        pressed = Event()
        if keys:
            with keys_to(lambda command: pressed.set()):
                while not remote.paired and not pressed.wait(LOOK_S):
                    pass
        yield remote
    finally:
        remote.stop()
