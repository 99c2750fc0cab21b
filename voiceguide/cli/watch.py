"""watch: a script checked, planned and played anew whenever it is saved."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.app import in_words
from voiceguide.cli.options import Asked, OutputName, complete_routine
from voiceguide.cli.printing import session_clock
from voiceguide.cli.progress import progress_bar
from voiceguide.diagnostics import ScriptError, VoiceguideError

if TYPE_CHECKING:
    from voiceguide.cli.preview import Preview
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.plan.request import SessionRequest
    from voiceguide.session import Session
    from voiceguide.speech.synthesizer import Progress


def watch(
    script: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The script to watch, or its id.", autocompletion=complete_routine),
    ],
    asked: Asked,
    play: Annotated[
        bool | None,
        typer.Option("--play/--no-play", help="Play the step under change; by default in a terminal with sound."),
    ] = None,
    output: OutputName = "auto",
) -> None:
    """Check, plan and play a script again whenever you save it.

    Each save is answered with the problems found, or with what has become of the session: its length, the steps that
    changed, what is left out. Then the step under change is played, until the next save. The last good plan stands
    while a script is broken. A save of a script that blocks are taken from counts too. Ctrl-C ends it.
    """
    from voiceguide.cli.file_watch import saved_files
    from voiceguide.cli.play import stopping
    from voiceguide.cli.preview import Preview
    from voiceguide.library.scripts import find_script
    from voiceguide.play.screen import put
    from voiceguide.speech.engine import pick_engine

    pick_engine(asked.engine)  # no save could mend that
    path = find_script(script)
    preview = Preview(output, sys.stdout.isatty() if play is None else play, told=play is True)
    watched = WatchSession(path, asked.request(), asked.voice_options(), preview)
    put(sys.stdout, f"watching {path}; Ctrl-C ends it\n")
    with stopping(_interrupt) as came:
        try:
            for names in saved_files(path):
                if not watched.begun or watched.concerns(names):
                    watched.answer()
                preview.poll()
        except KeyboardInterrupt:
            put(sys.stdout, "\n" if sys.stdout.isatty() else "")  # after the terminal's own ^C
        finally:
            preview.close()
    raise SystemExit(128 + (came[0] if came else signal.SIGINT))


def _interrupt() -> None:
    raise KeyboardInterrupt


@dataclass
class WatchSession:
    """One script on its way: what was planned last, and which other scripts that took blocks from."""

    path: Path
    request: SessionRequest
    options: VoiceOptions
    preview: Preview
    last: Session | None = None
    begun: bool = False
    broken: bool = False

    def concerns(self, names: frozenset[str]) -> bool:
        """Tell whether saving the scripts *names* may change the session. While it is broken, any may mend it."""
        if names & {self.path.name, self.path.resolve().name}:
            return True
        used = {name.partition("#")[0] for name in self.last.plan.routine.blocks if "#" in name} if self.last else set()
        return bool(names) if self.broken else any(Path(name).stem in used for name in names)

    def answer(self) -> None:
        """Check and plan the script as it is now; say what came of it in how much time, and play what changed."""
        from voiceguide.author.plan_diff import compare, in_words
        from voiceguide.cli.plan import steps_table, to_text
        from voiceguide.play.screen import put

        self.preview.stop()
        began = time.perf_counter()
        before, made = self.last, self._plan()
        took = f"in {(time.perf_counter() - began) * 1000:.0f} ms"
        self.begun, self.broken = True, isinstance(made, str)
        if isinstance(made, str):
            stands = f"; the plan of {session_clock(self.last, self.last.timeline.frames)} stands" if self.last else ""
            put(sys.stdout, f"\n{made}\nchecked {took}{stands}\n")
            return
        session, warnings = made
        self.last = session
        if before is None:
            text = to_text(session, steps_table(session))
        else:
            lines = list(in_words(before.plan, session.plan))
            text = "\n".join(lines if len(lines) > 1 else [f"{lines[0]}, nothing changed"])
        put(sys.stdout, f"\n{warnings}{text}\nplanned {took}\n")
        if before is None:
            self.preview.preload()
        else:
            self.preview.play(session, compare(before.plan, session.plan).under_change)

    def _plan(self) -> tuple[Session, str] | str:
        """Return the session with what there is to warn of, or the problems that are in the way."""
        from voiceguide.loading import examine
        from voiceguide.session import compile_session

        try:
            routine, report = examine(self.path)
            if routine is None:
                raise ScriptError(report)
            with progress_bar() as bar:
                session = compile_session(routine, self.request, self.options, _telling(bar))
        except (ScriptError, VoiceguideError) as error:
            return in_words(error)
        return session, f"{report}\n\n" if report else ""


def _telling(bar: Progress) -> Progress:
    """Return a callback that says once what is being waited for, and hands the rest on to *bar*."""
    from voiceguide.play.screen import put

    said: set[str] = set()

    def tell(what: str, done: int, total: int) -> None:
        if what not in said:
            said.add(what)
            put(sys.stdout, f"{what}{f', {total} to do' if total > 1 else ''} ...\n")
        bar(what, done, total)

    return tell
