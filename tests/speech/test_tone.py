"""The tone engine is exact: that is what it is for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.clip_store import RATES
from voiceguide.clips import Utterance
from voiceguide.speech.cache import ClipCache
from voiceguide.speech.synthesizer import Synthesizer
from voiceguide.speech.tone import ToneEngine, tone_frames

TONE = ToneEngine()


@pytest.mark.parametrize("pace_wpm", [80, 125, 200])
def test_every_word_takes_24000_frames_whatever_the_pace(pace_wpm: int) -> None:
    samples, rate = TONE.speak(Utterance(("Now the left foot. Breathe — in.",), "en", pace_wpm), "tone")
    assert (len(samples), rate) == (7 * 24_000, 48_000)


@given(st.lists(st.sampled_from(["a", "Foot.", "heel,", "...", "5-0-5-0", "größer", "!?", "e.g."]), min_size=1))
def test_the_planned_length_is_the_spoken_one(words: list[str]) -> None:
    text = " ".join(words)
    assert len(TONE.speak(Utterance((text,)), "tone")[0]) == tone_frames(text, 48_000) == 24_000 * len(words)


def test_the_planned_length_is_half_a_second_a_word_at_any_rate() -> None:
    assert [tone_frames("one two three", rate) for rate in (44_100, 48_000, 22_050)] == [66_150, 72_000, 33_075]


@pytest.mark.parametrize("rate", RATES)
def test_its_clips_are_as_long_as_was_sure_before_and_planning_speaks_nothing(rate: int, tmp_path: Path) -> None:
    synthesizer = Synthesizer(TONE, "tone", rate, ClipCache(tmp_path))
    utterances = [Utterance((text,)) for text in ("One.", "Lighter is always right. Foot down!", "Wait … now.")]
    sure = synthesizer.lengths(utterances)
    assert list(tmp_path.iterdir()) == [tmp_path / "lengths"]
    assert sure == {utterance: head.frames for utterance, head in synthesizer.heads(utterances).items()}


def test_a_word_sounds_the_same_wherever_it_stands_and_however_it_is_written() -> None:
    samples, _ = TONE.speak(Utterance(("foot left Foot.",)), "tone")
    first, second, third = samples.reshape(3, 24_000)
    assert np.array_equal(first, third)
    assert not np.array_equal(first, second)


def test_a_beep_rises_and_falls_softly_and_leaves_a_gap() -> None:
    samples, _ = TONE.speak(Utterance(("foot",)), "tone")
    loudest = [np.abs(samples[at : at + 480]).max() for at in range(0, 24_000, 480)]  # each 10 ms
    assert loudest[0] < 0.1
    assert loudest == sorted(loudest[:4]) + loudest[4:15] + sorted(loudest[15:], reverse=True)
    assert max(loudest) == pytest.approx(0.3, abs=0.01)
    assert not samples[19_200:].any()
