"""The application: its commands, and what becomes of errors.

Exit codes: 0 done, 1 problems in a script, 2 wrong use (what was asked for does not exist or cannot be had),
3 the environment failed.
"""

from __future__ import annotations

import os
import sys

import typer
import typer.core

from voiceguide.cli import fit, inspect, listen, new, say_step, transcript, voices, watch, workshop
from voiceguide.cli import format as format_command
from voiceguide.diagnostics import ScriptError, UsageError, VoiceguideError

USAGE, ENVIRONMENT, PROBLEMS, INTERRUPTED = 2, 3, 1, 130

app = typer.Typer(
    name="voiceguide",
    help="Guided audio sessions from written routines: spoken, timed, played hands-free or exported. Offline.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
listen.register(app)
say_step.register(app)
inspect.register(app)
transcript.register(app)
fit.register(app)
workshop.register(app)
watch.register(app)
new.register(app)
format_command.register(app)
voices.register(app)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"voiceguide {installed('voiceguide')}")
        raise typer.Exit


def run() -> None:
    """Run the command line and turn what was raised into one message and an exit code."""
    # or typer writes `[required]` for rich, with a backslash before it, though nothing here is printed by rich
    typer.core.HAS_RICH = False
    try:
        app()
    except ScriptError as error:
        typer.echo(f"{error.report}\n\n{error.report.summary()}", err=True)
        sys.exit(PROBLEMS)
    except VoiceguideError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        typer.echo(f"voiceguide: {error.message}{hint}", err=True)
        sys.exit(USAGE if isinstance(error, UsageError) else ENVIRONMENT)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
