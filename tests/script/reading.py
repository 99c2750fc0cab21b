"""What the tests of reading share: nouns made by hand, and scripts read that must be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from voiceguide.script.model import (
    Routine,
    Slot,
    Text,
)
from voiceguide.script.read import read
from voiceguide.source import NOWHERE, Source, Span

EXAMPLE = """\
routine: Whole-foot self-massage          # title; required
id: whole-foot                            # optional; else the file's stem
language: en                              # BCP 47
purpose: Warm the whole foot, then the heel, then soothe.
family: general                           # relaxing | rehab | general | breathing: sets the hard cap on length
length: 8m..18m..25m                      # shortest offered .. default .. longest offered
posture: Chair with a back; foot on the other thigh, knee to the side.
materials: [plain oil or cream, towel]
sources: [S1-112, S1-118]                 # what it rests on, in free text
tags: [firm]                              # screening works on tags

voice: {pace: 125 wpm}                    # rate inside sentences; a user setting, never a means of fitting
bed:   {sound: rain, under: 24 dB}        # level below *measured* speech; ducking and fades included
pronounce: {plantar: plan-tar}            # whole words only; respelling works with every engine
listener:                                 # what the script may ask about the listener
  affected: {one of: [left, right, both], default: both, ask: "Which foot is sore?"}
  pregnant: {yes or no: no}
groups:
  zones: together                         # drop all or none
  heel:  keep 2                           # never fewer than two of these
announce:
  - {half: "Half-way. About {remaining} left."}   # snapped to the nearest gap, never inside speech or breath

blocks:                                   # named steps, reusable; `use: other-file#name` takes one from another script
  settle:
    - say: Let your shoulders drop. [2s] Breathe evenly.   # [2s] is an exact silence inside speech
      for: 25s..42s..2m

steps:
  - chime: begin
  - use: settle
  - section: Right and left foot          # a chapter
    each: foot                            # each: foot = [left, right]; or  each: {side: [right, left]}
    between:
      - {chime: change, say: "Now the {side} foot.", for: 15s..20s..30s}
    steps:
      - do: warm                          # short name, used in reports, marks and pictures
        title: Warm strokes
        say: Stroke the whole {side} foot with both hands, sole, inner side, outer side.
        brief: Warm strokes, {side} foot. # shorter wording, used when short or when the listener is returning
        for: 35s..60s..100s               # shortest..natural..longest for the WHOLE step, its speech included
        zone: sole                        # for the picture
        pressure: 3                       # 0..10; never above 6
        at:
          - {half: Lighter is always right.}
          - {-10s: Ten seconds.}
      - do: knead
        say: One hand holds the foot, the other kneads the heel.
        for: 35s..60s..100s
        breathe: {pattern: 4-0-4-0, cue: tone}
      - do: toes
        optional: 4                       # 2..9; the highest number is left out first. No `optional` = never left out
        group: heel
        unless: pregnant                  # when: / unless:  over listener facts and course values
        freed: share                      # share (default) | shorten: what happens to the time
        say: Rub each toe.
        for: 20s..30s..50s
  - repeat: 2..4..7                       # whole rounds only;  repeat: until 30s left  |  repeat: 3
    steps:
      - breathe: 5-0-5-0                  # in-hold-out-hold, seconds; names: even, box, 4-7-8, resonance, sigh, night
  - pause: 5s..20s..1m                    # silence
  - chime: end                            # strikes come with the sound; or  strikes: 3, every: 4s
"""


def right(text: str, label: str = "test.yaml") -> Routine:
    """Return the routine of a right script; a title and a length are added if it has none."""
    head = "" if "routine:" in text else "routine: Test\n"
    head += "" if "length:" in text else "length: 1s..1m..25m\n"
    routine, report = read(Source(label, head + text))
    assert routine is not None, str(report)
    assert not report, str(report)
    return routine


def bare(value: Any) -> Any:
    """Return *value* without the places it was written at, so that nouns can be compared with nouns."""
    if isinstance(value, Span):
        return NOWHERE
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: bare(getattr(value, f.name)) for f in fields(value) if f.name != "spans"})
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.items()}
    return value


def text(*parts: str | Slot | int) -> Text:
    return Text(parts, NOWHERE)


def slot(name: str) -> Slot:
    return Slot(name, NOWHERE)


def step(written: str) -> Any:
    """Return the only step of a script, without places."""
    return bare(
        right(
            f"listener:\n  sore: {{yes or no: no}}\n  foot: {{one of: [left, right]}}\nsteps:\n  - {written}\n"
        ).steps[0]
    )
