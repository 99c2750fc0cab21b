"""espeak: its voices, and helpers that come and go unnoticed."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from voiceguide.clips import Utterance
from voiceguide.diagnostics import VoiceguideError
from voiceguide.speech.engine import Engine
from voiceguide.speech.espeak import EspeakEngine

NUMBERS = [f"{number} slow breaths" for number in range(2, 40)]


@pytest.fixture
def espeak(require: Callable[[Engine], None]) -> Iterator[EspeakEngine]:
    engine = EspeakEngine()
    require(engine)
    yield engine
    engine.close()


def spoken(espeak: EspeakEngine, text: str, voice: str = "en-gb") -> bytes:
    return espeak._speak(text, voice, 125)[0].tobytes()


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("en-US", "en-us"),
        ("en-GB", "en-gb"),
        ("fr", "fr-fr"),
        ("pt-BR", "pt-br"),
        ("de-CH", "de"),
        ("xx", "en-us"),
    ],
)
def test_a_language_finds_its_closest_voice(espeak: EspeakEngine, language: str, voice: str) -> None:
    assert espeak.pick_voice("", language) == voice


def test_every_voice_that_is_listed_speaks(espeak: EspeakEngine) -> None:
    assert len(espeak.voices()) > 100
    assert all(spoken(espeak, "1 2 3", voice.id) for voice in espeak.voices())


def test_a_variant_is_another_voice_and_an_unknown_one_is_refused(espeak: EspeakEngine) -> None:
    assert espeak.pick_voice("en-gb+f3", "en") == "en-gb+f3"
    assert spoken(espeak, "Left foot.", "en-gb+f3") != spoken(espeak, "Left foot.", "en-gb")
    with pytest.raises(VoiceguideError, match="no variant 'f99'"):
        espeak.pick_voice("en-gb+f99", "en")


def test_control_characters_are_spaces_and_markup_is_text(espeak: EspeakEngine) -> None:
    assert spoken(espeak, "left\0\x01foot") == spoken(espeak, "left foot")
    assert spoken(espeak, "[[lEft]]") != spoken(espeak, "left")
    assert spoken(espeak, "<break time='9s'/>left") != spoken(espeak, "left")


def test_four_threads_in_any_order_give_what_one_gives(espeak: EspeakEngine) -> None:
    expected = {text: spoken(espeak, text) for text in NUMBERS}
    shuffled = random.Random(1).sample(NUMBERS * 3, len(NUMBERS) * 3)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: spoken(espeak, text), shuffled)) == [expected[text] for text in shuffled]


def test_a_helper_that_died_is_replaced(espeak: EspeakEngine) -> None:
    before = spoken(espeak, "Left foot.")
    helper = espeak._idle[0]
    helper.kill()
    helper.wait()
    assert spoken(espeak, "Left foot.") == before


def test_close_ends_the_helpers(espeak: EspeakEngine) -> None:
    spoken(espeak, "Left foot.")
    helper = espeak._idle[0]
    espeak.close()
    assert helper.poll() is not None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waiting for somebody else's child needs Linux")
def test_a_helper_does_not_outlive_a_program_that_was_killed(require: Callable[[Engine], None]) -> None:
    require(EspeakEngine())
    program = (
        "import os\n"
        "from voiceguide.speech.espeak import EspeakEngine\n"
        "engine = EspeakEngine()\n"
        "engine._speak('Left foot.', 'en-gb', 125)\n"
        "print(engine._idle[0].pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    helper = int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).stdout)
    try:
        watch = os.pidfd_open(helper)
    except ProcessLookupError:
        return
    assert select.select([watch], [], [], 10)[0]
    os.close(watch)


def test_the_pace_is_the_one_that_was_asked_for_on_average(espeak: EspeakEngine) -> None:
    texts = (
        "Keep the pressure light and even.",
        "Circle the ankle five times in one direction.",
        "If anything feels sharp, ease off at once.",
        "Let your shoulders drop and your jaw loosen.",
        "Notice how warm it has become.",
    )
    clips = [espeak.speak(Utterance((text,), "en", 125), "en-gb") for text in texts]
    minutes = sum(len(samples) / rate for samples, rate in clips) / 60
    assert len(" ".join(texts).split()) / minutes == pytest.approx(125, rel=0.15)
