"""Addresses: on which one of this computer's a phone in the same network finds it."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.nouns import dataclass

ELSEWHERE = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses that nobody has (RFC 5737, RFC 3849): whatever way out there is, leads there too."""
BACKLOG = 64
HINT = "name one with its number: --address 192.168.1.5"


@dataclass(frozen=True)
class Place:
    """One *address* of this computer, and a *port*; 0 is any that is free."""

    address: str
    port: int = 0

    @property
    def family(self) -> socket.AddressFamily:
        """The kind of the address."""
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET

    @property
    def host(self) -> str:
        """What stands for it in a URL, and in the Host header of a browser, which does not say the usual port."""
        name = f"[{self.address}]" if ":" in self.address else self.address
        return name if self.port == 80 else f"{name}:{self.port}"

    def listen(self) -> socket.socket:
        """Return a socket that listens here, and nowhere else. Raises VoiceguideError if it cannot."""
        listener = socket.socket(self.family, socket.SOCK_STREAM)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: nobody else may listen there too
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.address, self.port))
            listener.listen(BACKLOG)  # from now on a phone that asks waits, and is not refused
        except OSError as error:
            listener.close()
            raise VoiceguideError(f"cannot listen on {self.host}: {error.strerror}", hint=HINT) from error
        return listener


def place_of(text: str = "") -> Place:
    """Return the place that *text* names, `ADDRESS` or `ADDRESS:PORT`; without one, the address in the local network.

    Raises UsageError if it is none, or every address at once, and VoiceguideError if there is no local network.
    """
    if not text:
        return Place(_local())
    address, port = text, ""
    if text.startswith("[") or text.count(":") == 1:
        address, _, port = text.removeprefix("[").rpartition(":")
        if text.endswith("]"):
            address, port = text[1:-1], ""
        address = address.removesuffix("]")
    try:
        found = ipaddress.ip_address(address)
        number = int(port) if port.isdecimal() else 0 if port == "" else -1
    except ValueError:
        found, number = None, -1
    if found is None or "%" in address or not 0 <= number < 1 << 16:
        raise UsageError(f"{text!r} is no address", hint=HINT)
    if found.is_unspecified or found.is_multicast:
        raise UsageError(f"{text} is not one address of this computer", hint=HINT)
    return Place(str(found), number)


def _local() -> str:
    """Return this computer's address in the local network; nothing is sent for that."""
    for there, family in ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((there, 9))  # for datagrams, that only chooses the way
            found = str(probe.getsockname()[0])
            address = ipaddress.ip_address(found)
            if address.is_private and not address.is_loopback and not address.is_unspecified:
                return found
    raise VoiceguideError("no address in a local network was found", hint=HINT)
