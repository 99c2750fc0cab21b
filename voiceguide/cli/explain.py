"""explain: what a code, a key or a live value means."""

from __future__ import annotations

from typing import Annotated

import typer

from voiceguide.terminal import echo

LIKENESS = 0.65
"""How alike a word must be to what `explain` takes it for: among so many codes, nonsense is a little like one."""


def explain(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A code of a message, a key, or a live value of texts.")],
) -> None:
    """Explain a code of a message, a key of the language, or a live value of texts."""
    from textwrap import fill

    from voiceguide.author.schema import describe_type
    from voiceguide.codes import CODES
    from voiceguide.diagnostics import UsageError
    from voiceguide.library.sounds import all_sounds
    from voiceguide.script.grammar import KINDS
    from voiceguide.script.names import LIVE_VALUES
    from voiceguide.script.scalars import near

    word = word.strip("{}")
    keys = [(kind, key) for kind in KINDS.values() for key in kind.keys]
    homes = [(kind.title, key) for kind, key in keys if key.name == word]
    told = [f"{word}, in {title}: {key.doc}\n  takes {describe_type(key.type)}" for title, key in homes]
    named = [sound.name for sound in all_sounds().values() if word in sound.kinds]
    if named:
        told.append(f"there are: {', '.join(sorted(named))}; files in your sounds folder may be named too")
    if word in LIVE_VALUES:
        told.append(f"{{{word}}} in a text: {LIVE_VALUES[word]}")
    if word in CODES:
        code = CODES[word]
        told.append(f"{code.severity}[{word}]\n\n{fill(code.explanation, 88)}")
    if not told:
        likely = near(word, [*CODES, *(key.name for _, key in keys), *LIVE_VALUES], LIKENESS)
        hint = f"did you mean `{likely}`?" if likely else ""
        raise UsageError(f"there is no code, key or live value {word!r}", hint=hint)
    echo("\n\n".join(told))
