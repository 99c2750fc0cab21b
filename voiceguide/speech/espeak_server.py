"""The espeak-ng helper: a process of its own that speaks one request after another.

It is run as a plain file, isolated (`python -I -S espeak_server.py LIBRARY DATA`): so it starts in 20 ms and drags in
neither site-packages nor voiceguide. espeak-ng carries state from one utterance to the next, so that the same text
does not give the same samples twice, and initialising it again does not help. So the library is initialised once, and
each request is spoken by a fork of this process, which has never spoken before. Where there is no fork, the helper
speaks once and ends. It also ends when its standard input does: when the parent closes it or dies.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import struct
import sys

REQUEST = struct.Struct("<III")
"""Bytes of the voice's name, bytes of the text, espeak's words a minute; the name and the text follow, in UTF-8."""
REPLY = struct.Struct("<i")
"""Bytes of sound that follow: int16, mono, at `RATE`. -1: this cannot be spoken."""

RATE = 22_050
PITCH, RANGE = 42, 45
"""A little lower and a little flatter than espeak's own 50 and 50, which sounds excited in a quiet room."""
FORKS = hasattr(os, "fork")
"""Whether a helper lives on: Windows has no fork."""
TIME_LIMIT_S = 30
"""A sentence takes 5 ms; one that takes this long has hung."""

_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_SYNCHRONOUS, _DONT_EXIT, _FROM_CHARACTER, _UTF8 = 2, 0x8000, 1, 1
_SET_RATE, _SET_PITCH, _SET_RANGE = 1, 3, 4


def serve(library: str, data: str) -> None:
    """Answer requests on standard input until it ends."""
    espeak = ctypes.CDLL(library)
    # espeak refuses long paths and, on Windows, letters outside the code page; "." is neither.
    os.chdir(data)
    if espeak.espeak_Initialize(_SYNCHRONOUS, 0, b".", _DONT_EXIT) != RATE:
        sys.exit("espeak-ng does not find its data")
    while head := _read(REQUEST.size):
        voice_bytes, text_bytes, wpm = REQUEST.unpack(head)
        voice, text = _read(voice_bytes), _read(text_bytes)
        if not FORKS:
            _write(_speak(espeak, voice, text, wpm))
            return
        child = os.fork()
        if not child:
            _write(_speak(espeak, voice, text, wpm))
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            _write(REPLY.pack(-1))


def _speak(espeak: ctypes.CDLL, voice: bytes, text: bytes, wpm: int) -> bytes:
    """Return a whole reply: its head and the sound."""
    faulthandler.dump_traceback_later(TIME_LIMIT_S, exit=True)
    sound = bytearray()

    def take(samples: int | None, count: int, _events: int | None) -> int:
        if samples:
            sound.extend(ctypes.string_at(samples, 2 * count))
        return 0

    callback = _CALLBACK(take)
    espeak.espeak_SetSynthCallback(callback)
    settings = {_SET_RATE: wpm, _SET_PITCH: PITCH, _SET_RANGE: RANGE}
    failed = espeak.espeak_SetVoiceByName(voice) or any(
        espeak.espeak_SetParameter(setting, value, 0) for setting, value in settings.items()
    )
    failed = failed or espeak.espeak_Synth(text, len(text) + 1, 0, _FROM_CHARACTER, 0, _UTF8, None, None)
    return REPLY.pack(-1) if failed else REPLY.pack(len(sound)) + sound


def _read(size: int) -> bytes:
    """Return *size* bytes of standard input, or none at its end."""
    parts = b""
    while len(parts) < size:
        part = os.read(0, size - len(parts))
        if not part:
            return b""
        parts += part
    return parts


def _write(reply: bytes) -> None:
    rest = memoryview(reply)
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    serve(*sys.argv[1:])
