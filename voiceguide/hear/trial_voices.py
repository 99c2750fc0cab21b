"""Trial voices: who says commands on this computer, offline. Those that figures are told of were never tuned with."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.clips import Utterance
from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import whole_file
from voiceguide.hear.delay import HZ
from voiceguide.nouns import dataclass
from voiceguide.speech.engine import Engine, installed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROGRAMS: Mapping[str, Callable[[str, Path], list[str]]] = {
    "flite": lambda voice, out: ["flite", "-voice", voice, "-o", str(out), "-f"],
    "festival": lambda voice, out: ["text2wave", "-eval", f"(voice_{voice})", "-o", str(out)],
}
"""Programs that speak if they are installed, beside our own engines: all read the text from a file at the end."""
LISTS: Mapping[str, list[str]] = {"flite": ["flite", "-lv"], "festival": ["festival", "-b", "(print (voice.list))"]}
"""What prints the voices that these have here: each is a package of its own."""
TUNING = (
    *("espeak en-us", "espeak en-us+f3", "espeak en-gb+m3", "espeak en-gb-scotland+f4", "espeak en-029+m7"),
    *("espeak en-us-nyc+m1", "espeak en-gb+klatt2", "flite kal"),
)
GUIDES = ("piper en_US-joe-medium", "espeak en-us", "espeak en-gb+m3", "espeak en-us+f3", "espeak en-gb-x-rp+f2")
"""Who guides meanwhile: voices that sessions have."""
TEST = (
    *("espeak en-gb-x-rp+f5", "espeak en-gb-x-gbclan+m8", "espeak en-us+belinda", "espeak en-029+adam"),
    *("espeak en-gb+edward", "espeak en-us+steph2", "piper en_US-joe-medium"),
    *("kokoro jf_alpha", "kokoro jf_gongitsune", "kokoro jf_nezumi", "kokoro jf_tebukuro", "kokoro jm_kumo"),
    *("flite slt", "flite rms", "flite awb", "festival ked_diphone", "festival cmu_us_slt_arctic_hts"),
)
"""Chosen before any of them was heard. Twelve come with pip; those of flite and festival if they are installed.

Nobody whom a tuning voice was made of is among them: flite's kal16 is its kal again, at another rate. Those of espeak
are variants of one synthesizer, and slt of flite and of festival are one person by two of them.
"""


@dataclass(frozen=True)
class TrialVoice:
    """A voice by its *name*: the engine or program, and what it calls it. What it has said is kept in *folder*."""

    name: str
    folder: str

    def say(self, text: str, pace_wpm: int = 140) -> NDArray[np.float32]:
        """Return *text* at 16 kHz, float32, silence around it trimmed; kept for the next time.

        Raises VoiceguideError if the engine fails.
        """
        import numpy as np

        path = Path(self.folder, f"{sha256(f'{self.name}|{pace_wpm}|{text}'.encode()).hexdigest()[:24]}.npy")
        if not path.is_file():
            samples = self._made(text, pace_wpm)
            with whole_file(path) as file:
                np.save(file, samples)
        made: NDArray[np.float32] = np.load(path)
        return made

    def _made(self, text: str, pace_wpm: int) -> NDArray[np.float32]:
        import soundfile
        import soxr

        from voiceguide.audio.clip import trim

        source, _, voice = self.name.partition(" ")
        if source in PROGRAMS:
            with tempfile.TemporaryDirectory() as folder:
                written, out = Path(folder, "text"), Path(folder, "out.wav")
                written.write_text(text, encoding="ascii")
                subprocess.run([*PROGRAMS[source](voice, out), str(written)], check=True, capture_output=True)
                samples, hz = soundfile.read(out, dtype="float32")
        else:
            samples, hz = engines()[source].speak(Utterance((text,), "en-US", pace_wpm), voice)
        made: NDArray[np.float32] = soxr.resample(trim(samples, hz), hz, HZ).astype("float32")
        return made


@cache
def engines() -> Mapping[str, Engine]:
    """Return our engines that are ready, by name."""
    return {
        engine.name: engine for engine in installed() if isinstance(engine, Engine) and engine.status().state == "ready"
    }


def voices(names: Sequence[str], folder: Path) -> list[TrialVoice]:
    """Return those of *names* that can speak here; what they say is kept in *folder*."""
    return [TrialVoice(name, str(folder)) for name in names if _speaks(*name.split(" "))]


def _speaks(source: str, voice: str) -> bool:
    if source in PROGRAMS:
        return voice in _listed(source)
    try:
        return source in engines() and engines()[source].pick_voice(voice, "en") == voice
    except VoiceguideError:
        return False


@cache
def _listed(source: str) -> frozenset[str]:
    """Return the voices of a program, none if it is not installed."""
    if not all(shutil.which(command[0]) for command in (PROGRAMS[source]("", Path()), LISTS[source])):
        return frozenset()
    printed = subprocess.run(LISTS[source], check=False, capture_output=True, text=True, timeout=60).stdout
    return frozenset(printed.translate(str.maketrans("()", "  ")).split())
