"""plan: what a session will be, for people, for programs and as a picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voiceguide.cli.options import AsJson, Asked, RoutineName
from voiceguide.cli.printing import can_print, picked, session_clock, table, to_json
from voiceguide.columns import line
from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import target_file, whole_file
from voiceguide.terminal import draw, draws, echo, is_terminal, note, size
from voiceguide.units import format_exact

if TYPE_CHECKING:
    from voiceguide.author.pictures.scene import Scene
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
    if as_json and picture:
        raise typer.BadParameter("choose one of --json and --picture")
    files = [check_drawing(path, ending, routine) for ending, path in ((".svg", svg), (".png", png)) if path]
    session = asked.compile(routine)
    for file in files:
        write_drawing(session, file)
    if as_json:
        echo(to_json(to_record(session)))
        return
    if picture or not files:
        draw(sys.stdout, to_text(session, drawn(session) if picture else steps_table(session)) + "\n")
    for file in files:
        note(file.resolve())


def to_record(session: Session) -> dict[str, Any]:
    """Return the compiled session as the record that other programs rely on; times are frames at `rate`."""
    from voiceguide.plan.request import course

    timeline, made = session.timeline, session.plan
    return {
        "routine": made.routine.id,
        "rate": timeline.rate,
        "frames": timeline.frames,
        "engine": session.engine,
        "voice": session.voice,
        "seed": made.request.seed,
        "cues": [
            picked(
                cue,
                "track start frames step side text line address phrase",
                step=cue.step.name if cue.step else "",
                line=cue.span.line,
                address=cue.step and str(cue.step),
            )
            for cue in timeline.cues
        ],
        "marks": [picked(chapter, "title start") for chapter in timeline.chapters],
        "steps": [
            picked(
                step,
                "step side start frames speech_frames address title to wait note",
                address=step.address and str(step.address),
            )
            for step in timeline.steps
        ],
        "left_out": [
            picked(out, "step side why address title", why=str(out.why), address=str(out.address))
            for out in made.left_out
        ],
        "range": {"shortest_s": made.range_ms[0] / 1000, "longest_s": made.range_ms[1] / 1000},
        "remarks": list(session.remarks),
        "note": made.routine.note,
        **course(made.request, made.routine.days),
    }


def to_text(session: Session, body: str) -> str:
    """Return the compiled session for people, safe: *body*, which is, between what it is and what was left out."""
    from voiceguide.author.titles import Titles
    from voiceguide.export.transcript import told_course

    timeline, made = session.timeline, session.plan
    speech = sum(placed.speech_frames for placed in timeline.steps)
    low, high = (format_exact(ms) for ms in made.range_ms)
    lines = [
        f"{made.routine.title}, {session_clock(session, timeline.frames)}, {session.spoken_by}{told_course(made)}",
        f"possible: {low} to {high}; {100 * speech // timeline.frames} % speech",
    ]
    titles = Titles.of(made)
    gone = ((out.address, out.title, str(out.why)) for out in made.left_out)
    said = [f"left out: {what}" for what in titles.told(gone)]
    said += [f"line {note.span.line}: {note.message}" for note in made.notes]
    changes = ((c.address, c.title, f"{c.talk} wording: {c.why}") for c in made.changes)
    said += titles.told(changes)
    said += [f"note: {made.routine.note}"] if made.routine.note else []
    said += titles.told((step.address, step.title, f"note: {step.note}") for step in timeline.steps if step.note)
    head, tail = (list(map(line, some)) for some in (lines, said))
    return "\n".join([*head, "", body, *([""] if said else []), *tail])


def steps_table(session: Session) -> str:
    """Return every step with its times as a table."""
    from voiceguide.author.titles import Titles

    rows, titles = [], Titles.of(session.plan)
    for placed in session.timeline.steps:
        quiet = placed.frames - placed.speech_frames
        times = (session_clock(session, frames) for frames in (placed.frames, placed.speech_frames, quiet))
        name = titles.name(placed.address, placed.title) + (f" ({placed.remarks})" if placed.remarks else "")
        rows.append((session_clock(session, placed.start), name, placed.side or "", *times))
    return table(("at", "step", "side", "length", "speech", "quiet"), rows, right=(0, 3, 4, 5))


ZOOM = 2.0
"""Pixels of a PNG for one of the SVG, so that small words are sharp on a fine screen and in print."""
PIPED = 80
"""How wide a picture in characters is where no terminal says so."""
INSTALL = 'pip install "voiceguide[picture]"'
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


def check_drawing(path: Path, ending: str, reads: str = "") -> Path:
    """Return *path* if a picture with *ending* of the script *reads* can be drawn into it, before anything is spoken.

    Raises UsageError if the name or its folder will not do, VoiceguideError if what draws PNG is missing.
    """
    target = target_file(path, (ending,), reads)
    if ending == ".png":
        try:
            import resvg_py  # noqa: F401
        except ImportError as error:
            hint = f"{INSTALL}, or draw an SVG, which browsers open"
            raise VoiceguideError("drawing PNG needs resvg_py", hint=hint) from error
    return target


def write_drawing(session: Session, path: Path) -> None:
    """Draw *session* into *path*, as SVG or PNG by its ending, whole or not at all."""
    from voiceguide.author.pictures.svg import session_svg

    text = session_svg(_scene(session))
    data = to_png(text, font_files()) if path.suffix.lower() == ".png" else text.encode()
    with whole_file(path) as file:
        file.write(data)


def drawn(session: Session) -> str:
    """Return *session* drawn in characters, as wide as the terminal, in colours where there is one."""
    from voiceguide.author.pictures.terminal import session_terminal

    width = size(sys.stdout)[0] if is_terminal(sys.stdout) else PIPED
    colour = not os.environ.get("NO_COLOR") and draws(sys.stdout)
    return "\n".join(session_terminal(_scene(session), width, colour=colour, plain=not can_print("█▁·│")))


def _scene(session: Session) -> Scene:
    from voiceguide.author.pictures.scene import scene

    return scene(session.timeline, session.plan.routine.title, f"spoken by {session.spoken_by}")


def to_png(text: str, fonts: Sequence[str], *, system: bool = True) -> bytes:
    """Return the SVG *text* as a PNG file, its words set in the *fonts* given as files and those of the *system*.

    Raises VoiceguideError if there is no font at all: the words would be left out, and nothing would say so.
    """
    import resvg_py

    from voiceguide.author.pictures.svg import FONTS

    def paint(svg: str, zoom: float) -> bytes:
        made = resvg_py.svg_to_bytes(
            svg_string=svg, zoom=zoom, font_files=list(fonts), skip_system_fonts=not system, background="#ffffff"
        )
        return bytes(made)

    words = f'<text x="2" y="16" font-family="{FONTS}">Ag</text>'
    if paint(_PROBE.format(words), 1) == paint(_PROBE.format(""), 1):
        raise VoiceguideError("there is no font to set the words of a PNG in", hint=INSTALL)
    return paint(text, ZOOM)


def font_files() -> list[str]:
    """Return the files of Roboto, which comes with the extra; the system's fonts help out where it has no letter."""
    try:
        from font_roboto import font_files as found
    except ImportError:
        return []
    return sorted(found.values())
