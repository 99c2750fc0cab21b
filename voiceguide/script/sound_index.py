"""Source -> what a `sounds.yaml` says of the sound files beside it, by the same reader as scripts, and as strictly."""

from __future__ import annotations

from voiceguide.diagnostics import Diagnostic, Report, problem
from voiceguide.nouns import dataclass
from voiceguide.script import scalars as s
from voiceguide.script.build import Problems, Spans, Values
from voiceguide.script.read import read_entries
from voiceguide.script.shapes import Key, Kind, ListOf
from voiceguide.source import Source, Span

NAME = "sounds.yaml"
DEFAULT_EVERY_MS = 4000
"""Time between strikes where a sound does not say (docs/sources.md, chimes)."""
SOUND = Kind(
    "sound",
    "a sound",
    "What a script should know of a sound file.",
    (
        Key("file", s.FILE, "The sound file, beside this one.", required=True),
        Key("kind", s.choice("chime", "bed"), "`chime`: struck at a moment; `bed`: loops. Both if not given."),
        Key(
            "layers",
            ListOf(s.FILE, least=1, most=7, unique=True),
            "Beds: files that loop beside it, each in its own time.",
        ),
        Key("strikes", s.STRIKES, "Chimes: how often it is struck, unless the script says otherwise. 1 if not given."),
        Key("every", s.DURATION, "Chimes: time from one strike to the next. 4s if not given."),
        Key("title", s.LINE, "What a listener reads."),
        Key("licence", s.LINE, "Under which terms it may be used, as SPDX has it."),
    ),
    fields={"every": "every_ms"},
)


@dataclass(frozen=True)
class Entry:
    """What is said of one sound. *wrong* is the first mistake in it; then nothing else of it counts."""

    file: str
    kinds: tuple[str, ...] = ("chime", "bed")
    strikes: int = 1
    every_ms: int = DEFAULT_EVERY_MS
    layers: tuple[str, ...] = ()
    span: Span | None = None
    """Where its file is named."""
    wrong: Diagnostic | None = None


def read_sounds(source: Source) -> tuple[dict[str, Entry], Report]:
    """Return what *source* says, by the names of the sounds, and every problem found. With a wrong entry, others stay.

    An empty file says nothing. Of one that is no mapping, nothing is returned but the report.
    """
    entries, report = read_entries(source, SOUND, _entry)
    return {
        name: Entry(made.file if made else "", wrong=wrong) if wrong or made is None else made
        for name, (made, wrong) in entries.items()
    }, report


def _entry(kind: str, values: Values, spans: Spans, span: Span, problems: Problems) -> Entry | None:
    for key in ("strikes", "every"):
        if key in values and values.get("kind") == "bed":
            hint = "take it away, or write `kind: chime`"
            problems.append(
                problem(
                    "no-effect", spans[key], hint, expected=f"`{key}` of a chime", found="it with a bed, which loops"
                )
            )
    if "layers" in values and values.get("kind") == "chime":
        hint = "take it away, or write `kind: bed`"
        found = "it with a chime, which is one file"
        problems.append(problem("no-effect", spans["layers"], hint, expected="`layers` of a bed", found=found))
    given = {SOUND.fields.get(key, key): value for key, value in values.items() if value is not None}
    kinds = (str(given["kind"]),) if "kind" in given else ("bed",) if "layers" in given else ("chime", "bed")
    told = {name: given[name] for name in ("strikes", "every_ms", "layers") if name in given}
    return Entry(str(given.get("file", "")), kinds, span=spans.get("file"), **told)
