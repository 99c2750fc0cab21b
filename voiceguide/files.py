"""Whole files or none: what is written appears under its name only when it is complete.

The lowest room in which files are touched at all.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import platformdirs

from voiceguide.diagnostics import UsageError, VoiceguideError


def target_file(path: str | Path, endings: Collection[str] = (), reads: str = "") -> Path:
    """Return *path* if a file of one of *endings*, or of any, can be written to it, and it is not the script *reads*.

    It is asked, and tried, before the work begins. A folder is never made: its name is more likely to be a slip of the
    pen. Raises UsageError if it is no name for a file, VoiceguideError if nothing can be written there.
    """
    target = Path(path)
    if endings and target.suffix.lower() not in endings:
        raise UsageError(f"cannot tell the format of {target}", hint=f"end the name in one of: {', '.join(endings)}")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", hint="make it first, or choose another place")
    if is_device(target.name):
        raise UsageError(f"{target} is the name of a device", hint="choose another name")
    if _no_folder(target).exists() and Path(reads).is_file() and target.samefile(reads):
        raise UsageError(f"{target} is the script itself", hint="choose another name")
    _unprotected(target)
    from tempfile import TemporaryFile

    try:
        with TemporaryFile(dir=target.parent):
            return target
    except OSError as error:
        raise VoiceguideError(f"cannot write {target}: {error.strerror}", hint=_ELSEWHERE) from error


_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)
_ELSEWHERE = "choose another place, and see that the disk is not full"


def is_device(name: str, *, windows: bool = os.name == "nt") -> bool:
    """Tell whether a file cannot be called *name*: on Windows some names are those of devices, with any ending."""
    return windows and _DEVICES.fullmatch(name) is not None


def as_typed(name: str) -> str:
    """Return *name* as it is typed in a shell of this system."""
    if os.name == "nt":  # where no name has a quotation mark
        return name if re.fullmatch(r"[\w.:/\\-]+", name) else f'"{name}"'
    return shlex.quote(name)


def _unprotected(path: Path) -> None:
    if path.exists() and not os.access(path, os.W_OK):  # replacing it would succeed nevertheless
        raise VoiceguideError(f"cannot write {path}: it is write-protected", hint="change its permissions")


def existing_file(path: Path, hint: str = "give the path of a script") -> Path:
    """Return *path* if there is a file; raises UsageError, with *hint* if there is nothing at all, otherwise."""
    if not _no_folder(path).exists():
        there = "; the link leads nowhere" if path.is_symlink() else ""
        raise UsageError(f"there is no file {path}{there}", hint=hint)
    return path


def _no_folder(path: Path) -> Path:
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder", hint="give the name of a file")
    except (OSError, ValueError) as error:  # a name of 300 letters, a folder that nobody may look into
        raise UsageError(f"{path} cannot be looked at: {getattr(error, 'strerror', None) or error}") from error
    return path


def is_plain(path: Path) -> bool:
    """Tell whether there is a plain file at *path*, or a link to one, that is not hidden: no pipe would end."""
    try:
        return not path.name.startswith(".") and stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


@contextmanager
def whole_file(path: Path, hint: str = _ELSEWHERE) -> Iterator[BinaryIO]:
    """Open *path* for writing beside its goal and put it in place when the block ends well.

    Where the system can (Linux), the file has no name until it is whole, so that even a killed process leaves
    nothing behind. Elsewhere it has a temporary name, which is removed on every failure that can be caught.

    Raises VoiceguideError with *hint* if the folder cannot be made or written to.
    """
    short = path.name.encode(errors="surrogateescape")[:80].decode(errors="ignore")  # a name has 255 bytes at most
    part = path.with_name(f".{short}.{os.getpid()}-{id(path):x}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_nameless(path.parent) or part.open("w+b")
    except OSError as error:
        raise VoiceguideError(f"cannot write {path}: {error.strerror}", hint=hint) from error
    try:
        with handle:
            yield handle
            handle.flush()
            if isinstance(handle.name, int):
                _give_name(handle.fileno(), part)
        os.replace(part, path)
    except OSError as error:
        raise VoiceguideError(f"cannot write {path}: {error.strerror}", hint=hint) from error
    finally:
        with suppress(OSError):  # it is not there; or, on Windows, somebody looks at it
            part.unlink()


LARGEST_BYTES = 32 << 20
"""A script of 100,000 steps has a fifth of that."""


def read_bytes(path: Path) -> bytes:
    """Return what is in the file at *path*.

    Raises UsageError if there is no file, VoiceguideError if it cannot be opened.
    """
    try:
        status = existing_file(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(
                f"{path} is no plain file: it is a pipe or a device", hint="copy what it gives into a file"
            )
        if status.st_size > LARGEST_BYTES:
            large = f"{status.st_size >> 20} MiB"
            raise UsageError(f"{path} has {large}: that is no script", hint="give the path of a script")
        return path.read_bytes()
    except OSError as error:
        raise VoiceguideError(f"cannot read {path}: {error.strerror}") from error


def rewrite(path: Path, content: bytes) -> None:
    """Put *content* into the file at *path*, which keeps its permissions. A link to the file stays a link.

    Raises VoiceguideError if the file is write-protected or cannot be written.
    """
    goal = path.resolve()
    _unprotected(goal)
    with whole_file(goal) as handle:
        handle.write(content)
        if os.chmod in os.supports_fd:
            os.chmod(handle.fileno(), stat.S_IMODE(goal.stat().st_mode))


def _open_nameless(folder: Path) -> BinaryIO | None:
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not Path("/proc/self/fd").exists():
        return None
    try:
        return os.fdopen(os.open(folder, flag | os.O_RDWR, 0o666), "w+b")
    except OSError:  # this file system cannot; a missing or closed folder is reported by the named way
        return None


def _give_name(descriptor: int, path: Path) -> None:
    # Without a directory descriptor Python calls link(2), which does not follow /proc's link; linkat(2) does.
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)


PACKAGE = Path(__file__).resolve().parent


def bundled(kind: str) -> Path:
    """Return the folder of bundled `scripts` or `sounds`: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / kind
    return inside if inside.is_dir() else PACKAGE.parent / kind


