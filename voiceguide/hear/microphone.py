"""Microphone: what a room sounds like, 16 kHz, through miniaudio. It is opened only when asked for; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.hear.delay import HZ
from voiceguide.play.miniaudio_devices import chosen_device, close_device, in_time, known_devices, systems_here
from voiceguide.play.output import Device, quieten_alsa

PERIOD_MS = 20


class Microphone:
    """The microphone called *name*, by a part of its name, or the usual one."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._device: Any = None

    def open(self, take: Callable[[bytes], None]) -> None:
        """Have *take* called, from a thread of its own, with all that is heard: 16 bit, mono, little endian, 16 kHz.

        Raises VoiceguideError if there is none.
        """
        import miniaudio

        quieten_alsa()
        systems = systems_here()
        try:
            known = in_time(lambda: known_devices(systems, "capture"))
            device = miniaudio.CaptureDevice(
                miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=HZ,
                buffersize_msec=PERIOD_MS,
                device_id=chosen_device(known, self.name),
                backends=systems,
                app_name="voiceguide",
            )
            taking = _taking(take)
            next(taking)
            device.start(taking)
        except (OSError, miniaudio.MiniaudioError) as error:
            reason = error.args[0] if error.args else error
            raise VoiceguideError(
                f"there is no microphone to listen with ({reason})", hint="plug one in, or play without --listen"
            ) from error
        self._device = device

    def check(self) -> None:
        """Find out whether there is one, by opening it. Raises VoiceguideError."""
        self.open(lambda _: None)
        self.close()

    def close(self) -> None:
        """Let it go."""
        device, self._device = self._device, None
        if device is not None:
            close_device(device)


def microphones() -> tuple[Device, ...]:
    """Return the microphones that can be chosen. Raises OSError if the sound system does not answer."""
    found = in_time(lambda: known_devices(systems_here(), "capture"))
    return tuple(Device(name, usual) for name, usual, _ in found)


def _taking(take: Callable[[bytes], None]) -> Generator[None, bytes, None]:
    while True:
        take(bytes((yield)))
