"""Damaged files of every format: an answer each time, and if it is a sound, one that can be mixed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.library.sound_files import encoded, floats, tone
from tests.tries import tries
from voiceguide.audio.level import bed_clip, chime_clip
from voiceguide.diagnostics import Fault
from voiceguide.library.door import judge, samples
from voiceguide.limits import SOUND_LENGTHS, SOUND_RATE

WHOLE = {
    "wav": encoded(),
    "float.wav": floats(),
    "double.wav": encoded(subtype="DOUBLE"),
    "adpcm.wav": encoded(subtype="MS_ADPCM"),
    "extensible.wav": encoded(format="WAVEX"),
    "rf64": encoded(format="RF64"),
    "aiff": encoded(format="AIFF"),
    "flac": encoded(tone(), format="FLAC"),
    "vorbis.ogg": encoded(format="OGG", subtype="VORBIS"),
    "opus": encoded(format="OGG", subtype="OPUS"),
    "mp3": encoded(format="MP3", subtype="MPEG_LAYER_III"),
}
_HEAD = 100
changes = st.lists(
    st.tuples(st.one_of(st.integers(0, _HEAD), st.integers(0, 40_000)), st.integers(0, 255)), max_size=12
)


def heard(path: Path, kind: str) -> None:
    """Judge the file at *path*, and mix it if it is let in."""
    found = judge(path, kind)
    if isinstance(found, Fault):
        assert found.why
        assert found.hint
        assert "\n" not in found.why + found.hint
        return
    made, rate = samples(path, kind)
    assert (len(made) * 1000 - 1) // rate <= found
    assert found / 1000 <= SOUND_LENGTHS[kind].high + 0.001
    assert rate in SOUND_RATE
    assert np.isfinite(made).all()
    clip = (chime_clip if kind == "chime" else bed_clip)(made, rate, 48_000)
    assert np.isfinite(clip.samples).all()
    assert np.isfinite(clip.facts.cells).all()
    assert 0 < clip.facts.peak < 1


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
@tries(60)
@given(changes, st.one_of(st.just(1.0), st.floats(0, 1)), st.sampled_from(sorted(SOUND_LENGTHS)))
def test_a_damaged_file_is_refused_or_can_be_mixed(
    name: str, changed: list[tuple[int, int]], share: float, kind: str
) -> None:
    content = bytearray(WHOLE[name])
    for place, value in changed:
        content[place % len(content)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content[: int(len(content) * share)])
        heard(path, kind)


@tries(200)
@given(st.binary(max_size=300), st.sampled_from([content[:_HEAD] for content in WHOLE.values()] + [b""]))
def test_any_bytes_are_answered(content: bytes, head: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "any.wav")
        path.write_bytes(head + content)
        heard(path, "chime")
