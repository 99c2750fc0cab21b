"""MprisRemote: media keys, headsets and the player controls of a Linux desktop command a session (MPRIS 2.2).

A session is one track, whose title is that of the step. What is asked for becomes a command like any other: so what
must be heard is not skipped unheard here either. Some headsets only ever send Play: it holds and goes on in turn.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, ClassVar

from voiceguide.diagnostics import VoiceguideError
from voiceguide.play import commands as c
from voiceguide.play.director import VOLUME_DB
from voiceguide.play.now import Now
from voiceguide.play.remote import Desk, Remote
from voiceguide.plugins import Status
from voiceguide.units import db_to_gain, gain_to_db

if TYPE_CHECKING:
    from dbus_fast import Message, Variant
    from dbus_fast.aio import MessageBus

INSTALL = 'pip install "voiceguide[desktop]"'
NAME, PATH = "org.mpris.MediaPlayer2.voiceguide", "/org/mpris/MediaPlayer2"
ROOT, PLAYER, PROPERTIES = "org.mpris.MediaPlayer2", "org.mpris.MediaPlayer2.Player", "org.freedesktop.DBus.Properties"
TRACK = "/org/voiceguide/session"
JUMP_S = 0.7
"""A position that is so far from where play would have brought it has jumped: then Seeked is sent."""
START_S = 3.0
STATES = {"playing": "Playing", "holding": "Paused", "ended": "Stopped"}
log = logging.getLogger(__name__)


def bus_address() -> str:
    """Return where the bus of this user's session is, or nothing. An empty DBUS_SESSION_BUS_ADDRESS means none."""
    if (told := os.environ.get("DBUS_SESSION_BUS_ADDRESS")) is not None:
        return told
    folder = os.environ.get("XDG_RUNTIME_DIR")
    socket = Path(folder) / "bus" if folder else None
    return f"unix:path={socket}" if socket is not None and socket.exists() else ""


class MprisRemote(Remote):
    """Offers the session on the bus of the user's desktop."""

    name: ClassVar[str] = "mpris"
    title: ClassVar[str] = "Media keys, headsets and the desktop's player controls"

    def __init__(self) -> None:
        self._offer: _Offer | None = None

    def status(self) -> Status:
        """Tell whether there is a bus, and the library for it."""
        if not sys.platform.startswith("linux") or not bus_address():
            return Status("failed", "there is no desktop's bus here (DBUS_SESSION_BUS_ADDRESS)")
        return Status("ready") if find_spec("dbus_fast") else Status("missing-library", INSTALL)

    def start(self, desk: Desk) -> None:
        """Offer *desk*. Raises OSError if the bus does not let it."""
        self._offer = _Offer(desk)
        self._offer.start()

    def stop(self) -> None:
        """Leave the bus."""
        if self._offer is not None:
            self._offer.stop()
            self._offer = None


