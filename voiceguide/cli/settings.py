"""Settings: what the listener has chosen once for all commands, in one small file, `config.yaml`.

It is read by the same reader as scripts. It never stops a command: what is wrong in it, or is not there on this
machine, is told and passed over. Options on the command line win.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.files import config_file
from voiceguide.terminal import note

if TYPE_CHECKING:
    from voiceguide.cli.options import Asked
    from voiceguide.diagnostics import Report
    from voiceguide.source import Source, Span

KEYS: Mapping[str, str] = {
    "engine": "who speaks: auto, or an engine of `voiceguide voices`",
    "voice": "a voice of that engine",
    "talk": "how much is said: full, brief or minimal",
    "bed": "another bed than the script's, or none",
    "output": "where it sounds: auto, miniaudio or simpleaudio",
    "remotes": "what may command a session by itself: all, none, or some remotes: mpris,socket",
}
"""What can be chosen, by the name of the option that it is the default of."""


def read_settings(source: Source) -> tuple[dict[str, tuple[str, Span]], Report]:
    """Return what *source* chooses, each with its place, and every problem found."""
    from voiceguide.plan.request import TALKS
    from voiceguide.script import scalars
    from voiceguide.script.read import read_mapping
    from voiceguide.script.shapes import Key, Kind

    types = {name: scalars.choice(*TALKS) if name == "talk" else scalars.LINE for name in KEYS}
    keys = tuple(Key(name, types[name], doc) for name, doc in KEYS.items())
    return read_mapping(source, Kind("settings", "the settings", "What is chosen for all commands.", keys))


def load_settings() -> tuple[Source, dict[str, tuple[str, Span]], Report]:
    """Return the file as it is, an empty one if there is none, what it chooses, and every problem found.

    Raises VoiceguideError if it cannot be read.
    """
    from voiceguide.library.scripts import load
    from voiceguide.source import Source

    path = config_file()
    source = load(path) if path.is_file() else Source(str(path), "")
    return source, *read_settings(source)


@cache
def chosen() -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return what is chosen by name, and what to say of all that is wrong and passed over."""
    from voiceguide.diagnostics import ScriptError, VoiceguideError

    if not config_file().exists():
        return {}, ()
    try:
        _, found, report = load_settings()
    except (ScriptError, VoiceguideError) as error:
        return {}, (f"voiceguide: the settings are passed over: {error}",)
    wrong = tuple(
        f"voiceguide: passed over in {mistake.span}: {mistake.message}" + (mistake.hint and f"\n  {mistake.hint}")
        for mistake in report.problems
    )
    return {name: value for name, (value, _) in found.items()}, wrong


def fitting(asked: Asked, usual: Mapping[str, str]) -> Asked:
    """Return *asked* without what *usual* has chosen and this machine, or the engine asked for, does not have."""
    from voiceguide.library.sounds import all_sounds
    from voiceguide.speech.engine import ENGINES

    def pass_over(name: str) -> None:
        note(f"voiceguide: passed over in {config_file()}: there is no {name} {usual[name]!r} here", err=True)

    engine, voice = usual.get("engine", "auto"), usual.get("voice", "")
    if voice and asked.voice == voice and asked.engine != engine:
        asked = replace(asked, voice="")  # another engine is asked for, whose voice it is not
    if engine != "auto" and asked.engine == engine:
        known = {plugin.name: plugin for plugin in ENGINES.installed()}
        if engine not in known or known[engine].status().state != "ready":
            pass_over("engine")
            asked = replace(asked, engine="auto", voice="" if asked.voice == voice else asked.voice)
    bed = usual.get("bed", "none")
    if bed != "none" and asked.bed == bed and (bed not in all_sounds() or "bed" not in all_sounds()[bed].kinds):
        pass_over("bed")
        asked = replace(asked, bed=None)
    return asked


def with_setting(source: Source, found: Mapping[str, tuple[str, Span]], name: str, value: str | None) -> str:
    """Return the text of *source* with *name* chosen to be *value*, or not chosen. All else stays as it is."""
    from voiceguide.diagnostics import typed, write

    plain = None if value is None else value if re.fullmatch(r"[A-Za-z][\w./+-]*", value) else json.dumps(value)
    if name in found:
        span = found[name][1]
        if plain is not None:
            return typed(source, [write(plain, span=span)])
        return "\n".join(text for number, text in enumerate(source.lines, 1) if number != span.line)
    text = source.text if not source.text or source.text.endswith("\n") else f"{source.text}\n"
    return text if plain is None else f"{text}{name}: {plain}\n"


def store(text: str) -> Path:
    """Write *text* into the file, whole or not at all, and return where that is."""
    from voiceguide.files import whole_file

    path = config_file().resolve()
    with whole_file(path) as file:
        file.write(text.encode())
    chosen.cache_clear()
    return path
