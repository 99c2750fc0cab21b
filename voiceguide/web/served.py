"""Served: a session that the page plays itself, with all that it needs for that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from voiceguide.play.commands import (
    COMMANDS,
    Again,
    Back,
    Forward,
    GoOn,
    Hold,
    Kind,
    Louder,
    Next,
    NextSection,
    Previous,
    PreviousSection,
    Quieter,
    Quit,
    Seek,
    Stop,
    Toggle,
)
from voiceguide.web.record import session_record
from voiceguide.web.sound import Bytes, NothingThereError, read_range
from voiceguide.web.tracks import captions_vtt, chapters_vtt

if TYPE_CHECKING:
    from voiceguide.session import Session
    from voiceguide.web.app import Door

_MOVES: tuple[Kind, ...] = (Hold, GoOn, Toggle, Next, Previous, Seek, Again, NextSection, PreviousSection)
OFFERS: tuple[Kind, ...] = (*_MOVES, Back, Forward, Louder, Quieter, Stop, Quit)
"""What the page's own player carries out: all that needs no other plan and no new words."""
PIECE = 1 << 16
"""Bytes that are made at once: a third of a second."""


class Served:
    """*session* for the page: its record, its captions and chapters, and *sounds* by the end of their path."""

    def __init__(self, session: Session, sounds: Mapping[str, Bytes]) -> None:
        timeline, routine = session.timeline, session.plan.routine
        self._sounds = sounds
        self._record = session_record(timeline, routine.title, routine.id)
        self._language = routine.language
        self._texts = {"captions": captions_vtt(timeline), "chapters": chapters_vtt(timeline)}

    def about(self) -> dict[str, Any]:
        """Return that the page is to play, and what."""
        offers = [row.name for row in COMMANDS if row.kind in OFFERS]
        sounds = [{"path": f"/sound.{end}", "kind": sound.kind} for end, sound in self._sounds.items()]
        whole = {**self._record, "language": self._language, "offers": offers, "sounds": sounds}
        return {"mode": "player", "session": whole}

    def routes(self, door: Door) -> list[Route]:
        """Return the paths of the sound and of what is shown with it."""

        def text(name: str) -> Callable[[Request], Awaitable[Response]]:
            async def answer(request: Request) -> Response:
                return Response(self._texts[name], media_type="text/vtt; charset=utf-8")

            return answer

        def sound(data: Bytes) -> Callable[[Request], Awaitable[Response]]:
            async def answer(request: Request) -> Response:
                return stretch(data, request.headers.get("range"), request.method)

            return answer

        texts = [Route(f"/{name}.vtt", door.paired(text(name))) for name in self._texts]
        return [*texts, *(Route(f"/sound.{end}", door.paired(sound(data))) for end, data in self._sounds.items())]


def stretch(data: Bytes, asked: str | None, method: str) -> Response:
    """Return the answer to a request for *data*, or for what the Range header *asked* of it."""
    try:
        found = read_range(asked, data.size)
    except NothingThereError:
        return Response(status_code=416, headers={"content-range": f"bytes */{data.size}"})
    start, stop = found or (0, data.size)
    headers = {"accept-ranges": "bytes", "content-length": str(stop - start)}
    if found:
        headers["content-range"] = f"bytes {start}-{stop - 1}/{data.size}"

    async def pieces() -> AsyncIterator[bytes]:
        for first in range(start, stop if method == "GET" else start, PIECE):
            yield await run_in_threadpool(data.read, first, min(first + PIECE, stop))

    return StreamingResponse(pieces(), 206 if found else 200, headers, data.kind)
