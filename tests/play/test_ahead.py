"""Sessions that begin before their words are spoken: they sound as if these had been there, and wait where they are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Semaphore

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.play.sinks import FRAME, Collector, until
from tests.play.sounds import exported, find_hold
from voiceguide import Session, VoiceguideError, VoiceOptions, open_routine
from voiceguide.clip_store import ClipStore
from voiceguide.clips import Utterance
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.request import SessionRequest
from voiceguide.play.commands import GoOn, Hold, Next, Toggle
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.player import Player
from voiceguide.session import settled
from voiceguide.speech.cache import ClipCache
from voiceguide.speech.tone import ToneEngine

PREROLL = PREROLL_MS * 48
SCRIPT = """
routine: One after the other
length: 10s..20s..1m
steps:
  - {chime: begin, title: Chime, for: 6s}
  - {do: warm, title: Warm strokes, say: One two three., brief: One., for: 2s..4s..20s, quiet: 0s}
  - {do: knead, title: Knead, say: Four five six seven., for: 2s..4s..20s, quiet: 0s}
  - {do: rest, title: Rest, say: Eight nine., for: 2s..6s..20s}
"""


class Patient(ToneEngine):
    """The tone engine, which speaks each sentence once it may; it may not tell lengths before."""

    def __init__(self, *, tells: bool) -> None:
        self.may = Semaphore(0)
        self.said: list[str] = []
        self._tells = tells

    def workers(self, cores: int) -> int:
        return 1

    def _length(self, sentence: str, voice: str, pace_wpm: int) -> tuple[int, int]:
        return super()._length(sentence, voice, pace_wpm) if self._tells else None  # type: ignore[return-value]

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        self.may.acquire()
        self.said.append(sentence)
        return super()._speak(sentence, voice, pace_wpm)


@pytest.fixture
def begun(tmp_path: Path) -> Callable[[Patient], Session]:
    """Give what begins a session of `SCRIPT` of which nothing has been spoken."""

    def begin(engine: Patient) -> Session:
        path = tmp_path / "script.yaml"
        path.write_text(SCRIPT, encoding="utf-8")
        routine = open_routine(str(path))
        store = ClipStore(routine, VoiceOptions("tone", cache=ClipCache(tmp_path / "cache")))
        store.engine = engine
        measure = store.durations if engine._tells else store.guess
        made = run(plan(routine, SessionRequest()), measure)
        assert isinstance(made, Plan)
        return Session(made, store, certain=engine._tells)

    return begin


def test_it_begins_with_nothing_spoken_and_holds_where_words_are_missing(
    begun: Callable[[Patient], Session], tmp_path: Path
) -> None:
    engine = Patient(tells=True)
    session = begun(engine)
    assert engine.said == []
    second = session.timeline.steps[2].start
    words = next(cue.clip for cue in session.timeline.cues if cue.track == "voice")
    sink = Collector()
    with Player(session, sink) as player:
        sink.take(player, PREROLL + 48_000)
        assert (player.now.state, player.now.making) == ("playing", "")
        engine.may.release()
        until(lambda: session.store.at_hand(words), "the first words")
        assert engine.said == ["One two three."]
        while not player.now.making:
            sink.take(player, 480)
        assert player.now.state == "holding"
        assert second - 48_000 // 20 < player.now.at <= second
        sink.take(player, 24_000)
        assert player.now.state == "holding"
        engine.may.release(9)
        while player.now.making:
            sink.take(player, 480)
        until(lambda: len(engine.said) == 4, "all words, and other wordings")
        sink.take_all(player)
        assert player.underruns.count == 0
    heard = bytes(sink.data[PREROLL * FRAME :])
    held, silence = find_hold(heard, exported(session, tmp_path), session)
    assert second - 48_000 // 20 < held <= second
    assert silence >= 24_000 - 480
    assert engine.said == ["One two three.", "Four five six seven.", "Eight nine.", "One."]


def test_a_guess_is_played_to_its_first_words_and_becomes_what_it_is(begun: Callable[[Patient], Session]) -> None:
    engine = Patient(tells=False)
    session = begun(engine)
    sink = Collector()
    with Player(session, sink) as player:
        player.prepare()
        player.do(Next())  # waits for the plan
        while not player.now.making:
            sink.take(player, 480)
        assert not player.heard.edition.certain
        assert player.now.at <= session.timeline.steps[1].start
        assert player.now.step is not None
        assert player.now.step.title == "Chime"
        engine.may.release(9)
        while player.now.making or player.now.index == 0:
            sink.take(player, 480)
        assert player.now.step.title == "Warm strokes"
        edition = player.heard.edition
        sink.take_all(player)
    assert edition.certain
    assert sorted(engine.said) == ["Eight nine.", "Four five six seven.", "One two three.", "One."]
    planned = settled(session)
    assert planned.timeline.frames == edition.timeline.frames + (6 * 48_000 - edition.timeline.steps[1].start)


@pytest.mark.parametrize("command", [Toggle(), Hold()])
def test_whoever_holds_it_while_it_waits_has_held_it(
    begun: Callable[[Patient], Session], command: Toggle | Hold
) -> None:
    engine = Patient(tells=True)
    sink = Collector()
    with Player(begun(engine), sink) as player:
        while not player.now.making:
            sink.take(player, 480)
        player.do(GoOn())  # it does anyway
        sink.take(player, 24_000)
        assert player.now.making
        player.do(command)
        until(lambda: not player.now.making, "the hold")
        engine.may.release(9)
        until(lambda: len(engine.said) == 4, "all words")
        sink.take(player, 48_000)
        assert player.now.state == "holding"
        player.do(GoOn())
        while player.now.state == "holding":
            sink.take(player, 480)
        sink.take_all(player)


def test_words_that_cannot_be_spoken_end_it_with_the_reason(begun: Callable[[Patient], Session]) -> None:
    class Mute(Patient):
        def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
            raise VoiceguideError("the voice is gone")

    with (
        Player(begun(Mute(tells=True)), Collector()) as player,
        pytest.raises(VoiceguideError, match="the voice is gone"),
    ):
        player.wait(20)


def test_a_clip_that_is_longer_or_shorter_than_was_foretold_by_little_is_brought_to_that(tmp_path: Path) -> None:
    class Rounding(ToneEngine):
        def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
            samples, rate = super()._speak(sentence, voice, pace_wpm)
            off = 1_000 if "more" in sentence else -1_000 if "less" in sentence else 9_999
            return np.pad(samples, (0, max(0, off)))[: len(samples) + off], rate

    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    store = ClipStore(open_routine(str(path)), VoiceOptions("tone", cache=ClipCache(tmp_path / "cache")))
    store.engine = Rounding()
    more, less, far = (Utterance((f"One two {word}.",)) for word in ("more", "less", "far"))
    assert set(store.synthesizer.lengths([more, less, far]).values()) == {72_000}
    assert [len(store.samples(one)) for one in (more, less)] == [72_000, 72_000]
    with pytest.raises(VoiceguideError, match=r"foretells 72000 frames .* and gives 81999"):
        store.samples(far)
