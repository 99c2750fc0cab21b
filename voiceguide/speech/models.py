"""The listener's neural models: the folder they lie in, what tells one from another, and how they are loaded."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import users

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_END_BYTES = 1 << 20


def voice_folder() -> Path:
    """Return the folder for downloaded voices: `VOICEGUIDE_VOICES`, or `voices` among the user's own files."""
    named = os.environ.get("VOICEGUIDE_VOICES")
    return Path(named) if named else users("voices")


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


def load_session(model: Path | bytes, *, threads: int) -> InferenceSession:
    """Return a quiet onnxruntime session on the processor that runs one inference on *threads* threads.

    Raises VoiceguideError if *model* is not a whole model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads sleep: spinning ones take the processor from the player, and gain nothing when it is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common type but this one
        reason = str(error).strip().splitlines()[0]
        raise VoiceguideError(f"the voice model cannot be loaded: {reason}", hint="download the voice again") from error
