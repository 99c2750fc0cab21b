"""A plan is data: it pickles, goes into JSON and back, and another process makes the same samples of it."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from voiceguide import Session, VoiceOptions, compile_session, open_routine
from voiceguide.plan.record import from_record, to_record
from voiceguide.speech.cache import ClipCache

USES = sorted((Path(__file__).parents[1] / "cases" / "uses").glob("*.yaml"))
ELSEWHERE = """
import hashlib, json, pickle, sys
from pathlib import Path
from voiceguide.clip_store import ClipStore, VoiceOptions
from voiceguide.plan.record import from_record
from voiceguide.session import renderer
from voiceguide.speech.cache import ClipCache

data = Path(sys.argv[1]).read_bytes()
plan = pickle.loads(data) if sys.argv[1].endswith(".pickle") else from_record(json.loads(data))
store = ClipStore(plan.routine, VoiceOptions("tone", cache=ClipCache(Path(sys.argv[2]))))
block, sound = renderer(plan, store.clips(plan.timeline)), hashlib.sha256()
for start in range(0, plan.timeline.frames, 1 << 16):
    sound.update(block(start, min(start + (1 << 16), plan.timeline.frames)).tobytes())
print(sound.hexdigest())
"""


def compiled(name: str, cache: ClipCache) -> Session:
    return compile_session(open_routine(name), options=VoiceOptions("tone", cache=cache))


@pytest.mark.parametrize("path", USES, ids=lambda path: path.stem)
def test_a_plan_comes_back_from_its_record_and_from_its_pickle_as_it_was(path: Path, cache: ClipCache) -> None:
    made = compiled(str(path), cache).plan
    assert from_record(json.loads(json.dumps(to_record(made)))) == made
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize("ending", ["pickle", "json"])
def test_another_process_with_a_store_of_its_own_makes_the_same_bytes_of_it(
    ending: str, tmp_path: Path, cache: ClipCache
) -> None:
    session = compiled("quick-reset", cache)
    sound = hashlib.sha256()
    for block in session.blocks(1 << 16):
        sound.update(block.tobytes())
    file = tmp_path / f"plan.{ending}"
    file.write_bytes(pickle.dumps(session.plan) if ending == "pickle" else json.dumps(to_record(session.plan)).encode())
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(file), str(tmp_path / "cache")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == sound.hexdigest()
