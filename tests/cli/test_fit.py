"""`fit` as a user types it: the table, the record and the picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.test_commands import record, run

SCRIPT = """
routine: Rub <& rest>
length: 20s..1m..1m30s
steps:
  - {name: a, title: "Rest & 'be' <still>", pause: 20s..40s..60s}
  - {name: b, pause: 10s..20s..30s, optional: 3}
"""
TWICE = """
routine: Twice
length: 40s..1m40s..2m
blocks: {pair: [{name: opt, pause: 10s..20s..30s, optional: 3}]}
steps: [{use: pair}, {name: a, pause: 30s..60s..90s}, {use: pair}]
"""
PAGE = """\
Rub <& rest>, tone

declared  0:20 to 1:30, 1:00 unless asked
cap       25:00 for general
possible  0:20 to 1:30 with this voice
            not below 0:20: declared range
            not above 1:30: declared range
natural   1:00 if every step has its natural length

below  step  what
 0:45  B     goes
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "rub.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_the_page_says_what_is_possible_and_what_goes_below_which_length(script: Path) -> None:
    done = run("fit", str(script), "--engine", "tone", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    page, picture = done.stdout[: len(PAGE)], done.stdout[len(PAGE) :].splitlines()
    assert page == PAGE
    # 74 cells for 71 seconds: the bar of `b` begins where a cell's middle is 45 s or more
    assert picture[1] == "a  " + "█" * 74
    assert picture[2] == "b  " + " " * 21 + "0:45 " + "█" * 48
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_the_picture_does_with_ascii_where_there_is_nothing_else(script: Path) -> None:
    done = run("fit", str(script), "--engine", "tone", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "a  " + "#" * 74 in done.stdout.splitlines()


def test_the_record_has_the_range_and_every_threshold(script: Path) -> None:
    made = record("fit", str(script), "--engine", "tone", "--json")
    assert made == {
        "routine": "rub",
        "engine": "tone",
        "voice": "tone",
        "talk": "full",
        "range": {
            "shortest_s": 20,
            "longest_s": 90,
            "shortest_rule": "declared range",
            "longest_rule": "declared range",
            "declared_s": [20.0, 60.0, 90.0],
            "cap_s": 1500.0,
        },
        "steps_s": [20, 90],
        "natural_s": 60.0,
        "every_s": 1,
        "thresholds": [
            {
                "below_s": 45,
                "from_s": 20,
                "step": "b",
                "title": "B",
                "group": "",
                "sides": [],
                "what": "left-out",
                "why": "optional 3: too little time",
                "line": 6,
                "sentence": "below 0:45 B goes",
                "address": "b",
            }
        ],
        "gaps": [],
        "rounds": [],
    }


def test_a_group_and_both_sides_are_one_row() -> None:
    done = run("fit", "inner-arch-line", "--engine", "tone", PYTHONIOENCODING="utf-8")
    row = next(line for line in done.stdout.splitlines() if line.startswith(" 7:47  "))
    assert row == " 7:47  zones (Beside the heel, Where the arch begins, The hi… (both sides)  goes"
    assert sum("(both sides)  " in line for line in done.stdout.splitlines()) == 3


def test_a_block_used_twice_is_two_steps(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text(TWICE, encoding="utf-8")
    made = record("fit", str(path), "--engine", "tone", "--json")
    assert [(item["address"], item["step"], item["sentence"]) for item in made["thresholds"]] == [
        ("pair#2/opt", "opt", "below 1:15 Opt [pair#2/opt] goes"),
        ("pair/opt", "opt", "below 1:00 Opt [pair/opt] goes"),
    ]


def test_the_picture_is_well_formed_and_tells_itself(script: Path, tmp_path: Path) -> None:
    target = tmp_path / "rub.svg"
    done = run("fit", str(script), "--engine", "tone", "--svg", str(target))
    assert done.returncode == 0, done.stderr
    assert str(target) in done.stdout
    root = ElementTree.fromstring(target.read_text(encoding="utf-8"))
    ns = {"s": "http://www.w3.org/2000/svg"}
    assert root.attrib["role"] == "img"
    assert root.findtext("s:title", namespaces=ns) == "Rub <& rest>"
    assert root.findtext("s:desc", namespaces=ns) == "Possible from 0:20 to 1:30. below 0:45 B goes."
    lanes = root.findall("s:g", ns)
    assert [lane.findtext("s:title", namespaces=ns) for lane in lanes] == [
        "Rest & 'be' <still> is there at every length",
        "below 0:45 B goes",
    ]
    assert [[rect.attrib["x"] for rect in lane.findall("s:rect", ns)] for lane in lanes] == [["340"], ["547.1"]]
    assert "@media (prefers-color-scheme: dark)" in (root.findtext("s:style", namespaces=ns) or "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no-such"], 2, "no-such"),
        (
            ["quick-reset", "--svg", "picture.gif"],
            2,
            "cannot tell the format of picture.gif\n  end the name in one of: .svg",
        ),
        (["quick-reset", "--set", "mood=good"], 2, "asks nothing about 'mood'"),
        (["quick-reset", "--voice", "nobody"], 2, "nobody"),
    ],
)
def test_wrong_use_is_one_message(arguments: list[str], code: int, message: str) -> None:
    done = run("fit", *arguments, "--engine", "tone")
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_routine_that_can_have_no_length_says_why(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text("routine: S\nlength: 1m..2m..3m\nsteps: [{pause: 5s..10s..20s}]\n", encoding="utf-8")
    done = run("fit", str(path), "--engine", "tone")
    assert done.returncode == 2
    assert "short has no possible length with tone: 2:00 is not possible: longest 0:20" in done.stderr
