"""What is said for each command: one table, and the documentation has it."""

from __future__ import annotations

from pathlib import Path

from voiceguide.hear.phrases import LANGUAGES, UNSPOKEN, phrase_rows
from voiceguide.play.commands import COMMANDS

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_every_command_is_spoken_or_it_is_told_why_not() -> None:
    for spoken in LANGUAGES.values():
        said = {type(command) for command in spoken.said().values()}
        assert said | set(UNSPOKEN) == {row.kind for row in COMMANDS}
        assert not said & set(UNSPOKEN)


def test_all_that_is_said_begins_with_the_waking_word_but_stop() -> None:
    english = LANGUAGES["en"]
    assert [phrase for phrase in english.said() if not phrase.startswith("Guide, ")] == ["stop!"]


def test_phrases_are_written_plainly() -> None:
    phrases = list(LANGUAGES["en"].phrases)
    assert all(phrase == " ".join(phrase.split()) for phrase in phrases)


def test_the_documentation_has_the_table() -> None:
    rows = phrase_rows(LANGUAGES["en"])
    assert "\n".join(rows) in (DOCS / "hands-free.md").read_text("utf-8")
