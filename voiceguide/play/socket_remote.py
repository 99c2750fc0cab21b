"""SocketRemote: other programs of the same user command a session, and are told where it stands.

Whatever comes over the socket, it is read slowly, in small bites, and kept nowhere: nobody's request costs the sound a
sample.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import socket
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play.commands import COMMANDS, read_command
from voiceguide.play.now import Now
from voiceguide.play.remote import Desk, Remote
from voiceguide.play.sockets import clear_away, sockets_folder, sockets_status
from voiceguide.plugins import Status

MOST, BYTES = 32, 256
"""How many may be connected at once, and how long a request may be."""
BITES, PAUSE_S = 4, 0.02
"""How many requests are answered before everybody else's work goes on for a while: 200 in a second at most."""
ASK_S, READ_S = 5.0, 30.0
"""How long somebody may take to ask, and to read."""
DONE_S = 1.5
"""For how long is waited until what was asked for is heard. What changes nothing is never heard."""
log = logging.getLogger(__name__)


class SocketRemote(Remote):
    """Listens on a socket of its process, in a folder that nobody else can look into; see `sockets`."""

    name: ClassVar[str] = "socket"
    title: ClassVar[str] = "Other programs of yours: voiceguide tell, voiceguide now"

    def __init__(self) -> None:
        self._counter: _Counter | None = None

    def status(self) -> Status:
        """Tell whether there are such sockets on this system."""
        return sockets_status()

    def start(self, desk: Desk) -> None:
        """Begin to listen. Raises OSError."""
        self._counter = _Counter(desk, sockets_folder() / f"{os.getpid()}.sock")

    def stop(self) -> None:
        """Stop listening, and remove the socket."""
        if self._counter is not None:
            self._counter.close()
            self._counter = None


