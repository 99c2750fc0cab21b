"""Write a session's clips as WAV files and lists for ffmpeg: `python -m tests.bench.tracks ROUTINE LENGTH FOLDER`.

A list is clips and silences one after the other; cues that overlap (strikes of a chime) come into several lists.
Prints what there is as JSON.
"""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide import Session, SessionRequest, compile_session, open_routine
from voiceguide.clips import ClipId
from voiceguide.timeline import Cue
from voiceguide.units import parse_duration

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.audio.mix import Samples

    Clips = Mapping[ClipId, Samples]


def write_tracks(session: Session, folder: Path) -> dict[str, Any]:
    """Write everything that *session* is mixed of into *folder*; return what was written."""
    folder.mkdir()
    timeline, clips = session.timeline, session.clips()
    files = {cue.clip: folder / f"{number}.wav" for number, cue in enumerate(timeline.cues)}
    for key, path in files.items():
        samples = _whole(clips[key])
        _write(path, (samples * 32767).astype("<i2").tobytes(), samples.shape[1], timeline.rate)
    lists: list[dict[str, Any]] = []
    for track in ("voice", "breath", "chime"):
        for lane in _lanes([cue for cue in timeline.cues if cue.track == track]):
            name, channels = f"{track}{len(lists)}", _whole(clips[lane[0].clip]).shape[1]
            lines = [f"file '{path}'" for path in _in_a_row(session, lane, files, folder / name, channels)]
            (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
            lists.append({"list": str(folder / f"{name}.txt"), "gain": lane[0].gain, "channels": channels})
    bed = next(cue for cue in timeline.cues if cue.track == "bed")
    rest = bed.envelope.highest
    return {
        "seconds": timeline.frames / timeline.rate,
        "lists": lists,
        "bed": {"file": str(files[bed.clip]), "gain": bed.gain * rest},
    }


def _whole(samples: Samples) -> NDArray[np.float32]:
    """Return *samples*; of a bed with layers, the first: other programs loop one file."""
    return samples[0] if isinstance(samples, tuple) else samples


def _lanes(cues: list[Cue]) -> list[list[Cue]]:
    lanes: list[list[Cue]] = []
    for cue in cues:
        lane = next((lane for lane in lanes if lane[-1].end <= cue.start), None)
        if lane is None:
            lanes.append([cue])
        else:
            lane.append(cue)
    return lanes


def _in_a_row(session: Session, lane: list[Cue], files: Mapping[ClipId, Path], stem: Path, channels: int) -> list[Path]:
    rate, at = session.timeline.rate, 0
    paths: list[Path] = []
    for start, end, path in [*((c.start, c.end, files[c.clip]) for c in lane), (session.timeline.frames, 0, None)]:
        if start > at:
            gap = stem.with_name(f"{stem.name}-{len(paths)}.wav")
            _write(gap, bytes((start - at) * channels * 2), channels, rate)
            paths.append(gap)
        if path:
            paths.append(path)
        at = end
    return paths


def _write(path: Path, data: bytes, channels: int, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data)


if __name__ == "__main__":
    routine, length, target = sys.argv[1:]
    request = SessionRequest(length_ms=parse_duration(length))
    print(json.dumps(write_tracks(compile_session(open_routine(routine), request), Path(target))))
