"""Exported files: exact, reproducible, whole or not there, and as loud as promised."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.need import program
from voiceguide import (
    LengthError,
    SessionRequest,
    VoiceguideError,
    VoiceOptions,
    compile_session,
    export_session,
    open_routine,
)
from voiceguide.export import header
from voiceguide.speech.engine import pick_engine

ROUTINES = ("whole-foot", "quick-reset", "inner-arch-line", "even-breath")


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voiceguide", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload,no-any-return]


def loudness(path: Path) -> tuple[float, float]:
    """Return what ffmpeg's meter reads: integrated loudness in LUFS and true peak in dBTP."""
    command = [program("ffmpeg"), "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true"]
    read = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    summary = read[read.rindex("Summary:") :]
    return float(summary.split("I:")[1].split()[0]), float(summary.split("Peak:")[1].split()[0])


@pytest.mark.parametrize(
    ("length", "seconds"), [("8:00", 480), ("12m", 720), ("13:00", 780), ("18m", 1080), ("25:00", 1500)]
)
def test_a_file_has_exactly_the_frames_that_were_asked_for(tmp_path: Path, length: str, seconds: int) -> None:
    target = tmp_path / "session.wav"
    done = run("export", "whole-foot", "--length", length, "--engine", "tone", "-o", str(target))
    assert done.returncode == 0, done.stderr
    with wave.open(str(target)) as file:
        assert (file.getnframes(), file.getframerate(), file.getnchannels(), file.getsampwidth()) == (
            seconds * 48_000,
            48_000,
            2,
            2,
        )
    probe = [
        program("ffprobe"),
        "-v",
        "error",
        "-of",
        "json",
        "-show_entries",
        "stream=duration_ts,codec_name",
        str(target),
    ]
    stream = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["streams"][0]
    assert stream == {"codec_name": "pcm_s16le", "duration_ts": seconds * 48_000}


@pytest.mark.parametrize("engine", ["espeak", "piper"])
@pytest.mark.parametrize("name", ROUTINES)
def test_every_shipped_routine_is_as_loud_as_promised(tmp_path: Path, name: str, engine: str) -> None:
    _ready(engine)
    session = compile_session(open_routine(name), options=VoiceOptions(engine=engine)).balanced()
    target = export_session(session, tmp_path / "session.wav")
    loud, peak = loudness(target)
    assert loud == pytest.approx(-16.0, abs=0.3)
    assert peak <= -1.5
    assert session.loudness() == pytest.approx(loud, abs=0.11)


@pytest.mark.parametrize(("name", "length_s"), [("even-breath", 90), ("even-breath", 600), ("quick-reset", 180)])
def test_few_or_many_words_do_not_change_how_loud_a_session_is(tmp_path: Path, name: str, length_s: int) -> None:
    # ten minutes with four words in a hundred seconds once measured -25: bed and tones had passed the meter's gate
    session = compile_session(
        open_routine(name), SessionRequest(length_ms=length_s * 1000), VoiceOptions(engine="espeak")
    )
    loud, peak = loudness(export_session(session, tmp_path / "session.wav"))
    assert loud == pytest.approx(-16.0, abs=0.3)
    assert peak <= -1.5


def _ready(engine: str) -> None:
    from tests.need import missing

    try:
        pick_engine(engine)
    except VoiceguideError as error:
        missing(str(error))


