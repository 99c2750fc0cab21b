"""What the page plays is what is exported: any stretch of it, in any order. Its texts are those of the timeline."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.web.stage import session
from voiceguide import Session
from voiceguide.export import export_session
from voiceguide.speech.cache import ClipCache
from voiceguide.web.sound import NothingThereError, Wave, read_range, write_opus
from voiceguide.web.tracks import captions_vtt, chapters_vtt


@pytest.fixture
def short(tmp_path: Path, cache: ClipCache) -> Session:
    return session(tmp_path, cache, length_s=40)


def test_any_stretch_of_bytes_is_that_of_the_exported_file(short: Session, tmp_path: Path) -> None:
    whole = export_session(short, tmp_path / "whole.wav").read_bytes()
    wave = Wave(short)
    assert wave.size == len(whole)
    assert wave.read(0, wave.size) == whole
    chance = random.Random(9)
    for _ in range(200):
        start = chance.choice([0, 1, 43, 44, 45, 46, 47, chance.randrange(wave.size)])
        stop = min(wave.size, start + chance.choice([1, 2, 3, 5, 44, 4_097, 100_000]))
        assert wave.read(start, stop) == whole[start:stop], (start, stop)


def test_opus_is_the_same_session(short: Session) -> None:
    with tempfile.TemporaryFile() as file:
        stored = write_opus(short, file)
        assert stored.read(0, 4) == b"OggS"
        assert stored.size < Wave(short).size / 5
        file.seek(0)
        decoded, rate = soundfile.read(file, dtype="float32")
    assert (len(decoded), rate) == (short.timeline.frames, 48_000)
    exact = np.concatenate(list(short.blocks()))
    assert np.sqrt(np.mean((decoded - exact) ** 2)) < np.sqrt(np.mean(exact**2)) / 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=-5", (95, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=20-10", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("bytes=0-99999999999999999999", None),
    ],
)
def test_a_range_is_read_as_the_standard_has_it(asked: str | None, found: tuple[int, int] | None) -> None:
    assert read_range(asked, 100) == found


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(asked: str) -> None:
    with pytest.raises(NothingThereError):
        read_range(asked, 100)


def test_captions_and_chapters_are_those_of_the_timeline(tmp_path: Path, cache: ClipCache) -> None:
    script = """
routine: Two
length: 4s..10s..1m
steps:
  - {name: one, say: Press & hold <here>., for: 2s..4s..30s}
  - section: The end
    steps:
      - {name: two, say: Well done., for: 2s..6s..30s}
"""
    timeline = session(tmp_path, cache, script, 10).timeline
    first, second = (cue.start // 48 for cue in timeline.cues if cue.text)
    assert captions_vtt(timeline) == (
        f"WEBVTT\n\n{_clock(first)} --> {_clock(first + 1500)}\nPress &amp; hold &lt;here&gt;.\n\n"
        f"{_clock(second)} --> {_clock(second + 1000)}\nWell done.\n"
    )
    starts = [chapter.start // 48 for chapter in timeline.chapters]
    ends = [*starts[1:], 10_000]
    cues = [
        f"{_clock(start)} --> {_clock(end)}\n{chapter.title}\n"
        for start, end, chapter in zip(starts, ends, timeline.chapters, strict=True)
    ]
    assert chapters_vtt(timeline) == "\n".join(["WEBVTT\n", *cues])
    assert timeline.chapters[-1].title == "The end"


def _clock(ms: int) -> str:
    return f"00:00:{ms // 1000:02}.{ms % 1000:03}"
