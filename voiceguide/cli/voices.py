"""voices, cache and doctor: what this machine can do."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from voiceguide.cli import options as w
from voiceguide.cli.inspect import AsJson, table


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(voices)
    app.command()(cache)
    app.command()(doctor)


def voices(
    engine: Annotated[
        str, typer.Argument(help="Only this engine, with all its voices.", autocompletion=w.complete_engine)
    ] = "",
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Speak this text with that engine.")] = "",
    voice: w.VoiceName = "",
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
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
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


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove every clip.")] = False,
    prune: Annotated[
        str, typer.Option("--prune", metavar="MIB", help="Remove the least recently used down to this.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show the cache of spoken clips: where it is and how large; or make it smaller."""
    from voiceguide.folders import cache_folder
    from voiceguide.speech.cache import ClipCache

    clips = ClipCache(cache_folder())
    if prune and not prune.isdigit():
        raise typer.BadParameter(f"expected a number of MiB, found {prune!r}", param_hint="--prune")
    removed = clips.prune(0) if clear else clips.prune(int(prune) << 20) if prune else 0
    count, size = clips.size()
    if as_json:
        record = {
            "path": str(clips.folder),
            "clips": count,
            "bytes": size,
            "limit": clips.limit_bytes,
            "removed": removed,
        }
        typer.echo(json.dumps(record))
        return
    typer.echo(f"{clips.folder}: {count} clips, {size / (1 << 20):.1f} of {clips.limit_bytes >> 20} MiB")
    if clear or prune:
        typer.echo(f"removed {removed}")


def doctor(as_json: AsJson = False) -> None:
    """Look at everything that listening and exporting need, and say what to do about what is missing."""
    from voiceguide.cli.health import findings

    found = findings()
    if as_json:
        typer.echo(json.dumps([{"what": what, "state": state, "note": note} for what, state, note in found], indent=2))
    else:
        typer.echo(table(("what", "state", "note"), found))
    if any(state == "failed" for _, state, _ in found):
        raise typer.Exit(3)
