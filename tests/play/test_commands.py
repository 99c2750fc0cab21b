"""Commands: one table for names, keys, the screen and the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from tests.play.stretches import commands
from voiceguide.diagnostics import UsageError
from voiceguide.play.commands import (
    BINDINGS,
    COMMANDS,
    KINDS,
    Command,
    Next,
    Quit,
    Seek,
    Toggle,
    key_lines,
    key_rows,
    read_command,
    write_command,
)

THERE_ARE = "there are: " + ", ".join(row.name for row in COMMANDS)


def test_every_command_has_one_row_one_name_and_keys_of_its_own() -> None:
    assert [row.kind for row in COMMANDS] == list(KINDS)
    assert len({row.name for row in COMMANDS}) == len(KINDS)
    keys = [key for row in COMMANDS for key in row.keys]
    assert sorted(keys) == sorted(BINDINGS)


@given(commands)
def test_a_command_written_and_read_is_the_same(command: Command) -> None:
    assert read_command(write_command(command)) == command


def test_commands_are_written_with_their_names_and_numbers() -> None:
    assert [write_command(command) for command in (Toggle(), Seek(-3))] == ["toggle", "seek -3"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("loudest", THERE_ARE),
        ("", THERE_ARE),
        ("seek", "write seek FRAME"),
        ("seek 1 2", "write seek FRAME"),
        ("seek 1.5", "write seek FRAME"),
        ("next 2", "write next"),
        ("next ", "write next"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_command(text)
    assert raised.value.hint == hint


def test_the_screen_offers_the_keys_of_what_can_be_done() -> None:
    two = key_lines(KINDS, 76, 2)
    assert two == [
        "space hold · → next · ← back · a again · w where · l longer · s shorter",
        "↑ louder · ↓ quieter · x stop · q quit · , 10 s back · ? all keys",
    ]
    assert key_lines(KINDS, 40, 1, held=True) == ["space go on · q quit · ? all keys"]
    assert key_lines((Quit,), 76, 2, held=True) == ["q quit"]
    assert key_lines((Quit, Next), 76, 2) == ["→ next · q quit"]


def test_where_there_is_room_all_keys_are_told() -> None:
    told = " · ".join(key_lines(KINDS, 1000, 1)).split(" · ")
    assert len(told) == sum(bool(row.keys) for row in COMMANDS) + 1  # and where they are explained


def test_the_page_lists_the_keys_of_the_table() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "listening.md").read_text(encoding="utf-8")
    assert "\n".join(["| key | what it does |", "|---|---|", *key_rows(), ""]) in page
