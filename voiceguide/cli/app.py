"""The application: its commands, and what becomes of errors.

Exit codes: 0 done, 1 problems in a script, 2 wrong use (what was asked for does not exist or cannot be had),
3 the environment failed.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from threading import enumerate as threads
from threading import main_thread
from typing import Any, NoReturn

import typer
import typer.core
import typer.main

from voiceguide.cli.light import lighten
from voiceguide.diagnostics import ScriptError, UsageError, VoiceguideError
from voiceguide.terminal import echo, failed

USAGE, ENVIRONMENT, PROBLEMS, SIGNALLED = 2, 3, 1, 128

COMMANDS: Mapping[str, str] = {
    "play": "Play a session now.",
    "resume": "Go on with a session that was not heard to its end.",
    "tell": "Command a session that plays, from another terminal or program.",
    "now": "Show where a session that plays stands: state, time, step and what comes next.",
    "serve": "Play a session on a phone in the same network, which scans a code.",
    "export": "Write a session to a file, whole or not at all.",
    "say": "Hear one step, exactly as it is in the session.",
    "list": "List the routines there are.",
    "show": "Show a routine: what it is for, what you need, and its steps with their words.",
    "plan": "Show what a session will be: every step with its time, what is left out and why.",
    "transcript": "Show everything that will be heard, with times: words, chimes, breathing and silences.",
    "fit": "Show which lengths are possible with a voice, what goes first, and below which length.",
    "check": "Check scripts: all problems at once, each with its place and what to type instead.",
    "explain": "Explain a code of a message, or a word of the language: a key, a value, a live value.",
    "schema": "Print the JSON Schema of scripts, for editors and other programs.",
    "watch": "Check, plan and play a script again whenever you save it.",
    "new": "Write a script to begin with: asks a few questions, or takes the options as answers.",
    "format": "Bring scripts into the house style.",
    "voices": "List the speech engines: which are ready, why others are not, and their voices.",
    "devices": "List the sound devices that a session can be heard on.",
    "config": "Show or choose what all commands use unless an option says otherwise: engine, voice, talk, bed, output.",
    "cache": "Show the cache of spoken clips: where it is and how large; or make it smaller.",
    "hear": "Try spoken commands: say each of them, and see what is understood.",
    "bench": "Measure spoken commands: how many are understood, and how many that nobody gave.",
    "doctor": "Look at everything that listening and exporting need, and say what to do about what is missing.",
}
"""Every command with what it does, in the order of the help. It is the function of its name in the file of its name."""
REFUSED: Any = typer.TyperException
"""What typer raises for every wrong use. All that it raises can be shown, which this type does not promise."""
_SETTINGS: dict[str, Any] = {
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Commands(typer.core.TyperGroup):
    """The commands by name: the module of one is imported when that one is called, and of none for the help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: typer.core.TyperCommand(name, help=what) for name, what in COMMANDS.items()}
        lighten(self, {})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that *args* begin with as a whole, no longer by name only, and the other arguments."""
        name, named, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and named else None, rest


def load(name: str) -> Any:
    """Return the command *name*, made of its function and the options that commands share."""
    from voiceguide.cli.options import spread

    single = typer.Typer(add_completion=False, **_SETTINGS)
    function = spread(function_of(name))
    single.command(name)(function)
    return lighten(typer.main.get_command(single), function.__annotations__)


def function_of(name: str) -> Any:
    """Return the function of the command *name*; one that hides nothing of Python, as `list_` shows."""
    return getattr(import_module(f"voiceguide.cli.{name}"), f"{name}_" if hasattr(builtins, name) else name)


app = typer.Typer(
    name="voiceguide",
    help="Guided audio sessions from written routines: spoken, timed, played hands-free or exported. Offline.",
    cls=Commands,
    no_args_is_help=True,
    **_SETTINGS,
)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        from importlib.metadata import version as installed

        echo(f"voiceguide {installed('voiceguide')}")
        raise typer.Exit


def in_words(error: ScriptError | VoiceguideError) -> str:
    """Return what *error* says to people: all problems of a script, or its message and its hint."""
    if isinstance(error, ScriptError):
        return f"{error.report}\n\n{error.report.summary()}"
    return f"{error.message}\n  {error.hint}" if error.hint else error.message


def run() -> None:
    """Run the command line and turn what was raised into one message and an exit code."""
    # or typer writes `[required]` for rich, with a backslash before it, though nothing here is printed by rich
    typer.core.HAS_RICH = False
    try:
        code = _called()
    except ScriptError as error:
        _end(PROBLEMS, in_words(error))
    except VoiceguideError as error:
        _end(USAGE if isinstance(error, UsageError) else ENVIRONMENT, f"voiceguide: {in_words(error)}")
    except REFUSED as error:
        told = io.StringIO()
        error.show(told)
        _end(error.exit_code, told.getvalue().rstrip("\n"))
    except typer.Abort:
        _end(PROBLEMS, "Aborted!")
    except KeyboardInterrupt:
        _leave(SIGNALLED + signal.SIGINT)
    except SystemExit as ended:
        code = ended.code
    except Exception:  # our bug; what it quotes may come from a script
        _end(PROBLEMS, traceback.format_exc().rstrip("\n"))
    code = code if isinstance(code, int) else 0
    if code > SIGNALLED or any(not thread.daemon for thread in threads() if thread is not main_thread()):
        _leave(code)
    sys.exit(code)


def _called() -> object:
    """Run the application; its own help is the one thing that is not printed by `echo`."""
    try:
        return app(standalone_mode=False)
    except OSError as error:
        if error.filename is None:
            failed(sys.stdout, error)
        raise VoiceguideError(f"{error.filename}: {error.strerror}") from error


def _end(code: int, text: str) -> NoReturn:
    with suppress(VoiceguideError):  # nobody can be told
        echo(text, err=True)
    sys.exit(code)


def _leave(code: int) -> NoReturn:
    """End the process with *code* now: Python itself would wait for every sentence that is still to be spoken."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
