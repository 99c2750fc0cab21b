"""format: scripts in the house style."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.columns import line
from voiceguide.nouns import dataclass
from voiceguide.terminal import echo, echo_bytes, note
from voiceguide.units import plural

if TYPE_CHECKING:
    from voiceguide.diagnostics import Report

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class _Work:
    """A script as it is, in bytes, and as it should be, or why it cannot be read."""

    label: str
    before: bytes
    after: bytes
    report: Report

    @property
    def changes(self) -> bool:
        return not self.report and self.before != self.after


def format_(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scripts; `-` takes standard input to standard output.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name what would change, and give 1.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Bring scripts into the house style. Comments stay, and what a script means never changes."""
    from voiceguide.diagnostics import Report, UsageError
    from voiceguide.files import rewrite

    names = list(dict.fromkeys(files))
    if STANDARD_INPUT in names and len(names) > 1:
        raise UsageError("standard input cannot be mixed with files", hint="give `-` alone, or files")
    standard = names == [STANDARD_INPUT]
    works = [_format(name) for name in names]  # all of them before the first is written
    changed = [work for work in works if work.changes]
    for work in changed:
        if diff:
            echo(difference(work.label, work.before, work.after), nl=False)
        elif check:
            echo(line(work.label))
        elif not standard:
            rewrite(Path(work.label), work.after)
            note(f"formatted {line(work.label)}")
    if standard and not check and not diff:
        echo_bytes(works[0].after)
    report = sum((work.report for work in works), Report())
    if report:
        echo(f"{report}\n\n{report.summary()}", err=True)
    elif not changed and not standard:
        note(f"{plural(len(works), 'script')}: nothing to change", err=True)
    if report or (check and changed):
        raise typer.Exit(1)


def _format(name: str) -> _Work:
    from voiceguide.author.format import format_script
    from voiceguide.diagnostics import Report, ScriptError
    from voiceguide.files import read_bytes
    from voiceguide.library.scripts import decode

    standard = name == STANDARD_INPUT
    label, before = "<stdin>" if standard else name, sys.stdin.buffer.read() if standard else read_bytes(Path(name))
    try:
        result = format_script(decode(before, label))
    except ScriptError as error:
        result = error.report
    if isinstance(result, Report):
        return _Work(label, before, b"", result)
    return _Work(label, before, result.encode(), Report())


def difference(name: str, before: bytes, after: bytes) -> str:
    """Return the unified difference between two texts of the file *name*."""
    from difflib import unified_diff

    # line ends are shown as they are, so that a file whose line ends change is no empty difference
    lines = (text.decode().split("\n") for text in (before, after))
    old, new = ([*(f"{line}\n" for line in some[:-1]), *([some[-1] + _NO_END] * bool(some[-1]))] for some in lines)
    return "".join(unified_diff(old, new, name, name))


_NO_END = "\n\\ No newline at end of file\n"
