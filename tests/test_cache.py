"""The clip cache: whole clips or none, bounded, and safe for several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voiceguide.audio.clip import Clip
from voiceguide.audio.level import layered_clip, speech_clip
from voiceguide.clips import Utterance
from voiceguide.speech.cache import ClipCache, digest
from voiceguide.speech.synthesizer import Synthesizer
from voiceguide.speech.tone import ToneEngine


def clip(seed: int = 0, frames: int = 9600) -> Clip:
    noise = np.random.default_rng(seed).standard_normal(frames).astype(np.float32) * 0.1
    return speech_clip(noise, 48_000, 48_000)


def test_a_clip_comes_back_as_it_was_put(tmp_path: Path) -> None:
    cache, made = ClipCache(tmp_path), clip()
    cache.put("ab" * 32, made, text="hello")
    kept = cache.take("ab" * 32)
    assert kept is not None
    facts, samples = kept.facts(), kept.samples()
    assert (facts.frames, facts.channels, facts.rate, facts.tail) == (9600, 1, 48_000, made.facts.tail)
    assert facts.peak == made.facts.peak
    assert (facts.cells == made.facts.cells).all()
    assert np.abs(samples - made.samples).max() <= 1.5 / 32767


def test_a_clip_that_is_not_there_or_not_whole_is_not_found(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    assert (cache.head("cd" * 32), cache.take("cd" * 32)) == (None, None)
    cache.put("cd" * 32, clip())
    path = cache.path("cd" * 32)
    whole = path.read_bytes()
    for cut in (0, 1, 20, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert (cache.head("cd" * 32), cache.take("cd" * 32)) == (None, None)
    path.write_bytes(b"\xff" * len(whole))
    assert cache.head("cd" * 32) is None


def test_a_clip_in_hand_stays_when_its_file_goes(tmp_path: Path) -> None:
    cache, made = ClipCache(tmp_path), clip()
    put = cache.put("ab" * 32, made)
    kept = cache.take("ab" * 32)
    assert kept is not None
    assert cache.prune(0) == 1
    assert cache.take("ab" * 32) is None
    for one in (put, kept):
        assert (one.facts().frames, np.shape(one.samples())) == (9600, (9600, 1))
    assert np.array_equal(put.samples(), kept.samples())


def test_everything_that_shapes_a_clip_changes_its_address(tmp_path: Path) -> None:
    cache, one = ClipCache(tmp_path), Utterance(("Hello.",), "en", 125)
    synthesizer = Synthesizer(ToneEngine(), "tone", 48_000, cache)
    addresses = {
        synthesizer.address(one),
        synthesizer.address(Utterance(("Hello!",), "en", 125)),
        synthesizer.address(Utterance(("Hello.",), "en", 126)),
        Synthesizer(ToneEngine(), "other", 48_000, cache).address(one),
        Synthesizer(ToneEngine(), "tone", 44_100, cache).address(one),
        digest("speech"),
    }
    assert len(addresses) == 6
    assert synthesizer.address(one) == Synthesizer(ToneEngine(), "tone", 48_000, cache).address(one)


def test_the_least_recently_used_go_first_down_to_nine_tenths(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    for number in range(10):
        cache.put(digest(number), clip(number))
        os.utime(cache.path(digest(number)), (1000 + number, 1000 + number))
    size = cache.size()[1] // 10
    os.utime(cache.path(digest(0)), (9999, 9999))
    assert cache.prune(cache.size()[1]) == 0
    assert cache.prune(size * 5) == 6  # nine tenths of five are four and a half
    kept = [number for number in range(10) if cache.head(digest(number))]
    assert kept == [0, 7, 8, 9]
    assert cache.prune(0) == 4


SPEAK = """
import sys
from pathlib import Path
from voiceguide.clips import Utterance
from voiceguide.speech.cache import ClipCache
from voiceguide.speech.synthesizer import Synthesizer
from voiceguide.speech.tone import ToneEngine
synthesizer = Synthesizer(ToneEngine(), "tone", 48000, ClipCache(Path(sys.argv[1]), int(sys.argv[2])))
for turn in range(6):
    heads = synthesizer.heads([Utterance((f"one two three {n}",)) for n in range(12)])
    assert [head.frames for head in heads.values()] == [96000] * 12
print("whole")
"""


@pytest.mark.parametrize("limit", [1 << 30, 300_000])
def test_processes_share_a_cache_even_while_it_is_pruned(tmp_path: Path, limit: int) -> None:
    command = [sys.executable, "-c", SPEAK, str(tmp_path), str(limit)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    done = [process.communicate(timeout=120) for process in running]
    assert [out for out, _ in done] == ["whole\n"] * 3, done
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".clip"]
    assert left == []


def test_layers_come_back_as_they_were(tmp_path: Path) -> None:
    noise = np.random.default_rng(4).normal(0, 0.1, (24_000, 2)).astype(np.float32)
    made = layered_clip([(noise[:17_000], 48_000), (noise[17_000:], 48_000)], 48_000)
    cache = ClipCache(tmp_path)
    cache.put("ab" * 32, made)
    kept = cache.take("ab" * 32)
    assert kept is not None
    layers = kept.samples()
    assert isinstance(layers, tuple)
    assert kept.facts().layers == tuple(map(len, layers)) == (17_000, 7_000)
    assert np.abs(np.concatenate(layers) - made.samples).max() < 2 / 32768
