"""What the page's tests share: a device with a clock of its own, a session on it, a browser, and a client that signs."""

from __future__ import annotations

import hmac
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from tests.need import missing, program
from tests.play.sinks import until
from voiceguide import Session, SessionRequest, VoiceOptions, compile_session, open_routine
from voiceguide.play.output import LiveOutput, Source
from voiceguide.plugins import Status
from voiceguide.speech.cache import ClipCache

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PIECE_S = 0.02
FLAGS = (
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--enable-features=HardwareMediaKeyHandling,MediaSessionService",
)

SCRIPT = """
routine: A short one
length: 40s..1m..20m
steps:
  - {name: hello, title: Welcome, say: One two three four., tags: [safety], for: 4s..6s..2m}
  - section: The foot
    steps:
      - {do: knead, title: Knead the arch, say: Five six seven., zone: arch, for: 6s..10s..6m}
      - {do: press, title: Press the heel, say: Eight nine ten., zone: heel, for: 6s..10s..6m, wait: yes}
  - section: The end
    steps:
      - {name: air, title: Breathe, breathe: 4-0-4-0, for: 8s..16s..4m}
      - {name: bye, title: Farewell, say: Eleven twelve., for: 3s..6s..2m}
"""


def session(folder: Path, cache: ClipCache, script: str = SCRIPT, length_s: int = 60) -> Session:
    """Return *script* compiled with the tone engine."""
    path = folder / "short.yaml"
    path.write_text(script, encoding="utf-8")
    request = SessionRequest(length_ms=length_s * 1000)
    return compile_session(open_routine(str(path)), request, VoiceOptions("tone", cache=cache))


class Clocked(LiveOutput):
    """A device with a clock: it asks for what is due every 20 ms, and keeps it."""

    name = "clocked"
    title = "Keeps what it is given, in time"
    rank = 0

    def __init__(self) -> None:
        self.data = bytearray()
        self._over = Event()

    def status(self) -> Status:
        return Status("ready")

    def _start(self, source: Source) -> None:
        self._thread = Thread(target=self._ask, args=(source,), daemon=True)
        self._thread.start()

    def _ask(self, source: Source) -> None:
        begun, asked = time.monotonic(), 0
        while not self._over.wait(PIECE_S):
            due = int((time.monotonic() - begun) * 48_000) - asked
            self.data += source.pull(due)
            asked += due

    def _stop(self) -> None:
        self._over.set()
        self._thread.join()


@contextmanager
def bus() -> Iterator[str]:
    """Start a message bus of our own, on which the browser's media keys are; give its address."""
    daemon = program("dbus-daemon")
    with tempfile.TemporaryDirectory() as folder:
        address = f"unix:path={folder}/bus"
        options = ["--session", f"--address={address}", "--nofork", "--nopidfile", "--nosyslog"]
        with subprocess.Popen([daemon, *options], stderr=subprocess.DEVNULL) as process:
            try:
                until((Path(folder) / "bus").exists, "the bus")
                yield address
            finally:
                process.kill()


def media_key(address: str, *words: str) -> str:
    """Press a media key, as `playerctl` does on the bus at *address*; return what it says."""
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    command = [program("playerctl"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def chromium(address: str) -> Iterator[Browser]:
    """Start a real browser on the bus at *address*; skip where there is none."""
    path = program("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    environment: dict[str, str | float | bool] = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment)
        yield browser
        browser.close()


def await_in(page: Page, condition: str, deadline_s: float = 20) -> None:
    """Wait until *condition* holds in *page*. Playwright's own way needs `eval`, which the page forbids."""
    end = time.monotonic() + deadline_s
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"{condition} did not come true within {deadline_s} s"
        page.wait_for_timeout(20)


class Client:
    """Asks the page's server by hand, over one connection that stays."""

    def __init__(self, url: str) -> None:
        self.url, _, self.secret = url.partition("/#")
        self.host = self.url.removeprefix("http://")
        self.headers: dict[str, str] = {"Host": self.host, "Origin": self.url}
        self.device, self.number = "", 0
        self._connection = HTTPConnection(self.host, timeout=20)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str | None) -> tuple[int, bytes]:
        """Return the status and the body of the answer; a header that is None is not sent."""
        status, data, _ = self.whole(method, path, body, **headers)
        return status, data

    def whole(self, method: str, path: str, body: str | None = None, **headers: str | None) -> Any:
        """Return the status, the body and the headers of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**self.headers, **named}.items() if value is not None}
        self._connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            self._connection.putheader(name, value)
        if body is not None:
            self._connection.putheader("Content-Length", str(len(body.encode())))
        self._connection.endheaders(body.encode() if body is not None else None)
        answer: HTTPResponse = self._connection.getresponse()
        data = answer.read()
        return answer.status, data, dict(answer.getheaders())

    def sign(self, text: str) -> str:
        """Return the proof that *text* comes from whoever knows the secret."""
        return hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()

    def pair(self) -> tuple[int, dict[str, str]]:
        """Come in, as the page does."""
        import json

        question = json.loads(self.ask("GET", "/hello")[1])["question"]
        proof = self.sign(f"pair\n{question}")
        status, data, headers = self.whole("POST", "/pair", f"{question} {proof}")
        if status == 200:
            self.device = json.loads(data)["device"]
            self.headers["Cookie"] = headers["set-cookie"].partition(";")[0]
        return status, headers

    def sealed(self, text: str, number: int) -> str:
        """Return the header with which the command *text* has to come."""
        proof = self.sign(f"do\n{self.device}\n{number}\n{text}")
        return f"{number} {proof}"

    def do(self, text: str) -> int:
        """Command, as the page does."""
        self.number += 1
        return self.ask("POST", "/do", text, X_Voiceguide=self.sealed(text, self.number))[0]
