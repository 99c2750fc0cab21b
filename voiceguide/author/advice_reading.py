"""Routine -> warnings about what is read aloud in one of several ways, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.author.flow import locate, own_items, texts
from voiceguide.diagnostics import Diagnostic, problem, write
from voiceguide.script.model import Routine, Section, Step, Text
from voiceguide.spoken.said import spoken


def lint_reading(routine: Routine) -> Iterator[Diagnostic]:
    """Yield a warning for all that the texts of *routine* itself leave open for whoever reads them."""
    for text in _own_texts(routine):
        written = "".join(part if isinstance(part, str) else " x " for part in text.parts)
        for token, said in spoken(written, routine.language).doubts:
            if token not in routine.pronounce:
                found = f"`{token}`, which is said `{said}`" if said else f"`{token}`, which is not said"
                fix = write(said) if said else "write it in words"
                place, expected = locate(text.span, token), "words that are read in one way only"
                yield problem("read-aloud", place, fix, expected=expected, found=found)


def _own_texts(routine: Routine) -> Iterator[Text]:
    events = list(routine.announce)
    for item in own_items(routine):
        if isinstance(item, Section):
            events += item.at
        elif isinstance(item, Step):
            yield from texts(item)
    yield from (event.say for event in events)
