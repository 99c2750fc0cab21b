"""list: the routines there are."""

from __future__ import annotations

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records, table
from voiceguide.terminal import echo
from voiceguide.units import format_clock


def list_(as_json: AsJson = False) -> None:
    """List the routines there are."""
    from voiceguide.library.scripts import all_routines

    found = all_routines()
    if as_json:
        records = [
            {
                "id": r.id,
                "title": r.title,
                "language": r.language,
                "family": r.family,
                "shortest_s": r.length.shortest / 1000,
                "default_s": r.length.natural / 1000,
                "longest_s": r.length.longest / 1000,
                "path": str(path),
            }
            for path, r in found
        ]
        print_records(records)
        return
    rows = [
        (r.id, r.title, *(format_clock(ms) for ms in (r.length.shortest, r.length.natural, r.length.longest)), r.family)
        for _, r in found
    ]
    echo(table(("id", "title", "shortest", "default", "longest", "family"), rows, right=(2, 3, 4)))