class _Client:
    """Somebody at the counter: what was asked so far, and what has not been read yet."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.asked, self.unread = line, b"", b""
        self.until = time.monotonic() + ASK_S
        self.told: object = None
        self.follows, self.leaves, self.deaf = False, False, False
        self.waits: tuple[str, str, int] | None = None
        """The command, its name, and how much news there was, of somebody who waits for what becomes of it."""


class _Counter:
    """Where all are served, one after the other, on one thread; another one looks at the session."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self._listener = _listen(path)
        self._desk, self._path, self._now = desk, path, desk.now
        self._over, self._closed = False, Event()
        self._clients: list[_Client] = []
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        for each in (self._woken, self._waker, self._listener):
            each.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._server = Thread(target=self._serve, name="voiceguide socket", daemon=True)
        self._server.start()
        Thread(target=self._look, name="voiceguide socket's news", daemon=True).start()

    def close(self) -> None:
        """Let everybody go, those who follow with the last that there is to be told."""
        self._over = True
        self._closed.set()
        self._wake()
        self._server.join(timeout=1)

    def _wake(self) -> None:
        with suppress(OSError):
            self._waker.send(b" ")

    def _look(self) -> None:
        with suppress(Exception):  # whoever plays is told of it too, and tells people
            for now in self._desk.watch():
                self._now = now
                self._wake()
                if self._closed.is_set():
                    return
            self._now = self._desk.now  # the end, which not every player tells those who watch
        self._over = True
        self._wake()

    def _serve(self) -> None:
        with suppress(OSError):
            clear_away()
        try:
            while not self._closed.is_set():
                ready = self._selector.select(self._soon())
                if self._closed.is_set():
                    break
                if sum([self._attend(key.data, key.fileobj, events) for key, events in ready[:BITES]]) > 0:
                    self._closed.wait(PAUSE_S)
                self._tell()
        finally:
            self._path.unlink(missing_ok=True)
            self._over = True
            self._tell()
            for client in tuple(self._clients):
                self._leave(client)
            self._selector.close()
            for each in (self._listener, self._woken, self._waker):
                each.close()

    def _soon(self) -> float:
        """Return after how many seconds somebody's time is up."""
        return max(
            0.0, min((client.until for client in self._clients), default=time.monotonic() + 60) - time.monotonic()
        )

    def _attend(self, client: _Client | None, line: Any, events: int) -> bool:
        """Do what is due at *line*; tell whether that was work."""
        if client is not None:
            if events & selectors.EVENT_WRITE:
                self._send(client)
            if events & selectors.EVENT_READ:
                self._read(client)
            return True
        if line is self._woken:
            with suppress(OSError):
                line.recv(4096)
            return False
        for _ in range(BITES):
            with suppress(OSError):
                self._admit(line.accept()[0])
        return True

    def _admit(self, line: socket.socket) -> None:
        line.setblocking(False)
        client = _Client(line)
        if len(self._clients) >= MOST:  # who has been here longest and says nothing has to go
            self._leave(next((c for c in self._clients if not (c.follows or c.waits or c.leaves)), client))
        if len(self._clients) >= MOST:
            with suppress(OSError):
                line.send(_line(error="too many programs ask", hint=""))
            line.close()
            return
        self._clients.append(client)
        self._selector.register(line, selectors.EVENT_READ, client)

    def _read(self, client: _Client) -> None:
        try:
            piece = client.line.recv(BYTES + 1)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if client.follows or (piece and (client.waits or client.leaves)):  # it has gone, or asks twice
            self._leave(client)
            return
        if not piece and (client.waits or client.leaves):  # it has said all that it wanted to say, and listens
            client.deaf = True
            self._watch(client)
            return
        client.asked += piece
        asked, end, _ = client.asked.partition(b"\n")
        if end and len(asked) <= BYTES:
            self._answer(client, asked.rstrip(b"\r"))
        elif len(client.asked) > BYTES:
            self._reply(client, error=f"a request has {BYTES} bytes at most", hint="")
        elif not piece:
            self._leave(client)

    def _answer(self, client: _Client, asked: bytes) -> None:
        verb, _, rest = asked.decode("ascii", errors="replace").partition(" ")
        if verb == "now" and not rest:
            self._reply(client, **self._record(self._desk.now))
        elif verb == "follow" and not rest:
            client.follows, client.until = True, time.monotonic() + READ_S
        elif verb == "do":
            self._do(client, rest)
        else:
            self._reply(client, error="this is no request", hint="there are: now, follow, do COMMAND")

    def _do(self, client: _Client, text: str) -> None:
        try:
            command = read_command(text)
        except VoiceguideError as error:
            self._reply(client, error=error.message, hint=error.hint)
            return
        name = next(row.name for row in COMMANDS if row.kind is type(command))
        if type(command) not in self._desk.offers:
            there = ", ".join(row.name for row in COMMANDS if row.kind in self._desk.offers)
            self._reply(client, error=f"this session takes no {name}", hint=f"it takes: {there}")
            return
        client.waits, client.until = (text, name, self._desk.now.news), time.monotonic() + DONE_S
        self._desk.do(command)

    def _record(self, now: Now) -> dict[str, Any]:
        return {"session": os.getpid(), **now.record()}

    def _tell(self) -> None:
        """Tell all what they wait for, and let those go whose time is up."""
        now, at = self._now, time.monotonic()
        for client in tuple(self._clients):
            if client.waits:
                text, name, news = client.waits
                done = (now.news > news and now.understood == name) or now.state == "ended"
                if done or self._over or at >= client.until:
                    client.waits = None
                    self._reply(client, command=text, done=done, now=self._record(now if done else self._desk.now))
            elif client.follows and not client.unread:
                client.until = at + READ_S
                if now.told != client.told:
                    client.told, client.unread = now.told, _line(**self._record(now))
                    self._send(client)
                client.leaves = self._over
            if (client.leaves and not client.unread) or at >= client.until:
                self._leave(client)

    def _reply(self, client: _Client, **record: Any) -> None:
        client.unread, client.leaves, client.until = _line(**record), True, time.monotonic() + ASK_S
        self._send(client)

    def _send(self, client: _Client) -> None:
        try:
            client.unread = client.unread[client.line.send(client.unread) :] if client.unread else b""
        except BlockingIOError:
            pass
        except OSError:
            self._leave(client)
            return
        if client.leaves and not client.unread:
            self._leave(client)
        else:
            self._watch(client)

    def _watch(self, client: _Client) -> None:
        if client not in self._clients:
            return
        wanted = (0 if client.deaf else selectors.EVENT_READ) | (selectors.EVENT_WRITE if client.unread else 0)
        if client.line in self._selector.get_map():
            self._selector.unregister(client.line)
        if wanted:
            self._selector.register(client.line, wanted, client)

    def _leave(self, client: _Client) -> None:
        if client in self._clients:
            self._clients.remove(client)
            if client.line in self._selector.get_map():
                self._selector.unregister(client.line)
            client.line.close()


def _line(**record: Any) -> bytes:
    return json.dumps(record).encode() + b"\n"


def _listen(path: Path) -> socket.socket:
    """Return a socket that listens at *path*: it is there only once somebody listens. Raises OSError."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(part))
        part.chmod(0o600)
        listener.listen(MOST)
        part.replace(path)
    except BaseException:
        listener.close()
        part.unlink(missing_ok=True)
        raise
    return listener
