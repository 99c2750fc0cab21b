"""resume: going on with a session that was not heard to its end, however it was ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import (
    AnyKey,
    AsJson,
    DeviceName,
    Latency,
    ListenFlag,
    MicrophoneName,
    OutputName,
    PlainFlag,
    RemoteAddress,
    RemoteFlag,
    RemoteNames,
    WhenBack,
    complete_routine,
)
from voiceguide.diagnostics import ScriptError, UsageError, VoiceguideError
from voiceguide.nouns import dataclass
from voiceguide.terminal import echo, note, put
from voiceguide.units import frames_clock

if TYPE_CHECKING:
    from voiceguide.cli.play import Heard
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.diagnostics import Progress
    from voiceguide.places import Place
    from voiceguide.plan.plan import Plan
    from voiceguide.play.remote import Remote
    from voiceguide.script.model import Routine
    from voiceguide.session import Session

LATER = "a session that is left before its end can be gone on with later"


def resume(
    which: Annotated[
        str,
        typer.Argument(
            metavar="ROUTINE",
            help="The id of its routine, or the path of its script; else the session that was left last.",
            autocompletion=complete_routine,
        ),
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="Only show what can be gone on with.")] = False,
    as_json: AsJson = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget these places; nothing is played.")] = False,
    output: OutputName = "auto",
    device: DeviceName = "",
    latency_ms: Latency = 0,
    when_back: WhenBack = "wait",
    remote: RemoteFlag = False,
    address: RemoteAddress = "",
    plain: PlainFlag = False,
    remotes: RemoteNames = "all",
    listen: ListenFlag = False,
    microphone: MicrophoneName = "",
    any_key: AnyKey = False,
) -> None:
    """Go on with a session that was not heard to its end.

    It goes on after `q`, after the terminal or the process was killed, or the battery was empty: with the instruction
    that was being said, or within a few seconds of where it was. After more than a minute you are first told where you
    are.
    """
    from voiceguide.cli.printing import print_records, table
    from voiceguide.places import forget as forget_place
    from voiceguide.places import places

    found = [place for place in places() if _means(place, which)]
    if as_json:
        print_records([_record(place) for place in found])
    elif listed:
        rows = [_row(place) for place in found]
        echo(table(("routine", "title", "at", "step", "stopped"), rows) if rows else f"nothing to go on with: {LATER}")
    if forget:
        for place in found:
            forget_place(place)
            if not as_json:
                note(f"forgotten: {_where(place)}")
    if listed or as_json or forget:
        return
    if not found:
        raise UsageError(f"there is nothing to go on with{f' of {which}' if which else ''}", hint=LATER)
    from voiceguide.cli.play import Heard, ear_of, remotes_at
    from voiceguide.play.output import pick_output
    from voiceguide.play.remotes import check_remotes

    check_remotes(remotes)

    asked = remotes_at(address if remote or address else None, ear_of(microphone, listen, pick_output(output)))
    _go_on(found[0], output, Heard(device, latency_ms, when_back == "go-on"), asked, remotes, plain, any_key)


def _go_on(
    place: Place,
    output: str,
    device: Heard,
    asked: AbstractContextManager[Sequence[Remote]],
    commanders: str,
    plain: bool,
    any_key: bool,
) -> None:
    """Play on from *place*, with the remotes that are *asked* for."""
    from voiceguide.cli.play import play_session
    from voiceguide.cli.printing import progress_bar, tell_remarks
    from voiceguide.places import script_digest
    from voiceguide.play.output import pick_output
    from voiceguide.play.resuming import goes_on_at
    from voiceguide.play.stand import Begin
    from voiceguide.terminal import hushed
    from voiceguide.units import ms_to_frames

    if not hushed():
        put(sys.stdout, f"{_where(place)}\n")
    check = device.on(pick_output(output)).check  # what cannot be played is said before anything is spoken
    with progress_bar(check) as progress:
        back = come_back(place, progress)
    session = back.session
    tell_remarks((*session.remarks, *([back.remark] if back.remark else [])))
    spoken = replace(place, engine=session.engine, voice=session.voice, digest=script_digest(session.plan.routine))
    with asked as remotes:
        away_ms = place.away_ms  # a phone may have taken a while to be there
        held = ms_to_frames(away_ms, session.timeline.rate)
        begin = Begin(goes_on_at(session.timeline, back.at, away_ms), held, place.volume_db, back.turns)
        play_session(
            session,
            output,
            begin=begin,
            place=spoken,
            remotes=remotes,
            commanders=commanders,
            plain=plain,
            device=device,
            any_key=any_key,
        )


@dataclass(frozen=True)
class Back:
    """The *session* of a place, where that lies in it, the *turns* of its bed, and what the listener should know."""

    session: Session
    at: int
    turns: tuple[tuple[int, int], ...] = ()
    remark: str = ""


def come_back(place: Place, progress: Progress) -> Back:
    """Return the session of *place*: as it was, unless its script has changed, or who spoke is no longer here.

    Raises what stands in the way if there is no way at all.
    """
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.places import load_plan

    plan = load_plan(place)
    same = VoiceOptions(place.engine, place.voice, place.rate)
    anyone = VoiceOptions(rate=place.rate)
    before = "the script has changed, but it goes on with the one before: {why}"
    ways: list[tuple[Callable[[], Back], str]] = [(lambda: _anew(place, plan, anyone, progress), "{why}: {who} speaks")]
    if plan is not None:
        ways.insert(0, (lambda: _as_it_was(place, plan, same, progress), before))
    if plan is None or not _unchanged(plan.routine, Path(place.script)):
        ways.insert(0, (lambda: _anew(place, plan, same, progress), ""))
    failed: list[ScriptError | VoiceguideError] = []
    for way, remark in ways:
        try:
            back = way()
        except (ScriptError, VoiceguideError) as error:
            failed.append(error)
            continue
        if not failed:
            return back
        why = failed[-1].message if isinstance(failed[-1], VoiceguideError) else f"it has {failed[-1].report.summary()}"
        return replace(back, remark=remark.format(why=why, who=back.session.spoken_by))
    raise failed[0]


def _as_it_was(place: Place, plan: Plan, options: VoiceOptions, progress: Progress) -> Back:
    from voiceguide.clip_store import ClipStore
    from voiceguide.session import Session

    session = Session(plan, ClipStore(plan.routine, options, progress))
    assert session.voice is not None  # asked for now, so that one that is gone is missed here
    return Back(session, place.at, place.turns)


def _anew(place: Place, plan: Plan | None, options: VoiceOptions, progress: Progress) -> Back:
    """Return the session of *place* planned anew, as its script is now."""
    from voiceguide.loading import open_routine
    from voiceguide.plan.request import SessionRequest
    from voiceguide.play.resuming import moved_to
    from voiceguide.session import compile_session

    session = compile_session(open_routine(place.script), SessionRequest(**place.request), options, progress)
    if plan is None:
        return Back(session, min(place.at, session.timeline.frames))
    goal = moved_to(plan.timeline, place.at, session.timeline)
    turns = ((0, place.turns[-1][1]),) if place.turns else ()
    return Back(session, goal.frame, turns, goal.remark or "the script has changed: it goes on in the same step")


def _unchanged(routine: Routine, path: Path) -> bool:
    """Tell whether *routine* is what is written at *path* and in the scripts that it takes blocks from."""
    from voiceguide.library.scripts import find_beside, load

    written = [(path, routine.span.source.text)]
    written += [(find_beside(name, path) or Path(), source.text) for name, source in routine.linked.items()]
    try:
        return all(load(each).text == text for each, text in written)
    except (ScriptError, VoiceguideError):
        return False


def _means(place: Place, routine: str) -> bool:
    return routine in ("", place.routine) or str(Path(routine).resolve()) == place.script


def _where(place: Place) -> str:
    from voiceguide.play.resuming import ago

    at, length = (frames_clock(frames, place.rate) for frames in (place.at, place.length))
    return ", ".join(filter(None, (place.title, place.step, place.side, f"{at} of {length}", ago(place.away_ms))))


def _row(place: Place) -> tuple[str, ...]:
    from voiceguide.play.resuming import ago

    at, length = (frames_clock(frames, place.rate) for frames in (place.at, place.length))
    step = ", ".join(filter(None, (place.step, place.side)))
    return place.routine, place.title, f"{at} of {length}", step, ago(place.away_ms)


def _record(place: Place) -> dict[str, object]:
    from voiceguide.units import frames_to_ms

    record = asdict(place)
    for name in ("at", "length", "into", "into_phrase"):
        record[f"{name}_ms"] = frames_to_ms(record.pop(name), place.rate)
    heard = {address: frames_to_ms(frames, place.rate) for address, frames in record.pop("heard").items()}
    del record["turns"], record["plan"]
    return {**record, "heard_ms": heard, "away_ms": place.away_ms}
