"""play and export: the two ways of hearing a session."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from voiceguide.cli import options as w
from voiceguide.diagnostics import VoiceguideError
from voiceguide.units import format_clock, frames_to_ms


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(play)
    app.command()(export)


def play(
    routine: w.RoutineName,
    length: w.Length = None,
    engine: w.EngineName = "auto",
    voice: w.VoiceName = "",
    bed: w.BedName = None,
    talk: w.Talk = "full",
    facts: w.Facts = None,
    seed: w.Seed = 0,
    output: w.OutputName = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing.")] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask first, where there is a sound device and somebody to ask.")
    ] = False,
) -> None:
    """Play a session now.

    Space holds and goes on, the arrows go to the next and the previous step, q quits.
    """
    from voiceguide.cli.play import play_session
    from voiceguide.play.output import pick_output

    if ask and not _agreed(output):
        return
    pick_output(output)  # what cannot be played is said before anything is spoken
    play_session(w.compile_requested(routine, length, engine, voice, bed, talk, facts, seed), output, quiet)


def _agreed(output: str) -> bool:
    from voiceguide.play.output import pick_output

    try:
        pick_output(output).check()
    except VoiceguideError as error:
        typer.echo(f"not played here: {error.message}")
        return False
    return sys.stdin.isatty() and typer.confirm("Play it now?", default=False)


def export(
    routine: w.RoutineName,
    target: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write, such as session.wav.")
    ],
    length: w.Length = None,
    engine: w.EngineName = "auto",
    voice: w.VoiceName = "",
    bed: w.BedName = None,
    talk: w.Talk = "full",
    facts: w.Facts = None,
    seed: w.Seed = 0,
    rate: w.Rate = 48_000,
    mono: Annotated[bool, typer.Option("--mono", help="One channel; it measures -19 LUFS and sounds as loud.")] = False,
    bits: w.Bits = 16,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Write a session to a file, whole or not at all."""
    from voiceguide.export import check_target, export_session

    check_target(target)
    session = w.compile_requested(routine, length, engine, voice, bed, talk, facts, seed, rate)
    with w.progress_bar() as progress:
        export_session(session, target, mono=mono, bits=bits, progress=progress)  # type: ignore[arg-type]
    if not quiet:
        long = format_clock(frames_to_ms(session.timeline.frames, rate))
        loudness_db = session.loudness() - (3.01 if mono else 0.0)
        typer.echo(f"{target.resolve()}: {long}, {loudness_db:.1f} LUFS, spoken by {session.spoken_by}")
        if session.plan.left_out:
            names = dict.fromkeys(item.step for item in session.plan.left_out)
            typer.echo(f"left out: {', '.join(names)} (`voiceguide plan` says why)")
