"""Whole scripts at random, with everything that the language has; and what every plan of any script must keep.

A script is drawn with a `random.Random`, so that hypothesis can shrink it and the benchmarks can make thousands.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.make import CHIMES
from voiceguide.author.flow import every, every_step
from voiceguide.clips import BreathTone, ChimeSound
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.plan import Plan, plan, run
from voiceguide.plan.reasons import TooLittleTime
from voiceguide.plan.request import SessionRequest
from voiceguide.script.check import Sounds, check
from voiceguide.script.link import link
from voiceguide.script.model import Repeat, Routine, Section, Step, Use
from voiceguide.script.read import read
from voiceguide.source import Source
from voiceguide.speech.tone import tone_frames
from voiceguide.units import ms_to_frames

WORDS = [
    "now",
    "rest",
    "your",
    "heel",
    "slowly",
    "while",
    "both",
    "thumbs",
    "press",
    "and",
    "let",
    "go",
    "of",
    "a",
    "warm",
    "foot",
    "again",
]
PATTERNS = ("even", "box", "4-7-8", "resonance", "sigh", "night", "3-0-4-0", "2.5-1-2.5-0")
CUES = ("tone", "words", "count", "none", ["words 2", "tone 3", "none"])
SOUNDS = Sounds(frozenset(CHIMES), frozenset({"rain", "stream", "drone"}))


class Drawing:
    """A script being drawn."""

    def __init__(self, dice: Random, steps: int = 7) -> None:
        self.dice = dice
        self.left = dice.randint(2, steps)
        self.names: list[str] = []
        self.numbered = 0
        self.optional: list[str] = []
        self.groups: dict[str, str] = {}
        self.blocks: dict[str, Any] = {}
        self.until = False
        self.whole_s = 0.0

    def maybe(self, share: float) -> bool:
        return self.dice.random() < share

    def seconds(self, low: float, high: float) -> float:
        return round(self.dice.uniform(low, high), self.dice.choice((0, 0, 1, 3)))

    def range(self, least: float, most: float = 40) -> tuple[str, float]:
        """Return a range, its shortest at least *least*, and its natural length."""
        low = round(least + self.seconds(0, most / 2), 3)
        natural = round(low + self.seconds(0, most), 3)
        high = round(natural + self.seconds(0, most * 2), 3)
        if self.maybe(0.15):
            return f"{low:g}s", low
        return f"{low:g}s..{natural:g}s..{high:g}s", natural

    def text(self, words: int, *, each: bool, repeat: bool) -> str:
        said = " ".join(self.dice.choice(WORDS) for _ in range(words)).capitalize() + "."
        if each and self.maybe(0.4):
            said += " The {side} foot."
        if repeat and self.maybe(0.3):
            said += " Round {round} of {rounds}."
        if self.maybe(0.08):
            said += self.dice.choice((" {remaining} left.", " {elapsed} gone.", " {total} in all."))
        if self.maybe(0.1):
            said += " [2s] Rest."
        return said

    def event(self, *, each: bool = False, repeat: bool = False) -> str | dict[str, str]:
        said, kind = self.text(2, each=each, repeat=repeat), self.dice.random()
        ring = {"chime": self.dice.choice(sorted(CHIMES))}
        return said if kind < 0.6 else ring if kind < 0.85 else {**ring, "say": said}

    def room(self, said: str) -> float:
        """Return the seconds that *said* may take, whatever is put into it."""
        return 0.5 * (len(said.split()) + 6 * said.count("{")) + 2 * said.count("[2s]")

    def step(self, *, each: bool = False, repeat: bool = False, plain: bool = False) -> dict[str, Any]:
        self.numbered += 1
        name = f"s{self.numbered}"
        if self.maybe(0.2):
            pause, natural = self.range(1, 20)
            self.whole_s += natural
            return {"pause": pause}
        said = self.text(self.dice.randint(1, 12), each=each, repeat=repeat)
        step: dict[str, Any] = {"do" if self.maybe(0.5) else "name": name, "say": said}
        need = self.room(said) + (6 if "do" in step else 0)
        if self.maybe(0.2):
            step["quiet"] = f"{self.seconds(0, 8):g}s"
            need += 8
        if self.maybe(0.3):
            step["brief"] = self.text(2, each=False, repeat=False)
        if self.maybe(0.2):
            step["minimal"] = "Rub."
        if self.maybe(0.15):
            step["chime"] = self.dice.choice(sorted(CHIMES))
            need += 8
        if self.maybe(0.2):
            events = [self.event(each=each, repeat=repeat) for _ in range(self.dice.randint(1, 3))]
            step["at"] = [{self.dice.choice(("half", "30%", "4s", "-3s")): event} for event in events]
            need += sum(self.room(event) if isinstance(event, str) else 14 for event in events)
        if self.maybe(0.12):
            step["breathe"] = {"pattern": self.dice.choice(PATTERNS), "cue": self.dice.choice(CUES)}
            need += 20
            if self.maybe(0.4):
                step["breathe"]["rounds"] = self.dice.choice(("1", "1..2..4"))
        elif self.maybe(0.12):
            step["count"] = self.dice.choice(("4 every 2s", "2..4..8 every 3s"))
            need += 9
        if self.maybe(0.2):
            step["quiet"], natural = self.range(0, 20)
            self.whole_s += need + natural
        elif "at" in step or "do" in step or self.maybe(0.6):
            length, natural = self.range(need)
            step["for"] = length
            self.whole_s += natural
        else:
            self.whole_s += need
        if plain:
            return step
        if self.maybe(0.1):
            step["wait"] = "yes"
        if self.maybe(0.3):
            step["optional"] = self.dice.randint(2, 9)
            if self.groups and self.maybe(0.5):
                step["group"] = self.dice.choice(sorted(self.groups))
            if self.names and self.maybe(0.2):
                step["needs"] = self.dice.choice(self.names)
            self.optional.append(name)
        if each and self.maybe(0.15):
            step["sides"] = "independent"
        if each and self.maybe(0.08):
            step["when"] = f"side is {self.dice.choice(('left', 'right'))}"
        elif repeat and self.maybe(0.1):
            step["unless"] = f"round is {self.dice.choice(('1', '2', '2..3'))}"
        elif self.maybe(0.06):
            step[self.dice.choice(("when", "unless"))] = "sore"
            if self.maybe(0.3):
                step["freed"] = "shorten"
        self.names.append(name)
        return step

    def items(self, *, each: bool = False, repeat: bool = False, timed: bool = False, depth: int = 0) -> list[Any]:
        made: list[Any] = []
        for _ in range(self.dice.randint(1, 3 if depth else 4)):
            if self.left <= 0 and made:
                break
            kind = self.dice.random()
            self.left -= 1
            if depth < 2 and kind < 0.22:
                made.append(self.repeat(each=each, repeat=repeat, timed=timed, depth=depth + 1))
            elif kind < 0.26:
                made.append(self.foreach(each=each, repeat=repeat))
            elif depth < 2 and not each and not repeat and kind < 0.45:
                made.append(self.section(depth=depth + 1))
            elif self.blocks and not timed and kind < 0.5:
                made.append({"use": self.dice.choice(sorted(self.blocks))})
            elif depth == 0 and kind < 0.55:
                made.append({"chime": self.dice.choice(sorted(CHIMES))})
                self.whole_s += 8
            else:
                made.append(self.step(each=each, repeat=repeat))
        return made

    def foreach(self, *, each: bool, repeat: bool) -> dict[str, Any]:
        before = self.whole_s
        steps = [self.step(each=each, repeat=repeat) for _ in range(self.dice.randint(1, 2))]
        if self.maybe(0.5):
            steps[0]["title"] = "Now the {item}"
        entries = self.dice.choice((["heel"], ["heel", "toes"], ["heel", "arch", "heel"]))
        self.whole_s = before + len(entries) * (self.whole_s - before)
        return {"for each of": entries, "steps": steps}

    def repeat(self, *, each: bool, repeat: bool, timed: bool, depth: int) -> dict[str, Any]:
        counts = self.dice.choice(("2", "3", "1..2..3", "2..4..6", "about 1m"))
        if (depth == 1 or timed) and not each and not repeat and not self.until and self.maybe(0.25):
            self.until, counts = True, f"until {self.dice.choice((5, 20, 31.5))}s left"
        before = self.whole_s
        steps = self.items(each=each, repeat=True, timed=timed, depth=depth + 1)
        times = int(counts) if counts.isdecimal() else 4
        self.whole_s = before + times * (self.whole_s - before)
        return {"repeat": counts, "steps": steps}

    def section(self, *, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {"section": " ".join(self.dice.choice(WORDS) for _ in range(2)).capitalize()}
        each = self.maybe(0.6)
        before = self.whole_s
        if each:
            made["each"] = self.dice.choice(("foot", "hand", "right first", "left only", {"side": ["right", "left"]}))
            if self.maybe(0.2):
                made["each"] = {"first": "right", "share": self.dice.choice(("2 to 1", "3 to 2"))}
            if self.maybe(0.5):
                made["between"] = [{"chime": "change", "say": "Now the {side} foot.", "for": "12s..15s..30s"}]
        timed = depth == 1 and self.maybe(0.35)
        made["steps"] = self.items(each=each, timed=timed, depth=depth + 1)
        inside = self.whole_s - before
        if timed:
            low = round(inside * self.dice.uniform(0.7, 1.2), 3)
            made["for"] = f"{low:g}s..{low * 1.3:g}s..{low * 3:g}s"
            inside = low * 1.3
        if self.maybe(0.2):
            made["at"] = [{"half": self.event()}]
        if self.maybe(0.2):
            made["bed"] = self.dice.choice(("rain", "stream"))
        self.whole_s = before + inside * (2 if each else 1)
        return made


def random_script(dice: Random, steps: int = 7) -> str:
    """Return the text of a script, whole, but perhaps with words that do not fit."""
    drawing = Drawing(dice, steps)
    script: dict[str, Any] = {"routine": "R", "length": "", "listener": {"sore": {"yes or no": "no"}}}
    if drawing.maybe(0.5):
        drawing.groups = {"a": "keep 1", "b": "together"}
        script["groups"] = drawing.groups
    if drawing.maybe(0.4):
        drawing.blocks = {"twice": [drawing.step(plain=True) for _ in range(dice.randint(1, 2))]}
        script["blocks"] = dict(drawing.blocks)
    if drawing.maybe(0.4):
        due = ("About {remaining} left.", {"chime": "change"}, {"chime": "change", "say": "About {remaining} left."})
        script["announce"] = [{dice.choice(("half", "every 1m", "-25s", "20s")): dice.choice(due)}]
    if drawing.maybe(0.5):
        script["bed"] = dice.choice(("rain", "drone"))
    if drawing.maybe(0.15):
        script["fade"] = "20s"
    script["steps"] = drawing.items()
    natural = max(5, round(min(drawing.whole_s, 1490)))
    script["length"] = f"1s..{natural}s..25m"
    return json.dumps(script, ensure_ascii=False)


def random_routine(dice: Random, steps: int = 7) -> Routine | None:
    """Return a routine that reads and checks without errors, or None if this one does not."""
    routine, _ = read(Source("random.yaml", random_script(dice, steps)))
    if routine is None:
        return None
    routine = link(routine, {})
    return None if check(routine, SOUNDS).errors else routine


def answer(outline: Outline, rate: int = 48_000) -> Durations:
    """Answer planning with half a second a word."""
    return Durations(rate, {clip: tone_frames(text, rate) for clip, text in outline.written().items()}, CHIMES)


@st.composite
def routines(draw: st.DrawFn) -> Routine:
    """Draw a routine that reads and checks without errors."""
    made = random_routine(draw(st.randoms(use_true_random=False)))
    assume(made is not None)
    assert made is not None
    return made


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw the plan of a routine at its usual length."""
    found = run(plan(draw(routines()), SessionRequest()), answer)
    assume(isinstance(found, Plan))
    assert isinstance(found, Plan)
    return found


