"""doctor: what listening and exporting need, and what is missing of it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records, table
from voiceguide.diagnostics import VoiceguideError


def doctor(as_json: AsJson = False) -> None:
    """Look at everything that listening and exporting need, and say what to do about what is missing."""
    found = findings()
    if as_json:
        print_records([{"what": what, "state": state, "note": note} for what, state, note in found])
    else:
        typer.echo(table(("what", "state", "note"), found))
    if any(state == "failed" for _, state, _ in found):
        raise typer.Exit(3)


def findings() -> list[tuple[str, str, str]]:
    """Return what was looked at: its name, `ready`, `missing` or `failed`, and a note."""
    python = f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}"
    return [
        ("voiceguide", "ready", f"{version('voiceguide')}, {python}"),
        *_library(),
        *_cache(),
        *_engines(),
        *_outputs(),
    ]


def _library() -> list[tuple[str, str, str]]:
    from voiceguide.folders import users
    from voiceguide.library.scripts import all_routines
    from voiceguide.library.sounds import all_sounds

    scripts, sounds = len(all_routines()), len(all_sounds())
    return [
        ("routines", "ready" if scripts else "failed", f"{scripts}; your own go to {users('scripts')}"),
        ("sounds", "ready" if sounds else "failed", f"{sounds}; your own go to {users('sounds')}"),
    ]


def _cache() -> list[tuple[str, str, str]]:
    from voiceguide.files import whole_file
    from voiceguide.folders import cache_folder

    folder = cache_folder()
    try:
        with whole_file(folder / "doctor") as file:
            file.write(b"well")
        (folder / "doctor").unlink()
    except (OSError, VoiceguideError) as error:
        return [("cache", "failed", f"{error}; set VOICEGUIDE_CACHE to a folder that can be written to")]
    return [("cache", "ready", str(folder))]


def _engines() -> list[tuple[str, str, str]]:
    from voiceguide.speech.engine import installed

    rows = []
    for engine in installed():
        status = engine.status()
        ready = status.state == "ready"
        rows.append(
            (f"engine {engine.name}", "ready" if ready else "missing", status.hint or getattr(engine, "title", ""))
        )
    return rows


def _outputs() -> list[tuple[str, str, str]]:
    from voiceguide.play.output import Output, installed_outputs

    rows = []
    for output in installed_outputs():
        status = output.status()
        state, note = ("ready" if status.state == "ready" else "missing"), status.hint
        if state == "ready" and isinstance(output, Output):
            try:
                output.check()
            except VoiceguideError as error:
                state, note = "missing", error.message
        rows.append((f"output {output.name}", state, note))
    return rows
