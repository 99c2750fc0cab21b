"""A bus of our own, as a desktop has one, and programs that talk over it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.need import program
from tests.play.sinks import until


@contextmanager
def session_bus() -> Iterator[str]:
    """Run a bus on a socket of its own, and give its address; this process uses it meanwhile."""
    before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "bus"
        address = f"unix:path={socket}"
        command = [program("dbus-daemon"), "--session", f"--address={address}", "--nofork", "--nopidfile"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as daemon:
            try:
                until(socket.exists, "the start of the bus")
                os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
                yield address
            finally:
                os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
                if before is not None:
                    os.environ["DBUS_SESSION_BUS_ADDRESS"] = before
                daemon.kill()


def playerctl(*words: str, player: str = "voiceguide") -> str:
    """Return what `playerctl` prints; what it complains of, if it fails."""
    command = [program("playerctl"), "-p", player, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return (done.stdout or done.stderr).strip()


@contextmanager
def power_manager(address: str) -> Iterator[list[str]]:
    """Be the one on the bus whom programs ask not to let the computer sleep; give what they ask, as it comes."""
    from dbus_fast import Message, MessageType
    from dbus_fast.aio import MessageBus

    name, path = "org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"
    asked: list[str] = []
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    def handle(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.path != path:
            return None
        asked.append(message.member or "")
        gives = ("u", [7]) if message.member == "Inhibit" else ("", [])
        return Message.new_method_return(message, *gives)

    async def serve() -> None:
        bus = await MessageBus(bus_address=address).connect()
        bus.add_message_handler(handle)
        await bus.request_name(name)
        ready.set()
        await over.wait()
        bus.disconnect()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="power manager")
    thread.start()
    try:
        until(ready.is_set, "the power manager")
        yield asked
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
