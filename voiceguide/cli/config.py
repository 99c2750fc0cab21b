"""config: what is chosen once for all commands."""

from __future__ import annotations

from typing import Annotated

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.printing import print_records, table
from voiceguide.terminal import echo, note


def config(
    name: Annotated[str, typer.Argument(metavar="NAME", help="engine, voice, talk, bed or output.")] = "",
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What is to be used from now on.")] = "",
    unset: Annotated[bool, typer.Option("--unset", help="Forget NAME.")] = False,
    path: Annotated[bool, typer.Option("--path", help="Print where the file is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show or choose what all commands use unless an option says otherwise: engine, voice, talk, bed, output.

    Without NAME everything is shown. With NAME and VALUE it is chosen, and with NAME and --unset forgotten.
    """
    from voiceguide.cli.settings import KEYS, load_settings, read_settings, store, with_setting
    from voiceguide.diagnostics import ScriptError, UsageError
    from voiceguide.files import config_file
    from voiceguide.source import Source

    if path:
        echo(config_file())
        return
    if name and name not in KEYS:
        raise UsageError(f"there is nothing called {name!r} to choose", hint=f"there are: {', '.join(KEYS)}")
    source, found, report = load_settings()
    if report.problems:
        raise ScriptError(report)
    if value or unset:
        text = with_setting(source, found, name, None if unset else value)
        found, report = read_settings(Source(source.label, text))
        if report.problems:
            raise ScriptError(report)
        if value:
            _check(name, value)
        store(text)
    values = {key: found[key][0] if key in found else None for key in KEYS if name in ("", key)}
    if as_json:
        print_records(values)
        return
    rows = [(key, "(not chosen)" if chosen is None else chosen, KEYS[key]) for key, chosen in values.items()]
    tells = note if value or unset else echo
    tells(table(("name", "value", "what it is"), rows))
    tells(config_file())


def _check(name: str, value: str) -> None:
    """Raise UsageError, with what there is, if *value* is not to be had here now."""
    from voiceguide.library.sounds import find_sound
    from voiceguide.play.output import pick_output
    from voiceguide.speech.engine import pick_engine

    if name == "engine":
        pick_engine(value)
    elif name == "output":
        pick_output(value)
    elif name == "bed" and value != "none":
        find_sound(value, "bed")
