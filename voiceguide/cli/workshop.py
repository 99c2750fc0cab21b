"""check, explain and schema: what authors need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.inspect import AsJson
from voiceguide.units import plural

LIKENESS = 0.65
"""How alike a word must be to what `explain` takes it for: among so many codes, nonsense is a little like one."""


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(check)
    app.command()(explain)
    app.command()(schema)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts to check.")], as_json: AsJson = False
) -> None:
    """Check scripts: all problems at once, each with its place and what to type instead."""
    from voiceguide.diagnostics import Report
    from voiceguide.opening import examine

    report = Report()
    for path in files:
        report += examine(path, advise=True)[1]
    if as_json:
        typer.echo(json.dumps([found.to_dict() for found in report], ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{report}\n" if report else f"{plural(len(files), 'script')}: no problems", err=bool(report))
        if report:
            typer.echo(report.summary(), err=True)
    if report.errors:
        raise typer.Exit(1)


def explain(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A code from a message, or a key of the language.")],
) -> None:
    """Explain a code of a message, or a key of the language."""
    from textwrap import fill

    from voiceguide.codes import CODES
    from voiceguide.diagnostics import UsageError
    from voiceguide.script.grammar import KINDS
    from voiceguide.script.reference import describe_type
    from voiceguide.script.scalars import close

    if word in CODES:
        code = CODES[word]
        typer.echo(f"{code.severity}[{word}]\n\n{fill(code.explanation, 88)}")
        return
    homes = [(kind, key) for kind in KINDS.values() for key in kind.keys if key.name == word]
    for kind, key in homes:
        typer.echo(f"{word}, in {kind.title}: {key.doc}\n  takes {describe_type(key.type)}")
    if not homes:
        hint = close(word, [*CODES, *(key.name for kind in KINDS.values() for key in kind.keys)], LIKENESS)
        raise UsageError(f"there is no code or key {word!r}", hint=hint)


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this file; else it is printed.")
    ] = None,
) -> None:
    """Print the JSON Schema of scripts, for editors and other programs."""
    from voiceguide.files import target_file, whole_file
    from voiceguide.script.schema import schema as made

    text = json.dumps(made(), indent=2)
    if output is None:
        typer.echo(text)
        return
    with whole_file(target_file(output)) as file:
        file.write(f"{text}\n".encode())
    typer.echo(output.resolve())
