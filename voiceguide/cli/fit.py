"""fit: the lengths that a routine can have with a voice, what goes first and when, as a table and a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from voiceguide.author.length_report import LengthReport, clock, told
from voiceguide.author.length_samples import length_report
from voiceguide.author.pictures.labels import Chart
from voiceguide.author.pictures.terminal import COLUMNS, chart_terminal
from voiceguide.cli.options import AsJson, Asked, RoutineName, Without
from voiceguide.cli.printing import can_print, picked, print_records, progress_bar, table
from voiceguide.clip_store import ClipStore, VoiceOptions, spoken_by
from voiceguide.columns import fit as shorten
from voiceguide.diagnostics import Progress, Report, ScriptError
from voiceguide.nouns import dataclass
from voiceguide.plan.reasons import Refusal
from voiceguide.plan.request import SessionRequest, Talk
from voiceguide.script.model import CAPS_MS, Routine
from voiceguide.session import LengthError, check_request
from voiceguide.terminal import echo, note
from voiceguide.units import format_clock


def fit(
    routine: RoutineName,
    asked: Annotated[Asked, Without(("length", "bed", "seed"))],
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture to an SVG file.")] = None,
) -> None:
    """Show which lengths are possible with a voice, what goes first, and below which length."""
    from voiceguide.author.pictures.svg import chart_svg
    from voiceguide.files import target_file, whole_file
    from voiceguide.loading import open_routine

    if svg:
        target_file(svg, (".svg",), routine)
    with progress_bar() as progress:
        found = find_lengths(open_routine(routine), asked.request(), asked.voice_options(), progress)
    if svg:
        with whole_file(svg) as file:
            file.write(chart_svg(found.chart()).encode())
    if as_json:
        print_records(found.record())
        return
    echo(found.page(plain=not can_print("█▓▒░▼┊")))
    if svg:
        note(f"\npicture: {svg.resolve()}")


GAPS_SHOWN = 5
"""Gaps in the range that are listed for people; the record has all of them."""


@dataclass(frozen=True)
class Found:
    """The length report of a routine spoken by a voice."""

    routine: Routine
    engine: str
    voice: str
    talk: Talk
    report: LengthReport

    @property
    def spoken_by(self) -> str:
        """Who speaks: the engine and its voice."""
        return spoken_by(self.engine, self.voice)

    def chart(self) -> Chart:
        """Return the picture of what was found, ready to be drawn."""
        return self.report.chart(self.routine.title, self.spoken_by)

    def record(self) -> dict[str, Any]:
        """Return what was found as the record for programs; times are whole seconds, `below_s` is exclusive."""
        report, length = self.report, self.routine.length
        return {
            "routine": self.routine.id,
            "engine": self.engine,
            "voice": self.voice,
            "talk": self.talk,
            "range": {
                "shortest_s": report.shortest_s,
                "longest_s": report.longest_s,
                "shortest_rule": told(report.rules[0]),
                "longest_rule": told(report.rules[1]),
                "declared_s": [ms / 1000 for ms in (length.shortest, length.natural, length.longest)],
                "cap_s": CAPS_MS[self.routine.family] / 1000,
            },
            "steps_s": None if report.steps_ms is None else list(_whole(report.steps_ms)),
            "natural_s": None if report.natural_ms is None else report.natural_ms / 1000,
            "every_s": report.stride_s,
            "thresholds": [
                picked(
                    stretch,
                    "below_s from_s step title group sides what why line sentence address",
                    **picked(row, "step title group"),
                    sides=list(stretch.sides),
                    why=str(stretch.why),
                    line=row.span.line,
                    sentence=report.sentence([row], [stretch]),
                    address=str(row.address),
                )
                for row, stretch in report.changes()
            ],
            "gaps": [picked(gap, "from_s below_s why", why=told(gap.why)) for gap in report.gaps],
            "rounds": [
                {
                    "steps": list(dict.fromkeys(address.name for address in r.steps)),
                    **dict(zip(("shortest", "default", "longest"), r.counts, strict=True)),
                }
                for r in report.rounds
            ],
        }

    def page(self, *, plain: bool = False) -> str:
        """Return what was found for people, 80 columns wide; *plain* keeps the picture to ASCII."""
        lines = [f"{self.routine.title}, {self.spoken_by}", "", *self._facts(), ""]
        lines += self._table() or ["Every step is there as asked, however short or long the session is."]
        return "\n".join([*lines, "", *chart_terminal(self.chart(), plain=plain)])

    def _facts(self) -> Iterator[str]:
        report, length, cap_ms = self.report, self.routine.length, CAPS_MS[self.routine.family]
        low, high = clock(report.shortest_s), clock(report.longest_s)
        ends = f"{format_clock(length.shortest)} to {format_clock(length.longest)}"
        yield f"declared  {ends}, {format_clock(length.natural)} unless asked"
        yield f"cap       {format_clock(cap_ms)} for {self.routine.family}"
        yield f"possible  {low} to {high} with this voice"
        yield f"            not below {low}: {told(report.rules[0])}"
        yield f"            not above {high}: {told(report.rules[1])}"
        if report.steps_ms is not None:
            least, most = (clock(second) for second in _whole(report.steps_ms))
            if (least, most) != (low, high):
                yield f"steps     {least} to {most} if `length:` offered it"
        if report.natural_ms is not None:
            yield f"natural   {format_clock(report.natural_ms)} if every step has its natural length"
        for gap in report.gaps[:GAPS_SHOWN]:
            yield f"not       {clock(gap.from_s)} to {clock(gap.below_s - 1)}: {told(gap.why)}"
        if len(report.gaps) > GAPS_SHOWN:
            yield f"not       and {len(report.gaps) - GAPS_SHOWN} more such gaps"
        three = (report.shortest_s, report.default_s, report.longest_s)
        for r in report.rounds:
            at = dict.fromkeys(f"{n} at {clock(s)}" for n, s in zip(r.counts, three, strict=True))
            yield f"rounds    {', '.join(map(report.titles.name, r.steps))}: {', '.join(at)}"
        if report.stride_s > 1:
            every = f"looked    at every {report.stride_s}th second"
            yield f"{every}, then for the exact one; shorter changes may be missing"

    def _table(self) -> list[str]:
        report, rows = self.report, list[tuple[str, str, str]]()
        what = [report.what(stretches) for _, stretches in report.together]
        room = max(12, COLUMNS - len("below") - max(map(len, what), default=0) - 4)
        for (together, stretches), change in zip(report.together, what, strict=True):
            first, sides = stretches[0], report.sides(together[0], stretches[0])
            sides = sides and f" ({sides})"
            below = clock(first.below_s) if first.below_s <= report.longest_s else "all"
            rows.append((below, shorten(report.who(together), room - len(sides)) + sides, change))
        return table(("below", "step", "what"), rows, right=(0,)).splitlines() if rows else []


def find_lengths(routine: Routine, request: SessionRequest, options: VoiceOptions, progress: Progress) -> Found:
    """Return what changes at which length of *routine*, having spoken what that hangs on.

    Raises LengthError if no length can be had with this voice, and whatever `compile_session` raises.
    """
    store = ClipStore(routine, options, progress)
    check_request(routine, request, store)
    made = length_report(routine, request, store.durations, progress)
    if isinstance(made, Report):
        raise ScriptError(made)
    if isinstance(made, Refusal):
        raise LengthError(
            f"{routine.id} has no possible length with {spoken_by(store.engine.name, store.voice)}: {made}",
            hint="try another voice or --talk brief, or give the script a wider `length:`",
        )
    return Found(routine, store.engine.name, store.voice, request.talk, made)


def _whole(lengths_ms: tuple[int, int]) -> tuple[int, int]:
    """Return the whole seconds inside a range."""
    return -(-lengths_ms[0] // 1000), lengths_ms[1] // 1000
