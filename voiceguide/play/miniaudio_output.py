"""miniaudio: every system's own sound, with nothing to install."""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib.util import find_spec
from typing import Any

from voiceguide.play.miniaudio_devices import chosen_device, close_device, in_time, known_devices, systems_here
from voiceguide.play.output import Device, LiveOutput, Source, quieten_alsa
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
        self._tries = 0
        self._backend: Any = None

    def status(self) -> Status:
        """Tell whether the library is there."""
        if find_spec("miniaudio") is None:
            return Status("missing-library", "pip install miniaudio")
        return Status("ready")

    def devices(self) -> tuple[Device, ...]:
        """Return the devices of the sound system that plays here. Raises OSError if it does not answer."""
        found = in_time(lambda: known_devices(systems_here(), "playback"))
        return tuple(Device(name, usual) for name, usual, _ in found)

    def choose(self, device: str = "", latency_ms: int = 0) -> None:
        """Play on *device*, in buffers of half of *latency_ms*, from the next start on."""
        self.device, self.latency_ms = device or self.device, latency_ms or self.latency_ms

    def _start(self, source: Source) -> None:
        import miniaudio

        quieten_alsa()
        self._tries += 1
        this = self._tries
        # a lost device is looked for where it was: another system may have another one, which nobody listens to
        systems = [self._backend] if self._backend is not None else systems_here()
        found = in_time(lambda: known_devices(systems, "playback"))
        try:
            device = _opened(
                source.rate, self.latency_ms // PERIODS, systems, chosen_device(found, self.device), self.on_move
            )
            if this != self._tries:  # it took so long that it has been given up
                close_device(device)
                return
            self._device, self._backend = device, miniaudio.Backend[device.backend.upper().replace(" ", "")]
            pulling = _pulling(source)
            next(pulling)
            device.start(pulling)
        except miniaudio.MiniaudioError as error:
            raise OSError(str(error.args[0])) from error

    def _stop(self) -> None:
        self._tries += 1
        device, self._device = self._device, None
        if device is not None:
            close_device(device)


def _opened(rate: int, period_ms: int, systems: list[Any], chosen: Any, moved: Callable[[], None] | None) -> Any:
    """Return the open device. Raises MiniaudioError."""
    import miniaudio
    from miniaudio import ffi, lib

    class Playback(miniaudio.PlaybackDevice):  # type: ignore[misc, unused-ignore]
        """One that tells when its sound moves: miniaudio asks its system, the Python around it passes that over."""

        def _make_context(self, *arguments: Any) -> Any:
            kind = dict(ffi.typeof("ma_device_config").fields)["notificationCallback"].type

            def told(notification: Any) -> None:
                if moved is not None and notification.type == lib.ma_device_notification_type_rerouted:
                    moved()

            self._told = ffi.callback(kind, told)
            self._devconfig.notificationCallback = self._told
            return super()._make_context(*arguments)

    return Playback(
        miniaudio.SampleFormat.SIGNED16,
        nchannels=2,
        sample_rate=rate,
        buffersize_msec=period_ms,
        device_id=chosen,
        callback_periods=PERIODS,
        backends=systems,
        # where the system does not allow it, the thread runs like any other
        thread_prio=miniaudio.ThreadPriority.REALTIME,
        app_name="voiceguide",
    )


def _pulling(source: Source) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield source.pull(frames)
