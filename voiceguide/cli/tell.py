"""tell: a command for a session that plays, from another terminal or program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from voiceguide.cli.options import AsJson
from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.terminal import echo

Process = Annotated[
    int, typer.Option("--session", metavar="PID", help="Which one, where several play: its process.", show_default="")
]


def complete_command(incomplete: str) -> Iterator[str]:
    """Yield the names of commands that begin with *incomplete*, for shell completion."""
    from voiceguide.play.commands import COMMANDS

    yield from (row.name for row in COMMANDS if row.name.startswith(incomplete))


def tell(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="COMMAND...",
            help="What it should do: hold, back 10, five more minutes.",
            autocompletion=complete_command,
        ),
    ],
    session: Process = 0,
    as_json: AsJson = False,
) -> None:
    """Command a session that plays, from another terminal or program.

    The commands are those of the keys; any other word lists them. It says what was understood, and where the session
    stands then.
    """
    from voiceguide.cli.now import standing
    from voiceguide.cli.printing import to_json
    from voiceguide.play.commands import write_command
    from voiceguide.play.sockets import ask, session_of
    from voiceguide.play.typed import command_of

    text = write_command(command_of(" ".join(words)))
    pid = session_of(session)
    answer = answered(lambda: ask(pid, f"do {text}"))
    if "error" in answer:
        raise UsageError(answer["error"], hint=answer["hint"])
    record = {"session": pid, "command": text, "done": answer["done"], "now": answer["now"]}
    if as_json:
        echo(to_json(record))
    else:
        echo(f"{text}: {'' if answer['done'] else 'nothing has changed, '}{standing(answer['now'])}")


def answered(asking: Any) -> dict[str, Any]:
    """Return what *asking* gives. Raises VoiceguideError if the session has ended meanwhile, or does not answer."""
    try:
        answer: dict[str, Any] = asking()
    except TimeoutError as error:
        raise VoiceguideError("the session does not answer", hint="is it stopped, as by Ctrl-Z?") from error
    except (OSError, ValueError):
        answer = {}
    if not answer:
        raise VoiceguideError("the session has just ended")
    return answer
