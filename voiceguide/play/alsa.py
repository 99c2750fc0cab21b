"""ALSA, the lowest layer of sound on Linux, prints its own errors: a page of them where there is no card."""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def quieten_alsa() -> Any:
    """Keep ALSA from printing for the rest of the process; what it reports as a result is still seen.

    Returns the silent handler, which the cache keeps alive, or None where there is no ALSA.
    """
    if sys.platform != "linux":
        return None
    kind = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    silent = kind(lambda *_: None)
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(silent)
    except (OSError, AttributeError):
        return None
    return silent
