"""The page's server side: what there is at which path, for whom. `guard` has let the request in already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from voiceguide.diagnostics import UsageError
from voiceguide.play.commands import Command, Kind, read_command
from voiceguide.web.board import Board
from voiceguide.web.guard import Buckets, Guard
from voiceguide.web.pairing import Device, Pairing

TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WRONG_BURST, WRONG_A_SECOND = 5.0, 0.2
"""Wrong proofs that an address may give at once, and each second after that."""
LONGEST_COMMAND = 64


class Shown(Protocol):
    """What the page is about: a session that plays here, or one that it plays itself."""

    def about(self) -> dict[str, Any]:
        """Return what the page has to know of it first."""

    def routes(self, door: Door) -> list[Route]:
        """Return the paths that only those who are paired may ask."""


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """Return the files of the page by name, each with its type; nothing else is ever read from the disk."""
    found = {}
    for file in files("voiceguide.web").joinpath("page").iterdir():
        kind = TYPES.get(f".{file.name.rpartition('.')[2]}")
        if kind:
            found[file.name] = (file.read_bytes(), f"{kind}; charset=utf-8")
    return found


class Door:
    """Lets in who is paired with *pairing*. *port* tells its cookies from those of other sessions of this computer."""

    def __init__(self, pairing: Pairing, port: int) -> None:
        self.pairing, self.cookie = pairing, f"voiceguide-{port}"
        self._wrong = Buckets(WRONG_BURST, WRONG_A_SECOND)

    def device(self, request: Request) -> Device | None:
        """Return who asks, if paired."""
        return self.pairing.device(request.cookies.get(self.cookie, ""))

    def paired(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Return *answer* for those who are paired; all others get 401."""

        async def checked(request: Request) -> Response:
            return await answer(request) if self.device(request) else Response(status_code=401)

        return checked

    async def hello(self, request: Request) -> Response:
        """Give a question to sign, and tell whether the page is in already."""
        device = self.device(request)
        return JSONResponse({"question": self.pairing.question(), "device": device.id if device else None})

    async def pair(self, request: Request) -> Response:
        """Let in who has signed a question."""
        question, _, proof = (await request.body()).decode("ascii", "replace").partition(" ")
        device = self.pairing.pair(question, proof)
        if device is None:
            return Response(status_code=403 if self._wrong.take(request.client.host if request.client else "") else 429)
        answer = JSONResponse({"device": device.id})
        answer.set_cookie(self.cookie, device.cookie, path="/", httponly=True, samesite="strict")
        return answer


class Played:
    """A session that plays here: its `now` comes from *board*, and its commands go to *do*."""

    def __init__(self, board: Board, do: Callable[[Command], None], offers: Callable[[], Sequence[Kind]]) -> None:
        self._board, self._do, self._offers = board, do, offers

    def about(self) -> dict[str, Any]:
        """Return that it is a remote; what it offers comes with each `now`."""
        return {"mode": "remote"}

    def routes(self, door: Door) -> list[Route]:
        """Return the paths of `now` and of commands."""

        async def now(request: Request) -> Response:
            return StreamingResponse(self._board.events(), media_type="text/event-stream")

        async def do(request: Request) -> Response:
            device = door.device(request)
            number, _, proof = request.headers.get("x-voiceguide", "").partition(" ")
            text = (await request.body()).decode("ascii", "replace")
            if device is None:
                return Response(status_code=401)
            if not (number.isascii() and number.isdigit() and len(number) <= 16 and len(text) <= LONGEST_COMMAND):
                return Response(status_code=400)
            verdict = door.pairing.judge(device, int(number), text, proof)
            if verdict != "admitted":
                return Response(status_code=403 if verdict == "forged" else 409)
            try:
                command = read_command(text)
            except UsageError:
                return Response(status_code=400)
            if type(command) not in self._offers():
                return Response(status_code=400)
            self._do(command)
            return Response(status_code=204)

        return [Route("/now", door.paired(now)), Route("/do", do, methods=["POST"])]


def make_app(shown: Shown, pairing: Pairing, host: str, port: int) -> Guard:
    """Return what answers requests for *shown*, reached as *host* only."""
    door = Door(pairing, port)

    async def page(request: Request) -> Response:
        found = assets().get(request.path_params.get("name", "index.html"))
        return Response(found[0], media_type=found[1]) if found else Response(status_code=404)

    async def about(request: Request) -> Response:
        return JSONResponse(shown.about())

    open_to_all = [
        Route("/", page),
        Route("/page/{name}", page),
        Route("/hello", door.hello),
        Route("/pair", door.pair, methods=["POST"]),
    ]
    app = Starlette(routes=[*open_to_all, Route("/about", door.paired(about)), *shown.routes(door)])
    app.router.redirect_slashes = False
    return Guard(app, host)
