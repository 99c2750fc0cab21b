"""Commands are understood from voices that were never tuned with, in noise and under a guide; nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceguide.hear.canceller import BLOCK
from voiceguide.hear.delay import HZ
from voiceguide.hear.listener import Speech, SpokenCommands, load_recogniser
from voiceguide.hear.measures import SAID
from voiceguide.hear.phrases import LANGUAGES
from voiceguide.hear.recogniser import Recogniser
from voiceguide.hear.trial_voices import GUIDES, TEST, TUNING, TrialVoice, voices
from voiceguide.hear.trials import CONDITIONS, Trial, guide_minute, guide_texts, talk, trials
from voiceguide.play import commands as c

CLEAN, UNDER = CONDITIONS[0], CONDITIONS[5]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    pytest.importorskip("faster_whisper")
    return load_recogniser(LANGUAGES["en"])


@pytest.fixture(scope="module")
def espeak(tmp_path_factory: pytest.TempPathFactory) -> TrialVoice:
    (voice,) = voices(["espeak en-gb-x-rp+f5"], tmp_path_factory.mktemp("said"))
    return voice


def test_voices_that_figures_are_told_of_were_not_tuned_with() -> None:
    assert not {*TEST} & {*TUNING}
    assert len(TEST) >= 12


def test_what_is_heard_is_the_same_every_time(espeak: TrialVoice) -> None:
    trial = next(trials(UNDER, [espeak], ["Guide, pause."], [espeak]))
    first, second = trial.heard(), trial.heard()
    assert np.array_equal(first.microphone, second.microphone)
    assert np.array_equal(first.reference, second.reference)


@pytest.mark.slow
@pytest.mark.parametrize("phrase", SAID)
def test_every_phrase_is_understood(phrase: str, recogniser: Recogniser, espeak: TrialVoice) -> None:
    listener = SpokenCommands(recogniser=recogniser)
    heard = Trial(CLEAN, espeak, phrase, espeak, ()).heard()
    assert listener.feed(heard.microphone, heard.reference) == [SAID[phrase]]


@pytest.mark.slow
def test_a_command_is_understood_under_a_guide_that_is_no_command_itself(
    recogniser: Recogniser, espeak: TrialVoice
) -> None:
    texts = ("Guide, go on.", "Stop!", "Guide, next step.", "Guide, where am I.") * 4
    trial = Trial(UNDER, espeak, "Guide, volume down.", espeak, texts)
    heard, said = trial.heard(), list[Speech]()
    listener = SpokenCommands(recogniser=recogniser, said=said.append)
    assert listener.feed(heard.microphone, heard.reference) == [c.Quieter()]
    assert [speech.phrase for speech in said if speech.taken] == ["Guide, volume down."]


@pytest.mark.slow
def test_the_same_guide_from_elsewhere_commands(recogniser: Recogniser, espeak: TrialVoice) -> None:
    sound = talk(espeak, ("Guide, go on.", "Guide, next step."), 12 * HZ, np.random.default_rng(0)).sound
    got = SpokenCommands(recogniser=recogniser).feed(sound, np.zeros_like(sound))
    assert got == [c.GoOn(), c.Next()]


@pytest.mark.slow
def test_pieces_of_any_length_are_understood_alike(recogniser: Recogniser, espeak: TrialVoice) -> None:
    heard = Trial(CLEAN, espeak, "Guide, five more minutes.", espeak, ()).heard()
    got = []
    listener, random, at = SpokenCommands(recogniser=recogniser), np.random.default_rng(1), 0
    while at < len(heard.microphone):
        stop = at + int(random.integers(1, 3 * BLOCK))
        got += listener.feed(heard.microphone[at:stop], heard.reference[at:stop])
        at = stop
    assert got == [c.More()]


@pytest.mark.slow
def test_a_minute_of_a_guide_with_its_echo_commands_nothing(recogniser: Recogniser, espeak: TrialVoice) -> None:
    heard = guide_minute(3, voices(GUIDES[1:2], Path(espeak.folder)))
    assert SpokenCommands(recogniser=recogniser).feed(heard.microphone, heard.reference) == []


def test_guides_say_much_that_commands_are_made_of() -> None:
    texts = " ".join(guide_texts()).lower()
    assert all(
        f" {word}" in f" {texts}" for word in ("guide", "stop", "pause", "again", "go on", "next step", "longer")
    )
