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

from tests.bench.levels import measure
from tests.make import routine
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
def test_every_shipped_routine_is_as_loud_as_promised_and_as_told(tmp_path: Path, name: str, engine: str) -> None:
    _ready(engine)
    session = compile_session(open_routine(name), options=VoiceOptions(engine=engine))
    loud, peak = loudness(export_session(session, tmp_path / "session.wav"))
    found = measure(session)
    assert found.speech == pytest.approx(-16.0, abs=0.3)
    assert found.gated == pytest.approx(-16.0, abs=0.45)  # blocks at the edges of few words count too
    assert peak <= -1.5
    assert session.loudness() == pytest.approx(loud, abs=0.11)
    assert session.speech_loudness() == pytest.approx(found.speech, abs=0.11)


SESSION = """
length: 1m..3m..20m
bed: {{sound: {sound}, under: {under} dB}}
steps:
  - {{pause: 4s..12s..60s}}
  - {{say: "Breathe evenly, and let your shoulders sink. {words}", for: 4s..12s..2m}}
  - {{pause: 12s..16s..60s}}
  - repeat: 1..10..200
    steps: [{{breathe: {{pattern: 5-0-5-0, under: {tone} dB}}}}]
  - {{say: Rest., for: 7s..8s..9s}}
"""
MANY = "Let both thumbs glide slowly along the sole, from the heel to the toes, and back. " * 2


@pytest.mark.parametrize("length_s", [60, 240])
@pytest.mark.parametrize(("sound", "under", "tone"), [("rain", 20, 12), ("stream", 30, 18), ("drone", 24, 6)])
def test_tones_and_bed_stand_where_they_are_written_at_any_length_and_any_talk(
    sound: str, under: int, tone: int, length_s: int
) -> None:
    # they once sank as words got rarer, and beds of 20 and of 30 sounded alike
    for words in ("", MANY):
        made = routine(SESSION.format(sound=sound, under=under, tone=tone, words=words))
        found = measure(compile_session(made, SessionRequest(length_ms=length_s * 1000), VoiceOptions(engine="espeak")))
        assert found.speech == pytest.approx(-16.0, abs=0.3)
        assert found.bed == pytest.approx(-16.0 - under, abs=1.0)
        assert found.rest == pytest.approx(-16.0 - max(18, under - 5), abs=1.0)
        assert found.tones == pytest.approx(-16.0 - tone, abs=0.5)
        assert found.peak <= -1.5


def test_a_session_without_words_stands_where_it_would_beside_a_voice(tmp_path: Path) -> None:
    script, target = tmp_path / "silent.yaml", tmp_path / "silent.wav"
    script.write_text("routine: Silent\nlength: 30s..1m..2m\nbed: rain\nsteps: [{chime: begin}, {pause: 1s..1m..2m}]\n")
    done = run("export", str(script), "-e", "tone", "-o", str(target))
    loud, _ = loudness(target)
    assert done.stdout.startswith(f"{target}: 1:00, no words, programme {loud:.1f} LUFS, ")
    session = compile_session(open_routine(str(script)), options=VoiceOptions(engine="tone"))
    assert session.speech_loudness() is None
    assert measure(session).rest == pytest.approx(-35.0, abs=1.0)


def _ready(engine: str) -> None:
    from tests.need import missing

    try:
        pick_engine(engine)
    except VoiceguideError as error:
        missing(str(error))


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
    assert f"speech {-19.0 if mono else -16.0} LUFS, programme " in done.stdout
    told = float(done.stdout.split("programme ")[1].split(" LUFS")[0])
    assert told == pytest.approx(loud, abs=0.11)  # the meter, too, tells tenths
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