def broken_promises(plan: Plan, asked_ms: int | None) -> list[str]:
    """Return everything that *plan* does not keep of what every plan must, *asked_ms* (if that is known) included."""
    return [*_length(plan, asked_ms), *_sounds(plan), *_sides(plan), *_rules(plan)]


def _length(plan: Plan, asked_ms: int | None) -> list[str]:
    timeline, found = plan.timeline, []
    whole = timeline.frames if asked_ms is None else ms_to_frames(asked_ms, timeline.rate)
    shortened = any(step.freed == "shorten" for step in _written(plan.routine))
    if timeline.frames != whole and not shortened:
        found.append(f"{timeline.frames} frames, asked for {whole}")
    at = 0
    for step in timeline.steps:
        if step.start != at or step.frames < 0:
            found.append(f"{step.address} begins at {step.start}, the one before ended at {at}")
        at = step.end
    if at != timeline.frames:
        found.append(f"the last step ends at {at} of {timeline.frames}")
    return found


def _sounds(plan: Plan) -> list[str]:
    timeline, found = plan.timeline, []
    homes = {step.address: step for step in timeline.steps}
    last = None
    for cue in timeline.cues:
        if cue.start < 0 or cue.end > timeline.frames:
            found.append(f"{cue.text!r} sounds from {cue.start} to {cue.end} of {timeline.frames}")
        if cue.track == "bed":
            continue
        home = homes.get(cue.step)
        if home is None or cue.start < home.start or cue.end > home.end:
            found.append(f"{cue.text!r} of {cue.step} sounds outside it")
        if isinstance(cue.clip, BreathTone) and cue.clip.frames != cue.frames:
            found.append(f"a tone of {cue.clip.frames} sounds for {cue.frames}")
        elif isinstance(cue.clip, ChimeSound) and cue.frames != CHIMES[cue.clip.name].frames:
            found.append(f"the chime {cue.clip.name} sounds for {cue.frames}")
        elif cue.track in ("voice", "breath") and cue.text:
            if cue.frames != tone_frames(cue.text, timeline.rate):
                found.append(f"{cue.text!r} is cut to {cue.frames}")
            if last and cue.start < last.end:
                found.append(f"{cue.text!r} ({cue.phrase}) begins before {last.text!r} ({last.phrase}) ends")
            last = cue
    return found


