"""miniaudio: every system's own sound, with nothing to install."""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib.util import find_spec
from threading import Thread
from typing import Any, TypeVar

from voiceguide.play.output import Device, LiveOutput, Source, quieten_alsa
from voiceguide.plugins import Status

T = TypeVar("T")

PERIOD_MS = 40
"""What the device asks for at once. Measured on PulseAudio with four busy programs on two cores, 30 s each: 20 ms lost
sound 11 times, 30 ms once, 40 and 60 ms never; a command is heard after 45 to 90 ms with 40, 60 to 120 with 60."""
PERIODS = 2
"""What the device keeps; three or four lost as much on PulseAudio, and elsewhere each adds its length to the delay."""


ANSWER_S = 2.0
"""How long a sound server may take to list its devices; a frozen one would never. Opening one may take longer."""


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
        found: list[tuple[str, bool, Any]] = _in_time(lambda: _playbacks(_backends()))
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
        systems = [self._backend] if self._backend is not None else _backends()
        found = _in_time(lambda: _playbacks(systems))
        try:
            device = _opened(
                source.rate, self.latency_ms // PERIODS, systems, _chosen(found, self.device), self.on_move
            )
            if this != self._tries:  # it took so long that it has been given up
                _close(device)
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
            _close(device)


def _backends() -> list[Any]:
    """Return the sound systems; without a list, miniaudio plays to its null device where there is no other."""
    import miniaudio

    return [b for b in miniaudio.Backend if b not in (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)]


def _playbacks(systems: list[Any]) -> list[tuple[str, bool, Any]]:
    """Return the name of each device, whether it is the usual one, and what miniaudio knows it by."""
    import miniaudio
    from miniaudio import ffi, lib

    quieten_alsa()
    try:
        known = miniaudio.Devices(systems)
    except miniaudio.MiniaudioError as error:
        raise OSError(str(error.args[0])) from error
    infos, count = ffi.new("ma_device_info**"), ffi.new("ma_uint32*")
    if lib.ma_context_get_devices(known._context, infos, count, ffi.NULL, ffi.NULL) != lib.MA_SUCCESS:
        raise OSError("no list of devices")
    each = [infos[0][index] for index in range(count[0])]
    return [
        (ffi.string(info.name).decode(errors="replace"), bool(info.isDefault), ffi.new("ma_device_id *", info.id))
        for info in each
    ]


def _chosen(found: list[tuple[str, bool, Any]], name: str) -> Any:
    """Return what miniaudio knows the device called *name*, or the only one like it, by. Raises OSError."""
    if not name:
        return None
    exact = [known for title, _, known in found if title == name]
    alike = [known for title, _, known in found if name.casefold() in title.casefold()]
    if not exact and len(alike) != 1:
        names = ", ".join(title for title, *_ in found) or "none"
        raise OSError(f"{'no device is' if not alike else 'several devices are'} called {name!r}; there are: {names}")
    return (exact or alike)[0]


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


def _close(device: Any) -> None:
    from miniaudio import lib

    device.close()
    lib.ma_context_uninit(device._context)  # which miniaudio leaves open


def _in_time(work: Callable[[], T]) -> T:
    """Return what *work* gives. Raises OSError, what it raises or that the sound system does not answer in time."""
    done: list[T] = []
    failed: list[OSError] = []

    def run() -> None:
        try:
            done.append(work())
        except OSError as error:
            failed.append(error)

    thread = Thread(target=run, name="voiceguide asks for devices", daemon=True)
    thread.start()
    thread.join(ANSWER_S)
    if failed:
        raise failed[0]
    if not done:
        raise OSError(f"the sound server gives no answer in {ANSWER_S:g} s")
    return done[0]


def _pulling(source: Source) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield source.pull(frames)
