"""`voiceguide format`: which files are written, what is printed, and the exit code."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

UGLY = "routine: 'Test'\nlength: 1m\nsteps:\n- pause: 1m # rest\n"
NICE = "routine: Test\nlength: 1m\nsteps:\n  - pause: 1m # rest\n"
WRONG = "routine: 'Test'\nlength: 1\nsteps:\n- pause: 1m\n"


def run(folder: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Return the exit code of `voiceguide format` with *arguments* in *folder*, and what it printed."""
    command = [sys.executable, "-m", "voiceguide", "format", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        command, cwd=folder, input=given, capture_output=True, timeout=60, check=False, env=environment
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, text in (("ugly.yaml", UGLY), ("nice.yaml", NICE), ("wrong.yaml", WRONG)):
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def texts(desk: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(desk.iterdir())}


def test_files_are_written_and_named_and_others_not_touched(desk: Path) -> None:
    before = (desk / "nice.yaml").stat()
    assert run(desk, "ugly.yaml", "nice.yaml") == (0, "formatted ugly.yaml\n", "")
    after = (desk / "nice.yaml").stat()
    assert (desk / "ugly.yaml").read_bytes() == NICE.encode()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert sorted(texts(desk)) == ["nice.yaml", "ugly.yaml", "wrong.yaml"]
    assert run(desk, "ugly.yaml", "nice.yaml") == (0, "", "2 scripts: nothing to change\n")


def test_a_script_with_errors_stays_as_it_is_and_is_told_why(desk: Path) -> None:
    code, out, err = run(desk, "wrong.yaml", "ugly.yaml")
    assert (code, out) == (1, "formatted ugly.yaml\n")
    assert err.startswith("wrong.yaml:2:9: error[missing-unit]: ")
    assert err.endswith("\n1 error\n")
    assert texts(desk) == {"nice.yaml": NICE.encode(), "ugly.yaml": NICE.encode(), "wrong.yaml": WRONG.encode()}


def test_a_file_that_is_not_utf_8_stays_as_it_is(desk: Path) -> None:
    (desk / "latin.yaml").write_bytes("routine: Füße\n".encode("latin-1"))
    code, out, err = run(desk, "latin.yaml")
    assert (code, out) == (1, "")
    assert err.startswith("latin.yaml:1:11: error[not-utf-8]: ")
    assert (desk / "latin.yaml").read_bytes() == "routine: Füße\n".encode("latin-1")


def test_check_names_what_would_change_and_writes_nothing(desk: Path) -> None:
    before = texts(desk)
    assert run(desk, "--check", "ugly.yaml", "nice.yaml") == (1, "ugly.yaml\n", "")
    assert run(desk, "--check", "nice.yaml") == (0, "", "1 script: nothing to change\n")
    assert run(desk, "--check", "wrong.yaml")[:2] == (1, "")
    assert texts(desk) == before


DIFF = """\
--- ugly.yaml
+++ ugly.yaml
@@ -1,4 +1,4 @@
-routine: 'Test'
+routine: Test
 length: 1m
 steps:
-- pause: 1m # rest
+  - pause: 1m # rest
"""


def test_diff_shows_what_would_change_and_writes_nothing(desk: Path) -> None:
    before = texts(desk)
    assert run(desk, "--diff", "ugly.yaml", "nice.yaml") == (0, DIFF, "")
    assert run(desk, "--diff", "--check", "ugly.yaml") == (1, DIFF, "")
    assert texts(desk) == before


def test_standard_input_comes_out_formatted(desk: Path) -> None:
    assert run(desk, "-", given=UGLY.encode()) == (0, NICE, "")
    assert run(desk, "-", given=NICE.encode()) == (0, NICE, "")
    assert run(desk, "--check", "-", given=UGLY.encode()) == (1, "<stdin>\n", "")
    assert run(desk, "--diff", "-", given=UGLY.encode()) == (0, DIFF.replace("ugly.yaml", "<stdin>"), "")


def test_wrong_standard_input_gives_nothing_but_its_problems(desk: Path) -> None:
    code, out, err = run(desk, "-", given=WRONG.encode())
    assert (code, out) == (1, "")
    assert err.startswith("<stdin>:2:9: error[missing-unit]: ")


@pytest.mark.parametrize(
    "raw",
    [NICE.replace("\n", "\r\n").encode(), "\ufeff".encode() + NICE.encode(), NICE.encode()[:-1], NICE.encode() + b"\n"],
    ids=["line ends of Windows", "a byte order mark", "no line end at the end", "two line ends at the end"],
)
def test_bytes_that_are_not_seen_are_put_right(desk: Path, raw: bytes) -> None:
    (desk / "ugly.yaml").write_bytes(raw)
    code, out, _ = run(desk, "--diff", "--check", "ugly.yaml")
    assert code == 1
    assert out.startswith("--- ugly.yaml\n+++ ugly.yaml\n@@ ")
    assert run(desk, "ugly.yaml") == (0, "formatted ugly.yaml\n", "")
    assert (desk / "ugly.yaml").read_bytes() == NICE.encode()


@pytest.mark.skipif(os.name != "posix", reason="permissions and links as POSIX has them")
def test_permissions_stay_and_a_link_stays_a_link(desk: Path) -> None:
    (desk / "ugly.yaml").chmod(0o604)
    (desk / "link.yaml").symlink_to("ugly.yaml")
    assert run(desk, "link.yaml") == (0, "formatted link.yaml\n", "")
    assert (desk / "link.yaml").is_symlink()
    assert (desk / "ugly.yaml").read_bytes() == NICE.encode()
    assert stat.S_IMODE((desk / "ugly.yaml").stat().st_mode) == 0o604


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is write-protected for root")
def test_a_write_protected_file_is_not_replaced(desk: Path) -> None:
    (desk / "ugly.yaml").chmod(0o444)
    code, _, err = run(desk, "ugly.yaml")
    assert (code, err.split("\n")[0]) == (3, "voiceguide: cannot write ugly.yaml: it is write-protected")
    assert (desk / "ugly.yaml").read_bytes() == UGLY.encode()


def test_nothing_is_written_if_one_of_the_files_cannot_be_opened(desk: Path) -> None:
    code, out, err = run(desk, "ugly.yaml", "nowhere.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("voiceguide: there is no file nowhere.yaml\n")
    assert (desk / "ugly.yaml").read_bytes() == UGLY.encode()


def test_standard_input_beside_files_is_wrong_use(desk: Path) -> None:
    code, out, err = run(desk, "-", "ugly.yaml", given=UGLY.encode())
    assert (code, out) == (2, "")
    assert err.startswith("voiceguide: standard input cannot be mixed with files\n")
    assert run(desk)[0] == 2
