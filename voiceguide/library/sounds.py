"""Finding and decoding sounds: chimes and beds, the user's own first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import bundled, users
from voiceguide.units import parse_duration

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENDINGS = (".flac", ".wav", ".mp3", ".ogg")
DEFAULT_EVERY_MS = 4000
"""Time between strikes where a sound does not say (docs/sources.md, chimes)."""


@dataclass(frozen=True)
class SoundFile:
    """A sound file and what its folder's `sounds.yaml` says of it. A file without an entry is chime and bed at once."""

    name: str
    path: Path
    kinds: tuple[str, ...] = ("chime", "bed")
    strikes: int = 1
    every_ms: int = DEFAULT_EVERY_MS

    def fingerprint(self) -> str:
        """Return a hash of the file's content."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def all_sounds() -> Mapping[str, SoundFile]:
    """Return every sound by name; the user's own hide bundled ones of the same name."""
    found: dict[str, SoundFile] = {}
    for folder in (bundled("sounds"), users("sounds")):
        found |= {path.stem: SoundFile(path.stem, path) for path in _files(folder)}
        for name, entry in _index(folder / "sounds.yaml").items():
            path = folder / str(entry.get("file", ""))
            if path.is_file():
                found[name] = _described(name, path, entry)
    return found


def _files(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.suffix.lower() in ENDINGS)


def _index(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise VoiceguideError(f"cannot read {path}: {error}") from error
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise VoiceguideError(
            f"cannot read {path}", hint="it maps names of sounds to `file`, `kind`, `strikes`, `every`"
        )
    return {str(name): entry for name, entry in entries.items()}


def _described(name: str, path: Path, entry: dict[str, Any]) -> SoundFile:
    every_ms = parse_duration(str(entry.get("every", "4s"))) or DEFAULT_EVERY_MS
    kinds = (str(entry["kind"]),) if "kind" in entry else ("chime", "bed")
    strikes = int(entry.get("strikes", 1))
    return SoundFile(name, path, kinds, strikes, every_ms)


def recordings(script: Path) -> dict[str, SoundFile]:
    """Return the sound files that the script at *script* may play in place of speech, by file name.

    They lie in its folder, or in the user's sounds folder.
    """
    found: dict[str, SoundFile] = {}
    for folder in (users("sounds"), script.parent):
        found |= {path.name: SoundFile(path.name, path) for path in _files(folder)}
    return found


def find_recording(script: Path, name: str) -> SoundFile:
    """Return the recording *name* of the script at *script*; raises VoiceguideError if it is not there."""
    found = recordings(script).get(name)
    if found is None:
        raise VoiceguideError(f"there is no recording {name!r}", hint=f"put it beside {script.name}")
    return found


def sound_ms(path: Path) -> int:
    """Return the length of a sound file in milliseconds, rounded up, without decoding it if it says so.

    FLAC says it in its first 26 bytes (RFC 9639, section 8.2); with them, checking a script needs no sound library.
    Raises VoiceguideError if the file is not a sound that can be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(26)
    except OSError as error:
        raise _unreadable(path, error) from error
    told = int.from_bytes(head[18:26], "big")
    rate, frames = told >> 44, told & ((1 << 36) - 1)
    if head[:4] == b"fLaC" and rate and frames:
        return -(-frames * 1000 // rate)
    import miniaudio

    try:
        info = miniaudio.get_file_info(str(path))
    except (miniaudio.MiniaudioError, OSError) as error:
        raise _unreadable(path, error) from error
    # a stream that was written on the fly may not say how long it is
    frames = int(info.num_frames) or len(decode(path)[0])
    return -(-frames * 1000 // int(info.sample_rate))


def _unreadable(path: Path, error: Exception) -> VoiceguideError:
    return VoiceguideError(f"cannot read the sound {path}: {error}", hint="use FLAC, WAV, MP3 or Ogg Vorbis")


def decode(path: Path) -> tuple[NDArray[np.float32], int]:
    """Return the samples of a sound file, shape (frames, 1 or 2), float32 in -1..1, and its rate.

    Raises VoiceguideError if the file is not a sound that can be read (FLAC, WAV, MP3 and Ogg Vorbis can).
    """
    import miniaudio
    import numpy as np

    try:
        info = miniaudio.get_file_info(str(path))
        channels = min(info.nchannels, 2)
        sound = miniaudio.decode_file(str(path), miniaudio.SampleFormat.FLOAT32, channels, info.sample_rate)
    except (miniaudio.MiniaudioError, OSError) as error:
        raise _unreadable(path, error) from error
    return np.frombuffer(sound.samples, np.float32).reshape(-1, channels).copy(), info.sample_rate
