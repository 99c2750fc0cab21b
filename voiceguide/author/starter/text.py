"""A template and the values of its slots -> the text of a script.

A template is a script in YAML, in which `$slot` stands for a value; free text stands in double quotes. A line whose
slot has no value goes. `# [chimes] ...` says when the rest of its paragraph stays; `[step]` paragraphs are taken in
turn for each step, the first one only for the first step.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, chain, count
from string import Template

from voiceguide.script.build import slug

Values = Mapping[str, str | None]

MARK = re.compile(r"^( *# )\[([a-z ]+)\] ", re.MULTILINE)
NAMED = re.compile(r"^ *- (?:do|name): (\S+)", re.MULTILINE)
NOTED = re.compile(r"^( *(?:language|family|length|voice|bed|each|optional): .*?) +# ", re.MULTILINE)
NOTE_COLUMN = 40
"""Comments behind short values stand here."""
SMALL_WORDS = frozenset(["a", "an", "and", "both", "each", "from", "in", "of", "on", "the", "to", "with", "your"])
LONGEST_ID = 24
"""Ids of steps leave small words out, and are not longer."""


def clean(text: str) -> str:
    """Return *text* in one line, without what no script can hold: control characters and halves of characters."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())


def spoken(name: str) -> str:
    """Return *name* as it can stand inside a sentence, empty if there is nothing to be spoken in it."""
    plain = " ".join(re.sub(r"[\[\]{}]", " ", clean(name)).split()).strip(" .:;,!?-\u2013\u2014")
    return plain if any(c.isalnum() for c in plain) else ""


def quoted(text: str) -> str:
    """Return *text* as it stands between double quotes in YAML."""
    import yaml

    return str(yaml.dump(text, default_style='"', width=float("inf"), allow_unicode=True)).strip()[1:-1]


def short_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return an id for each of *names*: its first words in plain letters, no id twice and none that is *taken*."""
    made: list[str] = []
    for number, name in enumerate(names, 1):
        plain = unicodedata.normalize("NFKD", clean(name).casefold()).encode("ascii", "ignore").decode()
        words = slug(plain.replace("_", " ")).split("-")
        telling = [word for word in words if word not in SMALL_WORDS] or words
        lengths = accumulate(len(word) + 1 for word in telling)
        kept = (word for word, length in zip(telling, lengths, strict=True) if length <= LONGEST_ID)
        base = "-".join(kept) or telling[0][:LONGEST_ID] or f"step-{number}"
        used = {*taken, *made}
        made.append(next(i for i in chain([base], (f"{base}-{n}" for n in count(2))) if i not in used))
    return made


def fill(
    template: str, flags: Collection[str], values: Values, steps: Sequence[Values], times: Mapping[str, Values]
) -> str:
    """Return *template* with its slots filled: from *values*, in step paragraphs also from one of *steps*.

    *times* are the values that belong to a step, by its id.
    """
    made: list[str] = []
    paragraphs = template.split("\n\n")
    patterns = [text for text in paragraphs if "# [step] " in text]
    for text in paragraphs:
        if text not in patterns:
            made.append(_filled(text, flags, values, times))
        elif text == patterns[0]:
            cycle = [patterns[0], *(patterns[1 + n % (len(patterns) - 1)] for n in range(len(steps) - 1))]
            made += [_filled(p, flags, {**values, **step}, times) for p, step in zip(cycle, steps, strict=True)]
    return NOTED.sub(lambda found: f"{found[1]:<{NOTE_COLUMN}}# ", "\n\n".join(text for text in made if text)) + "\n"


def _filled(text: str, flags: Collection[str], values: Values, times: Mapping[str, Values]) -> str:
    first, *marked = MARK.split(text)
    kept = first + "".join(
        indent + rest for indent, flag, rest in zip(*(marked[n::3] for n in range(3)), strict=True) if flag in flags
    )
    named = NAMED.search(kept)
    name = str(values.get("id")) if named and "$id" in named[1] else named[1] if named else ""
    values = {**values, **times.get(name, {})}
    lines = [line for line in kept.rstrip().split("\n") if not _lacks(line, values)]
    return Template("\n".join(lines)).substitute(values)


def _lacks(line: str, values: Values) -> bool:
    return any(values[slot] is None for slot in Template(line).get_identifiers())
