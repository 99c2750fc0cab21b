"""What every test has: a cache and a home of its own, never the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tries as tries  # which knows the profile `quick`
from tests.script.cases import ALL, lay
from voiceguide.speech.cache import ClipCache


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "voiceguide"  # workers share what is spoken
    root.mkdir(exist_ok=True)
    kept = {name: os.environ.get(name) for name in ("VOICEGUIDE_CACHE", "VOICEGUIDE_HOME", "DBUS_SESSION_BUS_ADDRESS")}
    os.environ["VOICEGUIDE_CACHE"] = str(root / "cache")
    os.environ["VOICEGUIDE_HOME"] = str(root / "home")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = ""  # nothing that is tested shows on anybody's desktop
    yield root
    for name, value in kept.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture
def cache(own_places: Path) -> ClipCache:
    return ClipCache(own_places / "cache")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the scripts of all cases."""
    place = tmp_path_factory.mktemp("desk")
    lay(ALL, place)
    return place
