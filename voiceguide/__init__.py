"""voiceguide: routine scripts compiled into timed speech cues, spoken offline, mixed, played or exported.

    routine = voiceguide.open_routine("whole-foot")
    session = voiceguide.compile_session(routine, voiceguide.SessionRequest(length_ms=12 * 60_000))
    voiceguide.export_session(session, "whole-foot.wav")

What there is:

- `open_routine(name)`, `examine(path)`, `routines()`: scripts, read and checked (`Routine`, `Report`)
- `compile_session(routine, request, options)`: a `Session`, whose `plan` explains itself, whose `timeline` says when
  everything sounds, and whose `blocks()` are the sound
- `SessionRequest` (length, talk, facts about the listener, bed) and `VoiceOptions` (engine, voice, rate, cache)
- `export_session(session, path)`: the session as a file
- `engines()`: the voices that there are, and why others are not
- `ScriptError` (the author's mistakes), `VoiceguideError` (the environment's failures), `LengthError` (a length that
  cannot be had)

Importing it does nothing and is fast; numpy and the engines are imported on use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.diagnostics import Report, ScriptError, VoiceguideError
    from voiceguide.export import export_session
    from voiceguide.library.scripts import all_routines as routines
    from voiceguide.loading import examine, open_routine
    from voiceguide.plan.request import SessionRequest
    from voiceguide.script.model import Routine
    from voiceguide.session import LengthError, Session, compile_session
    from voiceguide.speech.engine import installed as engines

_HOMES = {
    "LengthError": "voiceguide.session",
    "VoiceOptions": "voiceguide.clip_store",
    "Report": "voiceguide.diagnostics",
    "Routine": "voiceguide.script.model",
    "ScriptError": "voiceguide.diagnostics",
    "Session": "voiceguide.session",
    "VoiceguideError": "voiceguide.diagnostics",
    "SessionRequest": "voiceguide.plan.request",
    "compile_session": "voiceguide.session",
    "engines": "voiceguide.speech.engine:installed",
    "examine": "voiceguide.loading",
    "export_session": "voiceguide.export",
    "open_routine": "voiceguide.loading",
    "routines": "voiceguide.library.scripts:all_routines",
}

__all__ = [
    "LengthError",
    "Report",
    "Routine",
    "ScriptError",
    "Session",
    "SessionRequest",
    "VoiceOptions",
    "VoiceguideError",
    "compile_session",
    "engines",
    "examine",
    "export_session",
    "open_routine",
    "routines",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'voiceguide' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute or name)


def __dir__() -> list[str]:
    return __all__
