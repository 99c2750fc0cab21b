"""Measures: how well commands are understood: right, wrong and none, under every condition; and false alarms."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from voiceguide.diagnostics import Progress
from voiceguide.hear.delay import HZ
from voiceguide.hear.listener import SpokenCommands, load_recogniser
from voiceguide.hear.phrases import LANGUAGES
from voiceguide.hear.recogniser import Recogniser
from voiceguide.hear.trial_voices import GUIDES, TEST, TrialVoice, voices
from voiceguide.hear.trials import CONDITIONS, Condition, Heard, Trial, guide_minute, trials
from voiceguide.nouns import dataclass

SAID = LANGUAGES["en"].said()
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Outcome:
    """What came of a trial: whether the command was understood, whether another one was, and the CPU and sound time."""

    right: bool
    wrong: bool
    cpu_s: float
    sound_s: float


@dataclass(frozen=True)
class Row:
    """All trials under one *condition*: how many there were, and the shares of those understood right and wrong."""

    condition: Condition
    trials: int
    right: float
    wrong: float


@dataclass(frozen=True)
class Alarms:
    """How many commands were understood in *minutes* of a guide, none of which was meant, and the share of a core."""

    minutes: int
    alarms: int
    cores: float

    @property
    def per_hour(self) -> float:
        """Alarms in an hour."""
        return self.alarms * 60 / self.minutes


def tried(trial: Trial) -> Outcome:
    """Return what comes of *trial*: a listener that has never heard anything hears it."""
    heard = trial.heard()
    commands, cpu_s = _understood(heard)
    meant = SAID[trial.phrase]
    return Outcome(meant in commands, any(one != meant for one in commands), cpu_s, len(heard.microphone) / HZ)


def rows(folder: Path, every: int, progress: Progress) -> Iterator[Row]:
    """Yield how well the test voices are understood, by every so manieth trial of each condition."""
    speakers, guides = voices(TEST, folder), voices(GUIDES, folder)
    for condition in CONDITIONS:
        chosen = list(trials(condition, speakers, list(SAID), guides))[::every]
        outcomes = list(_on_all_cores(tried, chosen, condition.name, progress))
        right, wrong = (sum(kind) / len(outcomes) for kind in zip(*((o.right, o.wrong) for o in outcomes), strict=True))
        yield Row(condition, len(outcomes), right, wrong)


def false_alarms(folder: Path, minutes: int, progress: Progress) -> Alarms:
    """Return what is understood in so many minutes of a guide's own sound, in which nobody says anything."""
    guides = voices(GUIDES, folder)
    lots = [(guides, first, min(first + LOT, minutes)) for first in range(0, minutes, LOT)]
    found = list(_on_all_cores(_alarms, lots, "a guide, and nobody else", progress))
    return Alarms(minutes, sum(alarms for alarms, _ in found), sum(cpu_s for _, cpu_s in found) / (60 * minutes))


LOT = 10
"""Minutes of a guide that one listener hears on end."""


def _alarms(lot: tuple[list[TrialVoice], int, int]) -> tuple[int, float]:
    guides, first, stop = lot
    listener = _listener()
    alarms, cpu_s = 0, 0.0
    for minute in range(first, stop):
        heard = guide_minute(minute, guides)
        began = time.process_time()
        alarms += len(listener.feed(heard.microphone, heard.reference))
        cpu_s += time.process_time() - began
    return alarms, cpu_s


def _listener() -> SpokenCommands:
    """Return one that has heard nothing yet."""
    return SpokenCommands(recogniser=_recogniser())


@cache
def _recogniser() -> Recogniser:
    return load_recogniser(LANGUAGES["en"])


def _understood(heard: Heard) -> tuple[list[object], float]:
    listener = _listener()
    began = time.process_time()
    commands: list[object] = list(listener.feed(heard.microphone, heard.reference))
    return commands, time.process_time() - began


def _on_all_cores(work: Callable[[A], B], items: Iterable[A], what: str, progress: Progress) -> Iterator[B]:
    """Yield what *work* makes of each of *items*, in processes of their own: numpy's threads would share one core."""
    items = list(items)
    progress(what, 0, len(items))
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for done, made in enumerate(pool.map(work, items), 1):
            progress(what, done, len(items))
            yield made
