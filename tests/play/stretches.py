"""A transport to ask, every way of asking it, and what its stretches add up to."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import settings
from hypothesis import strategies as st

from voiceguide.play.commands import End, GoOn, Hold, Move, Next, Previous, Seek, Toggle
from voiceguide.play.transport import Stretch, Transport

RATE = 1000
RAMP = 10
STARTS = (0, 5_000, 9_000, 9_500)
FRAMES = 12_000

Script = list[tuple[int, Move]]
"""Frames to pull, then a command."""
pulls = st.lists(st.integers(1, 700), min_size=1, max_size=60)
commands: st.SearchStrategy[Move] = st.one_of(
    st.sampled_from([Hold(), GoOn(), Toggle(), Next(), Previous(), End()]),
    st.builds(Seek, st.integers(-50, FRAMES + 50)),
)
scripts = st.lists(st.tuples(st.integers(0, 3_000), commands), max_size=12)
waits = st.lists(st.one_of(st.integers(0, FRAMES), st.sampled_from(STARTS)), max_size=8)
"""Anywhere, and often where a step begins; some nearer to each other than a ramp."""
unhurried = settings(deadline=None)
"""A busy machine is no reason to fail."""


def fresh(waits: Iterable[int] = ()) -> Transport:
    return Transport.of(FRAMES, STARTS, RATE, waits)


def merged(stretches: list[Stretch]) -> list[Stretch]:
    """Join stretches that only a pull has cut apart."""
    out: list[Stretch] = []
    for piece in stretches:
        last = out[-1] if out else None
        if last and last.fade == piece.fade == "silence" and last.start == piece.start:
            out[-1] = Stretch(last.start, last.stop + piece.frames, "silence")
        elif last and last.fade == piece.fade and last.stop == piece.start and piece.fade == "none":
            out[-1] = Stretch(last.start, piece.stop, "none")
        elif last and last.fade == piece.fade != "silence" and last.done + last.frames == piece.done:
            out[-1] = Stretch(last.start, piece.stop, last.fade, last.done)
        else:
            out.append(piece)
    return out


def play(transport: Transport, sizes: list[int], total: int) -> tuple[Transport, list[Stretch]]:
    """Pull *total* frames in *sizes*, over and over."""
    out: list[Stretch] = []
    while total:
        for size in sizes:
            transport, pieces = transport.pull(min(size, total))
            out += pieces
            total -= min(size, total)
    return transport, out


def run(script: Script, sizes: list[int], waits: Iterable[int]) -> tuple[Transport, list[Stretch]]:
    transport, out = fresh(waits), []
    for frames, command in script:
        transport, pieces = play(transport, sizes, frames)
        out += pieces
        transport = transport.do(command)
    transport, pieces = play(transport, sizes, 500)
    return transport, [*out, *pieces]


def gains(stretches: list[Stretch]) -> list[float]:
    """Return the gain of every frame, as a share of the ramp."""
    out: list[float] = []
    for piece in stretches:
        along = [(piece.done + n + 0.5) / RAMP for n in range(piece.frames)]
        out += {
            "none": [1.0] * piece.frames,
            "in": along,
            "out": [1 - share for share in along],
            "silence": [0.0] * piece.frames,
        }[piece.fade]
    return out
