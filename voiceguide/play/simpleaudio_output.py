"""simpleaudio: an old library that plays finished buffers. It cannot hold or move, and needs Python 3.11."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from typing import Any

from voiceguide.play.output import Buffer, WholeOutput, quieten_alsa
from voiceguide.plugins import Status


class SimpleaudioOutput(WholeOutput):
    """Plays the whole session as one buffer, made before it begins."""

    name = "simpleaudio"
    title = "simpleaudio (whole sessions only: no hold, no skipping, no waiting)"
    rank = 1

    def __init__(self) -> None:
        self._playing: Any = None
        self._rate = 0
        self._began = 0.0

    def status(self) -> Status:
        """Tell whether the library is there, and may be loaded at all."""
        if sys.version_info >= (3, 12):
            return Status("failed", "simpleaudio crashes Python 3.12 and later; use --output miniaudio")
        if find_spec("simpleaudio") is None:
            return Status("missing-library", 'pip install "voiceguide[simpleaudio]"')
        return Status("ready")

    def _start(self, source: Buffer) -> None:
        import simpleaudio

        quieten_alsa()
        self._rate = source.rate
        try:
            self._playing = simpleaudio.play_buffer(source.data, 2, 2, source.rate)
        except simpleaudio._simpleaudio.SimpleaudioError as error:
            raise OSError(str(error)) from error
        self._began = time.monotonic()

    def played(self) -> int | None:
        """Return the frames since the beginning by the clock, or None once it no longer plays."""
        if self._playing is None or not self._playing.is_playing():
            return None
        return int((time.monotonic() - self._began) * self._rate)

    def _stop(self) -> None:
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()
