"""`voices --say`: one text, spoken now."""

from __future__ import annotations

import typer

from voiceguide.cli.play import hinting, play_session
from voiceguide.cli.progress import progress_bar
from voiceguide.clip_store import ClipStore, VoiceOptions
from voiceguide.export import check_target, export_session
from voiceguide.plan.expand import expand
from voiceguide.plan.request import SessionRequest
from voiceguide.script.model import Range, Routine, Step, Text
from voiceguide.session import compile_session
from voiceguide.source import Source, Span

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
        typer.echo(export_session(session, out).resolve())
    else:
        with hinting("voiceguide voices ENGINE --say TEXT -o FILE.wav"):
            play_session(session, "auto", quiet=True)
