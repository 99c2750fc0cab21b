"""Files: a session written in the format that the ending of its name asks for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voiceguide.export.wav import write_wav
from voiceguide.files import target_file
from voiceguide.speech.synthesizer import Progress, no_progress

if TYPE_CHECKING:
    from voiceguide.session import Session

EXPORTERS = {".wav": write_wav}
"""Writers by ending."""


def check_target(path: str | Path, endings: Iterable[str] = tuple(EXPORTERS)) -> Path:
    """Return *path* if it can be written to and has one of *endings*, which are those of a session's formats.

    Raises UsageError otherwise, before anything is spoken.
    """
    return target_file(path, tuple(endings))


def export_session(
    session: Session,
    path: str | Path,
    *,
    mono: bool = False,
    bits: Literal[16, 24] = 16,
    progress: Progress = no_progress,
) -> Path:
    """Write *session*, brought to its loudness, to *path* in the format of its ending, whole or not at all.

    Returns the path. Raises VoiceguideError if the ending is not known or the file cannot be written.
    """
    target = check_target(path)
    EXPORTERS[target.suffix.lower()](session.balanced(), target, mono=mono, bits=bits, progress=progress)
    return target
