"""The transcript: everything that is heard, in order, with times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import record, run
from voiceguide import Session, SessionRequest, VoiceOptions, compile_session, open_routine
from voiceguide.author.describe import describe
from voiceguide.cli.plan import steps_table
from voiceguide.cli.plan import to_record as plan_record
from voiceguide.cli.plan import to_text as plan_text
from voiceguide.clips import Utterance
from voiceguide.diagnostics import UsageError
from voiceguide.export.transcript import to_record, to_text, transcript

TINY = """
routine: A tiny one
length: 1m..1m30s..3m
bed: {sound: rain}
pronounce: {plantar: plan-tar}
announce:
  - {half: "Half-way."}
steps:
  - {chime: begin, title: Opening, for: 8s}
  - {name: settle, say: "Shoulders down. [2s] Breathe evenly.", breathe: 5-0-5-0, for: 30s}
  - section: Both feet
    each: foot
    steps:
      - {do: knead, title: Knead, say: "Plantar side, {side} foot, the plantar side.", at: [{-5s: Lighter.}], for: 15s}
  - {pause: 4s..8.5s..20s, title: Nothing}
  - {chime: end, strikes: 3, every: 1s, title: Closing, for: 13.5s}
"""
TINY_TEXT = """\
A tiny one
1:30, spoken by tone; all the time, quietly: rain

Opening
0:00         [chime: begin]

Settle
0:08         Shoulders down. [2s] Breathe evenly.
0:12         [breathing 5-0-5-0, 2 rounds]

Knead
0:38  left   Plantar side, left foot, the plantar side.
0:45  left   Half-way.
0:48  left   Lighter.

Knead
0:53  right  Plantar side, right foot, the plantar side.
1:03  right  Lighter.

Nothing
1:08         [silence 8.5s]

Closing
1:16         [chime: end, 3 strikes]"""


def session(folder: Path, script: str, **request: object) -> Session:
    path = folder / "tiny.yaml"
    path.write_text(script, encoding="utf-8")
    return compile_session(open_routine(str(path)), SessionRequest(**request), VoiceOptions("tone"))  # type: ignore[arg-type]


def test_a_tiny_script_is_written_down_exactly(tmp_path: Path) -> None:
    assert to_text(session(tmp_path, TINY)) == TINY_TEXT


def test_the_record_has_the_same_lines_in_frames(tmp_path: Path) -> None:
    made = to_record(session(tmp_path, TINY))
    assert {key: made[key] for key in made if key != "lines"} == {
        "routine": "tiny",
        "title": "A tiny one",
        "language": "en",
        "rate": 48_000,
        "frames": 90 * 48_000,
        "engine": "tone",
        "voice": "tone",
        "bed": "rain",
        "note": "",
        "day": 1,
        "days": 1,
    }
    assert made["lines"][1] == {
        "start": 8 * 48_000,
        "frames": 4 * 48_000,
        "kind": "words",
        "step": "settle",
        "title": "Settle",
        "side": None,
        "text": "Shoulders down. [2s] Breathe evenly.",
        "address": "settle",
        "to": "self",
    }
    assert [line["kind"] for line in made["lines"]] == [
        "chime", "words", "breathing", "words", "words", "words", "words", "words", "silence", "chime",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("breathe", "expected"),
    [
        ("{pattern: box, cue: tone}", ["[breathing 4-4-4-4, 2 rounds]"]),
        ("{pattern: 4-7-8, cue: tone}", ["[breathing 4-7-8-0, 2 rounds]"]),
        ("{pattern: sigh, cue: tone}", ["[breathing 3+1.5-0-7.5-0, 3 rounds]"]),
        ("{pattern: 5.5-0-5.5-0, cue: tone}", ["[breathing 5.5-0-5.5-0, 3 rounds]"]),
        ("{pattern: 4-0-6-2, cue: words}", ["[breathing 4-0-6-2, 3 rounds: Breathe in. Breathe out. Hold.]"]),
        ("{pattern: sigh, cue: words}", ["[breathing 3+1.5-0-7.5-0, 3 rounds: Breathe in. Breathe out.]"]),
        ("{pattern: 3-0-4-0, cue: count}", ["[breathing 3-0-4-0, 5 rounds: one. two. three. four.]"]),
        ("{pattern: 1-0-1-0, cue: count}", ["[breathing 1-0-1-0, 19 rounds: one.]"]),
        ("{pattern: even, cue: none}", ["[breathing 5-0-5-0, 3 rounds, in silence]"]),
        (
            "{pattern: 2-0-1-0, cue: [words 3, tone 4, none], rounds: 10}",
            [
                "[breathing 2-0-1-0, rounds 1 to 3 of 10: Breathe in. Breathe out.]",
                "[breathing 2-0-1-0, rounds 4 to 7 of 10, tones]",
                "[breathing 2-0-1-0, rounds 8 to 10 of 10, in silence]",
            ],
        ),
        (
            "{pattern: 2-0-1-0, to: 2-0-4-0, over: 4, cue: [tone 2, words 1, none], rounds: 5}",
            [
                "[breathing 2-0-1-0 to 2-0-2-0, rounds 1 to 2 of 5, tones]",
                "[breathing 2-0-3-0, round 3 of 5: Breathe in. Breathe out.]",
                "[breathing 2-0-4-0, rounds 4 to 5 of 5, in silence]",
            ],
        ),
    ],
)
def test_breathing_is_told_by_its_pattern_and_whole_rounds(tmp_path: Path, breathe: str, expected: list[str]) -> None:
    made = session(tmp_path, f"routine: B\nlength: 40s\nsteps: [{{say: Now., breathe: {breathe}, for: 40s}}]\n")
    assert [line.text for line in transcript(made)] == ["Now.", *expected]


TWO = """
routine: Two
length: 1m
days: 10
note: Have a towel.
steps:
  - {name: lie, to: receiver, note: Check the pillow., wait: yes, say: Lie down., for: 15s}
  - {name: rest, wait: yes, for: 45s, say: "Day {day}."}
