"""cache: the spoken clips that are kept."""

from __future__ import annotations

from typing import Annotated

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records
from voiceguide.terminal import echo, note


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove every clip.")] = False,
    prune: Annotated[
        str, typer.Option("--prune", metavar="MIB", help="Remove the least recently used down to this.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show the cache of spoken clips: where it is and how large; or make it smaller."""
    from voiceguide.files import cache_folder
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
        print_records(record)
        return
    tells = note if clear or prune else echo
    tells(f"{clips.folder}: {count} clips, {size / (1 << 20):.1f} of {clips.limit_bytes >> 20} MiB")
    if clear or prune:
        note(f"removed {removed}")
