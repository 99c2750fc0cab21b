"""THE table of keys. The reader, its hints, the reference in docs/language.md and `explain` all come from it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

import voiceguide.limits as limits
from voiceguide.script import breaths as b
from voiceguide.script import scalars as s
from voiceguide.script import texts as t
from voiceguide.script.model import Block, Event, Fact, Given, Group, Moment, Speaker
from voiceguide.script.rounds import ALOUD
from voiceguide.script.shapes import Choose, Items, Key, Kind, ListOf, MapOf, Nested, OneOrMore
from voiceguide.source import NOWHERE


def _events(pairs: tuple[dict[Moment, Event], ...]) -> tuple[Event, ...]:
    return tuple(replace(event, moment=at, span=at.span) for pair in pairs for at, event in pair.items())


_EVENT = Nested("event", t.SPOKEN)
MOST_EVENTS = 500
"""Moments of one list: nobody needs so many, and each one is fitted among all that is heard."""
_ANNOUNCEMENTS = ListOf(MapOf(t.MOMENT, _EVENT), most=MOST_EVENTS, make=_events)
EVENTS = ListOf(MapOf(t.MOMENT_INSIDE, _EVENT), most=MOST_EVENTS, make=_events)
_CHIME = (
    Key("chime", s.LINE, "The name of a chime. It sounds first; words wait for its tail."),
    Key("strikes", s.STRIKES, "How often it is struck; without it, as the sound says."),
    Key("every", s.DURATION, "Time between strikes; without it, as the sound says."),
    Key("under", s.UNDER, "How far the chime lies under the voice. 6 dB if not given."),
)
_CONDITIONS = (
    Key("when", t.CONDITION, "Only if this holds: `pregnant`, `not pregnant`, `affected is left`, `day is 3..5`."),
    Key("unless", t.CONDITION, "Only if this does not hold."),
    Key("freed", s.choice("share", "shorten"), "What happens to its time when a condition takes it out."),
)
_NOTE = Key("note", s.NOTE, "Seen and never heard: in live play, `show`, `plan` and `transcript`.")
_WORDS = Choose(t.SPOKEN, rotate=True)
FILLABLE = ("for", "pause", "quiet", "pressure", "optional", "chime", "strikes", "every", "breathe")
"""Keys of a step whose value may be a parameter of the block around it, as in `for: "{time}"`."""
ADDRESSEES = ("self", "giver", "receiver")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "routine",
            "a routine",
            "The top of a script.",
            (
                Key("routine", s.WORDS, "The title.", required=True),
                Key("id", s.ID, "The name used on the command line; without it, the name of the file."),
                Key("language", s.LANGUAGE, "The language of the spoken texts (BCP 47). `en` if not given."),
                Key("version", s.LINE, "The version of the script, for people."),
                Key("reviewed", s.LINE, "Who reviewed it, and when."),
                Key("purpose", s.WORDS, "What the routine does, in a sentence for people."),
                Key(
                    "family",
                    s.choice(*limits.CAPS_MS, otherwise=limits.OTHER),
                    f"Sets the hard cap on length. `general` if not given; `{limits.OTHER}` for what is no massage.",
                ),
                Key("length", s.LENGTH, "Shortest offered, default and longest offered length.", required=True),
                Key("days", s.DAYS, "How many days the course has, for `{days}`; which one it is: `--set day=3`."),
                _NOTE,
                Key("posture", Choose(s.WORDS), "How to sit or lie, shown before the start; perhaps in variants."),
                Key("materials", ListOf(s.WORDS), "What to have within reach."),
                Key("sources", ListOf(s.LINE), "What it rests on, in free text: a book, a link, the number of a fact."),
                Key("tags", ListOf(s.ID), "Words that screening works on, such as `firm` or `points`."),
                Key("voice", Nested("voice"), "How the voice speaks."),
                Key(
                    "voices",
                    MapOf(s.choice(*ADDRESSEES), Nested("speaker", s.LINE), Speaker()),
                    "Other voices, by the person whom a step speaks `to`.",
                ),
                Key("bed", Nested("bed", s.LINE), "The quiet sound underneath; `none` for silence."),
                Key("fade", s.DURATION, "A quiet ending: all sound fades out over this long before the end."),
                Key("pronounce", MapOf(s.LINE, s.LINE), "Respellings of whole words, for every engine."),
                Key(
                    "listener",
                    MapOf(s.ID, Nested("fact"), Fact((), "")),
                    "Facts that the script may ask about the listener.",
                ),
                Key(
                    "groups",
                    MapOf(s.ID, s.GROUP, Group(True, 0, NOWHERE)),
                    "Groups of optional steps: `together`, or `keep 2`.",
                ),
                Key(
                    "announce",
                    _ANNOUNCEMENTS,
                    "Words or a chime due at a moment of the session, moved to the nearest gap.",
                ),
                Key(
                    "blocks", MapOf(s.ID, Nested("block", Items()), Block(())), "Named steps, to be taken with `use:`."
                ),
                Key("steps", Items(), "The session.", required=True),
            ),
            fields={"routine": "title", "voice": "pace_wpm", "fade": "fade_ms"},
        ),
        Kind(
            "voice",
            "a voice",
            "How the voice speaks.",
            (Key("pace", s.PACE, "Words a minute inside sentences."),),
            fields={"pace": "pace_wpm"},
        ),
        Kind(
            "speaker",
            "a voice for somebody",
            "The voice in which one of several people is spoken to.",
            (
                Key("voice", s.LINE, "`another`, which is not the main one, or the name of a voice.", required=True),
                Key("pace", s.PACE, "Words a minute inside sentences."),
            ),
            fields={"pace": "pace_wpm"},
        ),
        Kind(
            "block",
            "a block",
            "Named steps; a list of steps alone, or a mapping if there is something left open in them.",
            (
                Key(
                    "with",
                    MapOf(s.ID, s.GIVEN, Given("needed", NOWHERE)),
                    "Parameters and their defaults; `needed` for one that every use must give.",
                ),
                Key(
                    "steps",
                    Items(),
                    "The steps. `{name}` in texts, titles or as a value is a parameter.",
                    required=True,
                ),
            ),
            fields={"steps": "items", "with": "parameters"},
        ),
        Kind(
            "bed",
            "a bed",
            "The quiet sound under the session.",
            (
                Key("sound", s.LINE, "The name of a bundled bed or of a file in your sounds folder.", required=True),
                Key(
                    "under", s.LEVEL, "How far below the measured speech it lies while words sound. 24 dB if not given."
                ),
            ),
            fields={"under": "under_db"},
        ),
        Kind(
            "fact",
            "a fact about the listener",
            "Something the script may ask. Set with `--set name=value`.",
            (
                Key("one of", ListOf(s.ID, least=2, unique=True), "The possible answers."),
                Key("yes or no", s.YES_NO, "A yes-or-no question, and the answer assumed."),
                Key("default", s.ID, "The answer assumed; without it, the first of `one of`."),
                Key("ask", s.WORDS, "The question, in words for the listener."),
            ),
            fields={"one of": "choices"},
        ),
        Kind(
            "step",
            "a step",
            "The smallest thing with a length. `do` names one where hands are at work, `name` any other.",
            (
                Key("do", s.ID, "Short name of a step in which hands are at work."),
                Key("name", s.ID, "Short name of a step in which no hands are at work."),
                Key("title", s.WORDS, "The name shown to people."),
                _NOTE,
                Key("say", _WORDS, "The instruction. `[2s]` is an exact silence, `{side}` a live value."),
                Key(
                    "brief",
                    _WORDS,
                    "Shorter wording, used when time is short, on `--talk brief`, or for who did it before.",
                ),
                Key("minimal", _WORDS, "The shortest wording, used on `--talk minimal`."),
                Key("recorded", s.FILE, "A recording, spoken in place of `say`; a file beside the script."),
                Key("to", s.choice(*ADDRESSEES), "Whom it speaks to; see `voices`. `self` if not given."),
                Key("pace", s.PACE, "Words a minute in this step; without it, those of `voice` or of `voices`."),
                Key("for", Choose(s.RANGE), "Length of the whole step, its speech included; without it, see `quiet`."),
                Key(
                    "quiet",
                    s.RANGE,
                    "Without `for`: the silence after the words, as in `20s..40s..60s`; the step is as long as both. "
                    "Beside `for`: the least silence, one duration. 6s with `do`, 0s elsewhere.",
                ),
                Key("pause", s.RANGE, "Silence, and nothing else."),
                *_CHIME,
                Key("breathe", Nested("breathe", b.PATTERN), "A breath pattern, in whole rounds, after the words."),
                Key("count", Nested("count", b.STROKES), "Strokes that are counted, after the words."),
                Key("at", EVENTS, "Words or a chime due at a moment of this step."),
                Key("wait", s.YES_NO, "`yes`: in live play, the session waits at its end until the listener goes on."),
                Key("zone", s.LINE, "The part of the foot, for pictures."),
                Key("tags", ListOf(s.ID), "Words that screening works on, such as `firm` or `points`."),
                Key(
                    "pressure",
                    Choose(s.PRESSURE),
                    f"From {limits.PRESSURE.low} to {limits.PRESSURE.high} on a scale of 10; or light..usual..firm.",
                ),
                Key(
                    "optional",
                    s.OPTIONAL,
                    f"{limits.OPTIONAL.low} to {limits.OPTIONAL.high}: may be left out, the highest number first.",
                ),
                Key("group", s.ID, "The group it stays or goes with."),
                Key(
                    "needs",
                    OneOrMore(s.NEEDED),
                    "Steps without which it makes no sense: it goes when one of them goes.",
                ),
                Key(
                    "sides",
                    s.choice("together", "independent"),
                    "`independent`: each side has a length of its own, and may be left out alone.",
                ),
                *_CONDITIONS,
            ),
            marks=("do", "say", "chime", "pause", "breathe"),
            fields={"for": "length", "every": "every_ms", "under": "under_db", "pace": "pace_wpm"},
        ),
        Kind(
            "event",
            "what is due at a moment",
            "A chime, words, or both; words alone need no mapping.",
            (Key("say", t.SPOKEN, "The words."), *_CHIME),
            fields={"every": "every_ms", "under": "under_db"},
        ),
        Kind(
            "breathe",
            "a breath pattern",
            "Paced breathing in whole rounds.",
            (
                Key("pattern", b.PATTERN, "Seconds of in, hold, out, hold; or a name.", required=True),
                Key(
                    "cue",
                    OneOrMore(b.CUE),
                    "How it is heard; `tone` if not given (or `words` beside `words:`). `[words 3, none]`: one by one.",
                ),
                Key("words", Nested("words"), "Its own words, by phase, instead of the usual ones."),
                Key("rounds", b.ROUNDS, "How many rounds; without it, as many as there is room for."),
                Key("to", b.PATTERN, "The pattern that it glides to, round by round."),
                Key("over", s.OVER, "In how many rounds it gets there; needed with `to`."),
                Key("tempo", s.TEMPO, "How long one count is; 1s if not given."),
                Key("under", s.UNDER, "How far its tones lie under the voice. 12 dB if not given."),
            ),
            fields={"to": "goal", "cue": "cues", "under": "under_db"},
        ),
        Kind(
            "words",
            "the words of a breath",
            "What is said at each phase: words, or a list of such, one after the other from round to round.",
            (
                Key("in", OneOrMore(t.PHASE), "For the in-breath."),
                Key("more", OneOrMore(t.PHASE), "For what is added to the in-breath, as in `3+1.5-0-7.5-0`."),
                Key("hold", OneOrMore(t.PHASE), "For a hold."),
                Key("out", OneOrMore(t.PHASE), "For the out-breath."),
            ),
        ),
        Kind(
            "count",
            "counted strokes",
            "Strokes that the voice counts.",
            (
                Key("strokes", b.STROKE_COUNTS, "How many: a number, or fewest..natural..most.", required=True),
                Key("every", b.BEAT, "Time from one stroke to the next."),
                Key("on", s.choice("out"), "`out`: each stroke starts on the out-breath of the step's pattern."),
                Key("aloud", s.choice(*ALOUD), "Which numbers are spoken. `all` if not given."),
            ),
            fields={"strokes": "counts", "every": "every_ms"},
        ),
        Kind(
            "section",
            "a section",
            "A chapter, perhaps run once for each side.",
            (
                Key("section", s.WORDS, "The title of the chapter.", required=True),
                Key("each", Nested("each", b.ORDER), "`foot`, `hand`: left, then right; `right first`; or a mapping."),
                Key("between", Items(("step",)), "Steps between two sides, such as the change of feet."),
                Key("for", s.RANGE, "Length of the whole section, on each side; without it, what its steps add up to."),
                Key("at", EVENTS, "Words or a chime due at a moment of the section, moved to the nearest gap."),
                Key("bed", Nested("bed", s.LINE), "The sound under this section; `none` for silence."),
                Key("steps", Items(), "The steps, written once.", required=True),
                *_CONDITIONS,
            ),
            marks=("section", "each", "between"),
            fields={"section": "title", "for": "length"},
        ),
        Kind(
            "each",
            "an order of sides",
            "The sides that a section is run for, in order.",
            (
                Key("side", ListOf(s.choice("left", "right"), least=1, unique=True), "The sides, in order."),
                Key("first", s.ID, "The side that comes first: left, right, or a fact about the listener."),
                Key("only", s.ID, "The only side: left, right, or a fact about the listener."),
                Key("share", b.SHARE, "What the first side gets to what the other gets, as in `3 to 1`."),
            ),
            fields={"side": "sides"},
        ),
        Kind(
            "repeat",
            "a repeat",
            "Steps in whole rounds.",
            (
                Key("repeat", b.COUNTS, "How many rounds.", required=True),
                Key("steps", Items(), "The steps of one round.", required=True),
                *_CONDITIONS,
            ),
            marks=("repeat",),
            fields={"repeat": "counts"},
        ),
        Kind(
            "foreach",
            "steps for each of a list",
            "Steps that are written once and come for each entry of a list.",
            (
                Key(
                    "for each of",
                    ListOf(MapOf(s.ID, s.GIVEN, alone="item"), least=1),
                    "The list. An entry is the `{item}` of its steps, or a mapping of several parameters.",
                    required=True,
                ),
                Key(
                    "steps",
                    Items(),
                    "The steps. `{item}` in a text, a title or as a value is the entry.",
                    required=True,
                ),
                *_CONDITIONS,
            ),
            marks=("for each of",),
            fields={"for each of": "entries"},
        ),
        Kind(
            "use",
            "a use of a block",
            "A block, put in here.",
            (
                Key("use", s.BLOCK, "The name of a block, or `other-script#name`.", required=True),
                Key("with", MapOf(s.ID, s.GIVEN), "Values for the block's parameters."),
                *_CONDITIONS,
            ),
            marks=("use",),
            fields={"with": "given"},
        ),
    )
}


def kind_of(items: Items, keys: Set[str]) -> Kind | None:
    """Return the kind of an entry of *items* with these *keys*, if one of them tells it."""
    return next((KINDS[name] for name in items.kinds if keys & set(KINDS[name].marks)), None)