"""


def test_notes_waits_addressees_and_the_day_are_told(tmp_path: Path) -> None:
    made = session(tmp_path, TWO, facts={"day": "3"})
    assert to_text(made).split("\n") == [
        "Two",
        "1:00, spoken by tone; day 3 of 10",
        "Have a towel.",
        "",
        "Lie (to receiver)",
        "0:00  (note: Check the pillow.)",
        "0:00  Lie down.",
        "0:15  [waits for you]",
        "",
        "Rest",
        "0:15  Day three.",
        "1:00  [waits for you]",
    ]
    record = to_record(made)
    assert (record["note"], record["day"], record["days"]) == ("Have a towel.", 3, 10)
    assert [(line["kind"], line["to"], line["frames"]) for line in record["lines"]][:3] == [
        ("note", "receiver", 0),
        ("words", "receiver", 48_000),
        ("wait", "receiver", 0),
    ]


def test_plan_and_show_tell_them_too(tmp_path: Path) -> None:
    made = session(tmp_path, TWO, facts={"day": "3"})
    told = plan_text(made, steps_table(made))
    assert told.startswith("Two, 1:00.0, tone; day 3 of 10\n")
    assert "Lie (to receiver, waits for you)" in told
    assert told.endswith("\n\nnote: Have a towel.\nLie: note: Check the pillow.")
    steps = [{key: step[key] for key in ("to", "wait", "note")} for step in plan_record(made)["steps"]]
    assert steps[0] == {"to": "receiver", "wait": True, "note": "Check the pillow."}
    shown = describe(made.plan.routine)
    assert "days       10" in shown
    assert "Lie: 15s, to receiver, waits for you\n    (Check the pillow.)\n    Lie down." in shown


def test_a_course_has_no_day_after_its_last(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="day cannot be '11'"):
        session(tmp_path, TWO, facts={"day": "11"})


def test_words_in_the_middle_of_breathing_part_it(tmp_path: Path) -> None:
    step = "{say: Now., breathe: even, at: [{half: Deeper.}], for: 61s}"
    made = session(tmp_path, f"routine: B\nlength: 61s\nsteps: [{step}]\n")
    assert [line.text for line in transcript(made)] == [
        "Now.",
        "[breathing 5-0-5-0, rounds 1 to 3 of 6]",
        "Deeper.",
        "[breathing 5-0-5-0, rounds 4 to 6 of 6]",
    ]


def test_rounds_of_the_same_step_each_have_their_lines(tmp_path: Path) -> None:
    made = session(
        tmp_path, "routine: R\nlength: 20s\nsteps: [{repeat: 2, steps: [{say: 'Round {round}.', for: 10s}]}]\n"
    )
    assert [(line.start, line.text) for line in transcript(made)] == [(0, "Round one."), (480_000, "Round two.")]


RESPELT = """
routine: S
length: 1m
pronounce: {plantar: plan-tar, Achilles: a.kill.eez, sole: soul}
steps:
  - {name: a, say: "Plantar. The plantar side: Achilles! Plan-tars.", for: 30s}
  - {name: b, say: "The sole and the soul.", at: [{half: "Soul, then sole."}], for: 30s}
