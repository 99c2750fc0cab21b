"""The picture in characters, exactly."""

from __future__ import annotations

import re

import pytest

from tests.author.pictures.scenes import SILENT, drawn, tiny
from tests.make import planned
from voiceguide.author.pictures.scene import scene
from voiceguide.author.pictures.terminal import session_terminal
from voiceguide.columns import cells
from voiceguide.loading import open_routine

BLOCK = r"""
         0:00              0:10             0:20             0:30          0:40
 chapter │Bell                                         │Feet: left │Feet: right
    side                                               │left       │right
    step │Bell     │Sit              │Air              │Rub        │Rub
   voice           ████··············                  █···········██··········
  breath                             ///////‾‾\\\\\\\\\
   chime **********
     bed   ▃▄▅▆▆▆▆▅▄▄▄▄▄▄▅▆▆▆▆▆▆▆▆▆▆▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▅▆▆▆▆▆▆▆▄▄▄▄▅▅▅▄▃▂

█ speech   · quiet   / breath in   ‾ held   \ breath out   * chime
▁█ bed, -30 to -15 dB
"""
NARROW = r"""
         0:00            0:10
 chapter |Bell
    side
    step |Bell     |Sit
   voice           ###............
  breath
   chime **********
     bed  135666664444456666666665

               0:20            0:30        0:40
 chapter |Bell           |Feet: left|right
    side                 |left      |right
    step |Air            |Rub       |Rub
   voice                 #..........#..........
  breath //////==\\\\\\\\
   chime
     bed 444444444444444444456666664444555421

# speech   . quiet   / breath in   = held
\ breath out   * chime   18 bed, -30 to -15 dB
"""


def test_a_tiny_session_on_eighty_columns() -> None:
    assert "\n".join(session_terminal(tiny())) == BLOCK.strip("\n")


def test_a_narrow_terminal_takes_more_bands_and_ascii_is_enough() -> None:
    assert "\n".join(session_terminal(tiny(), 48, plain=True)) == NARROW.strip("\n")


def test_chapters_of_both_sides_are_told_apart_in_little_room() -> None:
    section = "{section: Left hand and right hand, each: foot, steps: [{do: a, for: 20s}]}"
    picture = drawn(f"length: 60s\nsteps: [{{pause: 20s, title: Rest}}, {section}]", 60)
    assert next(line for line in session_terminal(picture) if "chapter" in line) == (
        " chapter │Rest                  │Left hand and ri…: left│Left hand and…: right"
    )


def test_a_box_ends_where_nothing_follows_it() -> None:
    lines = [line for line in session_terminal(drawn(SILENT, 50)) if line.startswith("    step")]
    assert lines == ["    step │A            │Rub ×2               │                   │C"]


def test_colours_change_no_character() -> None:
    coloured = session_terminal(tiny(), colour=True)
    assert [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in coloured] == session_terminal(tiny())
    assert "\x1b[34m████\x1b[0m" in "\n".join(coloured)


@pytest.mark.parametrize("width", [10, 40, 79, 80, 120, 300])
@pytest.mark.parametrize(("name", "length_s"), [("whole-foot", 720), ("even-breath", 600), ("whole-foot", 1500)])
def test_no_line_is_wider_than_the_terminal(name: str, length_s: int, width: int) -> None:
    lines = session_terminal(scene(planned(open_routine(name), length_s).timeline, name), width)
    assert max(cells(line) for line in lines) <= max(40, width)


def test_nothing_heard_is_too_short_to_be_seen() -> None:
    picture = drawn("length: 25m\nsteps: [{name: a, say: One., for: 10m}, {name: b, say: Two., for: 15m}]", 1500)
    assert "".join(session_terminal(picture)).count("█") == 2 + 1  # and one in the legend


def test_wide_and_combining_letters_keep_the_columns() -> None:
    lines = session_terminal(
        drawn('length: 20s\nsteps: [{title: 足のマッサージ, pause: 10s}, {title: "e\u0301te\u0301", pause: 10s}]', 20)
    )
    row = next(line for line in lines if line.startswith("    step"))
    assert cells(row[: row.rindex("│")]) == 9 + 35
    assert row.endswith("│e\u0301te\u0301")
