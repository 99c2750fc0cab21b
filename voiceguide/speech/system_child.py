"""The pyttsx3 child process: it lists the machine's voices, or speaks one sentence into a file, and ends.

It is run as a plain file (`python -P system_child.py`) with one JSON request on standard input, and writes one JSON
reply. pyttsx3 gets a process of its own because it prints, because it cannot be initialised twice, and because on
Linux it takes the process down if the library finds no data.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
from typing import Any

TIME_LIMIT_S = 20


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to *request*: the voices, or an empty one when the file of the request has been written."""
    if request.get("library"):
        # pyttsx3 asks the loader for libespeak-ng.so.1 by name and so gets the one that is there already.
        ctypes.CDLL(request["library"], mode=ctypes.RTLD_GLOBAL)
    import pyttsx3

    engine = pyttsx3.init()
    voices = engine.getProperty("voices")
    if "text" not in request:
        found = [{"id": _short(v.id), "name": v.name, "languages": v.languages or []} for v in voices]
        return {"voices": found, "default": _short(engine.getProperty("voice") or "")}
    finished = threading.Event()
    engine.connect("finished-utterance", lambda **_facts: finished.set())
    engine.setProperty("voice", next(v.id for v in voices if _short(v.id) == request["voice"]))
    engine.setProperty("rate", request["rate"])
    engine.save_to_file(request["text"], request["path"])
    engine.runAndWait()
    if engine.driver_name == "espeak":
        # runAndWait does not wait: espeak-ng is still speaking on its own thread, and the file is written when it is
        # done. Leaving now lost 25 of 25 long sentences; waiting for the event lost none.
        finished.wait(TIME_LIMIT_S)
    return {}


def _short(voice_id: str) -> str:
    """Return the last part of a Windows registry path, and any other id as it is."""
    return voice_id.rsplit("\\", 1)[-1]


def main() -> None:
    """Read the request, answer it, and leave without the library's teardown, which may abort."""
    reply = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        result = answer(json.load(sys.stdin))
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    os.write(reply, json.dumps(result).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
