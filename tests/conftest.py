"""What every test has: a cache and a home of its own, never the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import tries as tries  # which knows the profile `quick`
from tests.script.cases import ALL, lay
from voiceguide.speech.cache import ClipCache

if TYPE_CHECKING:
    from voiceguide import Session


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


@pytest.fixture
def short(tmp_path: Path, cache: ClipCache) -> Session:
    """Return a session of 9 seconds, spoken."""
    from tests.play.sinks import session

    return session(tmp_path, cache)


@pytest.fixture
def sounding(tmp_path: Path, cache: ClipCache) -> Session:
    """Return a session of a minute, spoken, that sounds at every moment."""
    from tests.play.sinks import SOUNDING, session

    return session(tmp_path, cache, SOUNDING)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of the sockets, in a runtime folder of its own."""
    from tests.play.nearby import runtime

    with runtime(monkeypatch) as folder:
        yield folder
