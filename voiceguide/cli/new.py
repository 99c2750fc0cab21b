"""new: a script to begin with, from a few answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voiceguide.diagnostics import UsageError
from voiceguide.units import format_clock, format_duration, parse_duration, plural, suggest_duration

if TYPE_CHECKING:
    from voiceguide.author.starter.begin import Starter
    from voiceguide.author.starter.pieces import Wanted

KINDS = ("massage", "breathing", "rest")
SIDES = ("both", "left", "right", "none")
BREATHS = ("even", "resonance", "night", "box", "4-7-8", "sigh")
NEEDED = ("title", "kind", "length")
"""What must be given where nobody can be asked."""
SLOWEST = 130
SHORT_BREATH_MS = 3 * 60_000
"""How long paced breathing is if nobody says, where only a few rounds are right."""

Answers = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(new)


def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The script to write, such as evening.yaml.")],
    title: Annotated[str | None, typer.Option("--title", help="What it is called.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="massage, breathing or rest.")] = None,
    length: Annotated[str | None, typer.Option("--length", "-l", metavar="7m", help="How long: 1m to 25m.")] = None,
    part: Annotated[str | None, typer.Option("--part", help="What is massaged: foot, hand, ...")] = None,
    sides: Annotated[str | None, typer.Option("--sides", help="both, left, right or none.")] = None,
    steps: Annotated[
        str | None, typer.Option("--steps", metavar="A, B, ...", help="Names of the steps, with commas in between.")
    ] = None,
    breath: Annotated[str | None, typer.Option("--breath", help="even, resonance, night, box, 4-7-8 or sigh.")] = None,
    bed: Annotated[str | None, typer.Option("--bed", help="The bed: rain, stream, drone or none.")] = None,
    chimes: Annotated[bool, typer.Option("--chimes/--no-chimes", help="Chimes at both ends and between sides.")] = True,
    language: Annotated[str, typer.Option("--language", help="The language of the voice, such as en-GB.")] = "en",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is usual.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")] = False,
) -> None:
    """Write a script to begin with: asks a few questions, or takes the options as answers."""
    path = _goal(file, force)
    given: Answers = {"title": title, "kind": kind, "length": length, "part": part, "sides": sides, "steps": steps}
    given |= {"breath": breath, "bed": bed}
    answers = {name: _read(name, value, {}) for name, value in given.items() if value is not None}
    answers |= {"chimes": chimes, "language": _language(language)}
    if not yes and not sys.stdin.isatty():
        missing = [f"--{name}" for name in NEEDED if name not in answers]
        if missing:
            names = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
            raise UsageError(
                f"nobody is here to be asked: give {names}",
                hint="or --yes, to take what is usual",
            )
        yes = True
    try:
        made, notes = _answered(path, answers, asking=not yes)
    except typer.Abort:
        typer.echo("\nnothing is written", err=True)
        raise typer.Exit(130) from None
    _write(path, made, force)
    _tell(file, path, made, notes)


# What is asked


def _answered(path: Path, answers: Answers, *, asking: bool) -> tuple[Starter, list[str]]:
    """Return the script that *answers* describe, completed by asking or by what is usual, and what was not used."""
    answers = dict(answers)
    given = set(answers)
    for q in QUESTIONS:
        if q.name in answers or not q.matters(answers):
            continue
        usual = q.usual(path, answers)
        asked = asking and q.asked(answers)
        answers[q.name] = _ask(q, usual, answers) if asked else _read(q.name, usual, answers)
    unused = [q.name for q in QUESTIONS if q.name in given and not q.matters(answers)]
    notes = [f"--{name} is not used: it means nothing to {answers['kind']}" for name in unused]
    wanted = _wanted({name: value for name, value in answers.items() if name not in unused})
    return _begun(wanted), notes


def _always(answers: Answers) -> bool:
    return True


def _massaged(answers: Answers) -> bool:
    return bool(answers["kind"] == "massage")


def _guided(answers: Answers) -> bool:
    return bool(answers["kind"] != "breathing")


def _paced(answers: Answers) -> bool:
    return not _guided(answers)


def _usual_title(path: Path, answers: Answers) -> str:
    from voiceguide.author.starter.pieces import clean

    words = clean(path.stem.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:] or "My routine"


def _usual_length(path: Path, answers: Answers) -> str:
    few = answers["kind"] == "breathing" and answers.get("breath") == "4-7-8"
    return format_duration(SHORT_BREATH_MS) if few else "7m"


def _usual_sides(path: Path, answers: Answers) -> str:
    return "both" if _massaged(answers) else "none"


def _usual_steps(path: Path, answers: Answers) -> str:
    from voiceguide.author.starter.begin import usual_steps

    return ", ".join(usual_steps(_wanted(answers)))


@dataclass(frozen=True)
class Question:
    """One question: its words, its usual answer, whether it matters to such a session, and whether it is asked."""

    name: str
    words: str
    usual: Callable[[Path, Answers], str]
    matters: Callable[[Answers], bool] = _always
    asked: Callable[[Answers], bool] = _always


QUESTIONS = (
    Question("title", "What is it called?", _usual_title),
    Question("kind", "What is it: massage, breathing or rest?", lambda path, answers: "massage"),
    Question("part", "What is massaged: foot, hand, ...?", lambda path, answers: "foot", _massaged),
    Question("sides", "Which sides: both, left, right or none?", _usual_sides, _guided),
    Question("breath", f"Which breath: {', '.join(BREATHS)}?", lambda path, answers: "even", asked=_paced),
    Question("length", "How long?", _usual_length),
    Question("steps", "Which steps, with commas in between?", _usual_steps, _guided),
    Question("bed", "Which quiet sound underneath (or none)?", lambda path, answers: "rain"),
)
"""In the order of asking."""


def _ask(question: Question, usual: str, answers: Answers) -> Any:
    def read(text: str) -> Any:
        try:
            return _read(question.name, text, answers)
        except UsageError as error:
            raise typer.BadParameter(f"{error.message}; {error.hint}" if error.hint else error.message) from error

    return typer.prompt(question.words, default=usual, value_proc=read)


# What answers mean


def _read(name: str, text: str, answers: Answers) -> Any:
    """Return the answer *text* to the question *name*; raises UsageError if it is none.

    The words of the error fit both an option and an answer that was typed: they name no option.
    """
    return READERS[name](text, answers)


def _title(text: str, answers: Answers) -> str:
    from voiceguide.author.starter.pieces import clean

    if not clean(text):
        raise UsageError("the title is empty", hint="give it a name for people")
    return clean(text)


def _choice(noun: str, words: tuple[str, ...]) -> Callable[[str, Answers], str]:
    def read(text: str, answers: Answers) -> str:
        if text not in words:
            raise UsageError(f"there is no {noun} {text!r}", hint=f"there are: {', '.join(words)}")
        return text

    return read


def _length(text: str, answers: Answers) -> int:
    from voiceguide.author.starter.begin import LONGEST_MS, SHORTEST_MS

    ms = parse_duration(text)
    if ms is None:
        meant = f"{text}m" if text.isdigit() else suggest_duration(text) or "7m"
        raise UsageError(f"expected a length such as 7m or 7m30s, found {text!r}", hint=f"try {meant}")
    if not SHORTEST_MS <= ms <= LONGEST_MS:
        bounds = f"from {format_clock(SHORTEST_MS)} to {format_clock(LONGEST_MS)}"
        raise UsageError(f"a session of {format_duration(ms)} cannot be begun", hint=f"lengths go {bounds}")
    return ms


def _part(text: str, answers: Answers) -> str:
    from voiceguide.author.starter.pieces import spoken

    if not spoken(text):
        raise UsageError(f"the part {text!r} has no word in it", hint="write foot, hand, lower arm, ...")
    return spoken(text)


def _steps(text: str, answers: Answers) -> tuple[str, ...]:
    from voiceguide.author.starter.pieces import clean

    names = tuple(name for name in map(clean, text.split(",")) if name)
    if not names:
        raise UsageError(f"{text!r} names no step", hint="write, for example, stroke the palm, knead the thumb")
    if "length" in answers:
        _begun(_wanted({**answers, "steps": names}))
    return names


def _bed(text: str, answers: Answers) -> str:
    from voiceguide.library.sounds import all_sounds

    beds = sorted(sound.name for sound in all_sounds().values() if "bed" in sound.kinds)
    if text not in (*beds, "none"):
        raise UsageError(f"there is no bed {text!r}", hint=f"there are: {', '.join((*beds, 'none'))}")
    return text


def _language(text: str) -> str:
    from voiceguide.script.scalars import LANGUAGE, Wrong

    if isinstance(LANGUAGE.parse(text), Wrong):
        raise UsageError(f"--language cannot be {text!r}", hint=f"write {LANGUAGE.expected.replace('`', '')}")
    return text


READERS: dict[str, Callable[[str, Answers], Any]] = {
    "title": _title,
    "kind": _choice("kind", KINDS),
    "length": _length,
    "part": _part,
    "sides": _choice("side", SIDES),
    "steps": _steps,
    "breath": _choice("breath", BREATHS),
    "bed": _bed,
}


def _wanted(answers: Answers) -> Wanted:
    from voiceguide.author.starter.pieces import Wanted

    named = {"length_ms" if name == "length" else name: value for name, value in answers.items()}
    return replace(Wanted("", 0), **named)


def _begun(wanted: Wanted) -> Starter:
    """Return the script as *wanted*; raises UsageError if its steps do not fit into its length."""
    from voiceguide.author.starter.begin import TooShort, begin

    made = begin(wanted)
    if isinstance(made, TooShort):
        what = plural(len(wanted.steps), "step") if wanted.steps else "such a session"
        both = " on both sides" if wanted.sides == "both" and wanted.kind != "breathing" else ""
        ways = ", or name fewer steps" if len(wanted.steps) > 1 else ""
        raise UsageError(
            f"{what}{both} cannot be done in {format_duration(wanted.length_ms)}",
            hint=f"give it at least {format_duration(made.least_ms)}{ways}",
        )
    return made


# Where it goes


def _goal(file: str, force: bool) -> Path:
    """Return the path that *file* means, its ending added if it has none; raises UsageError if it cannot be written."""
    from voiceguide.files import target_file
    from voiceguide.library.scripts import ENDINGS

    path = Path(file)
    if not path.name or path.name == ".." or path.is_dir():
        raise UsageError(
            f"{file or 'an empty name'} is no file", hint="give the name of a script, such as evening.yaml"
        )
    if not path.suffix:
        path = path.with_name(path.name + ENDINGS[0])
    if path.suffix not in ENDINGS:
        raise UsageError(f"{file} does not end in {' or '.join(ENDINGS)}", hint=f"write {path.with_suffix(ENDINGS[0])}")
    target_file(path)
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} is already there", hint="choose another name, or replace it with --force")
    return path


def _write(path: Path, made: Starter, force: bool) -> None:
    from voiceguide.files import whole_file

    _goal(str(path), force)  # somebody else may have written it while questions were asked
    with whole_file(path) as handle:
        handle.write(made.text.encode("utf-8"))


def _tell(file: str, path: Path, made: Starter, notes: list[str]) -> None:
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    if path.name != Path(file).name:
        typer.echo(f"{file} has no ending, so it is written as {path}")
    lengths = f"{format_clock(made.length.natural)}, from {format_clock(made.length.shortest)} to "
    typer.echo(f"{path.resolve()}: {lengths}{format_clock(made.length.longest)}")
    name = shlex.quote(str(path) if not str(path).startswith("-") else f"./{path}")
    typer.echo("next:")
    for command in ("check", "plan", "play"):
        typer.echo(f"  voiceguide {command} {name}")

# How long it can be


def _planned(text: str, length_ms: int) -> Plan | Refusal:
    """Plan the script *text* without speaking: the one place where `new` asks the planner.

    Words take half a second each, and SLOWEST percent of that, since voices differ.
    """
    from voiceguide.diagnostics import Report, ScriptError
    from voiceguide.plan.outline import Material, Outline, SessionRequest
    from voiceguide.plan.plan import converse, plan
    from voiceguide.script.read import read
    from voiceguide.source import Source
    from voiceguide.workbench import VoiceOptions, Workbench

    routine, report = read(Source("the new script", text))
    if routine is None:
        raise ScriptError(report)
    bench = Workbench(routine, VoiceOptions(engine="tone"))

    def answer(outline: Outline) -> Material:
        material = bench.answer(outline)
        return replace(material, lengths={said: n * SLOWEST // 100 for said, n in material.lengths.items()})

    made = converse(plan(routine, SessionRequest(length_ms=length_ms)), answer)
    if isinstance(made, Report):
        raise ScriptError(made)
    return made


def _templates() -> dict[str, str]:
    from importlib.resources import files

    folder = files("voiceguide.author.starter") / "templates"
    return {name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in (*KINDS, "breaths")}
