"""check: all problems of scripts at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import AsJson, EngineName, VoiceName
from voiceguide.cli.printing import print_records
from voiceguide.terminal import echo, note
from voiceguide.units import plural

if TYPE_CHECKING:
    from voiceguide.loading import Speaking


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts to check.")],
    as_json: AsJson = False,
    fix: Annotated[bool, typer.Option("--fix", help="Type what is certain, show it, and tell what remains.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="With --fix: write nothing, only show.")] = False,
    engine: EngineName = "",
    voice: VoiceName = "",
) -> None:
    """Check scripts: all problems at once, each with its place and what to type instead.

    With an engine or a voice it speaks, and says exactly what does not fit that voice.
    """
    from voiceguide.diagnostics import Report, UsageError
    from voiceguide.library.sounds import sounds_report
    from voiceguide.loading import examine

    if diff and not fix:
        raise UsageError("--diff shows what --fix would change", hint="write --fix --diff")
    for path in files if fix else ():
        echo(_fixed(path, keep=not diff), nl=False, err=as_json)  # records stay alone on standard output
    report = Report()
    for path in files:
        report += examine(path, advise=True, speaking=_speaking(engine, voice))[1]
    told = {path.resolve() for path in files}
    report += Report(tuple(f for f in sounds_report() if Path(f.span.source.label).resolve() not in told))
    if as_json:
        print_records([found.to_dict() for found in report])
    else:
        if report:
            echo(f"{report}\n", err=True)
            echo(report.summary(), err=True)
        else:
            note(f"{plural(len(files), 'script')}: no problems")
    if report.errors:
        raise typer.Exit(1)


def _speaking(engine: str, voice: str) -> Speaking | None:
    """Return what measures words with *voice* of *engine*, or None if neither is asked for: then they are estimated."""
    if not (engine or voice):
        return None
    from voiceguide.clip_store import ClipStore, VoiceOptions

    with_voice = VoiceOptions(engine or "auto", voice)
    return lambda routine: ClipStore(routine, with_voice).durations


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