"""


def test_respelt_words_are_shown_as_they_are_written(tmp_path: Path) -> None:
    made = session(tmp_path, RESPELT)
    written = ["Plantar. The plantar side: Achilles! Plan-tars.", "The sole and the soul.", "Soul, then sole."]
    assert [line.text for line in transcript(made)] == written
    assert [line["text"] for line in to_record(made)["lines"]] == written
    assert [cue["text"] for cue in plan_record(made)["cues"]] == written
    assert [cue.clip.text for cue in made.timeline.cues if isinstance(cue.clip, Utterance)] == [
        "plan-tar. The plan-tar side: a.kill.eez! Plan-tars.",
        "The soul and the soul.",
        "Soul, then soul.",
    ]


TWICE = """
routine: Twice
length: 30s..2m..3m
blocks:
  rub: [{do: rub, title: Rub each toe, say: Rub., for: 10s..20s..30s, optional: 4}]
steps:
  - {use: rub}
  - {name: core, say: Core., for: 10s..30s..60s}
  - section: Feet
    each: foot
    steps: [{use: rub}, {use: rub}]
"""


def test_a_block_used_twice_is_told_apart(tmp_path: Path) -> None:
    made = session(tmp_path, TWICE)
    heard = [
        "rub/rub",
        "core",
        "feet/rub/rub:left",
        "feet/rub#2/rub:left",
        "feet/rub/rub:right",
        "feet/rub#2/rub:right",
    ]
    assert [line.address for line in transcript(made)] == heard
    assert [line["address"] for line in to_record(made)["lines"]] == heard
    for what in ("steps", "cues"):
        assert [each["address"] for each in plan_record(made)[what]] == heard
    short = session(tmp_path, TWICE, length_ms=40_000)
    assert [line.address for line in transcript(short)] == ["rub/rub", "core"]
    gone = ["feet/rub/rub:left", "feet/rub#2/rub:left", "feet/rub/rub:right", "feet/rub#2/rub:right"]
    assert [each["address"] for each in plan_record(short)["left_out"]] == gone
    assert [str(out.address) for out in short.plan.left_out] == gone
    told = plan_text(short, "").splitlines()
    assert [line for line in told if line.startswith("left out")] == [
        "left out: Rub each toe [feet/rub/rub] (left, right): optional 4: too little time",
        "left out: Rub each toe [feet/rub#2/rub] (left, right): optional 4: too little time",
    ]


def test_whole_foot_has_all_its_words_in_order() -> None:
    made = compile_session(open_routine("whole-foot"), options=VoiceOptions("tone"))
    spoken = [cue.text for cue in made.timeline.cues if cue.track == "voice"]
    assert len(spoken) == 29
    assert [line.text for line in transcript(made) if line.kind == "words"] == spoken
    text, place = to_text(made), 0
    for words in spoken:
        place = text.index(words, place) + len(words)
    for other in (
        "[chime: begin]",
        "[chime: change, 2 strikes]",
        "[chime: end, 3 strikes]",
        "[breathing 5-0-5-0, 3 rounds]",
    ):
        assert other in text


def test_the_command_writes_a_whole_file_of_its_kind(tmp_path: Path) -> None:
    script, target = tmp_path / "tiny.yaml", tmp_path / "tiny.txt"
    script.write_text(TINY, encoding="utf-8")
    done = run("transcript", str(script), "--engine", "tone", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, f"{target}\n")
    assert (
        target.read_text(encoding="utf-8")
        == run("transcript", str(script), "--engine", "tone").stdout
        == TINY_TEXT + "\n"
    )
    target = tmp_path / "tiny.json"
    assert run("transcript", str(script), "-e", "tone", "--json", "-o", str(target)).returncode == 0
    assert json.loads(target.read_text()) == record("transcript", str(script), "--engine", "tone", "--json")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "tiny.yaml"], "cannot tell the format of tiny.yaml\n  end the name in one of: .txt\n"),
        (["--json", "-o", "tiny.txt"], "cannot tell the format of tiny.txt\n  end the name in one of: .json\n"),
        (["-o", "none/tiny.txt"], "there is no folder none\n"),
    ],
)
def test_another_file_is_refused(arguments: list[str], message: str) -> None:
    done = run("transcript", "whole-foot", "--engine", "tone", *arguments)
    assert (done.returncode, done.stderr.startswith(f"voiceguide: {message}")) == (2, True)
