"""fit: the lengths that a routine can have with a voice, what goes first and when, as a table and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.options import AsJson, Asked, RoutineName, Without
from voiceguide.cli.printing import can_print, print_records
from voiceguide.cli.progress import progress_bar


def fit(
    routine: RoutineName,
    asked: Annotated[Asked, Without(("length", "bed", "seed"))],
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture to an SVG file.")] = None,
) -> None:
    """Show which lengths are possible with a voice, what goes first, and below which length."""
    from voiceguide.author.pictures.chart_svg import chart_svg
    from voiceguide.cli.fit_page import find_lengths
    from voiceguide.files import target_file, whole_file
    from voiceguide.loading import open_routine

    if svg:
        target_file(svg, (".svg",))
    with progress_bar() as progress:
        found = find_lengths(open_routine(routine), asked.request(), asked.voice_options(), progress)
    if svg:
        with whole_file(svg) as file:
            file.write(chart_svg(found.chart()).encode())
    if as_json:
        print_records(found.record())
        return
    typer.echo(found.page(plain=not can_print("█▓▒░▼┊")))
    if svg:
        typer.echo(f"\npicture: {svg.resolve()}")
