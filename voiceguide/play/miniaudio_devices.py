"""What miniaudio knows of the devices of a system, for outputs and microphones."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any, Literal, TypeVar

from voiceguide.play.output import quieten_alsa

T = TypeVar("T")
Kind = Literal["playback", "capture"]
Known = tuple[str, bool, Any]
"""The name of a device, whether it is the usual one, and what miniaudio knows it by."""
ANSWER_S = 2.0
"""How long a sound server may take to list its devices; a frozen one would never. Opening one may take longer."""


def systems_here() -> list[Any]:
    """Return the sound systems; without a list, miniaudio plays to its null device where there is no other."""
    import miniaudio

    return [b for b in miniaudio.Backend if b not in (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)]


def known_devices(systems: list[Any], kind: Kind) -> list[Known]:
    """Return the name of each device, whether it is the usual one, and what miniaudio knows it by."""
    import miniaudio
    from miniaudio import ffi, lib

    quieten_alsa()
    try:
        known = miniaudio.Devices(systems)
    except miniaudio.MiniaudioError as error:
        raise OSError(str(error.args[0])) from error
    infos, count = ffi.new("ma_device_info**"), ffi.new("ma_uint32*")
    wanted = (infos, count, ffi.NULL, ffi.NULL) if kind == "playback" else (ffi.NULL, ffi.NULL, infos, count)
    if lib.ma_context_get_devices(known._context, *wanted) != lib.MA_SUCCESS:
        raise OSError("no list of devices")
    each = [infos[0][index] for index in range(count[0])]
    return [
        (ffi.string(info.name).decode(errors="replace"), bool(info.isDefault), ffi.new("ma_device_id *", info.id))
        for info in each
    ]


def chosen_device(found: list[Known], name: str) -> Any:
    """Return what miniaudio knows the device called *name*, or the only one like it, by. Raises OSError."""
    if not name:
        return None
    exact = [known for title, _, known in found if title == name]
    alike = [known for title, _, known in found if name.casefold() in title.casefold()]
    if not exact and len(alike) != 1:
        names = ", ".join(title for title, *_ in found) or "none"
        raise OSError(f"{'no device is' if not alike else 'several devices are'} called {name!r}; there are: {names}")
    return (exact or alike)[0]


def close_device(device: Any) -> None:
    """Close *device*, and its context, which miniaudio leaves open."""
    from miniaudio import lib

    device.close()
    lib.ma_context_uninit(device._context)  # which miniaudio leaves open


def in_time(work: Callable[[], T]) -> T:
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
