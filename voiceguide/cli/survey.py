"""What `fit` finds, as sentences, a record, a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from voiceguide.author.ladder import IN_PART, LEFT_OUT, Gap, Ladder, Row, Stretch
from voiceguide.author.pictures.chart import Chart, Lane
from voiceguide.author.pictures.chart_terminal import COLUMNS, chart_terminal
from voiceguide.author.probe import Probe, survey
from voiceguide.cli.printing import table
from voiceguide.clip_store import ClipStore, VoiceOptions, spoken_by
from voiceguide.columns import fit
from voiceguide.diagnostics import Report, ScriptError
from voiceguide.plan.outline import SessionRequest, Talk
from voiceguide.script.model import CAPS_MS, Routine
from voiceguide.session import LengthError, check_request
from voiceguide.speech.synthesizer import Progress
from voiceguide.units import format_clock

GAPS_SHOWN = 5
"""Gaps in the range that are listed for people; the record has all of them."""


@dataclass(frozen=True)
class Found:
    """The ladder of a routine spoken by a voice; *rules* say what limits its shortest and its longest length."""

    routine: Routine
    engine: str
    voice: str
    talk: Talk
    ladder: Ladder
    rules: tuple[str, str]
    natural_ms: int | None
    steps_ms: tuple[int, int] | None

    @property
    def spoken_by(self) -> str:
        """Who speaks: the engine and its voice."""
        return spoken_by(self.engine, self.voice)


def survey_routine(routine: Routine, request: SessionRequest, options: VoiceOptions, progress: Progress) -> Found:
    """Return what changes at which length of *routine*, having spoken what that hangs on.

    Raises LengthError if no length can be had with this voice, and whatever `compile_session` raises.
    """
    bench = ClipStore(routine, options, progress)
    check_request(routine, request, bench)
    probe = Probe(routine, request, bench.answer)
    if isinstance(probe.default, Report):
        raise ScriptError(probe.default)
    made = survey(probe, progress)
    if made is None:
        raise LengthError(
            f"{routine.id} has no possible length with {spoken_by(bench.engine.name, bench.voice)}: {probe.default}",
            hint="try another voice or --talk brief, or give the script a wider `length:`",
        )
    rules = [str(probe.read(second)) for second in (made.shortest_s - 1, made.longest_s + 1)]
    both, natural_ms, steps_ms = (rules[0], rules[1]), probe.natural_ms(), probe.steps_ms()
    return Found(routine, bench.engine.name, bench.voice, request.talk, made, both, natural_ms, steps_ms)


Change = tuple[list[Row], list[Stretch]]
"""The rows that change together (a group, or a single step), and where: at one stretch, or off and on at several."""
OFF_AND_ON = 3
"""From so many stretches of the same kind on, a change is told in one line."""


def changes(ladder: Ladder) -> list[Change]:
    """Return what changes, the longest length first; steps of one group that go together are one change."""
    together: dict[tuple[object, ...], Change] = {}
    for row, stretch in ladder.changes():
        own = row.group or (row.step, row.span.line, row.span.column)
        key = (stretch.below_s, stretch.from_s, stretch.what, stretch.sides, own)
        together.setdefault(key, ([], [stretch]))[0].append(row)
    kinds: dict[tuple[object, ...], list[Change]] = {}
    for rows, stretches in together.values():
        kind = (tuple(map(id, rows)), stretches[0].what, stretches[0].sides)
        kinds.setdefault(kind, []).append((rows, stretches))
    told: list[Change] = []
    for same in kinds.values():
        joined = (same[0][0], [stretch for _, stretches in same for stretch in stretches])
        told += [joined] if len(same) >= OFF_AND_ON else same
    return sorted(told, key=lambda change: (-change[1][0].below_s, -change[1][0].from_s))


_WHAT = {LEFT_OUT: "goes", IN_PART: "goes in part"}


def sentence(ladder: Ladder, rows: Sequence[Row], stretches: Sequence[Stretch]) -> str:
    """Say a change: "below 14:33 `toes` (Rub each toe) goes, on both sides"."""
    first, last = stretches[0], stretches[-1]
    who = f"`{rows[0].step}` ({rows[0].title})"
    if len(rows) > 1:
        who = f"the group `{rows[0].group}` ({', '.join(row.step for row in rows)})"
    what = _WHAT.get(first.what, f"takes {'its' if len(rows) == 1 else 'the'} {first.what} wording")
    sides = _sides(rows[0], first, "on both sides")
    start = f"below {clock(first.below_s)}"
    if first.below_s > ladder.longest_s:
        start = "at every length" if last.from_s == ladder.shortest_s else "at the longest lengths"
    return f"{start} {who} {what}{sides and f', {sides}'}{_until(ladder, stretches)}"


def _until(ladder: Ladder, stretches: Sequence[Stretch]) -> str:
    """Say how far down a change reaches, if not simply to the shortest length."""
    last = stretches[-1]
    if len(stretches) > 1:
        always = f"below {clock(last.below_s)} always" if last.from_s == ladder.shortest_s else ""
        return f", off and on; {always or f'down to {clock(last.from_s)}'}"
    return f", down to {clock(last.from_s)}" if last.then is not None and last.then != LEFT_OUT else ""


def _sides(row: Row, stretch: Stretch, both: str) -> str:
    if len(row.sides) < 2:
        return ""
    return both if len(stretch.sides) == len(row.sides) else f"{stretch.sides[0]} only"


def _whole(lengths_ms: tuple[int, int]) -> tuple[int, int]:
    """Return the whole seconds inside a range."""
    return -(-lengths_ms[0] // 1000), lengths_ms[1] // 1000


def clock(second: int) -> str:
    """Return *second* seconds as `m:ss`."""
    return format_clock(second * 1000)


def to_record(found: Found) -> dict[str, Any]:
    """Return what was found as the record for programs; times are whole seconds, `below_s` is exclusive."""
    ladder, length = found.ladder, found.routine.length
    return {
        "routine": found.routine.id,
        "engine": found.engine,
        "voice": found.voice,
        "talk": found.talk,
        "range": {
            "shortest_s": ladder.shortest_s,
            "longest_s": ladder.longest_s,
            "shortest_rule": found.rules[0],
            "longest_rule": found.rules[1],
            "declared_s": [ms / 1000 for ms in (length.shortest, length.natural, length.longest)],
            "cap_s": CAPS_MS[found.routine.family] / 1000,
        },
        "steps_s": None if found.steps_ms is None else list(_whole(found.steps_ms)),
        "natural_s": None if found.natural_ms is None else found.natural_ms / 1000,
        "every_s": ladder.stride_s,
        "thresholds": [
            {
                "below_s": stretch.below_s,
                "from_s": stretch.from_s,
                "step": row.step,
                "title": row.title,
                "group": row.group,
                "sides": list(stretch.sides),
                "what": stretch.what,
                "why": stretch.why,
                "line": row.span.line,
                "sentence": sentence(ladder, [row], [stretch]),
            }
            for row, stretch in ladder.changes()
        ],
        "gaps": [{"from_s": gap.from_s, "below_s": gap.below_s, "why": gap.rule} for gap in ladder.gaps],
        "rounds": [
            {"steps": list(r.steps), **dict(zip(("shortest", "default", "longest"), r.counts, strict=True))}
            for r in ladder.rounds
        ],
    }


def to_text(found: Found, *, plain: bool = False) -> str:
    """Return what was found for people, 80 columns wide; *plain* keeps the picture to ASCII."""
    ladder = found.ladder
    lines = [f"{found.routine.title}, {found.spoken_by}", "", *_facts(found), ""]
    every = changes(ladder)
    lines += _table(ladder, every) if every else ["Every step is there as asked, however short or long the session is."]
    lines += ["", *chart_terminal(chart(found), plain=plain)]
    return "\n".join(lines)


def _facts(found: Found) -> Iterator[str]:
    ladder, length, cap_ms = found.ladder, found.routine.length, CAPS_MS[found.routine.family]
    low, high = clock(ladder.shortest_s), clock(ladder.longest_s)
    ends = f"{format_clock(length.shortest)} to {format_clock(length.longest)}"
    yield f"declared  {ends}, {format_clock(length.natural)} unless asked"
    yield f"cap       {format_clock(cap_ms)} for {found.routine.family}"
    yield f"possible  {low} to {high} with this voice"
    yield f"            not below {low}: {found.rules[0]}"
    yield f"            not above {high}: {found.rules[1]}"
    if found.steps_ms is not None:
        least, most = (clock(second) for second in _whole(found.steps_ms))
        if (least, most) != (low, high):
            yield f"steps     {least} to {most} if `length:` offered it"
    if found.natural_ms is not None:
        yield f"natural   {format_clock(found.natural_ms)} if every step has its natural length"
    for gap in ladder.gaps[:GAPS_SHOWN]:
        yield f"not       {clock(gap.from_s)} to {clock(gap.below_s - 1)}: {gap.rule}"
    if len(ladder.gaps) > GAPS_SHOWN:
        yield f"not       and {len(ladder.gaps) - GAPS_SHOWN} more such gaps"
    for r in ladder.rounds:
        at = [
            f"{n} at {clock(s)}"
            for n, s in zip(r.counts, (ladder.shortest_s, ladder.default_s, ladder.longest_s), strict=True)
        ]
        yield f"rounds    {', '.join(r.steps)}: {', '.join(dict.fromkeys(at))}"
    if ladder.stride_s > 1:
        yield f"looked    at every {ladder.stride_s}th second, then for the exact one; shorter changes may be missing"


def _table(ladder: Ladder, every: list[Change]) -> list[str]:
    head = ("below", "step", "what", "title")
    what = [_WHAT.get(found[0].what, f"{found[0].what} wording") + _until(ladder, found) for _, found in every]
    room = max(12, COLUMNS - len("below") - max(map(len, what)) - 4)
    rows: list[tuple[str, ...]] = []
    for (together, stretches), change in zip(every, what, strict=True):
        first = stretches[0]
        sides = _sides(together[0], first, "both sides")
        sides = sides and f" ({sides})"
        names = fit(", ".join(row.step for row in together), room - len(sides)) + sides
        below = clock(first.below_s) if first.below_s <= ladder.longest_s else "all"
        title = together[0].title if len(together) == 1 else f"group {together[0].group}"
        rows.append((below, names, change, title))
    left = COLUMNS - sum(max(len(row[i]) for row in (head, *rows)) + 2 for i in range(3))
    if left < len("title"):
        return table(head[:3], [row[:3] for row in rows], right=(0,)).splitlines()
    return table(head, [(*row[:3], fit(row[3], left)) for row in rows], right=(0,)).splitlines()


def chart(found: Found) -> Chart:
    """Return the picture of what was found, ready to be drawn."""
    ladder = found.ladder
    low, high = clock(ladder.shortest_s), clock(ladder.longest_s)
    said = [sentence(ladder, *change) for change in changes(ladder)]
    return Chart(
        title=found.routine.title,
        subtitle=f"What is there at which length: {low} to {high} with {found.spoken_by}",
        words=f"Possible from {low} to {high}. "
        + ("; ".join(said) or "Every step is there as asked at every length")
        + ".",
        low_s=ladder.shortest_s,
        high_s=ladder.longest_s,
        default_s=ladder.default_s,
        lanes=tuple(_lane(ladder, row) for row in ladder.rows),
    )


def _lane(ladder: Ladder, row: Row) -> Lane:
    said = [sentence(ladder, [row], [stretch]) for stretch in row.stretches]
    gone = [s for s in row.stretches if s.what == LEFT_OUT and s.below_s <= ladder.longest_s]
    return Lane(
        name=row.step,
        title=row.title,
        note="both sides" if len(row.sides) > 1 else "",
        words="; ".join(said) or f"`{row.step}` ({row.title}) is there at every length",
        bars=tuple(_bars(ladder, row)),
        goes_below_s=tuple(dict.fromkeys(s.below_s for s in gone)),
        fixed=not any(stretch.what in (LEFT_OUT, IN_PART) for stretch in row.stretches),
    )


def _bars(ladder: Ladder, row: Row) -> Iterator[tuple[int, int, str]]:
    """Yield where *row* is there, as lengths (from, below, shade), without the gaps of the range."""
    end = ladder.longest_s + 1
    parts: list[Stretch | Gap] = [*row.stretches, *ladder.gaps]
    cuts = sorted({ladder.shortest_s, end, *(s for p in parts for s in (p.from_s, p.below_s) if s < end)})
    for start, below in pairwise(cuts):
        here = [s for s in row.stretches if s.from_s <= start < s.below_s]
        out = {side for s in here if s.what == LEFT_OUT for side in s.sides or (None,)}
        if any(gap.from_s <= start < gap.below_s for gap in ladder.gaps) or len(out) == max(1, len(row.sides)):
            continue
        shades = [s.what for s in here]
        yield start, below, IN_PART if out or IN_PART in shades else "".join(shades[:1])
