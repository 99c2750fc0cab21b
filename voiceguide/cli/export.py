"""export: a session as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli.options import Asked, Bits, RoutineName
from voiceguide.cli.printing import progress_bar
from voiceguide.terminal import hushed, note
from voiceguide.units import frames_clock


def export(
    routine: RoutineName,
    *,
    target: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write, such as session.wav.")
    ],
    asked: Asked,
    rate: Annotated[int, typer.Option("--rate", help="Sample rate in Hz.")] = 48_000,
    mono: Annotated[bool, typer.Option("--mono", help="One channel; it measures -19 LUFS and sounds as loud.")] = False,
    bits: Bits = 16,
) -> None:
    """Write a session to a file, whole or not at all."""
    from voiceguide.author.titles import Titles
    from voiceguide.export import check_target, export_session

    check_target(target, routine)
    session = asked.compile(routine, rate)
    with progress_bar() as progress:
        export_session(session, target, mono=mono, bits=bits, progress=progress)  # type: ignore[arg-type]
    if not hushed():
        long = frames_clock(session.timeline.frames, rate)
        speech_db, whole_db = session.speech_loudness(), session.loudness() - 3.01 * mono
        speech = "no words" if speech_db is None else f"speech {speech_db - 3.01 * mono:.1f} LUFS"
        note(f"{target.resolve()}: {long}, {speech}, programme {whole_db:.1f} LUFS, spoken by {session.spoken_by}")
        titles = Titles.of(session.plan)
        waits = ((step.address, step.title, "") for step in session.timeline.steps if step.wait)
        if names := ", ".join(titles.told(waits)):
            note(f"a file does not wait; played through, as long as planned: {names}")
        if session.plan.left_out:
            names = titles.left_out(session.plan)
            note(f"left out: {names} (`voiceguide plan` says why)")
