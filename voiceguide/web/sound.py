"""Sounds: a session as a file that is never written; any stretch of its bytes is made when it is asked for."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from threading import Lock
from typing import IO, TYPE_CHECKING

from voiceguide.diagnostics import Progress, no_progress
from voiceguide.export import header
from voiceguide.session import renderer

if TYPE_CHECKING:
    from voiceguide.session import Session

FRAME_BYTES = 4
BLOCK_FRAMES = 1 << 14


class Bytes(ABC):
    """So many bytes (*size*) of a *kind*, any stretch of which can be read."""

    kind: str
    size: int

    @abstractmethod
    def read(self, start: int, stop: int) -> bytes:
        """Return bytes *start* to *stop* (exclusive)."""


class Wave(Bytes):
    """*session* as a WAV file, bit for bit what `export` writes; each stretch is mixed when it is read."""

    kind = "audio/wav"

    def __init__(self, session: Session) -> None:
        timeline = session.timeline
        self._head = header(timeline.frames, timeline.rate, 2, 16)
        self.size = len(self._head) + timeline.frames * FRAME_BYTES
        self._render = renderer(session.plan, session.clips())
        self._lock = Lock()

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes *start* to *stop*, from any thread."""
        from voiceguide.audio.mix import to_pcm16

        head, before = self._head[start:stop], len(self._head)
        first, last = max(start, before) - before, stop - before
        if first >= last:
            return head
        begin, end = first // FRAME_BYTES, -(-last // FRAME_BYTES)
        with self._lock:
            data = to_pcm16(self._render(begin, end), begin).astype("<i2", copy=False).tobytes()
        skipped = begin * FRAME_BYTES
        return head + data[first - skipped : last - skipped]


class Stored(Bytes):
    """What has been written to *file*; whoever lets it go closes it."""

    def __init__(self, file: IO[bytes], kind: str) -> None:
        self.kind, self.size, self._file = kind, file.seek(0, os.SEEK_END), file
        self._lock = Lock()

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes *start* to *stop*, from any thread."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(stop - start)


OPUS = "audio/ogg; codecs=opus"


def write_opus(session: Session, file: IO[bytes], progress: Progress = no_progress) -> Stored:
    """Write *session* as Opus in Ogg to *file*: a tenth of a WAV file. Costs about 2 s of processor time a minute."""
    import soundfile

    frames, done = session.timeline.frames, 0
    with soundfile.SoundFile(file, "w", session.timeline.rate, 2, format="OGG", subtype="OPUS") as encoder:
        for block in session.blocks(BLOCK_FRAMES):
            encoder.write(block)
            done += len(block)
            progress("encoding", done, frames)
    return Stored(file, OPUS)


class NothingThereError(ValueError):
    """A range begins behind the end."""


def read_range(text: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last that the Range header *text* asks for, of *size* bytes.

    None stands for all of them: without one, or where it asks for several stretches, in other units or with a slip, as
    RFC 9110 has it. Raises NothingThereError if there is nothing there.
    """
    found = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", text.strip()) if text else None
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    start = int(first) if first else max(0, size - int(last))
    stop = min(int(last) + 1, size) if first and last else size
    if start >= size:
        raise NothingThereError(text)
    return start, stop
