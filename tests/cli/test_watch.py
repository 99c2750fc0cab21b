"""`watch` as an author uses it: saves are answered, broken scripts are told, and it ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.play.sinks import SCRIPT, until

BLOCKS = """
routine: Blocks
length: 10s
blocks:
  calm:
    - {name: calm, say: Be calm., for: 2s..4s..9s}
steps: [{pause: 10s}]
"""
USING = """
routine: Using
length: 5s..10s..1m
steps:
  - {use: "blocks#calm"}
  - {name: rest, say: Rest., for: 2s..6s..50s}
"""


@dataclass
class Watching:
    """A running `watch`, all that it has said, and how much of that somebody has waited for."""

    process: subprocess.Popen[bytes]
    said: bytearray = field(default_factory=bytearray)
    taken: int = 0

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while piece := os.read(self.process.stdout.fileno(), 1 << 16):
            self.said += piece

    @property
    def rest(self) -> str:
        """What nobody has waited for."""
        return bytes(self.said)[self.taken :].decode(errors="replace")

    def answer(self, end: str = "planned in ") -> str:
        """Return what was said up to the line that begins with *end*."""
        line = re.compile(rf"^{re.escape(end)}.*\n", re.MULTILINE)
        until(lambda: bool(line.search(self.rest)), f"{end!r} (but: {self.rest[-600:]})")
        rest = self.rest
        found = line.search(rest)
        assert found is not None
        text = rest[: found.end()]
        self.taken += len(text.encode())
        return text

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.reader.join()
        return code


@contextmanager
def watching(path: Path, *options: str, **environment: str) -> Iterator[Watching]:
    command = [sys.executable, "-m", "voiceguide", "watch", str(path), "--engine", "tone", *options]
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    with process:
        try:
            yield Watching(process)
        finally:
            process.kill()


def save(path: Path, text: str) -> None:
    """Save as most editors do: beside it, and then renamed."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "short.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_a_save_is_answered_with_what_has_changed_and_ctrl_c_ends_it(script: Path) -> None:
    with watching(script) as run:
        first = run.answer()
        assert first.startswith(f"watching {script}; Ctrl-C ends it\n")
        assert "A short one, 0:09.0, tone\n" in first
        assert "Knead" in first
        save(script, SCRIPT.replace("Four five six seven.", "Four five six.").replace("2s..9s", "2s..8s"))
        answer = run.answer()
        assert "\n0:08.0 (was 0:09.0), 3 steps\n" in answer
        assert "  Knead: 0:03.0 -> 0:02.6, other words\n  2 other steps of another length: -0.3 s\n" in answer
        script.write_text(f"# only a remark\n{script.read_text()}", encoding="utf-8")  # in place
        assert "\n0:08.0, 3 steps, nothing changed\n" in run.answer()
        assert run.interrupt() == 130
        assert run.rest == ""


def test_a_broken_script_is_told_and_the_last_good_plan_stands_until_it_is_mended(script: Path) -> None:
    with watching(script) as run:
        run.answer()
        save(script, SCRIPT.replace("say: Eight", "sya: Eight"))
        answer = run.answer("checked in ")
        assert f"{script}:7:18: error[unknown-key]: expected a key of a step, found `sya`" in answer
        assert "did you mean `say`?" in answer
        assert answer.endswith("; the plan of 0:09.0 stands\n")
        save(script, SCRIPT.replace("2s..9s..1m", "2s..20s..1m"))
        answer = run.answer("checked in ")
        assert (
            "0:20 is not possible: longest 0:12: every silence at its longest\n  the nearest length is 0:12" in answer
        )
        save(script, SCRIPT.replace("Eight nine.", "Eight."))
        answer = run.answer()
        assert "\n0:09.0, 3 steps\n  Rest: 0:03.0, other words\nplanned in " in answer
        assert run.interrupt() == 130


