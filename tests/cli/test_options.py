"""Commands and their options: a file for each command, and one declaration for what commands share."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperOption

from voiceguide.cli import options
from voiceguide.cli.app import COMMANDS, function_of, load
from voiceguide.cli.options import Asked, spread

FOLDER = Path(options.__file__).parent
OWN = "new"
"""Its options are answers about a script, not about a session, and are called alike."""
EVERY = tuple(name for name in COMMANDS if name != OWN)
SHARED: dict[str, Any] = {
    **{name: option.annotation for name, option in options.shared_options().items()},
    "routine": options.RoutineName,
    "as_json": options.AsJson,
    "bits": options.Bits,
    "output": options.OutputName,
    "remotes": options.RemoteNames,
    **{name: option.annotation for name, option in options.EVERYWHERE.items()},
}


def taken(command: str) -> dict[str, Any]:
    """Return the type of every parameter that Typer sees of *command*."""
    return {name: p.annotation for name, p in inspect.signature(spread(function_of(command))).parameters.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_file_of_its_name(command: str) -> None:
    function = function_of(command)
    assert (Path(inspect.getfile(function)), function.__name__.rstrip("_")) == (FOLDER / f"{command}.py", command)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_list_says_of_a_command_is_how_its_own_help_begins(command: str) -> None:
    assert inspect.cleandoc(function_of(command).__doc__ or "").startswith(COMMANDS[command])


@pytest.mark.parametrize("command", ["plan", "transcript", "play", "export", "say", "watch"])
def test_every_command_with_a_session_takes_all_that_can_be_asked(command: str) -> None:
    assert [field.name for field in fields(Asked) if field.name not in taken(command)] == []


@pytest.mark.parametrize("command", EVERY)
def test_shared_options_are_the_same_objects_in_all_commands_that_take_them(command: str) -> None:
    shared = {name: annotation for name, annotation in taken(command).items() if name in SHARED}
    # `schema --output` is a file, and `voices ENGINE` an argument
    own = {("schema", "output"), ("voices", "engine")}
    for name, annotation in shared.items():
        if (command, name) not in own:
            assert annotation.__metadata__[0] is SHARED[name].__metadata__[0], name


def test_an_option_is_written_alike_wherever_it_is_taken() -> None:
    seen: dict[str, str] = {}
    for command in EVERY:
        for option in load(command).params:
            if isinstance(option, TyperOption) and option.name in {field.name for field in fields(Asked)}:
                usual = "auto" if (command, option.name) == ("check", "engine") else option.default  # it need not speak
                words = f"{option.opts} {option.help} {usual}"
                assert seen.setdefault(option.name or "", words) == words


@pytest.mark.parametrize("arguments", [["--help"], ["cache"]])
def test_only_the_file_of_the_command_that_is_called_is_imported(arguments: list[str]) -> None:
    code = (
        "import sys; from voiceguide.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n"
        "    print(*sorted(name for name in sys.modules if name.startswith('voiceguide.cli.')), file=sys.stderr)\n"
        "    print([name for name in ('rich', 'pydantic') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    own = "app light" if arguments == ["--help"] else "app cache light options printing settings"
    assert done.stderr.split("\n")[:2] == [" ".join(f"voiceguide.cli.{name}" for name in own.split()), "[]"]
