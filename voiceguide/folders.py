"""Where things lie: the user's folders first, then what came with the program."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent


def bundled(kind: str) -> Path:
    """Return the folder of bundled `scripts` or `sounds`: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / kind
    return inside if inside.is_dir() else PACKAGE.parent / kind


def users(kind: str) -> Path:
    """Return the user's own folder of `scripts`, `sounds` or `voices` (it may not exist)."""
    home = os.environ.get("VOICEGUIDE_HOME")
    return (Path(home) if home else platformdirs.user_data_path("voiceguide", appauthor=False)) / kind


def cache_folder() -> Path:
    """Return the folder of the clip cache: `VOICEGUIDE_CACHE`, or the system's place for caches."""
    given = os.environ.get("VOICEGUIDE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("voiceguide", appauthor=False) / "clips"
