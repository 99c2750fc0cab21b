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
    key_line,
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
    assert key_line() == "space hold · → next · ← back · q quit"
    assert key_line(held=True) == "space go on · → next · ← back · q quit"
    assert key_line((Quit,), held=True) == "q quit"
    assert key_line((Quit, Next)) == "→ next · q quit"


def test_the_page_lists_the_keys_of_the_table() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "listening.md").read_text(encoding="utf-8")
    assert "\n".join(["| key | what it does |", "|---|---|", *key_rows(), ""]) in page