def users(kind: str) -> Path:
    """Return the user's own folder of `scripts`, `sounds` or `voices` (it may not exist)."""
    home = os.environ.get("VOICEGUIDE_HOME")
    return (Path(home) if home else platformdirs.user_data_path("voiceguide", appauthor=False)) / kind


def config_file() -> Path:
    """Return where the user's settings are kept (there may be none)."""
    home = os.environ.get("VOICEGUIDE_HOME")
    return (Path(home) if home else platformdirs.user_config_path("voiceguide", appauthor=False)) / "config.yaml"


def cache_folder() -> Path:
    """Return the folder of the clip cache: `VOICEGUIDE_CACHE`, or the system's place for caches."""
    given = os.environ.get("VOICEGUIDE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("voiceguide", appauthor=False) / "clips"


def state_folder() -> Path:
    """Return the folder of what the program remembers from one session to the next (it may not exist)."""
    home = os.environ.get("VOICEGUIDE_HOME")
    return Path(home) / "state" if home else platformdirs.user_state_path("voiceguide", appauthor=False)


def private_file(path: Path, content: bytes) -> None:
    """Put *content* into the file at *path*, whole or not at all, for nobody else to read, and past a power cut.

    Raises VoiceguideError if it cannot be written.
    """
    with whole_file(path) as handle:
        if os.chmod in os.supports_fd:
            os.chmod(handle.fileno(), 0o600)
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())  # or a name could come back after a power cut without what was written


MANY_FILES = 4096


def allow_many_files() -> None:
    """Let this process open more files than is usual (macOS: 256), if the system does: each clip in hand is one."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def append_line(path: Path, line: bytes) -> None:
    """Add *line* to the private file at *path*: several processes may, and each line stays whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(descriptor, line + b"\n")
    finally:
        os.close(descriptor)


def locked(file: BinaryIO) -> bool:
    """Lock *file* for this process until it is closed or the process ends, however; tell whether nobody else has it.

    Where the system has no locks, nobody ever has.
    """
    try:
        import fcntl  # whose record locks are not inherited: no child can keep them
    except ImportError:
        return _locked_on_windows(file)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _locked_on_windows(file: BinaryIO) -> bool:
    with suppress(ImportError):
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
    return True
