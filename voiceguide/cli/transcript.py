"""transcript: a session to be read instead of heard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli import options as w
from voiceguide.cli.inspect import AsJson


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(transcript)


def transcript(
    routine: w.RoutineName,
    length: w.Length = None,
    engine: w.EngineName = "auto",
    voice: w.VoiceName = "",
    bed: w.BedName = None,
    talk: w.Talk = "full",
    facts: w.Facts = None,
    seed: w.Seed = 0,
    target: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this .txt (with --json: .json).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that will be heard, with times: words, chimes, breathing and silences.

    For those who cannot hear the session, and for those who review it.
    """
    from voiceguide.export import check_target
    from voiceguide.export.transcript import to_record, to_text
    from voiceguide.files import whole_file

    if target:
        check_target(target, (".json",) if as_json else (".txt",))
    session = w.compile_requested(routine, length, engine, voice, bed, talk, facts, seed)
    text = json.dumps(to_record(session), ensure_ascii=False) if as_json else to_text(session)
    if target is None:
        typer.echo(text)
        return
    with whole_file(target) as file:
        file.write(f"{text}\n".encode())
    typer.echo(target.resolve())
