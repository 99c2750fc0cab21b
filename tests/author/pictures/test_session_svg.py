"""The SVG file: well-formed, complete, and without labels over one another."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Tree

import pytest

from tests.author.pictures.scenes import TINY, drawn, tiny
from tests.author.pictures.svg_words import NS, boxes_of_words, crossing, outside, uncoloured
from tests.make import planned
from voiceguide.author.pictures.scene import Scene, scene
from voiceguide.author.pictures.svg import layout, session_svg, width
from voiceguide.clips import BreathTone
from voiceguide.library.scripts import find_script
from voiceguide.loading import open_routine

LIBRARY = [("whole-foot", 720), ("whole-foot", 1500), ("even-breath", 600), ("quick-reset", 300)]


def parsed(picture: Scene) -> Tree.Element:
    return Tree.fromstring(session_svg(picture))


def bundled(name: str, length_s: int) -> Scene:
    return scene(planned(open_routine(name), length_s).timeline, name)


def tips(root: Tree.Element) -> list[str]:
    return [title.text or "" for group in root.iter(f"{NS}g") for title in group.findall(f"{NS}title")]


def test_the_file_tells_what_it_is() -> None:
    root = parsed(tiny())
    assert (root.tag, root.get("role"), root.get("aria-labelledby")) == (f"{NS}svg", "img", "title desc")
    assert root.findtext(f"{NS}title") == "Tiny"
    assert root.findtext(f"{NS}desc") == "0:40, 10 % speech, 50 % quiet, 25 % breath tones"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def test_what_a_script_says_is_never_markup() -> None:
    title = 'A <b>&amp; "quoted" \x07\ud800 ]]> title'
    script = TINY.replace("say: Go on.", "say: '<Go> &on.'").replace("title: Rub", "title: '<Rub & \"press\">'")
    text = session_svg(scene(planned(script, 40).timeline, title, "a < b"))
    root = Tree.fromstring(text.encode())
    assert root.findtext(f"{NS}title") == 'A <b>&amp; "quoted" ␇\ufffd ]]> title'
    assert {element.tag.removeprefix(NS) for element in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "text", "g", "polygon",
    }  # fmt: skip
    assert next(tip for tip in tips(root) if "Go" in tip).splitlines()[0] == '<Rub & "press"> (left)'


@pytest.mark.parametrize(("name", "length_s"), LIBRARY)
def test_every_cue_is_there_once(name: str, length_s: int) -> None:
    timeline = planned(open_routine(name), length_s).timeline
    found = tips(parsed(scene(timeline, name)))
    said = [tip.split("\n", 2)[2] for tip in found if tip.count("\n") == 2]
    assert sorted(said) == sorted(cue.text for cue in timeline.cues if cue.text and cue.track in ("voice", "breath"))
    assert sum(tip.startswith("chime ") for tip in found) == sum(cue.track == "chime" for cue in timeline.cues)
    assert sum(": breathe " in tip for tip in found) == sum(isinstance(cue.clip, BreathTone) for cue in timeline.cues)


def test_a_long_box_goes_on_in_the_next_band_and_says_so() -> None:
    root = parsed(drawn("length: 9m\nsteps: [{pause: 9m, title: Rest}]", 540))
    step = next(group for group in root.iter(f"{NS}g") if "Rest\n" in (group.findtext(f"{NS}title") or ""))
    assert [text.text for text in step.iter(f"{NS}text")] == ["Rest", "… Rest", "… Rest"]


@pytest.mark.parametrize(("name", "length_s"), [*LIBRARY, ("", 40)])
def test_no_words_lie_over_others_or_leave_the_page(name: str, length_s: int) -> None:
    root = parsed(bundled(name, length_s) if name else tiny())
    assert crossing(root) == []
    assert outside(root) == []


def test_a_title_without_end_is_cut() -> None:
    root = parsed(replace(tiny(), title="Foot " * 200))
    assert max(right for _, right, *_ in boxes_of_words(root)) <= float(root.get("width", "0"))


@pytest.mark.parametrize(
    ("length_s", "count", "wide"),
    [(1, 1, 768), (40, 1, 768), (60, 1, 848), (120, 1, 1368), (300, 2, 1368), (1500, 5, 1368)],
)
def test_width_grows_with_length_then_bands_do(length_s: int, count: int, wide: int) -> None:
    made = layout(drawn(f"length: {length_s}s\nsteps: [{{pause: {length_s}s}}]", length_s))
    assert (len(made), round(width(made))) == (count, wide)


def test_words_are_set_in_a_font_that_many_systems_have_and_colours_suit_the_dark() -> None:
    assert "DejaVu Sans" in (parsed(tiny()).findtext(f"{NS}style") or "")
    assert uncoloured(parsed(tiny())) == []


def test_the_library_is_where_these_tests_look_for_it() -> None:
    assert all(find_script(name) for name, _ in LIBRARY)
