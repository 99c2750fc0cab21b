"""The door for sound files: each is judged by what is in it, whatever it is called, before anything is spoken.

A file is looked at before it is opened, so that a pipe blocks nobody, and decoded in short pieces, so that a large one
fills no memory. Decoding is libsndfile's, through soundfile: miniaudio's Ogg decoder dies of damaged files.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import Fault, VoiceguideError
from voiceguide.files import as_typed
from voiceguide.library.formats import READ, missing, no_sound, other_sound
from voiceguide.limits import SOUND_LENGTHS, SOUND_RATE
from voiceguide.units import format_clock, format_duration, format_exact, plural

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Piece = NDArray[np.float32]

_AGAIN = "make or copy the file again"
_UNCOUNTED = 0.002
"""Share of its end that a file may lack: no ear hears that a minute ends a tenth of a second early."""
_FILLING_S = 0.1
"""Time by which decoding may end before the header says: some codings have blocks that only fill the decoder."""
_UNTOLD = 1 << 60
"""What libsndfile gives as the length of what does not tell it, or more."""
_HEADER_BYTES = 1000
"""A file of more, without a sound by its header, holds one: its recorder did not come to writing how long it is."""
_NOT_SILENT = 1e-3
"""A sample of this size, -60 dB, is none of noise alone."""
_MARKS = (b"RIFF", b"RF64", b"FORM", b"fLaC", b"OggS", b"ID3", b"\xff\xfa", b"\xff\xfb", b"\xff\xf2", b"\xff\xf3")
_FORMATS = "name a WAV, FLAC, AIFF, MP3, Ogg Vorbis or Opus file"
_KINDS = ((stat.S_ISDIR, "folder"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"))


class _RefusedError(Exception):
    """Ends the decoding of a sound with its fault."""


def judge(path: Path, kind: str, home: Path | None = None) -> int | Fault:
    """Return how long the sound at *path* is, in ms rounded up, or why it cannot be used as a *kind*.

    *kind* is `chime`, `bed` or `recording`; *home* the folder that a link must not lead out of. What has been judged
    once is remembered as long as size and time of the file stay the same.
    """
    try:
        found = path.stat()
        if home is not None and path.is_symlink() and not path.resolve().is_relative_to(home.resolve()):
            return Fault(
                "is a link that leads out of its folder",
                "put the file itself there, or the link into your sounds folder",
            )
    except FileNotFoundError:
        return Fault("is a link to nothing" if path.is_symlink() else "is not there", "put the file there")
    except (OSError, ValueError, RuntimeError) as error:
        return _unopened(error)
    if not stat.S_ISREG(found.st_mode):
        what = next((name for is_kind, name in _KINDS if is_kind(found.st_mode)), "device")
        return Fault(f"is a {what}", "name a sound file")
    if not found.st_size:
        return Fault("is empty", _AGAIN)
    return _judged(path, kind, (found.st_size, found.st_mtime_ns, found.st_ino))


def samples(path: Path, kind: str) -> tuple[Piece, int]:
    """Return the samples of the sound at *path*, shape (frames, 1 or 2), float32, and their rate, at most 48 kHz.

    A recording has one channel. Raises VoiceguideError if it cannot be used.
    """
    import numpy as np

    from voiceguide.audio.clip import resample
    from voiceguide.audio.judge import MOST_HZ

    pieces: list[Piece] = []
    try:
        _, rate = _decode(path, kind, pieces.append)
    except _RefusedError as error:
        raise refusal(path, error.args[0]) from error
    whole = np.concatenate(pieces)
    return (resample(whole, rate, MOST_HZ), MOST_HZ) if rate > MOST_HZ else (whole, rate)


def refusal(path: Path, fault: Fault) -> VoiceguideError:
    """Return the error that tells of *fault* in the file at *path*."""
    return VoiceguideError(f"the sound {path} {fault.why}", hint=fault.hint)


@lru_cache(maxsize=512)
def _judged(path: Path, kind: str, stamp: tuple[int, int, int]) -> int | Fault:
    try:
        frames, rate = _decode(path, kind, lambda piece: None)
    except _RefusedError as error:
        fault: Fault = error.args[0]
        return fault
    return -(-frames * 1000 // rate)


def _decode(path: Path, kind: str, take: Callable[[Piece], None]) -> tuple[int, int]:
    """Hand the samples at *path* to *take*, a second at a time; return how many there are, and their rate.

    Raises _RefusedError.
    """
    limit = SOUND_LENGTHS[kind]
    frames, loudest, heard, before = 0, 0.0, False, None
    with _opened(path) as file:
        rate, told, channels = int(file.samplerate), int(file.frames), int(file.channels)
        fault = _fault_of_header(path, file)
        if fault is None and told > limit.high * rate:
            fault = _wrong_length(path, kind, told, rate)
        if fault is not None:
            raise _RefusedError(fault)
        for raw in _pieces(path, file, told):
            if frames + len(raw) > limit.high * rate:
                raise _RefusedError(_wrong_length(path, kind, frames + len(raw), rate))
            piece = raw.mean(axis=1, keepdims=True, dtype=raw.dtype) if kind == "recording" else raw
            loudest = max(loudest, _checked(raw, frames, rate))
            heard = heard or _audible(piece, rate, before)
            frames, before = frames + len(piece), piece
            take(piece)
    if not frames and path.stat().st_size > _HEADER_BYTES:
        finish = f"finish it: {_conversion(path)}"
        raise _RefusedError(Fault("was never finished: its header says that there is nothing in it", finish))
    if not frames:
        raise _RefusedError(Fault("has a header and no sound behind it", _AGAIN))
    if frames < limit.low * rate:
        raise _RefusedError(_wrong_length(path, kind, frames, rate))
    if not heard and channels > 1 and kind == "recording" and loudest > _NOT_SILENT:
        one = f'convert it with one of them: ffmpeg -i {_quoted(path)} -af "pan=mono|c0=c0" {_quoted(_converted(path))}'
        raise _RefusedError(Fault("is silent in mono, because its two channels cancel each other out", one))
    if not heard:
        raise _RefusedError(Fault("is silent", "record it again, louder"))
    return frames, rate


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open the sound at *path* as a `soundfile.SoundFile`; whatever fails in it becomes a _RefusedError."""
    import soundfile

    try:
        with path.open("rb") as raw:
            head = raw.read(64)
        with _hushed(), soundfile.SoundFile(path) as file:
            yield file
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise _RefusedError(_fault_of_content(path, head)) from error
    except OSError as error:
        raise _RefusedError(_unopened(error)) from error


