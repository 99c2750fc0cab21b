"""The cases: wrong scripts, and what voiceguide must say of them. tests/cases/README.md tells how they are written.

`python -m tests.script.cases NAME...` writes what is said now into the cases, or into all cases of the themes, NAME.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceguide.diagnostics import Report
from voiceguide.loading import examine

FOLDER = Path(__file__).parent.parent / "cases"
USES = sorted((FOLDER / "uses").glob("*.yaml"))

_CASE = re.compile(
    r"^## ([^\n]+)\n\n(?:```yaml( whole)?\n(.*?\n)```\n\n)?```text\n(.*?)\n```$(?:\n\n```yaml right\n(.*?\n)```$)?",
    re.M | re.S,
)
_SAID = re.compile(r"^(?:(\S+):)?(\d+):(\d+): (error|warning)\[([\w-]+)\]: (.*)\n.*\n.*(?:\n      = (.*))?$", re.M)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Said:
    """A problem that a case expects: its place (in another *script*, if that is named), and what is said there."""

    script: str
    line: int
    column: int
    severity: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Case:
    """A script, and what is expected to be said of it, as `check` prints it; *advised* if advice is part of that.

    *right* is how the part that is written in the case should be, the *frame* what stands around it.
    """

    name: str
    theme: str
    script: bytes
    expected: str
    advised: bool
    right: str = ""
    frame: tuple[str, ...] = ()

    def mended(self) -> str:
        """Return the script with the right part in place of the wrong one."""
        return _framed(self.right, self.frame) if self.frame else self.right

    @property
    def said(self) -> list[Said]:
        """What is expected, problem by problem."""
        found = _SAID.findall(self.expected)
        return [Said(other, int(line), int(column), *rest) for other, line, column, *rest in found]

    def path(self, desk: Path) -> Path:
        """Return where the script lies on *desk*."""
        return desk / ("lints" if self.advised else "cases") / f"{self.name}.yaml"

    def judged(self, desk: Path) -> Report:
        """Return what is said of the script on *desk*."""
        return examine(self.path(desk), advise=self.advised)[1]

    def told(self, report: Report, desk: Path) -> str:
        """Return *report* as it is expected: with no path of *desk*, and what is invisible as an escape."""
        path = self.path(desk)
        text = str(report).replace(f"{path}:", "").replace(str(path.parent / "_")[:-1], "")
        return _INVISIBLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text) or "nothing"


def _cases(folder: Path, *, advised: bool) -> Iterator[Case]:
    frame = tuple(re.split(r"^ *#.*\n", _fenced(folder / "README.md"), flags=re.M))
    for page in sorted(folder.glob("*.md")):
        if page.name == "README.md":
            continue
        text = page.read_text("utf-8")
        found = list(_CASE.finditer(text))
        assert len(found) == text.count("\n## ") == text.count("\n```text\n"), f"{page} is not set out like the others"
        for title, whole, part, expected, right in (match.groups() for match in found):
            name = title.replace(" ", "-")
            if part is None:
                script = (folder / "bytes" / f"{name}.yaml").read_bytes()
            else:
                script = (part if whole else _framed(part, frame)).encode()
            yield Case(name, page.stem, script, expected, advised, right or "", () if whole else frame)


def _fenced(page: Path) -> str:
    match = re.search(r"^```yaml\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    assert match, page
    return match[1]


def _framed(part: str, frame: Sequence[str]) -> str:
    """Return *part* in the script that *frame* is: the lines before its own, those after them, its steps, the rest."""
    head, first, steps, rest = frame
    lines, *own = ("", part) if part.startswith(" ") else re.split(r"^steps:\n", part, maxsplit=1, flags=re.M)
    return f"{head}{lines}{first}{own[0] if own else steps}{rest}"


CASES = {case.name: case for case in _cases(FOLDER, advised=False)}
LINTS = {case.name: case for case in _cases(FOLDER / "lints", advised=True)}
ALL = (*CASES.values(), *LINTS.values())


def lay(cases: Iterable[Case], desk: Path) -> None:
    """Write the scripts of *cases* onto *desk*."""
    for folder in ("cases", "lints"):
        (desk / folder).mkdir(exist_ok=True)
    for case in cases:
        case.path(desk).write_bytes(case.script)


def themes(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return *cases* by the names of their files."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(f"lints/{case.theme}" if case.advised else case.theme, []).append(case)
    return found


def write(case: Case, desk: Path) -> None:
    """Put what is said of *case* now into its file."""
    page = FOLDER / ("lints" if case.advised else "") / f"{case.theme}.md"
    said = case.told(case.judged(desk), desk)

    def changed(match: re.Match[str]) -> str:
        mine = match[1].replace(" ", "-") == case.name
        start, end = (edge - match.start() for edge in match.span(4))
        return f"{match[0][:start]}{said}{match[0][end:]}" if mine else match[0]

    page.write_text(_CASE.sub(changed, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        lay(ALL, Path(place))
        for name in sys.argv[1:]:
            for meant in (case for theme, of in themes(ALL).items() for case in of if name in (case.name, theme)):
                write(meant, Path(place))
