"""The options that several commands share: what the listener request, and how it is spoken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.units import parse_duration, suggest_duration

if TYPE_CHECKING:
    from voiceguide.plan.outline import SessionRequest
    from voiceguide.session import Session
    from voiceguide.speech.studio import Progress


def _length(text: str | None) -> str | None:
    if text is not None and parse_duration(text) is None:
        raise typer.BadParameter(f"expected a length such as 12:00, 12m or 12m30s, found {text!r}; try {_guess(text)}")
    return text


def _guess(text: str) -> str:
    bare = text.strip()
    return f"{bare}m" if bare.isdigit() else suggest_duration(bare) or "12m"


def _talk(text: str) -> str:
    from voiceguide.plan.outline import TALKS

    if text not in TALKS:
        raise typer.BadParameter(f"expected {', '.join(TALKS)}, found {text!r}")
    return text


def _facts(pairs: list[str] | None) -> list[str]:
    for pair in pairs or []:
        if "=" not in pair:
            raise typer.BadParameter(f"expected name=value, found {pair!r}")
    return pairs or []


def _bits(bits: int) -> int:
    if bits not in (16, 24):
        raise typer.BadParameter(f"expected 16 or 24, found {bits}")
    return bits


def complete_routine(incomplete: str) -> Iterator[str]:
    """Yield the ids of routines that begin with *incomplete*, for shell completion."""
    from voiceguide.library.scripts import all_scripts

    yield from sorted({path.stem for path in all_scripts() if path.stem.startswith(incomplete)})


def complete_engine(incomplete: str) -> Iterator[str]:
    """Yield the names of engines that begin with *incomplete*, for shell completion."""
    from voiceguide.speech.engine import installed

    yield from (name for name in ("auto", *(e.name for e in installed())) if name.startswith(incomplete))


RoutineName = Annotated[
    str,
    typer.Argument(
        metavar="ROUTINE",
        help="An id from `voiceguide list`, or the path of a script.",
        autocompletion=complete_routine,
    ),
]
Length = Annotated[
    str | None,
    typer.Option("--length", "-l", metavar="12:00", callback=_length, help="How long: 12:00, 12m or 12m30s."),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        "-e",
        help="Who speaks: auto, piper, kokoro, espeak, system or tone.",
        autocompletion=complete_engine,
    ),
]
VoiceName = Annotated[str, typer.Option("--voice", "-v", help="A voice of that engine; see `voiceguide voices`.")]
BedName = Annotated[str | None, typer.Option("--bed", help="Another bed (rain, stream, drone), or none.")]
Talk = Annotated[str, typer.Option("--talk", callback=_talk, help="How much is said: full, brief or minimal.")]
Facts = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", callback=_facts, help="What the routine asks about you."),
]
Seed = Annotated[int, typer.Option("--seed", help="Which of several wordings comes first, where a routine has some.")]
Rate = Annotated[int, typer.Option("--rate", help="Sample rate in Hz.")]
Bits = Annotated[int, typer.Option("--bits", callback=_bits, help="Bits a sample: 16 or 24.")]
OutputName = Annotated[str, typer.Option("--output", help="Where it sounds: auto, miniaudio or simpleaudio.")]


def compile_requested(
    routine: str,
    length: str | None,
    engine: str,
    voice: str,
    bed: str | None,
    talk: str,
    facts: list[str] | None,
    seed: int,
    rate: int = 48_000,
) -> Session:
    """Return the session that the shared options describe, with a progress bar while speech is made."""
    from voiceguide.loading import open_routine
    from voiceguide.session import compile_session
    from voiceguide.workbench import VoiceOptions

    request = requested(length, bed, talk, facts, seed)
    with progress_bar() as progress:
        return compile_session(open_routine(routine), request, VoiceOptions(engine, voice, rate), progress)


def requested(length: str | None, bed: str | None, talk: str, facts: list[str] | None, seed: int) -> SessionRequest:
    """Return the request that the shared options describe."""
    from voiceguide.plan.outline import SessionRequest

    return SessionRequest(
        length_ms=None if length is None else parse_duration(length),
        talk=talk,  # type: ignore[arg-type]
        facts=dict(pair.split("=", 1) for pair in facts or []),
        bed=bed,
        seed=seed,
    )


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a progress callback that draws a bar on standard error once there is something to wait for."""
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    """A bar made on first use, so that rich is imported only where somebody waits."""

    def __init__(self) -> None:
        self._shown: object = None
        self._closed = False
        self._tasks: dict[str, object] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        # a session keeps this callback: a bed prepared while it is played must not draw a bar that nobody takes away
        if self._closed or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        if self._shown is None:
            columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
            self._shown.start()
        bar: Progress = self._shown  # type: ignore[assignment]
        if what not in self._tasks:
            self._tasks[what] = bar.add_task(what, total=total)
        bar.update(self._tasks[what], completed=done)  # type: ignore[arg-type]

    def close(self) -> None:
        """Take the bar away, for good."""
        self._closed = True
        if self._shown is not None:
            self._shown.stop()  # type: ignore[attr-defined]
