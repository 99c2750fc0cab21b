"""The wheel, installed in a clean environment, has everything inside."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.need import missing

ROOT = Path(__file__).parent.parent


def test_the_wheel_installed_elsewhere_exports_a_bundled_routine(tmp_path: Path) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "--no-deps",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    built = subprocess.run(pip, capture_output=True, text=True)
    if built.returncode and "onnection" in built.stderr:
        missing("a package index to build the wheel with")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("voiceguide-*.whl")
    clean = tmp_path / "clean"
    venv.create(clean, with_pip=True)
    python = clean / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "install", "-q", wheel], check=True)

    assert (clean / "share" / "man" / "man1" / "voiceguide.1").is_file()

    def run(*arguments: str) -> str:
        apart = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        apart["VOICEGUIDE_CACHE"] = str(tmp_path / "cache")
        command = [str(python), *arguments]
        return subprocess.run(command, cwd=tmp_path, env=apart, capture_output=True, text=True, check=True).stdout

    assert str(clean) in run("-c", "import voiceguide; print(voiceguide.__file__)")
    files = "from importlib.resources import files; print(sum(1 for f in files('voiceguide.web').joinpath('page').iterdir()))"
    assert int(run("-c", files)) == len(list((ROOT / "voiceguide" / "web" / "page").iterdir()))
    run("-m", "voiceguide", "export", "even-breath", "-l", "1m30s", "-e", "espeak", "-o", "breath.wav")
    assert (tmp_path / "breath.wav").stat().st_size == 44 + 90 * 48_000 * 4
