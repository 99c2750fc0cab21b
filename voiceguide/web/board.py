"""Board: the newest `now` of a session, for however many pages. Who is slow misses some, and holds nobody up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

BEAT_S = 5.0
"""How long a page hears nothing at most; one that hears nothing for longer connects again."""


class Board:
    """Holds the newest record. Any thread writes; pages read, in one event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._record: dict[str, Any] = {"state": "beginning"}
        self._version = 1
        self._changed = asyncio.Event()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have pages read in *loop*."""
        self._loop = loop

    def write(self, record: dict[str, Any]) -> None:
        """Show *record* from now on."""
        if self._loop is None:
            self._put(record)
            return
        with suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(self._put, record)

    def close(self) -> None:
        """Tell every page that it is over, and let it go."""
        self.write({**self._record, "state": "ended", "offers": []})

    def _put(self, record: dict[str, Any]) -> None:
        self._record, self._version = record, self._version + 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def events(self) -> AsyncIterator[str]:
        """Yield the record at once and after each change, as server-sent events, and a sign of life in between."""
        seen = 0
        while True:
            changed = self._changed
            if seen != self._version:
                seen = self._version
                yield f"data: {json.dumps(self._record, ensure_ascii=False)}\n\n"
                if self._record["state"] == "ended":
                    return
                continue
            try:
                await asyncio.wait_for(changed.wait(), BEAT_S)
            except TimeoutError:
                yield "event: alive\ndata:\n\n"