def _pieces(path: Path, file: Any, told: int) -> Iterator[Piece]:
    """Yield what *file* holds, a second at a time; raises _RefusedError if that is less than the *told* frames."""
    import soundfile

    rate, frames, whole = int(file.samplerate), 0, False
    gone = missing(path) if told else 0.0
    keep = f"copy or make it again; or keep what is there: {_conversion(path)}"
    if gone > _UNCOUNTED:
        raise _RefusedError(Fault(f"breaks off: {min(99, max(1, round(gone * 100)))} % of it is missing", keep))
    while not whole:
        try:
            piece = file.read(rate, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            break
        whole = not len(piece)
        frames += len(piece)
        yield piece
    # only MP3 does not know how long it is, unless it tells its bytes
    if not whole or (file.format != "MP3" and told - frames > _FILLING_S * rate):
        where = f"breaks off or is damaged, after {format_clock(frames * 1000 // rate)}"
        raise _RefusedError(Fault(f"{where} of {format_clock(told * 1000 // rate)}", keep))


def _fault_of_header(path: Path, file: Any) -> Fault | None:
    """Return what is wrong with *file* by its header."""
    if file.format not in READ:
        name = other_sound(path.read_bytes()[:64]) or str(file.format)
        return _foreign(path, name)
    if file.samplerate not in SOUND_RATE:
        return Fault(f"has a sample rate of {file.samplerate} Hz, where sounds have {SOUND_RATE}", _AGAIN)
    if file.channels > 2:
        return Fault(f"has {file.channels} channels", f"convert it: {_conversion(path, '-ac 2')}")
    if file.frames >= _UNTOLD:
        return Fault("does not say how long it is, as if written into a pipe", f"convert it: {_conversion(path)}")
    return None


def _fault_of_content(path: Path, head: bytes) -> Fault:
    """Return why what begins with *head* cannot be decoded."""
    name, other = other_sound(head), no_sound(head)
    if name:
        return _foreign(path, name)
    if head.startswith(_MARKS):
        hint = f"make it again, or try: {_conversion(path)}"
        return Fault("is damaged, or of a coding that is not read", hint)
    return Fault(other[0] if other else "is no sound", (other and other[1]) or _FORMATS)


def _foreign(path: Path, name: str) -> Fault:
    return Fault(f"is {name}, a format that is not read", f"convert it: {_conversion(path)}")


def _conversion(path: Path, options: str = "") -> str:
    """Return the command that makes a WAV file of *path*."""
    return " ".join(filter(None, ("ffmpeg -i", _quoted(path), options, _quoted(_converted(path)))))


def _converted(path: Path) -> Path:
    new = path.with_suffix(".wav")
    return path.with_name(f"{path.stem}-new.wav") if new.name.lower() == path.name.lower() else new


def _quoted(path: Path) -> str:
    return as_typed(path.name)


def _wrong_length(path: Path, kind: str, frames: int, rate: int) -> Fault:
    limit = SOUND_LENGTHS[kind]
    if frames > limit.high * rate:
        why = f"is longer than a {kind} can be, which is {format_duration(int(limit.high * 1000))}"
        return Fault(why, f"cut it: {_conversion(path, f'-t {limit.high:g}')}")
    told = plural(frames, "sample") if frames * 1000 < 2 * rate else format_exact(frames * 1000 // rate)
    return Fault(f"is too short for a {kind}: {told}, where {limit.low:g}s are the least", _AGAIN)


def _checked(raw: Piece, frames: int, rate: int) -> float:
    """Return the largest sample of *raw*, which begins at *frames*; raises _RefusedError if one is no sound."""
    import numpy as np

    from voiceguide.audio.judge import wrong_number

    found = wrong_number(raw)
    if found is not None:
        at = format_exact((frames + found[0]) * 1000 // rate)
        raise _RefusedError(Fault(f"holds {found[1]}, first at {at}", "export it again, as 16 or 24 bit"))
    return float(np.abs(raw).max(initial=0.0))


def _audible(piece: Piece, rate: int, before: Piece | None) -> bool:
    from voiceguide.audio.judge import audible

    return audible(piece, rate, before)


def _unopened(error: Exception) -> Fault:
    return Fault(f"cannot be opened: {getattr(error, 'strerror', None) or error}", "see whether you may read it")


_quiet = threading.Lock()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep standard error silent: the MP3 decoder writes there of what it finds, from C."""
    with _quiet:
        try:
            kept = os.dup(2)
        except OSError:  # it is closed, so nothing can be written there
            yield
            return
        try:
            with open(os.devnull, "wb") as null:
                os.dup2(null.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
