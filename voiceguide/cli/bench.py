"""bench: figures of the documentation, measured on this computer."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records, progress_bar, table
from voiceguide.terminal import echo, note


class What(Enum):
    """What can be measured."""

    spoken = "spoken"


def bench(
    what: Annotated[What, typer.Argument(help="What to measure: spoken.", metavar="WHAT")],
    every: Annotated[int, typer.Option("--every", min=1, help="Only every so manieth trial: 1 for all.")] = 3,
    hours: Annotated[float, typer.Option("--hours", min=0, help="So long a guide speaks for false alarms.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Measure spoken commands: how many are understood, and how many that nobody gave.

    The voices are those that speak on this computer; the room, its noise and its echo are made by rule. It takes
    minutes, on all cores.
    """
    from voiceguide.hear.measures import Alarms, Row, false_alarms, rows
    from voiceguide.hear.models import check_spoken
    from voiceguide.hear.trial_voices import TEST, voices

    check_spoken()
    found: list[Row] = []
    alarms: Alarms | None = None
    with TemporaryDirectory(prefix="voiceguide-spoken-") as folder, progress_bar() as progress:
        speakers = voices(TEST, Path(folder))
        found += rows(Path(folder), every, progress)
        if hours:
            alarms = false_alarms(Path(folder), max(1, round(hours * 60)), progress)
    if as_json:
        records = [
            {"condition": row.condition.name, "trials": row.trials, "right": row.right, "wrong": row.wrong}
            for row in found
        ]
        alarm = alarms and {"minutes": alarms.minutes, "alarms": alarms.alarms, "cores": alarms.cores}
        print_records({"voices": [voice.name for voice in speakers], "conditions": records, "guide": alarm})
        return
    cells = [(row.condition.name, str(row.trials), f"{row.right:.1%}", f"{row.wrong:.1%}") for row in found]
    echo(table(("heard", "trials", "right", "wrong"), cells, right=(1, 2, 3)))
    if alarms:
        echo(
            f"a guide alone, {alarms.minutes / 60:g} h: {alarms.alarms} false alarms, {alarms.per_hour:.2f} an hour; "
            f"{alarms.cores:.1%} of a core"
        )
    note(f"{len(speakers)} voices, none of them used for tuning: {', '.join(voice.name for voice in speakers)}")
