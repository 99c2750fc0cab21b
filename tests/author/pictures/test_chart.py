"""The picture of lengths, as SVG and in characters."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Tree

import pytest

from tests.author.pictures.charts import FEET, one
from tests.author.pictures.svg_words import NS, crossing, outside, uncoloured
from voiceguide.author.pictures.labels import Chart
from voiceguide.author.pictures.svg import chart_svg
from voiceguide.author.pictures.terminal import chart_terminal
from voiceguide.columns import cells

BLOCK = """
welcome           ███████████████████████████████████████████████████████████
edge-of-the-pal…  ░░░░░░░▒▒▒▒▒▒▒███████████████████████████████████████▓▓▓▓▓▓
toes                     ┊         14:34 ████████████████████████████████████
early              ▚▚▚▚▚▚▚▚▚▚▚▚██████████████████████████████████████████████
                  ───────┴────────────────┴─────────────────┴───────────────┴
                         10:00            15:00             20:00       25:00
                                          ▲ 15:00 unless asked

█ as asked   ▓ full wording   ▒ brief wording   ░ minimal wording   ▚ in part
"""
PLAIN = """
a  ##########################################################################
   ------------------------------------------+-------------------------------
                                             1:00
                                                          1:30 unless asked ^
"""


def parsed(chart: Chart) -> Tree.Element:
    return Tree.fromstring(chart_svg(chart))


def test_lengths_on_a_terminal() -> None:
    assert "\n".join(chart_terminal(FEET)) == BLOCK.strip("\n")


def test_ascii_is_enough_and_without_shades_nothing_is_explained() -> None:
    assert "\n".join(chart_terminal(one(20, 90), plain=True)) == PLAIN.strip("\n")
    assert "\n".join(chart_terminal(FEET, plain=True)).isascii()


@pytest.mark.parametrize(("low_s", "high_s"), [(1, 1), (59, 61), (61, 119), (600, 600), (605, 605), (20, 5400)])
def test_any_range_can_be_drawn(low_s: int, high_s: int) -> None:
    chart = one(low_s, high_s)
    assert chart_terminal(chart)[0] == "a  " + "█" * 74
    assert max(cells(line) for line in chart_terminal(chart)) <= 80
    root = parsed(chart)
    assert (crossing(root), outside(root)) == ([], [])
    bar = root.findall(f"{NS}g/{NS}rect")[0]
    assert (bar.get("x"), bar.get("width")) == ("340", "580")


def test_a_time_has_room_before_its_bar_or_is_not_written() -> None:
    toes = FEET.lanes[2]
    for second in range(480, 1500, 7):
        lane = replace(toes, name="a", bars=((second, 1501, ""),), goes_below_s=(second,))
        line = chart_terminal(replace(FEET, lanes=(lane,)))[0]
        before = line.partition("█")[0].replace("┊", " ").split()
        assert before in ([["a"], ["a", f"{second // 60}:{second % 60:02}"]]), line


def test_the_file_tells_what_it_is() -> None:
    root = parsed(FEET)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert root.findtext(f"{NS}title") == FEET.title
    assert root.findtext(f"{NS}desc") == FEET.words
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert [group.findtext(f"{NS}title") for group in root.findall(f"{NS}g")] == [lane.words for lane in FEET.lanes]


def test_bars_lie_where_their_lengths_are() -> None:
    lanes = parsed(FEET).findall(f"{NS}g")
    bars = [(bar.get("class"), bar.get("x"), bar.get("width")) for bar in lanes[2].findall(f"{NS}rect")]
    assert bars == [("goes", "564", "356")]
    assert [text.text for text in lanes[2].findall(f"{NS}text")] == ["Rub each toe", "both sides", "14:34"]
    assert len(lanes[1].findall(f"{NS}rect")) == 4


def test_no_words_lie_over_others_and_every_kind_has_its_colours() -> None:
    root = parsed(FEET)
    assert (crossing(root), outside(root), uncoloured(root)) == ([], [], [])


def test_what_a_script_says_is_never_markup_and_always_cut() -> None:
    lane = replace(FEET.lanes[0], title="<b>\x07" * 99, name="足" * 30, words="a & b \ud800")
    chart = replace(FEET, title="<i>" * 200, lanes=(lane,))
    root = Tree.fromstring(chart_svg(chart).encode())
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "g",
    }  # fmt: skip
    assert (crossing(root), outside(root)) == ([], [])
    assert max(cells(line) for line in chart_terminal(chart)) <= 80