def windows(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Return the K-weighted mean square of every 400 ms in hops of 100 ms."""
    from voiceguide.audio.loudness import blocks, cell_energies

    return blocks(cell_energies(samples, rate))


@pytest.mark.parametrize("name", ROUTINES)
def test_the_bed_alone_is_24_db_under_measured_speech_while_words_sound(name: str) -> None:
    session = compile_session(open_routine(name), options=VoiceOptions(engine="espeak")).balanced()
    line, clips = session.timeline, session.clips()
    from voiceguide.audio.mix import mix

    voice = windows(mix(line.only("voice"), clips, 0, line.frames), line.rate)
    bed = windows(mix(line.only("bed"), clips, 0, line.frames), line.rate)
    speaking = voice > np.max(voice) * 1e-3
    speech_db = 10 * np.log10(np.mean(voice[voice > np.mean(voice[speaking]) * 0.1]))
    assert np.max(10 * np.log10(bed[speaking] + 1e-15)) <= speech_db - 24.0
    assert np.max(10 * np.log10(bed + 1e-15)) <= speech_db - 17.5


def test_without_a_bed_every_word_starts_on_the_same_frame() -> None:
    made = open_routine("whole-foot")
    starts = [
        [
            (c.clip, c.start)
            for c in compile_session(made, SessionRequest(bed=bed), VoiceOptions(engine="tone")).timeline.cues
            if c.track == "voice"
        ]
        for bed in (None, "none", "rain")
    ]
    assert starts[0] == starts[1] == starts[2]


@pytest.mark.parametrize("engine", ["tone", "espeak", "piper", "system"])
def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, engine: str) -> None:
    _ready(engine)
    files = [tmp_path / f"{n}.wav" for n in range(2)]
    for number, target in enumerate(files):
        fresh = {
            **os.environ,
            "VOICEGUIDE_CACHE": str(tmp_path / f"cache{number if engine in ('tone', 'espeak') else 0}"),
        }
        assert run("export", "even-breath", "-l", "1m30s", "-e", engine, "-o", str(target), env=fresh).returncode == 0
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("mono", [False, True])
@pytest.mark.parametrize("rate", [22_050, 44_100])
def test_rate_channels_and_bits_can_be_chosen(tmp_path: Path, rate: int, mono: bool, bits: int) -> None:
    target = tmp_path / "session.wav"
    options = ["--rate", str(rate), "--bits", str(bits), *(["--mono"] if mono else [])]
    done = run("export", "even-breath", "-l", "1m30s", "-e", "tone", "-o", str(target), *options)
    assert done.returncode == 0, done.stderr
    probe = [program("ffprobe"), "-v", "error", "-of", "json", "-show_entries"]
    probe += ["stream=duration_ts,codec_name,channels,sample_rate", str(target)]
    stream = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["streams"][0]
    assert stream["duration_ts"] == 90 * rate
    assert (stream["codec_name"], int(stream["sample_rate"])) == (f"pcm_s{bits}le", rate)
    assert stream["channels"] == (1 if mono else 2)
    loud, peak = loudness(target)
    assert loud == pytest.approx(-19.0 if mono else -16.0, abs=0.3)
    assert peak <= -1.5


@pytest.mark.parametrize(
    ("length", "rule", "nearest"),
    [("4:00", "shortest 8:00: declared range", "8:00"), ("30:00", "longest 25:00: general cap", "25:00")],
)
def test_an_impossible_length_is_refused_and_no_file_appears(
    tmp_path: Path, length: str, rule: str, nearest: str
) -> None:
    done = run("export", "whole-foot", "--length", length, "--engine", "tone", "-o", str(tmp_path / "x.wav"))
    assert done.returncode == 2
    assert done.stderr == f"voiceguide: {length} is not possible: {rule}\n  the nearest length is {nearest}\n"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LengthError):
        compile_session(open_routine("whole-foot"), SessionRequest(length_ms=240_000), VoiceOptions(engine="tone"))


@pytest.mark.parametrize(
    ("target", "message"),
    [("x.ogg", "cannot tell the format"), ("none/x.wav", "there is no folder"), ("folder.wav", "is a folder")],
)
def test_a_target_that_cannot_be_written_is_refused_first(tmp_path: Path, target: str, message: str) -> None:
    (tmp_path / "folder.wav").mkdir()
    done = run("export", "whole-foot", "--engine", "tone", "-o", str(tmp_path / target))
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder.wav"]


def test_killing_an_export_at_any_moment_leaves_no_file_or_the_whole_file(tmp_path: Path) -> None:
    target, expected = tmp_path / "session.wav", 44 + 480 * 48_000 * 4
    command = [sys.executable, "-m", "voiceguide", "export", "whole-foot", "-l", "8m", "-e", "tone", "-o", str(target)]
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - began
    outcomes = set()
    for moment in np.linspace(0.05, 1.2, 14) * whole:
        target.unlink(missing_ok=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=float(moment))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        left = [path.name for path in tmp_path.iterdir()]
        assert left in ([], ["session.wav"])
        if left:
            assert target.stat().st_size == expected
        outcomes.add(bool(left))
    assert False in outcomes


def test_a_file_of_4_gib_and_more_is_rf64() -> None:
    frames = (1 << 32) // 4
    small, large = header(frames - 20, 48_000, 2, 16), header(frames, 48_000, 2, 16)
    assert (small[:4], len(small)) == (b"RIFF", 44)
    assert struct.unpack("<4sI4s4sIQQQI", large[:48]) == (
        b"RF64",
        0xFFFFFFFF,
        b"WAVE",
        b"ds64",
        28,
        frames * 4 + 72,
        frames * 4,
        frames,
        0,
    )


def test_an_rf64_header_is_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(header(1 << 30, 48_000, 2, 16))
        file.truncate(80 + (1 << 32))
    probe = [program("ffprobe"), "-v", "error", "-of", "json", "-show_entries", "stream=duration_ts", str(path)]
    assert (
        json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["streams"][0]["duration_ts"]
        == 1 << 30
    )


def test_balancing_twice_is_balancing_once() -> None:
    session = compile_session(open_routine("quick-reset"), options=VoiceOptions(engine="tone"))
    once = session.balanced()
    assert once.timeline.gain != 1.0
    assert once.balanced().timeline == once.timeline
