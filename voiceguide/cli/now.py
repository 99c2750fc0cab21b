"""now: where a session that plays stands, for people in a line, and for programs."""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Any

import typer

from voiceguide.cli.options import AsJson
from voiceguide.cli.tell import Process, answered
from voiceguide.terminal import echo
from voiceguide.units import format_clock


def now(
    session: Process = 0,
    as_json: AsJson = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on telling until it ends: a line for each change.")
    ] = False,
) -> None:
    """Show where a session that plays stands: state, time, step and what comes next.

    With --json it is one object in one line, as status bars, scripts and home automation read it.
    """
    from voiceguide.cli.printing import to_json
    from voiceguide.play.sockets import PATIENCE_S, answers, session_of

    pid = session_of(session)
    records = answers(pid, "follow" if follow else "now", None if follow else PATIENCE_S)
    first = answered(lambda: next(records, {}))
    for record in chain((first,), records):
        echo(to_json(record) if as_json else standing(record))


def standing(record: dict[str, Any]) -> str:
    """Return where the session of *record* stands, in one line."""
    state = record["state"]
    if record["away"]:
        state = f"no sound device ({record['away']})"
    elif record["making"]:
        state = f"one moment ({record['making']})"
    elif state == "holding":
        state = "stopped" if record["leaving"] else "waiting for you" if record["waiting"] else "held"
    step, following = record["step"], record["next"]
    parts = [
        state,
        f"{format_clock(record['at_ms'])} of {format_clock(record['length_ms'])}",
        _step(step) if step else "",
        f"next: {_step(following)}" if following else "",
    ]
    return f"{record['title']}: {' · '.join(filter(None, parts))}"


def _step(step: dict[str, Any]) -> str:
    return " ".join(filter(None, (step["title"], step["side"].upper())))
