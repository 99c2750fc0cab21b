"""What engines reply: speech comes through as it is, all else is refused by name, with the sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.library.sound_files import tone
from voiceguide.clips import Utterance
from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech.reply import ReplyError, speech_of
from voiceguide.speech.tone import ToneEngine

SPEECH = tone(rate=16_000)
FLOATS = "in place of samples, which are an array of floats in -1..1"
RATE = "where a whole number from 8000 Hz to 384000 Hz belongs"

BAD: dict[str, tuple[Any, str]] = {
    "None": (None, "None in place of (samples, rate)"),
    "samples alone": (SPEECH, "a value of type ndarray in place of (samples, rate)"),
    "three things": ((SPEECH, 16_000, "en"), "a value of type tuple in place of (samples, rate)"),
    "a list of both": ([SPEECH, 16_000], "a value of type list in place of (samples, rate)"),
    "bytes": (b"RIFF", "a value of type bytes in place of (samples, rate)"),
    "1 Hz": ((SPEECH, 1), f"a rate of 1, {RATE}"),
    "0 Hz": ((SPEECH, 0), f"a rate of 0, {RATE}"),
    "negative Hz": ((SPEECH, -16_000), f"a rate of -16000, {RATE}"),
    "kHz": ((SPEECH, 16.0), f"a rate of 16.0, {RATE}"),
    "a float": ((SPEECH, 22_050.0), f"a rate of 22050.0, {RATE}"),
    "no rate": ((SPEECH, None), f"a rate of None, {RATE}"),
    "a text": ((SPEECH, "16000"), f"a rate of '16000', {RATE}"),
    "True": ((SPEECH, True), f"a rate of True, {RATE}"),
    "MHz": ((SPEECH, 16_000_000), f"a rate of 16000000, {RATE}"),
    "both the other way round": ((16_000, SPEECH), "a rate of array("),
    "no samples": ((SPEECH[:0], 16_000), "no samples"),
    "one sample": ((SPEECH[:1], 16_000), "1 sample, less than 20 ms"),
    "None and a rate": ((None, 16_000), f"None {FLOATS}"),
    "a list of floats": (([0.1, 0.2], 16_000), f"a value of type list {FLOATS}"),
    "16 bit": (((SPEECH * 32767).astype(np.int16), 16_000), f"an array of int16 {FLOATS}"),
    "complex": ((SPEECH.astype(np.complex64), 16_000), f"an array of complex64 {FLOATS}"),
    "objects": ((np.array([None] * 400), 16_000), f"an array of object {FLOATS}"),
    "truths": ((SPEECH > 0, 16_000), f"an array of bool {FLOATS}"),
    "NaN": ((np.where(np.arange(16_000) == 77, np.nan, SPEECH), 16_000), "a value that is no number (NaN)"),
    "all NaN": ((np.full(16_000, np.nan), 16_000), "a value that is no number (NaN)"),
    "infinite": ((np.where(np.arange(16_000) == 77, np.inf, SPEECH), 16_000), "an infinite value"),
    "more than float32 holds": ((np.full(16_000, 1e300), 16_000), "an infinite value"),
    "the scale of 16 bit": ((SPEECH * 32767, 16_000), "a value of "),
    "silence": ((np.zeros(16_000, np.float32), 16_000), "silence"),
    "nearly silence": ((SPEECH * 1e-5, 16_000), "silence"),
    "a constant": ((np.full(16_000, 0.5, np.float32), 16_000), "silence"),
    "rows": ((np.tile(SPEECH, (2, 1)), 16_000), "samples of shape (2, 16000), where (frames,) belongs"),
    "three channels": ((np.tile(SPEECH[:, None], 3), 16_000), "samples of shape (16000, 3), where (frames,) belongs"),
    "a cube": ((SPEECH.reshape(10, 10, 160), 16_000), "samples of shape (10, 10, 160), where (frames,) belongs"),
    "one number": ((np.array(0.5), 16_000), "samples of shape (), where (frames,) belongs"),
    "an hour": ((np.tile(SPEECH, 3600), 16_000), "1h of sound, where 49s would be too much"),
    "against each other": ((np.stack([SPEECH, -SPEECH], axis=1), 16_000), "silence"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_reply_that_is_no_speech_is_refused_with_the_engine_and_the_sentence(name: str) -> None:
    reply, why = BAD[name]

    class Engine(ToneEngine):
        def _speak(self, sentence: str, voice: str, pace_wpm: int) -> Any:
            return reply

    Engine.name = "other"
    with pytest.raises(VoiceguideError) as raised:
        Engine().speak(Utterance(("Rub the heel slowly",)), "tone")
    assert raised.value.message.startswith(f"other gave no usable sound for 'Rub the heel slowly': {why}")
    assert raised.value.hint == "try another voice or --engine espeak"
    with pytest.raises(ReplyError):
        speech_of(reply, "Rub the heel slowly")


GOOD = {
    "float32": SPEECH,
    "float64": SPEECH.astype(np.float64),
    "float16": SPEECH.astype(np.float16),
    "a column": SPEECH[:, None],
    "two alike": np.stack([SPEECH, SPEECH], axis=1),
    "not in one piece": np.repeat(SPEECH, 2)[::2],
    "after a long silence": np.concatenate([np.zeros(32_000, np.float32), SPEECH]),
    "louder than full scale": SPEECH * 5,
}


@pytest.mark.parametrize("name", GOOD)
def test_speech_comes_through_as_one_column_of_float32(name: str) -> None:
    given = GOOD[name]
    samples, rate = speech_of((given, np.int64(16_000)), "Rub the heel.")
    assert (str(samples.dtype), len(samples), rate, type(rate)) == ("float32", len(given), 16_000, int)
    assert samples.ndim == 1
    assert np.allclose(samples, given.reshape(len(given), -1)[:, 0], atol=1e-3)


def test_sentences_of_different_rates_are_refused() -> None:
    class Engine(ToneEngine):
        def _speak(self, sentence: str, voice: str, pace_wpm: int) -> Any:
            return SPEECH, 16_000 if sentence == "One." else 22_050

    with pytest.raises(VoiceguideError, match=r"'Two\.': a rate of 22050 Hz, after 16000 Hz for the sentence before"):
        Engine().speak(Utterance(("One.", "Two.")), "tone")
