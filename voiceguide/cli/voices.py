"""voices: the speech engines of this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from voiceguide.cli.options import AsJson, VoiceName, complete_engine
from voiceguide.cli.printing import print_records, table


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
        if engine and found.name != engine:
            continue
        status = found.status()
        ready = isinstance(found, Engine) and status.state == "ready"
        known = found.voices() if ready and isinstance(found, Engine) else ()
        records.append((found, status, known))
    if as_json:
        listed = [
            {"engine": found.name, "state": status.state, "hint": status.hint, "voices": [vars(v) for v in known]}
            for found, status, known in records
        ]
        print_records(listed)
        return
    rows = [
        (found.name, status.state, _some(known, all_of_them=bool(engine)) if known else status.hint)
        for found, status, known in records
    ]
    typer.echo(table(("engine", "state", "voices, or what to do"), rows))
    if engine and records:
        typer.echo(table(("voice", "language", "title"), [(v.id, v.language, v.title) for v in records[0][2]]))


def _some(known: tuple[object, ...], *, all_of_them: bool) -> str:
    ids = [getattr(voice, "id", "") for voice in known]
    return (
        f"{len(ids)} voices"
        if all_of_them
        else ", ".join(ids[:4]) + (f" and {len(ids) - 4} more" if len(ids) > 4 else "")
    )
