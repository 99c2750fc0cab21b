"""No character of a script that could do something to a terminal gets there: each of them, in each text, by each command.

The commands run in this process, as `run` runs them, with what they print caught: hundreds of processes would take long.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.test_terminal import dangerous
from voiceguide.cli.app import run
from voiceguide.columns import safe

CHARACTERS = (
    *(
        "\x1b]0;OWNED\x07",
        "\x1b]52;c;cm0=\x07",
        "\x1b[2J",
        "\x07",
        "\r",
        "\b",
        "\x00",
        "\x7f",
        "\x85",
        "\x9b31m",
        "\x90",
    ),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u2028", "\u2029", "\ufeff", "\u200b", "\u200f", "\U000e0041"),
)
PLACES = (
    *("routine", "id", "language", "purpose", "posture", "materials", "sources", "tags", "family", "pronounce", "fact"),
    *("title", "say", "brief", "name", "section", "use", "chime", "key", "value", "comment", "at", "group", "for"),
)


def script(place: str, bad: str) -> str:
    """Return a script with *bad* in *place*: as an escape in double quotes, or as it is where no quotes can be."""

    def quoted(here: str, usual: str) -> str:
        return json.dumps(usual + bad) if here == place else usual

    key = f"{quoted('key', 'k')}: 1" if place == "key" else f"# comment{bad if place == 'comment' else ''}"
    last = {
        "use": f"- use: {quoted('use', 'block')}",
        "group": f"- {{say: x, group: {quoted('group', 'g')}}}",
        "value": f"- {{say: x, when: {quoted('value', 'sore is x')}}}",
    }.get(place, "- pause: 5s..10s..20s")
    return f"""\
routine: {quoted("routine", "Mine")}
id: {quoted("id", "mine")}
language: {quoted("language", "en")}
family: {quoted("family", "general")}
length: 20s..30s..1m
purpose: {quoted("purpose", "Rest.")}
posture: {quoted("posture", "Sit.")}
materials: [{quoted("materials", "oil")}]
sources: [{quoted("sources", "a book")}]
tags: [{quoted("tags", "firm")}]
pronounce: {{{quoted("pronounce", "plantar")}: plan-tar}}
listener:
  {quoted("fact", "sore")}: {{yes or no: no}}
{key}
steps:
  - chime: {quoted("chime", "begin")}
  - section: {quoted("section", "Feet")}
    steps:
      - do: {quoted("name", "rub")}
        title: {quoted("title", "Rub")}
        say: {quoted("say", "Rub the heel.")}
        brief: {quoted("brief", "Rub.")}
        for: {quoted("for", "15s..20s..40s")}
        at: [{{half: {quoted("at", "Half.")}}}]
      {last}
"""


COMMANDS = (
    *("list", "list --json", "show FILE", "plan FILE", "plan FILE --json", "plan FILE --picture", "transcript FILE"),
    *(
        "transcript FILE --json",
        "fit FILE",
        "fit FILE --json",
        "check FILE",
        "check FILE --json",
        "check FILE --fix --diff",
    ),
    *("format FILE --diff", "format FILE --check", "export FILE -o OUT.wav", "say FILE rub -o OUT.wav", "explain BAD"),
    *("plan BAD", "show BAD.yaml", "check BAD.yaml", "voices BAD", "say FILE BAD -o OUT.wav", "plan FILE --engine BAD"),
    *("plan FILE --voice BAD", "plan FILE --bed BAD", "plan FILE --set BAD=1", "plan FILE --length BAD", "BAD"),
    *("new OUT.yaml --yes --title BAD", "play FILE --output BAD", "export FILE -o BAD.xyz", "cache --prune BAD"),
)
NO_VOICE = ("list", "show", "check", "format", "explain", "voices", "new", "cache", "BAD")


def printed(line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what the command *line*, words separated by a NUL, prints on both streams."""
    monkeypatch.setattr(sys, "argv", ["voiceguide", *line.split("\0")])
    with pytest.raises(SystemExit):
        run()
    return "".join(capsys.readouterr())


@pytest.mark.slow
@pytest.mark.parametrize("bad", CHARACTERS, ids=lambda bad: "-".join(f"{ord(c):x}" for c in bad[:3]))
def test_nothing_reaches_a_terminal(
    bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEGUIDE_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "scripts").mkdir(parents=True)
    path = tmp_path / "home" / "scripts" / "mine.yaml"
    for place in PLACES:
        path.write_text(script(place, bad), "utf-8", newline="\n")
        for command in (
            "list",
            "show FILE",
            "plan FILE --engine\0tone",
            "check FILE",
            "check FILE --json",
            "format FILE --diff",
        ):
            words = command.replace("FILE", str(path)).replace(" ", "\0")
            assert dangerous(printed(words, capsys, monkeypatch)) == [], (place, command)
    path.write_text(script("", ""), "utf-8")
    for command in COMMANDS:
        words = command.replace(" ", "\0")
        words += "" if command.startswith(NO_VOICE) or "--engine" in command else "\0--engine\0tone"
        words = (
            words.replace("FILE", str(path)).replace("OUT", str(tmp_path / "out")).replace("BAD", bad.replace("\0", ""))
        )
        told = printed(words, capsys, monkeypatch)
        assert dangerous(told) == [], command
        assert "Traceback" not in told, command


def test_the_characters_are_dangerous_and_are_made_safe() -> None:
    assert [bad for bad in CHARACTERS if not dangerous(bad) and safe(bad) == bad] == []
