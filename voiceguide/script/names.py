"""What the names in a script refer to: live values in texts, facts in conditions, parameters of blocks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from heapq import nsmallest
from types import MappingProxyType

from voiceguide.diagnostics import Diagnostic, Fix, problem, write
from voiceguide.nouns import dataclass
from voiceguide.script.model import ALWAYS, COUNTED, Condition, Given, Parameter, Routine, Slot, Step, Text, Variants
from voiceguide.script.resolve import fill, slots
from voiceguide.script.scalars import Wrong, meant, near
from voiceguide.script.strange import named, odd
from voiceguide.script.texts import parse_text
from voiceguide.source import Span
from voiceguide.spoken.said import language_of

LIVE_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "side": "The side at work, left or right: in a section with `each:`.",
        "other": "The other side: in a section with `each:`.",
        "round": "Which round it is: in a `repeat:`.",
        "rounds": "How many rounds there are: in a `repeat:`.",
        "pressure": "The pressure of the step: in a step with `pressure:`.",
        "remaining": "How long the session still lasts, as people say it.",
        "elapsed": "How long the session has lasted, as people say it.",
        "total": "How long the whole session is, as people say it.",
        "day": "The day of a course: `--set day=3`.",
        "days": "How many days the course has: `days: 10` in the head, or `--set days=10`.",
    }
)
"""What may stand in braces in a text, besides facts of `listener:` and parameters, and what is said for it."""
SIDES = ("left", "right", "both")
"""Answers that a fact may have to say which side comes first."""
_NUMBERS = re.compile(r"([0-9]+)(?:\.\.([0-9]+))?")


@dataclass(frozen=True)
class Place:
    """Where the walk through a script stands: what may be referred to here.

    *given* are the parameters of the block, and of the *entries* of lists, around it; in a block that nobody uses, None
    stands for one that is needed. *timed* is where the section with a length stands that it is directly inside of.
    """

    each: bool = False
    repeat: bool = False
    pressure: bool = False
    entries: bool = False
    timed: Span | None = None
    blocks: tuple[str, ...] = ()
    given: Mapping[str, Given | None] = field(default_factory=dict)


_TITLES = "titles take parameters of blocks and of lists only"
MOST_LOOKED, MOST_LISTED = 100_000, 20
"""Names that are compared with what was written, in all of a script, and names that a hint lists."""


def listed(names: Iterable[str]) -> str:
    """Return the hint that lists *names*, or the first of them by the alphabet."""
    shown = nsmallest(MOST_LISTED + 1, names)
    more = ", ..." * (len(shown) > MOST_LISTED)
    return f"there {'is' if len(shown) == 1 else 'are'}: {', '.join(shown[:MOST_LISTED])}{more}"


@dataclass
class Names:
    """Collects the problems of names that a routine uses."""

    routine: Routine
    problems: list[Diagnostic] = field(default_factory=list)
    looked: int = 0

    def refuse(self, code: str, span: Span, expected: str, found: str, *fixes: Fix | str | None) -> None:
        """Report a problem."""
        self.problems.append(problem(code, span, *fixes, expected=expected, found=found))

    def unknown(
        self, code: str, span: Span, expected: str, name: str, known: Collection[str], home: str = "", frame: str = "{}"
    ) -> None:
        """Report a name that is not among *known*, the names under the key *home* of the routine.

        In *frame* it stands in the script.
        """
        if home in self.routine.refused:
            return
        fix: Fix | str | None = self.meant(name, known, frame)
        if fix is None and self.looked <= MOST_LOOKED:
            fix = listed(known) if known else f"the script declares none under `{home}:`"
        found = f"`{frame.format(name)}`" + (f", with {named(odd(name))}" if odd(name) else "")
        self.refuse(code, span, expected, found, fix)

    def meant(self, name: str, known: Collection[str], frame: str = "{}") -> Fix | None:
        """Return the fix for a slip, as `meant` does, until so many have been looked for that it would take seconds."""
        self.looked += len(known)
        return meant(name, known, frame=frame) if self.looked <= MOST_LOOKED else None

    def conditions(self, place: Place, *conditions: Condition | None) -> None:
        """Check that *conditions* can be told at *place*."""
        for condition in conditions:
            if condition is None or condition.fact in place.given:
                continue
            if condition.fact in COUNTED and condition.fact not in self.routine.listener:
                self._counted(condition, place)
            elif condition.fact == "side" and "side" not in self.routine.listener:
                self._side(condition, place)
            else:
                self._fact(condition)

    def _fact(self, condition: Condition) -> None:
        facts = self.routine.listener
        fact = facts.get(condition.fact) or ALWAYS.get(condition.fact)
        if fact is None:
            known = facts if not near(condition.fact, ALWAYS) else {**ALWAYS, **facts}
            self.unknown(
                "unknown-fact", condition.fact_span, "a fact of `listener:`", condition.fact, known, "listener"
            )
        elif not fact.choices:
            return  # the fact itself was refused
        elif condition.value is not None and condition.value not in fact.choices:
            some = ", ".join(fact.choices[:MOST_LISTED]) + ", ..." * (len(fact.choices) > MOST_LISTED)
            expected = f"one of {some} for `{condition.fact}`"
            fix = self.meant(condition.value, fact.choices)
            self.refuse("choice", condition.value_span, expected, f"`{condition.value}`", fix)
        elif condition.value is None and fact.choices != ("yes", "no"):
            fix = write(f"{condition.fact} is {fact.choices[0]}")
            self.refuse("condition", condition.span, f"a value of `{condition.fact}`", "none", fix)

    def _counted(self, condition: Condition, place: Place) -> None:
        name = condition.fact
        if condition.value is None or not _NUMBERS.fullmatch(condition.value):
            self.refuse("condition", condition.span, f"a number for `{name}`", "none", f"write `{name} is 3..5`")
        elif name in ("round", "rounds") and not place.repeat:
            self.refuse("value-out-of-place", condition.span, f"`{name}` inside a `repeat:`", "it outside")
        elif name == "pressure" and not place.pressure:
            expected = "`pressure` in the words of a step that has a `pressure:`"
            self.refuse("value-out-of-place", condition.span, expected, "it outside")

    def _side(self, condition: Condition, place: Place) -> None:
        if not place.each:
            self.refuse("value-out-of-place", condition.span, "`side` inside a section with `each:`", "it outside")
        elif condition.value not in SIDES[:2]:
            self.lead(condition.value or "", condition.value_span if condition.value else condition.span)

    def lead(self, name: str, span: Span) -> None:
        """Check that *name* says a side: left, right, or a fact about the listener that does."""
        fact = self.routine.listener.get(name)
        if name in SIDES[:2] or (fact and fact.choices and set(fact.choices) <= set(SIDES)):
            return
        known = [known for known, fact in self.routine.listener.items() if set(fact.choices) <= set(SIDES)]
        expected = "left, right, or a fact whose answers are left, right and perhaps both"
        fix = self.meant(name, [*SIDES[:2], *known]) or f"there are: {', '.join([*SIDES[:2], *known])}"
        if fact is None or fact.choices:
            self.refuse("unknown-side", span, expected, f"`{name}`" if name else "none", fix)

    def text(self, text: Text, place: Place) -> None:
        """Check the live values of *text*, which stands at *place*."""
        allowed: Mapping[str, tuple[bool, str]] = {
            "side": (place.each, "`{side}` inside a section with `each:`"),
            "other": (place.each, "`{other}` inside a section with `each:`"),
            "round": (place.repeat, "`{round}` inside a `repeat:`"),
            "rounds": (place.repeat, "`{rounds}` inside a `repeat:`"),
            "pressure": (place.pressure, "`{pressure}` in a step that has a `pressure:`"),
        }
        for slot in text.slots():
            self.said_for(slot, text)
            if slot.name in place.given:
                self.given_text(place.given[slot.name], place)
            elif slot.name not in LIVE_VALUES and slot.name not in self.routine.listener:
                here = (name for name in LIVE_VALUES if name not in allowed or allowed[name][0])
                known = (*here, *self.routine.listener, *place.given)
                self.unknown("unknown-value", slot.span, "a live value", slot.name, known, frame="{{{}}}")
            elif slot.name in allowed and not allowed[slot.name][0]:
                self.refuse("value-out-of-place", slot.span, allowed[slot.name][1], "it outside")

    def title(self, title: str, span: Span, place: Place) -> None:
        """Check that a *title* has no live values, which it cannot tell, and no other parameters than there are."""
        for name in slots(title):
            if name not in place.given and (place.given or name in LIVE_VALUES):
                written = f"{{{name}}}"
                fix = self.meant(name, place.given, frame="{{{}}}") or _TITLES
                column = span.source.lines[span.line - 1].find(written, span.column - 1) + 1
                here = replace(span, column=column, width=len(written)) if column else span
                self.refuse(
                    "unknown-value", here, "a parameter in a title or a note", f"`{written}`", fix if column else None
                )

    def said_for(self, slot: Slot, text: Text) -> None:
        """Check that the language has words for the live value *slot* of *text*, and that they get their ending."""
        fact = self.routine.listener.get(slot.name)
        choices = set(fact.choices) if fact else set()
        sides = slot.name in ("side", "other") or bool({"left", "right"} & choices)
        if not sides and not {"yes", "no", "both"} & choices and (fact or slot.name not in LIVE_VALUES):
            return
        token, language = f"{{{slot.name}}}", language_of(self.routine.language)
        if language is None:
            fix = "write a text for each side: `say: {left: ..., right: ...}`" if sides else "leave it out"
            self.without_words(slot.span, f"`{token}`", fix)
        elif sides and language.endings:
            after = str(next(iter(text.parts[text.parts.index(slot) + 1 :]), ""))
            if re.match(rf"(?:{'|'.join(language.endings)})(?!\w)", after) is None:
                fixes = [write(f"{token}{ending}") for ending in language.endings]
                self.refuse("side-ending", slot.span, f"an ending behind `{token}`", "none", *fixes)

    def without_words(self, span: Span, what: str, fix: str) -> None:
        """Report that the language of the script has no words for *what*."""
        self.refuse("no-words", span, f"a language that has words for {what}", f"`{self.routine.language}`", fix)

    def given_text(self, given: Given | None, place: Place) -> None:
        """Check the value of a parameter that is spoken."""
        parts = parse_text(given.text) if given else ()
        if given and isinstance(parts, Wrong):
            expected = parts.expected or "the words to be spoken"
            self.refuse(parts.code, given.span, expected, parts.found, parts.for_all_of(given.text))
        elif given and not isinstance(parts, Wrong):
            placed = (replace(part, span=given.span) if isinstance(part, Slot) else part for part in parts)
            self.text(
                Text(tuple(placed), given.span), Place(each=place.each, repeat=place.repeat, pressure=place.pressure)
            )

    def open_values(self, step: Step, place: Place) -> None:
        """Check what *step* leaves open: parameters must be given and fit, conditions must be told."""
        for value in step.open.values():
            if isinstance(value, Variants):
                self.conditions(place, *(case.when for case in value.cases))
            elif value.name not in place.given:
                self._no_parameter(value, place)
            else:
                given = place.given[value.name]
                wrong = fill(value, given) if given else None
                self.problems += [wrong] if isinstance(wrong, Diagnostic) else []

    def _no_parameter(self, parameter: Parameter, place: Place) -> None:
        expected = f"`{{{parameter.name}}}` in a block that has it under `with:`, or in a list"
        fix = self.meant(parameter.name, place.given, frame='"{{{}}}"')
        self.refuse("value-out-of-place", parameter.span, expected, "it elsewhere", fix)
