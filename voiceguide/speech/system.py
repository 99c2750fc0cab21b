"""system: the machine's own voices through pyttsx3 (SAPI on Windows, NSSpeech on macOS, espeak-ng on Linux)."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.entries import version
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice
from voiceguide.speech.espeak import APART, NOMINAL, bcp47, data_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = tuple[NDArray[np.float32], int]

CHILD = Path(__file__).with_name("system_child.py")
TIME_LIMIT_S = 30
ATTEMPTS = 3
QUICKEST = 0.3
"""A file shorter than this part of the words at their pace has been cut: short words reach 0.5."""
TAIL_MS, TAIL_LEVEL = 5, 0.1
"""Speech ends quietly: a file whose last moment is louder than this part of its peak has been cut."""
_NATIVE = {"win32": "comtypes", "darwin": "objc"}
_AGAIN = "try again, or another engine: --engine espeak"


class SystemEngine(Engine):
    """pyttsx3, each sentence in a child process of its own, and no file believed before it has been looked at."""

    name = "system"
    title = "The machine's own voices (pyttsx3)"
    rank = 15 if sys.platform in _NATIVE else 5
    deterministic = False
    patience_s = 2 * TIME_LIMIT_S  # its voices are asked for in a child process, which has a limit of its own

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._voices: tuple[Voice, ...] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._ended = False

    def status(self) -> Status:
        """Tell whether pyttsx3 and what it speaks through are installed, without loading them."""
        if find_spec("pyttsx3") is None:
            return Status("missing-library", "pip install pyttsx3")
        native = _NATIVE.get(sys.platform)
        if native and find_spec(native) is None:
            return Status("missing-library", "pip install --force-reinstall pyttsx3")
        if not native and data_folder() is None:
            return Status("missing-library", "pip install --force-reinstall espeakng-loader")
        if self._voices == ():
            return Status("no-voices", "add a voice in the settings of the operating system")
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List the machine's voices, its default one first; they are asked for once."""
        if self._voices is None:
            reply = self._run({})
            found = sorted(reply["voices"], key=lambda voice: voice["id"] != reply["default"])
            self._voices = tuple(Voice(v["id"], v["name"], bcp47((v["languages"] or ["und"])[0])) for v in found)
        return self._voices

    def fingerprint(self, voice: str) -> str:
        """Return the versions of pyttsx3 and of what it speaks through, and the voice."""
        native = platform.platform() if sys.platform in _NATIVE else f"espeakng-loader {version('espeakng-loader')}"
        return f"pyttsx3 {version('pyttsx3')} {native} {voice} nominal {NOMINAL}"

    def workers(self, cores: int) -> int:
        """Return 1: several at once are not known to be safe on every system."""
        return 1

    def close(self) -> None:
        """End the child that is speaking now: its sentence fails, and is not tried again."""
        self._ended = True
        if child := self._child:
            child.kill()

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> Sound:
        request = {"text": sentence, "voice": self.pick_voice(voice, ""), "rate": round(pace_wpm * NOMINAL)}
        shortest_s = QUICKEST * len(sentence.split()) * 60 / pace_wpm
        longest: Sound | None = None
        self._ended = False
        for _ in range(ATTEMPTS):
            if self._ended:
                break
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                path = Path(folder, "speech.wav")
                self._run({**request, "path": str(path)})
                sound = read_sound(path)
            if sound is None or len(sound[0]) < shortest_s * sound[1]:
                continue
            if ends_quietly(*sound):
                return sound
            if longest is None or len(sound[0]) > len(longest[0]):
                longest = sound
        if longest is None:
            raise VoiceguideError(f"the machine's voice {voice} gave no whole sound for {sentence!r}", hint=_AGAIN)
        return longest

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the child's reply to *request*."""
        environment = dict(os.environ)
        if sys.platform not in _NATIVE:
            import espeakng_loader

            request = {**request, "library": espeakng_loader.get_library_path()}
            environment["ESPEAK_DATA_PATH"] = str(data_folder())
        command = [sys.executable, "-P", str(CHILD)]
        with self._turn:
            try:
                said = self._answer(command, json.dumps(request).encode(), environment)
                reply: dict[str, Any] = json.loads(said or b'{"error": "the child process died"}')
            except (OSError, subprocess.SubprocessError, ValueError) as error:
                reply = {"error": str(error)}
        if "error" in reply:
            raise VoiceguideError(f"the machine's own voices fail: {reply['error']}", hint=_AGAIN)
        return reply

    def _answer(self, command: list[str], request: bytes, environment: dict[str, str]) -> bytes:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            **APART,
        ) as child:  # fmt: skip
            self._child = child
            try:
                said: bytes = child.communicate(request, TIME_LIMIT_S)[0]
                return said
            finally:
                self._child = None
                child.kill()


def read_sound(path: Path) -> Sound | None:
    """Return the mono samples and the rate of a WAV file (or AIFF, which macOS writes), or None if there are none."""
    import miniaudio
    import numpy as np

    try:
        file = miniaudio.wav_read_file_f32(str(path))
    except (OSError, miniaudio.MiniaudioError):
        return None
    samples = np.asarray(file.samples, np.float32).reshape(-1, file.nchannels).mean(axis=1, dtype=np.float32)
    return (samples, file.sample_rate) if len(samples) else None


def ends_quietly(samples: NDArray[np.float32], rate: int) -> bool:
    """Tell whether *samples* come to rest, as a sentence that was not cut does."""
    import numpy as np

    tail = samples[-max(1, rate * TAIL_MS // 1000) :]
    return float(np.abs(tail).max()) <= TAIL_LEVEL * float(np.abs(samples).max())
