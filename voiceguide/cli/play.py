"""play: a session in a terminal, with device, keys and screen for as long as it lasts."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from voiceguide.cli.options import (
    AnyKey,
    Asked,
    DeviceName,
    Latency,
    ListenFlag,
    MicrophoneName,
    OutputName,
    PlainFlag,
    RemoteAddress,
    RemoteFlag,
    RemoteNames,
    RoutineName,
    WhenBack,
)
from voiceguide.cli.serve import remote_page
from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.nouns import dataclass
from voiceguide.play.commands import Command, End, Toggle
from voiceguide.play.keeper import begun, heard_out, keeping
from voiceguide.play.keys import has_keys, keys_to
from voiceguide.play.output import AnyOutput, LiveOutput, NoSoundError, instead, pick_output
from voiceguide.play.player import Player
from voiceguide.play.remotes import check_remotes, listening
from voiceguide.play.screen import Screen, open_screen, resizing
from voiceguide.play.stand import ANEW, Begin
from voiceguide.play.suspend import suspending
from voiceguide.play.whole_player import AnyPlayer, open_player
from voiceguide.terminal import hushed, is_terminal, note, put
from voiceguide.units import frames_clock, plural

if TYPE_CHECKING:
    from voiceguide.places import Place
    from voiceguide.play.remote import Remote
    from voiceguide.session import Session

ALONE_S = 60.0
"""For how long a lost device is looked for where nobody could press a key."""


@dataclass(frozen=True)
class Heard:
    """On which *device* a session is heard, how much sound that keeps, and whether it *goes_on* by itself when back."""

    device: str = ""
    latency_ms: int = 0
    goes_on: bool = False

    def on(self, output: AnyOutput) -> AnyOutput:
        """Return *output*, playing on this device."""
        if isinstance(output, LiveOutput) and (self.device or self.latency_ms):
            output.choose(self.device, self.latency_ms)
        return output


USUAL = Heard()


def play_session(
    session: Session,
    output: str = "auto",
    quiet: bool = False,
    *,
    begin: Begin = ANEW,
    place: Place | None = None,
    remotes: Sequence[Remote] = (),
    commanders: str = "all",
    plain: bool = False,
    device: Heard = USUAL,
    any_key: bool = False,
) -> None:
    """Play *session* on *output* until it ends or the listener quits; say how much was played. Keep its *place*.

    It is shown on the whole terminal, or, if *plain*, as lines in words. Without keys nobody could go on, so it plays
    through where it would wait. With *any_key* each of them holds and goes on. *remotes* are those that were asked for,
    *commanders* names those that need not be.

    Ends the process with 128 + signal after Ctrl-C, a hang-up or a request to terminate: the sound goes out, and the
    terminal is as it was. Raises VoiceguideError if the output is not ready or there is no sound device.
    """
    keys, quiet = has_keys(), quiet or hushed()
    chosen = device.on(pick_output(output))
    player = open_player(session, chosen, waits=keys or bool(remotes), begin=begin)
    if isinstance(player, Player) and not keys and not remotes:  # nobody could say that it may go on
        player.returns, player.gives_up_s = True, ALONE_S
    if isinstance(player, Player) and device.goes_on:
        player.returns = True
    offered = () if not keys else (Toggle,) if any_key else player.offers
    with stopping(lambda: _leave(player)) as stopped:
        if not quiet:
            put(sys.stdout, _note(player, chosen.name, session, keys))
        with player, keeping(player, session, place), open_screen(offered, quiet=quiet, plain=plain) as screen:
            _shown(player, screen, remotes, commanders, any_key=any_key)
        _put_summary(player, quiet, kept=place is not None)
    if stopped:
        raise SystemExit(128 + stopped[0])


def _shown(player: AnyPlayer, screen: Screen, remotes: Sequence[Remote], commanders: str, *, any_key: bool) -> None:
    """Play on with keys and *screen* until it ends."""

    def pressed(key: str) -> None:
        if screen.pressed(key):
            player.look()

    def do(command: Command) -> None:
        if player.ready:  # keys pressed before it begins do nothing
            player.do(command)

    with resizing(player.look), suspending(player.look) as suspension, keys_to(do, pressed, any_key=any_key):
        player.prepare()
        for remote in remotes:
            remote.start(player)
        with listening(player, commanders):
            for now in player.watch(lambda now: min(screen.soon(now), suspension.soon())):
                screen.behind_ms = getattr(player.output, "latency_ms", 0)
                screen.show(now)
                suspension.settle(now, player, screen.leave)


def _leave(player: AnyPlayer) -> None:
    """Have *player* go out, or go at once if nothing has been heard yet."""
    if not player.ready:
        raise KeyboardInterrupt
    player.do(End())


def play(
    routine: RoutineName,
    asked: Asked,
    output: OutputName = "auto",
    device: DeviceName = "",
    latency_ms: Latency = 0,
    when_back: WhenBack = "wait",
    start: Annotated[
        str, typer.Option("--from", metavar="STEP|TIME", help="Begin with this step, or at this time: knead, 4:12.")
    ] = "",
    remote: RemoteFlag = False,
    address: RemoteAddress = "",
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask first, where there is a sound device and somebody to ask.")
    ] = False,
    plain: PlainFlag = False,
    remotes: RemoteNames = "all",
    listen: ListenFlag = False,
    microphone: MicrophoneName = "",
    any_key: AnyKey = False,
) -> None:
    """Play a session now.

    Space holds and goes on, the arrows go to the next and the previous step, q quits.
    """
    if ask and not _agreed(output):
        return
    # what cannot be played is said before anything is spoken
    from voiceguide.cli.say import frame_of

    heard = Heard(device, latency_ms, when_back == "go-on")
    chosen = heard.on(pick_output(output))
    check_remotes(remotes)
    ear = ear_of(microphone, listen, chosen)
    session = asked.compile(routine, first=chosen.check, at_once=isinstance(chosen, LiveOutput) and not start)
    begin = Begin(frame_of(session, start)) if start else ANEW
    with remotes_at(address if remote or address else None, ear) as called:
        play_session(
            session,
            output,
            begin=begin,
            place=begun(session),
            remotes=called,
            commanders=remotes,
            plain=plain,
            device=heard,
            any_key=any_key,
        )


@contextmanager
def remotes_at(address: str | None, ear: Remote | None) -> Iterator[tuple[Remote, ...]]:
    """Give the remotes that were asked for: a page at *address*, empty for the local network, and an *ear*."""
    with nullcontext() if address is None else remote_page(address) as page:
        try:
            yield tuple(remote for remote in (page, ear) if remote is not None)
        finally:
            if ear is not None:
                ear.stop()


def ear_of(microphone: str, listen: bool, output: AnyOutput) -> Remote | None:
    """Return what listens with *microphone* beside *output*, if it is to *listen* or a microphone is named.

    Raises VoiceguideError if nothing can be heard or understood here: that is told before anything is spoken.
    """
    if not (listen or microphone):
        return None
    check_tapped(output)
    from voiceguide.hear.remote import EarRemote

    ear = EarRemote(microphone)
    ear.check()
    return ear


def check_tapped(output: AnyOutput) -> None:
    """Raise UsageError if what *output* plays cannot be told from what somebody says in the room."""
    if not isinstance(output, LiveOutput):
        message = f"{output.name} plays whole sessions: what it plays could not be told from what you say"
        raise UsageError(message, hint="listen with --output miniaudio")


def _agreed(output: str) -> bool:
    try:
        pick_output(output).check()
    except VoiceguideError as error:
        note(f"not played here: {error.message}")
        return False
    return is_terminal(sys.stdin) and typer.confirm("Play it now?", default=False)


@contextmanager
def hinting(command: str) -> Iterator[None]:
    """Hint at *command*, which writes what was to be played, where an error hints at exporting the whole session."""
    try:
        yield
    except NoSoundError as error:
        error.hint = instead(command, again=error.again)
        raise


def _note(player: AnyPlayer, output: str, session: Session, keys: bool) -> str:
    """Return the line that says what this way of playing cannot do, or nothing."""
    if Toggle not in player.offers:
        return f"{output} plays whole sessions: no hold, no skipping, no waiting. One moment.\n"
    return "" if keys or not session.timeline.waits else "no keys here: it plays through where it would wait for you\n"


def _put_summary(player: AnyPlayer, quiet: bool, *, kept: bool) -> None:
    """Say how far it got, and, even when *quiet*, what to do about underruns, which are heard as gaps.

    With *kept*, what was not heard to its end can be gone on with.
    """
    now, underruns = player.now, player.underruns
    at, whole = (frames_clock(frames, now.timeline.rate) for frames in (now.at, now.timeline.frames))
    count = underruns.count + underruns.late
    if not quiet:
        later = kept and now.at and not heard_out(now.at, now.timeline.frames, now.timeline.rate)
        how = "; to go on with it: voiceguide resume" if later else ""
        put(sys.stdout, f"played {at} of {whole}, {plural(count, 'gap') if count else 'no gaps'}{how}\n")
    if count:
        hint = f"end what else runs, give the device more (--latency 160), or {instead()}"
        put(sys.stderr, f"{plural(count, 'gap')}: this computer was too busy to make the sound in time\n  {hint}\n")


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Call *stop* on the first signal to end; the second one interrupts. Gives the list of those that came.

    Ends the process with 128 + signal where *stop*, or the second one, interrupts.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            raise KeyboardInterrupt
        stop()

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    try:
        before = {number: signal.signal(number, note) for number in numbers}
    except ValueError:  # signals belong to the main thread
        before = {}
    try:
        yield came
    except KeyboardInterrupt:
        if came:
            raise SystemExit(128 + came[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
