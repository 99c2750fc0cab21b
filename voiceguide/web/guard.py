"""Guard: what every request must pass before anything of the page is asked, and what every answer carries.

A web page of somebody else that is open on the phone must not reach this one (its Origin), also not under a name of
its own that has been turned to this address (DNS rebinding: its Host). Nobody may ask more than a listener could.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 512
"""Bytes of a body; the longest that the page sends is a proof."""
BODY_S = 5.0
"""How long a body may take."""
LONGEST_TARGET = 200
BURST, A_SECOND = 60.0, 30.0
"""Requests of one address at once, and each second after that: several fast thumbs and a player that seeks."""
MOST_ADDRESSES = 256
TOO_MANY_A_SECOND = 800
"""How many of those who ask too much are told so each second, in all. The others wait: who floods, floods slowly."""
HEADERS = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cache-control": "no-store",
    }.items()
)
"""What every answer carries."""


class Buckets:
    """How much each address may still ask: *burst* at once, and *a_second* more each second. *clock* tells seconds."""

    def __init__(self, burst: float, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._a_second, self._clock = burst, a_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> bool:
        """Take one from *who*; tell whether there was one."""
        now = self._clock()
        left, since = self._left.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._a_second)
        self._left[who] = (max(0.0, left - 1), now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1


class RefusedError(Exception):
    """A request that is answered with *status* and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Guard:
    """Stands before *app*, which is reached only as *host*, an address with its port."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app, self.host = app, host.encode()
        self.origin = b"http://" + self.host
        self._buckets = Buckets(BURST, A_SECOND)
        self._told_next = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        try:
            self._check(scope)
            body = await _body(receive)
            await self.app(scope, _with(body, receive), answer)
        except RefusedError as refused:
            if refused.status == 429:
                now = time.monotonic()
                self._told_next = max(now, self._told_next) + 1 / TOO_MANY_A_SECOND
                await asyncio.sleep(self._told_next - now)
            if not begun:
                await _refuse(refused.status, answer)

    def _check(self, scope: Scope) -> None:
        """Raise RefusedError unless the request may be looked at."""
        if not self._buckets.take(scope["client"][0] if scope.get("client") else ""):
            raise RefusedError(429)
        headers: list[tuple[bytes, bytes]] = scope["headers"]

        def told(name: bytes) -> list[bytes]:
            return [value for key, value in headers if key == name]

        if told(b"host") != [self.host]:
            raise RefusedError(421)
        origins = told(b"origin")
        if origins not in ([], [self.origin]) or (scope["method"] == "POST" and not origins):
            raise RefusedError(403)
        if any(site not in (b"same-origin", b"none") for site in told(b"sec-fetch-site")):
            raise RefusedError(403)
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            raise RefusedError(414)
        if any(not value.isdigit() or int(value[:12]) > LARGEST_BODY for value in told(b"content-length")):
            raise RefusedError(413)


async def _body(receive: Receive) -> bytes:
    """Return the whole body. Raises RefusedError if it is too long or too slow."""
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_S):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RefusedError(400)
                body, more = body + message.get("body", b""), message.get("more_body", False)
                if len(body) > LARGEST_BODY:
                    raise RefusedError(413)
    except TimeoutError:
        raise RefusedError(408) from None
    return body


def _with(body: bytes, receive: Receive) -> Receive:
    """Return what gives the *body* that has been read already, and then what *receive* gives."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(status: int, send: Send) -> None:
    headers = [(b"content-length", b"0"), *[(b"connection", b"close")] * (status in (408, 413))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
