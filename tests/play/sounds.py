"""What a session must sound like, byte for byte, to compare recordings with."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from tests.play.sinks import FRAME
from voiceguide import Session, export_session
from voiceguide.play.sound import Sound
from voiceguide.play.stand import Edition, Stand
from voiceguide.play.transport import Fade, Stretch
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames


def exported(session: Session, folder: Path) -> bytes:
    """Return the samples of the file that `export_session` writes."""
    with wave.open(str(export_session(session, folder / "reference.wav"))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        return bytes(file.readframes(file.getnframes()))


def sounding(session: Session, timeline: Timeline) -> bytes:
    """Return what *timeline*, an edition of *session*, sounds from its first frame to its last."""
    session.store.clips(timeline)  # only what is at hand sounds
    edition = Edition(timeline)
    stand = Stand.of(edition, waits=False)
    return Sound(session).render(stand, [Stretch(0, timeline.frames)], stand)


def is_silent(data: bytes | bytearray) -> bool:
    return not any(data)


def is_faint(data: bytes | bytearray) -> bool:
    """Tell whether it is near-silence: no sample is more than one quantum high, and not all are zero."""
    samples = np.frombuffer(bytes(data), "<i2")
    return int(np.abs(samples).max()) == 1


def common(one: bytes, other: bytes) -> int:
    """Return how many frames at the beginning are the same."""
    end = min(len(one), len(other)) // FRAME * FRAME
    low, high = 0, end
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low // FRAME


def faded(session: Session, at: int, fade: Fade) -> bytes:
    """Return the ramp of a hold at frame *at*."""
    ramp = ms_to_frames(10, session.timeline.rate)
    stand = Stand.of(Edition.of(session.plan))
    return Sound(session).render(stand, [Stretch(at, at + ramp, fade)], stand)


def find_hold(heard: bytes, reference: bytes, session: Session) -> tuple[int, int]:
    """Return the frame at which *heard* was held, and how many frames of silence the hold lasted.

    Asserts that *heard* is the reference up to there, a ramp out, silence, a ramp in over the same frames, and the
    rest of the reference: nothing lost, nothing repeated, byte for byte.
    """
    ramp = ms_to_frames(10, session.timeline.rate)
    same = common(heard, reference)
    for at in range(same, same - 2 * ramp, -1):  # where it is quiet, a ramp is rounded to the samples themselves
        out, come = faded(session, at, "out"), faded(session, at, "in")
        after = heard[at * FRAME + len(out) :]
        begun = after.find(come + reference[(at + ramp) * FRAME :])
        if heard[at * FRAME :].startswith(out) and begun >= 0 and begun % FRAME == 0 and is_silent(after[:begun]):
            return at, begun // FRAME
    raise AssertionError(f"no hold follows the {same} frames that are as exported")
