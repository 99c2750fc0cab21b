"""An output that plays as miniaudio does and notes when it was first asked and when the session began."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from voiceguide.play.miniaudio_output import MiniaudioOutput
from voiceguide.play.output import Source


class Probe(MiniaudioOutput):
    """Plays through miniaudio, with a watch in its hand."""

    name = "probe"
    title = "miniaudio, timed"
    rank = -1

    def _start(self, source: Source) -> None:
        super()._start(_Noting(source))


class _Noting:
    """*source*, noting when the first buffer is asked for and when the first one that is not silent is given."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._asked = 0.0
        self._noted = False

    @property
    def rate(self) -> int:
        return self._source.rate

    def pull(self, frames: int) -> bytes:
        data = self._source.pull(frames)
        if not self._noted:
            now = time.monotonic()
            self._asked = self._asked or now
            if data.count(0) < len(data):
                self._noted = True
                part = Path(os.environ["BENCH_NOTES"]).with_suffix(".part")
                part.write_text(json.dumps({"asked": self._asked, "given": now}), encoding="utf-8")
                part.replace(os.environ["BENCH_NOTES"])
        return data
