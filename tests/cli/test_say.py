"""`say`: one step, exactly as it is in the session."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.test_commands import record, run
from voiceguide import Session, VoiceOptions, compile_session, export_session, open_routine
from voiceguide.audio.clip import Facts
from voiceguide.clips import ClipId
from voiceguide.timeline import Timeline

FRAME = 2 * 3
"""Bytes a frame: two channels of 24 bits."""


def samples(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 3
        return bytes(file.readframes(file.getnframes()))


@pytest.fixture(scope="module")
def session() -> Session:
    return compile_session(open_routine("whole-foot"), options=VoiceOptions("tone"))


@pytest.fixture(scope="module")
def whole(session: Session, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples(export_session(session, tmp_path_factory.mktemp("whole") / "whole.wav", bits=24))


@pytest.mark.parametrize(
    ("step", "side", "title"),
    [
        ("open", "", "Opening chime"),
        ("hello", "", "Welcome and stop rule"),  # the opening chime rings on under it
        ("knead", "", "Knead the heel"),
        ("knead", "left", "Knead the heel"),
        ("close", "left", "Closing strokes"),  # the announcement lies in it
        ("knead", "right", "Knead the heel"),
        ("end", "", "Closing chime"),
    ],
)
def test_what_is_heard_is_what_the_session_has(
    session: Session, whole: bytes, tmp_path: Path, step: str, side: str, title: str
) -> None:
    target = tmp_path / "step.wav"
    sided = ["--side", side] if side else []
    done = run("say", "whole-foot", step, *sided, "--engine", "tone", "--bits", "24", "-o", str(target))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{target}: {title}, ")
    placed = next(p for p in session.timeline.steps if p.step == step and side in ("", p.side))
    assert samples(target) == whole[placed.start * FRAME : placed.end * FRAME]


def test_it_says_where_in_the_session_it_is(tmp_path: Path) -> None:
    target = tmp_path / "step.wav"
    done = run("say", "whole-foot", "knead", "-l", "12:00", "-e", "tone", "-o", str(target))
    made = record("plan", "whole-foot", "-l", "12:00", "-e", "tone", "--json")
    planned = next(step for step in made["steps"] if step["step"] == "knead")
    with wave.open(str(target)) as file:
        assert (file.getnframes(), file.getsampwidth()) == (planned["frames"], 2)
    assert done.stdout == f"{target}: Knead the heel, 0:49.9, from 3:36.9 of 12:00.0\n"


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["kneed"], "whole-foot has no step 'kneed'", "did you mean knead? its steps: open, hello, settle, pos, warm"),
        (["qqq"], "whole-foot has no step 'qqq'", "its steps: open, hello, settle, pos, warm"),
        (["knead", "--side", "lft"], "knead has no side 'lft'", "it has: left, right"),
        (["hello", "--side", "left"], "hello has no side 'left'", "leave --side out: it does not belong to a side"),
        (
            ["toes", "-l", "8m"],
            "toes is not in this session: optional 4: too little time",
            "try another --length, or what --set offers",
        ),
    ],
)
def test_a_step_that_is_not_there_is_told_with_what_there_is(
    tmp_path: Path, arguments: list[str], message: str, hint: str
) -> None:
    done = run("say", "whole-foot", *arguments, "--engine", "tone", "-o", str(tmp_path / "x.wav"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"voiceguide: {message}\n  {hint}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["say", "quick-reset", "hello", "-e", "tone"], ["voices", "tone", "--say", "Hi"]]
)
def test_without_a_sound_device_the_same_words_can_be_written(arguments: list[str], tmp_path: Path) -> None:
    cards = tmp_path / "no-cards.conf"
    cards.write_text("")
    none = {"PULSE_SERVER": "none", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    none |= {"ALSA_CONFIG_PATH": str(cards), "JACK_NO_START_SERVER": "1", "AUDIODEVICE": "none"}
    done = run(*arguments, **none)
    same = {"say": "say ROUTINE STEP", "voices": "voices ENGINE --say TEXT"}[arguments[0]]
    assert done.returncode == 3
    assert done.stderr.endswith(f"\n  make a file and play it elsewhere: voiceguide {same} -o FILE.wav\n")


def test_a_part_is_as_loud_as_it_is_in_the_whole_however_often_it_is_cut(session: Session) -> None:
    whole = session.timeline
    placed = next(p for p in whole.steps if p.step == "knead")
    part = session.part(placed.start - 48_000, placed.end + 48_000).part(48_000, 48_000 + placed.frames)
    assert part.timeline == session.part(placed.start, placed.end).timeline


def test_the_loudness_of_parts_makes_up_that_of_the_whole(session: Session) -> None:
    import numpy as np

    from voiceguide.audio.metering import session_cells

    def facts(timeline: Timeline) -> Mapping[ClipId, Facts]:
        return session.store.facts(cue.clip for cue in timeline.cues)

    whole = session.timeline
    cut = 2400 * 5000  # at a cell, in the middle of much
    parts = [session.part(0, cut), session.part(cut, whole.frames)]
    cells = [session_cells(part.timeline, facts(part.timeline)) for part in parts]
    expected = session_cells(whole, facts(whole))
    np.testing.assert_allclose(np.concatenate(cells), expected, rtol=1e-5)
