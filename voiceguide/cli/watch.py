"""watch: a script checked, planned and played anew whenever it is saved."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.app import in_words
from voiceguide.cli.options import Asked, OutputName, complete_routine
from voiceguide.cli.printing import progress_bar, session_clock
from voiceguide.diagnostics import ScriptError, VoiceguideError
from voiceguide.library.scripts import ENDINGS, find_script
from voiceguide.play.commands import End
from voiceguide.play.output import pick_output
from voiceguide.play.whole_player import AnyPlayer, open_player
from voiceguide.session import Session
from voiceguide.terminal import hushed, is_terminal, put
from voiceguide.timeline import StepSpan

if TYPE_CHECKING:
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.diagnostics import Progress
    from voiceguide.plan.request import SessionRequest


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
    from voiceguide.cli.play import stopping
    from voiceguide.speech.engine import pick_engine

    pick_engine(asked.engine)  # no save could mend that
    path = find_script(script)
    preview = Preview(output, is_terminal(sys.stdout) if play is None else play, told=play is True)
    watched = WatchSession(path, asked.request(), asked.voice_options(), preview)
    _remark(f"watching {path}; Ctrl-C ends it\n")
    with stopping(_interrupt) as came:
        try:
            for names in saved_files(path):
                if not watched.begun or watched.concerns(names):
                    watched.answer()
                preview.poll()
        except KeyboardInterrupt:
            put(sys.stdout, "\n" if is_terminal(sys.stdout) else "")  # after the terminal's own ^C
        finally:
            preview.close()
    raise SystemExit(128 + (came[0] if came else signal.SIGINT))


def _remark(text: str) -> None:
    if not hushed():
        put(sys.stdout, text)


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
        from voiceguide.author.titles import compare, in_words
        from voiceguide.cli.plan import steps_table, to_text

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
        return session, "".join([f"{report}\n\n" if report else "", *(f"{said}\n" for said in session.remarks)])


def _telling(bar: Progress) -> Progress:
    """Return a callback that says once what is being waited for, and hands the rest on to *bar*."""
    said: set[str] = set()

    def tell(what: str, done: int, total: int) -> None:
        if what not in said:
            said.add(what)
            _remark(f"{what}{f', {total} to do' if total > 1 else ''} ...\n")
        bar(what, done, total)

    return tell


PIECE_MS, MOST_MS = 20, 200
"""A save is over when nothing has come for STEP: an editor may write in pieces, or write beside and rename. MOST bounds
how long that may go on."""
TICK_MS = 50
"""How often an empty answer is given, so that whoever waits can look at something else."""
LOOK_S = 0.2
"""How often the files are looked at where the system tells nothing, as on many network drives."""

Look = Mapping[Path, tuple[int, int, int]]
"""Scripts with what shows that one has been written anew: time in nanoseconds, size, and number of the file."""


def saved_files(script: Path) -> Iterator[frozenset[str]]:
    """Yield the names of the scripts that were saved beside *script*, or none of them every `TICK_MS`.

    Folders are watched, not files: many editors write a new file and give it the old one's name. What is saved from the
    first answer on is not missed.

    The system's notices only say when to look. They do not come from every drive, and watchfiles' own polling takes two
    saves in the same second for one.
    """
    folders = {script.absolute().parent, script.resolve().parent}
    known, looked = look(folders), time.monotonic()
    for noticed in _notices(folders):
        if noticed or time.monotonic() - looked >= LOOK_S:
            fresh, looked = look(folders), time.monotonic()
            yield frozenset(path.name for path in fresh if fresh[path] != known.get(path))
            known = fresh
        else:
            yield frozenset()


def _notices(folders: Iterable[Path]) -> Iterator[bool]:
    """Yield true when something has happened in *folders*, and false every `TICK_MS`."""
    from watchfiles import watch

    # watchfiles' own error is a RuntimeError; the system may have no watches left to give
    with suppress(OSError, RuntimeError):
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=MOST_MS,
            step=PIECE_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            recursive=False,
        ):
            yield bool(changes)
    while True:
        time.sleep(TICK_MS / 1000)
        yield False


def look(folders: Iterable[Path]) -> Look:
    """Return the scripts in *folders* as they are now; hidden files, as some editors make them, are no scripts."""
    found: dict[Path, tuple[int, int, int]] = {}
    for folder in folders:
        with suppress(OSError):  # a folder, or a file, that has just gone
            for entry in os.scandir(folder):
                path = Path(entry.path)
                if path.suffix in ENDINGS and not path.name.startswith("."):
                    with suppress(OSError):
                        stat = path.stat()
                        found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


FADE_S = 0.4
"""How long the sound may take to go out before the next one comes."""


@dataclass
class Preview:
    """Plays on *output* if that is *wanted*. Where it cannot, it is quiet from then on, and says so if *told*."""

    output: str
    wanted: bool
    told: bool = False
    _player: AnyPlayer | None = field(default=None, init=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False)

    def preload(self) -> None:
        """Find out whether there is a device, and load what making sound needs."""
        if self.wanted:
            try:
                pick_output(self.output).check()
            except VoiceguideError as error:
                self._give_up(error)
                return
            import voiceguide.audio.mix  # noqa: F401 - numpy takes a while the first time

    def play(self, session: Session, step: StepSpan | None) -> None:
        """Begin to play *step* of *session*; nothing else sounds any more by then."""
        self.close()
        if not self.wanted or step is None:
            return
        try:
            player = open_player(session.part(step.start, step.end), pick_output(self.output))
            self._open.enter_context(player)
            self._player = player
        except VoiceguideError as error:
            self._give_up(error)
            return
        _remark(f"playing {step.title}{f' ({step.side})' if step.side else ''}\n")

    def stop(self) -> None:
        """Have what sounds go out, without waiting for it."""
        if self._player:
            self._player.do(End())

    def poll(self) -> None:
        """Let go of the device once a step is over."""
        try:
            if self._player and self._player.wait(0):
                self.close()
        except VoiceguideError as error:
            self._give_up(error)

    def close(self) -> None:
        """End what sounds: it goes out first."""
        player, self._player = self._player, None
        with self._open:
            if player:
                player.do(End())
                with suppress(VoiceguideError):  # a device that has gone: the next one to play will tell
                    player.wait(FADE_S)

    def _give_up(self, error: VoiceguideError) -> None:
        self.wanted, self._player = False, None
        self._open.close()
        if self.told:
            put(sys.stdout, f"not played here: {error.message}\n")