class _Offer:
    """One session on the bus, served by a thread with a loop of its own; another thread looks at the session."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = Thread(target=self._run, name="voiceguide mpris", daemon=True)
        self._begun, self._failed = Event(), ""
        self._bus: MessageBus | None = None
        self._told: dict[str, Any] = {}
        self._seen: tuple[float, int, str] | None = None

    def start(self) -> None:
        """Begin. Raises OSError if the bus does not let it."""
        self._thread.start()
        if not self._begun.wait(START_S) or self._failed:
            self.stop()
            raise OSError(self._failed or "the desktop's bus does not answer")
        Thread(target=self._look, name="voiceguide mpris's news", daemon=True).start()

    def stop(self) -> None:
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(timeout=1)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:  # a bus that goes away is missed by nobody
            log.debug("the desktop's bus: %r", error)
            self._failed = f"the desktop's bus: {error}"
        finally:
            self._begun.set()
            self._loop.close()

    async def _serve(self) -> None:
        from dbus_fast import NameFlag, RequestNameReply
        from dbus_fast.aio import MessageBus

        bus = await MessageBus(bus_address=bus_address()).connect()
        self._bus = bus
        try:
            self._told = self._properties(PLAYER)
            bus.add_message_handler(self._handle)
            if await bus.request_name(NAME, NameFlag.DO_NOT_QUEUE) is not RequestNameReply.PRIMARY_OWNER:
                await bus.request_name(f"{NAME}.instance{os.getpid()}")
            self._begun.set()
            gone: asyncio.Future[None] = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
            over = asyncio.ensure_future(self._over.wait())
            await asyncio.wait((gone, over), return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
        finally:
            bus.disconnect()
        await asyncio.wait_for(gone, START_S)

    # What is told

    def _look(self) -> None:
        with suppress(VoiceguideError, RuntimeError):  # whoever plays is told of it too; a loop may have ended
            for now in self._desk.watch():
                self._loop.call_soon_threadsafe(self._tell, now)
                if self._over.is_set():
                    return

    def _tell(self, now: Now) -> None:
        """Tell all who listen what has changed."""
        properties = self._properties(PLAYER)
        changed = {
            key: value
            for key, value in properties.items()
            if key != "Position" and value.value != self._told[key].value
        }
        self._told = properties
        if changed:
            self._signal(PROPERTIES, "PropertiesChanged", "sa{sv}as", [PLAYER, changed, []])
        before, self._seen = self._seen, (time.monotonic(), now.at, now.state)
        if before is not None:
            passed = (self._seen[0] - before[0]) * now.timeline.rate if before[2] == "playing" == now.state else 0
            if abs(now.at - before[1] - passed) > JUMP_S * now.timeline.rate:
                self._signal(PLAYER, "Seeked", "x", [_micros(now, now.at)])

    def _signal(self, interface: str, member: str, signature: str, body: list[Any]) -> None:
        from dbus_fast import Message

        if self._bus is not None and self._bus.connected:
            self._bus.send(Message.new_signal(PATH, interface, member, signature, body))

    def _properties(self, interface: str) -> dict[str, Variant]:
        from dbus_fast import Variant

        if interface == ROOT:
            return {
                "CanQuit": Variant("b", c.End in self._desk.offers),
                "CanRaise": Variant("b", False),
                "HasTrackList": Variant("b", False),
                "Identity": Variant("s", "voiceguide"),
                "SupportedUriSchemes": Variant("as", []),
                "SupportedMimeTypes": Variant("as", []),
            }
        now, offers = self._desk.now, self._desk.offers
        return {
            "PlaybackStatus": Variant("s", STATES[now.state]),
            "LoopStatus": Variant("s", "None"),
            "Shuffle": Variant("b", False),
            "Rate": Variant("d", 1.0),
            "MinimumRate": Variant("d", 1.0),
            "MaximumRate": Variant("d", 1.0),
            "Metadata": Variant("a{sv}", _metadata(now)),
            "Volume": Variant("d", db_to_gain(now.volume_db)),
            "Position": Variant("x", _micros(now, now.at)),
            "CanGoNext": Variant("b", c.Next in offers),
            "CanGoPrevious": Variant("b", c.Previous in offers),
            "CanPlay": Variant("b", c.Toggle in offers),
            "CanPause": Variant("b", c.Hold in offers),
            "CanSeek": Variant("b", c.Back in offers),
            "CanControl": Variant("b", True),
        }

    # What is asked

    def _handle(self, message: Message) -> Message | bool | None:
        """Answer *message* if it is for this object."""
        from dbus_fast import ErrorType, Message, MessageType

        if message.message_type is not MessageType.METHOD_CALL or message.path != PATH:
            return None
        if message.interface == "org.freedesktop.DBus.Introspectable":
            return Message.new_method_return(message, "s", [INTROSPECTION])
        if message.interface == PROPERTIES:
            return self._property(message)
        work = self._methods(message.body).get((message.interface or "", message.member or ""))
        if work is None:
            return Message.new_error(message, ErrorType.UNKNOWN_METHOD.value, f"there is no {message.member} here")
        command = work()
        if command is not None and type(command) in self._desk.offers:
            self._desk.do(command)
        return Message.new_method_return(message)

    def _methods(self, body: list[Any]) -> Mapping[tuple[str, str], Callable[[], c.Command | None]]:
        return {
            (ROOT, "Raise"): lambda: None,
            (ROOT, "Quit"): c.End,
            (PLAYER, "Next"): c.Next,
            (PLAYER, "Previous"): c.Previous,
            (PLAYER, "Pause"): c.Hold,
            (PLAYER, "PlayPause"): c.Toggle,
            (PLAYER, "Play"): c.Toggle,
            (PLAYER, "Stop"): c.Stop,
            (PLAYER, "Seek"): lambda: self._moved(body[0] / 1e6),
            (PLAYER, "SetPosition"): lambda: self._moved_to(*body),
        }

    def _moved_to(self, track: str, micros: int) -> c.Command | None:
        now = self._desk.now
        inside = track == TRACK and 0 <= micros <= _micros(now, now.timeline.frames)
        return self._moved((micros - _micros(now, now.at)) / 1e6) if inside else None

    def _moved(self, seconds: float) -> c.Command | None:
        whole = round(abs(seconds))
        return None if not whole else c.Forward(whole) if seconds > 0 else c.Back(whole)

    def _property(self, message: Message) -> Message:
        from dbus_fast import ErrorType, Message

        interface, body = message.body[0], message.body
        if interface not in (ROOT, PLAYER):
            return Message.new_error(message, ErrorType.UNKNOWN_INTERFACE.value, f"there is no {interface} here")
        properties = self._properties(interface)
        if message.member == "GetAll":
            return Message.new_method_return(message, "a{sv}", [properties])
        if body[1] not in properties:
            return Message.new_error(message, ErrorType.UNKNOWN_PROPERTY.value, f"there is no {body[1]} here")
        if message.member == "Get":
            return Message.new_method_return(message, "v", [properties[body[1]]])
        if body[1] == "Volume":
            self._turn(float(body[2].value))
        elif body[1] not in ("Rate", "LoopStatus", "Shuffle"):  # these may be set, and stay as they are
            return Message.new_error(message, ErrorType.PROPERTY_READ_ONLY.value, f"{body[1]} cannot be set")
        return Message.new_method_return(message)

    def _turn(self, gain: float) -> None:
        """Turn the volume to about *gain*, in the steps that it has."""
        level_db = gain_to_db(min(max(gain, 1e-3), 2.0)) if math.isfinite(gain) else 0.0
        steps = round((level_db - self._desk.now.volume_db) / VOLUME_DB)
        for _ in range(abs(steps)):
            self._desk.do(c.Louder() if steps > 0 else c.Quieter())


def _micros(now: Now, frames: int) -> int:
    return frames * 1_000_000 // now.timeline.rate


def _metadata(now: Now) -> dict[str, Variant]:
    """Return the session as a track: its title is that of the step, its album that of the session."""
    from dbus_fast import Variant

    step = now.step or now.following
    title = ", ".join(filter(None, (step.title, step.side))) if step else now.title
    return {
        "mpris:trackid": Variant("o", TRACK),
        "mpris:length": Variant("x", _micros(now, now.timeline.frames)),
        "xesam:title": Variant("s", title),
        "xesam:album": Variant("s", now.title),
        "xesam:artist": Variant("as", ["voiceguide"]),
        "xesam:trackNumber": Variant("i", max(0, now.index) + 1),
    }


def _introspection() -> str:
    """Return what can be asked, as XML; the types are those of the specification."""
    methods = {
        ROOT: {"Raise": "", "Quit": ""},
        PLAYER: dict.fromkeys(("Next", "Previous", "Pause", "PlayPause", "Stop", "Play"), "")
        | {"Seek": "x", "SetPosition": "ox"},
    }
    types = {
        ROOT: {"CanQuit": "b", "CanRaise": "b", "HasTrackList": "b", "Identity": "s"}
        | {"SupportedUriSchemes": "as", "SupportedMimeTypes": "as"},
        PLAYER: {"PlaybackStatus": "s", "Metadata": "a{sv}", "Position": "x", "MinimumRate": "d", "MaximumRate": "d"}
        | dict.fromkeys(("CanGoNext", "CanGoPrevious", "CanPlay", "CanPause", "CanSeek", "CanControl"), "b")
        | {"Rate": "d", "Volume": "d", "LoopStatus": "s", "Shuffle": "b"},
    }
    settable = ("Rate", "Volume", "LoopStatus", "Shuffle")
    parts = []
    for interface in (ROOT, PLAYER):
        parts.append(f'<interface name="{interface}">')
        for name, signature in methods[interface].items():
            arguments = "".join(f'<arg type="{one}" direction="in"/>' for one in signature)
            parts.append(f'<method name="{name}">{arguments}</method>')
        for name, kind in types[interface].items():
            access = "readwrite" if name in settable else "read"
            parts.append(f'<property name="{name}" type="{kind}" access="{access}"/>')
        parts.append('<signal name="Seeked"><arg type="x"/></signal>' if interface == PLAYER else "")
        parts.append("</interface>")
    return f"<node>{''.join(parts)}</node>"


INTROSPECTION = _introspection()
