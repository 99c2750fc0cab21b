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
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts to check.")],
    as_json: AsJson = False,
    fix: Annotated[bool, typer.Option("--fix", help="Type what is certain, show it, and tell what remains.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="With --fix: write nothing, only show.")] = False,
) -> None:
    """Check scripts: all problems at once, each with its place and what to type instead."""
    from voiceguide.diagnostics import Report, UsageError
    from voiceguide.loading import examine

    if diff and not fix:
        raise UsageError("--diff shows what --fix would change", hint="write --fix --diff")
    for path in files if fix else ():
        typer.echo(_fixed(path, keep=not diff), nl=False, err=as_json)  # records stay alone on standard output
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


def _fixed(path: Path, *, keep: bool) -> str:
    """Type the certain fixes of the script at *path* into it, if *keep*, and return the difference."""
    from voiceguide.author.mend import mend, with_ends
    from voiceguide.cli.format import difference
    from voiceguide.diagnostics import ScriptError
    from voiceguide.files import read_bytes, rewrite
    from voiceguide.library.scripts import decode
    from voiceguide.loading import judge

    before = read_bytes(path)
    try:
        source = decode(before, str(path))
    except ScriptError:  # which is told with all that remains
        return ""
    mended = mend(source, lambda made: judge(made, path)[1])
    after = with_ends(before.decode(), mended).encode()
    if keep and after != before:
        rewrite(path, after)
    return difference(str(path), before, after)


def explain(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A code of a message, a key, or a live value of texts.")],
) -> None:
    """Explain a code of a message, a key of the language, or a live value of texts."""
    from textwrap import fill

    from voiceguide.author.reference import describe_type
    from voiceguide.codes import CODES
    from voiceguide.diagnostics import UsageError
    from voiceguide.library.sounds import all_sounds
    from voiceguide.script.grammar import KINDS
    from voiceguide.script.names import LIVE_VALUES
    from voiceguide.script.scalars import near

    word = word.strip("{}")
    keys = [(kind, key) for kind in KINDS.values() for key in kind.keys]
    homes = [(kind.title, key) for kind, key in keys if key.name == word]
    told = [f"{word}, in {title}: {key.doc}\n  takes {describe_type(key.type)}" for title, key in homes]
    named = [sound.name for sound in all_sounds().values() if word in sound.kinds]
    if named:
        told.append(f"there are: {', '.join(sorted(named))}; files in your sounds folder may be named too")
    if word in LIVE_VALUES:
        told.append(f"{{{word}}} in a text: {LIVE_VALUES[word]}")
    if word in CODES:
        code = CODES[word]
        told.append(f"{code.severity}[{word}]\n\n{fill(code.explanation, 88)}")
    if not told:
        likely = near(word, [*CODES, *(key.name for _, key in keys), *LIVE_VALUES], LIKENESS)
        hint = f"did you mean `{likely}`?" if likely else ""
        raise UsageError(f"there is no code, key or live value {word!r}", hint=hint)
    typer.echo("\n\n".join(told))


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this file; else it is printed.")
    ] = None,
) -> None:
    """Print the JSON Schema of scripts, for editors and other programs."""
    from voiceguide.author.schema import schema as made
    from voiceguide.files import target_file, whole_file

    text = json.dumps(made(), indent=2)
    if output is None:
        typer.echo(text)
        return
    with whole_file(target_file(output)) as file:
        file.write(f"{text}\n".encode())
    typer.echo(output.resolve())