def test_it_may_begin_with_a_broken_script(script: Path) -> None:
    script.write_text("routine: [", encoding="utf-8")
    with watching(script) as run:
        assert "stands" not in run.answer("checked in ")
        save(script, SCRIPT)
        assert "A short one, 0:09.0, tone\n" in run.answer()


def test_saving_a_script_that_blocks_are_taken_from_counts_and_another_one_does_not(tmp_path: Path) -> None:
    using, blocks, other = (tmp_path / f"{name}.yaml" for name in ("using", "blocks", "other"))
    using.write_text(USING, encoding="utf-8")
    blocks.write_text(BLOCKS, encoding="utf-8")
    with watching(using) as run:
        run.answer()
        save(other, SCRIPT)
        save(tmp_path / "notes.txt", "nothing to do with it")
        save(blocks, BLOCKS.replace("Be calm.", "Be very calm."))
        answer = run.answer()
        assert answer.count("planned in") == 1
        assert "  Calm: 0:04.0, other words\n" in answer
        save(blocks, BLOCKS.replace("calm:", "clam:", 1))
        assert "error[unknown-block]" in run.answer("checked in ")
        save(blocks, BLOCKS)
        assert "  Calm: 0:04.0, other words\n" in run.answer()


def test_where_the_system_tells_nothing_files_are_looked_at(script: Path) -> None:
    # watchfiles then compares whole seconds, so it never notices these saves
    with watching(script, WATCHFILES_FORCE_POLLING="1") as run:
        run.answer()
        second = int(script.stat().st_mtime) * 10**9
        for number, words in enumerate(("Eight.", "Nine.", "Nine."), start=1):
            beside = script.with_suffix(".new")
            beside.write_text(SCRIPT.replace("Eight nine.", words), encoding="utf-8")
            os.utime(beside, ns=(second, second + number))
            beside.replace(script)
            assert ("  Rest: 0:03.0, other words\n" if number < 3 else ", nothing changed\n") in run.answer()
        assert run.interrupt() == 130


def test_a_script_behind_a_link_is_watched_where_it_is(tmp_path: Path, script: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.yaml"
    link.symlink_to(script)
    with watching(link) as run:
        run.answer()
        save(script, SCRIPT.replace("Eight nine.", "Eight."))
        assert "  Rest: 0:03.0, other words\n" in run.answer()


def test_what_is_waited_for_is_told(script: Path, tmp_path: Path) -> None:
    with watching(script, "--engine", "espeak", VOICEGUIDE_CACHE=str(tmp_path / "cache")) as run:
        assert "speaking, 3 to do ...\n" in run.answer()
        save(script, SCRIPT.replace("Eight nine.", "Eight."))
        assert "speaking ...\n" in run.answer()


def test_without_a_device_it_says_once_that_nothing_is_played_if_that_was_wished(script: Path) -> None:
    none = {"PULSE_SERVER": "none", "PULSE_RUNTIME_PATH": "/nowhere", "XDG_RUNTIME_DIR": "/nowhere"}
    with watching(script, "--play", **none) as run:
        run.answer()
        run.answer("not played here: there is no sound device to play on")
        save(script, SCRIPT.replace("Eight nine.", "Eight."))
        run.answer()
        assert run.interrupt() == 130
        assert run.rest == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.yaml"], "there is no file none.yaml"),
        (["whole-fot"], "there is no routine 'whole-fot'"),
        (["whole-foot", "--engine", "siri"], "there is no engine 'siri'"),
    ],
)
def test_what_no_save_could_mend_ends_it_at_once(arguments: list[str], message: str) -> None:
    from tests.cli.test_commands import run

    done = run("watch", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"voiceguide: {message}")


def test_a_folder_that_cannot_be_watched_is_looked_at_all_the_same(tmp_path: Path) -> None:
    from voiceguide.cli.watch import saved_files

    script = tmp_path / "late" / "short.yaml"
    heard = saved_files(script)
    assert next(heard) == frozenset()
    script.parent.mkdir()
    script.write_text(SCRIPT, encoding="utf-8")
    assert next(names for names in heard if names) == {"short.yaml"}
