"""Voices on disk: where they lie, and what can be wrong with one, seen by its content before it is offered."""

from __future__ import annotations

import hashlib
import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from voiceguide.files import users
from voiceguide.nouns import dataclass

_END_BYTES = 1 << 20
_MODEL_FIELDS = frozenset((*range(1, 10), 14, 20, 25, 26))
"""The fields of an ONNX model (onnx.proto, ModelProto); 7 is its graph, which is nearly all of it."""
_GRAPH, _MOST_FIELDS = 7, 1000
_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5


@dataclass(frozen=True)
class Flaw:
    """A file that should be a voice and cannot be used: why, and what to do about it."""

    path: Path
    reason: str
    hint: str

    @property
    def place(self) -> str:
        """The path as it can be printed."""
        path = str(self.path)
        return path if path.isprintable() else ascii(path)

    def __str__(self) -> str:
        return f"{self.place} {self.reason}"


class FlawError(Exception):
    """What is wrong with a file, as the end of a sentence that begins with its name."""


def voice_folder() -> Path:
    """Return the folder for downloaded voices: `VOICEGUIDE_VOICES`, or `voices` among the user's own files."""
    named = os.environ.get("VOICEGUIDE_VOICES")
    return Path(named) if named else users("voices")


def content(path: Path, limit: int) -> bytes:
    """Return the content of *path*, a regular file of 1 to *limit* bytes; raises FlawError if it is anything else."""
    with _opened(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise FlawError(f"is larger than {limit >> 20} MiB")
    return data


def check_file(path: Path) -> None:
    """Raise FlawError if *path* is no regular file with something of its own in it."""
    _opened(path).close()


def check_model(path: Path) -> None:
    """Raise FlawError if the file at *path* is no ONNX model or not a whole one, as its outermost lengths tell."""
    with _opened(path) as file:
        size, at, fields = os.fstat(file.fileno()).st_size, 0, set()
        for _ in range(_MOST_FIELDS):
            if at == size:
                break
            if at > size:
                raise FlawError(f"is cut short: {size} of {at} bytes")
            file.seek(at)
            field, length = _field(file.read(20))
            if field not in _MODEL_FIELDS:
                raise FlawError("is no ONNX model")
            fields.add(field)
            at += length
    if at != size or _GRAPH not in fields:
        raise FlawError("is no ONNX model")


def _field(head: bytes) -> tuple[int, int]:
    """Return the number of the protobuf field that begins with *head* and its length, or (0, 0) if it is none."""
    key, at = _number(head, 0)
    kind = key & 7
    if kind in (_EIGHT, _FOUR):
        return key >> 3, at + (8 if kind == _EIGHT else 4)
    value, end = _number(head, at)
    if not at or not end or kind not in (_VARINT, _LENGTH):
        return 0, 0
    return key >> 3, end + (value if kind == _LENGTH else 0)


def _number(head: bytes, at: int) -> tuple[int, int]:
    """Return the protobuf number at *at*, seven bits a byte with the lowest first, and its end, 0 if it has none."""
    number = 0
    for index in range(at, min(at + 10, len(head))):
        number |= (head[index] & 127) << 7 * (index - at)
        if head[index] < 128:
            return number, index + 1
    return 0, 0


def _opened(path: Path) -> BinaryIO:
    """Open a regular file that has something in it, and is neither a stand-in for another file nor a web page."""
    if not path.name.isprintable():
        raise FlawError("has a name that cannot be typed")
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise FlawError("is a folder" if stat.S_ISDIR(known.st_mode) else "is no regular file")
        file = path.open("rb")
    except FileNotFoundError:
        raise FlawError("is a link to nothing" if path.is_symlink() else "is missing") from None
    except OSError as error:
        raise FlawError(f"cannot be read: {error.strerror}") from error
    head = file.read(64)
    file.seek(0)
    reason = "is empty" if not known.st_size else ""
    if head.startswith(b"version https://git-lfs"):
        reason = "is a Git LFS pointer: the file itself was not downloaded"
    elif head.lstrip()[:1] == b"<":
        reason = "is a web page"
    if reason:
        file.close()
        raise FlawError(reason)
    return file


def digest(path: Path) -> str:
    """Return 16 hexadecimal digits that tell the file at *path* from others, the same ones on every machine."""
    known = path.stat()
    return _digest(path, known.st_size, known.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, _mtime_ns: int) -> str:
    """Hash the size and both ends: hashing all of a model would cost more than a cached session needs to start."""
    with path.open("rb") as file:
        found = hashlib.sha256(f"{size}:".encode() + file.read(_END_BYTES))
        file.seek(max(0, size - _END_BYTES))
        found.update(file.read(_END_BYTES))
    return found.hexdigest()[:16]
