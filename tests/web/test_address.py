"""Where the page is served: one address, never all of them; and the code that leads there."""

from __future__ import annotations

import re

import pytest
import segno

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.web.address import Place, place_of
from voiceguide.web.invitation import QUIET, code


@pytest.mark.parametrize(
    ("text", "place", "host"),
    [
        ("192.168.1.5", Place("192.168.1.5"), "192.168.1.5:0"),
        ("127.0.0.1:8080", Place("127.0.0.1", 8080), "127.0.0.1:8080"),
        ("192.168.1.5:80", Place("192.168.1.5", 80), "192.168.1.5"),
        ("::1", Place("::1"), "[::1]:0"),
        ("[::1]", Place("::1"), "[::1]:0"),
        ("[fd00::0:5]:443", Place("fd00::5", 443), "[fd00::5]:443"),
    ],
)
def test_an_address_is_read(text: str, place: Place, host: str) -> None:
    assert place_of(text) == place
    assert place.host == host


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0", "::", "224.0.0.1", "localhost", "example.org", "1.2.3", "127.0.0.1:99999", "127.0.0.1:x", "127.0.0.1:-1", "[::1", "fe80::1%eth0", " "],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        place_of(text)
    assert refused.value.hint == "name one with its number: --address 192.168.1.5"


def test_an_address_of_somebody_else_is_told() -> None:
    with pytest.raises(VoiceguideError, match=r"cannot listen on 192\.0\.2\.1:0: ") as refused:
        Place("192.0.2.1").listen()
    assert refused.value.hint


def test_a_port_that_is_taken_is_told() -> None:
    with Place("127.0.0.1").listen() as first, pytest.raises(VoiceguideError, match="cannot listen on"):
        Place("127.0.0.1", first.getsockname()[1]).listen()


def test_the_code_on_the_terminal_is_the_code_of_the_url() -> None:
    url = "http://192.168.178.123:54321/#abcdefghijklmnopqrstuv"
    rows = code(url).splitlines()
    assert all(row.startswith("\x1b[97;40m") and row.endswith("\x1b[0m") for row in rows)
    bare = [re.sub(r"\x1b\[[0-9;]*m", "", row) for row in rows]
    halves = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}
    shown = [[halves[sign][half] for sign in row] for row in bare for half in (0, 1)]
    wanted = [list(row) for row in segno.make(url, error="l", micro=False).matrix_iter(border=QUIET)]
    assert shown[: len(wanted)] == wanted
    assert len(rows) <= 20
    assert len(bare[0]) <= 40, "it fits 80x24 with what stands beside it"
