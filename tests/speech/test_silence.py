"""Nothing is sent anywhere: what a whole export asks the network for, and which files it leaves behind."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.need import program
from tests.speech.conftest import ENGINES
from tests.test_floors import FILES, imports
from voiceguide.plugins import SILENT
from voiceguide.speech.engine import Engine
from voiceguide.speech.onnx import GUARDED

SCRIPT = """
routine: Short
length: 10s..20s..40s
steps:
  - {name: a, say: Left foot., for: 10s..20s..40s}
"""
LOCAL = ("socketpair", "sendfile")
"""What strace counts among the network though it stays here: a pair of ends, and the copying of a file."""
_CALL = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)$", re.MULTILINE)


def test_only_one_module_imports_what_could_report() -> None:
    found = {path.name for path in FILES if {m.split(".")[0] for m in imports(path.read_text("utf-8"))} & {*GUARDED}}
    assert found == set()  # and that one does it by name
    named = {
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func) and path.parent.name == "speech"
    }
    assert named == {"onnx.py"}


@pytest.mark.parametrize(
    "code",
    [
        "from voiceguide.speech.onnx import imported; imported('onnxruntime')",
        "from voiceguide.speech.engine import installed; installed()",
        "import voiceguide; voiceguide.engines()",
        "from voiceguide.play.output import installed_outputs; installed_outputs()",
    ],
)
def test_silence_is_asked_for_before_anything_is_loaded_that_could_report(code: str) -> None:
    pytest.importorskip("onnxruntime")
    program = f"import os; os.environ.pop({next(iter(SILENT))!r}, 0)\n{code}\nprint(os.environ[{next(iter(SILENT))!r}])"
    environment = {**os.environ, **dict.fromkeys(SILENT, "0")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "1\n"


def test_importing_voiceguide_leaves_the_environment_alone() -> None:
    code = (
        "import os; before = dict(os.environ); import voiceguide, voiceguide.plugins; print(before == dict(os.environ))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def exported(place: Path, engine: str, *before: str) -> None:
    """Export a session spoken by *engine*, with all that a listener has below *place*, under the program *before*."""
    (place / "home").mkdir()
    (place / "short.yaml").write_text(SCRIPT, "utf-8")
    own = {f"VOICEGUIDE_{what}": str(place / "own" / what) for what in ("CACHE", "HOME", "VOICES")}
    places = {f"XDG_{what}_HOME": str(place / "home" / what) for what in ("CACHE", "CONFIG", "DATA", "STATE")}
    kept = {name: value for name, value in os.environ.items() if name not in SILENT}
    command = [*before, sys.executable, "-m", "voiceguide", "export", str(place / "short.yaml"), "-e", engine]
    subprocess.run(
        [*command, "-o", str(place / "short.wav")],
        check=True,
        capture_output=True,
        env={**kept, **own, **places, "HOME": str(place / "home")},
    )
    assert (place / "short.wav").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: str(kind.name))
def test_an_export_leaves_no_files_but_its_own(
    kind: type[Engine], tmp_path: Path, require: Callable[[Engine], None]
) -> None:
    require(kind())
    exported(tmp_path, kind.name)
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: str(kind.name))
def test_an_export_asks_no_network_and_writes_nothing_elsewhere(
    kind: type[Engine], tmp_path: Path, require: Callable[[Engine], None]
) -> None:
    require(kind())
    strace = program("strace")
    trace = tmp_path / "trace"
    exported(
        tmp_path, kind.name, strace, "-f", "-qq", "-e", "trace=%network,openat,creat,mkdir,rename", "-o", str(trace)
    )
    calls = [(call["call"], call["arguments"]) for call in _CALL.finditer(trace.read_text("utf-8", "replace"))]
    assert len(calls) > 500
    files = ("openat", "creat", "mkdir", "rename")
    assert [call for call in calls if call[0] not in (*files, *LOCAL)] == []
    written = [words for name, words in calls if name in files and (name != "openat" or _WRITES.search(words))]
    allowed = (str(tmp_path), "/dev/", "/proc/self/", "/tmp/tmp")
    own = [words for words in written if any(f'"{place}' in words for place in allowed)]
    assert [words for words in written if words not in own and not _gone(words)] == []


_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")


def _gone(words: str) -> bool:
    """Tell whether a call failed, or was about a file of the system's temporary folder that is there no more."""
    path = re.search(r'"([^"]*)"', words)
    return " = -1 " in words or bool(path and path[1].startswith("/tmp/") and not Path(path[1]).exists())
