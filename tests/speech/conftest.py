"""Every engine, once a session (a model takes a second to load), or the reason why it is left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from voiceguide.speech.engine import Engine
from voiceguide.speech.espeak import EspeakEngine
from voiceguide.speech.kokoro import KokoroEngine
from voiceguide.speech.piper import PiperEngine
from voiceguide.speech.system import SystemEngine
from voiceguide.speech.tone import ToneEngine

ENGINES = (ToneEngine, EspeakEngine, SystemEngine, PiperEngine, KokoroEngine)


@pytest.fixture(scope="session", autouse=True)
def voice_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the listener's own voices out of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOICEGUIDE_VOICES", str(tmp_path_factory.mktemp("voices")))
        yield


@pytest.fixture(scope="session")
def require() -> Callable[[Engine], None]:
    """Skip the test if an engine is not ready here, or fail it where every engine has to be (as in CI)."""

    def check(engine: Engine) -> None:
        status = engine.status()
        if status.state != "ready":
            leave = pytest.fail if os.environ.get("VOICEGUIDE_REQUIRE_ALL") else pytest.skip
            leave(f"{engine.name} is not ready: {status.state} ({status.hint})")

    return check


@pytest.fixture(scope="session", params=ENGINES, ids=lambda kind: str(kind.name))
def engine(request: pytest.FixtureRequest, require: Callable[[Engine], None]) -> Iterator[Engine]:
    """Give each engine in turn."""
    engine: Engine = request.param()
    require(engine)
    yield engine
    engine.close()
