"""An output that has no device, and tells what was loaded when it was to open one. It loads nothing heavy itself."""

from __future__ import annotations

import sys

from voiceguide.play.output import LiveOutput, Source
from voiceguide.plugins import Status


class Loaded(LiveOutput):
    """Fails, and says what is loaded."""

    name = "loaded"
    title = "Tells what is loaded"
    rank = -1

    def status(self) -> Status:
        return Status("ready")

    def _start(self, source: Source) -> None:
        raise OSError(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))

    def _stop(self) -> None:
        pass
