"""Texts -> phrases: live values put in; what the engine is given (respellings, voices) made from what is written."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import field, replace

from voiceguide.clips import Recording, Utterance
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import Phrase, Words
from voiceguide.script.model import Given, Routine, Text
from voiceguide.script.scalars import Wrong
from voiceguide.script.texts import parse_text
from voiceguide.spoken.language import Language
from voiceguide.spoken.said import spoken


@dataclass(frozen=True)
class Spot:
    """What a text may refer to where it stands: the side, numbers such as the round, and parameters.

    It is spoken *to* somebody, at *pace_wpm* if not at that of the voice.
    """

    side: str | None = None
    other: str | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)
    to: str = "self"
    pace_wpm: int | None = None


ANYWHERE = Spot()


class Speaking:
    """Resolves the texts of one session, *total_ms* long."""

    def __init__(
        self, routine: Routine, words: Language, facts: Mapping[str, str], days: Mapping[str, int], total_ms: int
    ) -> None:
        self.routine = routine
        self.words = words
        self.facts = facts
        self.days = days
        self.total_ms = total_ms
        self.said: set[str] = set()
        """The live values that were asked for."""

    def phrase(self, name: str, text: Text, spot: Spot, start_ms: int) -> Phrase:
        """Return *text* as it is spoken at *spot*, *start_ms* into the session."""
        parts: list[Words | int] = []
        written = ""
        for part in (*text.parts, 0):
            if isinstance(part, int):
                words = self.say(written, spot)
                if not isinstance(words.clip, Utterance) or words.clip.sentences:
                    parts.append(words)
                if part:
                    parts.append(part)
                written = ""
            else:
                written += part if isinstance(part, str) else self._value(part.name, spot, start_ms, written)
        return Phrase(tuple(parts), name, text.span)

    def recorded(self, phrase: Phrase, name: str) -> Phrase:
        """Return *phrase* as it is heard from the recording *name*: one clip, its silences within it."""
        written = " ".join(part.written for part in phrase.parts if isinstance(part, Words))
        return replace(phrase, parts=(Words(Recording(name), written),))

    def say(self, written: str, spot: Spot = ANYWHERE) -> Words:
        """Return what the engine is given for *written*, in the voice and at the pace of *spot*."""
        lower = written.lower()
        respelt = tuple((word, said) for word, said in self.routine.pronounce.items() if word.lower() in lower)
        sentences = spoken(written, self.routine.language, respelt).sentences
        speaker = self.routine.voices.get(spot.to)
        pace = spot.pace_wpm or (speaker and speaker.pace_wpm) or self.routine.pace_wpm
        utterance = Utterance(sentences, self.routine.language, pace, spot.to if speaker else "")
        return Words(utterance, " ".join(written.split()))

    def pacing(self, phases: Set[str], cues: Set[str], strokes: int) -> dict[str, Words]:
        """Return what spoken pacing needs: the usual words of *phases* of a breath, and the numbers of counts."""
        made = {name: text for name, text in self.words.phases.items() if name in phases}
        most = max(20 if "count" in cues else 0, strokes)
        made |= {str(number): f"{self.words.count(number, None, '', '')}." for number in range(1, most + 1)}
        return {name: self.say(text) for name, text in made.items()}

    def _value(self, name: str, spot: Spot, start_ms: int, before: str) -> str:
        """Return what is said for the live value *name* behind the words *before*."""
        self.said.add(name)
        if name in spot.given:
            return self._given(spot.given[name], spot, start_ms, before)
        if name in ("side", "other"):
            side = spot.side if name == "side" else spot.other
            return self._answer(side or "left")
        times = {"remaining": self.total_ms - start_ms, "elapsed": start_ms, "total": self.total_ms}
        if name in times:
            return self.words.duration(times[name], before)
        numbers = {**self.days, **spot.numbers}
        if name in numbers and name not in self.routine.listener:
            return self.words.count(numbers[name], None, before, "")
        return self._answer(self.facts.get(name, ""))

    def _answer(self, answer: str) -> str:
        return self.words.answers.get(answer, answer)

    def _given(self, given: Given, spot: Spot, start_ms: int, before: str) -> str:
        parts = parse_text(given.text)
        if isinstance(parts, Wrong):
            return given.text
        outside = replace(spot, given={})
        made = ""
        for part in parts:
            if not isinstance(part, int):
                made += part if isinstance(part, str) else self._value(part.name, outside, start_ms, before + made)
        return made
