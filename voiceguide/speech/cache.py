"""The clip cache: finished clips on disk, addressed by everything that shaped them.

A clip file is one line of JSON, then the cells (float32) and the samples (int16), little endian. Its length can be
read without numpy. Files appear whole or not at all and are never changed, so several processes may share a cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import append_line, whole_file
from voiceguide.nouns import dataclass

if TYPE_CHECKING:
    from mmap import mmap

    from voiceguide.audio.clip import Clip, Facts
    from voiceguide.audio.mix import Samples

VERSION = 7
"""Counted up when the file format or the way clips are finished changes: older clips are then made again."""
LIMIT_BYTES = 1 << 30
_HEAD_BYTES = 4096
_HINT = "set VOICEGUIDE_CACHE to a folder that can be written to, and see that the disk is not full"
_FACTS = ("frames", "channels", "rate", "peak", "tail", "cells", "layers")
_TOUCH_AFTER_S = 3600
_LENGTHS_BYTES = 4 << 20
"""What lengths may take: about 50,000 of them, read in 30 ms. Then they begin anew."""


def digest(*shapers: object) -> str:
    """Return the address of a clip: a hash of everything that shaped it."""
    return hashlib.sha256(json.dumps([VERSION, *shapers], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """The first line of a clip file."""

    frames: int
    channels: int
    rate: int
    peak: float
    tail: int
    cells: int
    layers: tuple[int, ...]
    size: int

    @property
    def whole(self) -> int:
        """The bytes of the file."""
        return self.size + 4 * self.cells + 2 * self.frames * self.channels


@dataclass(frozen=True, eq=False)
class Kept:
    """A clip in hand: its numbers and the bytes of its file. It stays, whatever becomes of the cache meanwhile."""

    head: Head
    data: mmap | bytes

    def facts(self) -> Facts:
        """Return what is known of it."""
        import numpy as np

        from voiceguide.audio.clip import Facts

        head = self.head
        cells = np.frombuffer(self.data[head.size : head.size + 4 * head.cells], "<f4")
        return Facts(head.frames, head.channels, head.rate, head.peak, head.tail, cells, head.layers)

    def samples(self) -> Samples:
        """Return its samples, shape (frames, channels), float32; of a bed with layers, those of each."""
        import numpy as np

        head = self.head
        raw = np.frombuffer(self.data[head.size + 4 * head.cells : head.whole], "<i2")
        _let_go(self.data)
        made = raw.astype(np.float32)
        made *= np.float32(1 / 32768)
        whole = made.reshape(head.frames, head.channels)
        ends = tuple(accumulate(head.layers))
        return tuple(whole[end - size : end] for end, size in zip(ends, head.layers, strict=True)) or whole


def _head(record: Mapping[str, Any], size: int) -> Head:
    return Head(size=size, **{key: record[key] for key in _FACTS} | {"layers": tuple(record["layers"])})


def _let_go(data: mmap | bytes) -> None:
    """Have what was read of a file go on lying in the file only: all of it would count as memory of this process."""
    import mmap

    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)


@dataclass(frozen=True, eq=False)
class ClipCache:
    """Clips under *folder*, at most *limit_bytes* of them: the least recently used go first."""

    folder: Path
    limit_bytes: int = LIMIT_BYTES
    _making: dict[str, Lock] = field(default_factory=dict, repr=False)

    def path(self, address: str) -> Path:
        """Return where the clip at *address* lies or would lie."""
        return self.folder / address[:2] / f"{address}.clip"

    def head(self, address: str) -> Head | None:
        """Return the numbers of a clip, or None if it is not there or not whole."""
        try:
            with self.path(address).open("rb") as file:
                return self._head_of(file)
        except OSError:
            return None

    def take(self, address: str) -> Kept | None:
        """Return a clip in hand, or None if it is not there or not whole."""
        import mmap

        try:
            with self.path(address).open("rb") as file:
                if head := self._head_of(file):
                    return Kept(head, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError:
            pass
        return None

    def _head_of(self, file: BinaryIO) -> Head | None:
        try:
            line = file.readline(_HEAD_BYTES)
            record = json.loads(line)
            head = _head(record, len(line))
        except (ValueError, KeyError, TypeError):
            return None
        stat = os.fstat(file.fileno())
        if stat.st_size != head.whole:
            return None
        with suppress(OSError):  # so that the least recently used is known; once an hour is enough
            if time.time() - stat.st_mtime > _TOUCH_AFTER_S:
                os.utime(file.name)
        return head

    def lengths(self) -> dict[str, int]:
        """Return the frames of clips that were foretold, by their addresses, whether the clips are there or not."""
        found: dict[str, int] = {}
        with suppress(OSError):
            for line in self._lengths.read_text("ascii", "replace").splitlines():
                address, _, frames = line.partition(" ")
                if frames.isdecimal():
                    found[address] = int(frames)
        return found

    def add_lengths(self, lengths: Mapping[str, int]) -> None:
        """Remember *lengths* as well. Where they cannot be written they will be foretold again."""
        with suppress(OSError):
            if self._lengths.exists() and self._lengths.stat().st_size > _LENGTHS_BYTES:
                self._lengths.unlink()
            append_line(self._lengths, "\n".join(f"{key} {frames}" for key, frames in lengths.items()).encode("ascii"))

    @property
    def _lengths(self) -> Path:
        return self.folder / "lengths"

    def made(self, address: str, make: Callable[[], Kept]) -> Kept:
        """Return the clip at *address* in hand, or what *make* puts there; two threads do not make it twice."""
        with self._making.setdefault(address, Lock()):
            return self.take(address) or make()

    def put(self, address: str, clip: Clip, **notes: Any) -> Kept:
        """Store *clip* and return it. *notes* go into its first line, for people who look."""
        import numpy as np

        facts = clip.facts
        record = {key: getattr(facts, key) for key in _FACTS} | {"cells": len(facts.cells)}
        text = str(notes.get("text", ""))[:500]
        line = json.dumps({**record, **notes, "text": text}, ensure_ascii=False).encode() + b"\n"
        cells = np.ascontiguousarray(facts.cells, "<f4").tobytes()
        data = line + cells + np.rint(np.clip(clip.samples, -1, 1) * 32767).astype("<i2").tobytes()
        try:
            self._write(address, data)
        except VoiceguideError:
            # its folder may just have been removed; on Windows no file can take the place of one that is in use
            if self.head(address) is None:
                self._write(address, data)
        return Kept(_head(record, len(line)), data)

    def _write(self, address: str, data: bytes) -> None:
        with whole_file(self.path(address), _HINT) as file:
            file.write(data)

    def files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield every clip file with its size and times; what another process takes away meanwhile is passed over."""
        for path in self.folder.glob("??/*.clip"):
            with suppress(FileNotFoundError):
                yield path, path.stat()

    def size(self) -> tuple[int, int]:
        """Return how many clips there are, and their bytes."""
        sizes = [stat.st_size for _, stat in self.files()]
        return len(sizes), sum(sizes)

    def prune(self, limit_bytes: int | None = None) -> int:
        """Remove the least recently used clips down to nine tenths of the limit if it is exceeded; return how many."""
        limit = self.limit_bytes if limit_bytes is None else limit_bytes
        if not limit:
            self._lengths.unlink(missing_ok=True)
        files = sorted(self.files(), key=lambda item: item[1].st_mtime)
        total = sum(stat.st_size for _, stat in files)
        removed = 0
        goal = limit * 9 // 10 if total > limit else total
        for path, stat in files:
            if total <= goal:
                break
            total -= stat.st_size
            with suppress(OSError):  # it has gone already; or, on Windows, somebody listens to it
                path.unlink()
                removed += 1
        return removed
