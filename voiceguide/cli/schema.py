"""schema: the JSON Schema of scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.printing import print_or_write


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this file; else it is printed.")
    ] = None,
) -> None:
    """Print the JSON Schema of scripts, for editors and other programs."""
    from voiceguide.author.schema import schema as made

    print_or_write(json.dumps(made(), indent=2), output)
