"""The commands as a user types them, and the records that other programs rely on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

from voiceguide.address import Address

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voiceguide", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **environment})


def record(*arguments: str) -> Any:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_list_gives_the_promised_record() -> None:
    found = record("list", "--json")
    assert [list(item) for item in found] == [
        ["id", "title", "language", "family", "shortest_s", "default_s", "longest_s", "path"]
    ] * len(found)
    lengths = {item["id"]: (item["shortest_s"], item["default_s"], item["longest_s"]) for item in found}
    assert lengths == {
        "even-breath": (90, 240, 600),
        "inner-arch-line": (300, 660, 900),
        "quick-reset": (180, 300, 480),
        "whole-foot": (480, 1080, 1500),
    }
    assert all(Path(item["path"]).is_file() for item in found)


def test_plan_gives_the_promised_record() -> None:
    made = record("plan", "whole-foot", "--length", "12:00", "--engine", "tone", "--seed", "7", "--json")
    assert list(made) == [
        "routine", "rate", "frames", "engine", "voice", "seed", "cues", "marks", "steps", "left_out", "range",
        "remarks", "note", "day", "days",
    ]  # fmt: skip
    assert (made["routine"], made["rate"], made["frames"]) == ("whole-foot", 48_000, 34_560_000)
    assert (made["engine"], made["voice"], made["seed"]) == ("tone", "tone", 7)
    assert {tuple(cue) for cue in made["cues"]} == {
        ("track", "start", "frames", "step", "side", "text", "line", "address", "phrase")
    }
    assert {cue["track"] for cue in made["cues"]} == {"voice", "breath", "chime", "bed"}
    assert {tuple(step) for step in made["steps"]} == {
        ("step", "side", "start", "frames", "speech_frames", "address", "title", "to", "wait", "note")
    }
    assert sum(step["frames"] for step in made["steps"]) == made["frames"]
    assert {tuple(item) for item in made["left_out"]} == {("step", "side", "why", "address", "title")}
    assert {tuple(mark) for mark in made["marks"]} == {("title", "start")}
    assert {(item["step"], item["side"]) for item in made["left_out"]} == {
        (step, side) for step in ("toes", "arch", "knuck") for side in ("left", "right")
    }
    assert made["range"] == {"shortest_s": 480.0, "longest_s": 1500.0}
    script = (Path(__file__).parents[2] / "scripts" / "whole-foot.yaml").read_text(encoding="utf-8").splitlines()
    warm = next(cue for cue in made["cues"] if cue["track"] == "voice" and cue["step"] == "warm")
    assert script[warm["line"] - 1].strip().startswith("say:")
    assert (warm["step"], warm["address"], warm["phrase"]) == (
        "warm",
        "left-foot-then-right-foot/warm:left",
        "full",
    )
    for each in (*made["cues"], *made["steps"], *made["left_out"]):
        address = Address.parse(each["address"]) if each["address"] else None
        assert (address.name if address else "", address and address.side) == (each["step"], each["side"])
    assert [cue["address"] for cue in made["cues"] if cue["track"] == "bed"] == [None]
    assert all(each["title"] for each in (*made["steps"], *made["left_out"]))


@pytest.mark.parametrize("length", ["12:00", "12m", "12m00s", "0:12:00", "720s"])
def test_a_length_can_be_written_in_every_way_the_language_knows(length: str) -> None:
    assert record("plan", "whole-foot", "--length", length, "--engine", "tone", "--json")["frames"] == 34_560_000


@pytest.mark.parametrize(("length", "guess"), [("12", "12m"), ("12 min", "12m"), ("long", "12m")])
def test_a_length_without_its_unit_is_refused_with_a_guess(length: str, guess: str) -> None:
    done = run("plan", "whole-foot", "--length", length, "--engine", "tone")
    assert done.returncode == 2
    assert f"try {guess}" in done.stderr


def test_plan_for_people_tells_what_when_side_speech_and_why() -> None:
    out = run("plan", "whole-foot", "--length", "8m30s", "--engine", "tone").stdout
    assert "Whole-Foot Self-Massage, 8:30.0, tone\n" in out
    assert "possible: 8:00 to 25:00" in out
    assert "left out: Rub each toe (left, right): optional 4: too little time\n" in out


def test_a_wish_about_the_listener_is_checked(tmp_path: Path) -> None:
    script = tmp_path / "s.yaml"
    script.write_text(
        "routine: S\nlength: 30s..1m..2m\nlistener: {affected: {one of: [left, right], default: left}}\n"
        "steps: [{do: a, say: The {affected} one., for: 30s..1m..2m}]\n".replace(
            "The {affected} one.", '"The {affected} one."'
        )
    )
    made = record("plan", str(script), "--engine", "tone", "--set", "affected=right", "--json")
    assert [cue["text"] for cue in made["cues"]] == ["The right one."]
    for wish, hint in (("affected=both", "it is one of: left, right"), ("sore=left", "what it asks: affected")):
        done = run("plan", str(script), "--engine", "tone", "--set", wish)
        assert (done.returncode, hint in done.stderr) == (2, True)
    assert run("plan", str(script), "--engine", "tone", "--set", "affected").returncode == 2


def test_check_tells_all_problems_at_once(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text("routine: B\nlenght: 1m\nsteps:\n  - {do: a, for: 30}\n")
    good.write_text("routine: G\nlength: 8s\nsteps: [chime: begin, {say: Rest., for: 2s}]\n")
    done = run("check", str(good), str(bad))
    assert done.returncode == 1
    assert f"{bad}:2:1: error[unknown-key]: expected a key of a routine, found `lenght`" in done.stderr
    assert f"{bad}:4:18: error[missing-unit]" in done.stderr
    assert "2 errors" in done.stderr
    found = json.loads(run("check", str(bad), "--json").stdout)
    old = ["path", "line", "column", "severity", "code", "message", "hint"]  # other programs rely on these
    assert [list(item) for item in found] == [[*old, "expected", "found", "fixes"]] * 2
    assert (found[0]["line"], found[0]["code"], found[0]["hint"]) == (2, "unknown-key", "did you mean `length`?")
    assert (run("check", str(good)).returncode, run("check", str(good), "--json").stdout) == (0, "[]\n")


@pytest.mark.parametrize(
    "arguments", [["check"], ["plan"], ["export", "whole-foot"], ["nothing"], ["plan", "whole-foot", "--talk", "loud"]]
)
def test_wrong_use_is_two(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "whole-fot"], "there is no routine 'whole-fot'\n  did you mean whole-foot?"),
        (["plan", "folder/none.yaml"], "there is no file folder/none.yaml"),
        (["plan", "whole-foot", "--engine", "siri"], "there is no engine 'siri'"),
        (["plan", "whole-foot", "--engine", "tone", "--voice", "x"], "tone has no voice 'x'\n  it has: tone"),
        (
            ["plan", "whole-foot", "--engine", "tone", "--bed", "sea"],
            "there is no bed 'sea'\n  there are: drone, fire, night, rain, stream, waves",
        ),
        (["plan", "whole-foot", "--engine", "tone", "--bed", "end"], "there is no bed 'end'"),
        (["export", "whole-foot", "--engine", "tone", "--rate", "1", "-o", "x.wav"], "1 Hz is not a sample rate"),
    ],
)
def test_what_is_not_there_is_told_with_a_hint(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"voiceguide: {message}")


@pytest.mark.parametrize("command", ["check", "format", "show", "plan", "fit", "transcript", "play", "watch"])
def test_every_command_says_alike_that_there_is_no_such_file(command: str, tmp_path: Path) -> None:
    for name, message in ((tmp_path / "none.yaml", f"there is no file {tmp_path}/none.yaml"), (".", ". is a folder")):
        done = run(command, str(name))
        assert (done.returncode, done.stdout, done.stderr.split("\n")[0]) == (2, "", f"voiceguide: {message}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["schema", "-o", "no/x.json"],
        ["fit", "quick-reset", "--svg", "no/x.svg"],
        ["plan", "quick-reset", "--svg", "no/x.svg"],
        ["transcript", "quick-reset", "-o", "no/x.txt"],
        ["export", "quick-reset", "-o", "no/x.wav"],
        ["say", "quick-reset", "hello", "-o", "no/x.wav"],
        ["voices", "tone", "--say", "Hello.", "-o", "no/x.wav"],
        ["new", "no/x.yaml", "--yes"],
    ],
)
def test_no_command_makes_a_folder_for_what_it_writes(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments, PYTHONPATH=str(ROOT))
    message = "voiceguide: there is no folder no\n  make it first, or choose another place\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert list(tmp_path.iterdir()) == []


def test_schema_says_where_it_was_written_as_other_commands_do(tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    done = run("schema", "-o", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{target}\n", "")
    assert json.loads(target.read_text(encoding="utf-8")) == record("schema")


def test_explain_knows_every_code_key_and_live_value() -> None:
    assert run("explain", "{other}").stdout == "{other} in a text: The other side: in a section with `each:`.\n"
    assert run("explain", "count").stdout.startswith("count, in a step: Strokes that are counted")
    assert "error[count]" in run("explain", "count").stdout
    assert (
        "\nthere are: begin, bowl-high, bowl-low, bowl-middle, change, end, wood-high, wood-low, wood-middle; files in"
        in run("explain", "chime").stdout
    )
    assert "docs" not in run("explain", "range").stdout
    assert run("explain", "range").stdout.startswith("error[range]\n\nA range is `shortest..natural..longest`")
    assert run("explain", "pressure").stdout.startswith("pressure, in a step: From 0 to 6 on a scale of 10; or")


@pytest.mark.parametrize(
    ("word", "hint"),
    [("presure", "\n  did you mean `pressure`?"), ("fro", "\n  did you mean `for`?"), ("nonsense", "")],
)
def test_explain_takes_a_word_for_another_only_if_they_are_alike(word: str, hint: str) -> None:
    done = run("explain", word)
    assert (done.returncode, done.stderr) == (
        2,
        f"voiceguide: there is no code and no word of the language '{word}'{hint}\n",
    )


def test_show_prints_purpose_needs_and_words() -> None:
    out = run("show", "quick-reset").stdout
    assert out.startswith("Quick Reset\n===========\n")
    for word in ("5:00 (from 3:00 to 8:00)", "relaxing", "towel", "Fingertip circles", "optional 2"):
        assert word in out


def test_show_prints_breaths(tmp_path: Path) -> None:
    script = tmp_path / "s.yaml"
    script.write_text(
        "routine: S\nlength: 1m..2m..3m\nsteps:\n"
        "  - {name: a, breathe: {pattern: 4-0-4-0, to: 4-0-6-0, over: 3, rounds: 2..3..5}}\n"
        "  - {name: b, breathe: box, for: 30s, optional: 2}\n  - {name: c, breathe: {pattern: even, rounds: 4}}\n"
    )
    assert run("show", str(script)).stdout.splitlines()[-3:] == [
        "A: 2 .. 3 .. 5 breaths of 4-0-4-0 to 4-0-6-0",
        "B: 30s, breathing 4-4-4-4, optional 2",
        "C: 4 breaths of 5-0-5-0",
    ]


def test_show_prints_what_depends_and_what_is_given_to_a_block(tmp_path: Path) -> None:
    script = tmp_path / "s.yaml"
    script.write_text(
        "routine: S\npurpose: P\nlength: 1m..2m..3m\nlistener: {pregnant: {one of: [yes, no], default: no}}\n"
        "posture: {pregnant: On your side., else: On a chair.}\n"
        "blocks:\n  rub:\n    with: {place: needed, time: 10s..20s..60s}\n"
        '    steps: [{do: rub, say: "Rub the {place}.", for: "{time}"}]\n'
        "steps:\n  - {use: rub, with: {place: outer heel}}\n  - {use: rub, with: {time: 30s, place: arch}}\n"
        "  - {name: rest, say: Rest., for: {pregnant: 30s..60s..90s, else: 50s}}\n"
    )
    assert run("show", str(script)).stdout.splitlines()[5:] == [
        "length     2:00 (from 1:00 to 3:00)",
        "family     general",
        "posture    pregnant: On your side.",
        "           else: On a chair.",
        "asks       pregnant (yes/no)",
        "",
        "the steps of rub, with place: outer heel, time: 10s..20s..60s",
        "the steps of rub, with place: arch, time: 30s",
        "Rest: 30s .. 1m .. 1m30s or 50s",
        "    Rest.",
    ]


def test_voices_lists_every_engine_with_its_state_or_what_to_do() -> None:
    found = {item["engine"]: item for item in record("voices", "--json")}
    assert set(found) >= {"tone", "espeak", "system", "piper", "kokoro"}
    assert (found["tone"]["state"], found["espeak"]["state"]) == ("ready", "ready")
    assert all(item["state"] == "ready" or item["hint"] for item in found.values())


def test_voices_say_writes_exactly_what_is_said(tmp_path: Path) -> None:
    target = tmp_path / "hello.wav"
    done = run("voices", "tone", "--say", "one two three four", "-o", str(target))
    assert done.returncode == 0, done.stderr
    with wave.open(str(target)) as file:
        assert file.getnframes() == 96_000


def test_cache_shows_and_clears(tmp_path: Path) -> None:
    place = {"VOICEGUIDE_CACHE": str(tmp_path)}
    assert run("plan", "quick-reset", "--engine", "espeak", **place).returncode == 0
    before = json.loads(run("cache", "--json", **place).stdout)
    assert (before["path"], before["clips"] > 10, before["bytes"] > 1_000_000) == (str(tmp_path), True, True)
    after = json.loads(run("cache", "--clear", "--json", **place).stdout)
    assert (after["clips"], after["bytes"], after["removed"]) == (0, 0, before["clips"])


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = run("plan", "quick-reset", "--engine", "tone", VOICEGUIDE_CACHE=str(blocked))
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert "VOICEGUIDE_CACHE" in done.stderr


def test_doctor_opens_the_sound_device_to_see_whether_there_is_one() -> None:
    none = {"PULSE_SERVER": "none", "PULSE_RUNTIME_PATH": "/nowhere", "XDG_RUNTIME_DIR": "/nowhere"}
    done = run("doctor", **none)
    assert done.returncode == 0
    assert re.search(r"^output miniaudio +missing +there is no sound device to play on \(", done.stdout, re.M)


def test_doctor_finds_a_fresh_checkout_well() -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout
    assert "engine espeak" in done.stdout


def test_your_own_routine_and_sound_hide_bundled_ones(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "whole-foot.yaml").write_text("routine: Mine\nlength: 1m\nsteps: [{pause: 1m}]\n")
    (tmp_path / "scripts" / "other.yaml").write_text("routine: Other\nid: by-id\nlength: 1m\nsteps: [{pause: 1m}]\n")
    made = json.loads(run("list", "--json", VOICEGUIDE_HOME=str(tmp_path)).stdout)
    titles = {item["id"]: item["title"] for item in made}
    assert (titles["whole-foot"], titles["by-id"], titles["quick-reset"]) == ("Mine", "Other", "Quick Reset")
    assert run("plan", "by-id", "--engine", "tone", VOICEGUIDE_HOME=str(tmp_path)).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        "play",
        "export",
        "list",
        "show",
        "plan",
        "check",
        "explain",
        "voices",
        "cache",
        "doctor",
        "say",
        "transcript",
        "watch",
        "new",
        "fit",
        "format",
        "schema",
    ],
)
def test_every_command_has_help(command: str) -> None:
    done = run(command, "--help")
    assert (done.returncode, done.stdout.startswith("Usage: ")) == (0, True)
    assert "\\" not in done.stdout


def test_help_says_what_is_required_and_what_is_usual() -> None:
    words = run("plan", "--help").stdout.split()
    assert "the path of a script. [required]" in " ".join(words)
    assert "[default: auto]" in " ".join(words)
