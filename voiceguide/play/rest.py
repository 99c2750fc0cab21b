"""The rest: what is still to come of a session that plays, planned anew, as another edition."""

from __future__ import annotations

from voiceguide.address import Address
from voiceguide.plan.expand import PreviousPass, expand
from voiceguide.plan.outline import Measure, Phrase
from voiceguide.plan.plan import Plan, run
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.replan import Heard, replan
from voiceguide.plan.request import SessionRequest
from voiceguide.play.stand import Edition, Stand
from voiceguide.units import ms_to_frames


def fitted(
    stand: Stand,
    left: int,
    measure: Measure,
    *,
    step: Address | None = None,
    request: SessionRequest | None = None,
    least: int = 0,
    most: int | None = None,
) -> Stand | None:
    """Return *stand* with what is to come fitted into *left* frames, or as near to that as can be had.

    It goes on where it is, or with *step*. None if there is nothing to plan, or nothing that can be had.
    """
    plan = stand.edition.plan
    if plan is None or stand.transport.state == "ended":
        return None
    longest = ms_to_frames(plan.routine.length.longest, plan.timeline.rate) - stand.here
    left = min(left, max(longest, stand.left))  # no wish makes a session longer than its author lets it be
    heard = Heard(stand.here, step, least, most)
    answer = run(replan(plan, heard, max(0, left), request), measure)
    if isinstance(answer, Refusal) and answer.nearest_ms is not None:
        near = ms_to_frames(answer.nearest_ms, plan.timeline.rate) - stand.here
        answer = run(replan(plan, heard, max(0, near), request), measure)
    if not isinstance(answer, Plan):
        return None
    if answer is plan:
        return stand
    turns = tuple(turn for turn in stand.edition.turns if turn[0] <= stand.here)
    return stand.onto(Edition.of(answer, turns))


def other_wording(plan: Plan, request: SessionRequest, address: Address) -> Phrase | None:
    """Return the words of the step at *address* as *request* has them, if they are others than those of *plan*."""
    before, after = (_wording(plan, each, address) for each in (plan.request, request))
    return after if after and before and after.parts != before.parts else None


def _wording(plan: Plan, request: SessionRequest, address: Address) -> Phrase | None:
    outline = expand(plan.routine, request, PreviousPass(plan.counts))
    same = (o for o in outline.occurrences if o.address == address)
    return next((o.wordings[0][1] for o in same if o.wordings), None)
