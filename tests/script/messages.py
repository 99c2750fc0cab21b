"""Prints docs/codes.md: every code with its explanation, a script that earns it, what is printed, and the script mended.

Scripts and messages are those of tests/cases. What is right is written there, or is what the hint says to type.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from tests.script.cases import ALL, Case, lay
from voiceguide.codes import SUBJECTS
from voiceguide.diagnostics import Diagnostic, Report, typed

NOT_SHOWN = frozenset(
    (
        "not-utf-8",
        "empty",
        "too-deep",
        "unknown-recording",
        "file-name",
        "too-many-steps",
        "unknown-sound",
        "sounds-file",
        "bad-sound",
    )
)
"""What bytes, nothing, a file beside the script or thousands of lines would show: the explanation says it better."""


@dataclass(frozen=True)
class Example:
    """The *wrong* lines of a script, what is *printed* about them, and the *right* lines."""

    wrong: str
    printed: str
    right: str


def codes_page() -> str:
    """Return the page."""
    shown = examples()
    lines = ["# Every message", "", "Printed from the table of codes and the tests by `make docs`. Do not edit.", ""]
    lines += ["| about | messages |", "|---|---|"]
    for subject, codes in SUBJECTS.items():
        links = ", ".join(f"[{name}](#{name})" for name in codes)
        lines.append(f"| [{subject}](#{subject.lower().replace(' ', '-')}) | {links} |")
    for subject, codes in SUBJECTS.items():
        lines += ["", f"## {subject}"]
        for name, code in codes.items():
            lines += ["", f"### {name}", "", f"*{code.severity}*", "", code.explanation]
            lines += _blocks(shown[name]) if name in shown else []
    return "\n".join(lines) + "\n"


def _blocks(example: Example) -> Iterator[str]:
    yield from ("", "```yaml", example.wrong, "```", "", "```text", example.printed, "```")
    if example.right:
        yield from ("", "Write instead:", "", "```yaml", example.right, "```")
    else:
        yield from ("", "Take these lines away.")


def examples() -> dict[str, Example]:
    """Return an example of each code but those `NOT_SHOWN`: a case with its right version, or else the shortest."""
    best: dict[str, tuple[tuple[bool, bool, int], Example]] = {}
    with tempfile.TemporaryDirectory() as desk:
        lay(ALL, Path(desk))
        for case in ALL:
            report = [*case.judged(Path(desk))]
            for found in report:
                rank = (not case.right, len(report) > 1, len(case.script))
                mended = _mended(case, found)
                if mended and (found.code not in best or rank < best[found.code][0]):
                    printed = case.told(Report.of([found]), Path(desk))
                    best[found.code] = rank, _example(case.script.decode(), printed, mended)
    return {code: example for code, (_, example) in best.items() if code not in NOT_SHOWN}


def _mended(case: Case, found: Diagnostic) -> str:
    """Return the script of *case* without the problem *found*, or nothing if only an author can mend it."""
    if case.right:
        return case.mended()
    fixes = found.fixes[:1]
    return typed(found.span.source, fixes) if fixes and fixes[0].text is not None and found.span else ""


def _example(script: str, printed: str, mended: str) -> Example:
    wrong, right = script.splitlines(), mended.splitlines()
    changes = [code[1:] for code in SequenceMatcher(None, wrong, right).get_opcodes() if code[0] != "equal"]
    start, stop, right_start, right_stop = changes[0][0], changes[-1][1], changes[0][2], changes[-1][3]
    if start == stop or right_start == right_stop:  # lines only come, or only go: show where
        start, right_start = max(0, start - 1), max(0, right_start - 1)
    return Example(_lines(wrong[start:stop]), printed, _lines(right[right_start:right_stop]))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
