"""voices: the speech engines of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import AsJson, VoiceName, complete_engine
from voiceguide.cli.printing import print_records, table

if TYPE_CHECKING:
    from voiceguide.speech.engine import Voice

SHOWN = 4
"""Voices of an engine that are named in the list of all engines."""


def voices(
    engine: Annotated[
        str, typer.Argument(help="Only this engine, with all its voices.", autocompletion=complete_engine)
    ] = "",
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Speak this text with that engine.")] = "",
    voice: VoiceName = "",
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="With --say: write a WAV instead of playing.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the speech engines: which are ready, why others are not, and their voices."""
    from voiceguide.speech.engine import Engine, installed

    if say:
        from voiceguide.cli.say_text import say_aloud

        say_aloud(say, engine or "auto", voice, out)
        return
    records = []
    for found in installed():
        if engine in ("", found.name):
            status = found.status()
            ready = isinstance(found, Engine) and status.state == "ready"
            records.append((found, status, found.voices() if ready and isinstance(found, Engine) else ()))
    if as_json:
        print_records(
            [
                {"engine": found.name, "state": status.state, "hint": status.hint, "voices": [vars(v) for v in known]}
                for found, status, known in records
            ]
        )
        return
    rows = [
        (found.name, status.state, (f"{len(known)} voices" if engine else _some(known)) if known else status.hint)
        for found, status, known in records
    ]
    typer.echo(table(("engine", "state", "voices, or what to do"), rows))
    if engine and records:
        typer.echo(table(("voice", "language", "title"), [(v.id, v.language, v.title) for v in records[0][2]]))


def _some(known: Sequence[Voice]) -> str:
    names = ", ".join(voice.id for voice in known[:SHOWN])
    return f"{names} and {len(known) - SHOWN} more" if len(known) > SHOWN else names
