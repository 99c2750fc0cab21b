"""Keys from a real terminal (a pseudo one), and the terminal afterwards."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

import pty
import termios

from voiceguide.play.commands import Command, Next, Previous, Quit, Toggle
from voiceguide.play.keys import NoKeys, PosixKeys, cbreak, open_keys

Terminal = tuple[int, int]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """Give the two ends: where a person types, and where a program reads."""
    person, program = pty.openpty()
    yield person, program
    os.close(person)
    os.close(program)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b" ", ["space"]),
        (b"\x1b[C\x1b[D", ["right", "left"]),
        (b"\x1bOC\x1bOD", ["right", "left"]),
        (b"\n", ["enter"]),
        (b"qQ", ["q", "q"]),
        (b" \x1b[Cq", ["space", "right", "q"]),
        ("é".encode(), ["é"]),
        (b"\x1b[A\x1bOB\x1b[5~\x1b[6~", ["up", "down", "pageup", "pagedown"]),
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x1b[15~\x1bOP\x1b[1;5Cq", ["special", "special", "special", "q"]),
        (b"\x1b[", ["special"]),
        (b"\xff", [None]),
        (b"", [None]),
    ],
)
def test_keys_have_names(terminal: Terminal, typed: bytes, keys: list[str | None]) -> None:
    person, program = terminal
    with cbreak(program):
        os.write(person, typed)
        source = PosixKeys(program)
        assert [source.read(0.2 if typed else 0) for _ in keys] == keys
        assert source.read(0) is None


def test_an_arrow_that_comes_byte_by_byte_is_one_key(terminal: Terminal) -> None:
    person, program = terminal
    with cbreak(program):
        source = PosixKeys(program)
        for byte in b"\x1b[C":
            os.write(person, bytes([byte]))
            key = source.read(0.2) if byte == ord("C") else None
        assert key == "right"


@pytest.mark.parametrize("failure", [None, KeyboardInterrupt, RuntimeError])
def test_the_terminal_is_put_back_whatever_happens(terminal: Terminal, failure: type[BaseException] | None) -> None:
    _, program = terminal
    before = termios.tcgetattr(program)
    try:
        with cbreak(program):
            assert termios.tcgetattr(program) != before
            if failure:
                raise failure
    except (KeyboardInterrupt, RuntimeError):
        pass
    assert termios.tcgetattr(program) == before


def test_a_terminal_that_is_closed_gives_no_more_keys() -> None:
    person, program = pty.openpty()
    source = PosixKeys(program)
    os.close(person)
    assert source.read(0.1) is None
    assert source.read(0.01) is None
    os.close(program)


def test_without_a_terminal_there_are_no_keys_and_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with open_keys() as keys:
            assert isinstance(keys, NoKeys)
            assert keys.read(0.001) is None


def test_keys_are_commands_until_they_are_closed_even_while_one_is_awaited(terminal: Terminal) -> None:
    person, program = terminal
    with cbreak(program):
        source = PosixKeys(program)
        os.write(person, b" z\x1b[D\x1b[Cq")
        came: list[Command] = []
        last = threading.Event()

        def listen() -> None:
            for command in source.commands():
                came.append(command)
                if command == Quit():
                    last.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert last.wait(20)
        source.close()
        listener.join(20)
        assert not listener.is_alive()
        assert came == [Toggle(), Previous(), Next(), Quit()]


def test_where_any_key_will_do_keys_that_come_together_are_one_push(terminal: Terminal) -> None:
    person, program = terminal
    times = iter([5.0, 5.1, 5.7, 6.3, 7.1, 7.2])

    class Timed(PosixKeys):
        seconds = staticmethod(lambda: next(times))

    with cbreak(program):
        source = Timed(program)
        os.write(person, b"q\x1b[15~x?\x1bOA ")
        commands = source.commands(any_key=True)
        assert [next(commands), next(commands)] == [Toggle(), Toggle()]
        source.close()
        assert list(commands) == []
    assert list(times) == [7.2]


def test_a_terminal_that_is_closed_ends_the_commands() -> None:
    person, program = pty.openpty()
    source = PosixKeys(program)
    os.close(person)
    assert list(source.commands()) == []
    os.close(program)


def test_without_a_terminal_there_are_no_commands() -> None:
    assert list(NoKeys().commands()) == []
