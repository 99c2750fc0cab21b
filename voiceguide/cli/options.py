"""The options that several commands share, each declared here once.

A command takes those about a session as one value, `asked: Asked`: `spread` shows Typer an option for each field. So a
new option of sessions is a field of `Asked`, and nothing else. How much is told (`EVERYWHERE`) is no command's
matter: `spread` adds it to each, and answers it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cache, update_wrapper
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from voiceguide.cli.settings import chosen, fitting
from voiceguide.nouns import dataclass
from voiceguide.terminal import note, tell
from voiceguide.units import parse_duration, suggest_duration

if TYPE_CHECKING:
    from voiceguide.clip_store import VoiceOptions
    from voiceguide.plan.request import SessionRequest
    from voiceguide.session import Session

log = logging.getLogger(__name__)
LATENCIES_MS = (20, 500)
"""The least and the most that a device may keep."""


def _length(text: str | None) -> str | None:
    if text is not None and parse_duration(text) is None:
        raise typer.BadParameter(
            f"expected a length such as 12:00, 12m or 12m30s, found {text!r}; try {guess_length(text, '12m')}"
        )
    return text


def guess_length(text: str, usual: str) -> str:
    """Return the length that *text* probably means, or else the *usual* one; a bare number counts minutes."""
    bare = text.strip()
    return f"{bare}m" if bare.isdigit() else suggest_duration(bare) or usual


def _talk(text: str) -> str:
    from voiceguide.plan.request import TALKS

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


def _latency(latency_ms: int) -> int:
    if latency_ms and not LATENCIES_MS[0] <= latency_ms <= LATENCIES_MS[1]:
        raise typer.BadParameter(f"expected {LATENCIES_MS[0]} to {LATENCIES_MS[1]}, found {latency_ms}")
    return latency_ms


def _when_back(text: str) -> str:
    if text not in ("wait", "go-on"):
        raise typer.BadParameter(f"expected wait or go-on, found {text!r}")
    return text


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
Bits = Annotated[int, typer.Option("--bits", callback=_bits, help="Bits a sample: 16 or 24.")]
OutputName = Annotated[str, typer.Option("--output", help="Where it sounds: auto, miniaudio or simpleaudio.")]
PlainFlag = Annotated[
    bool, typer.Option("--plain", help="Tell it in lines of words, for screen readers and logs: nothing is drawn.")
]
AnyKey = Annotated[bool, typer.Option("--any-key", help="Any key holds and goes on, for oily hands; Ctrl-C ends it.")]
DeviceName = Annotated[
    str, typer.Option("--device", metavar="NAME", help="Which device, by a part of its name; see `voiceguide devices`.")
]
Latency = Annotated[
    int,
    typer.Option(
        "--latency", metavar="MS", callback=_latency, help="How much sound it keeps: 20 to 500.", show_default="80"
    ),
]
WhenBack = Annotated[
    str,
    typer.Option("--when-back", callback=_when_back, help="When a lost device is back: wait for you, or go-on."),
]
RemoteNames = Annotated[
    str,
    typer.Option("--remotes", metavar="NAMES", help="What may command it by itself: all, none, or some: mpris,socket."),
]
RemoteFlag = Annotated[
    bool, typer.Option("--remote", help="Show a code: a phone in the same network that scans it is a remote.")
]
RemoteAddress = Annotated[
    str, typer.Option("--remote-address", metavar="ADDRESS", help="Serve the remote here: 192.168.1.5, or with :PORT.")
]
ListenFlag = Annotated[
    bool, typer.Option("--listen", help="Listen to spoken commands, such as: guide, pause. It opens the microphone.")
]
MicrophoneName = Annotated[
    str, typer.Option("--microphone", metavar="NAME", help="Listen with this one, by a part of its name.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only results and errors: no progress, no remarks.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Tell what is read from where, who speaks and why, and how long it takes.")
]
EVERYWHERE = {
    name: Parameter(name, Parameter.KEYWORD_ONLY, default=False, annotation=kind)
    for name, kind in {"quiet": Quiet, "verbose": Verbose}.items()
}
"""The options of all commands."""


@dataclass(frozen=True)
class Asked:
    """What the listener asks for, and who speaks: an option a field."""

    length: Annotated[
        str | None,
        typer.Option("--length", "-l", metavar="12:00", callback=_length, help="How long: 12:00, 12m or 12m30s."),
    ] = None
    engine: EngineName = "auto"
    voice: VoiceName = ""
    bed: Annotated[str | None, typer.Option("--bed", help="Another bed (rain, stream, drone), or none.")] = None
    talk: Annotated[str, typer.Option("--talk", callback=_talk, help="How much is said: full, brief or minimal.")] = (
        "full"
    )
    facts: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", callback=_facts, help="What the routine asks about you."),
    ] = None
    seed: Annotated[
        int, typer.Option("--seed", help="Which of several wordings comes first, where a routine has some.")
    ] = 0

    def request(self) -> SessionRequest:
        """Return what the listener asks for."""
        from voiceguide.plan.request import SessionRequest

        return SessionRequest(
            length_ms=None if self.length is None else parse_duration(self.length),
            talk=self.talk,  # type: ignore[arg-type]
            facts=dict(pair.split("=", 1) for pair in self.facts or []),
            bed=self.bed,
            seed=self.seed,
        )

    def voice_options(self, rate: int = 48_000) -> VoiceOptions:
        """Return who speaks, at *rate* Hz."""
        from voiceguide.clip_store import VoiceOptions

        return VoiceOptions(self.engine, self.voice, rate)

    def compile(
        self, routine: str, rate: int = 48_000, first: Callable[[], None] | None = None, *, at_once: bool = False
    ) -> Session:
        """Return the session of *routine*, an id or a path, at *rate* Hz, with a bar while speech is made.

        *first* is called before anything is spoken, if anything has to be. With *at_once* it may be one that can begin
        before anything is spoken (`begin_session`).
        """
        from voiceguide.cli.printing import progress_bar, tell_remarks
        from voiceguide.library.sounds import sounds_report
        from voiceguide.loading import open_routine
        from voiceguide.session import begin_session, compile_session

        compiled = begin_session if at_once else compile_session
        opened = open_routine(routine)
        if warnings := sounds_report():
            note(warnings, err=True)
        with progress_bar(first) as progress:
            session = compiled(opened, self.request(), self.voice_options(rate), progress)
        tell_remarks(session.remarks)
        return session


@dataclass(frozen=True)
class Without:
    """Marks the parameter `asked` of a command that does not take the options *names*."""

    names: tuple[str, ...]


@cache
def shared_options() -> dict[str, Parameter]:
    """Return the fields of `Asked` as parameters by name, the same ones for every command."""
    hints = get_type_hints(Asked, include_extras=True)
    return {
        name: Parameter(name, Parameter.KEYWORD_ONLY, default=usual, annotation=hints[name])
        for name, usual in vars(Asked()).items()
    }


def _tell(command: str, *, quiet: bool, verbose: bool) -> None:
    """Settle how much *command* tells, and begin to."""
    if quiet and verbose:
        raise typer.BadParameter("choose one of --quiet and --verbose")
    tell(logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO)
    if verbose:
        import platform
        from importlib.metadata import version

        from voiceguide.files import PACKAGE, cache_folder, config_file, users

        log.debug("voiceguide %s in %s, Python %s", version("voiceguide"), PACKAGE, platform.python_version())
        log.debug("settings: %s%s", path := config_file(), "" if path.exists() else " (there are none)")
        log.debug("own files: %s; cache: %s", users("scripts").parent, cache_folder())


def _is_chosen(one: Parameter, shared: Mapping[str, Parameter]) -> bool:
    return one.name in shared or one.annotation in (OutputName, RemoteNames)


def spread(function: Callable[..., None]) -> Callable[..., None]:
    """Return *function* as Typer takes it: with the fields of `Asked` in the place of its parameter `asked`.

    What is chosen in the settings is the default of what is asked for, and of the output. `EVERYWHERE` comes last.
    """
    hints = get_type_hints(function, include_extras=True)
    without = {name for mark in getattr(hints.get("asked"), "__metadata__", ()) for name in mark.names}
    shared = {name: o for name, o in shared_options().items() if "asked" in hints and name not in without}
    taken: list[Parameter] = []
    for name, own in signature(function).parameters.items():
        # Typer calls by name, so the order of parameters, which is that of the help, may be any
        one = own.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name])
        taken += shared.values() if name == "asked" else [one]
    usual, wrong = chosen() if any(_is_chosen(one, shared) for one in taken) else ({}, ())
    taken = [one.replace(default=usual.get(one.name, one.default)) if _is_chosen(one, shared) else one for one in taken]
    taken += EVERYWHERE.values()

    def command(**values: Any) -> None:
        _tell(function.__name__.rstrip("_"), quiet=values.pop("quiet"), verbose=values.pop("verbose"))
        for complaint in wrong:
            note(complaint, err=True)
        if "asked" in hints:
            asked = Asked(**{name: values.pop(name) for name in shared})
            values["asked"] = fitting(asked, usual) if usual else asked
        function(**values)

    update_wrapper(command, function)
    command.__signature__ = Signature(taken)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in taken}
    return command
