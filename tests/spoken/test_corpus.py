"""Texts as people write them, each beside the same text written out by hand: both are said alike, or `check` advises.

A line of corpus.tsv is: number, language, as written, written out. In it `\\n` is a line end.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voiceguide.spoken.said import spoken

ROWS = [line.split("\t") for line in Path(__file__).with_name("corpus.tsv").read_text("utf-8").splitlines()]


def words(text: str, language: str) -> list[str]:
    said = " ".join(spoken(text.replace("\\n", "\n"), language).sentences)
    return re.findall(r"[^\W_]+", said.casefold().replace("'", ""))


@pytest.mark.parametrize(("language", "written", "out"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_text_is_said_as_a_person_writes_it_out(language: str, written: str, out: str) -> None:
    if words(written, language) != words(out, language):
        assert spoken(written, language).doubts


def test_nearly_all_are_said_without_advice() -> None:
    alike = [row[0] for row in ROWS if words(row[2], row[1]) == words(row[3], row[1])]
    advised = [row[0] for row in ROWS if spoken(row[2], row[1]).doubts]
    assert len(ROWS) >= 200
    assert len(alike) >= 0.98 * len(ROWS)
    assert len(advised) <= 0.08 * len(ROWS)
