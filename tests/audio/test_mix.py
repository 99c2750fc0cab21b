"""The mix has no memory: any block size gives the same bits."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tries import tries
from voiceguide.audio.mix import Mixer, mix, to_pcm16, to_pcm24
from voiceguide.clips import BedSound, ChimeSound, ClipId, Utterance
from voiceguide.envelope import Envelope
from voiceguide.timeline import Cue, Timeline

if TYPE_CHECKING:
    from voiceguide.audio.mix import Samples

RATE = 8000
FRAMES = 20_011
MOST = 10 ** (-5.2 / 20)
"""Layers together are held 1 dB under the highest peak of a clip."""


MONO, STEREO, LOOP, LAYERS = Utterance(("mono",)), ChimeSound("stereo"), BedSound("loop"), BedSound("layers")


def clips() -> dict[ClipId, Samples]:
    noise = np.random.default_rng(5)
    shapes: dict[ClipId, tuple[int, int]] = {MONO: (3001, 1), STEREO: (4999, 2), LOOP: (1723, 2)}
    made = {name: (noise.random(shape, np.float32) - np.float32(0.5)) for name, shape in shapes.items()}
    return {**made, LAYERS: tuple(made[LOOP][:size] for size in (17, 229, 1723))}


def timeline() -> Timeline:
    ramp = Envelope(((0, 0.0), (700, 1.0), (5000, 1.0), (5601, 0.25), (12_000, 2.0), (FRAMES, 0.0)))
    cues = [
        Cue("bed", LOOP, 0, FRAMES, gain=0.1, loop=True, envelope=ramp),
        Cue("bed", LAYERS, 900, FRAMES - 2000, gain=0.2, loop=True, envelope=ramp, into=41),
        Cue("chime", STEREO, 15_500, 4999, gain=0.7),
    ]
    cues += [Cue("voice", MONO, start, 3001, gain=0.9) for start in (0, 3001, 9_000, 17_010)]
    cues += [Cue("breath", MONO, 1500, 3001, gain=0.3)]
    return Timeline(RATE, FRAMES, tuple(cues))


WHOLE = mix(timeline(), clips(), 0, FRAMES)


@pytest.mark.parametrize("size", [1, 7, 441, 4999])
def test_blocks_of_any_size_join_to_the_same_bits(size: int) -> None:
    mixer = Mixer(timeline(), clips())
    joined = np.concatenate([mixer.block(a, min(a + size, FRAMES)) for a in range(0, FRAMES, size)])
    assert joined.tobytes() == WHOLE.tobytes()
    pcm = [to_pcm16(mixer.block(a, min(a + size, FRAMES)), a) for a in range(0, FRAMES, size)]
    assert np.concatenate(pcm).tobytes() == to_pcm16(WHOLE, 0).tobytes()


@tries(40)
@given(st.lists(st.integers(37, 9000), min_size=1, max_size=9), st.integers(0, 999))
def test_blocks_of_random_sizes_in_random_order_are_the_same_bits(sizes: list[int], seed: int) -> None:
    edges = [0]
    while edges[-1] < FRAMES:
        edges.append(min(FRAMES, edges[-1] + sizes[len(edges) % len(sizes)]))
    spans = list(pairwise(edges))
    random.Random(seed).shuffle(spans)
    mixer = Mixer(timeline(), clips())
    for start, stop in spans:
        assert mixer.block(start, stop).tobytes() == WHOLE[start:stop].tobytes()


def test_what_is_mixed_is_the_sum_of_gained_clips() -> None:
    sounds: dict[ClipId, Any] = {**clips()}
    line = timeline()
    expected = np.zeros(2)
    frame = 3050
    expected += sounds[MONO][49, 0] * 0.9
    expected += sounds[MONO][frame - 1500, 0] * 0.3
    expected += sounds[LOOP][frame % 1723] * 0.1
    together = sum(layer[(frame - 900 + 41) % len(layer)] for layer in sounds[LAYERS])
    expected += np.clip(together, -MOST, MOST) * 0.2
    assert mix(line, sounds, frame, frame + 1)[0] == pytest.approx(expected, abs=1e-6)


def test_outside_the_session_is_silence() -> None:
    assert not mix(timeline(), clips(), FRAMES + 5, FRAMES + 50).any()
    assert not mix(timeline(), clips(), -50, 0).any()


def test_a_stem_is_the_session_without_the_other_tracks() -> None:
    line = timeline()
    stems = [mix(line.only(track), clips(), 0, FRAMES) for track in ("voice", "breath", "chime", "bed")]
    assert sum(stems) == pytest.approx(WHOLE, abs=1e-6)


def test_dither_is_triangular_and_one_quantum_high() -> None:
    quiet = to_pcm16(np.zeros((1 << 16, 2), np.float32), 0)
    values, counts = np.unique(quiet, return_counts=True)
    assert list(values) == [-1, 0, 1]
    assert counts / counts.sum() == pytest.approx([0.125, 0.75, 0.125], abs=0.01)


def test_full_scale_is_clipped_and_never_wraps() -> None:
    loud = to_pcm16(np.array([[2.0, -2.0]], np.float32), 0)
    assert loud.tolist() == [[32767, -32768]]


def test_24_bits_are_little_endian_and_signed() -> None:
    block = np.array([[0.5, -1.0]], np.float32)
    assert to_pcm24(block, 0).tobytes() == (4194304).to_bytes(3, "little") + (-8388607).to_bytes(
        3, "little", signed=True
    )


def test_layers_that_meet_at_their_peaks_are_held_and_all_else_is_left_alone() -> None:
    layers = tuple(np.full((size, 2), 0.1, np.float32) for size in (7, 11, 13))
    for layer in layers:
        layer[0] = 0.5
    line = Timeline(RATE, 2002, (Cue("bed", LAYERS, 0, 2002, loop=True),))
    made = mix(line, {LAYERS: layers}, 0, 2002)
    peaks = sum((np.arange(2002) % size == 0).astype(int) for size in (7, 11, 13))
    expected = np.minimum(0.3 + 0.4 * peaks, MOST)
    assert made[:, 0] == pytest.approx(expected, abs=1e-6)
    assert np.flatnonzero(peaks == 3).tolist() == [0, 1001]
