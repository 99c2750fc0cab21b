"""The bundled espeak-ng's files: where they are and which voices they hold, found without loading the library."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from voiceguide.speech.engine import Voice

DEFAULT = "en-gb"
_LEAST_FITTING = 99


def data_folder() -> Path | None:
    """Return the folder of the bundled data, or None if it is not installed."""
    spec = find_spec("espeakng_loader")
    folder = Path(spec.origin).with_name("espeak-ng-data") if spec and spec.origin else None
    return folder if folder and folder.is_dir() else None


@cache
def catalogue() -> dict[str, tuple[Voice, str]]:
    """Return every voice by its id, with the name of its file, as in `gmw/en`; the default first, then by language.

    A file names its languages from the closest to the remotest, with a number where it is not the best for one:
    the best voice of a language comes before its regional ones.
    """
    data = data_folder()
    folder = data / "lang" if data else Path()
    found: list[tuple[int, str, Voice, str]] = []
    for path in filter(Path.is_file, folder.rglob("*") if data else ()):
        lines = [line.split() for line in re.sub("//.*", "", path.read_text("utf-8")).splitlines() if line.strip()]
        title = next((" ".join(words[1:]) for words in lines if words[0] == "name"), path.name)
        tags = [words[1].lower() for words in lines if words[0] == "language"]
        ranks = [int(words[2]) if len(words) > 2 else 0 for words in lines if words[0] == "language"]
        plain = tags[0].split("-")[0]
        rank = ranks[tags.index(plain)] if plain in tags else _LEAST_FITTING
        voice = Voice(tags[0], title, bcp47(tags[0]), "GPL-3.0-or-later")
        found.append((rank if voice.id != DEFAULT else -1, plain, voice, path.relative_to(folder).as_posix()))
    found.sort(key=lambda entry: (entry[0] >= 0, entry[1], entry[0], entry[2].id))
    voices: dict[str, tuple[Voice, str]] = {}
    for _, _, voice, file in found:
        voices.setdefault(voice.id, (voice, file))
    return voices


@cache
def variants() -> frozenset[str]:
    """Return the names of the variants that may follow a voice after a `+`."""
    folder = data_folder()
    return frozenset(path.name for path in (folder / "voices" / "!v").iterdir()) if folder else frozenset()


def bcp47(tag: str) -> str:
    """Return a language tag as it is written: `en-gb` and `en_GB` are en-GB, `en-gb-x-rp` is en-GB-x-rp."""
    language, *rest = tag.replace("_", "-").split("-", 2)
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest[:1]), *rest[1:]])
