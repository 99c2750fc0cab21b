"""plan: what a session will be, for people, for programs and as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voiceguide.cli.options import AsJson, Asked, RoutineName
from voiceguide.cli.printing import session_clock, table
from voiceguide.units import format_exact

if TYPE_CHECKING:
    from voiceguide.session import Session


def plan(
    routine: RoutineName,
    asked: Asked,
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
    session = asked.compile(routine)
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
        "seed": made.request.seed,
        "cues": [
            {
                "track": cue.track,
                "start": cue.start,
                "frames": cue.frames,
                "step": cue.step.name if cue.step else "",
                "side": cue.side,
                "text": cue.text,
                "line": cue.span.line,
                "address": cue.step and str(cue.step),
                "phrase": cue.phrase,
            }
            for cue in timeline.cues
        ],
        "marks": [{"title": chapter.title, "start": chapter.start} for chapter in timeline.chapters],
        "steps": [
            {
                "step": placed.step,
                "side": placed.side,
                "start": placed.start,
                "frames": placed.frames,
                "speech_frames": placed.speech_frames,
                "address": placed.address and str(placed.address),
                "title": placed.title,
            }
            for placed in timeline.steps
        ],
        "left_out": [
            {
                "step": item.step,
                "side": item.side,
                "why": str(item.why),
                "address": str(item.address),
                "title": item.title,
            }
            for item in made.left_out
        ],
        "range": {"shortest_s": made.range_ms[0] / 1000, "longest_s": made.range_ms[1] / 1000},
    }


def to_text(session: Session, body: str) -> str:
    """Return the compiled session for people: *body* between what it is and what was left out."""
    from voiceguide.author.titles import Titles

    timeline, made = session.timeline, session.plan
    speech = sum(placed.speech_frames for placed in timeline.steps)
    low, high = (format_exact(ms) for ms in made.range_ms)
    lines = [
        f"{made.routine.title}, {session_clock(session, timeline.frames)}, {session.spoken_by}",
        f"possible: {low} to {high}; {100 * speech // timeline.frames} % speech",
        "",
        body,
    ]
    titles = Titles.of(made)
    gone = ((out.address, out.title, str(out.why)) for out in made.left_out)
    said = [f"left out: {what}" for what in titles.told(gone)]
    said += [f"line {note.span.line}: {note.message}" for note in made.notes]
    changes = ((c.address, c.title, f"{c.talk} wording: {c.why}") for c in made.changes)
    said += titles.told(changes)
    return "\n".join([*lines, *([""] if said else []), *said])


def steps_table(session: Session) -> str:
    """Return every step with its times as a table."""
    from voiceguide.author.titles import Titles

    rows, titles = [], Titles.of(session.plan)
    for placed in session.timeline.steps:
        quiet = placed.frames - placed.speech_frames
        times = (session_clock(session, frames) for frames in (placed.frames, placed.speech_frames, quiet))
        name = titles.name(placed.address, placed.title)
        rows.append((session_clock(session, placed.start), name, placed.side or "", *times))
    return table(("at", "step", "side", "length", "speech", "quiet"), rows, right=(0, 3, 4, 5))
