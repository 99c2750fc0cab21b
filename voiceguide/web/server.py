"""Server: a thread that answers requests at one place, with uvicorn, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

from voiceguide.web.address import BACKLOG, Place

if TYPE_CHECKING:
    from starlette.types import ASGIApp

START_S, LEAVE_S = 10.0, 3.0
"""How long beginning and ending may take."""
LARGEST_HEAD = 8192
SWITCH_S = 0.0005
"""How soon a busy thread has to let another one work. Usually that is 5 ms: whoever mixes sound lets go several times a
block, and would wait as long each time for requests that come thick and fast."""
KEEP_S = 15


class Server:
    """Answers at *place* with the application that *make* makes, which is told the host and the port.

    `start` and `stop` may be called again: it then comes back at the same port.
    """

    def __init__(self, place: Place, make: Callable[[str, int], ASGIApp]) -> None:
        self.place = place
        self._make = make
        self._thread: Thread | None = None
        self._over: Callable[[], None] = lambda: None

    def start(self, begun: Callable[[asyncio.AbstractEventLoop], None] = lambda loop: None) -> Place:
        """Listen, and return where. *begun* is told the event loop. Raises VoiceguideError if it cannot."""
        listener = self.place.listen()
        self.place = Place(self.place.address, listener.getsockname()[1])
        import uvicorn

        from voiceguide.web.connections import Connection

        # not even an error may tell an address with its secret; none of these loggers has anything to tell a listener
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        config = uvicorn.Config(
            self._make(self.place.host, self.place.port),
            http=Connection,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_S,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=LARGEST_HEAD,
            backlog=BACKLOG,
        )
        server = uvicorn.Server(config)
        ready = Event()

        async def serve() -> None:
            begun(asyncio.get_running_loop())
            ready.set()
            await server.serve([listener])  # off the main thread, it leaves the signals alone

        def run() -> None:
            usual = sys.getswitchinterval()
            sys.setswitchinterval(SWITCH_S)
            try:
                asyncio.run(serve())
            finally:
                sys.setswitchinterval(usual)
                listener.close()

        def over() -> None:
            server.should_exit = True

        self._over = over
        gc.collect()
        gc.freeze()  # or collecting, which many requests bring about, stops all threads for longer than a buffer lasts
        self._thread = Thread(target=run, name="voiceguide page", daemon=True)
        self._thread.start()
        ready.wait(START_S)
        return self.place

    def stop(self) -> None:
        """Answer nothing any more."""
        self._over()
        if self._thread is not None:
            self._thread.join(LEAVE_S)
            self._thread = None
            gc.unfreeze()
