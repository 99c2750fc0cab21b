"""explain: what a word of the language, or a code of a message, means."""

from __future__ import annotations

from typing import Annotated

import typer

from voiceguide.terminal import echo


def explain(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A code of a message, or a word of the language.")],
) -> None:
    """Explain a code of a message, or a word of the language: a key, a value, a live value."""
    from voiceguide.author.meanings import meanings, meant_by
    from voiceguide.diagnostics import UsageError
    from voiceguide.library.sounds import all_sounds

    braces, word = word.startswith("{"), word.strip("{}")
    sounds = all_sounds().values()
    told = [meaning for meaning in meanings(word) if not braces or meaning.startswith("{")]
    if named := sorted(sound.name for sound in sounds if word in sound.kinds and not braces):
        told.append(f"there are: {', '.join(named)}; files in your sounds folder may be named too")
    told += [f"{word}, the name of a sound: {' and '.join(s.kinds)}" for s in sounds if s.name == word]
    if not told:
        likely = meant_by(word)
        hint = f"did you mean `{likely}`?" if likely else ""
        raise UsageError(f"there is no code and no word of the language {word!r}", hint=hint)
    echo("\n\n".join(told))
