"""new: a script to begin with, from a few answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from voiceguide.author.starter.begin import (
    LONGEST_MS,
    SHORTEST_MS,
    Lengths,
    Starter,
    TooShort,
    Wanted,
    begin,
    clean,
    spoken,
    usual_steps,
)
from voiceguide.cli.options import guess_length
from voiceguide.columns import line
from voiceguide.diagnostics import Report, ScriptError, UsageError
from voiceguide.files import as_typed, target_file, whole_file
from voiceguide.nouns import dataclass
from voiceguide.terminal import echo, is_terminal, note
from voiceguide.units import format_clock, format_duration, frames_to_ms, parse_duration, plural

KINDS, GUIDED = ("massage", "breathing", "rest"), ("massage", "rest")
SIDES = ("both", "left", "right", "none")
BREATHS = ("even", "resonance", "night", "box", "4-7-8", "sigh")
NEEDED = ("title", "kind", "length")
"""What must be given where nobody can be asked."""
SLOWEST = 130
"""How slow a voice may be, in percent of half a second a word."""

Answers = dict[str, Any]


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
    answers = {q.name: q.read(given[q.name], {}) for q in QUESTIONS if given[q.name] is not None}
    answers |= {"chimes": chimes, "language": _language(language)}
    if not yes and not is_terminal(sys.stdin):
        missing = [f"--{name}" for name in NEEDED if name not in answers]
        if missing:
            names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
            raise UsageError(f"nobody is here to be asked: give {names}", hint="or --yes, to take what is usual")
    try:
        made, notes = _answered(path, answers, asking=not yes and is_terminal(sys.stdin))
    except typer.Abort:
        echo("\nnothing is written", err=True)
        raise typer.Exit(130) from None
    _goal(str(path), force)  # somebody else may have written it while questions were asked
    with whole_file(path) as handle:
        handle.write(made.text.encode("utf-8"))
    _tell(file, path, made, notes)


# What answers mean. The words of an error fit both an option and an answer that was typed: they name no option.


def _words(clean_: Callable[[str], str], message: str, hint: str) -> Callable[[str, Answers], str]:
    def read(text: str, answers: Answers) -> str:
        if not clean_(text):
            raise UsageError(message.format(text), hint=hint)
        return clean_(text)

    return read


def _choice(noun: str, words: tuple[str, ...]) -> Callable[[str, Answers], str]:
    def read(text: str, answers: Answers) -> str:
        if text not in words:
            raise UsageError(f"there is no {noun} {text!r}", hint=f"there are: {', '.join(words)}")
        return text

    return read


def _length(text: str, answers: Answers) -> int:
    ms = parse_duration(text)
    if ms is None:
        hint = f"try {guess_length(text, '7m')}"
        raise UsageError(f"expected a length such as 7m or 7m30s, found {text!r}", hint=hint)
    if not SHORTEST_MS <= ms <= LONGEST_MS:
        bounds = f"from {format_clock(SHORTEST_MS)} to {format_clock(LONGEST_MS)}"
        raise UsageError(f"a session of {format_duration(ms)} cannot be begun", hint=f"lengths go {bounds}")
    return ms


def _steps(text: str, answers: Answers) -> tuple[str, ...]:
    names = tuple(name for name in map(clean, text.split(",")) if name)
    if not names:
        raise UsageError(f"{text!r} names no step", hint="write, for example, stroke the palm, knead the thumb")
    if "length" in answers:
        begun(_wanted({**answers, "steps": names}))
    return names


def _bed(text: str, answers: Answers) -> str:
    from voiceguide.library.sounds import all_sounds

    beds = sorted(sound.name for sound in all_sounds().values() if "bed" in sound.kinds)
    return _choice("bed", (*beds, "none"))(text, answers)


def _language(text: str) -> str:
    from voiceguide.script.scalars import LANGUAGE, Wrong

    if isinstance(LANGUAGE.parse(text), Wrong):
        raise UsageError(f"--language cannot be {text!r}", hint=f"write {LANGUAGE.expected.replace('`', '')}")
    return text


# What is asked


def _usual_title(path: Path, answers: Answers) -> str:
    words = clean(path.stem.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:] or "My routine"


def _usual_steps(path: Path, answers: Answers) -> str:
    return ", ".join(usual_steps(_wanted(answers), templates(), planned))


@dataclass(frozen=True)
class Question:
    """One question: its words, its usual answer, what an answer means, and for which kinds it matters and is asked."""

    name: str
    words: str
    usual: Callable[[Path, Answers], str] | str
    read: Callable[[str, Answers], Any]
    matters: tuple[str, ...] = KINDS
    asked: tuple[str, ...] = KINDS


_TITLE = _words(clean, "the title is empty", "give it a name for people")
_PART = _words(spoken, "the part {!r} has no word in it", "write foot, hand, lower arm, ...")
_SIDES = _choice("side", SIDES)
QUESTIONS = (
    Question("title", "What is it called?", _usual_title, _TITLE),
    Question("kind", "What is it: massage, breathing or rest?", "massage", _choice("kind", KINDS)),
    Question("part", "What is massaged: foot, hand, ...?", "foot", _PART, ("massage",)),
    Question(
        "sides",
        "Which sides: both, left, right or none?",
        lambda _, had: "both" if had["kind"] == "massage" else "none",
        _SIDES,
        GUIDED,
    ),
    Question(
        "breath", f"Which breath: {', '.join(BREATHS)}?", "even", _choice("breath", BREATHS), asked=("breathing",)
    ),
    Question(
        "length",
        "How long?",
        lambda _, had: "3m" if (had["kind"], had["breath"]) == ("breathing", "4-7-8") else "7m",
        _length,
    ),
    Question("steps", "Which steps, with commas in between?", _usual_steps, _steps, GUIDED),
    Question("bed", "Which quiet sound underneath (or none)?", "rain", _bed),
)
"""In the order of asking."""


def _answered(path: Path, given: Answers, *, asking: bool) -> tuple[Starter, list[str]]:
    """Return the script that *given* describe, completed by asking or by what is usual, and what was not used."""
    answers, notes = dict(given), []
    for q in QUESTIONS:
        kind = answers.get("kind", "massage")
        if kind not in q.matters and answers.pop(q.name, None) is not None:
            notes.append(f"--{q.name} is not used: it means nothing to {kind}")
        if kind in q.matters and q.name not in answers:
            usual = q.usual if isinstance(q.usual, str) else q.usual(path, answers)
            answers[q.name] = _ask(q, usual, answers) if asking and kind in q.asked else q.read(usual, answers)
    return begun(_wanted(answers)), notes


def _ask(question: Question, usual: str, answers: Answers) -> Any:
    def read(text: str) -> Any:
        try:
            return question.read(text, answers)
        except UsageError as error:
            raise typer.BadParameter(f"{error.message}; {error.hint}" if error.hint else error.message) from error

    return typer.prompt(question.words, default=line(usual), value_proc=read)


# What comes of it


def _wanted(answers: Answers) -> Wanted:
    named = {"length_ms" if name == "length" else name: value for name, value in answers.items()}
    return replace(Wanted("", 0), **named)


def begun(wanted: Wanted) -> Starter:
    """Return the script as *wanted*; raises UsageError if its steps do not fit into its length."""
    made = begin(wanted, templates(), planned)
    if isinstance(made, TooShort):
        what = plural(len(wanted.steps), "step") if wanted.steps else "such a session"
        both = " on both sides" if wanted.sides == "both" and wanted.kind != "breathing" else ""
        ways = ", or name fewer steps" if len(wanted.steps) > 1 else ""
        hint = f"give it at least {format_duration(made.least_ms)}{ways}"
        raise UsageError(f"{what}{both} cannot be done in {format_duration(wanted.length_ms)}", hint=hint)
    return made


def templates() -> dict[str, str]:
    """Return the texts of the templates, by the names of their files without the ending."""
    folder = files("voiceguide.author.starter") / "templates"
    return {name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in (*KINDS, "breaths")}


def planned(text: str, length_ms: int) -> Lengths:
    """Plan the script *text* at a length without speaking: the one place where `new` asks the planner.

    Raises ScriptError if it cannot be read, or if its words cannot fit their steps.
    """
    from voiceguide.clip_store import ClipStore, VoiceOptions
    from voiceguide.plan.outline import Durations, Outline
    from voiceguide.plan.plan import plan, run
    from voiceguide.plan.reasons import Refusal
    from voiceguide.plan.request import SessionRequest
    from voiceguide.script.read import read
    from voiceguide.source import Source

    routine, report = read(Source("the new script", text))
    if routine is None:
        raise ScriptError(report)
    store = ClipStore(routine, VoiceOptions(engine="tone"))

    def answer(outline: Outline) -> Durations:
        durations = store.durations(outline)
        return replace(durations, speech={said: n * SLOWEST // 100 for said, n in durations.speech.items()})

    made = run(plan(routine, SessionRequest(length_ms=length_ms)), answer)
    if isinstance(made, Report):
        raise ScriptError(made)
    if isinstance(made, Refusal):
        nearest_ms = length_ms if made.nearest_ms is None else made.nearest_ms
        return Lengths({}, nearest_ms, nearest_ms)
    rate = made.timeline.rate
    spans = {s.step: (frames_to_ms(s.frames, rate), frames_to_ms(s.speech_frames, rate)) for s in made.timeline.steps}
    return Lengths(spans, *made.range_ms)


# Where it goes


def _goal(file: str, force: bool) -> Path:
    """Return the path that *file* means, its ending added if it has none; raises UsageError if it cannot be written."""
    from voiceguide.library.scripts import ENDINGS

    path = Path(file)
    if not path.name or path.name == ".." or path.is_dir():
        raise UsageError(f"{file or 'an empty name'} is no file", hint="name a script, such as evening.yaml")
    if not path.suffix:
        path = path.with_name(path.name + ENDINGS[0])
    if path.suffix not in ENDINGS:
        raise UsageError(f"{file} does not end in {' or '.join(ENDINGS)}", hint=f"write {path.with_suffix(ENDINGS[0])}")
    target_file(path)
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} is already there", hint="choose another name, or replace it with --force")
    return path


def _tell(file: str, path: Path, made: Starter, notes: list[str]) -> None:
    for remark in notes:
        note(f"note: {remark}", err=True)
    if path.name != Path(file).name:
        note(f"{file} has no ending, so it is written as {path}")
    lengths = f"{format_clock(made.length.natural)}, from {format_clock(made.length.shortest)} to "
    note(f"{path.resolve()}: {lengths}{format_clock(made.length.longest)}")
    name = as_typed(str(path) if not str(path).startswith("-") else f"./{path}")
    note("next:")
    for command in ("check", "plan", "play"):
        note(f"  voiceguide {command} {name}")
