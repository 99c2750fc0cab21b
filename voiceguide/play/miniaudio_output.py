"""miniaudio: every system's own sound, with nothing to install."""

from __future__ import annotations

from collections.abc import Generator
from importlib.util import find_spec
from typing import Any

from voiceguide.play.output import LiveOutput, Source, quieten_alsa
from voiceguide.plugins import Status

PERIOD_MS = 40
"""What the device asks for at once. Measured on PulseAudio with four busy programs on two cores, 30 s each: 20 ms lost
sound 11 times, 30 ms once, 40 and 60 ms never; a command is heard after 45 to 90 ms with 40, 60 to 120 with 60."""
PERIODS = 2
"""What the device keeps; three or four lost as much on PulseAudio, and elsewhere each adds its length to the delay."""


class MiniaudioOutput(LiveOutput):
    """Plays through miniaudio, whose thread asks for the sound."""

    name = "miniaudio"
    title = "The system's sound device"
    rank = 10
    latency_ms = PERIOD_MS * PERIODS

    def __init__(self) -> None:
        self._device: Any = None

    def status(self) -> Status:
        """Tell whether the library is there."""
        if find_spec("miniaudio") is None:
            return Status("missing-library", "pip install miniaudio")
        return Status("ready")

    def _start(self, source: Source) -> None:
        import miniaudio

        quieten_alsa()
        # without a list, miniaudio plays to its null device where there is no other, and nobody hears it
        real = [b for b in miniaudio.Backend if b not in (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)]
        try:
            self._device = miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16,
                nchannels=2,
                sample_rate=source.rate,
                buffersize_msec=PERIOD_MS,
                callback_periods=PERIODS,
                backends=real,
                # where the system does not allow it, the thread runs like any other
                thread_prio=miniaudio.ThreadPriority.REALTIME,
                app_name="voiceguide",
            )
            pulling = _pulling(source)
            next(pulling)
            self._device.start(pulling)
        except miniaudio.MiniaudioError as error:
            raise OSError(str(error.args[0])) from error

    def _stop(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()


def _pulling(source: Source) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield source.pull(frames)
