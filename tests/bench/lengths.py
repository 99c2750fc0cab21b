"""Foretold lengths against those of the spoken clips, over sentences of the routines and of texts in the public."""

from __future__ import annotations

import ast
import os
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from pydoc_data.topics import topics
from random import Random

from tests.bench.figure import Figure, MissingError
from tests.bench.place import Place
from voiceguide import SessionRequest, VoiceguideError, open_routine
from voiceguide.audio.level import speech_clip
from voiceguide.clips import Utterance
from voiceguide.library.scripts import all_scripts
from voiceguide.plan.plan import plan
from voiceguide.speech.engine import pick_engine

SENTENCES = 3_000
PACES_WPM = (125, 160)
RATE = 48_000
_SENTENCE = re.compile(r"(?<=[.!?] )[A-Z][A-Za-z ,;:'-]{15,120}[.!?](?= )")

_NOT_PROSE = {"site-packages", "test", "tests", "idle_test"}


def figures(place: Place) -> Iterator[Figure]:
    """Yield how many lengths were foretold as they are, and what foretelling costs against speaking."""
    try:
        engine = pick_engine("piper")
    except VoiceguideError as error:
        raise MissingError(error.message) from error
    voice = engine.pick_voice("", "en")
    said = utterances()

    def both(one: Utterance) -> tuple[int | None, int, float, float]:
        began = time.thread_time()
        told = engine.foretell(one, voice, RATE)
        half = time.thread_time()
        samples, hz = engine.speak(one, voice)
        ended = time.thread_time()
        return told, len(speech_clip(samples, hz, RATE).samples), half - began, ended - half

    both(said[0])  # loads both models
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(both, said))
    right = sum(one[0] == one[1] for one in found)
    foretelling, speaking = sum(one[2] for one in found), sum(one[3] for one in found)
    yield Figure(
        f"{len(said)} lengths, {' and '.join(map(str, PACES_WPM))} words a minute",
        f"{right} foretold to the frame",
        "the spoken clips",
        goal="all",
        met=right == len(said),
    )
    costs = [f"{1000 * cpu_s / len(said):.0f} ms CPU" for cpu_s in (foretelling, speaking)]
    yield Figure("to foretell a length", costs[0], f"to speak it: {costs[1]}", f"{foretelling / speaking:.2f} x")


def utterances() -> Sequence[Utterance]:
    """Return sentences of the routines first, then of the manual of Python, at both paces in turn."""
    texts = list(dict.fromkeys([*_written(), *islice(_public(), SENTENCES)]))[:SENTENCES]
    return [Utterance((text,), "en", PACES_WPM[index % 2]) for index, text in enumerate(texts)]


def _written() -> Iterator[str]:
    for script in all_scripts():
        routine = open_routine(str(script))
        for clip in next(plan(routine, SessionRequest())).clips() if routine.language == "en" else ():
            yield from clip.sentences if isinstance(clip, Utterance) else ()


def _public() -> Iterator[str]:
    """Yield sentences of the manual and of the documentation inside Python's library, in any order."""
    prose = [topics[name] for name in sorted(topics)]
    for path in sorted(Path(os.__file__).parent.glob("**/*.py")):
        if not _NOT_PROSE.isdisjoint(path.parts):
            continue
        tree = ast.parse(path.read_bytes())
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        prose += [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, documented)]
    found = sorted({text for each in prose for text in _SENTENCE.findall(" ".join(each.split()) + " ")})
    yield from Random(1).sample(found, len(found))
