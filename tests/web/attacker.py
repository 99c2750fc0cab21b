"""Somebody in the same network who means ill, in a process of their own: `python -m tests.web.attacker URL HOW`.

Begins at a line on standard input. Prints what was answered, as JSON: how often which status.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable

OWN = {"flood": "127.0.0.66", "each": "127.0.0.67", "huge": "127.0.0.68", "slow": "127.0.0.69"}
"""The address that each comes from: limits are those of an address."""
FORGED = "0" * 64


class Line:
    """One connection, over which requests go as they are."""

    def __init__(self, host: str) -> None:
        name, _, port = host.rpartition(":")
        self.socket = socket.create_connection((name, int(port)), timeout=20, source_address=(OWN[sys.argv[2]], 0))
        self._left = b""
        self.over = False

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def status(self) -> int:
        """Return the status of the next answer, which is read to its end; 0 if there is none."""
        head = b""
        try:
            while b"\r\n\r\n" not in self._left:
                self._read()
            head, _, self._left = self._left.partition(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
            while length is None or len(self._left) < length:
                self._read()
            self._left = self._left[length:]
        except OSError:
            self.over = True
        return int(head.split(b" ")[1]) if head else 0

    def _read(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionResetError
        self._left += data


def request(host: str, line: str, *headers: str, body: str = "") -> bytes:
    own = [] if any(header.startswith("Host:") for header in headers) else [f"Host: {host}"]
    sized = [f"Content-Length: {len(body)}"] if line.startswith("POST") else []
    return "\r\n".join([f"{line} HTTP/1.1", *own, *sized, *headers, "", body]).encode()


def wishes(host: str) -> list[bytes]:
    """Return one of each kind of what must not be."""
    origin, cookie = f"Origin: http://{host}", "Cookie: voiceguide-" + host.rpartition(":")[2] + "="
    seal = f"X-Voiceguide: 9 {FORGED}"
    paths: tuple[str, ...] = (
        "/page/../pairing.py",
        "/page/..%2fpairing.py",
        "/page/%2e%2e/%2e%2e/app.py",
        "//etc/passwd",
        "/../../etc/passwd",
    )
    paths += ("/page/..\\..\\pairing.py", "/page//etc/passwd", "/page/%00", "/page/page.css%00.html", "/page/")
    return [
        *(request(host, f"GET {path}", f"Host: {other}") for path in ("/", "/now") for other in ("evil.example", "localhost", "127.0.0.1")),
        request(host, "GET /about", f"Host: {host}", f"Host: {host}"),
        request(host, "GET /hello", "Origin: http://evil.example"),
        request(host, "GET /hello", "Origin: null"),
        request(host, "GET /hello", "Sec-Fetch-Site: cross-site"),
        request(host, "POST /do", body="end"),
        request(host, "POST /do", "Origin: http://evil.example", body="end"),
        *(request(host, f"POST /{path}", origin, body="end") for path in ("do", "pair")),
        *(request(host, f"GET /{path}", cookie) for path in ("now", "about", "do", "sound.wav", "captions.vtt")),
        request(host, "GET /now", cookie + "x" * 32),
        request(host, "POST /do", origin, cookie + "x" * 32, seal, body="end"),
        request(host, "POST /pair", origin, body=f"1.a.{FORGED} {FORGED}"),
        request(host, "GET /now?secret=" + "a" * 22),
        *(request(host, f"GET {path}") for path in paths),
        request(host, "DELETE /do", origin),
        request(host, "PUT /now", origin),
        request(host, "GET /" + "a" * 300),
    ]  # fmt: skip


def flood(host: str, count: int = 10_000) -> Counter[int]:
    """Ask *count* times what must not be, as fast as it goes, over ten connections."""
    found: Counter[int] = Counter()
    each, lines = wishes(host), [Line(host) for _ in range(10)]
    for round_ in range(0, count, len(lines)):
        for number, line in enumerate(lines):
            line.send(each[(round_ + number) % len(each)])
        for number, line in enumerate(lines):
            found[line.status()] += 1
            if line.over:
                line.socket.close()
                lines[number] = Line(host)
    return found


def each(host: str) -> Counter[int]:
    """Ask each of what must not be once, slowly enough not to be refused for that."""
    found: Counter[int] = Counter()
    for wish in wishes(host):
        line = Line(host)
        line.send(wish)
        found[line.status()] += 1
        line.socket.close()
        time.sleep(0.05)
    return found


def huge(host: str) -> Counter[int]:
    """Send bodies without end, heads without end, and lengths that are none."""
    found: Counter[int] = Counter()
    post = f"POST /do HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for head, more, times in (
        (post + "Content-Length: 10000000000\r\n\r\n", b"x" * 65536, 100),
        (post + "Transfer-Encoding: chunked\r\n\r\n", piece, 100),
        (post + "Content-Length: -1\r\n\r\n", b"", 0),
        (post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"", 0),
        (post + "X: ", b"x" * 65536, 100),
        ("GET / HTTP/1.1\r\n", b"A: b\r\n" * 1000, 100),
        ("\x16\x03\x01 no HTTP at all\r\n\r\n", b"", 0),
    ):
        line = Line(host)
        try:
            line.send(head.encode())
            for _ in range(times):
                line.send(more)
        except OSError:
            pass  # it does not even take it all
        found[line.status()] += 1
        line.socket.close()
    return found


def slow(host: str) -> Counter[int]:
    """Open many connections that send one byte, or half a body; count those that are left after a while as 1."""
    lines: list[Line] = []
    for number in range(80):
        try:
            line = Line(host)
            half = f"POST /do HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 9\r\n\r\nen"
            line.send(b"G" if number % 2 else half.encode())
            lines.append(line)
        except OSError:
            pass
    end = time.monotonic() + 16
    found: Counter[int] = Counter()
    for line in lines:
        line.socket.settimeout(max(0.05, end - time.monotonic()))
        found[line.status()] += 1
        line.socket.close()
    return found


WAYS: dict[str, Callable[[str], Counter[int]]] = {"flood": flood, "each": each, "huge": huge, "slow": slow}

if __name__ == "__main__":
    os.nice(19)  # elsewhere it would have a processor of its own
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(WAYS[sys.argv[2]](sys.argv[1].removeprefix("http://").partition("/")[0])))
