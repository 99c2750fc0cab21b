"""Systems that have less: no terminals of POSIX, no fork, no nameless files, few signals. And names that some refuse."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.files import as_typed, is_device, target_file
from voiceguide.speech import espeak_server
from voiceguide.speech.espeak import APART, data_folder

LESS = """
import os, pkgutil, signal, subprocess, sys
subprocess.Popen.kill = subprocess.Popen.terminate  # as on Windows
for name in ("termios", "tty", "pty", "fcntl", "resource", "pwd", "grp", "readline", "curses", "syslog"):
    sys.modules[name] = None
for name in dir(os):
    if name.startswith("sched_") or name in (
        "fork forkpty O_TMPFILE O_CLOEXEC O_NONBLOCK O_NOCTTY O_SYNC getpgrp tcgetpgrp killpg setsid getgid getegid "
        "fchmod fchown chown mkfifo mknod nice getloadavg openpty ttyname wait3 wait4 statvfs fpathconf "
        "pathconf register_at_fork getgroups initgroups pread pwrite sendfile sysconf posix_spawn lockf"
    ).split():
        delattr(os, name)
os.supports_fd = os.supports_fd - {getattr(os, "chmod")}
for name in [name for name in dir(signal) if name.startswith("SIG") and name.isalnum()]:
    if name not in "SIGABRT SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN".split():
        delattr(signal, name)
import voiceguide
for module in pkgutil.walk_packages(voiceguide.__path__, "voiceguide."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
from voiceguide.cli.app import run
sys.argv[0] = "voiceguide"
run()
"""
"""Takes away what there is on Linux only, or not on Windows, imports every module, and runs a command."""


def less(*words: str, code: str = LESS, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", stdin=stdin, timeout=100)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("check scripts/quick-reset.yaml", "1 script: no problems"),
        ("plan quick-reset --engine tone", "possible: "),
        ("plan quick-reset --engine espeak --picture", "espeak en-us"),
        ("export quick-reset --engine tone -o OUT.wav", "OUT.wav: "),
        ("export quick-reset --engine espeak -o OUT.wav", "spoken by espeak"),
        ("transcript quick-reset --engine tone -o OUT.txt", "OUT.txt"),
        ("new OUT.yaml --yes", "voiceguide check OUT.yaml"),
        ("doctor", "espeak"),
        ("voices", "espeak"),
        ("play quick-reset --engine tone --output none-such", "there is no output"),
    ],
)
def test_every_command_works_where_there_is_less(
    command: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    done = less(*command.replace("OUT", str(tmp_path / "out")).split())
    assert "Traceback" not in done.stderr
    assert says.replace("OUT", str(tmp_path / "out")) in done.stdout + done.stderr
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("modules", "keys"), [(LESS, "False"), ("run()", "True")])
def test_a_terminal_has_keys_only_with_the_module_for_it(modules: str, keys: str) -> None:
    code = modules.replace("run()", "from voiceguide.play.keys import has_keys, open_keys; print(has_keys())")
    person, inside = os.openpty()
    try:
        done = less(code=code, stdin=inside)
    finally:
        os.close(person)
        os.close(inside)
    assert (done.stdout, done.stderr) == (f"{keys}\n", "")


def test_espeak_says_the_same_without_fork() -> None:
    espeakng_loader = pytest.importorskip("espeakng_loader")
    text, voice = b"Stroke slowly to the heel.", b"gmw/en-US"
    request = espeak_server.REQUEST.pack(len(voice), len(text), 140) + voice + text
    said = []
    for before in ("", "import os; del os.fork; "):
        code = f"{before}import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
        command = [sys.executable, "-I", "-c", code, espeak_server.__file__, espeakng_loader.get_library_path()]
        done = subprocess.run([*command, str(data_folder())], input=request, capture_output=True, timeout=60, **APART)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert len(said[0]) > 10_000
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ["con", "NUL.wav", "aux.yaml", "COM1.wav", "lpt9", "prn.a.b"])
def test_names_of_devices_are_no_names_of_files_on_windows(name: str) -> None:
    assert is_device(name, windows=True)
    assert not is_device(name, windows=False)
    assert not is_device(f"x{name}", windows=True)


def test_what_is_to_be_typed_is_quoted_for_the_shell() -> None:
    assert as_typed("my song's.wav") == """'my song'"'"'s.wav'"""


def test_the_script_itself_is_no_target(tmp_path: Path) -> None:
    script, link = tmp_path / "mine.txt", tmp_path / "link.txt"
    script.write_text("routine: Mine", "utf-8")
    os.link(script, link)
    for target in (script, link, tmp_path / "." / "mine.txt"):
        with pytest.raises(UsageError, match="is the script itself"):
            target_file(target, (".txt",), str(script))
    assert target_file(tmp_path / "other.txt", (".txt",), str(script)) == tmp_path / "other.txt"


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_spoken() -> None:
    with pytest.raises(VoiceguideError, match=r"cannot write /proc/x\.wav: "):
        target_file("/proc/x.wav")
