"""The wrong scripts of tests/cases, and what they say about themselves.

A case ends with what voiceguide must say of it, one comment for each problem and one for its hint:

    # expect: 7:10 error[missing-unit]: expected a duration with its unit, such as `8s` or `1m30s`, found `30`
    # hint: write `30s`

Where no comment can stand (the file is empty, is not UTF-8, or a quotation mark is left open) the same lines, without
the `# `, are in NAME.expect beside it. A script that is right, and there only for others, says `# expect: nothing`.

Scripts in the folder lints are also given the advice that `voiceguide check` gives. The others are not. Those in the
folder uses are right: each shows a family of constructs (see test_table.py).

`python -m tests.script.cases NAME...` (of advice: `lints/NAME`) writes what is said now into these cases. Read the
difference before keeping it: it is right only if an author would know what to type.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from voiceguide.diagnostics import Report
from voiceguide.loading import examine

FOLDER = Path(__file__).parent.parent / "cases"
USES = sorted((FOLDER / "uses").glob("*.yaml"))
PATHS = sorted(FOLDER.glob("*.yaml"))
LINTS = sorted((FOLDER / "lints").glob("*.yaml"))
_SAID = re.compile(r"(?:# )?((?:expect|hint): .*)")


def judged(path: Path) -> Report:
    """Return what is said of the case *path*."""
    return examine(path, advise=path in LINTS)[1]


def told(path: Path, report: Report) -> list[str]:
    """Return what *report* says of *path*, in the words of a case."""
    lines = []
    for found in report:
        other = "" if found.span.source.label == str(path) else Path(found.span.source.label).name + ":"
        place = f"{other}{found.span.line}:{found.span.column}"
        lines.append(f"expect: {place} {found.severity}[{found.code}]: {found.message}")
        if found.hint:
            lines.append(f"hint: {found.hint}")
    return lines or ["expect: nothing"]


def expected(path: Path) -> list[str]:
    """Return what the case *path* wants to be told."""
    return [match[1] for match in map(_SAID.fullmatch, _home(path).read_text("utf-8").splitlines()) if match]


def write(path: Path) -> None:
    """Put what is said of *path* now into it."""
    home = _home(path)
    said = told(path, judged(path))
    if home != path:
        home.write_text("".join(f"{line}\n" for line in said), "utf-8")
        return
    raw = path.read_bytes()
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    kept = [line for line in raw.removesuffix(end).split(end) if not _SAID.fullmatch(line.decode())]
    path.write_bytes(end.join([*kept, *(f"# {line}".encode() for line in said), b""]))


def _home(path: Path) -> Path:
    sidecar = path.with_suffix(".expect")
    return sidecar if sidecar.exists() else path


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(FOLDER / f"{name}.yaml")
