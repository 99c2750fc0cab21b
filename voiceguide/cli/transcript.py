"""transcript: a session to be read instead of heard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.options import AsJson, Asked, RoutineName
from voiceguide.cli.printing import print_or_write, to_json
from voiceguide.files import target_file


def transcript(
    routine: RoutineName,
    asked: Asked,
    target: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this .txt (with --json: .json).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that will be heard, with times: words, chimes, breathing and silences.

    For those who cannot hear the session, and for those who review it.
    """
    from voiceguide.export.transcript import to_record, to_text

    if target:
        target_file(target, (".json",) if as_json else (".txt",), routine)
    session = asked.compile(routine)
    text = to_json(to_record(session)) if as_json else to_text(session)
    print_or_write(text, target)