def _sides(plan: Plan) -> list[str]:
    steps = {step.span: step for step in _written(plan.routine)}
    sides: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    uneven = _weighted(plan.routine)
    for span in plan.timeline.steps:
        if span.address and span.side:
            sides[span.address.written][span.side].append(span.frames)
    found = []
    for written, by_side in sides.items():
        spans = [s.span for s in plan.timeline.steps if s.address and s.address.written == written]
        step = steps.get(spans[0])
        alone = step is None or step.sides == "independent" or step.when or step.unless or spans[0] in uneven
        if not alone and len(by_side) == 2 and by_side["left"] != by_side["right"]:
            found.append(f"{written}: left {by_side['left']}, right {by_side['right']}")
    return found


def _weighted(routine: Routine) -> set[Any]:
    """Return the places of what stands in a section with shares or one side, or between sides."""
    found = set()
    for section in every_section(routine.steps):
        inner = [section.between]
        if section.each and (section.each.only or section.each.share != (1, 1)):
            inner.append(section.steps)
        for items in inner:
            found |= {step.span for step in every(Step, items)}
            found |= {s.span for use in every(Use, items) for s in every(Step, routine.blocks[use.name].items)}
    return found


def every_section(items: Any) -> list[Any]:
    """Return every section in *items*, however deep."""
    found = []
    for item in items:
        if isinstance(item, Section):
            found += [item, *every_section(item.steps)]
        elif isinstance(item, Repeat):
            found += every_section(item.steps)
    return found


def _rules(plan: Plan) -> list[str]:
    """Fixed steps stay; groups, needs and the numbers of optional steps are kept."""
    found = []
    steps = {step.name: step for step in _written(plan.routine)}
    out = [item for item in plan.left_out if isinstance(item.why, TooLittleTime)]
    for item in out:
        step = steps.get(item.step)
        if step is None or not step.optional:
            found.append(f"{item.address} is left out, but is not optional")
    there = {step.address.written for step in plan.timeline.steps if step.address}
    gone = {item.address.written for item in out}
    names = Counter(address.name for address in there)
    for step_name, step in steps.items():
        if names[step_name]:
            found += [f"{step_name} needs {need}" for need in step.needs if need in steps and not names[need]]
    for name, group in plan.routine.groups.items():
        members = {a for a in there | gone if steps[a.name].group == name} if steps else set()
        kept = members & there
        if group.together and kept and members - there:
            found.append(f"group {name}: {len(kept)} of {len(members)}")
        if not group.together and len(kept) < min(group.keep, len(members)):
            found.append(f"group {name} keeps {len(kept)} of {len(members)}, not {group.keep}")
    return found


def _written(routine: Routine) -> list[Step]:
    return list(every_step(routine))
