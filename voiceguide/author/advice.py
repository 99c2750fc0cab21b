"""Routine -> warnings for authors: what is understood and can be played, but had better be otherwise.

Every warning has a code of its own and can be silenced where it stands, with a reason (`author/suppress.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from voiceguide.author.advice_wordings import longer
from voiceguide.author.advice_words import BREATH_RULE, HAND_WASH, STOP_RULE, TAGS, avoided, sides_named, tells
from voiceguide.author.flow import Visit, flow, locate, own_items, plain, texts, wordings
from voiceguide.diagnostics import Diagnostic, Fix, Report, problem, write
from voiceguide.limits import OTHER
from voiceguide.nouns import dataclass
from voiceguide.script.model import Bed, ForEach, Item, Repeat, Routine, Section, Step, Text, Use
from voiceguide.script.scalars import meant
from voiceguide.source import Span
from voiceguide.units import plural

QUIET_BED_DB = 24.0
"""How far under the voice a bed lies well (docs/sources.md, levels); 20 dB is the least that is allowed."""
LIGHT = 3
"""The highest pressure that goes with holding the breath (docs/sources.md, lengths and pressure)."""
ORGAN_FAMILIES = ("reflex", "points")
"""Families whose texts name no organs (docs/sources.md, claims)."""


MOST_TAGS = 500
"""Unknown tags of one list that are looked for in the text, and compared with those there are."""


def lint(routine: Routine) -> Report:
    """Return the warnings about a linked and checked *routine*. What depends on words is judged in English only."""
    linter = _Linter(routine)
    linter.frame()
    linter.tags(routine.tags, routine.spans)
    for item in own_items(routine):
        if isinstance(item, Section):
            linter.bed(item.bed)
        elif isinstance(item, Step):
            linter.step(item)
    linter.bed(routine.bed)
    if routine.language.split("-")[0].lower() == "en":
        linter.care()
        for span, text in _shown(routine):
            linter.words(span, text)
        linter.problems += lint_sides(routine)
    return Report.of(linter.problems)


def _shown(routine: Routine) -> Iterator[tuple[Span, str]]:
    """Yield every text of the script itself that listeners see or hear, and where its value starts."""
    for key, shown in (("routine", routine.title), ("purpose", routine.purpose), ("posture", routine.posture)):
        if isinstance(shown, str) and key in routine.spans:
            yield routine.spans[key], shown
    if routine.materials:
        yield routine.spans["materials"], ", ".join(routine.materials)
    for event in routine.announce:
        yield event.say.span, plain(event.say)
    for item in own_items(routine):
        if isinstance(item, Section):
            yield item.spans["section"], item.title
            yield from ((event.say.span, plain(event.say)) for event in item.at)
        elif isinstance(item, Step):
            named = next((item.spans[key] for key in ("title", "do", "name") if key in item.spans), None)
            if named is not None:
                yield named, item.title
            yield from ((text.span, plain(text)) for text in texts(item))


@dataclass
class _Linter:
    routine: Routine
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def massage(self) -> bool:
        """Whether hands, where they work, work on a body."""
        return self.routine.family != OTHER

    def warn(self, code: str, span: Span, expected: str, found: str, *fixes: Fix | str | None) -> None:
        self.problems.append(problem(code, span, *fixes, expected=expected, found=found))

    def frame(self) -> None:
        """Look for sound or words where the session begins and where its work is over."""
        first, *others = flow(self.routine)
        if not _sounds(first.step):
            self.warn(
                "no-opening", first.span, "a chime or words at the start", f"`{first.step.name}`, which is silent"
            )
        visits = list(flow(self.routine, backwards=True))
        work = next((n for n, v in enumerate(visits) if v.step.hands or v.step.breathe), None)
        after = visits[:work] if work is not None else visits[: len(others) or 1]
        late = [event for event in visits[work or 0].step.at if event.moment.ms < 0]
        asleep = self.routine.fade_ms or "night" in self.routine.tags
        if not (asleep or late or any(_sounds(visit.step) for visit in after)):
            expected = "last words or a closing chime"
            self.warn("no-closing", visits[0].span, expected, f"`{visits[0].step.name}` at the end")

    def care(self) -> None:
        """Look for the words that tell when to stop, and for those that tell to wash the hands."""
        visits = list(flow(self.routine))
        hands = self.massage and any(visit.step.hands for visit in visits)
        risk = next((n for n, v in enumerate(visits) if (v.step.hands if hands else v.step.breathe)), None)
        if risk is None:
            return
        if hands:
            before, rule, example = visits[:risk], STOP_RULE, "Stop at pain, numbness or dizziness"
            where = "the first step with hands"
        else:
            before, rule = visits[: risk + 1], BREATH_RULE
            example, where = "Dizzy, tingling or short of air: breathe normally", "the first paced breath"
        self.told("no-stop-rule", before, rule, visits[risk], f"words such as `{example}` before {where}")
        if hands:
            end = []
            for visit in flow(self.routine, backwards=True):
                end.append(visit)
                if visit.step.hands:
                    break
            expected = "words such as `Wipe off the oil and wash your hands` after the work"
            self.told("no-hand-wash", end, HAND_WASH, end[-1], expected)

    def told(self, code: str, among: Iterable[Visit], rule: tuple[str, str], place: Visit, expected: str) -> None:
        """Warn unless a step of *among* that is never left out says in each of its wordings what *rule* asks for."""
        partly: Span | None = None
        missing = ""
        for visit in among:
            kinds: dict[str, tuple[Text, ...]] = wordings(visit.step)
            said = {key: bool(told) and all(tells(plain(t), rule) for t in told) for key, told in kinds.items()}
            if any(tells(plain(event.say), rule) for event in visit.step.at):
                said = dict.fromkeys(said or ("at",), True)
            if not any(said.values()):
                continue
            if visit.step.optional:
                partly, missing = visit.span, "them only in a step that may be left out"
            elif all(said.values()):
                return
            else:
                key = next(key for key, yes in said.items() if not yes)
                partly, missing = kinds[key][0].span, f"`{key}:` without them"
        self.warn(code, partly or place.span, expected, missing or "none")

    def tags(self, tags: Iterable[str], spans: Mapping[str, Span]) -> None:
        """Look up *tags*, written at *spans*."""
        for number, tag in enumerate(tag for tag in tags if tag not in TAGS):
            # finding a place and what is meant costs time, and nobody means that many
            looked = number < MOST_TAGS
            fix = (looked and meant(tag, TAGS)) or f"the tags are: {', '.join(TAGS)}"
            place = locate(spans["tags"], tag) if looked else spans["tags"]
            self.warn("unknown-tag", place, "a tag that screening knows", f"`{tag}`", fix)

    def bed(self, bed: Bed | None) -> None:
        """Compare the level of *bed* with the voice."""
        if bed is not None and bed.under_db < QUIET_BED_DB and "under" in bed.spans:
            expected = f"a bed at least {QUIET_BED_DB:g} dB under the voice"
            self.warn("bed-loud", bed.spans["under"], expected, f"{bed.under_db:g} dB")

    def step(self, step: Step) -> None:
        """Look at what the keys of one step mean together."""
        self.tags(step.tags, step.spans)
        firmest = step.pressure.firm if step.pressure else None
        spoken = {slot.name for text in texts(step) for slot in text.slots()}
        if firmest is not None and not step.hands and "pressure" not in spoken:
            hint = "name the step with `do:`, or take `pressure:` away"
            self.warn("no-effect", step.spans["pressure"], "`pressure` in a step with hands", "none at work", hint)
        kneads = self.massage and step.hands
        if kneads and step.breathe and step.breathe.has_holds() and (firmest is None or firmest > LIGHT):
            expected = f"a pattern without holds, or `pressure:` of {LIGHT} or less"
            found = (
                f"holds with pressure {firmest}" if firmest is not None else "holds with a pressure that is not written"
            )
            span = step.breathe.spans.get("pattern", step.span)
            self.warn(
                "hold-with-hands", span, expected, found, Fix("write {}, or let the hands work lightly", "5-0-5-0")
            )
        self.shorter(step)

    def shorter(self, step: Step) -> None:
        """Compare the wordings of *step*: each has fewer words than the fuller one, or as many."""
        for key, text, fuller, found in longer(step, self.routine.listener):
            self.warn("longer-brief", text.span, f"`{key}:` no longer than `{fuller}:`", found)

    def words(self, span: Span, text: str) -> None:
        """Look for words that listeners should not be told."""
        for code, words in avoided(text):
            if code == "organ" and self.routine.family not in ORGAN_FAMILIES:
                continue
            expected, fix = _INSTEAD[code]
            self.warn(code, locate(span, words), expected, f"`{words}`", fix)


_INSTEAD: Mapping[str, tuple[str, Fix | str]] = {
    "claim": ("no claim about health", "say what is felt, as in `many people find this relaxing`"),
    "disease": ("no name of a disease or condition", "ask about it under `listener:`, or say `discomfort`"),
    "organ": ("no names of organs in a routine of points or reflexes", "name the place on the foot"),
    "thumb-of-foot": ("`big toe`, because a thumb is part of a hand", write("big toe")),
}


def _sounds(step: Step) -> bool:
    return bool(step.chime or wordings(step) or step.recorded)


ONE_SIDED = ("rehab", "heel-course", OTHER)
"""Families that may work one side more than the other (docs/sources.md, lengths and pressure)."""


_Work = dict[str, tuple[int, Span]]
"""By side: how many steps with hands work it alone, and where the last of them stands."""


def lint_sides(routine: Routine) -> list[Diagnostic]:
    """Return the warnings about the sides of an English *routine*."""
    walk = _Walk(routine)
    work = walk.items(routine.steps, _Place())
    left, right = (work.get(side, (0, routine.span))[0] for side in ("left", "right"))
    if left != right and routine.family not in ONE_SIDED:
        more, less = ("left", "right") if left > right else ("right", "left")
        expected, hint = "as many steps for one foot as for the other", "put the steps into a section with `each: foot`"
        found = f"{plural(max(left, right), 'step')} for the {more} and {min(left, right) or 'none'} for the {less}"
        walk.problems.append(problem("unbalanced-sides", work[more][1], hint, expected=expected, found=found))
    return walk.problems


@dataclass(frozen=True)
class _Place:
    """What surrounds an item: the one side that is worked there, or (with *both*) each of them in turn."""

    side: str = ""
    both: bool = False


@dataclass
class _Walk:
    routine: Routine
    problems: list[Diagnostic] = field(default_factory=list)
    known: dict[tuple[str, _Place], _Work] = field(default_factory=dict)

    def items(self, items: Iterable[Item], place: _Place, *, own: bool = True) -> _Work:
        """Walk *items*. Those that are not the script's *own* are counted, but their words are let be."""
        work: _Work = {}
        for item in items:
            if self.sided(item):
                continue
            for side, (times, span) in self.item(item, place, own).items():
                work[side] = (work.get(side, (0, span))[0] + times, span)
        return work

    def item(self, item: Item, place: _Place, own: bool) -> _Work:
        match item:
            case Step():
                return self.step(item, place, own)
            case Section():
                inside = _inside(item, place)
                self.items(item.between, inside, own=own)
                return self.items(item.steps, inside, own=own)
            case Repeat():
                return self.items(item.steps, place, own=own)
            case ForEach():
                work = self.items(item.steps, place, own=own)
                return {side: (times * len(item.entries), span) for side, (times, span) in work.items()}
            case Use():
                name = item.name
                if (name, place) not in self.known:  # once for each kind of place, not for each use
                    inner = self.items(self.routine.blocks[name].items, place, own=own and not item.script)
                    self.known[name, place] = inner
                return {side: (times, item.span) for side, (times, _) in self.known[name, place].items()}

    def sided(self, item: Item) -> bool:
        """Tell whether *item* depends on a fact that is a side, such as the foot that hurts."""
        facts = [self.routine.listener.get(condition.fact) for condition in (item.when, item.unless) if condition]
        return any({"left", "right"} & set(fact.choices) for fact in facts if fact)

    def step(self, step: Step, place: _Place, own: bool) -> _Work:
        if place.both:
            for text in texts(step) if own else ():
                self.named(text)
            return {}
        if not step.hands:
            return {}
        feet = {side for text in texts(step) for side in sides_named(plain(text), feet=True)}
        side = next(iter(feet)) if len(feet) == 1 else "" if feet else place.side
        return {side: (1, step.span)} if side else {}

    def named(self, text: Text) -> None:
        """Warn of one side named in *text*, which is heard for both."""
        named = sides_named(plain(text))
        if len(named) != 1:
            return
        ((side, words),) = named.items()
        fixes = [write(words.replace(side, live, 1)) for live in ("{side}", "{other}")]
        expected = "`{side}` or `{other}`, because both sides hear this"
        span, found = locate(text.span, words), f"`{words}`"
        self.problems.append(problem("side-named", span, *fixes, expected=expected, found=found))


def _inside(section: Section, place: _Place) -> _Place:
    each = section.each
    sides = each.sides if each else ()
    if each and each.only:
        return _Place(side=each.lead) if each.lead in ("left", "right") else _Place(both=True)
    if sides:
        return _Place(side=sides[0]) if len(sides) == 1 else _Place(both=True)
    titled = sides_named(section.title, feet=True)
    return place if place.both or len(titled) != 1 else _Place(side=next(iter(titled)))
