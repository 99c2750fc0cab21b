"""The clip store: what it hands out as a mapping is one, and it answers planning with the lengths of its clips."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.make import routine
from voiceguide import Session, VoiceOptions, compile_session
from voiceguide.clip_store import OPEN_CLIPS, ClipStore
from voiceguide.clips import BedSound, BreathTone, ChimeSound, Recording, Utterance
from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.library.sounds import find_sound
from voiceguide.plan.plan import plan
from voiceguide.plan.request import SessionRequest
from voiceguide.speech.cache import ClipCache
from voiceguide.timeline import Cue, Timeline

SCRIPT = routine(
    """
length: 1m..2m..3m
bed: rain
steps:
  - {name: settle, say: 'One two. [2s] Three.', for: 30s, breathe: 4-0-6-0}
  - section: Feet
    each: foot
    steps: [{do: rub, say: Rub the foot., for: 20s..30s..60s}]
  - {chime: end, for: 30s}
"""
)
CLIPS = {
    BedSound("rain"),
    Utterance(("One two.",)),
    Utterance(("Three.",)),
    BreathTone("in", 4 * 48_000),
    BreathTone("out", 6 * 48_000),
    Utterance(("Rub the foot.",)),
    ChimeSound("end"),
}


@pytest.fixture(scope="module")
def session() -> Session:
    return compile_session(SCRIPT, options=VoiceOptions("tone"))


def test_the_clips_of_a_session_are_a_mapping_of_exactly_what_sounds_in_it(session: Session) -> None:
    clips = session.clips()
    assert {cue.clip for cue in session.timeline.cues} == CLIPS
    assert (len(clips), len(list(clips)), set(clips)) == (len(CLIPS), len(CLIPS), CLIPS)
    assert set(clips.keys()) == CLIPS
    for clip, samples in clips.items():
        assert clip in clips
        assert samples is clips[clip]
        layers = samples if isinstance(samples, tuple) else (samples,)
        assert {(layer.dtype, layer.ndim) for layer in layers} == {(np.dtype(np.float32), 2)}
        facts = session.store.facts([clip])[clip]
        assert sum(map(len, layers)) == facts.frames
        assert tuple(map(len, layers)) == (facts.layers or (facts.frames,))
    assert [len(clips[cue.clip]) for cue in session.timeline.cues if not cue.loop] == [
        cue.frames for cue in session.timeline.cues if not cue.loop
    ]


def test_what_does_not_sound_in_it_is_not_in_it(session: Session) -> None:
    clips = session.clips()
    for other in (Utterance(("Four.",)), ChimeSound("begin"), BedSound("drone"), BreathTone("in", 48_000)):
        assert other not in clips
        assert clips.get(other) is None
        with pytest.raises(KeyError):
            clips[other]
    assert len(clips) == len(CLIPS)


def test_a_part_of_a_session_has_only_the_clips_of_that_part(session: Session) -> None:
    end = session.timeline.steps[-1]
    assert set(session.part(end.start, end.end).clips()) == {BedSound("rain"), ChimeSound("end")}
    nothing = session.store.clips(Timeline(48_000, 48_000, ()))
    assert (len(nothing), list(nothing), ChimeSound("end") in nothing) == (0, [], False)


def test_more_clips_than_are_kept_in_memory_come_back_the_same(session: Session) -> None:
    tones = [BreathTone("in", 4800 + 48 * number) for number in range(OPEN_CLIPS + 5)]
    cues = tuple(Cue("breath", tone, 0, tone.frames) for tone in tones)
    clips = session.store.clips(Timeline(48_000, 48_000, cues))
    first = [np.array(clips[tone]) for tone in clips]
    assert list(clips) == tones
    assert all(np.array_equal(clips[tone], samples) for tone, samples in zip(tones, first, strict=True))
    assert all(len(clips[tone]) == tone.frames for tone in tones)


def test_planning_is_answered_with_the_lengths_that_the_clips_have(cache: ClipCache) -> None:
    store = ClipStore(SCRIPT, VoiceOptions("espeak", cache=cache))
    outline = next(plan(SCRIPT, SessionRequest()))
    durations = store.durations(outline)
    assert durations.rate == 48_000
    assert set(durations.speech) == set(outline.clips()) == {c for c in CLIPS if isinstance(c, Utterance)}
    assert {clip: len(store.samples(clip)) for clip in outline.clips()} == durations.speech
    assert {name: len(store.samples(ChimeSound(name))) for name in ("end",)} == {
        name: chime.frames for name, chime in durations.chimes.items()
    }


def test_what_is_not_to_be_had_is_refused(session: Session) -> None:
    with pytest.raises(UsageError, match="12345 Hz is not a sample rate for sessions"):
        ClipStore(SCRIPT, VoiceOptions("tone", rate=12_345))
    with pytest.raises(UsageError, match="there is no bed 'end'"):
        find_sound("end", "bed")
    with pytest.raises(VoiceguideError, match="there is no recording 'nowhere'"):
        session.store.samples(Recording("nowhere"))


def test_a_cache_that_is_emptied_again_and_again_beside_it_changes_no_sample(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    whole = list(compile_session(SCRIPT, options=VoiceOptions("espeak", cache=cache)).blocks())
    emptied = compile_session(SCRIPT, options=VoiceOptions("espeak", cache=cache))
    assert cache.prune(0) > 0
    heard = []
    for block in emptied.blocks():
        heard.append(block)
        shutil.rmtree(cache.folder, ignore_errors=True)
    assert all(np.array_equal(one, two) for one, two in zip(heard, whole, strict=True))
