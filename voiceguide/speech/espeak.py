"""espeak: the bundled espeak-ng, small, quick and the same every time; nothing has to be installed by hand."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from voiceguide.diagnostics import VoiceguideError
from voiceguide.entries import version
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Helper = subprocess.Popen[bytes]

NOMINAL = 0.85
"""espeak's words a minute for one word a minute of articulation: it counts the pauses after sentences, which are
trimmed here. Measured over the 123 sentences of the bundled scripts: 125 gave 147, 150 gave 176."""
SLOWEST, FASTEST = 80, 450
"""The words a minute that espeak-ng accepts."""
OTHERS = ("+f3", "+m3", "+f2", "+m5", "")
"""Variants for other voices than the main one: there are never more speakers than these."""
INSTALL = "pip install --force-reinstall espeakng-loader"
APART: Mapping[str, Any] = MappingProxyType(
    {"start_new_session": os.name == "posix", "creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
)
"""How helper processes start: Ctrl-C is for the player, and must not end one in mid-sentence; no window opens."""
SERVER = Path(__file__).with_name("espeak_server.py")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
"""NUL ends a text and the other control characters are commands to espeak: none of them is anything to say."""


class EspeakEngine(Engine):
    """espeak-ng in helper processes, one for each thread that speaks at the same time (see `espeak_server`)."""

    name = "espeak"
    title = "eSpeak NG (bundled)"
    rank = 10
    deterministic = True

    def __init__(self) -> None:
        self._idle: deque[Helper] = deque()
        weakref.finalize(self, _stop_all, self._idle)

    def status(self) -> Status:
        """Tell whether the bundled library and its data are there, without loading them."""
        return Status("ready") if data_folder() else Status("missing-library", INSTALL)

    def voices(self) -> tuple[Voice, ...]:
        """List espeak's voices, American English first. Each also takes a variant, as in `en-gb+f3`."""
        return tuple(voice for voice, _ in catalogue().values())

    def pick_voice(self, wanted: str, language: str) -> str:
        """Return the id of a voice as `Engine.pick_voice` does; *wanted* may name a variant after a `+`."""
        base, plus, variant = wanted.partition("+")
        chosen = super().pick_voice(base, language)
        if plus and variant not in variants():
            raise VoiceguideError(f"espeak has no variant {variant!r}", hint="it has, among others: f1 to f5, m1 to m8")
        return chosen + plus + variant

    def other_voice(self, taken: Collection[str], language: str) -> str:
        """Return a variant of the main voice: they are there in every language, and as well understood as others."""
        base = next(iter(taken)).partition("+")[0]
        return next(one for one in (f"{base}{variant}" for variant in OTHERS) if one not in taken)

    def fingerprint(self, voice: str) -> str:
        """Return the version of the bundled library, the voice and the settings."""
        from voiceguide.speech.espeak_server import PITCH, RANGE

        return f"espeakng-loader {version('espeakng-loader')} {voice} pitch {PITCH} range {RANGE} nominal {NOMINAL}"

    def close(self) -> None:
        """End the helpers that are not speaking now."""
        _stop_all(self._idle)

    def _speak(self, sentence: str, voice: str, pace_wpm: int) -> tuple[NDArray[np.float32], int]:
        import numpy as np

        from voiceguide.speech.espeak_server import RATE, REQUEST

        base, plus, variant = self.pick_voice(voice, "").partition("+")
        file = (catalogue()[base][1] + plus + variant).encode()
        text = _CONTROL.sub(" ", sentence).encode()
        wpm = min(max(round(pace_wpm * NOMINAL), SLOWEST), FASTEST)
        request = REQUEST.pack(len(file), len(text), wpm) + file + text
        # A helper may have been killed since it last spoke, so a new one may try once more.
        sound = self._ask(request) or self._ask(request)
        if sound is None:
            raise VoiceguideError("the espeak-ng helper process does not answer", hint=INSTALL)
        if not sound:
            raise VoiceguideError(f"espeak has nothing to say for {sentence!r} with the voice {voice}")
        return np.frombuffer(sound, "<i2").astype(np.float32) * np.float32(1 / 32768), RATE

    def _ask(self, request: bytes) -> bytes | None:
        """Return the sound that a helper makes of *request*: none if it cannot, None if the helper is lost."""
        from voiceguide.speech.espeak_server import FORKS

        try:
            helper = self._idle.pop()
        except IndexError:
            helper = _start()
        sound = _exchange(helper, request)
        if sound is None or not FORKS:
            _stop(helper)
        else:
            self._idle.append(helper)
        return sound


def _start() -> Helper:
    import espeakng_loader

    command = [sys.executable, "-I", "-S", str(SERVER), espeakng_loader.get_library_path(), str(data_folder())]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **APART,
    )


def _exchange(helper: Helper, request: bytes) -> bytes | None:
    from voiceguide.speech.espeak_server import REPLY

    assert helper.stdin is not None
    assert helper.stdout is not None
    try:
        helper.stdin.write(request)
        helper.stdin.flush()
        (size,) = REPLY.unpack(helper.stdout.read(REPLY.size))
        sound = helper.stdout.read(max(size, 0))
    except (OSError, struct.error):
        return None
    return sound if len(sound) == max(size, 0) else None


def _stop(helper: Helper) -> None:
    helper.kill()
    with suppress(OSError), helper:  # closes the pipes, the broken ones too, and waits
        pass


def _stop_all(helpers: deque[Helper]) -> None:
    while helpers:
        _stop(helpers.pop())


DEFAULT = "en-us"
"""Better understood than en-gb: a recogniser (Whisper tiny.en) misheard 6.4 % of its words and 12.7 % of en-gb's."""
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
