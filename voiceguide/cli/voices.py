"""voices: the speech engines of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import AsJson, VoiceName, complete_engine
from voiceguide.cli.play import hinting, play_session
from voiceguide.cli.printing import print_records, progress_bar, table
from voiceguide.clip_store import ClipStore, VoiceOptions
from voiceguide.diagnostics import VoiceguideError
from voiceguide.export import check_target, export_session
from voiceguide.plan.expand import expand
from voiceguide.plan.request import SessionRequest
from voiceguide.plugins import Status
from voiceguide.script.model import Range, Routine, Step, Text
from voiceguide.session import compile_session
from voiceguide.source import Source, Span
from voiceguide.terminal import echo, note

if TYPE_CHECKING:
    from voiceguide.speech.engine import Voice

SHOWN = 4
"""Voices of an engine that are named in the list of all engines."""


def voices(
    engine: Annotated[
        str, typer.Argument(help="Only this engine, with all its voices.", autocompletion=complete_engine)
    ] = "",
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Speak this text with that engine.")] = "",
    voice: VoiceName = "",
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="With --say: write a WAV instead of playing.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the speech engines: which are ready, why others are not, and their voices."""
    from voiceguide.speech.engine import Engine, installed

    if say:
        say_aloud(say, engine or "auto", voice, out)
        return
    records = []
    for found in installed():
        if engine in ("", found.name):
            status = found.status()
            known: tuple[Voice, ...] = ()
            try:
                if status.state == "ready" and isinstance(found, Engine):
                    known = found.voices()
            except VoiceguideError as error:
                status = Status("failed", error.message)
            records.append((found, status, known, found.flaws() if isinstance(found, Engine) else ()))
    if as_json:
        print_records(
            [
                {
                    "engine": found.name,
                    "state": status.state,
                    "hint": status.hint,
                    "voices": [vars(v) for v in known],
                    "flaws": [{"path": f.place, "reason": f.reason, "hint": f.hint} for f in flaws],
                }
                for found, status, known, flaws in records
            ]
        )
        return
    rows = [
        (found.name, status.state, (f"{len(known)} voices" if engine else _some(known)) if known else status.hint)
        for found, status, known, _ in records
    ]
    echo(table(("engine", "state", "voices, or what to do"), rows))
    if engine and records:
        echo(table(("voice", "language", "title"), [(v.id, v.language, v.title) for v in records[0][2]]))
    for flaw in (flaw for *_, flaws in records for flaw in flaws):
        echo(f"{flaw}\n  {flaw.hint}")


def _some(known: Sequence[Voice]) -> str:
    names = ", ".join(voice.id for voice in known[:SHOWN])
    return f"{names} and {len(known) - SHOWN} more" if len(known) > SHOWN else names


_LONGEST_MS = 25 * 60_000


def say_aloud(text: str, engine: str, voice: str, out: str) -> None:
    """Speak *text* with *engine* and *voice*: through the loudspeaker, or into the WAV file *out*.

    It is a routine of one step and exactly as long as its words, so it takes the same road as every session.
    """
    if out:
        check_target(out)
    span = Span(Source("--say", text), 1, 1, len(text))
    length = Range(0, 0, _LONGEST_MS)
    step = Step("say", span, title="Say", say=Text((text,), span), length=length)
    routine = Routine("Say", "say", "en", "general", length, (step,), span)
    options = VoiceOptions(engine, voice)
    with progress_bar() as progress:
        spoken = ClipStore(routine, options, progress).durations(expand(routine, SessionRequest())).speech
        frames = sum(spoken.values())
        session = compile_session(
            routine, SessionRequest(length_ms=-(-frames * 1000 // options.rate)), options, progress
        )
    if out:
        note(export_session(session, out).resolve())
    else:
        with hinting("voiceguide voices ENGINE --say TEXT -o FILE.wav"):
            play_session(session, "auto", quiet=True)
