"""How loud sessions are, by ffmpeg's meter: `python -m tests.bench.levels [ENGINE...]`.

Each shipped routine at its shortest, default and longest length, and a breathing session in which one frame in a
hundred is words. Stems are rendered one by one. Words are measured with the silences between them cut out; a bed where
words sound, and where nothing else does.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.need import program
from voiceguide import Session, SessionRequest, VoiceOptions, compile_session, open_routine
from voiceguide.audio.mix import Mixer
from voiceguide.clips import BreathTone
from voiceguide.script.read import read
from voiceguide.source import Source
from voiceguide.timeline import Timeline
from voiceguide.units import format_clock, frames_to_ms

ROUTINES = ("whole-foot", "quick-reset", "inner-arch-line", "even-breath")
FEW_WORDS = """
routine: Few words
family: breathing
length: 6m..10m..24m
bed: {sound: stream, under: 30 dB}
steps:
  - {name: open, say: "Sit easily, let your shoulders sink, and follow the tones."}
  - repeat: 1..40..200
    steps: [{breathe: {pattern: 5-0-5-0, under: 12 dB}}]
  - {name: close, say: That is all., for: 5s..10s..20s}
"""
Samples = NDArray[np.float32]


def meter(samples: Samples, rate: int, peak: str = "true") -> tuple[float, float]:
    """Return what ffmpeg reads of *samples*, shape (frames, 2): integrated loudness in LUFS and true peak in dBTP.

    With *peak* `sample`, the highest sample, which takes a quarter of the time.
    """
    sound = f"-f f32le -ar {rate} -ac 2 -i - -af ebur128=peak={peak} -f null -".split()
    command = [program("ffmpeg"), "-hide_banner", "-nostats", *sound]
    data = samples.astype("<f4").tobytes()
    read = subprocess.run(command, input=data, capture_output=True, check=True).stderr.decode()
    summary = read[read.rindex("Summary:") :]
    return float(summary.split("I:")[1].split()[0]), float(summary.split("Peak:")[1].split()[0])


@dataclass(frozen=True)
class Levels:
    """What a meter reads of a session: LUFS, and the true peak of all of it in dBTP; None where there is nothing."""

    speech: float | None
    gated: float | None
    tones: float | None
    bed: float | None
    rest: float | None
    programme: float
    peak: float


def measure(session: Session) -> Levels:
    """Return the levels of *session*: *speech* with silences cut out, *gated* with the meter's own gate."""
    line, clips = session.timeline, session.clips()

    def stem(timeline: Timeline) -> Samples:
        return Mixer(timeline, clips).block(0, line.frames)

    heard = [cue for cue in line.cues if cue.track != "bed"]
    spoken, busy = np.zeros(line.frames, bool), np.zeros(line.frames, bool)
    for cue in line.words().cues:
        spoken[cue.start : cue.end] = True
    for cue in heard:  # and as long as it takes to go down and come back
        busy[max(0, cue.start - line.rate) : cue.end + 3 * line.rate] = True
    inside = np.zeros(line.frames, bool)
    inside[4 * line.rate : -6 * line.rate] = True  # where it neither comes nor goes
    voice, bed, whole = stem(line.words()), stem(line.only("bed")), stem(line)
    tones = stem(replace(line, cues=tuple(cue for cue in heard if isinstance(cue.clip, BreathTone))))

    def read(samples: Samples) -> float | None:
        return meter(samples, line.rate, "sample")[0] if samples.any() and len(samples) > line.rate else None

    programme, peak = meter(whole, line.rate)
    return Levels(
        read(voice[spoken]),
        read(voice),
        read(tones),
        read(bed[spoken & inside]),
        read(bed[~busy & inside]),
        programme,
        peak,
    )


def sessions(engine: str) -> Iterator[tuple[str, Session]]:
    """Yield every session that is measured, with its name."""
    few, report = read(Source("few-words.yaml", FEW_WORDS))
    assert few is not None, str(report)
    for routine in (*map(open_routine, ROUTINES), few):
        length = routine.length
        for ms in dict.fromkeys((length.shortest, length.natural, length.longest)):
            yield routine.id, compile_session(routine, SessionRequest(length_ms=ms), VoiceOptions(engine=engine))


def row(name: str, session: Session) -> str:
    """Return a line of the table."""
    line, found = session.timeline, measure(session)
    share = sum(cue.frames for cue in line.words().cues) / line.frames
    beds = {round(-20 * np.log10(cue.gain)) for cue in line.cues if cue.track == "bed"}
    written = f"{beds.pop()} dB" if beds else "none"
    levels = (found.speech, found.gated, found.tones, found.bed, found.rest, found.programme, found.peak)
    shown = " ".join(f"{'-' if level is None else f'{level:.1f}':>9}" for level in levels)
    long = format_clock(frames_to_ms(line.frames, line.rate))
    return f"{name:16} {session.engine:7} {long:>6} {share:5.0%} {written:>6} {shown}"


def main(*engines: str) -> None:
    """Print the table."""
    heads = ("speech", "gated", "tones", "bed", "bed rest", "programme", "peak")
    print(f"{'routine':16} {'engine':7} {'length':>6} {'words':>5} {'under':>6}", *(f"{head:>9}" for head in heads))
    for engine in engines or ("tone", "espeak", "piper"):
        for name, session in sessions(engine):
            print(row(name, session), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
