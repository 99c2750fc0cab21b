"""Measured outlines: a session unrolled and its words measured, once for all lengths that come to the same."""

from __future__ import annotations

from collections.abc import Generator, Set
from dataclasses import replace
from functools import cached_property

from voiceguide.diagnostics import Report, problem
from voiceguide.nouns import dataclass
from voiceguide.plan.body import Body, body_of, count_about
from voiceguide.plan.expand import MOST_OCCURRENCES, PreviousPass, expand
from voiceguide.plan.outline import Durations, Outline
from voiceguide.plan.parts import Part, parts_of
from voiceguide.plan.removal import Rules
from voiceguide.plan.request import SessionRequest
from voiceguide.plan.solve import extent
from voiceguide.script.model import Routine

TIMES = frozenset({"remaining", "elapsed"})
"""The live values that are known only when everything has its place."""


@dataclass(frozen=True)
class Measured:
    """An outline with what its steps need and allow; *body* and *reach* are those of the whole session."""

    outline: Outline
    durations: Durations
    parts: list[Part]
    rules: Rules

    @cached_property
    def body(self) -> Body:
        """What a length is shared out over."""
        return body_of(self.outline, self.rules, self.durations.rate, extent)

    @cached_property
    def reach(self) -> tuple[int, int]:
        """The shortest and the longest length of the body, in frames."""
        return extent(self.body)

    @property
    def lasting(self) -> bool:
        """Whether the steps have the same words at every other length with as many rounds."""
        return not self.outline.said & (TIMES | {"total"})


Known = dict[tuple[tuple[int, int], ...], Measured]
"""Measured outlines that last from one length to the next, by the rounds of their repeats."""


def measured(
    routine: Routine,
    request: SessionRequest,
    previous: PreviousPass,
    known: Known | None = None,
    said: Set[str] | None = None,
) -> Generator[Outline, Durations, Measured | Report]:
    """Return the outline of *routine* with its parts, expanded and measured anew unless it is *known*.

    What may become known has no announcements. Of a remainder, some have been *said*, and its words need not fit.
    """
    key = tuple(sorted(previous.counts.items()))
    if known is not None and key in known:
        return known[key]
    outline = expand(routine, request, previous)
    if len(outline.occurrences) > MOST_OCCURRENCES:
        expected = f"at most {MOST_OCCURRENCES} steps"
        return Report((problem("too-many-steps", routine.span, expected=expected, found="more"),))
    if known is not None:
        outline = replace(outline, announcements=(), announced=frozenset())
    if said is not None:
        kept = tuple(event for event in outline.announcements if event.phrase.name not in said)
        outline = replace(outline, announcements=kept)
    durations = yield outline
    parts, problems = parts_of(outline, durations)
    if problems and said is None:
        return Report.of(problems)
    made = Measured(count_about(outline, parts, durations.rate), durations, parts, Rules(parts, routine.groups))
    if known is not None and made.lasting:
        known[key] = made
    return made
