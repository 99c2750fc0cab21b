"""Recogniser: which of a closed set of phrases a piece of speech says, if any.

Whisper tiny.en scores every phrase on one encoding of the sound. That hears through noise and accents what a
transcript would have lost. Common phrases score well on anything: so what each of them scores on nothing is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.hear.delay import HZ
from voiceguide.hear.phrases import Spoken
from voiceguide.nouns import dataclass
from voiceguide.plugins import send_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAMES = 400
"""What is encoded, in frames of 10 ms: 4 s in place of the 30 s that Whisper was trained with, a tenth of the time."""
TOGETHER = 5
"""Phrases scored at once: more take longer than one lot after the other."""
WOKEN = -8.0
"""The mean logarithm of the probabilities of the waking word: speech that is no command has -12 and less."""
SURE, APART = -4.5, 0.2
"""From which mean logarithm of a phrase on it is taken, and how far that of another command must be below it."""
SAID = -4.7
"""The same for what follows the waking word: when nothing does, phrases have -5 and less."""
ALONE = -1.8
"""The same for a phrase that needs no waking: it is heard in other speech too."""
SHORT = HZ * 16 // 10
"""A phrase that needs no waking stands alone: with the silence around it, it is no longer."""
# Chosen with the voices that are for tuning: 240 commands clean and at 10 dB, 160 under bleed, 40 minutes of a guide.


@dataclass(frozen=True)
class Best:
    """The *phrase* that fits best, how *sure* that is (a mean logarithm), and whether it is *taken* for it."""

    phrase: str
    sure: float
    taken: bool


class Recogniser:
    """Scores the phrases of *spoken* on pieces of speech. Raises what its library raises if *model* is not whole."""

    def __init__(self, model: Path, spoken: Spoken) -> None:
        import numpy as np

        send_nothing()
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor
        from tokenizers import Tokenizer

        ctranslate2.set_log_level(40)
        tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._features = FeatureExtractor()
        self._model: Any = ctranslate2.models.Whisper(
            str(model), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        self._start = [tokenizer.token_to_id(name) for name in ("<|startoftranscript|>", "<|notimestamps|>")]
        self._commands = spoken.said()
        self._alone = frozenset(spoken.said_alone())
        self._tokens = {p: tokenizer.encode(f" {p}", add_special_tokens=False).ids for p in self._commands}
        self._waking = len(tokenizer.encode(f" {spoken.wake},", add_special_tokens=False).ids)
        # those that need no waking first, and one that does: mostly they show that it is no command
        self._phrases = sorted(self._commands, key=lambda phrase: phrase not in self._alone)
        silence, noise = np.zeros(HZ, np.float32), np.random.default_rng(0).standard_normal(HZ).astype(np.float32)
        nothing = [self._scores(self._encoded(sound), self._phrases) for sound in (silence, 0.01 * noise)]
        usual = {phrase: sum(_mean(scores[phrase]) for scores in nothing) / len(nothing) for phrase in self._phrases}
        middle = sum(usual.values()) / len(usual)
        self._usual = {phrase: mean - middle for phrase, mean in usual.items()}

    def read(self, speech: NDArray[np.float32]) -> Best | None:
        """Return what *speech*, 16 kHz, float32, at most 4 s, may say; None if it is nothing like it."""
        encoded = self._encoded(speech)
        first, rest = self._phrases[:TOGETHER], self._phrases[TOGETHER:]
        scores = self._scores(encoded, first)
        woken = next(logs for phrase, logs in scores.items() if phrase not in self._alone)
        wakes = _mean(woken[: self._waking]) >= WOKEN
        if not wakes and len(speech) > SHORT:
            return None
        scores |= self._scores(encoded, rest if wakes else [])
        fits = {p: _mean(logs) - self._usual[p] for p, logs in scores.items() if wakes or p in self._alone}
        if len(speech) > SHORT:
            fits = {phrase: fit for phrase, fit in fits.items() if phrase not in self._alone}
        best = max(fits, key=lambda phrase: fits[phrase])
        others = [fit for phrase, fit in fits.items() if self._commands[phrase] != self._commands[best]]
        if best in self._alone:
            enough = fits[best] >= ALONE
        else:
            enough = fits[best] >= SURE and _mean(scores[best][self._waking :]) >= SAID
        return Best(best, fits[best], enough and fits[best] - max(others, default=-99.0) >= APART)

    def fit(self, speech: NDArray[np.float32], phrase: str) -> float:
        """Return how well *phrase* fits *speech*: what `Best.sure` would be."""
        return _mean(self._scores(self._encoded(speech), [phrase])[phrase]) - self._usual[phrase]

    def _encoded(self, speech: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the encoding of *speech*, shape (1, frames, width)."""
        import numpy as np
        from ctranslate2 import StorageView

        padded = np.pad(speech, (0, max(0, FRAMES * HZ // 100 - len(speech))))
        features = np.ascontiguousarray(self._features(padded)[None, :, :FRAMES])
        return np.array(self._model.encode(StorageView.from_array(features)))

    def _scores(self, encoded: NDArray[np.float32], phrases: Sequence[str]) -> dict[str, list[float]]:
        """Return the logarithms of the probabilities of the tokens of each of *phrases*."""
        import numpy as np
        from ctranslate2 import StorageView

        scores: dict[str, list[float]] = {}
        for first in range(0, len(phrases), TOGETHER):
            lot = phrases[first : first + TOGETHER]
            several = StorageView.from_array(np.repeat(encoded, len(lot), 0))
            tokens = [self._tokens[phrase] for phrase in lot]
            made = self._model.align(several, self._start, tokens, [FRAMES] * len(lot), median_filter_width=1)
            for phrase, result in zip(lot, made, strict=True):
                scores[phrase] = np.log(np.maximum(result.text_token_probs, 1e-9)).tolist()
        return scores


def _mean(logs: Sequence[float]) -> float:
    return sum(logs) / len(logs)
