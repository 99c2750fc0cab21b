"""Pairing: who may come in, and which commands are theirs.

The secret is in the code that the terminal shows, and never crosses the network: a page proves that it has it by
signing a question, and signs each command with it, numbered. So whoever listens on the network can neither come in nor
command, and nothing that was sent once does anything when it is sent again.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MOST_DEVICES = 16
"""Phones that are in at once; beyond, the one that came first has to scan the code again."""
ANSWER_S = 60.0
"""How long a question may be answered."""
LARGEST = 1 << 53
"""Numbers from here on are not exact in a page."""
Verdict = Literal["admitted", "forged", "replayed"]


@dataclass
class Device:
    """A page that has proved itself: its public *id*, the *cookie* that it comes with, its *last* command's number."""

    id: str
    cookie: str
    last: int = 0


class Pairing:
    """The secret of one session, and the devices that know it. *clock* tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.secret = secrets.token_urlsafe(16)
        self._own = secrets.token_bytes(16)
        self._clock = clock
        self._devices: OrderedDict[str, Device] = OrderedDict()
        self._answered: OrderedDict[str, float] = OrderedDict()

    @property
    def paired(self) -> int:
        """How many devices are in."""
        return len(self._devices)

    def question(self) -> str:
        """Return a question for a page to sign; it is remembered only once it is answered."""
        plain = f"{int(self._clock() * 1000)}.{secrets.token_hex(8)}"
        return f"{plain}.{_sign(self._own, plain)}"

    def pair(self, question: str, proof: str) -> Device | None:
        """Let in whoever signed *question* rightly; return None for anything else, or if it was answered before."""
        plain, _, own = question.rpartition(".")
        genuine = _same(own, _sign(self._own, plain))
        proved = _same(proof, _sign(self.secret.encode(), f"pair\n{question}"))
        if not (genuine and proved) or question in self._answered:
            return None
        now = self._clock()
        if now - int(plain.partition(".")[0]) / 1000 > ANSWER_S:
            return None
        while self._answered and now - next(iter(self._answered.values())) > ANSWER_S:
            self._answered.popitem(last=False)
        self._answered[question] = now
        device = Device(secrets.token_hex(8), secrets.token_urlsafe(24))
        self._devices[device.id] = device
        if len(self._devices) > MOST_DEVICES:
            self._devices.popitem(last=False)
        return device

    def device(self, cookie: str) -> Device | None:
        """Return the device that comes with *cookie*, or None."""
        found = None
        for device in self._devices.values():  # every one is compared, so that the time tells nothing
            if _same(cookie, device.cookie):
                found = device
        return found

    def judge(self, device: Device, number: int, text: str, proof: str) -> Verdict:
        """Tell whether the command *text* of *device* is genuine and new; from then on *number* is used up."""
        if not _same(proof, _sign(self.secret.encode(), f"do\n{device.id}\n{number}\n{text}")):
            return "forged"
        if not device.last < number < LARGEST:
            return "replayed"
        device.last = number
        return "admitted"


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _same(one: str, other: str) -> bool:
    """Compare in a time that does not tell how much is alike."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
