"""piper: natural neural voices, one bundled by the extra `piper`, others from the listener's voice folder."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.diagnostics import VoiceguideError
from voiceguide.entries import version
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice
from voiceguide.speech.onnx import imported, load_session
from voiceguide.speech.piper_voices import config_of, look, settings_of
from voiceguide.speech.voice_files import Flaw, FlawError, digest, voice_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from piper import PiperVoice, SynthesisConfig
    from piper.config import PiperConfig

    from voiceguide.speech.piper_model import Model

    Sounds = Sequence[tuple[Sequence[int], NDArray[np.int64]]]
    """What is said at a stretch: the ids of its sounds, and how many samples each lasts."""

INSTALL = 'pip install "voiceguide[piper]"'
FIXED_S, SCALED_S = 0.075, 0.219
"""Seconds a word: the fixed part, and the part that the length scale stretches. Measured with en_US-joe-medium over the
123 sentences of the bundled scripts, trimmed: scale 1.0 gave 205 words a minute, 1.3 gave 171, 1.6 gave 141."""
SHORTEST, LONGEST = 0.6, 1.6
"""Length scales beyond these slur or drawl; so 141 words a minute is the calmest."""
BEFORE_MS, AFTER_MS = 50, 50
"""What is kept before the first sound and after the last one. Measured over 300 sentences at three paces: what is
audible begins up to 28 ms before its sound (95 of 100; 58 ms: 99), and ends up to 11 ms after it (25 ms)."""


class PiperEngine(Engine):
    """Piper voices, each loaded once and used by all threads at the same time, one thread an inference.

    How long a sentence is follows from the lengths of its sounds alone, the silence around it too. The part of the
    model that gives them takes a tenth of the time of speaking, so it tells them beforehand.
    """

    name = "piper"
    title = "Piper (neural)"
    rank = 30
    deterministic = True
    padded = False

    def __init__(self) -> None:
        self._speakers = _Loaded(lambda model: model.whole())
        self._counters = _Loaded(lambda model: model.lengths())

    def status(self) -> Status:
        """Tell whether piper and a voice for it are installed, without loading them."""
        if find_spec("piper") is None or find_spec("onnxruntime") is None:
            return Status("missing-library", INSTALL)
        if not look()[0]:
            return Status("no-voices", f"{INSTALL}, or put NAME.onnx and NAME.onnx.json into {voice_folder()}")
        return Status("ready")

    def voices(self) -> tuple[Voice, ...]:
        """List the voices of the listener's voice folder, then the one of the package."""
        return tuple(voice for voice, _ in look()[0].values())

    def flaws(self) -> tuple[Flaw, ...]:
        """List the files in both folders that should be voices and cannot be used."""
        return look()[1]

    def fingerprint(self, voice: str) -> str:
        """Return the versions of piper and onnxruntime, the digests of the model and its settings, and our own."""
        from voiceguide.speech.piper_model import SEED

        model = look()[0][self.pick_voice(voice, "")][1]
        parts = [f"{package} {version(package)}" for package in ("piper-tts", "onnxruntime")]
        parts += [voice, digest(model), digest(config_of(model)), f"noise {SEED} pace {FIXED_S} {SCALED_S}"]
        return " ".join([*parts, f"edges {BEFORE_MS} {AFTER_MS}"])

    def close(self) -> None:
        """Let go of the models."""
        self._speakers.clear()
        self._counters.clear()

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np

        from voiceguide.audio.clip import faded, trim

        speaker = self._speakers.of(self.pick_voice(voice, ""))
        assert speaker is not None  # every model speaks
        hz = speaker.config.sample_rate
        with _naming(voice, sentence):
            chunks = list(speaker.synthesize(_safe(sentence), _settled(pace_wpm), include_alignments=True))
        samples = np.concatenate([np.zeros(0, np.float32), *(chunk.audio_float_array for chunk in chunks)])
        if any(chunk.phoneme_id_samples is None for chunk in chunks):
            return trim(samples, hz), hz  # a model that does not tell the lengths of its sounds
        sounds = [(chunk.phoneme_ids, np.atleast_1d(chunk.phoneme_id_samples)) for chunk in chunks]
        first, last = _edges(sounds, speaker.config)
        return faded(samples[first:last], hz), hz

    def _length(self, sentence: str, voice: str, pace_wpm: int) -> tuple[int, int] | None:
        import numpy as np

        counter = self._counters.of(self.pick_voice(voice, ""))
        if counter is None:
            return None
        sounds = []
        with _naming(voice, sentence):
            for phonemes in filter(None, counter.phonemize(_safe(sentence))):
                ids = counter.phonemes_to_ids(phonemes)
                frames = np.atleast_1d(counter.phoneme_ids_to_audio(ids, _settled(pace_wpm)))
                sounds.append((ids, (frames * counter.config.hop_length).astype(np.int64)))
        first, last = _edges(sounds, counter.config)
        return (last - first, counter.config.sample_rate) if last > first else None


