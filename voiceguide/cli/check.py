"""check: all problems of scripts at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records
from voiceguide.units import plural


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts to check.")], as_json: AsJson = False
) -> None:
    """Check scripts: all problems at once, each with its place and what to type instead."""
    from voiceguide.diagnostics import Report
    from voiceguide.loading import examine

    report = Report()
    for path in files:
        report += examine(path, advise=True)[1]
    if as_json:
        print_records([found.to_dict() for found in report])
    else:
        typer.echo(f"{report}\n" if report else f"{plural(len(files), 'script')}: no problems", err=bool(report))
        if report:
            typer.echo(report.summary(), err=True)
    if report.errors:
        raise typer.Exit(1)
