"""Finding sounds: chimes and beds, the user's own first, and recordings beside scripts."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.diagnostics import Diagnostic, Fault, Report, ScriptError, UsageError, VoiceguideError, problem
from voiceguide.files import bundled, users
from voiceguide.library.door import judge, refusal, samples
from voiceguide.library.scripts import load
from voiceguide.nouns import dataclass
from voiceguide.script.scalars import meant
from voiceguide.script.sound_index import DEFAULT_EVERY_MS, NAME, Entry, read_sounds
from voiceguide.source import Source, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)
ENDINGS = (".flac", ".wav", ".mp3", ".ogg", ".opus", ".oga", ".aif", ".aiff", ".aifc")
_FOREIGN = (".m4a", ".aac", ".mp4", ".wma", ".webm", ".mka", ".caf", ".au", ".amr", ".wv", ".ape", ".ac3")
"""Endings of sounds that are not read: they are sounds all the same, so that the door can say what to do."""


@dataclass(frozen=True)
class SoundFile:
    """A sound file and what its folder's `sounds.yaml` says of it. A file without an entry is chime and bed at once.

    *wrong* is what is wrong with its entry. *home* is the folder that the file must not lead out of.
    """

    name: str
    path: Path
    kinds: tuple[str, ...] = ("chime", "bed")
    strikes: int = 1
    every_ms: int = DEFAULT_EVERY_MS
    wrong: Diagnostic | None = None
    home: Path | None = None
    layers: tuple[Path, ...] = ()
    """Further files of a bed that sound along with it, each looping in its own time."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file of it."""
        return (self.path, *self.layers)

    def fingerprint(self) -> str:
        """Return a hash of what is in its files; raises VoiceguideError if one cannot be read any more."""
        hashes = []
        for path in self.paths:
            try:
                hashes.append(_hashed(path, path.stat().st_mtime_ns))
            except OSError as error:
                raise refusal(path, Fault(f"cannot be read: {error.strerror}", "put the file back")) from error
        return " ".join(hashes)

    def fault(self, kind: str) -> Fault | None:
        """Return why it cannot be used as a *kind* (`chime`, `bed` or `recording`), or None. Bundled ones can."""
        if self.wrong is not None:
            return Fault(
                f"has a wrong entry in {self.wrong.span}: {self.wrong.message}", self.wrong.hint or "mend the entry"
            )
        if self.path.parent == bundled("sounds"):
            return None
        judged = (judge(path, kind, self.home) for path in self.paths)
        return next((fault for fault in judged if isinstance(fault, Fault)), None)

    def ms(self) -> int:
        """Return how long this chime is, in milliseconds, rounded up; 0 if it cannot be used.

        The bundled ones are FLAC, which says it in its first 26 bytes (RFC 9639, section 8.2), so that checking a
        script that strikes one needs no sound library.
        """
        if self.path.parent == bundled("sounds"):
            with self.path.open("rb") as file:
                told = int.from_bytes(file.read(26)[18:], "big")
            return -(-(told & ((1 << 36) - 1)) * 1000 // (told >> 44))
        judged = judge(self.path, "chime", self.home)
        return 0 if isinstance(judged, Fault) else judged

    def samples(self, kind: str) -> tuple[NDArray[np.float32], int]:
        """Return its samples, shape (frames, 1 or 2), float32, and their rate in Hz.

        Raises VoiceguideError if it cannot be used as a *kind*.
        """
        fault = self.fault(kind)
        if fault is not None:
            raise refusal(self.path, fault)
        return samples(self.path, kind)

    def layered(self, kind: str) -> list[tuple[NDArray[np.float32], int]]:
        """Return the samples and the rate of every layer, as `samples` does; of a chime, there is one."""
        paths = self.paths if kind == "bed" else (self.path,)
        return [self.samples(kind), *(samples(path, kind) for path in paths[1:])]


@lru_cache(maxsize=256)
def _hashed(path: Path, changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def all_sounds() -> Mapping[str, SoundFile]:
    """Return every sound by name; the user's own hide bundled ones of the same name."""
    return {**_folder(bundled("sounds"))[0], **_folder(users("sounds"))[0]}


def sounds_report() -> Report:
    """Return the mistakes in the user's `sounds.yaml`, as warnings: whatever they do not concern works."""
    found = _folder(users("sounds"))[1].errors
    return Report(tuple(replace(mistake, code="sounds-file") for mistake in found))


def find_sound(name: str, kind: str) -> SoundFile:
    """Return the sound *name*, which can be used as a *kind* (`chime` or `bed`).

    Raises UsageError if there is none, VoiceguideError if it cannot be used.
    """
    found = all_sounds().get(name)
    if found is None or kind not in found.kinds:
        names = ", ".join(sorted(sound.name for sound in all_sounds().values() if kind in sound.kinds))
        raise UsageError(f"there is no {kind} {name!r}", hint=f"there are: {names}")
    fault = found.fault(kind)
    if fault is not None:
        raise refusal(found.path, fault)
    return found


@lru_cache(maxsize=4)
def _folder(folder: Path) -> tuple[Mapping[str, SoundFile], Report]:
    """Return the sounds of *folder* by name, and the problems of its `sounds.yaml`."""
    files = {path.name: path for path in _files(folder)}
    # of two files of one name, the one that is read counts
    found = {path.stem: SoundFile(path.stem, path) for path in sorted(files.values(), key=_is_read)}
    index = folder / NAME
    if not index.is_file():
        return found, Report()
    try:
        source = load(index)
    except (ScriptError, VoiceguideError) as error:
        span = Span(Source(str(index), ""), 1, 1)
        told = error.report if isinstance(error, ScriptError) else Report((_unread(span, error),))
        return _all_wrong(found, told)
    entries, report = _read_index(source, folder)
    if not entries and report.errors:
        return _all_wrong(found, report)
    for name, entry in entries.items():
        path = files.get(entry.file, folder / (entry.file or NAME))
        layers = tuple(files.get(file, folder / file) for file in entry.layers)
        found[name] = SoundFile(name, path, entry.kinds, entry.strikes, entry.every_ms, entry.wrong, layers=layers)
    layered = [entry for entry in entries.values() if entry.layers]
    for layer in {file for entry in layered for file in (entry.file, *entry.layers)}:  # no sounds of their own
        if Path(layer).stem not in entries:
            found.pop(Path(layer).stem, None)
    log.debug("sounds are read from %s: %s", index, ", ".join(sorted(found)))
    return found, report


def judge_index(source: Source, folder: Path) -> tuple[dict[str, Entry], Report]:
    """Return what the `sounds.yaml` *source* says of the files in *folder*, and every problem of it and of them."""
    entries, report = _read_index(source, folder)
    heard = []
    for entry in entries.values():
        for file in (entry.file, *entry.layers) if entry.span else ():
            faults = [judge(folder / file, kind) for kind in entry.kinds]
            fault = faults[0]
            if entry.span and isinstance(fault, Fault) and all(isinstance(other, Fault) for other in faults):
                expected, found = f"a {entry.kinds[0]} that can be heard", f"`{file}`, which {fault.why}"
                heard.append(problem("bad-sound", entry.span, fault.hint, expected=expected, found=found))
    return entries, report + Report.of(heard)


def _read_index(source: Source, folder: Path) -> tuple[dict[str, Entry], Report]:
    entries, report = read_sounds(source)
    names = [path.name for path in _files(folder)]
    for name, entry in entries.items():
        missing = [file for file in (entry.file, *entry.layers) if not (folder / file).exists()]
        if entry.span is not None and missing:
            found, fix = f"`{missing[0]}`, which is not there", meant(missing[0], names) or f"put it beside {NAME}"
            wrong = problem("unknown-sound", entry.span, fix, expected=f"a sound file beside {NAME}", found=found)
            entries[name] = Entry(entry.file, wrong=wrong)
            report += Report((wrong,))
    return entries, report


def _unread(span: Span, error: VoiceguideError) -> Diagnostic:
    return problem("unknown-sound", span, error.hint, expected="a file that can be read", found=error.message)


def _all_wrong(found: dict[str, SoundFile], report: Report) -> tuple[Mapping[str, SoundFile], Report]:
    """Return the sounds of a folder whose `sounds.yaml` cannot be read: what it says of any of them is not known."""
    wrong = report.errors[0]
    return {name: SoundFile(name, sound.path, wrong=wrong) for name, sound in found.items()}, report


def _files(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.suffix.lower() in (*ENDINGS, *_FOREIGN)]


def _is_read(path: Path) -> tuple[bool, str]:
    return path.suffix.lower() in ENDINGS, path.name


def _entries(folder: Path) -> Iterator[Path]:
    """Yield what lies in *folder*, in order; names that begin with a dot are those of other programs."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        found = []
    yield from (path for path in found if not path.name.startswith("."))


def recordings(script: Path) -> dict[str, SoundFile]:
    """Return the files that the script at *script* may play in place of speech, by name, whatever their ending.

    They lie in its folder, or in the user's sounds folder. A link beside the script may have come with it from
    somebody else, so it must not lead out of the folder; in the user's own folder, it may lead anywhere.
    """
    found = {path.name: SoundFile(path.name, path) for path in _entries(users("sounds"))}
    beside = script.parent
    found |= {path.name: SoundFile(path.name, path, home=beside) for path in _entries(beside)}
    return {name: sound for name, sound in found.items() if Path(name).suffix.lower() not in (".yaml", ".yml")}


def find_recording(script: Path, name: str) -> SoundFile:
    """Return the recording *name* of the script at *script*; raises VoiceguideError if it is not there."""
    found = recordings(script).get(name)
    if found is None:
        raise VoiceguideError(f"there is no recording {name!r}", hint=f"put it beside {script.name}")
    return found
