"""fit: the lengths that a routine can have with a voice, what goes first and when, as a table and a picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli import options as w
from voiceguide.cli.inspect import AsJson


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(fit)


def fit(
    routine: w.RoutineName,
    engine: w.EngineName = "auto",
    voice: w.VoiceName = "",
    talk: w.Talk = "full",
    facts: w.Facts = None,
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture to an SVG file.")] = None,
) -> None:
    """Show which lengths are possible with a voice, what goes first, and below which length."""
    from voiceguide.author.pictures.ladder_svg import ladder_svg
    from voiceguide.cli.survey import chart, survey_routine, to_record, to_text
    from voiceguide.files import target_file, whole_file
    from voiceguide.loading import open_routine
    from voiceguide.plan.outline import SessionRequest
    from voiceguide.workbench import VoiceOptions

    if svg:
        target_file(svg, (".svg",))
    with w.progress_bar() as progress:
        request = SessionRequest(talk=talk, facts=dict(pair.split("=", 1) for pair in facts or []))  # type: ignore[arg-type]
        found = survey_routine(open_routine(routine), request, VoiceOptions(engine, voice), progress)
    if svg:
        with whole_file(svg) as file:
            file.write(ladder_svg(chart(found)).encode())
    if as_json:
        typer.echo(json.dumps(to_record(found), ensure_ascii=False, indent=2))
        return
    typer.echo(to_text(found, plain=not _draws(sys.stdout.encoding)))
    if svg:
        typer.echo(f"\npicture: {svg.resolve()}")


def _draws(encoding: str | None) -> bool:
    """Tell whether *encoding* has the characters of the picture."""
    try:
        "█▓▒░▼┊".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
