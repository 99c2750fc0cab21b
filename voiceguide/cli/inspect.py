"""list, show and plan: what there is, and what a session will be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voiceguide.cli import options as w
from voiceguide.units import format_clock, frames_to_ms

if TYPE_CHECKING:
    from voiceguide.session import Session

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command("list")(list_routines)
    app.command()(show)
    app.command()(plan)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, right: tuple[int, ...] = ()) -> str:
    """Return *rows* under *head* in columns of equal width; the columns *right* are set flush right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [c.rjust(n) if i in right else c.ljust(n) for i, (c, n) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def list_routines(as_json: AsJson = False) -> None:
    """List the routines there are."""
    from voiceguide.library.scripts import all_routines

    found = all_routines()
    if as_json:
        records = [
            {
                "id": r.id,
                "title": r.title,
                "language": r.language,
                "family": r.family,
                "shortest_s": r.length.shortest / 1000,
                "default_s": r.length.natural / 1000,
                "longest_s": r.length.longest / 1000,
                "path": str(path),
            }
            for path, r in found
        ]
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    rows = [
        (r.id, r.title, *(format_clock(ms) for ms in (r.length.shortest, r.length.natural, r.length.longest)), r.family)
        for _, r in found
    ]
    typer.echo(table(("id", "title", "shortest", "default", "longest", "family"), rows, right=(2, 3, 4)))


def show(routine: w.RoutineName) -> None:
    """Show a routine: what it is for, what you need, and its steps with their words."""
    from voiceguide.author.describe import describe
    from voiceguide.loading import open_routine

    typer.echo(describe(open_routine(routine)))


def plan(
    routine: w.RoutineName,
    length: w.Length = None,
    engine: w.EngineName = "auto",
    voice: w.VoiceName = "",
    bed: w.BedName = None,
    talk: w.Talk = "full",
    facts: w.Facts = None,
    seed: w.Seed = 0,
    as_json: AsJson = False,
    picture: Annotated[bool, typer.Option("--picture", help="Draw it on the terminal.")] = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw it as an SVG file.")] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw it as a PNG file.")] = None,
) -> None:
    """Show what a session will be: every step with its time, what is left out and why."""
    from voiceguide.cli import draw

    if as_json and picture:
        raise typer.BadParameter("choose one of --json and --picture")
    files = [draw.check_drawing(path, ending) for ending, path in ((".svg", svg), (".png", png)) if path]
    session = w.compile_requested(routine, length, engine, voice, bed, talk, facts, seed)
    for file in files:
        draw.write_drawing(session, file)
    if as_json:
        typer.echo(json.dumps(to_record(session), ensure_ascii=False))
        return
    if picture or not files:
        typer.echo(to_text(session, draw.drawn(session) if picture else steps_table(session)))
    for file in files:
        typer.echo(str(file.resolve()))


def to_record(session: Session) -> dict[str, Any]:
    """Return the compiled session as the record that other programs rely on; times are frames at `rate`."""
    timeline, made = session.timeline, session.plan
    return {
        "routine": made.routine.id,
        "rate": timeline.rate,
        "frames": timeline.frames,
        "engine": session.engine,
        "voice": session.voice,
        "seed": session.request.seed,
        "cues": [
            {
                "track": cue.track,
                "start": cue.start,
                "frames": cue.frames,
                "step": cue.step,
                "side": cue.side,
                "text": cue.text,
                "line": cue.span.line,
            }
            for cue in timeline.cues
        ],
        "marks": [{"title": mark.title, "start": mark.start} for mark in timeline.marks],
        "steps": [
            {
                "step": placed.step,
                "side": placed.side,
                "start": placed.start,
                "frames": placed.frames,
                "speech_frames": placed.speech_frames,
            }
            for placed in timeline.steps
        ],
        "left_out": [{"step": item.step, "side": item.side, "why": item.why} for item in made.left_out],
        "range": {"shortest_s": made.range_ms[0] / 1000, "longest_s": made.range_ms[1] / 1000},
    }


def to_text(session: Session, body: str) -> str:
    """Return the compiled session for people: *body* between what it is and what was left out."""
    timeline, made = session.timeline, session.plan
    speech = sum(placed.speech_frames for placed in timeline.steps)
    low, high = -(-made.range_ms[0] // 1000) * 1000, made.range_ms[1]
    lines = [
        f"{made.routine.title}, {_clock(session, timeline.frames)}, {session.spoken_by}",
        f"possible: {format_clock(low)} to {format_clock(high)}; {100 * speech // timeline.frames} % speech",
        "",
        body,
    ]
    lines += [f"\nleft out: {i.step}{f' ({i.side})' if i.side else ''}: {i.why}" for i in made.left_out[:1]]
    lines += [f"left out: {i.step}{f' ({i.side})' if i.side else ''}: {i.why}" for i in made.left_out[1:]]
    lines += [f"line {note.span.line}: {note.message}" for note in made.notes]
    lines += [f"{c.talk} wording: {c.step}{f' ({c.side})' if c.side else ''}: {c.why}" for c in made.changes]
    return "\n".join(lines)


def steps_table(session: Session) -> str:
    """Return every step with its times as a table."""
    rows = []
    for placed in session.timeline.steps:
        quiet = placed.frames - placed.speech_frames
        times = (_clock(session, frames) for frames in (placed.frames, placed.speech_frames, quiet))
        rows.append((_clock(session, placed.start), placed.title, placed.side or "", *times))
    return table(("at", "step", "side", "length", "speech", "quiet"), rows, right=(0, 3, 4, 5))


def _clock(session: Session, frames: int) -> str:
    return format_clock(frames_to_ms(frames, session.timeline.rate), tenths=True)
