"""Connections: uvicorn's own, with a limit to how many there are and how long they may do nothing.

uvicorn waits for ever for the head of a request, and for a client that takes no more of an answer: a handful of such
connections, and nobody else gets one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST, MOST_OF_ONE = 64, 12
"""Connections at once: in all, and of one address. A browser has six for a host, and one that was lost may linger."""
HEAD_S = 10.0
"""How long the head of a request may take, from the connection or from its first byte."""
STALL_S = 120.0
"""How long a client may take nothing of what waits for it; players that have enough do so for a while."""


class Connection(H11Protocol):
    """One connection, which is dropped when it is one too many or does nothing."""

    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or drop it at once."""
        super().connection_made(transport)
        others = [each for each in self.connections if each is not self and isinstance(each, Connection)]
        mine = sum(
            each.client is not None and self.client is not None and each.client[0] == self.client[0] for each in others
        )
        if len(others) >= MOST or mine >= MOST_OF_ONE:
            transport.abort()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Go on; while no request is complete, time runs."""
        idle = self.cycle is None or self.cycle.response_complete
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel("_head")
        elif idle and self._head is None and not self.transport.is_closing():
            self._await_head()

    def on_response_complete(self) -> None:
        """Wait for the next request, which has time from its first byte on."""
        self._cancel("_head")
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Let time run while the client takes nothing."""
        super().pause_writing()
        self._cancel("_stall")
        self._stall = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the time: the client has taken something."""
        self._cancel("_stall")
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let everything go."""
        self._cancel("_head", "_stall")
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_S, self.transport.abort)

    def _cancel(self, *names: str) -> None:
        for name in names:
            timer: Any = getattr(self, name)
            if timer is not None:
                timer.cancel()
            setattr(self, name, None)