class _Loaded:
    """The models of voices, or what *part* takes of them, each loaded once: None where there is no such part."""

    def __init__(self, part: Callable[[Model], bytes]) -> None:
        self._part = part
        self._lock = threading.Lock()
        self._voices: dict[str, PiperVoice | None] = {}

    def of(self, voice: str) -> PiperVoice | None:
        with self._lock:
            if voice not in self._voices:
                self._voices[voice] = _open(look()[0][voice][1], self._part)
            return self._voices[voice]

    def clear(self) -> None:
        self._voices.clear()


def length_scale(pace_wpm: int) -> float:
    """Return how much longer than natural the sounds must be for *pace_wpm* words a minute inside sentences."""
    return min(max((60 / pace_wpm - FIXED_S) / SCALED_S, SHORTEST), LONGEST)


def _settled(pace_wpm: int) -> SynthesisConfig:
    # Piper's own normalisation brings every sentence to full scale, which makes short ones shout.
    return imported("piper").SynthesisConfig(length_scale=length_scale(pace_wpm), normalize_audio=False)


def _safe(sentence: str) -> str:
    return sentence.replace("[[", "[ [")  # two brackets would begin phonemes


@contextmanager
def _naming(voice: str, sentence: str) -> Iterator[None]:
    """Name the voice whose model or language fails: what that raises has no common type."""
    try:
        yield
    except Exception as error:
        raise VoiceguideError(
            f"the voice {look()[0][voice][1]} cannot speak {sentence!r}: {error}",
            hint="its .onnx.json may be that of another voice: download both again, or take another voice",
        ) from error


def _edges(sounds: Sounds, config: PiperConfig) -> tuple[int, int]:
    """Return the first and the last sample (exclusive) that are kept of *sounds*, spoken one after the other.

    At either end, signs that make no sound last as long as they like: all of them but `BEFORE_MS` and `AFTER_MS` go.
    """
    silent = {
        number
        for sign, numbers in config.phoneme_id_map.items()
        if sign in ("_", "^", "$") or all(unicodedata.category(letter)[0] in "PZ" for letter in sign)
        for number in numbers
    }
    samples = [
        (number not in silent, int(count)) for ids, counts in sounds for number, count in zip(ids, counts, strict=True)
    ]
    whole = sum(count for _, count in samples)
    before, after = (
        sum(count for _, count in takewhile(lambda sample: not sample[0], way)) for way in (samples, reversed(samples))
    )
    if before == whole:
        return 0, whole
    kept_before, kept_after = (config.sample_rate * ms // 1000 for ms in (BEFORE_MS, AFTER_MS))
    return max(0, before - kept_before), whole - max(0, after - kept_after)


def _open(path: Path, part: Callable[[Model], bytes]) -> PiperVoice | None:
    from voiceguide.speech.piper_model import read_model

    piper, settings = imported("piper"), imported("piper.config").PiperConfig
    again = f"download {path.name} and {path.name}.json again"
    try:
        config = settings.from_dict(settings_of(path))
        graph = part(read_model(path.read_bytes()))
    except (FlawError, OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise VoiceguideError(f"the voice {path} cannot be read: {error}", hint=again) from error
    if not graph:
        return None
    try:
        # One thread an inference: two of them at once finish sooner (130 ms a sentence) than two threads in one (174).
        return piper.PiperVoice(config=config, session=load_session(graph, threads=1))
    except VoiceguideError as error:
        raise VoiceguideError(f"the voice {path} cannot be loaded: {error.message}", hint=again) from error
