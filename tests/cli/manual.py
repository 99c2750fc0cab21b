"""The manual page, `man voiceguide`, printed from the table of commands and their options: `make docs`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from textwrap import wrap
from typing import Any

import typer.main

from voiceguide.cli.app import COMMANDS, app, load
from voiceguide.cli.options import EVERYWHERE

DATE = "2026-11-26"
"""A manual page has a date: that of the last release, or, before the first one, that of its first printing."""
EXIT = {
    "0": "Done.",
    "1": "There are problems in a script.",
    "2": "Wrong use: what was asked for does not exist or cannot be had (a routine, an engine, a length).",
    "3": "The machine lacks something, or it fails: a library, a file, a sound device.",
    "128+n": "Ended by the signal n; Ctrl-C gives 130.",
}
ENVIRONMENT = {
    "VOICEGUIDE_HOME": "The folder of your own files: scripts, sounds, voices, config.yaml.",
    "VOICEGUIDE_CACHE": "The folder of spoken clips.",
    "VOICEGUIDE_VOICES": "The folder of voices alone.",
    "NO_COLOR": "If set, nothing is coloured.",
}
EXAMPLES = {
    "Play a routine for twelve minutes": "voiceguide play whole-foot --length 12m",
    "Write it to a file": "voiceguide export whole-foot --length 12m -o whole-foot-12m.wav",
    "See what will be in it, and what is left out": "voiceguide plan whole-foot --length 12m",
    "Begin a script of your own, and check it": "voiceguide new evening.yaml && voiceguide check evening.yaml",
}


WIDTH = 78


def man_page() -> str:
    """Return the manual page as roff text, for man and mandoc."""
    group: Any = typer.main.get_command(app)
    commands = {name: load(name) for name in COMMANDS}
    examples = [line for what, how in EXAMPLES.items() for line in (".TP", f"{_roff(what)}:", f"\\fB{_roff(how)}\\fR")]
    sections: dict[str, Iterable[str]] = {
        "Name": [f"voiceguide \\- {_roff('guided audio sessions from written routines, offline')}"],
        "Synopsis": ["\\fBvoiceguide\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]"],
        "Description": _paragraphs(group.help),
        "Options": _entries(_options(group)),
        "Commands": [line for name, command in commands.items() for line in _command(name, command)],
        "Options of every command": _entries(o for o in _options(commands["list"]) if _everywhere(o)),
        "Exit status": _pairs(EXIT.items()),
        "Environment": _pairs(ENVIRONMENT.items()),
        "Examples": examples,
    }
    lines = [
        '.\\" printed by `make docs` from the table of commands',
        f'.TH VOICEGUIDE 1 {DATE} "voiceguide {version("voiceguide")}" "User Commands"',
    ]
    for title, content in sections.items():
        lines += [f'.SH "{title.upper()}"', *content]
    return "\n".join([*lines, ""])


def _command(name: str, command: Any) -> Iterator[str]:
    options = _options(command)
    yield f'.SS "voiceguide {" ".join([name, *(_roff(_term(o)) for o in options if not _dashed(o))])}"'
    yield from _paragraphs(inspect.cleandoc(command.help))
    yield from _entries(option for option in options if not _everywhere(option))


def _options(command: Any) -> list[Any]:
    """Return the arguments and the options of *command*, `--help` with them."""
    return list(command.get_params(command.make_context("", [], resilient_parsing=True)))


def _dashed(option: Any) -> bool:
    return str(option.opts[0]).startswith("-")


def _everywhere(option: Any) -> bool:
    return option.name in EVERYWHERE or option.name == "help"


def _entries(options: Iterable[Any]) -> Iterator[str]:
    return _pairs((_term(option), _meaning(option)) for option in options)


def _term(option: Any) -> str:
    """Return how *option* is written, and what comes after it."""
    written = ", ".join(sorted([*option.opts, *option.secondary_opts], key=len))
    value = str(option.metavar or option.opts[0].strip("-").upper())
    return value if not _dashed(option) else written if option.is_flag else f"{written} {value}"


def _meaning(option: Any) -> str:
    usual = "" if option.default in (None, "", False) or option.is_flag else f" [default: {option.default}]"
    return f"{option.help}{' [required]' if option.required else usual}"


def _pairs(records: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in records:
        yield from (".TP", f"\\fB{_roff(term)}\\fR", *_lines(text))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        yield from [".PP"] * (number > 0)
        yield from _lines(paragraph)


def _lines(text: str) -> list[str]:
    words = wrap(_roff(text), WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"\\&{line}" if line[0] in ".'" else line for line in words]


def _roff(text: str) -> str:
    """Return *text* as roff takes it; what stands between backticks is bold."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)
