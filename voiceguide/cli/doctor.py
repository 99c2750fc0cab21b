"""doctor: what listening and exporting need, and what is missing of it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records, table
from voiceguide.diagnostics import VoiceguideError
from voiceguide.plugins import Status
from voiceguide.terminal import echo

Finding = tuple[str, str, str]
"""What was looked at, `ready`, `missing`, `broken` (and passed over) or `failed`, and a note."""


def doctor(as_json: AsJson = False) -> None:
    """Look at everything that listening and exporting need, and say what to do about what is missing."""
    found = findings()
    if as_json:
        print_records([{"what": what, "state": state, "note": note} for what, state, note in found])
    else:
        echo(table(("what", "state", "note"), found))
    if any(state == "failed" for _, state, _ in found):
        raise typer.Exit(3)


def findings() -> list[Finding]:
    """Return all that was looked at."""
    python = f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}"
    return [
        ("voiceguide", "ready", f"{version('voiceguide')}, {python}"),
        *_library(),
        *_cache(),
        *_engines(),
        *_outputs(),
        *_remotes(),
    ]


def _library() -> list[Finding]:
    from voiceguide.files import users
    from voiceguide.library.scripts import all_routines
    from voiceguide.library.sounds import all_sounds

    scripts, sounds = len(all_routines()), len(all_sounds())
    return [
        ("routines", "ready" if scripts else "failed", f"{scripts}; your own go to {users('scripts')}"),
        ("sounds", "ready" if sounds else "failed", f"{sounds}; your own go to {users('sounds')}"),
        *_bad_sounds(),
    ]


def _bad_sounds() -> Iterator[Finding]:
    from voiceguide.library.sounds import all_sounds

    for sound in all_sounds().values():
        faults = [fault for kind in sound.kinds if (fault := sound.fault(kind))]
        if len(faults) == len(sound.kinds):
            yield f"sound {sound.name}", "missing", f"it {faults[0].why}; {faults[0].hint}"


def _cache() -> list[Finding]:
    from voiceguide.files import cache_folder, whole_file

    folder = cache_folder()
    try:
        with whole_file(folder / "doctor") as file:
            file.write(b"well")
        (folder / "doctor").unlink()
    except (OSError, VoiceguideError) as error:
        return [("cache", "failed", f"{error}; set VOICEGUIDE_CACHE to a folder that can be written to")]
    return [("cache", "ready", str(folder))]


def _engines() -> Iterator[Finding]:
    from voiceguide.speech.engine import Engine, installed

    for engine in installed():
        status = engine.status()
        if isinstance(engine, Engine) and status.state == "ready":
            try:
                engine.voices()
            except VoiceguideError as error:
                status = Status("failed", error.message)
        yield f"engine {engine.name}", _state(status), status.hint or getattr(engine, "title", "")
        for flaw in engine.flaws() if isinstance(engine, Engine) else ():
            yield "voice file", "broken", f"{flaw}; {flaw.hint}"


def _outputs() -> Iterator[Finding]:
    from voiceguide.play.output import Output, installed_outputs

    for output in installed_outputs():
        state, note = _state(output.status()), output.status().hint
        try:
            if state == "ready" and isinstance(output, Output):
                output.check()
        except VoiceguideError as error:
            state, note = "missing", error.message
        yield f"output {output.name}", state, note


def _remotes() -> Iterator[Finding]:
    from voiceguide.hear.remote import EarRemote
    from voiceguide.play.remotes import REMOTES

    for remote in (*REMOTES.installed(), EarRemote()):
        status = remote.status()
        yield f"remote {remote.name}", _state(status), status.hint or getattr(remote, "title", "")


def _state(status: Status) -> str:
    return "ready" if status.state == "ready" else "missing"
