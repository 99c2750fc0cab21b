"""The same session mixed by ffmpeg, in the cheapest way that was found to be right."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from tests.bench.place import LENGTH, ROUTINE, Place
from tests.bench.run import Run

CEILING_DB = -2.5
"""alimiter looks at samples: this far down, no true peak between them was over -1.5 dBTP."""
ASKED = f"""\
ffmpeg was asked for the same session in two passes. First: per track one list of clips and silences for the concat
demuxer (WAV files, written beforehand, not timed), the bed looped, turned down by sidechaincompress while there is
speech and faded in and out, all of it added by amix and measured by ebur128, into a 16 bit WAV file.
Second: volume by what was measured, alimiter at {CEILING_DB} dB, into a 16 bit WAV file."""


class FfmpegMix:
    """The inputs, written once, and the two passes over them. Raises MissingError where there is no ffmpeg."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._ffmpeg = [place.program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-y"]
        self.target = place.folder / "ffmpeg.wav"
        folder = place.folder / "tracks"
        assert place.exported  # the clips are in the cache
        self._tracks = json.loads(place.python("-m", "tests.bench.tracks", ROUTINE, LENGTH, str(folder)).said)

    def run(self) -> Run:
        """Make the file anew; return what both passes took."""
        mixed = self._place.folder / "mixed.wav"
        for path in (mixed, self.target):
            path.unlink(missing_ok=True)
        os.sync()  # as before the runs it is compared with
        first = self._place.outside([*self._ffmpeg, *self._inputs(), *self._graph(), "-c:a", "pcm_s16le", str(mixed)])
        gain_db = -16.0 - _measured(first.said, "I")
        chain = f"volume={gain_db:.2f}dB,alimiter=limit={10 ** (CEILING_DB / 20):.4f}:level=disabled"
        second = self._place.outside(
            [*self._ffmpeg, "-i", str(mixed), "-af", chain, "-c:a", "pcm_s16le", str(self.target)]
        )
        mixed.unlink()
        return first.then(second)

    def measure(self, path: Path) -> str:
        """Return the loudness and the true peak of *path*, as ffmpeg's ebur128 finds them."""
        chain = ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
        said = self._place.outside([*self._ffmpeg, "-i", str(path), *chain]).said
        return f"{_measured(said, 'I'):.1f} LUFS, {_measured(said, 'Peak'):.1f} dBTP"

    def _inputs(self) -> list[str]:
        lists = [
            part for track in self._tracks["lists"] for part in ("-f", "concat", "-safe", "0", "-i", track["list"])
        ]
        return [*lists, "-stream_loop", "-1", "-t", str(self._tracks["seconds"]), "-i", self._tracks["bed"]["file"]]

    def _graph(self) -> list[str]:
        parts, ends = ["[0:a]asplit[words][key]", "[words]pan=stereo|c0=c0|c1=c0[t0]"], ["[t0]"]
        for index, track in enumerate(self._tracks["lists"][1:], 1):
            wide = ",pan=stereo|c0=c0|c1=c0" if track["channels"] == 1 else ""
            parts.append(f"[{index}:a]volume={track['gain']:.4f}{wide}[t{index}]")
            ends.append(f"[t{index}]")
        out = self._tracks["seconds"] - 5
        bed = f"volume={self._tracks['bed']['gain']:.4f},afade=t=in:d=3,afade=t=out:st={out:.3f}:d=5"
        parts.append(f"[{len(ends)}:a]{bed}[bed]")
        parts.append("[bed][key]sidechaincompress=threshold=0.005:ratio=2:attack=200:release=1800[ducked]")
        parts.append(f"{''.join(ends)}[ducked]amix=inputs={len(ends) + 1}:normalize=0,ebur128=framelog=verbose[out]")
        return ["-filter_complex", ";".join(parts), "-map", "[out]"]


def _measured(said: str, name: str) -> float:
    """Return a number of the summary that ebur128 prints last."""
    found = re.findall(rf"^\s+{name}:\s+(-?[\d.]+) (?:LUFS|dBFS)", said, re.MULTILINE)
    return float(found[-1])
