"""say: one step of a session, heard as it will be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import Asked, Bits, OutputName, RoutineName
from voiceguide.cli.printing import progress_bar, session_clock, tell_remarks
from voiceguide.diagnostics import UsageError
from voiceguide.terminal import note
from voiceguide.units import frames_clock, ms_to_frames, parse_duration

if TYPE_CHECKING:
    from voiceguide.address import Address
    from voiceguide.session import Session
    from voiceguide.timeline import StepSpan

INSTEAD = "voiceguide say ROUTINE STEP -o FILE.wav"
"""What to do where there is no sound device."""


def _complete_step(context: typer.Context, incomplete: str) -> Iterator[str]:
    from voiceguide.author.flow import every_step
    from voiceguide.loading import open_routine

    names = (step.name for step in every_step(open_routine(context.params["routine"])))
    yield from dict.fromkeys(name for name in names if name.startswith(incomplete))


def say(
    routine: RoutineName,
    step: Annotated[
        str,
        typer.Argument(
            metavar="STEP",
            help="Its short name (`do` or `name`), or its address, such as heel/rub#2.",
            autocompletion=_complete_step,
        ),
    ],
    *,
    side: Annotated[str, typer.Option("--side", help="left or right; else the side that comes first.")] = "",
    target: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this WAV instead of playing it.")
    ] = None,
    asked: Asked,
    bits: Bits = 16,
    output: OutputName = "auto",
) -> None:
    """Hear one step, exactly as it is in the session.

    The whole session is planned as the options ask; then the stretch from the start of the step to its end is played
    (or written): its words, its silence, its breath tones, the bed under it, as loud as in the session. A step that
    comes more than once is heard the first time.
    """
    from voiceguide.author.flow import every_step
    from voiceguide.cli.play import hinting, play_session
    from voiceguide.export import check_target, export_session
    from voiceguide.loading import open_routine
    from voiceguide.play.output import pick_output
    from voiceguide.session import compile_session

    # what cannot be had is said before anything is spoken
    if target:
        check_target(target, routine)
    with hinting(INSTEAD):
        check = None if target else pick_output(output).check
    made = open_routine(routine)
    check_step(_name_in(step), [known.name for known in every_step(made)], made.id)
    with hinting(INSTEAD), progress_bar(check) as progress:
        session = compile_session(made, asked.request(), asked.voice_options(), progress)
        found = find_step(session, step, side)
        part = session.part(found.start, found.end)
        if target:
            export_session(part, target, bits=bits, progress=progress)  # type: ignore[arg-type]
    tell_remarks(session.remarks)
    if target:
        times = (found.start, found.frames, session.timeline.frames)
        start, long, whole = (session_clock(session, frames) for frames in times)
        note(f"{target.resolve()}: {found.title}, {long}, from {start} of {whole}")
    else:
        with hinting(INSTEAD):
            play_session(part, output)


def check_step(name: str, known: list[str], routine: str) -> None:
    """Raise UsageError, with what was probably meant and all there is, unless *name* is among *known* step names."""
    from voiceguide.script.scalars import near

    names = list(dict.fromkeys(known))
    if name not in names:
        likely = near(name, names)
        hint = (f"did you mean {likely}? " if likely else "") + f"its steps: {', '.join(names)}"
        raise UsageError(f"{routine} has no step {name!r}", hint=hint)


def _name_in(text: str) -> str:
    """Return the name of the step that *text*, a name or an address, means."""
    from voiceguide.address import Address

    try:
        return Address.parse(text).name
    except ValueError:
        return text


def frame_of(session: Session, text: str) -> int:
    """Return the frame of *session* that *text* means: a time, or where a step, by name, address or title, first comes.

    Raises UsageError if there is no such place in it.
    """
    from voiceguide.author.flow import every_step

    timeline, ms = session.timeline, parse_duration(text)
    if ms is not None:
        frame = ms_to_frames(ms, timeline.rate)
        if frame < timeline.frames:
            return frame
        raise UsageError(
            f"{text} is not in this session", hint=f"it is {frames_clock(timeline.frames, timeline.rate)} long"
        )
    titled = (step.start for step in timeline.steps if step.title.casefold() == text.strip().casefold())
    first = next(titled, None)
    if first is not None:
        return first
    routine = session.plan.routine
    check_step(_name_in(text), [known.name for known in every_step(routine)], routine.id)
    return find_step(session, text, "").start


def _means(name: str, address: Address | None) -> bool:
    """Tell whether *name* is the short name or the address of the step at *address*, which may say side and round."""
    return address is not None and name in (address.name, str(address), str(address.written))


def find_step(session: Session, name: str, side: str) -> StepSpan:
    """Return where the step *name* first comes, on *side* unless that is empty.

    Raises UsageError if it is not in this session, with the reason, or has no such side.
    """
    places = [placed for placed in session.timeline.steps if _means(name, placed.address)]
    if not places:
        out = (str(item.why) for item in session.plan.left_out if _means(name, item.address))
        why = next(out, "nothing uses its block")
        hint = "try another --length, or what --set offers; `voiceguide plan` shows what is in"
        raise UsageError(f"{name} is not in this session: {why}", hint=hint)
    found = next((placed for placed in places if side in ("", placed.side)), None)
    if found is None:
        sides = dict.fromkeys(placed.side for placed in places if placed.side)
        hint = f"it has: {', '.join(sides)}" if sides else "leave --side out: it does not belong to a side"
        raise UsageError(f"{name} has no side {side!r}", hint=hint)
    return found
