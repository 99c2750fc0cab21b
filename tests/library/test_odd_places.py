"""What may lie in a folder of scripts, and names that a file may have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiceguide.diagnostics import UsageError
from voiceguide.files import read_bytes, whole_file
from voiceguide.library.scripts import all_routines

SCRIPT = "routine: Mine\nid: mine\nlength: 10s..20s..30s\nsteps: [{say: Rest., for: 1s..10s..30s}]\n"
posix = pytest.mark.skipif(os.name != "posix", reason="pipes, links and such names are of POSIX")


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_HOME", str(tmp_path))
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "mine.yaml").write_text(SCRIPT, "utf-8")
    (folder / ".#mine.yaml").symlink_to("somebody@somewhere.1234:5678")
    (folder / "nowhere.yaml").symlink_to("gone.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "device.yaml").symlink_to("/dev/zero")
    with (folder / "large.yaml").open("wb") as file:
        file.truncate(2 << 30)
    (folder / "closed.yaml").write_text(SCRIPT.replace("mine", "closed"), "utf-8")
    (folder / "closed.yaml").chmod(0)
    return folder


@posix
def test_what_is_no_script_is_passed_over_and_nothing_waits_for_a_pipe(odd: Path) -> None:
    own = {path.name for path, _ in all_routines() if path.parent == odd}
    assert own - {"closed.yaml"} == {"mine.yaml"}  # root may read everything


@posix
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.yaml", "the link leads nowhere"),
        ("folder.yaml", "is a folder"),
        ("pipe.yaml", "is no plain file"),
        ("device.yaml", "is no plain file"),
        ("large.yaml", "has 2048 MiB"),
        ("a" * 300 + ".yaml", "File name too long"),
        ("loop.yaml", ""),
    ],
)
def test_what_is_asked_for_by_its_name_is_told(odd: Path, name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_bytes(odd / name)


@pytest.mark.parametrize("name", ["a" * 251 + ".wav", "-rf.wav", "~.wav", " .wav", "足" * 80 + ".wav"])
def test_a_long_or_odd_name_can_be_written_to(name: str, tmp_path: Path) -> None:
    with whole_file(tmp_path / name) as file:
        file.write(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@posix
def test_names_that_are_no_text_are_printed_and_come_whole_in_records(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    raw = b"\xff\x1b[31m\n.yaml"
    (folder / os.fsdecode(raw)).write_text(SCRIPT, "utf-8")
    place = {**os.environ, "VOICEGUIDE_HOME": str(tmp_path)}

    def run(*args: str) -> str:
        command = [sys.executable, "-m", "voiceguide", *args]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=place, timeout=60)
        return done.stdout if "--json" in args else done.stdout + done.stderr

    [mine] = [item for item in json.loads(run("list", "--json")) if item["id"] == "mine"]
    assert os.fsencode(Path(mine["path"]).name) == raw
    told = run("format", "--check", mine["path"])
    assert "\x1b" not in told
    assert "\ufffd␛[31m␊.yaml" in told
