"""Files: a session written in the format that the ending of its name asks for."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voiceguide.diagnostics import Progress, no_progress
from voiceguide.files import target_file, whole_file

if TYPE_CHECKING:
    from voiceguide.session import Session

BLOCK_FRAMES = 1 << 16
log = logging.getLogger(__name__)
_LARGEST = (1 << 32) - 1


def write_wav(
    session: Session,
    path: Path,
    *,
    mono: bool = False,
    bits: Literal[16, 24] = 16,
    progress: Progress = no_progress,
) -> None:
    """Write *session* to *path*: whole, or not at all.

    *mono* is the mean of both ears, which measures 3 LU less although it sounds as loud. 16 bit samples are dithered.
    Raises VoiceguideError if the file cannot be written.
    """
    timeline = session.timeline
    channels = 1 if mono else 2
    with whole_file(path) as file:
        file.write(header(timeline.frames, timeline.rate, channels, bits))
        for done, data in _encoded(session, mono, bits):
            file.write(data)
            progress("writing", done, timeline.frames)


def _encoded(session: Session, mono: bool, bits: int) -> Iterator[tuple[int, memoryview]]:
    from voiceguide.audio.mix import to_pcm16, to_pcm24

    encode = to_pcm16 if bits == 16 else to_pcm24
    start = 0
    for block in session.blocks(BLOCK_FRAMES):
        data = encode(block.mean(axis=1, keepdims=True) if mono else block, start)
        start += len(block)
        yield start, data.data


def header(frames: int, rate: int, channels: int, bits: int) -> bytes:
    """Return the header of a WAV file, or of an RF64 file (EBU Tech 3306) if it would be 4 GiB long or longer."""
    width = channels * bits // 8
    size = frames * width
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * width, width, bits)
    if size + 36 <= _LARGEST:
        return struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE") + fmt + struct.pack("<4sI", b"data", size)
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, size + 72, size, frames, 0)
    return struct.pack("<4sI4s", b"RF64", _LARGEST, b"WAVE") + sizes + fmt + struct.pack("<4sI", b"data", _LARGEST)


EXPORTERS = {".wav": write_wav}
"""Writers by ending."""


def check_target(path: str | Path, reads: str = "") -> Path:
    """Return *path* if a session of the script *reads* can be written to it, before anything is spoken.

    Raises UsageError or VoiceguideError otherwise.
    """
    return target_file(path, tuple(EXPORTERS), reads)


def export_session(
    session: Session,
    path: str | Path,
    *,
    mono: bool = False,
    bits: Literal[16, 24] = 16,
    progress: Progress = no_progress,
) -> Path:
    """Write *session* to *path* in the format of its ending, whole or not at all.

    Returns the path. Raises VoiceguideError if the ending is not known or the file cannot be written.
    """
    target = check_target(path)
    EXPORTERS[target.suffix.lower()](session, target, mono=mono, bits=bits, progress=progress)
    log.debug("written: %s", target)
    return target
