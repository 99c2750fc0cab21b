"""The table of codes: everything voiceguide can say against a script, in one place.

Each row gives the severity and the explanation that `voiceguide explain CODE` prints and docs/codes.md repeats. What
was expected and what was found is said by whoever makes a diagnostic, in the same two words for all of them.
"""

from __future__ import annotations

from typing import Literal

import voiceguide.limits as limits
from voiceguide.nouns import dataclass


@dataclass(frozen=True)
class Code:
    """One kind of problem."""

    severity: Literal["error", "warning"]
    explanation: str


def _error(explanation: str) -> Code:
    return Code("error", " ".join(explanation.split()))


def _warning(explanation: str) -> Code:
    return Code("warning", " ".join(explanation.split()))


_TEXT: dict[str, Code] = {
    "not-utf-8": _error(
        """A script is UTF-8 text. This file has bytes that are not. Save it again as UTF-8 in your editor.""",
    ),
    "yaml": _error(
        """The file is not well-formed YAML, so nothing after this place can be trusted. The usual causes are a tab
        used for indentation, a quotation mark that is not closed, a bracket that is not closed, and a text that holds
        a colon followed by a space and so must stand in quotation marks.""",
    ),
    "invisible": _error(
        """A character that can be neither seen nor spoken: a control character, an escape such as `\\e`, a mark that
        turns words round, or one that a web page or a word processor has left. Joiners in emoji and in Persian, and
        marks for reading beside Hebrew or Arabic, are right. `check --fix` takes the others away.""",
    ),
    "lookalike": _error(
        """Something stands here that only looks like a sign of the language, or belongs to another format: a space that
        does not break, a tab, a full-width colon, a dash or a bullet instead of `-`, letters of another alphabet, curly
        quotation marks, a Markdown fence, no space after a colon. `check --fix` types what is meant.""",
    ),
    "empty": _error("""A script is a mapping that starts with `routine:` and the title. This file is empty."""),
    "too-deep": _error(
        """Lists and mappings are nested deeper than any routine needs. A bracket is probably left open."""
    ),
    "several-documents": _error(
        """One file holds one routine. A line with `---` starts a second document; put it into a file of its own.""",
    ),
    "anchor": _error(
        """YAML anchors (`&name`) and aliases (`*name`) are refused: what is written twice should be a block with a
        name, under `blocks:`, taken with `use:`. A text that starts with `&` or `*` must stand in quotation marks.""",
    ),
    "yaml-tag": _error(
        """YAML tags (`!name`) are refused: the language gives every key its own type. A text that starts with `!` must
        stand in quotation marks.""",
    ),
}
_SHAPES: dict[str, Code] = {
    "comma": _error(
        """Between braces, a comma ends a value: of `{say: Sit down, and rest.}` YAML makes a text `Sit down` and a key
        `and rest.` without a value. Put a text with a comma in quotation marks, or write the step in lines of its
        own, where commas do no harm.""",
    ),
    "duplicate-key": _error(
        """The same key stands twice in one mapping, so one of the two would be lost. Keep one of them."""
    ),
    "unknown-key": _error(
        """This key has no meaning here. Often it is a slip of the pen, or it stands one level too deep or too high.
        docs/language.md lists the keys of every part of a script.""",
    ),
    "missing-key": _error("""A key that this part of a script cannot do without is not there."""),
    "wrong-shape": _error(
        """A text stands where a list or a mapping belongs, or the other way round. Lists are written with `- ` at the
        start of each line or as `[a, b]`, mappings as `key: value` lines or as `{key: value}`.""",
    ),
    "empty-value": _error("""The key is there, but nothing follows it. Fill it in or take the key away."""),
    "not-a-step": _error(
        """Each entry under `steps:` is a step (it has `do`, `say`, `chime`, `pause` or `breathe`), a `section`, a
        `repeat` or a `use`. This entry is none of them.""",
    ),
    "keys-clash": _error("""Two keys contradict each other in one step. Keep the one you mean."""),
}
_VALUES: dict[str, Code] = {
    "missing-unit": _error(
        """Times, levels and rates are always written with their unit, so that nobody has to guess: `8s`, `1m30s`,
        `1:30`, `12m`, `1h`, `24 dB`, `125 wpm`.""",
    ),
    "duration": _error(
        """A duration is written `8s`, `90s`, `1m30s`, `1:30`, `12m`, `1h` or with decimals, `5.5s`. Nothing finer than
        a millisecond, nothing longer than a day.""",
    ),
    "range": _error(
        """A range is `shortest..natural..longest`, each with its unit and none shorter than the one before it, as in
        `35s..60s..100s`. One value alone is rigid: it never stretches.""",
    ),
    "count": _error(
        """`repeat:` takes whole rounds: a number (`3`), a range (`2..4..7`), or `until 30s left`, which fills the time
        up to that long before the end.""",
    ),
    "number": _error("""A whole number within the bounds that the message names belongs here."""),
    "choice": _error("""Only one of the listed words belongs here."""),
    "id": _error(
        """Ids and short names are lower-case letters, digits and hyphens, and start with a letter or a digit.""",
    ),
    "language": _error("""The language is a BCP 47 tag: `en`, `en-GB`, `de`, `pt-BR`."""),
    "level": _error(
        f"""How far the bed lies under the measured speech, in dB: `24 dB`. Less than {limits.BED_LEVEL.low} dB would
        make speech hard to follow for many listeners (WCAG 1.4.7), more than {limits.BED_LEVEL.high} dB cannot be
        heard.""",
    ),
    "pace": _error(f"""The speech rate inside sentences, in words a minute: `125 wpm`, {limits.PACE}."""),
    "breath-pattern": _error(
        """A breath pattern gives seconds for in, hold, out and hold: `5-0-5-0`, `5.5-0-5.5-0`; or it is one of the
        names even, box, 4-7-8, resonance, sigh, night.""",
    ),
    "cue-rounds": _error(
        """Breath cues that follow one another say how many rounds each lasts: `[words 3, tone 8, none]`. Only the last
        one can go on to the end.""",
    ),
    "strokes": _error(
        f"""Counted strokes are written `6 every 4s`, `4..6..10 every 4s`, or `6 on out` where a breath pattern leads;
        in the long form, with `strokes:` and either `every:` or `on:`. At most {limits.STROKES.high} of them.""",
    ),
    "share": _error("""What the first side gets to what the other gets, as in `3 to 1`; each from 1 to 9."""),
    "tempo": _error(f"""How long one count of a breath pattern is: {limits.TEMPO.quoted}."""),
    "chime-level": _error(
        f"""How far a chime or a breath tone lies under the voice, in dB: {limits.CHIME_LEVEL.quoted}."""
    ),
    "file-name": _error(
        """A recording lies in the folder of the script, or in your sounds folder. It is named with its ending and
        without a folder, as in `welcome.flac`, so that no path can lead elsewhere.""",
    ),
    "moment": _error(
        """A moment is `half`, a share (`60%`), a time from the start (`30s`) or before the end (`-10s`). Under
        `announce:` it may also come again and again: `every 5m`, not more often than once a minute.""",
    ),
    "condition": _error(
        """A condition names a fact of `listener:`: `pregnant`, `not pregnant`, or `affected is left`. Every script may
        also ask `returning`, `touch is lighter`, `day is 3..5`, and inside a section with `each:` `side is left`.""",
    ),
    "swallowed": _error(
        """In YAML a `#` behind a space begins a comment, so the end of this text would be neither said nor shown. Put
        the text in quotation marks. A comment has two spaces before its `#`, or stands behind the end of a sentence,
        and a space behind it.""",
    ),
    "nothing-to-say": _error(
        """There is no letter and no number in this text, so no voice can say anything. A silence is a step with
        `pause:`, or `[3s]` between words; inside a sentence, dots are a pause.""",
    ),
    "no-words": _error(
        """This needs words that voiceguide puts into the text: a side, a number, a time, or the words for a breath. It
        has them in English and German. In other languages write a text for each side
        (`say: {left: ..., right: ...}`), and the numbers themselves.""",
    ),
    "side-ending": _error(
        """In German `{side}` and `{other}` are the stem of a word, `link` or `recht`. The text gives it the ending that
        its sentence needs: `den {side}en Fuß`, `die {side}e Hand`, `nach {side}s`.""",
    ),
    "text-mark": _error(
        """Inside spoken text, `[2s]` is an exact silence and `{side}` a live value. Other uses of these brackets would
        be read aloud or swallowed, so they are refused.""",
    ),
}
_MEANING: dict[str, Code] = {
    "length-over-cap": _error(
        f"""Every family of massage routines has a hard cap, for health's sake: {limits.caps_told()}. A cap counts
        from the first chime to the last tail and covers both feet.""",
    ),
    "pressure-too-high": _error(
        f"""Pressure is a scale from 0 to 10, and no routine asks for more than {limits.PRESSURE.high}:
        lighter is always right."""
    ),
    "unknown-block": _error(
        """`use:` names a block of this script (`settle`) or of another one (`whole-foot#settle`)."""
    ),
    "block-loop": _error("""A block uses itself, directly or through others, so it would never end."""),
    "parameter": _error(
        """A block with `with:` leaves values open. A use gives them under `with:`; those that the block calls `needed`
        must be given, and no others can be. A parameter is not called like a live value or a fact.""",
    ),
    "nested-length": _error(
        """A section with a length of its own is fitted as a whole, so it stands among the steps of the routine: not in
        another one with a length, in a repeat or in a block.""",
    ),
    "unknown-side": _error(
        """A side is left, right, or a fact of `listener:` whose answers are left, right and perhaps both, as in
        `affected: {one of: [left, right, both]}`.""",
    ),
    "unknown-step": _error("""`needs:` names the `do:` or `name:` of another step of the script."""),
    "unknown-recording": _error(
        """`recorded:` names a sound file in the folder of the script or in your sounds folder."""
    ),
    "unknown-sound": _error("""An entry of `sounds.yaml` names a sound file in the same folder."""),
    "sounds-file": _warning(
        """Your `sounds.yaml` holds a mistake. The sounds that it concerns cannot be used until it is mended; all else
        works. `voiceguide check` on that file says the same, as an error.""",
    ),
    "bad-sound": _error(
        """The sound file is there, and cannot be used: it is empty, breaks off, holds what is no sound, is silent, far
        too long or too short, or of a format that is not read; or its entry in `sounds.yaml` is wrong. The message
        says which, and how to mend or convert it. docs/sound.md lists the formats and limits.""",
    ),
    "unknown-group": _error("""`group:` names one of the script's `groups:`."""),
    "group-rule": _error(
        """A group is `together` (all of it stays or goes) or `keep 2` (never fewer than two of it)."""
    ),
    "unknown-fact": _error("""Conditions and texts may use the facts that `listener:` declares, and no others."""),
    "unknown-value": _error(
        """Live values in texts are {side}, {other}, {remaining}, {elapsed}, {total}, {round}, {rounds}, {day}, {days},
        {pressure} and the facts of `listener:`.""",
    ),
    "value-out-of-place": _error(
        """{side} and {other} mean something only inside a section with `each:`, {round} and {rounds} only inside a
        `repeat:`, {pressure} only in a step that has a `pressure:`.""",
    ),
    "unknown-chime": _error("""`chime:` names one of the bundled chimes or a sound file in your sounds folder."""),
    "unknown-bed": _error("""`bed:` names one of the bundled beds, a sound file in your sounds folder, or `none`."""),
    "no-round": _warning(
        """`repeat: until ... left` fills the time with whole rounds. Here there is not room for one, so there is none,
        and silence stands in its place. Lengthen the section or the session, or shorten the round.""",
    ),
    "no-gap": _warning(
        """What is due at a moment, words or a chime, goes into a silence near it: never into words, a chime or a round
        of breathing, nor, of the whole session, into the last 20 seconds. Here there is none that is long enough, so
        it is left away.""",
    ),
    "chime-softer": _warning(
        """A chime is struck so fast that its strikes would add up to a higher peak than a session may have. So all of
        them sound softer than the script says. Strike it less often, or give it more `under:`.""",
    ),
    "no-effect": _warning("""The key is understood, but changes nothing where it stands."""),
    "too-many-steps": _error(
        """Repeats inside repeats, lists inside lists, or blocks that use blocks, unroll to more steps than any session
        has. Lower the counts.""",
    ),
    "chime-too-long": _error(
        """A chime sounds to the end of its tail, however often it is struck, and a session never grows for it. This one
        is longer than the `for:` of its step allows.""",
    ),
    "section-too-short": _error(
        """The steps of a section with a length of its own do not fit it: at their shortest they are longer, or at their
        longest they are shorter, than its `for:` allows.""",
    ),
    "speech-too-long": _error(
        """Speech is never cut, sped up or overlapped. The words of this step and the quiet that hands at work need
        (6s unless `quiet:` says otherwise) are longer than its `for:` allows. Lengthen the range, shorten the text,
        give a shorter `brief:`, or lessen `quiet:`.""",
    ),
}
_ADVICE: dict[str, Code] = {
    "no-stop-rule": _warning(
        """Before hands begin to massage, listeners must have been told to stop at sharp pain, numbness, tingling or
        dizziness; before paced breathing, to breathe normally when dizzy, tingling or short of air. It belongs into a
        step that is never left out, and into every wording of it: some listeners only ever hear `brief:`.""",
    ),
    "no-opening": _warning(
        """A session that begins in silence leaves its listener wondering whether it has begun. Start with a chime or a
        word of welcome.""",
    ),
    "no-closing": _warning(
        """After the last work somebody with closed eyes waits for a sign that it is over: last words, a chime, or
        words shortly before the end of the last step. Sessions for falling asleep leave it out: those that `fade:` or
        have the tag `night`.""",
    ),
    "no-hand-wash": _warning(
        """Where hands have worked, the last words tell to wipe the feet (oil is slippery) and to wash the hands, in
        every wording of a step that is never left out.""",
    ),
    "side-named": _warning(
        """Inside a section with `each:` every text is heard for one side after the other, in an order that may change.
        Write `{side}` or `{other}` where you mean the side that is being worked.""",
    ),
    "unbalanced-sides": _warning(
        """Steps outside a section with `each:` work one foot more often than the other. Families that may do so are
        rehab and heel-course.""",
    ),
    "unknown-tag": _warning(
        """Screening works on a fixed list of tags, such as firm, points, prone or hold. It looks past all others, so a
        slip of the pen would let a step through that somebody should not have.""",
    ),
    "hold-with-hands": _warning(
        """Holding the breath while pressing raises effort and blood pressure. In a step with hands choose a pattern
        without holds, or write a light pressure: 3 or less.""",
    ),
    "claim": _warning(
        """Spoken and shown words promise no effect on health: no cure, healing, treatment, remedy, detox, diagnosis or
        guarantee, and no end of pain in so many days. Rules for advertising and for devices forbid it, and a
        disclaimer does not repair it. Say what is felt instead. Questions under `listener:` are free.""",
    ),
    "disease": _warning(
        """Naming a disease or condition in spoken or shown words implies that it is treated. It belongs into questions
        (`ask:` under `listener:`), which are not looked at here.""",
    ),
    "organ": _warning(
        """Routines of the families reflex and points name no organs: that a place on the foot acts on one is not
        shown. Name the place on the foot.""",
    ),
    "thumb-of-foot": _warning(
        """A foot has a big toe; a thumb is part of a hand. Listeners who hear of the thumb of a foot look at the wrong
        end.""",
    ),
    "bed-loud": _warning(
        f"""A bed {limits.BED_LEVEL.low} dB under the voice is the least that is allowed;
        24 dB leaves words clear for listeners who do not
        hear well.""",
    ),
    "impossible-range": _warning(
        """`length:` offers a length that the steps cannot be brought to, even with every optional step left out or
        every silence at its longest. Speech is estimated at half a second a word, so a real voice differs a little.""",
    ),
    "little-room": _warning(
        """The words fit as `check` estimates them, at half a second each, but not in the mouth of a slow voice, which
        needs 0.63 s at 125 words a minute, and more at a slower `pace:`. Give the step more room, or let it be as long
        as its words and a `quiet:`. With `--engine espeak`, `check` speaks, and tells exactly.""",
    ),
    "impossible-answer": _warning(
        """A listener may answer a question otherwise than the script assumes, or come on another day, and then a length
        that `length:` offers cannot be had: steps are gone whose time nothing can take, or others have come. The
        default length and both ends are tried with each other answer, and with each two of them.""",
    ),
    "default-too-short": _warning(
        """At the default length, which most listeners take, some steps have no room and are left out. Perhaps they are
        only meant for longer sessions; otherwise the default is shorter than the natural lengths of the steps add up
        to.""",
    ),
    "long-silence": _warning(
        """At the default length nothing but the bed is heard for much more than 45 s, and the bed can be turned off.
        Listeners whose hands are busy think that it has stopped. A word, a chime or a breath cue is sign enough. As
        speech is estimated, the warning comes from 50 s on. Scripts in which no step has `do:`, and those of the family
        `other`, are let be.""",
    ),
    "read-aloud": _warning(
        """This is said as it is shown here, and other readers would say it in another way; or it is a sign that nobody
        can say, which is left out. Write it in the words that are to be heard.""",
    ),
    "longer-brief": _warning(
        """`brief:` is the shorter wording of `say:`, and `minimal:` the shortest. They are taken when there is little
        time, so they must not have more words. Where wordings depend on conditions, those are compared that one
        listener may hear.""",
    ),
    "allow-reason": _warning(
        """`# allow CODE: reason` silences a warning where it stands, on its line or alone on the line above. The
        reason is for whoever reads the script next.""",
    ),
    "allow-unknown": _warning(
        """`# allow CODE: reason` names the codes of warnings, several with commas between. Errors stay."""
    ),
    "allow-unused": _warning(
        """This comment allows a warning that is not given there: it has been mended, or stands in another line.""",
    ),
}

SUBJECTS = {
    "The text itself": _TEXT,
    "Keys and shapes": _SHAPES,
    "Single values": _VALUES,
    "What things mean together": _MEANING,
    "Advice": _ADVICE,
}
"""The codes by subject, in the order in which a script is read."""

CODES = {name: code for codes in SUBJECTS.values() for name, code in codes.items()}
