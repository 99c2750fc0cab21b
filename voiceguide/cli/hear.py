"""hear: spoken commands tried out: how loud it is here, what is understood, what is left of an echo."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voiceguide.cli.options import AsJson, DeviceName, MicrophoneName, OutputName
from voiceguide.cli.printing import to_json
from voiceguide.hear.delay import HZ
from voiceguide.terminal import draw, echo, is_terminal, note

if TYPE_CHECKING:
    from voiceguide.hear.ear import Ear
    from voiceguide.hear.listener import Speech
    from voiceguide.play.player import Player

LOOK_S = 0.2
BARS = 30
"""Cells of the meter: 2 dB each."""


def hear(
    beside: Annotated[
        str, typer.Option("--beside", metavar="ROUTINE", help="Play this meanwhile, to see what is left of its echo.")
    ] = "",
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="For how long; Ctrl-C ends it sooner.")] = 60,
    microphone: MicrophoneName = "",
    output: OutputName = "auto",
    device: DeviceName = "",
    as_json: AsJson = False,
) -> None:
    """Try spoken commands: say each of them, and see what is understood.

    Nothing is commanded, and nothing of what is heard is kept. With --beside a session plays meanwhile, as loud as you
    will hear it: what the microphone hears of it is taken out, and the line shows how much.
    """
    from voiceguide.hear.ear import Ear
    from voiceguide.hear.listener import SpokenCommands
    from voiceguide.hear.microphone import Microphone
    from voiceguide.hear.models import check_spoken
    from voiceguide.play.commands import write_command

    check_spoken()
    ears = Microphone(microphone)
    ears.check()
    heard: SimpleQueue[Speech] = SimpleQueue()
    listener = SpokenCommands(said=heard.put)
    with _playing(beside, output, device) if beside else nullcontext() as player:
        ear = Ear(ears, listener, player.rate if player else 48_000, lambda command: None)
        if player:
            player.tap = ear.play
        open_phrases = dict.fromkeys(listener.phrases)
        if not as_json:
            note(f"Say one of these, with a pause after it: {'  '.join(open_phrases)}")
        ear.open()
        try:
            end = time.monotonic() + seconds
            while open_phrases and time.monotonic() < end:
                _show_level(ear, as_json)
                try:
                    speech = heard.get(timeout=LOOK_S)
                except Empty:
                    continue
                if speech.taken:
                    open_phrases.pop(speech.phrase, None)
                command = write_command(listener.phrases[speech.phrase])
                if as_json:
                    _print(phrase=speech.phrase, command=command, sure=round(speech.sure, 2), taken=speech.taken)
                elif speech.taken:
                    _line(f"{speech.phrase}  {command}, {len(open_phrases)} left")
                else:
                    _line(f"not understood; most like {speech.phrase} ({speech.sure:.1f}; it takes more)")
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        finally:
            ear.close()
            _clear()
    understood = len(listener.phrases) - len(open_phrases)
    if as_json:
        _print(understood=understood, of=len(listener.phrases), echo=_echo(ear))
    else:
        echo(f"understood {understood} of {len(listener.phrases)}{_echo_in_words(ear)}")


@contextmanager
def _playing(routine: str, output: str, device: str) -> Iterator[Player]:
    """Play *routine* as long as the context lasts. Raises VoiceguideError."""
    from voiceguide.cli.play import check_tapped
    from voiceguide.loading import open_routine
    from voiceguide.play.output import LiveOutput, pick_output
    from voiceguide.play.player import Player
    from voiceguide.session import begin_session

    chosen = pick_output(output)
    check_tapped(chosen)
    assert isinstance(chosen, LiveOutput)
    chosen.choose(device)
    with Player(begin_session(open_routine(routine)), chosen, waits=False) as player:
        player.prepare()
        yield player


def _show_level(ear: Ear, as_json: bool) -> None:
    """Draw the meter in place: how loud it is, and how much of that is an echo that is taken out."""
    if as_json or not is_terminal(sys.stderr):
        return
    level = round(max(0.0, ear.echo.heard_db + 2 * BARS) / 2)
    draw(sys.stderr, f"\r\x1b[K{'#' * min(level, BARS):{BARS}} {ear.echo.heard_db:4.0f} dB{_echo_in_words(ear)}")


def _clear() -> None:
    if is_terminal(sys.stderr):
        draw(sys.stderr, "\r\x1b[K")


def _line(text: str) -> None:
    _clear()
    echo(text)


def _echo(ear: Ear) -> dict[str, Any] | None:
    delay = ear.echo.delay
    if not delay.known:
        return None
    return {
        "delay_ms": round(delay.last / HZ * 1000),
        "drift_ppm": round(delay.drift_ppm),
        "taken_db": round(ear.echo.taken_db, 1),
    }


def _echo_in_words(ear: Ear) -> str:
    found = _echo(ear)
    return f", {found['taken_db']:.0f} dB of echo taken out, {found['delay_ms']} ms late" if found else ""


def _print(**record: Any) -> None:
    echo(to_json(record))
